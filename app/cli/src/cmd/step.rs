//! A step towards a network as a transaction.

use {
    crate::{
        failure::Result,
        keys::Key,
        session::{Plan, Session},
    },
    sluice_client::{Ledger, found::Step},
};

/// What `step` sends, signed by the keys of its signers, which are given in their order.
pub fn plan(session: &Session<impl Ledger>, step: &Step, mut signers: Vec<Key>) -> Result<Plan> {
    let payer = session.payer()?;
    let anyone = match step {
        Step::Apply { .. } => Some(session.signer()?),
        _ => None,
    };
    let sender = anyone.as_ref().unwrap_or(&payer).pubkey();
    let sending = step.build(&session.ledger, &payer.pubkey(), &sender)?;
    signers.extend(anyone);
    let mut plan = match (step.deposit(), signers.first()) {
        (Some(deposit), Some(owner)) => session.cover(owner, &deposit.mint, deposit.base)?,
        _ => Plan::default(),
    };
    for instruction in sending.instructions {
        plan.push(instruction);
    }
    let plan = sending.creates.into_iter().fold(plan, Plan::creating);
    Ok(signers.into_iter().fold(plan, Plan::signed_by))
}
