//! The chain's clock, as far as this process knows it. Nothing that a protocol asks for follows the machine's clock: it may be an hour off.

use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};

/// The chain's time when it was last read, and what has passed since.
#[derive(Default)]
pub struct ChainClock(Mutex<Option<(i64, Instant)>>);

impl ChainClock {
    /// Unix seconds of the chain, extrapolated from the last reading; `None` before the first.
    pub fn now(&self) -> Option<i64> {
        let read = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (time, at) = read?;
        let passed = i64::try_from(at.elapsed().as_secs()).unwrap_or(i64::MAX);
        Some(time.saturating_add(passed))
    }

    /// Takes a reading, unix seconds of the chain. Time does not go back: a node that lags behind what was read before changes nothing for as
    /// long as that is younger than a minute.
    pub fn read(&self, time: i64) {
        let mut read = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_behind =
            |(known, at): &(i64, Instant)| *known >= time && at.elapsed().as_secs() < 60;
        if !read.as_ref().is_some_and(is_behind) {
            *read = Some((time, Instant::now()));
        }
    }

    /// How old the last reading is, seconds; `None` before the first.
    pub fn age(&self) -> Option<u64> {
        let read = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        read.map(|(_, at)| at.elapsed().as_secs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chains_time_goes_on_from_the_last_reading_and_never_back() {
        let clock = ChainClock::default();
        assert_eq!((clock.now(), clock.age()), (None, None));
        clock.read(1_000);
        assert!(matches!(clock.now(), Some(1_000..=1_001)));
        clock.read(900);
        assert!(matches!(clock.now(), Some(1_000..=1_001)));
        clock.read(5_000);
        assert!(matches!(clock.now(), Some(5_000..=5_001)));
    }
}
