//! What an attester does again and again, whoever asks it.

use {
    super::{desk::Attester, jobs::proven_until},
    crate::http::answer::Refusal,
    sluice_client::Ledger,
    std::{
        collections::VecDeque,
        sync::{Condvar, Mutex, PoisonError},
        time::{Duration, Instant},
    },
};

/// Nothing is forgotten by a time that was read in fewer turns than this: a node that says another date for a moment makes nobody forget
/// what is claimed, or remove what has to be served.
const SURE: u32 = 60;

/// What the chain's clock said lately.
#[derive(Default)]
pub struct Readings(VecDeque<(Instant, i64)>);

impl Readings {
    /// Adds a reading. It gives the least one of so long a time; none before that has passed.
    fn add(&mut self, time: i64, at: Instant, longest: Duration) -> Option<i64> {
        let readings = &mut self.0;
        readings.push_back((at, time));
        let is_old = |(read, _): &(Instant, i64)| at.duration_since(*read) >= longest;
        // One that is as old stays: it shows that the time was watched that long.
        while readings.get(1).is_some_and(is_old) {
            readings.pop_front();
        }
        let is_long = readings.front().is_some_and(is_old);
        let least = readings.iter().map(|(_, time)| *time).min();
        least.filter(|_| is_long)
    }
}

/// Ends threads that do something again and again.
#[derive(Default)]
pub struct Stop {
    is_over: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    /// Ends them.
    pub fn stop(&self) {
        *self.is_over.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    /// Waits; true if it is over.
    pub fn wait(&self, longest: Duration) -> bool {
        let is_over = self.is_over.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .changed
            .wait_timeout_while(is_over, longest, |is_over| !*is_over);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

impl<L: Ledger> Attester<L> {
    /// Reads the chain's clock, forgets what is over, and keeps what is not.
    ///
    /// # Errors
    /// Where the chain or the store cannot be read.
    pub fn keep(&self) -> Result<(), Refusal> {
        let read = self.sites.chain().now();
        let now = read.map_err(|error| {
            tracing::warn!(%error, "the chain's clock cannot be read");
            Refusal::Chain
        })?;
        self.date(now)?;
        let Some(sure) = self.sure(now) else {
            return Ok(());
        };
        let gone = self.blobs.evict(sure)?;
        self.windows().forget(sure)?;
        self.store.forget(sure)?;
        if gone > 0 {
            tracing::info!(gone, "removed blobs that no job holds any more");
        }
        Ok(())
    }

    /// The time that the chain's clock surely has; none while this process is young.
    fn sure(&self, now: i64) -> Option<i64> {
        let longest = self.policy.fresh.saturating_mul(SURE);
        let mut readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        readings.add(now, Instant::now(), longest)
    }

    /// Brings the dates of admitted jobs to what the chain says: they are accepted, topped up, cancelled and closed.
    fn date(&self, now: i64) -> Result<(), Refusal> {
        let admitted = self.store.all_admitted()?;
        let jobs: Vec<_> = admitted.iter().map(|row| row.id.job).collect();
        let found = self.sites.refresh(&jobs)?;
        let mut live = 0u32;
        for row in admitted {
            let (live_until, until) = match found.iter().find(|site| site.id() == row.id) {
                Some(site) => (proven_until(&site.job), self.sites.known(site).until),
                // Nobody proves anything of it here any more.
                None => (row.live_until.min(now), row.until),
            };
            live = live.saturating_add(u32::from(live_until > now));
            if (live_until, until) != (row.live_until, row.until) {
                self.store.date(&row.id, live_until, until)?;
                self.blobs.keep(&row.id, until)?;
                self.store.keep_claims(&row.id, until)?;
            }
        }
        metrics::gauge!("sluice_attester_jobs").set(live);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_that_is_said_for_a_moment_makes_nobody_forget() {
        let mut readings = Readings::default();
        let (began, longest) = (Instant::now(), Duration::from_secs(10));
        let mut add = |secs: u64, time: i64| {
            let at = began + Duration::from_secs(secs);
            readings.add(time, at, longest)
        };
        // A process that began with a node that lies.
        assert_eq!(add(0, 9_000_000), None);
        assert_eq!(add(5, 1_005), None);
        assert_eq!(add(10, 1_010), Some(1_005));
        assert_eq!(add(12, 9_000_000), Some(1_005));
        assert_eq!(add(20, 1_020), Some(1_010));
        // What is said for long is believed.
        assert_eq!(add(25, 9_000_000), Some(1_020));
        assert_eq!(add(30, 9_000_005), Some(1_020));
        assert_eq!(add(40, 9_000_015), Some(9_000_005));
    }
}
