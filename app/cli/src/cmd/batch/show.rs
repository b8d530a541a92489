//! `sluice attest batch show`.

use {
    crate::{
        failure::{Result, gone},
        output::{Fields, Value},
        session::Session,
    },
    sluice_client::{AttesterSet, Batch, Ledger},
    solana_address::Address,
};

/// Shows a batch and which members signed it.
pub fn one(session: &Session<impl Ledger>, key: &Address) -> Result<Fields> {
    let batch: Batch = session.ledger.get(key).map_err(gone("batch", key))?;
    let set: AttesterSet = session.ledger.get(&batch.set)?;
    let members = set.keys.iter().take(usize::from(set.count)).zip(0_u8..);
    let members = members.map(|(member, index)| {
        let bit = 1_u16.checked_shl(u32::from(index)).unwrap_or_default();
        Fields::new()
            .with("index", index)
            .with("key", *member)
            .with("signed", batch.signers & bit != 0)
            .with("live", set.live & bit != 0)
    });
    Ok(Fields::new()
        .with("batch", *key)
        .with("set", batch.set)
        .with("root", batch.root)
        .with("payer", batch.payer)
        .date("expires_at", batch.expires_at)
        .section("Signatures")
        .with("threshold", set.threshold)
        .with("live_signers", (batch.signers & set.live).count_ones())
        .with("quorum", batch.quorum(&set).is_ok())
        .with("members", Value::Table(members.collect())))
}
