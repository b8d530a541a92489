//! `sluice job mature`, `credit`, `release` and `close`: bookkeeping that anyone may send.

use {
    super::{inconsistent, read},
    crate::{
        failure::Result,
        output::Fields,
        session::{Plan, Session, funds_of},
    },
    sluice_client::{Job, Ledger, address, due::job::donations, instruction},
    solana_address::Address,
};

/// Turns ripe proofs into earnings.
pub fn mature(session: &mut Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let (job, _) = read(session, address)?;
    let fields = Fields::new()
        .with("job", *address)
        .with("units_matured", job.units_matured)
        .with("units_pending", job.units_pending);
    session.execute(Plan::of(instruction::mature(address)), fields)
}

/// Moves newly matured quorum units to the node.
pub fn credit(session: &mut Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let (job, _) = read(session, address)?;
    let units = job
        .creditable()
        .map_err(inconsistent(address))?
        .saturating_sub(job.quorum_credited);
    let fields = Fields::new()
        .with("job", *address)
        .with("node", job.node)
        .with("credited", units);
    session.execute(Plan::of(instruction::credit(address, &job)), fields)
}

/// Frees bond and slot and writes the record.
pub fn release(session: &mut Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let job: Job = session.ledger.get(address)?;
    let fields = Fields::new().with("job", *address).with("node", job.node);
    session.execute(Plan::of(instruction::release_job(address, &job)), fields)
}

/// Closes the job; donations go to the refund owner.
pub fn close(session: &mut Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let job: Job = session.ledger.get(address)?;
    let to_owner = funds_of(&job.refund_owner, &job.terms.mint);
    session.gather([address::vault(address)].into_iter().chain(to_owner))?;
    let mint = session.mint(&job.terms.mint)?;
    let held = session.ledger.token_balance(&address::vault(address))?;
    let donated = donations(&job, held);
    let mut plan = Plan::default();
    if donated > 0 {
        plan = session.ensure_token_account(plan, &job.refund_owner, &mint)?;
    }
    plan.push(instruction::close_job(address, &job, &mint.token_program));
    let fields = Fields::new()
        .with("job", *address)
        .with("rent_to", job.rent_payer)
        .of_mint("donations", donated, &mint);
    session.execute(plan, fields)
}
