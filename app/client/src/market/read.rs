//! The market of a network, from its accounts.

use {
    super::{Filter, Listing, Ranked, by_mint, by_price, rank},
    crate::{
        account::filter,
        address,
        error::Result,
        ledger::{Ledger, Snapshot},
    },
    sluice::{
        constants::NOBODY,
        state::{Network, Offer, StakePool},
    },
    solana_address::Address,
};

/// Offers of which the accounts are read first: those of so many nodes, providers, pools and sets fit into one call.
const FIRST: usize = 25;

/// Where the offers that were read are too few, so many times as many are read next. An offer costs nothing to post and to be
/// untakeable, so a market can begin with thousands of them; three rounds reach the end of ten thousand.
const GROWTH: usize = 20;

/// A market from its best offer on.
pub struct Look {
    /// The offers, best first, exactly as they begin the ranking of all.
    pub ranked: Vec<Ranked>,
    /// Mints that its live offers are paid in, as far as their terms are what the filter asks for.
    pub mints: usize,
    /// How many offers the whole ranking has; `None` when what the filter asks of nodes was not read of all.
    pub all: Option<usize>,
}

/// The first `rows` offers of `network` that live at `now` and that the filter admits, ranked as [`rank`] ranks all of them; fewer when there are no
/// more. `usize::MAX` asks for all.
///
/// One call lists the offers. Mint and price stand in them and decide first, so what else decides is read from the best price on,
/// only until `rows` offers can be taken, which no offer behind them can outrank: two calls more for a page. Where too few can be
/// taken, everything is read, with a call for each [`BATCH`](crate::ledger::BATCH) of the accounts.
pub fn look(
    ledger: &impl Ledger,
    network: &Address,
    filter: &Filter,
    now: i64,
    rows: usize,
) -> Result<Look> {
    let min_stake = ledger.get::<Network>(network)?.params.min_stake;
    let mut offers = ledger.list::<Offer>(&[filter::offer_network(network)])?;
    offers.retain(|(_, offer)| !offer.is_over(now) && filter.admits_terms(&offer.terms));
    let stands_alike = |a: &Offer, b: &Offer| {
        let (a, b) = (&a.terms, &b.terms);
        by_mint(a, b).then_with(|| by_price(a, b))
    };
    offers.sort_by(|(_, a), (_, b)| stands_alike(a, b));
    let admitted = offers.len();
    let mints = offers
        .chunk_by(|(_, a), (_, b)| by_mint(&a.terms, &b.terms).is_eq())
        .count();

    let mut accounts = Snapshot::default();
    let mut listings = Vec::new();
    let mut takeable = 0usize;
    let mut left = offers.as_slice();
    let mut round = rows.max(FIRST);
    while takeable < rows && !left.is_empty() {
        // Offers of one price are told apart by what is read: all of them or none.
        let mut groups = left.chunk_by(|(_, a), (_, b)| stands_alike(a, b).is_eq());
        let mut len = 0usize;
        while len < round
            && let Some(group) = groups.next()
        {
            len = len.saturating_add(group.len());
        }
        let (next, others) = left.split_at(len);
        for listing in read(ledger, &mut accounts, next)? {
            if filter.admits(&listing) {
                takeable = takeable.saturating_add(listing.untakeable(min_stake).is_none().into());
                listings.push(listing);
            }
        }
        left = others;
        round = round.saturating_mul(GROWTH);
    }

    let is_whole = left.is_empty();
    let mut ranked = rank(listings, filter, min_stake, now);
    let all = if is_whole {
        Some(ranked.len())
    } else {
        filter.asks_of_terms_alone().then_some(admitted)
    };
    // Behind the takeable ones there may be others that were not read.
    ranked.truncate(if is_whole { rows } else { takeable.min(rows) });
    Ok(Look { ranked, mints, all })
}

/// The offers with the accounts they stand on, which are read in two rounds of batches.
fn read(
    ledger: &impl Ledger,
    accounts: &mut Snapshot,
    offers: &[(Address, Offer)],
) -> Result<Vec<Listing>> {
    accounts.gather(
        ledger,
        offers.iter().flat_map(|(_, offer)| stands_on(offer)),
    )?;
    let mut positions = vec![];
    for (_, offer) in offers {
        positions.extend(stake(accounts, offer)?.map(|(_, position)| position));
    }
    accounts.gather(ledger, positions)?;
    offers
        .iter()
        .map(|(address, offer)| Listing::read(accounts, *address, *offer))
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

#[cfg(test)]
mod tests;
