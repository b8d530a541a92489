//! `sluice network list`.

use {
    crate::{
        cmd::listing::{Columns, tokens},
        failure::Result,
        output::Fields,
        session::Session,
    },
    clap::Args,
    sluice_client::{Ledger, Network, account::filter::Filter, foreign::Foreign},
    solana_address::Address,
};

#[derive(Args, Debug)]
pub struct Networks {}

impl Columns for Networks {
    type Account = Network;

    const ROWS: &'static str = "networks";

    fn filters(&self, _key: Option<&Address>) -> Vec<Filter> {
        vec![]
    }

    fn order(network: &Network) -> u64 {
        network.opened_slot
    }

    fn beside(_address: &Address, network: &Network) -> Vec<Address> {
        vec![network.stake_mint]
    }

    fn row(
        session: &Session<impl Ledger>,
        address: &Address,
        network: &Network,
        now: i64,
    ) -> Result<Fields> {
        let params = &network.params;
        Ok(Fields::new()
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
            .with("creator", network.creator))
    }
}
