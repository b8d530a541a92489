//! `sluice offer list`.

use {
    crate::{
        cmd::listing::{Listing, Scope, tokens},
        failure::Result,
        output::Fields,
        session::Session,
    },
    clap::Args,
    sluice_client::{Ledger, Offer, account::filter},
};

#[derive(Args, Debug)]
pub struct List {
    #[command(flatten)]
    scope: Scope,
    #[command(flatten)]
    listing: Listing,
}

impl List {
    /// Lists the offers that match every option.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let own = self.scope.whose.providers(session)?;
        let filters = self.scope.network.as_ref().map(filter::offer_network);
        let now = session.now()?;
        let mut found = session.ledger.list::<Offer>(filters.as_slice())?;
        if let Some(own) = own {
            found.retain(|(_, offer)| own.contains(&offer.provider.to_bytes()));
        }
        found.sort_by_key(|(address, offer)| (offer.incarnation, address.to_bytes()));
        session
            .ledger
            .gather(found.iter().map(|(_, offer)| offer.terms.mint))?;
        let rows = found.iter().map(|(address, offer)| {
            let terms = &offer.terms;
            Fields::new()
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
                .with("network", offer.network)
        });
        self.listing.show(session, "offers", rows.collect())
    }
}
