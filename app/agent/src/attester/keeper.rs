//! What an attester does again and again, whoever asks it.

use {
    super::{desk::Attester, jobs::proven_until},
    crate::http::answer::Refusal,
    sluice_client::Ledger,
    std::{
        sync::{Condvar, Mutex, PoisonError},
        time::Duration,
    },
};

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
        let gone = self.blobs.evict(now)?;
        self.windows().forget(now)?;
        self.store.forget(now)?;
        if gone > 0 {
            tracing::info!(gone, "removed blobs that no job holds any more");
        }
        Ok(())
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
            }
        }
        metrics::gauge!("sluice_attester_jobs").set(live);
        Ok(())
    }
}
