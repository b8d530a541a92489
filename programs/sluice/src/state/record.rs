use {
    anchor_lang::prelude::*,
    bytemuck::{Pod, Zeroable},
};

/// What became of the jobs of a provider or a node, counted when each is released. The counts stop at their type's end: a
/// statistic must not hold up a bond.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable, IdlType)]
pub struct Record {
    /// Whole windows, paid for, in which no unit was accepted.
    pub windows_missed: u64,
    /// Whole windows with at least one unit that a quorum proved and no ruling made void, in jobs that count.
    pub windows_proven: u64,
    /// All released jobs. Every other count of jobs is a part of it.
    pub jobs_accepted: u64,
    /// Jobs that count, of which every window that was due is proven, whatever ended them.
    pub jobs_completed: u64,
    /// Ended by the provider's resignation.
    pub jobs_resigned: u64,
    /// Taken from an offer and given back with nothing proven.
    pub jobs_waived: u64,
    /// Ended because the last windows were all unproven.
    pub jobs_faulted: u64,
    /// With a window that a ruling made void.
    pub jobs_voided: u64,
    /// Rulings that slashed the bond.
    pub slashes: u64,
}

impl Record {
    /// Adds the record of a released job.
    pub const fn add(&mut self, job: &Self) {
        self.windows_missed = self.windows_missed.saturating_add(job.windows_missed);
        self.windows_proven = self.windows_proven.saturating_add(job.windows_proven);
        self.jobs_accepted = self.jobs_accepted.saturating_add(job.jobs_accepted);
        self.jobs_completed = self.jobs_completed.saturating_add(job.jobs_completed);
        self.jobs_resigned = self.jobs_resigned.saturating_add(job.jobs_resigned);
        self.jobs_waived = self.jobs_waived.saturating_add(job.jobs_waived);
        self.jobs_faulted = self.jobs_faulted.saturating_add(job.jobs_faulted);
        self.jobs_voided = self.jobs_voided.saturating_add(job.jobs_voided);
        self.slashes = self.slashes.saturating_add(job.slashes);
    }
}
