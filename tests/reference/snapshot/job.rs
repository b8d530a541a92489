//! Counters of a job.

use {
    super::{count, field},
    crate::reference::{Cause, Job, JobState, job::Recipient},
};

/// Fields of a `Job`, as stored when an instruction last touched it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobCounters {
    /// 0 open, 1 active, 2 released.
    pub state: u8,
    pub incarnation: u64,
    pub start_at: i64,
    pub end_at: i64,
    pub funded: u64,
    pub units_funded: u64,
    pub units_matured: u64,
    pub units_pending: u64,
    pub units_frozen: u64,
    pub quorum_matured: u64,
    pub quorum_credited: u64,
    pub gross_cosigned: u64,
    pub paid: u64,
    pub swept_treasury: u64,
    pub swept_attesters: u64,
    pub refunded: u64,
    pub bond: u64,
    pub last_proven: u32,
    pub quorum_windows: u32,
    pub worked_windows: u32,
    pub last_worked: u32,
    pub excused_windows: u32,
    pub last_excused: u32,
    pub void_windows: u32,
    pub missed_windows: u32,
    /// 0 length, 1 cancelled, 2 resigned, 3 excused, 4 faulted, 5 quorum lost, 6 waived.
    pub cause: u8,
    pub taken: u8,
    pub slashes: u8,
    pub counts: u8,
}

impl JobCounters {
    /// What `job` stores: matured and pending as of its last touch.
    pub fn of(job: &Job) -> Self {
        let at = job.touched_at;
        let pulled = |to| field(job.pulled(to));
        Self {
            state: match job.state {
                JobState::Open => 0,
                JobState::Active => 1,
                JobState::Released => 2,
            },
            incarnation: job.incarnation,
            start_at: job.start_at,
            end_at: job.end_at,
            funded: field(job.funded()),
            units_funded: field(job.units_funded()),
            units_matured: field(job.matured(at)),
            units_pending: field(job.pending(at)),
            units_frozen: field(job.frozen()),
            quorum_matured: field(job.quorum_matured(at)),
            quorum_credited: field(job.credited()),
            gross_cosigned: field(job.cosigned_pay()),
            paid: pulled(Recipient::Provider),
            swept_treasury: pulled(Recipient::Treasury),
            swept_attesters: pulled(Recipient::Attesters),
            refunded: pulled(Recipient::Buyer),
            bond: match job.state {
                JobState::Active => job.bond_left(),
                JobState::Open | JobState::Released => 0,
            },
            last_proven: job.proofs.keys().next_back().map_or(0, |w| w + 1),
            quorum_windows: job.quorum_windows(),
            worked_windows: job.worked_windows(),
            last_worked: job.last_worked(),
            excused_windows: count(job.excused.iter()),
            last_excused: job.excused.last().map_or(0, |w| w + 1),
            void_windows: job.void_windows(),
            missed_windows: field(job.waived.unwrap_or(0).into()),
            cause: match job.cause {
                Cause::Length => 0,
                Cause::Cancelled => 1,
                Cause::Resigned => 2,
                Cause::Excused => 3,
                Cause::Faulted => 4,
                Cause::QuorumLost => 5,
                Cause::Waived => 6,
            },
            taken: u8::from(job.taken.is_some()),
            slashes: count(job.slashes.iter()),
            counts: u8::from(job.counts),
        }
    }
}
