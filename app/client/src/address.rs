//! Addresses of the program's accounts, from keys a wallet knows. Each seed is written once, in the program's `state`.

use {
    sluice::{state, vault as token_vault},
    solana_address::Address,
    spl_associated_token_account_interface::address::get_associated_token_address_with_program_id,
};

/// Pads a name to the 16 bytes of a network's address; `None` when it is longer.
pub fn network_name(name: &str) -> Option<[u8; 16]> {
    let mut bytes = [0; 16];
    bytes
        .get_mut(..name.len())?
        .copy_from_slice(name.as_bytes());
    Some(bytes)
}

/// The network that `creator` named `name`.
pub fn network(creator: &Address, name: &[u8; 16]) -> Address {
    state::Network::address(creator, name).0
}

/// The attester registered for `key`.
pub fn attester(network: &Address, key: &Address) -> Address {
    state::Attester::address(network, key).0
}

/// The attester set with these contents.
pub fn attester_set(network: &Address, digest: &[u8; 32]) -> Address {
    state::AttesterSet::address(network, digest).0
}

/// The provider of `owner`.
pub fn provider(network: &Address, owner: &Address) -> Address {
    state::Provider::address(network, owner).0
}

/// Where the attestation lies that `network` asks of a provider of `owner`; none where it asks nobody.
pub fn credential(network: &state::Network, owner: &Address) -> Option<Address> {
    network.params.identity.attestation(owner)
}

/// The node of `worker`.
pub fn node(provider: &Address, worker: &Address) -> Address {
    state::Node::address(provider, worker).0
}

/// The offer `id` for a node.
pub fn offer(node: &Address, id: u64) -> Address {
    state::Offer::address(node, id).0
}

/// The stake pool behind a provider or attester account.
pub fn stake_pool(subject: &Address) -> Address {
    state::StakePool::address(subject).0
}

/// The position of `staker` in a stake pool.
pub fn position(pool: &Address, staker: &Address) -> Address {
    state::Position::address(pool, staker).0
}

/// The unstake ticket `nonce` of a position.
pub fn unstake(position: &Address, nonce: u64) -> Address {
    state::Unstake::address(position, nonce).0
}

/// The job `id` of `buyer`.
pub fn job(network: &Address, buyer: &Address, id: u64) -> Address {
    state::Job::address(network, buyer, id).0
}

/// The batch of `payer` for the tree with this root, of members of `set`.
pub fn batch(payer: &Address, set: &Address, root: &[u8; 32]) -> Address {
    state::Batch::address(payer, set, root).0
}

/// The challenge of a job's window.
pub fn challenge(job: &Address, incarnation: u64, window: u32) -> Address {
    state::Challenge::address(job, incarnation, window).0
}

/// The vault of a stake pool's dividends.
pub fn dividends(pool: &Address) -> Address {
    token_vault::dividends_address(pool).0
}

/// The reward pool `id` of `creator`.
pub fn reward_pool(network: &Address, creator: &Address, id: u64) -> Address {
    state::RewardPool::address(network, creator, id).0
}

/// Epoch `index` of a reward pool.
pub fn epoch(pool: &Address, index: u64) -> Address {
    state::Epoch::address(pool, index).0
}

/// The share of `node` in a reward pool.
pub fn share(pool: &Address, node: &Address) -> Address {
    state::Share::address(pool, node).0
}

/// The token vault of a job, stake pool or reward pool.
pub fn vault(account: &Address) -> Address {
    token_vault::address(account).0
}

/// The associated token account of `owner`.
pub fn token_account(owner: &Address, mint: &Address, token_program: &Address) -> Address {
    get_associated_token_address_with_program_id(owner, mint, token_program)
}
