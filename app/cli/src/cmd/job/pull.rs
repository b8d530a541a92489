//! `sluice job pay`, `sweep` and `refund`: tokens out of escrow, each to the one owner it belongs to.

use {
    super::{inconsistent, read},
    crate::{
        failure::Result,
        output::Fields,
        session::{Plan, Session, funds_of},
    },
    sluice_client::{Ledger, Network, instruction},
    solana_address::Address,
};

/// Pays the provider.
pub fn pay(session: &mut Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let (job, _) = read(session, address)?;
    session.gather(funds_of(&job.payee, &job.terms.mint))?;
    let mint = session.mint(&job.terms.mint)?;
    let earned = job.earned().map_err(inconsistent(address))?;
    let due = earned.provider.saturating_sub(job.paid);
    let mut plan = Plan::default();
    if due > 0 {
        plan = session.ensure_token_account(plan, &job.payee, &mint)?;
    }
    plan.push(instruction::pay(address, &job, &mint.token_program));
    let fields = Fields::new()
        .with("job", *address)
        .with("payee", job.payee)
        .tokens("paid", due, mint.decimals);
    session.execute(plan, fields)
}

/// Pays the fees that are due; when none is, the program's refusal says so.
pub fn sweep(session: &mut Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let (job, _) = read(session, address)?;
    let to_attesters = funds_of(&job.attestation_owner, &job.terms.mint);
    session.gather([job.network].into_iter().chain(to_attesters))?;
    let network: Network = session.ledger.get(&job.network)?;
    session.gather(funds_of(&network.roles.treasury, &job.terms.mint))?;
    let mint = session.mint(&job.terms.mint)?;
    let earned = job.earned().map_err(inconsistent(address))?;
    let treasury = earned.treasury.saturating_sub(job.swept_treasury);
    let attesters = earned.attesters.saturating_sub(job.swept_attesters);
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
        .tokens("treasury", treasury, mint.decimals)
        .tokens("attesters", attesters, mint.decimals);
    session.execute(plan, fields)
}

/// Returns to the refund owner what can no longer be earned.
pub fn refund(session: &mut Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let (job, now) = read(session, address)?;
    session.gather(funds_of(&job.refund_owner, &job.terms.mint))?;
    let mint = session.mint(&job.terms.mint)?;
    let due = job.refundable(now).map_err(inconsistent(address))?;
    let mut plan = Plan::default();
    if due > 0 {
        plan = session.ensure_token_account(plan, &job.refund_owner, &mint)?;
    }
    plan.push(instruction::refund(address, &job, &mint.token_program));
    let fields = Fields::new()
        .with("job", *address)
        .with("to", job.refund_owner)
        .tokens("refunded", due, mint.decimals);
    session.execute(plan, fields)
}
