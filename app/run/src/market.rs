//! The offers that a run may take.

use {
    crate::order::Asked,
    sluice_client::{
        Address, Ledger, Result,
        market::{self, Filter, Listing},
    },
};

/// Offers of the market that are looked at: more than a plan ever takes.
const LOOKED_AT: usize = 256;

/// The offers of `network` that can be taken now under what is asked and that a quorum proves, best first.
///
/// # Errors
/// The ledger's.
pub fn takeable(
    ledger: &impl Ledger,
    network: &Address,
    asked: &Asked,
    now: i64,
) -> Result<Vec<Listing>> {
    let filter = Filter {
        mint: Some(asked.mint),
        set: asked.set,
        region: asked.region,
        max_price: Some((asked.most.price, asked.most.per)),
        ..Filter::default()
    };
    let found = market::look(ledger, network, &filter, now, LOOKED_AT)?;
    let takeable = found
        .ranked
        .into_iter()
        .filter(|ranked| ranked.untakeable.is_none() && ranked.listing.set.is_some());
    Ok(takeable.map(|ranked| ranked.listing).collect())
}
