//! What the handlers do with a job, without accounts and tokens: the only file of this target that calls its methods.

use {
    anchor_lang::{Error, Result},
    bytemuck::Zeroable,
    sluice::{
        attestation::{Claimed, Proof},
        constants::MAX_TOTAL_FEE_BPS,
        error::SluiceError,
        state::{EndCause, Job, JobState, RingEntry, Terms},
    },
    sluice_client::view::job::JobView,
};

/// What a job is opened with.
#[derive(Clone, Copy, Debug)]
pub struct Opening {
    pub terms: Terms,
    pub min_unbonding_secs: u32,
    pub length_secs: u64,
    pub open_until: i64,
    pub funds: u64,
    pub fee_bps: u16,
    pub attestation_bps: u16,
    /// Taken from an offer: it starts at once.
    pub taken: bool,
}

/// A way to end a job before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Cancel,
    Resign,
    Fault,
    /// The buyer or the operator shows that the set has lost its quorum.
    QuorumLost,
}

/// A pull: its recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pull {
    Pay,
    SweepTreasury,
    SweepAttesters,
    Refund,
}

/// What the parties have earned so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    pub provider: u64,
    pub treasury: u64,
    pub attesters: u64,
}

/// True when `error` says that a number does not fit.
pub fn is_overflow(error: &Error) -> bool {
    *error == Error::from(SluiceError::MathOverflow)
}

/// `open_job` or `take_offer`: a funded job, open or started.
pub fn open(opening: &Opening, now: i64) -> Result<Job> {
    let Opening { terms, .. } = *opening;
    terms.validate(opening.min_unbonding_secs)?;
    assert!(opening.fee_bps + opening.attestation_bps <= MAX_TOTAL_FEE_BPS);
    assert!((1..=terms.max_length_secs).contains(&opening.length_secs));
    let mut job = Job {
        terms,
        length_secs: opening.length_secs,
        end_at: opening.open_until,
        fee_bps: opening.fee_bps,
        attestation_bps: opening.attestation_bps,
        taken: u8::from(opening.taken),
        counts: 1,
        ..Job::zeroed()
    };
    job.fund(opening.funds)?;
    if job.units_funded == 0 {
        return Err(SluiceError::NothingFunded.into());
    }
    if opening.taken {
        if !job.outlasts_notice() || !job.covers_notice() {
            return Err(SluiceError::DepositBelowNotice.into());
        }
        start(&mut job, now)?;
    }
    Ok(job)
}

/// `accept_job`.
pub fn accept(job: &mut Job, now: i64) -> Result<()> {
    job.require_state(JobState::Open)?;
    if now >= job.end_at {
        return Err(SluiceError::JobEnded.into());
    }
    start(job, now)
}

fn start(job: &mut Job, now: i64) -> Result<()> {
    let length = i64::try_from(job.length_secs).map_err(|_| SluiceError::MathOverflow)?;
    job.end_at = now.checked_add(length).ok_or(SluiceError::MathOverflow)?;
    job.state = JobState::Active.byte();
    job.start_at = now;
    job.bond = job.terms.bond;
    Ok(())
}

/// `top_up_job`.
pub fn top_up(job: &mut Job, now: i64, amount: u64) -> Result<()> {
    job.mature(now)?;
    job.require_running(job.incarnation, now)?;
    if job.state == JobState::Active.byte() {
        job.excuse(now)?;
    }
    job.fund(amount)
}

/// `mature_job`.
pub fn mature(job: &mut Job, now: i64) -> Result<()> {
    job.mature(now)
}

/// `attest` with `signers`, `attest_cosigned` without: the units accepted.
pub fn prove(job: &mut Job, now: i64, window: u32, units: u64, signers: u16) -> Result<u64> {
    job.mature(now)?;
    let claimed = &Claimed {
        window,
        units,
        digest: [1; 32],
    };
    job.prove(
        now,
        &Proof {
            claimed,
            signers,
            statement: &[2; 32],
        },
    )
}

/// `challenge`: the entry as it was.
pub fn challenge(job: &mut Job, now: i64, window: u32) -> Result<RingEntry> {
    job.freeze(window, now).map(|(entry, _)| entry)
}

/// `rule_challenge`.
pub fn rule(job: &mut Job, window: u32, units: u64, upheld: bool) -> Result<()> {
    job.thaw(window, units, upheld)
}

/// `cancel_job`, `resign_job`, `fault_job`.
pub fn end(job: &mut Job, now: i64, ending: Ending) -> Result<()> {
    job.mature(now)?;
    job.require_running(job.incarnation, now)?;
    let notice = job.terms.notice_secs;
    if ending == Ending::Cancel && job.state == JobState::Open.byte() {
        return job.end_after(0, now, EndCause::Cancelled);
    }
    job.require_state(JobState::Active)?;
    match ending {
        Ending::Cancel if job.void_windows >= 1 => job.end_after(0, now, EndCause::Cancelled),
        Ending::Cancel => job.end_after(notice, now, EndCause::Cancelled),
        Ending::QuorumLost => job.end_after(0, now, EndCause::QuorumLost),
        Ending::Resign if job.is_underfunded()? => job.end_after(0, now, EndCause::Excused),
        Ending::Resign => job.end_after(notice, now, EndCause::Resigned),
        Ending::Fault if job.is_faulted(now)? => job.end_after(0, now, EndCause::Faulted),
        Ending::Fault => Err(SluiceError::NotFaulted.into()),
    }
}

/// `waive_job`: the windows that the provider's record will miss for it.
pub fn waive(job: &mut Job, now: i64) -> Result<u64> {
    job.require_state(JobState::Active)?;
    job.waive(now)?;
    Ok(job.record()?.windows_missed)
}

/// `pay_job`, `sweep_treasury`, `sweep_attesters`, `refund_job`: what moved.
pub fn pull(job: &mut Job, now: i64, pull: Pull) -> Result<u64> {
    job.mature(now)?;
    match pull {
        Pull::Refund => job.take_refund(now),
        Pull::Pay => job.take_pay(),
        Pull::SweepTreasury => job.take_treasury(),
        Pull::SweepAttesters => job.take_attesters(),
    }
}

/// `credit`: the units that join the node's.
pub fn credit(job: &mut Job, now: i64) -> Result<u64> {
    job.mature(now)?;
    job.take_credit()
}

/// `release_job`: the units that join the node's.
pub fn release(job: &mut Job, now: i64) -> Result<u64> {
    job.mature(now)?;
    job.release(now)?;
    job.record()?;
    job.take_credit()
}

/// What the parties have earned.
pub fn earned(job: &Job) -> Result<Parts> {
    let split = job.earned()?;
    Ok(Parts {
        provider: split.provider,
        treasury: split.treasury,
        attesters: split.attesters,
    })
}

/// What the buyer may take back now.
pub fn refundable(job: &Job, now: i64) -> Result<u64> {
    job.refundable(now)
}

/// True when the buyer or the operator may end the job for a fault.
pub fn is_faulted(job: &Job, now: i64) -> Result<bool> {
    job.is_faulted(now)
}

/// True when the job may be closed for what it owes.
pub fn owes_nothing(job: &Job) -> bool {
    job.owes_nothing()
}

/// What the client tells of the job.
pub fn view(job: &Job, now: i64) -> Option<JobView> {
    JobView::of(job, now)
}
