//! `sluice attester list`.

use {
    super::standing,
    crate::{
        cmd::listing::{Columns, Within},
        failure::Result,
        output::{Fields, Value},
        session::Session,
    },
    clap::Args,
    sluice_client::{
        Attester, ClientError, Ledger, StakePool,
        account::filter::{self, Filter},
        address,
        foreign::Foreign,
    },
    solana_address::Address,
};

#[derive(Args, Debug)]
pub struct Attesters {
    #[command(flatten)]
    within: Within,
}

impl Columns for Attesters {
    type Account = Attester;

    const ROWS: &'static str = "attesters";

    fn filters(&self, _key: Option<&Address>) -> Vec<Filter> {
        self.within.by(filter::attester_network)
    }

    fn order(attester: &Attester) -> u64 {
        attester.opened_slot
    }

    fn beside(address: &Address, _attester: &Attester) -> Vec<Address> {
        vec![address::stake_pool(address)]
    }

    fn row(
        session: &Session<impl Ledger>,
        address: &Address,
        attester: &Attester,
        _now: i64,
    ) -> Result<Fields> {
        let pool = match session
            .ledger
            .get::<StakePool>(&address::stake_pool(address))
        {
            Err(ClientError::NoAccount(_)) => None,
            found => Some(found?),
        };
        let of_stake = |base: fn(&Attester, &StakePool) -> u64| {
            pool.as_ref().map(|pool| Value::Tokens {
                base: base(attester, pool),
                decimals: pool.decimals,
                mint: Some(pool.mint),
            })
        };
        Ok(Fields::new()
            .with("attester", *address)
            .with("standing", standing(attester.standing))
            .with("bond", of_stake(|attester, _| attester.bond))
            .with("stake", of_stake(|_, pool| pool.tokens))
            .with("live_sets", attester.live_bits)
            .with("key", attester.key)
            .with("owner", attester.owner)
            .with("uri", Foreign::padded(&attester.uri))
            .with("network", attester.network))
    }
}
