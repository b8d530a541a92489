//! What happened, and nothing else: every figure is worked out from the whole log whenever it is asked for, in numbers that
//! cannot overflow.

use {
    super::{Step, books::Books},
    num_bigint::BigUint,
    sluice_client::RewardTerms,
    std::collections::{BTreeMap, BTreeSet},
};

pub struct Log {
    terms: RewardTerms,
    deposits: Vec<u64>,
    /// Units credited to each node.
    credits: Vec<Vec<u64>>,
    /// Units that a node reported, and in which epoch.
    reports: Vec<Vec<(u64, u64)>>,
    /// Which epochs a node folded.
    folds: Vec<BTreeSet<u64>>,
    claims: Vec<Vec<u64>>,
    closed: BTreeSet<u64>,
}

impl Log {
    pub fn new(terms: RewardTerms, nodes: usize) -> Self {
        Self {
            terms,
            deposits: Vec::new(),
            credits: vec![Vec::new(); nodes],
            reports: vec![Vec::new(); nodes],
            folds: vec![BTreeSet::new(); nodes],
            claims: vec![Vec::new(); nodes],
            closed: BTreeSet::new(),
        }
    }

    /// Notes a step if it can be; returns what it moved.
    pub fn apply(&mut self, at: i64, step: Step) -> Option<u64> {
        match step {
            Step::Fund { amount } => {
                let all = sum(&self.deposits) + amount;
                u64::try_from(&all).ok()?;
                self.deposits.push(amount);
                Some(amount)
            }
            Step::Credit { node, units } => {
                self.credits[node].push(units);
                Some(units)
            }
            Step::Report { node } => self.report(at, node),
            Step::Claim { node } => {
                let due = self.earned(at, node) - sum(&self.claims[node]);
                let due = u64::try_from(&due).expect("no more than was funded");
                self.claims[node].push(due);
                (due > 0).then_some(due)
            }
            Step::Fold { node, epoch } => {
                let reported = self.reported(node, epoch)?;
                let ended = self.start(epoch + 2) <= at && !self.closed.contains(&epoch);
                if !ended || !self.folds[node].insert(epoch) {
                    return None;
                }
                Some(self.share(epoch, reported))
            }
            Step::Close { epoch } => {
                let mut reporters = self.reporters(epoch).peekable();
                reporters.peek()?;
                if !reporters.all(|node| self.folds[node].contains(&epoch)) {
                    return None;
                }
                drop(reporters);
                self.closed.insert(epoch).then(|| self.allocated(epoch))
            }
        }
    }

    fn report(&mut self, at: i64, node: usize) -> Option<u64> {
        let epoch =
            u64::try_from(at - self.terms.start_at).ok()? / u64::from(self.terms.epoch_secs);
        // The slot of the epoch before last must be free again.
        let slot = self.reports[node]
            .iter()
            .any(|(of, _)| *of != epoch && of % 2 == epoch % 2 && !self.folds[node].contains(of));
        let reported: Vec<u64> = self.reports[node].iter().map(|(_, units)| *units).collect();
        let new = self.credited(node) - sum(&reported);
        let room = self.terms.node_cap - self.reported(node, epoch).unwrap_or(0);
        let units = u64::try_from(&new).map_or(room, |new| new.min(room));
        let opens = self.reporters(epoch).next().is_none();
        let dry = opens && self.unallocated() < BigUint::from(self.terms.rate);
        let fits = self.total(epoch) + units <= BigUint::from(u64::MAX);
        if slot || units == 0 || dry || !fits {
            return None;
        }
        self.reports[node].push((epoch, units));
        Some(units)
    }

    /// Everything credited; the account's count stops at its type's end.
    fn credited(&self, node: usize) -> BigUint {
        sum(&self.credits[node]).min(BigUint::from(u64::MAX))
    }

    /// What a node reported in `epoch`; nothing if it did not.
    fn reported(&self, node: usize, epoch: u64) -> Option<u64> {
        let of = self.reports[node].iter().filter(|(of, _)| *of == epoch);
        let units: u64 = of.map(|(_, units)| units).sum();
        (units > 0).then_some(units)
    }

    fn reporters(&self, epoch: u64) -> impl Iterator<Item = usize> + '_ {
        (0..self.reports.len()).filter(move |node| self.reported(*node, epoch).is_some())
    }

    fn total(&self, epoch: u64) -> BigUint {
        let nodes = 0..self.reports.len();
        nodes
            .filter_map(|node| self.reported(node, epoch))
            .map(BigUint::from)
            .sum()
    }

    fn start(&self, epoch: u64) -> i64 {
        self.terms.start_at + epoch as i64 * i64::from(self.terms.epoch_secs)
    }

    /// A node's part of an epoch, whole.
    fn share(&self, epoch: u64, units: u64) -> u64 {
        let total = self.total(epoch);
        let emission = BigUint::from(self.terms.rate).min(&total * self.terms.ceiling);
        u64::try_from(emission * units / total).expect("at most the rate")
    }

    fn allocated(&self, epoch: u64) -> u64 {
        let parts = self
            .reporters(epoch)
            .filter_map(|node| self.reported(node, epoch));
        parts.map(|units| self.share(epoch, units)).sum()
    }

    /// What a node has earned by `at`: of each epoch as much as has streamed.
    fn earned(&self, at: i64, node: usize) -> BigUint {
        let epochs: BTreeMap<u64, ()> =
            self.reports[node].iter().map(|(of, _)| (*of, ())).collect();
        let of = |epoch: u64| {
            let whole = self.share(epoch, self.reported(node, epoch).unwrap_or(0));
            let secs = u64::from(self.terms.epoch_secs);
            let passed = (at - self.start(epoch + 1)).max(0) as u64;
            BigUint::from(whole) * passed.min(secs) / secs
        };
        epochs.into_keys().map(of).sum()
    }

    /// Funded, less a whole rate for every open epoch and what every closed one allocated.
    fn unallocated(&self) -> BigUint {
        let mut epochs: BTreeSet<u64> = self.reports.iter().flatten().map(|(of, _)| *of).collect();
        epochs.retain(|epoch| !self.closed.contains(epoch));
        let reserved = BigUint::from(self.terms.rate) * epochs.len();
        let allocated: BigUint = self
            .closed
            .iter()
            .map(|epoch| BigUint::from(self.allocated(*epoch)))
            .sum();
        sum(&self.deposits) - reserved - allocated
    }

    /// Compares every figure that the program's books hold.
    pub fn compare(&self, books: &Books, at: i64) {
        assert_eq!(BigUint::from(books.pool.unallocated), self.unallocated());
        for node in 0..self.reports.len() {
            assert_eq!(BigUint::from(books.earned(at, node)), self.earned(at, node));
        }
    }
}

fn sum(of: &[u64]) -> BigUint {
    of.iter().map(|part| BigUint::from(*part)).sum()
}
