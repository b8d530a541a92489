//! The log of a history: every step in its order. A question about it reads the whole log again.

use {
    super::{
        picture::Picture,
        step::{Cast, SET, Step},
    },
    num_bigint::BigUint,
    sluice_client::RewardTerms,
};

/// A step that came to pass: when, and what it moved. Its place in the log tells what came before it.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub at: i64,
    pub step: Step,
    pub moved: u64,
}

pub struct Log {
    pub cast: Cast,
    pub entries: Vec<Entry>,
}

impl Log {
    pub fn new(cast: &Cast) -> Self {
        Self {
            cast: cast.clone(),
            entries: Vec::new(),
        }
    }

    pub fn terms(&self, pool: usize) -> &RewardTerms {
        &self.cast.pools[pool].0
    }

    /// Notes a step if it can be; returns what it moved.
    pub fn apply(&mut self, at: i64, step: Step) -> Option<u64> {
        let moved = self.judge(at, step)?;
        self.entries.push(Entry { at, step, moved });
        Some(moved)
    }

    fn judge(&self, at: i64, step: Step) -> Option<u64> {
        let done = |pool| self.last(|step| step == Step::ClosePool { pool }).is_some();
        let small = |big: BigUint| u64::try_from(big).expect("no more than was funded");
        if step.pool().is_some_and(done) {
            return None;
        }
        match step {
            Step::Fund { pool, amount } => (at < self.terms(pool).end_at).then_some(amount),
            Step::Credit { units, .. } => Some(units),
            Step::Announce { bps, .. } => Some(u64::from(bps)),
            Step::Stake { active, .. } => Some(active),
            Step::Register { .. } => Some(0),
            Step::Join { pool, node } => {
                let early = at < self.terms(pool).start_at;
                let open = early || self.working(pool, at).is_some();
                let joins = self.joined(pool, node).is_none() && self.set(node) == SET;
                (open && joins).then_some(0)
            }
            Step::Report { pool, node } => self.report(at, pool, node),
            Step::Claim { pool, node } => {
                let share = Picture::of(self, pool, at).shares.remove(&node)?;
                Some(small(share.payee - share.claimed)).filter(|due| *due > 0)
            }
            Step::PayDelegators { pool, node } => {
                let share = Picture::of(self, pool, at).shares.remove(&node)?;
                Some(small(share.delegators - share.delegators_claimed)).filter(|due| *due > 0)
            }
            Step::Fold { pool, node, epoch } => {
                let since = self.joined(pool, node)?;
                let worked = self.units(pool, node, epoch, since)?;
                let over = at >= self.starts(pool, epoch + 2);
                (over && !self.folded(pool, node, epoch, since)).then_some(())?;
                Some(small(Picture::part(self, pool, epoch, &worked)))
            }
            Step::CloseEpoch { pool, epoch } => {
                let picture = Picture::of(self, pool, at);
                let open = picture.open.get(&epoch)?;
                (open.unfolded == 0).then(|| small(open.wholes.clone()))
            }
            Step::Return { pool } => {
                let rest = small(Picture::of(self, pool, at).unallocated);
                (self.ended(pool, at) && rest > 0).then_some(rest)
            }
            Step::CloseShare {
                pool,
                node,
                by_payee,
            } => {
                let picture = Picture::of(self, pool, at);
                let share = picture.shares.get(&node)?;
                let paid =
                    share.payee == share.claimed && share.delegators == share.delegators_claimed;
                let settled = paid && share.unfolded == 0;
                (settled && (by_payee || self.ended(pool, at))).then_some(0)
            }
            Step::ClosePool { pool } => {
                let picture = Picture::of(self, pool, at);
                let idle = picture.shares.is_empty() && picture.open.is_empty();
                (self.ended(pool, at) && idle).then(|| small(picture.unallocated))
            }
        }
    }

