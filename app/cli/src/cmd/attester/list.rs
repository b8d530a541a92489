//! `sluice attester list`.

use {
    super::standing,
    crate::{
        cmd::listing::{Listing, Scope, Whose},
        failure::Result,
        output::{Fields, Value},
        session::Session,
    },
    clap::Args,
    sluice_client::{
        Attester, ClientError, Ledger, StakePool, account::filter, address, foreign::Foreign,
    },
};

#[derive(Args, Debug)]
pub struct List {
    #[command(flatten)]
    scope: Scope,
    #[command(flatten)]
    listing: Listing,
}

impl List {
    /// Lists the attesters that match every option.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let key = self.scope.whose.key(session)?;
        let filters = self.scope.network.as_ref().map(filter::attester_network);
        let mut found = session.ledger.list::<Attester>(filters.as_slice())?;
        found.retain(|(_, one)| Whose::is_asked_for(key.as_ref(), [one.owner, one.key]));
        found.sort_by_key(|(address, one)| (one.opened_slot, address.to_bytes()));
        let pools = found
            .iter()
            .map(|(address, _)| address::stake_pool(address));
        session.ledger.gather(pools)?;
        let mut rows = Vec::with_capacity(found.len());
        for (address, attester) in &found {
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
            rows.push(
                Fields::new()
                    .with("attester", *address)
                    .with("standing", standing(attester.standing))
                    .with("bond", of_stake(|attester, _| attester.bond))
                    .with("stake", of_stake(|_, pool| pool.tokens))
                    .with("live_sets", attester.live_bits)
                    .with("key", attester.key)
                    .with("owner", attester.owner)
                    .with("uri", Foreign::padded(&attester.uri))
                    .with("network", attester.network),
            );
        }
        self.listing.show(session, "attesters", rows)
    }
}
