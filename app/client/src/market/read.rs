//! The market of a network, from its accounts.

use {
    super::Listing,
    crate::{
        Ledger,
        account::{self, filter},
        address,
        error::Result,
    },
    anchor_lang::Discriminator,
    bytemuck::Pod,
    sluice::{
        constants::NOBODY,
        state::{Offer, Provider},
    },
    solana_address::Address,
};

/// The offers of `network` that live at `now`, in no order, each with the accounts it stands on.
pub fn live(ledger: &impl Ledger, network: &Address, now: i64) -> Result<Vec<Listing>> {
    let of_network = filter::offer_network(network);
    let offers = ledger.list::<Offer>(&[of_network])?.into_iter();
    offers
        .filter(|(_, offer)| !offer.is_over(now))
        .map(|(address, offer)| Listing::read(ledger, address, offer))
        .collect()
}

impl Listing {
    /// The offer with the accounts it stands on; one that is missing stays absent, and says so in the rank.
    fn read(ledger: &impl Ledger, address: Address, offer: Offer) -> Result<Self> {
        let provider: Option<Provider> = find(ledger, &offer.provider)?;
        let pool_key = address::stake_pool(&offer.provider);
        let pool = find(ledger, &pool_key)?;
        let position = match &provider {
            Some(provider) => find(ledger, &address::position(&pool_key, &provider.owner))?,
            None => None,
        };
        let set = if offer.terms.set == NOBODY {
            None
        } else {
            find(ledger, &offer.terms.set)?
        };
        Ok(Self {
            address,
            offer,
            node: find(ledger, &offer.node)?,
            provider,
            set,
            stake: pool.zip(position),
        })
    }
}

fn find<T: Pod + Discriminator>(ledger: &impl Ledger, address: &Address) -> Result<Option<T>> {
    ledger
        .account(address)?
        .map(|found| account::decode(address, &found))
        .transpose()
}
