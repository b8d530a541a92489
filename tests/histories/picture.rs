//! The state of pools and shares, computed from a whole log in numbers that cannot overflow.
//!
//! Every formula has another shape than the program's: a part is the lesser of two quotients, a stream is what has not come yet
//! taken off, delegators get what the commission, rounded up, leaves; folds do not count at all.

use {
    super::{log::Log, step::Step},
    num_bigint::BigUint,
    std::collections::BTreeMap,
};

/// A share of a node that is there now.
#[derive(Default)]
pub struct Earned {
    pub payee: BigUint,
    pub claimed: BigUint,
    pub delegators: BigUint,
    pub delegators_claimed: BigUint,
    /// Epochs with work that nobody folded.
    pub unfolded: usize,
}

/// An epoch that is there now: what it pays in the end, what of it has streamed, and whose folds it waits for.
#[derive(Default)]
pub struct Open {
    pub wholes: BigUint,
    streamed: BigUint,
    pub unfolded: usize,
}

/// One pool at one second.
pub struct Picture {
    pub unallocated: BigUint,
    pub reserved: BigUint,
    pub claimed: BigUint,
    pub returned: BigUint,
    pub shares: BTreeMap<usize, Earned>,
    pub open: BTreeMap<u64, Open>,
}

/// A share's work in an epoch: where its share joined, its units, where in the log the first of them stand.
struct Work {
    node: usize,
    since: usize,
    units: BigUint,
    first: usize,
    folded: bool,
}

/// What the log says of who is there: where in it every present share joined, and the commissions.
#[derive(Default)]
struct Facts {
    since: BTreeMap<usize, usize>,
    said: Vec<Announced>,
}

/// A commission that a provider announced, and from when on it is in force.
struct Announced {
    place: usize,
    provider: usize,
    from: i64,
    bps: u16,
}

/// The commission of a provider in force at `at`, as far as the first `upto` entries of the log tell: the last one announced whose
/// day came before another was announced.
fn commission(said: &[Announced], provider: usize, at: i64, upto: usize, notice: i64) -> u16 {
    let mut overtaken_from = i64::MAX;
    for one in said.iter().rev() {
        if one.provider == provider && one.place < upto {
            if one.from <= at && one.from <= overtaken_from {
                return one.bps;
            }
            overtaken_from = one.from - notice;
        }
    }
    10_000
}

/// A quotient rounded up.
fn up(over: BigUint, under: u64) -> BigUint {
    (over + (under - 1)) / under
}

impl Picture {
    /// The units of an epoch.
    pub fn total(log: &Log, pool: usize, epoch: u64) -> BigUint {
        let window = log.starts(pool, epoch)..log.starts(pool, epoch + 1);
        let of = log.entries.iter().filter(|entry| {
            matches!(entry.step, Step::Report { pool: which, .. } if which == pool)
                && window.contains(&entry.at)
        });
        of.map(|entry| BigUint::from(entry.moved)).sum()
    }

    /// What `units` earn of an epoch over its whole stream.
    pub fn part(log: &Log, pool: usize, epoch: u64, units: &BigUint) -> BigUint {
        Self::part_of(log, pool, units, &Self::total(log, pool, epoch))
    }

    fn part_of(log: &Log, pool: usize, units: &BigUint, total: &BigUint) -> BigUint {
        let terms = log.terms(pool);
        (units * terms.rate / total).min(units * terms.ceiling)
    }

