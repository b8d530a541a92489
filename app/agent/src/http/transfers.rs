//! Uploads at once: few enough, and not all of one job.

use {
    crate::blobs::JobId,
    std::{
        collections::HashMap,
        sync::{Mutex, MutexGuard, PoisonError},
    },
};

/// The uploads that are under way.
pub struct Transfers {
    most: usize,
    most_of_one: usize,
    of: Mutex<HashMap<JobId, usize>>,
}

/// The right to upload, until it is dropped.
pub struct Transfer<'a> {
    transfers: &'a Transfers,
    job: JobId,
}

impl Transfers {
    /// At most so many at once, a quarter of them of one job.
    pub fn new(most: usize) -> Self {
        Self {
            most,
            most_of_one: most.div_ceil(4),
            of: Mutex::default(),
        }
    }

    /// Begins one; `None` where there are too many.
    pub fn begin(&self, job: JobId) -> Option<Transfer<'_>> {
        let mut of = self.lock();
        let all = of
            .values()
            .fold(0, |all: usize, one| all.saturating_add(*one));
        let own = of.get(&job).copied().unwrap_or_default();
        if all >= self.most || own >= self.most_of_one {
            return None;
        }
        of.insert(job, own.saturating_add(1));
        Some(Transfer {
            transfers: self,
            job,
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<JobId, usize>> {
        self.of.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Transfer<'_> {
    fn drop(&mut self) {
        let mut of = self.transfers.lock();
        let own = of.get(&self.job).copied().unwrap_or_default();
        match own.saturating_sub(1) {
            0 => of.remove(&self.job),
            left => of.insert(self.job, left),
        };
    }
}

#[cfg(test)]
mod tests {
    use {super::*, solana_address::Address};

    fn job(number: u8) -> JobId {
        JobId {
            job: Address::new_from_array([number; 32]),
            incarnation: 0,
        }
    }

    #[test]
    fn a_job_has_a_quarter_and_all_together_no_more_than_there_are() {
        let transfers = Transfers::new(8);
        let own = [(); 3].map(|()| transfers.begin(job(1)));
        assert!(own[0].is_some() && own[1].is_some() && own[2].is_none());
        let others: Vec<_> = (2..9).map(|number| transfers.begin(job(number))).collect();
        let begun = others.iter().filter(|other| other.is_some()).count();
        assert_eq!(begun, 6);
        drop(own);
        assert!(transfers.begin(job(9)).is_some());
        drop(others);
        assert!(transfers.lock().is_empty());
    }
}