    fn report(&self, at: i64, pool: usize, node: usize) -> Option<u64> {
        let since = self.joined(pool, node)?;
        if at < self.terms(pool).start_at {
            return (self.set(node) == SET).then_some(0);
        }
        let epoch = self.working(pool, at)?;
        (self.set(node) == SET).then_some(())?;
        let registered = self.registered(node);
        // The last joining or report before the start made all that the node had done by then history, if it is still registered so.
        let early = self.entries.iter().rposition(|entry| {
            let set =
                [Step::Join { pool, node }, Step::Report { pool, node }].contains(&entry.step);
            set && entry.at < self.terms(pool).start_at
        });
        let early = early.filter(|place| *place >= since && registered < Some(*place));
        let baseline = match early {
            Some(early) => early,
            None => match self.late_baseline(pool, node, since) {
                Ok(baseline) => baseline,
                Err(told) => return told.is_none_or(|then| then < epoch).then_some(0),
            },
        };
        let credited = |upto: usize| -> BigUint {
            let all = self.entries[registered.unwrap_or(0)..upto].iter();
            let of = all.filter_map(|entry| match entry.step {
                Step::Credit { node: whose, units } if whose == node => Some(BigUint::from(units)),
                _ => None,
            });
            of.sum::<BigUint>().min(BigUint::from(u64::MAX))
        };
        let reports = self.entries[baseline..].iter();
        let reports = reports.filter(|entry| entry.step == Step::Report { pool, node });
        let told: BigUint = reports.map(|entry| BigUint::from(entry.moved)).sum();
        let new = credited(self.entries.len()) - credited(baseline) - told;
        let counted = self.units(pool, node, epoch, since).unwrap_or_default();
        let units = new.min(BigUint::from(self.terms(pool).node_cap) - &counted);
        // The slot of the epoch before last must be free again.
        let busy = epoch >= 2
            && (0..epoch).rev().skip(1).step_by(2).any(|old| {
                self.units(pool, node, old, since).is_some() && !self.folded(pool, node, old, since)
            });
        let total = Picture::total(self, pool, epoch);
        let dry = total == BigUint::ZERO
            && Picture::of(self, pool, at).unallocated < BigUint::from(self.terms(pool).rate);
        let fits = total + &units <= BigUint::from(u64::MAX);
        let allowed = units > BigUint::ZERO && !busy && !dry && fits;
        allowed.then(|| u64::try_from(units).expect("at most the cap"))
    }

    /// Where the baseline of a share was set that joined, or joined again, from the start on; or else the epoch after which its
    /// next report sets it, or nothing where that report only notices another registration.
    fn late_baseline(&self, pool: usize, node: usize, since: usize) -> Result<usize, Option<u64>> {
        let zero = self.entries[since..]
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.step == Step::Report { pool, node } && entry.moved == 0);
        let zeros: Vec<usize> = zero.map(|(place, _)| since + place).collect();
        // Reports that moved nothing: each registration after the joining takes one to be noticed and one for its baseline.
        let registered = self.registered(node).filter(|place| *place > since);
        let noticed = match registered {
            Some(place) => *zeros.iter().find(|zero| **zero > place).ok_or(None)?,
            None => since,
        };
        let baseline = zeros.iter().find(|zero| **zero > noticed);
        baseline
            .copied()
            .ok_or_else(|| self.epoch(pool, self.entries[noticed].at))
    }

    /// The place of the last entry that is so.
    fn last(&self, is: impl Fn(Step) -> bool) -> Option<usize> {
        self.entries.iter().rposition(|entry| is(entry.step))
    }

    /// Where in the log a node joined, if its share is still there.
    pub fn joined(&self, pool: usize, node: usize) -> Option<usize> {
        let join = self.last(|step| step == Step::Join { pool, node })?;
        let left = self.last(|step| {
            matches!(step, Step::CloseShare { pool: p, node: n, .. } if (p, n) == (pool, node))
        });
        Some(join).filter(|join| left < Some(*join))
    }

    fn registered(&self, node: usize) -> Option<usize> {
        self.last(|step| matches!(step, Step::Register { node: whose, .. } if whose == node))
    }

    fn set(&self, node: usize) -> u8 {
        self.registered(node)
            .map_or(SET, |place| match self.entries[place].step {
                Step::Register { set, .. } => set,
                _ => unreachable!("it was a registration"),
            })
    }

    /// What a node reported in `epoch` since `since`; nothing if it did not.
    fn units(&self, pool: usize, node: usize, epoch: u64, since: usize) -> Option<BigUint> {
        let window = self.starts(pool, epoch)..self.starts(pool, epoch + 1);
        let reports = self.entries[since..].iter().filter(|entry| {
            entry.step == Step::Report { pool, node } && window.contains(&entry.at)
        });
        let units: BigUint = reports.map(|entry| BigUint::from(entry.moved)).sum();
        Some(units).filter(|units| *units > BigUint::ZERO)
    }

    fn folded(&self, pool: usize, node: usize, epoch: u64, since: usize) -> bool {
        let fold = Step::Fold { pool, node, epoch };
        self.entries[since..].iter().any(|entry| entry.step == fold)
    }

    pub fn starts(&self, pool: usize, epoch: u64) -> i64 {
        self.terms(pool).start_at + epoch as i64 * i64::from(self.terms(pool).epoch_secs)
    }

    /// The epoch of a second, before the pool's start none.
    pub fn epoch(&self, pool: usize, at: i64) -> Option<u64> {
        let since = u64::try_from(at - self.terms(pool).start_at).ok()?;
        Some(since / u64::from(self.terms(pool).epoch_secs))
    }

    /// The epoch of a second, if it counts work.
    fn working(&self, pool: usize, at: i64) -> Option<u64> {
        self.epoch(pool, at)
            .filter(|epoch| self.starts(pool, *epoch) < self.terms(pool).end_at)
    }

    fn ended(&self, pool: usize, at: i64) -> bool {
        self.epoch(pool, at).is_some() && self.working(pool, at).is_none()
    }
}
