//! The local network in numbers.

use {
    crate::world::Mints,
    anyhow::{Context, Result},
    sha2::{Digest, Sha256},
    sluice_client::{
        NodeArgs, amount,
        found::{
            self, Manifest,
            manifest::{Date, Pool, Text},
        },
        instruction::node_uri,
        text::Secs,
    },
    solana_address::Address,
};

/// The network with its attesters and their set.
const MANIFEST: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../migrations/manifests/localnet.toml"
));
/// What the manifest calls the set.
const SET: &str = "main";
/// Id of the one reward pool.
const POOL_ID: u64 = 1;
const HOUR_SECS: u64 = 3_600;
const MONTH_SECS: i64 = 30 * 86_400;

/// Decimals of the three mints.
pub const STAKE_DECIMALS: u8 = 9;
pub const USDC_DECIMALS: u8 = 6;
pub const REWARD_DECIMALS: u8 = 9;

/// What everybody who signs begins with, lamports.
pub const LAMPORTS: u64 = 1_000_000_000_000;
/// What the buyer begins with, base units: to pay with, and for the bonds of challenges.
pub const BUYER_USDC: u64 = 10_000_000_000;
pub const BUYER_STAKE: u64 = 1_000_000_000_000;
/// Stake behind the provider, base units, and what its owner and that of the attesters keep beside what they stake.
pub const PROVIDER_STAKE: u64 = 1_000_000_000_000;
pub const SPARE_STAKE: u64 = 1_000_000_000_000;
/// What the reward pool begins with, and what its funder keeps, base units.
pub const POOL_FUNDS: u64 = 1_000_000_000_000;
pub const SPARE_REWARD: u64 = 1_000_000_000_000;

/// The least that a unit of work costs under the set, base units of USDC.
pub const UNIT_PRICE: u64 = 1_000;

/// Jobs that a node takes at once.
pub const SLOTS: u16 = 8;

/// What a node says of itself.
pub fn node(slots: u16) -> Result<NodeArgs> {
    let text = "https://example.com/nodes/localnet";
    Ok(NodeArgs {
        metadata_hash: Sha256::digest(text).into(),
        uri: node_uri(text).context("the node's URI is too long")?,
        slots_total: slots,
        class: 1,
        region: 1,
    })
}

/// The network by its manifest.
pub fn network() -> found::Result<Manifest> {
    Manifest::parse(MANIFEST)
}

/// The same, with a reward pool of `funder` that begins `now`: ten tokens an hour for a month, a hundredth for a unit
/// at most.
pub fn manifest(funder: &Address, mints: &Mints, now: i64) -> found::Result<Manifest> {
    let mut manifest = network()?;
    manifest.pools.push(Pool {
        creator: Text(*funder),
        id: POOL_ID,
        set: SET.to_owned(),
        mint: Text(mints.reward.address),
        rate: "10".to_owned(),
        ceiling: "0.01".to_owned(),
        node_cap: 10_000,
        epoch: Text(Secs(HOUR_SECS)),
        start: Date(now),
        end: Date(now + MONTH_SECS),
        refund_owner: None,
        funds: Some(amount::format(POOL_FUNDS, mints.reward.decimals)),
        funder: None,
    });
    Ok(manifest)
}
