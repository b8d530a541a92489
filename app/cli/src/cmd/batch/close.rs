//! `sluice attest batch close`.

use {
    crate::{
        failure::{Result, gone},
        output::Fields,
        session::{Plan, Session},
    },
    sluice_client::{Batch, Ledger, instruction},
    solana_address::Address,
};

/// Closes a batch; its payer signs.
pub fn close(session: &mut Session<impl Ledger>, key: &Address) -> Result<Fields> {
    let batch: Batch = session.ledger.get(key).map_err(gone("batch", key))?;
    let payer = session.signer_as("batch's payer", &batch.payer)?;
    let plan = Plan::of(instruction::close_batch(key, &batch));
    let fields = Fields::new()
        .with("batch", *key)
        .with("rent_to", batch.payer);
    session.execute(plan.signed_by(payer), fields)
}
