//! The accounts that belong to a subject, by type.

use {
    crate::{account::decode, error::Result},
    anchor_lang::Discriminator,
    sluice::state::{Job, Network, Node, Position, Provider, RewardPool, Share, StakePool},
    solana_account::Account,
    solana_address::Address,
};

/// An account that is watched.
#[allow(
    clippy::large_enum_variant,
    reason = "one at a time is read, looked at and dropped"
)]
#[derive(Clone, Copy)]
pub enum Member {
    /// A job.
    Job(Job),
    /// A provider.
    Provider(Provider),
    /// A node.
    Node(Node),
    /// A network.
    Network(Network),
    /// A reward pool.
    RewardPool(RewardPool),
    /// A node's share of a reward pool.
    Share(Share),
    /// A stake pool.
    StakePool(StakePool),
    /// A position in a stake pool.
    Position(Position),
}

impl Member {
    /// The account that was found at `address`; `None` for a type that is not watched.
    pub fn read(address: &Address, found: &Account) -> Result<Option<Self>> {
        let is = |discriminator: &[u8]| found.data.starts_with(discriminator);
        Ok(Some(if is(Job::DISCRIMINATOR) {
            Self::Job(decode(address, found)?)
        } else if is(Provider::DISCRIMINATOR) {
            Self::Provider(decode(address, found)?)
        } else if is(Node::DISCRIMINATOR) {
            Self::Node(decode(address, found)?)
        } else if is(Network::DISCRIMINATOR) {
            Self::Network(decode(address, found)?)
        } else if is(RewardPool::DISCRIMINATOR) {
            Self::RewardPool(decode(address, found)?)
        } else if is(Share::DISCRIMINATOR) {
            Self::Share(decode(address, found)?)
        } else if is(StakePool::DISCRIMINATOR) {
            Self::StakePool(decode(address, found)?)
        } else if is(Position::DISCRIMINATOR) {
            Self::Position(decode(address, found)?)
        } else {
            return Ok(None);
        }))
    }

    /// What its type is called.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Job(_) => "job",
            Self::Provider(_) => "provider",
            Self::Node(_) => "node",
            Self::Network(_) => "network",
            Self::RewardPool(_) => "reward pool",
            Self::Share(_) => "share",
            Self::StakePool(_) => "stake pool",
            Self::Position(_) => "position",
        }
    }
}