    pub fn of(log: &Log, pool: usize, at: i64) -> Self {
        let mut deposits = BigUint::ZERO;
        let mut picture = Self {
            unallocated: BigUint::ZERO,
            reserved: BigUint::ZERO,
            claimed: BigUint::ZERO,
            returned: BigUint::ZERO,
            shares: BTreeMap::new(),
            open: BTreeMap::new(),
        };
        let mut work: BTreeMap<u64, Vec<Work>> = BTreeMap::new();
        let mut closed = Vec::new();
        let Facts {
            mut since,
            mut said,
        } = Facts::default();
        for (place, entry) in log.entries.iter().enumerate() {
            let moved = || BigUint::from(entry.moved);
            match entry.step {
                Step::Announce { provider, bps } => said.push(Announced {
                    place,
                    provider,
                    from: entry.at + log.cast.notice,
                    bps,
                }),
                step if step.pool() != Some(pool) => {}
                Step::Fund { .. } => deposits += entry.moved,
                Step::Join { node, .. } => {
                    since.insert(node, place);
                    picture.shares.insert(node, Earned::default());
                }
                Step::Report { node, .. } if entry.moved > 0 => {
                    let epoch = log.epoch(pool, entry.at).expect("the pool had begun");
                    let all = work.entry(epoch).or_default();
                    match all.iter_mut().find(|work| work.node == node) {
                        Some(work) => work.units += entry.moved,
                        None => all.push(Work {
                            node,
                            since: since[&node],
                            units: moved(),
                            first: place,
                            folded: false,
                        }),
                    }
                }
                Step::Claim { node, .. } => {
                    picture.claimed += entry.moved;
                    picture.shares.get_mut(&node).unwrap().claimed += entry.moved;
                }
                Step::PayDelegators { node, .. } => {
                    picture.claimed += entry.moved;
                    picture.shares.get_mut(&node).unwrap().delegators_claimed += entry.moved;
                }
                Step::Fold { node, epoch, .. } => {
                    let all = work.get_mut(&epoch).expect("work was folded");
                    all.iter_mut()
                        .find(|work| work.node == node)
                        .unwrap()
                        .folded = true;
                }
                Step::CloseEpoch { epoch, .. } => closed.push(epoch),
                Step::Return { .. } | Step::ClosePool { .. } => picture.returned += entry.moved,
                Step::CloseShare { node, .. } => {
                    picture.shares.remove(&node);
                    since.remove(&node);
                }
                _ => {}
            }
        }
        let mut gone = picture.returned.clone();
        let facts = Facts { since, said };
        for (epoch, works) in &work {
            let open = picture.stream(log, pool, at, *epoch, works, &facts);
            if closed.contains(epoch) {
                gone += open.wholes;
            } else {
                gone += log.terms(pool).rate;
                picture.reserved += BigUint::from(log.terms(pool).rate) - &open.streamed;
                picture.open.insert(*epoch, open);
            }
        }
        picture.unallocated = deposits - gone;
        picture
    }

    /// Adds what an epoch has paid by `at` to its shares.
    fn stream(
        &mut self,
        log: &Log,
        pool: usize,
        at: i64,
        epoch: u64,
        works: &[Work],
        facts: &Facts,
    ) -> Open {
        let (rate, ceiling) = (log.terms(pool).rate, log.terms(pool).ceiling);
        let secs = u64::from(log.terms(pool).epoch_secs);
        let left = log.starts(pool, epoch + 2).saturating_sub(at).max(0) as u64;
        let total: BigUint = works.iter().map(|work| &work.units).sum();
        let mut open = Open::default();
        for work in works {
            let whole = Self::part_of(log, pool, &work.units, &total);
            let streamed = &whole - up(&whole * left.min(secs), secs);
            let commission = match log.cast.pools[pool].1 {
                true => {
                    let provider = log.cast.nodes[work.node];
                    commission(
                        &facts.said,
                        provider,
                        log.entries[work.first].at,
                        work.first,
                        log.cast.notice,
                    )
                }
                false => 10_000,
            };
            let payee = up(&streamed * commission, 10_000);
            if facts.since.get(&work.node) == Some(&work.since) {
                let share = self.shares.get_mut(&work.node).unwrap();
                share.delegators += &streamed - &payee;
                share.payee += payee;
                share.unfolded += usize::from(!work.folded);
            }
            open.unfolded += usize::from(!work.folded);
            open.streamed += streamed;
            open.wholes += whole;
        }
        assert!(
            open.wholes <= BigUint::from(rate),
            "the parts exceed the rate"
        );
        assert!(
            open.wholes <= total * ceiling,
            "the parts exceed the ceiling"
        );
        open
    }
}
