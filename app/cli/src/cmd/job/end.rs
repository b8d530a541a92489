//! `sluice job cancel`, `resign`, `waive` and `fault`: a party moves the end of a job.

use {
    super::{inconsistent, read},
    crate::{
        failure::{Failure, Result},
        keys::Key,
        output::Fields,
        session::{Plan, Session},
    },
    sluice_client::{AttesterSet, EndCause, Job, JobState, Ledger, Provider, instruction, view},
    solana_address::Address,
    solana_instruction::Instruction,
};

/// Moves the end of the job to now, or to the end of the notice.
pub fn cancel(session: &mut Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let (job, now) = read(session, address)?;
    let buyer = session.signer_as("buyer", &job.buyer)?;
    let (notice, cause) = if job.state == JobState::Open.byte() {
        (0, EndCause::Cancelled)
    } else if lost_quorum(session, &job)? {
        (0, EndCause::QuorumLost)
    } else if job.void_windows >= 1 {
        (0, EndCause::Cancelled)
    } else {
        (job.terms.notice_secs, EndCause::Cancelled)
    };
    let end = instruction::cancel_job(address, &job);
    execute(session, (address, job), buyer, end, notice, cause, now)
}

/// Ends the job for its provider.
pub fn resign(session: &mut Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let (job, now) = read(session, address)?;
    require_active(&job)?;
    let provider: Provider = session.ledger.get(&job.provider)?;
    let operator = session.signer_as("provider's operator", &provider.operator)?;
    let underfunded = job.is_underfunded().map_err(inconsistent(address))?;
    let (notice, cause) = if lost_quorum(session, &job)? {
        (0, EndCause::QuorumLost)
    } else if underfunded {
        (0, EndCause::Excused)
    } else {
        (job.terms.notice_secs, EndCause::Resigned)
    };
    let end = instruction::resign_job(&provider.operator, address, &job);
    execute(session, (address, job), operator, end, notice, cause, now)
}

/// Gives back a taken job of which nothing is proven.
pub fn waive(session: &mut Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let (mut job, now) = read(session, address)?;
    require_active(&job)?;
    let provider: Provider = session.ledger.get(&job.provider)?;
    let operator = session.signer_as("provider's operator", &provider.operator)?;
    let waive = instruction::waive_job(&provider.operator, address, &job);
    // The program refuses what cannot be waived; then the fields are never shown.
    let _ = job.waive(now);
    let fields = Fields::new()
        .with("job", *address)
        .date("end_at", job.end_at)
        .with("cause", view::job::cause_name(&job))
        .with("windows_missed", job.missed_windows);
    session.execute(Plan::of(waive).signed_by(operator), fields)
}

/// Ends a job at once whose last windows were all unproven.
pub fn fault(session: &mut Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let (job, now) = read(session, address)?;
    require_active(&job)?;
    let party = session.signer()?;
    let provider: Provider = session.ledger.get(&job.provider)?;
    if ![job.buyer, provider.operator].contains(&party.pubkey()) {
        return Err(Failure::Key(format!(
            "the key {} is neither the buyer, {}, nor the provider's operator, {}; sign with --keypair of one of them",
            party.pubkey(),
            job.buyer,
            provider.operator
        )));
    }
    let dry = job.is_underfunded().map_err(inconsistent(address))?;
    let cause = if dry {
        EndCause::Excused
    } else {
        EndCause::Faulted
    };
    let end = instruction::fault_job(&party.pubkey(), address, &job);
    execute(session, (address, job), party, end, 0, cause, now)
}

fn execute(
    session: &mut Session<impl Ledger>,
    (address, mut job): (&Address, Job),
    party: Key,
    end: Instruction,
    notice: u32,
    cause: EndCause,
    now: i64,
) -> Result<Fields> {
    let at = now.saturating_add(i64::from(notice));
    // The program refuses to move the end later; then the fields are never shown.
    job.end_at = job.end_at.min(at);
    job.cause = cause.byte();
    let fields = Fields::new()
        .with("job", *address)
        .date("end_at", job.end_at)
        .with("cause", view::job::cause_name(&job));
    session.execute(Plan::of(end).signed_by(party), fields)
}

fn require_active(job: &Job) -> Result<()> {
    if job.state == JobState::Active.byte() {
        return Ok(());
    }
    Err(Failure::input(format!(
        "the job is {}, not active",
        view::job::state_name(job)
    )))
}

/// True when the job has a set and it lost its quorum.
pub fn lost_quorum(session: &Session<impl Ledger>, job: &Job) -> Result<bool> {
    if job.terms.set == sluice::constants::NOBODY {
        return Ok(false);
    }
    let set: AttesterSet = session.ledger.get(&job.terms.set)?;
    Ok(!set.has_quorum())
}
