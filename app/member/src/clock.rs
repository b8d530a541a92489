//! The chain's clock, as far as this process knows it. Nothing that a protocol asks for follows the machine's clock: it may be an hour off.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// A reading that is further from what this process expects is believed only when others say the same, seconds.
const FAR: u64 = 60;
/// So many readings in a row have to say the same ...
const AGREED: u32 = 3;
/// ... for this long: a node that is wrong is asked again by then, or another one is.
const STAYS: Duration = Duration::from_secs(20);
/// Readings say the same that are no further apart, seconds ...
const ALIKE: u64 = 5;
/// ... or of which the later one is ahead by no more than so many times the time that passed: a chain that catches up runs fast.
const FAST: u64 = 60;

/// The chain's time when it was last read, and what has passed since.
///
/// A node may lag, or lie for a moment: whoever believed each reading would hold windows for over that are not, and throw away what they
/// need. So a jump is believed once readings in a row have said so for a while, and until then time goes on from the last one.
pub struct ChainClock {
    stays: Duration,
    readings: Mutex<Readings>,
}

impl Default for ChainClock {
    fn default() -> Self {
        Self::patient(STAYS)
    }
}

#[derive(Default)]
struct Readings {
    believed: Option<Reading>,
    /// A jump as it was first read, and how often in a row.
    doubted: Option<(Reading, u32)>,
}

#[derive(Clone, Copy)]
struct Reading {
    time: i64,
    at: Instant,
}

impl Reading {
    fn now(time: i64) -> Self {
        Self {
            time,
            at: Instant::now(),
        }
    }

    /// True if a later reading says the same.
    fn is_alike(&self, time: i64) -> bool {
        let said = self.said();
        let passed = u64::try_from(self.at.elapsed().as_millis()).unwrap_or(u64::MAX);
        let ahead = FAST.saturating_mul(passed) / 1_000;
        let apart = said.abs_diff(time);
        apart <= ALIKE || time > said && apart <= ahead.saturating_add(ALIKE)
    }

    /// What it says of this moment.
    fn said(&self) -> i64 {
        let passed = i64::try_from(self.at.elapsed().as_secs()).unwrap_or(i64::MAX);
        self.time.saturating_add(passed)
    }
}

impl ChainClock {
    /// A clock that believes a jump once it has been read for so long.
    pub fn patient(stays: Duration) -> Self {
        Self {
            stays,
            readings: Mutex::default(),
        }
    }

    /// Unix seconds of the chain, extrapolated from the last reading that is believed; `None` before the first.
    pub fn now(&self) -> Option<i64> {
        self.readings().believed.as_ref().map(Reading::said)
    }

    /// Takes a reading, unix seconds of the chain; false if it is not believed yet. The first one is. Of two that are close the later one
    /// counts: time does not go back.
    pub fn read(&self, time: i64) -> bool {
        let mut readings = self.readings();
        let new = Reading::now(time);
        let Some(believed) = readings.believed else {
            readings.believed = Some(new);
            return true;
        };
        if believed.said().abs_diff(time) <= FAR {
            let is_later = time > believed.time;
            if is_later {
                readings.believed = Some(new);
            }
            readings.doubted = None;
            return true;
        }
        let before = readings.doubted.filter(|(first, _)| first.is_alike(time));
        let (first, count) =
            before.map_or((new, 1), |(first, count)| (first, count.saturating_add(1)));
        if count >= AGREED && first.at.elapsed() >= self.stays {
            *readings = Readings {
                believed: Some(new),
                doubted: None,
            };
            return true;
        }
        readings.doubted = Some((first, count));
        false
    }

    fn readings(&self) -> MutexGuard<'_, Readings> {
        self.readings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How old the last reading is, seconds; `None` before the first.
    pub fn age(&self) -> Option<u64> {
        let believed = self.readings().believed;
        believed.map(|reading| reading.at.elapsed().as_secs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chains_time_goes_on_from_the_last_reading_and_never_back() {
        let clock = ChainClock::default();
        assert_eq!((clock.now(), clock.age()), (None, None));
        assert!(clock.read(1_000));
        assert!(matches!(clock.now(), Some(1_000..=1_001)));
        assert!(clock.read(990));
        assert!(matches!(clock.now(), Some(1_000..=1_001)));
        assert!(clock.read(1_050));
        assert!(matches!(clock.now(), Some(1_050..=1_051)));
    }

    #[test]
    fn a_jump_is_believed_at_the_third_reading_in_a_row_that_says_so() {
        for jump in [4_600, -2_600, i64::MAX, i64::MIN] {
            let clock = ChainClock::patient(Duration::ZERO);
            clock.read(1_000);
            assert!(!clock.read(jump));
            assert!(!clock.read(jump));
            // One that is as expected takes it back, and so does another jump.
            assert!(clock.read(1_000));
            assert!(!clock.read(jump));
            assert!(!clock.read(jump));
            assert!(!clock.read(500_000));
            assert!(!clock.read(jump));
            assert!(matches!(clock.now(), Some(1_000..=1_002)), "{jump}");
            assert!(!clock.read(jump));
            assert!(clock.read(jump));
            assert!(clock.now().unwrap().abs_diff(jump) <= 2);
        }
    }

    #[test]
    fn a_chain_that_runs_fast_is_followed_again_after_a_late_reading() {
        let clock = ChainClock::patient(Duration::from_secs(2));
        clock.read(1_000);
        let mut time = 5_000;
        let followed = (0..40).any(|_| {
            std::thread::sleep(Duration::from_millis(100));
            // Twenty-four times as fast.
            time += 2;
            clock.read(time)
        });
        assert!(followed);
        assert!(clock.now().unwrap().abs_diff(time) <= 3);
    }

    #[test]
    fn a_jump_has_to_stay_for_a_while() {
        let clock = ChainClock::patient(Duration::from_millis(200));
        clock.read(1_000);
        for _ in 0..10 {
            assert!(!clock.read(4_600));
        }
        std::thread::sleep(Duration::from_millis(250));
        assert!(clock.read(4_600));
    }
}
