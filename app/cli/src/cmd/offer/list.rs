//! `sluice offer list`.

use {
    crate::{
        cmd::listing::{Columns, Within, tokens},
        failure::Result,
        output::Fields,
        session::Session,
    },
    clap::Args,
    sluice_client::{
        Ledger, Offer,
        account::filter::{self, Filter},
    },
    solana_address::Address,
};

#[derive(Args, Debug)]
pub struct Offers {
    #[command(flatten)]
    within: Within,
}

impl Columns for Offers {
    type Account = Offer;

    const ROWS: &'static str = "offers";

    fn filters(&self, _key: Option<&Address>) -> Vec<Filter> {
        self.within.by(filter::offer_network)
    }

    fn order(offer: &Offer) -> u64 {
        offer.incarnation
    }

    fn beside(_address: &Address, offer: &Offer) -> Vec<Address> {
        vec![offer.terms.mint]
    }

    fn row(
        session: &Session<impl Ledger>,
        address: &Address,
        offer: &Offer,
        now: i64,
    ) -> Result<Fields> {
        let terms = &offer.terms;
        Ok(Fields::new()
            .with("offer", *address)
            .with("live", !offer.is_over(now))
            .with("price", tokens(session, &terms.mint, terms.price))
            .with("per", terms.per)
            .with("slots_left", offer.slots_left)
            .date("expires_at", offer.expires_at)
            .with("cap", terms.cap)
            .with("mint", terms.mint)
            .with("node", offer.node)
            .with("provider", offer.provider)
            .with("set", terms.set)
            .with("network", offer.network))
    }
}
