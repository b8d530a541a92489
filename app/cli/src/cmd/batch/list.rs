//! `sluice attest batch list`.

use {
    crate::{
        cmd::listing::{Columns, Within},
        failure::Result,
        output::Fields,
        session::Session,
    },
    clap::Args,
    sluice_client::{
        AttesterSet, Batch, Ledger,
        account::filter::{self, Filter},
    },
    solana_address::Address,
};

#[derive(Args, Debug)]
pub struct Batches {
    #[command(flatten)]
    within: Within,
    /// Only those for this attester set.
    #[arg(long, value_name = "ADDRESS")]
    set: Option<Address>,
}

impl Columns for Batches {
    type Account = Batch;

    const ROWS: &'static str = "batches";

    fn filters(&self, _key: Option<&Address>) -> Vec<Filter> {
        self.set.iter().map(filter::batch_set).collect()
    }

    fn order(batch: &Batch) -> u64 {
        batch.expires_at.max(0).unsigned_abs()
    }

    fn beside(_address: &Address, batch: &Batch) -> Vec<Address> {
        vec![batch.set]
    }

    fn is_asked_for(&self, session: &Session<impl Ledger>, batch: &Batch) -> Result<bool> {
        let set: AttesterSet = session.ledger.get(&batch.set)?;
        Ok(self.within.has(&set.network))
    }

    fn row(
        session: &Session<impl Ledger>,
        address: &Address,
        batch: &Batch,
        _now: i64,
    ) -> Result<Fields> {
        let set: AttesterSet = session.ledger.get(&batch.set)?;
        Ok(Fields::new()
            .with("batch", *address)
            .with("quorum", batch.quorum(&set).is_ok())
            .with("threshold", set.threshold)
            .with("live_signers", (batch.signers & set.live).count_ones())
            .date("expires_at", batch.expires_at)
            .with("root", batch.root)
            .with("set", batch.set)
            .with("payer", batch.payer)
            .with("network", set.network))
    }
}
