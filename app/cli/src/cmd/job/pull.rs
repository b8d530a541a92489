//! `sluice job pay`, `sweep` and `refund`: tokens out of escrow, each to the one owner it belongs to.

use {
    super::{inconsistent, read},
    crate::{
        failure::Result,
        output::Fields,
        session::{Plan, Session, funds_of},
    },
    sluice_client::{Job, Ledger, Network, instruction, view::job::JobView},
    solana_address::Address,
};

/// The job, and what it comes to now.
fn look(session: &Session<impl Ledger>, address: &Address) -> Result<(Job, JobView)> {
    let (job, now) = read(session, address)?;
    let view = JobView::of(&job, now).ok_or_else(|| inconsistent(address)(()))?;
    Ok((job, view))
}

/// Pays the provider.
pub fn pay(session: &mut Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let (job, view) = look(session, address)?;
    session.gather(funds_of(&job.payee, &job.terms.mint))?;
    let mint = session.mint(&job.terms.mint)?;
    let mut plan = Plan::default();
    if view.owed > 0 {
        plan = session.ensure_token_account(plan, &job.payee, &mint)?;
    }
    plan.push(instruction::pay(address, &job, &mint.token_program));
    let fields = Fields::new()
        .with("job", *address)
        .with("payee", job.payee)
        .of_mint("paid", view.owed, &mint);
    session.execute(plan, fields)
}

/// Pays the fees that are due; when none is, the program's refusal says so.
pub fn sweep(session: &mut Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let (job, view) = look(session, address)?;
    let to_attesters = funds_of(&job.attestation_owner, &job.terms.mint);
    session.gather([job.network].into_iter().chain(to_attesters))?;
    let network: Network = session.ledger.get(&job.network)?;
    session.gather(funds_of(&network.roles.treasury, &job.terms.mint))?;
    let mint = session.mint(&job.terms.mint)?;
    let (treasury, attesters) = (view.owed_treasury, view.owed_attesters);
    let mut plan = Plan::default();
    if treasury > 0 {
        plan = session.ensure_token_account(plan, &network.roles.treasury, &mint)?;
    }
    if treasury > 0 || attesters == 0 {
        plan.push(instruction::sweep_treasury(
            address,
            &job,
            &network,
            &mint.token_program,
        ));
    }
    if attesters > 0 {
        plan = session.ensure_token_account(plan, &job.attestation_owner, &mint)?;
        plan.push(instruction::sweep_attesters(
            address,
            &job,
            &mint.token_program,
        ));
    }
    let fields = Fields::new()
        .with("job", *address)
        .of_mint("treasury", treasury, &mint)
        .of_mint("attesters", attesters, &mint);
    session.execute(plan, fields)
}

/// Returns to the refund owner what can no longer be earned.
pub fn refund(session: &mut Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let (job, view) = look(session, address)?;
    session.gather(funds_of(&job.refund_owner, &job.terms.mint))?;
    let mint = session.mint(&job.terms.mint)?;
    let mut plan = Plan::default();
    if view.refundable > 0 {
        plan = session.ensure_token_account(plan, &job.refund_owner, &mint)?;
    }
    plan.push(instruction::refund(address, &job, &mint.token_program));
    let fields = Fields::new()
        .with("job", *address)
        .with("to", job.refund_owner)
        .of_mint("refunded", view.refundable, &mint);
    session.execute(plan, fields)
}
