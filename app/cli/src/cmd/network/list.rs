//! `sluice network list`.

use {
    crate::{
        cmd::listing::{Listing, Whose, tokens},
        failure::Result,
        output::Fields,
        session::Session,
    },
    clap::Args,
    sluice_client::{Ledger, Network, foreign::Foreign},
};

#[derive(Args, Debug)]
pub struct List {
    #[command(flatten)]
    whose: Whose,
    #[command(flatten)]
    listing: Listing,
}

impl List {
    /// Lists the networks.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let key = self.whose.key(session)?;
        let now = session.now()?;
        let mut found = session.ledger.list::<Network>(&[])?;
        found.retain(|(_, network)| {
            let roles = &network.roles;
            let parties = [
                network.creator,
                network.pending_admin,
                roles.admin,
                roles.guardian,
            ];
            Whose::is_asked_for(key.as_ref(), parties)
                || [roles.resolver, roles.treasury].contains(&key.unwrap_or_default())
        });
        found.sort_by_key(|(address, network)| (network.opened_slot, address.to_bytes()));
        session
            .ledger
            .gather(found.iter().map(|(_, network)| network.stake_mint))?;
        let rows = found.iter().map(|(address, network)| {
            let params = &network.params;
            Fields::new()
                .with("network", *address)
                .with("name", Foreign::padded(&network.name))
                .with("fee_bps", params.fee_bps)
                .with(
                    "min_stake",
                    tokens(session, &network.stake_mint, params.min_stake),
                )
                .secs("unbonding", params.unbonding_secs)
                .with("paused", network.is_paused(now))
                .with("stake_mint", network.stake_mint)
                .with("dividend_mint", network.dividend_mint)
                .with("admin", network.roles.admin)
                .with("creator", network.creator)
        });
        self.listing.show(session, "networks", rows.collect())
    }
}
