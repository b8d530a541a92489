//! What is a key's own: its providers, their nodes and its stake, which follow where there is one only, as does the attester set of a
//! network; and the numbers that are free for what it makes.

use {
    crate::{
        account::filter::{self, Filter},
        address,
        error::{ClientError, Result},
        ledger::{BATCH, Ledger},
    },
    anchor_lang::Discriminator,
    bytemuck::Pod,
    sluice::state::{AttesterSet, Node, Position, Provider},
    solana_account::Account,
    solana_address::Address,
};

/// What a search found where one account was wanted: that one, or all that it may have been, of which there are none or several.
pub type Only<T> = std::result::Result<(Address, T), Vec<Address>>;

/// The one account that was `found`.
///
/// # Errors
///
/// The addresses, where there are none or several.
pub fn only<T>(mut found: Vec<(Address, T)>) -> Only<T> {
    match (found.pop(), found.is_empty()) {
        (Some(one), true) => Ok(one),
        (last, _) => Err(found
            .into_iter()
            .chain(last)
            .map(|(address, _)| address)
            .collect()),
    }
}

/// The providers that `key` owns, by address: in `network` the one whose address follows from both, else those of every network. It
/// makes one call.
///
/// # Errors
///
/// When the ledger does not answer.
pub fn owned(
    ledger: &impl Ledger,
    key: &Address,
    network: Option<&Address>,
) -> Result<Vec<(Address, Provider)>> {
    let Some(network) = network else {
        return listed(ledger, &[filter::provider_owner(key)]);
    };
    let address = address::provider(network, key);
    match ledger.get(&address) {
        Ok(provider) => Ok(vec![(address, provider)]),
        Err(ClientError::NoAccount(_)) => Ok(vec![]),
        Err(error) => Err(error),
    }
}

/// The providers that `key` operates, in `network` or in every one, by address. Anybody can name any key as an operator: where the key
/// owns one of them, those that it does not own are left out. It makes one call.
///
/// # Errors
///
/// When the ledger does not answer.
pub fn operated(
    ledger: &impl Ledger,
    key: &Address,
    network: Option<&Address>,
) -> Result<Vec<(Address, Provider)>> {
    let filters = [
        Some(filter::provider_operator(key)),
        network.map(filter::provider_network),
    ];
    let filters: Vec<_> = filters.into_iter().flatten().collect();
    let mut found = listed::<Provider>(ledger, &filters)?;
    if found.iter().any(|(_, provider)| provider.owner == *key) {
        found.retain(|(_, provider)| provider.owner == *key);
    }
    Ok(found)
}

/// The nodes of a provider, by address. It makes one call.
///
/// # Errors
///
/// When the ledger does not answer.
pub fn nodes(ledger: &impl Ledger, provider: &Address) -> Result<Vec<(Address, Node)>> {
    listed(ledger, &[filter::node_provider(provider)])
}

/// The nodes whose statements `key` signs, of every provider, by address. It makes one call.
///
/// # Errors
///
/// When the ledger does not answer.
pub fn worked(ledger: &impl Ledger, key: &Address) -> Result<Vec<(Address, Node)>> {
    listed(ledger, &[filter::node_worker(key)])
}

/// The attester sets of a network that have a quorum, by address: those that can measure a node. It makes one call.
///
/// # Errors
///
/// When the ledger does not answer.
pub fn live_sets(ledger: &impl Ledger, network: &Address) -> Result<Vec<(Address, AttesterSet)>> {
    let mut found = listed::<AttesterSet>(ledger, &[filter::attester_set_network(network)])?;
    found.retain(|(_, set)| set.has_quorum());
    Ok(found)
}

/// The stake of `key`, by the positions' addresses; those that are empty stand in only where all are. It makes one call.
///
/// # Errors
///
/// When the ledger does not answer.
pub fn stake(ledger: &impl Ledger, key: &Address) -> Result<Vec<(Address, Position)>> {
    let mut found = listed::<Position>(ledger, &[filter::position_staker(key)])?;
    let is_held = |position: &Position| position.shares > 0 || position.tickets > 0;
    if found.iter().any(|(_, position)| is_held(position)) {
        found.retain(|(_, position)| is_held(position));
    }
    Ok(found)
}

/// The accounts that match, by address.
fn listed<T: Pod + Discriminator>(
    ledger: &impl Ledger,
    filters: &[Filter],
) -> Result<Vec<(Address, T)>> {
    let mut found = ledger.list(filters)?;
    found.sort_by_key(|(address, _)| address.to_bytes());
    Ok(found)
}

/// Numbers that [`free_id`] tries first: their accounts are read in one call, beside a few others.
const FIRST: u64 = 64;

/// How many numbers [`free_id`] tries at most.
pub const TRIED: u64 = 1_000;

/// The addresses that `derive` makes of the first numbers from `from` on, for whoever reads ahead what [`free_id`] will ask for.
pub fn first_ids(from: u64, derive: impl Fn(u64) -> Address) -> impl Iterator<Item = Address> {
    (from..from.saturating_add(FIRST)).map(derive)
}

/// The lowest number from `from` on of which `derive` makes the address of no account of the program; `None` where [`TRIED`] of them are
/// taken. It makes one call, and one more for every [`BATCH`] of numbers beyond the first.
///
/// # Errors
///
/// When the ledger does not answer.
pub fn free_id(
    ledger: &impl Ledger,
    from: u64,
    derive: impl Fn(u64) -> Address,
) -> Result<Option<u64>> {
    let batch = u64::try_from(BATCH).unwrap_or(FIRST);
    let (mut start, until) = (from, from.saturating_add(TRIED));
    let mut end = from.saturating_add(FIRST);
    while start < until {
        let addresses: Vec<Address> = (start..end).map(&derive).collect();
        let found = ledger.accounts(&addresses)?;
        let is_free = |account: &Option<Account>| {
            account
                .as_ref()
                .is_none_or(|account| account.owner != sluice::ID)
        };
        if let Some((id, _)) = (start..end)
            .zip(&found)
            .find(|(_, account)| is_free(account))
        {
            return Ok(Some(id));
        }
        (start, end) = (end, end.saturating_add(batch).min(until));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_one_is_the_only_one() {
        let [one, other] = [1, 2].map(|byte| Address::new_from_array([byte; 32]));
        assert_eq!(only(vec![(one, 'a')]), Ok((one, 'a')));
        assert_eq!(only(vec![(one, 'a'), (other, 'b')]), Err(vec![one, other]));
        assert_eq!(only::<char>(vec![]), Err(vec![]));
    }
}
