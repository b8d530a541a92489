//! `sluice job cancel`, `resign`, `waive` and `fault`: a party moves the end of a job.

use {
    super::{inconsistent, read},
    crate::{
        cmd::terms::set_of,
        failure::{Failure, Result},
        keys::Key,
        output::Fields,
        parse::date,
        session::{Plan, Session},
    },
    sluice_client::{
        Job, JobState, Ledger, Provider, instruction,
        view::job::{End, cause_name, state_name},
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

/// Moves the end of the job to now, or to the end of the notice.
pub fn cancel(session: &mut Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let (job, now) = read(session, address)?;
    let buyer = session.signer_as("buyer", &job.buyer)?;
    require_not_ended(&job, now)?;
    session.gather([job.terms.set])?;
    let set = if job.state == JobState::Open.byte() {
        None
    } else {
        set_of(session, &job.terms)?
    };
    let end = End::by_cancelling(&job, set.as_ref(), now);
    let cancel = instruction::cancel_job(address, &job);
    execute(session, (address, job), buyer, cancel, end)
}

/// Ends the job for its provider.
pub fn resign(session: &mut Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let (job, now) = read(session, address)?;
    require_active(&job)?;
    session.gather([job.provider, job.terms.set])?;
    let provider: Provider = session.ledger.get(&job.provider)?;
    let operator = session.signer_as("provider's operator", &provider.operator)?;
    let set = set_of(session, &job.terms)?;
    require_not_ended(&job, now)?;
    let end = End::by_resigning(&job, set.as_ref(), now);
    let end = end.ok_or_else(|| inconsistent(address)(()))?;
    let resign = instruction::resign_job(&provider.operator, address, &job);
    execute(session, (address, job), operator, resign, end)
}

/// Gives back a taken job of which nothing is proven.
pub fn waive(session: &mut Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let (mut job, now) = read(session, address)?;
    require_active(&job)?;
    session.gather([job.provider])?;
    let provider: Provider = session.ledger.get(&job.provider)?;
    let operator = session.signer_as("provider's operator", &provider.operator)?;
    let waive = instruction::waive_job(&provider.operator, address, &job);
    // The program refuses what cannot be waived; then the fields are never shown.
    let _ = job.waive(now);
    let fields = Fields::new()
        .with("job", *address)
        .date("end_at", job.end_at)
        .with("cause", cause_name(&job))
        .with("windows_missed", job.missed_windows);
    session.execute(Plan::of(waive).signed_by(operator), fields)
}

/// Ends a job at once whose last windows were all unproven.
pub fn fault(session: &mut Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let (job, now) = read(session, address)?;
    require_active(&job)?;
    let party = session.signer()?;
    session.gather([job.provider])?;
    let provider: Provider = session.ledger.get(&job.provider)?;
    if ![job.buyer, provider.operator].contains(&party.pubkey()) {
        return Err(Failure::Key(format!(
            "the key {} is neither the buyer, {}, nor the provider's operator, {}; sign with --keypair of one of them",
            party.pubkey(),
            job.buyer,
            provider.operator
        )));
    }
    require_not_ended(&job, now)?;
    let end = End::by_fault(&job, now).ok_or_else(|| inconsistent(address)(()))?;
    let fault = instruction::fault_job(&party.pubkey(), address, &job);
    execute(session, (address, job), party, fault, end)
}

fn execute(
    session: &mut Session<impl Ledger>,
    (address, mut job): (&Address, Job),
    party: Key,
    instruction: Instruction,
    end: End,
) -> Result<Fields> {
    // The program refuses to move the end later; then the fields are never shown.
    job.end_at = end.at;
    job.cause = end.cause.byte();
    let fields = Fields::new()
        .with("job", *address)
        .date("end_at", job.end_at)
        .with("cause", cause_name(&job));
    session.execute(Plan::of(instruction).signed_by(party), fields)
}

/// Its end can be moved no more.
fn require_not_ended(job: &Job, now: i64) -> Result<()> {
    let is_released = job.state == JobState::Released.byte();
    if !is_released && now < job.end_at {
        return Ok(());
    }
    let what = match is_released {
        true => "is over and released",
        false => "has ended",
    };
    Err(Failure::input(format!(
        "the job {what}, since {}: nothing is left to end; what nobody earned returns with `sluice job refund`",
        date(job.end_at)
    )))
}

fn require_active(job: &Job) -> Result<()> {
    if job.state == JobState::Active.byte() {
        return Ok(());
    }
    Err(Failure::input(format!(
        "the job is {}, not active",
        state_name(job)
    )))
}
