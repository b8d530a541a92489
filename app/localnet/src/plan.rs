//! The local network in numbers.

use {
    crate::world::World,
    sha2::{Digest, Sha256},
    sluice_client::{
        Identity, NetworkArgs, NetworkParams, NetworkRoles, NodeArgs, Quality, RewardTerms, SetArgs,
    },
    solana_address::Address,
    solana_signer::Signer,
};

pub const HOUR_SECS: u32 = 3_600;
pub const DAY_SECS: u32 = 24 * HOUR_SECS;

/// Name of the network, as its address knows it.
pub const NAME: [u8; 16] = *b"localnet\0\0\0\0\0\0\0\0";
/// Id of the one reward pool.
pub const POOL_ID: u64 = 1;

/// Decimals of the three mints.
pub const STAKE_DECIMALS: u8 = 9;
pub const USDC_DECIMALS: u8 = 6;
pub const REWARD_DECIMALS: u8 = 9;

/// What everybody who signs begins with, lamports.
pub const LAMPORTS: u64 = 1_000_000_000_000;
/// What the buyer begins with, base units: to pay with, and for the bonds of challenges.
pub const BUYER_USDC: u64 = 10_000_000_000;
pub const BUYER_STAKE: u64 = 1_000_000_000_000;
/// Stake behind the provider and behind each attester, base units, and what each owner keeps beside it.
pub const PROVIDER_STAKE: u64 = 1_000_000_000_000;
pub const ATTESTER_STAKE: u64 = 100_000_000_000;
pub const SPARE_STAKE: u64 = 1_000_000_000_000;
/// What the reward pool begins with, and what its funder keeps, base units.
pub const POOL_FUNDS: u64 = 1_000_000_000_000;
pub const SPARE_REWARD: u64 = 1_000_000_000_000;

const FEE_BPS: u16 = 250;
const ATTESTATION_BPS: u16 = 100;
const THRESHOLD: u8 = 2;

/// What the network is created with.
pub fn network(world: &World) -> NetworkArgs {
    let admin = world.cast.admin.pubkey();
    NetworkArgs {
        name: NAME,
        nonce: Sha256::digest("sluice localnet: nonce").into(),
        roles: NetworkRoles {
            admin,
            guardian: admin,
            resolver: admin,
            treasury: world.cast.treasury.pubkey(),
        },
        params: NetworkParams {
            min_stake: 100_000_000_000,
            min_bond: 50_000_000_000,
            unbonding_secs: 7 * DAY_SECS,
            timelock_secs: 7 * DAY_SECS,
            fee_bps: FEE_BPS,
            reserve: [0; 6],
            identity: Identity::NONE,
        },
        min_unbonding_secs: DAY_SECS,
        dividend_secs: DAY_SECS,
    }
}

/// The set of `keys`, which are ascending. A job counts if it pays a tenth of a cent a unit in `usdc`, behind a bond of 20 tokens
/// that can be taken within an hour of challenge time and one of rulings.
pub fn set(keys: &[Address], fee_owner: Address, revoker: Address, usdc: Address) -> SetArgs {
    let mut slots = [Address::default(); 16];
    for (slot, key) in slots.iter_mut().zip(keys) {
        *slot = *key;
    }
    SetArgs {
        meter: Sha256::digest("sluice localnet: a unit is a unit").into(),
        fee_owner,
        revoker,
        fee_bps: ATTESTATION_BPS,
        threshold: THRESHOLD,
        count: crate::cast::ATTESTERS as u8,
        keys: slots,
        quality: Quality {
            mint: usdc,
            price: 1_000,
            per: 1,
            bond: 20_000_000_000,
            challenge_bond: 20_000_000_000,
            challenge_secs: HOUR_SECS,
            ruling_secs: HOUR_SECS,
        },
    }
}

/// What the node says of itself.
pub fn node() -> NodeArgs {
    let text = b"https://example.com/nodes/localnet";
    let mut uri = [0; 64];
    for (byte, letter) in uri.iter_mut().zip(text) {
        *byte = *letter;
    }
    NodeArgs {
        metadata_hash: Sha256::digest(text).into(),
        uri,
        slots_total: 8,
        class: 1,
        region: 1,
    }
}

/// Terms of the reward pool that begins now: ten tokens an hour for a month, a hundredth for a unit at most.
pub const fn rewards(now: i64) -> RewardTerms {
    RewardTerms {
        rate: 10_000_000_000,
        ceiling: 10_000_000,
        node_cap: 10_000,
        start_at: now,
        end_at: now + 30 * DAY_SECS as i64,
        epoch_secs: HOUR_SECS,
        reserve: [0; 4],
    }
}
