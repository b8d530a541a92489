//! The market of a network, from its accounts.

use {
    super::Listing,
    crate::{
        account::filter,
        address,
        error::Result,
        ledger::{Ledger, Snapshot},
    },
    sluice::{
        constants::NOBODY,
        state::{Offer, StakePool},
    },
    solana_address::Address,
};

/// The offers of `network` that live at `now`, in no order, each with the accounts it stands on. It makes one call for the offers, and
/// one for every [`BATCH`](crate::ledger::BATCH) of the accounts.
pub fn live(ledger: &impl Ledger, network: &Address, now: i64) -> Result<Vec<Listing>> {
    let mut offers = ledger.list::<Offer>(&[filter::offer_network(network)])?;
    offers.retain(|(_, offer)| !offer.is_over(now));
    let mut accounts = Snapshot::default();
    accounts.gather(
        ledger,
        offers.iter().flat_map(|(_, offer)| stands_on(offer)),
    )?;
    let mut positions = vec![];
    for (_, offer) in &offers {
        positions.extend(stake(&accounts, offer)?.map(|(_, position)| position));
    }
    accounts.gather(ledger, positions)?;
    offers
        .into_iter()
        .map(|(address, offer)| Listing::read(&accounts, address, offer))
        .collect()
}

/// The accounts whose addresses the offer tells.
fn stands_on(offer: &Offer) -> impl Iterator<Item = Address> + use<> {
    let pool = address::stake_pool(&offer.provider);
    let set = Some(offer.terms.set).filter(|set| *set != NOBODY);
    [offer.node, offer.provider, pool].into_iter().chain(set)
}

/// The stake pool of the offer's provider, which stays when the provider is closed, and the address of its owner's position.
fn stake(accounts: &Snapshot, offer: &Offer) -> Result<Option<(StakePool, Address)>> {
    let key = address::stake_pool(&offer.provider);
    let pool: Option<StakePool> = accounts.find(&key)?;
    Ok(pool.map(|pool| (pool, address::position(&key, &pool.owner))))
}

impl Listing {
    /// The offer with the accounts it stands on; one that is missing stays absent, and says so in the rank.
    fn read(accounts: &Snapshot, address: Address, offer: Offer) -> Result<Self> {
        let stake = match stake(accounts, &offer)? {
            Some((pool, position)) => accounts.find(&position)?.map(|position| (pool, position)),
            None => None,
        };
        Ok(Self {
            address,
            offer,
            node: accounts.find(&offer.node)?,
            provider: accounts.find(&offer.provider)?,
            set: accounts.find(&offer.terms.set)?,
            stake,
        })
    }
}
