//! When something that failed is tried again: later each time.

use std::{
    collections::HashMap,
    hash::Hash,
    time::{Duration, Instant},
};

/// What failed, how often in a row, and when it is tried again. These waits are the machine's own and follow its clock.
pub struct Retry<K> {
    first: Duration,
    longest: Duration,
    failed: HashMap<K, (u32, Instant)>,
}

impl<K: Eq + Hash> Retry<K> {
    /// Waits `first` after the first failure in a row, and twice as long after each, at most `longest`.
    pub fn new(first: Duration, longest: Duration) -> Self {
        Self {
            first,
            longest,
            failed: HashMap::new(),
        }
    }

    /// True for what may be tried now.
    pub fn is_due(&self, what: &K) -> bool {
        self.failed
            .get(what)
            .is_none_or(|(_, at)| Instant::now() >= *at)
    }

    /// True for what failed since it last went well.
    pub fn has_failed(&self, what: &K) -> bool {
        self.failed.contains_key(what)
    }

    /// Notes a failure.
    pub fn failed(&mut self, what: K) {
        let times = self.failed.get(&what).map_or(0, |(times, _)| *times);
        let factor = 1u32.checked_shl(times).unwrap_or(u32::MAX);
        let wait = self.first.saturating_mul(factor).min(self.longest);
        let at = Instant::now().checked_add(wait);
        let next = (
            times.saturating_add(1).min(30),
            at.unwrap_or_else(Instant::now),
        );
        self.failed.insert(what, next);
    }

    /// Notes that it went well, or is over.
    pub fn done(&mut self, what: &K) {
        self.failed.remove(what);
    }

    /// When the next one is due, of those that wait.
    pub fn next(&self) -> Option<Instant> {
        let now = Instant::now();
        let waiting = self.failed.values().map(|(_, at)| *at);
        waiting.filter(|at| *at > now).min()
    }

    /// Forgets what is not wanted any more.
    pub fn retain(&mut self, is_wanted: impl Fn(&K) -> bool) {
        self.failed.retain(|what, _| is_wanted(what));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_in_a_row_waits_twice_as_long_up_to_a_bound() {
        let mut retry = Retry::new(Duration::from_secs(10), Duration::from_secs(60));
        assert!(retry.is_due(&1));
        for wait in [10, 20, 40, 60, 60] {
            retry.failed(1);
            assert!(!retry.is_due(&1));
            let left = retry.next().unwrap() - Instant::now();
            assert!(left <= Duration::from_secs(wait) && left > Duration::from_secs(wait - 2));
        }
        assert!(retry.is_due(&2));
        retry.done(&1);
        assert!(retry.is_due(&1) && retry.next().is_none());
    }
}
