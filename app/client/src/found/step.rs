//! What a step does where the chain is not yet as the manifest says: one transaction.

use {
    super::survey::Stage,
    crate::instruction::{NewRewardPool, token::Mint},
    sluice::{
        NetworkArgs,
        state::{NetworkChange, SetArgs},
    },
    solana_address::Address,
};

/// One transaction towards what a manifest wants.
#[derive(Clone, Debug)]
pub enum Step {
    CreateNetwork {
        creator: Address,
        stake_mint: Address,
        dividend_mint: Address,
        args: Box<NetworkArgs>,
    },
    /// Names the candidate for admin, unless `from` is `None` because it is named, and accepts.
    HandOver {
        network: Address,
        from: Option<Address>,
        to: Address,
    },
    Propose {
        network: Address,
        admin: Address,
        change: Box<NetworkChange>,
    },
    /// Anybody may.
    Apply {
        network: Address,
    },
    Register {
        network: Address,
        owner: Address,
        key: Address,
    },
    /// Creates the stake pool too where there is none.
    Stake {
        network: Address,
        attester: Address,
        deposit: Deposit,
    },
    /// Anybody may.
    CreateSet {
        network: Address,
        args: Box<SetArgs>,
    },
    Enter {
        network: Address,
        set: Address,
        owner: Address,
        key: Address,
        index: u8,
    },
    CreatePool {
        creator: Address,
        new: Box<NewRewardPool>,
    },
    Fund {
        pool: Address,
        deposit: Deposit,
    },
}

/// What a step takes out of somebody's associated account. Where the mint is wrapped SOL, the owner may have to wrap it first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deposit {
    /// Who signs for it.
    pub owner: Address,
    pub mint: Mint,
    /// Base units.
    pub base: u64,
}

impl Step {
    /// Its kind.
    pub const fn stage(&self) -> Stage {
        match self {
            Self::CreateNetwork { .. } => Stage::Network,
            Self::HandOver { .. } | Self::Propose { .. } | Self::Apply { .. } => Stage::Parameters,
            Self::Register { .. } => Stage::Attesters,
            Self::Stake { .. } => Stage::Stake,
            Self::CreateSet { .. } => Stage::Sets,
            Self::Enter { .. } => Stage::Members,
            Self::CreatePool { .. } => Stage::Pools,
            Self::Fund { .. } => Stage::Funds,
        }
    }

    /// Who has to sign beside the payer, and as what; nobody where anybody may.
    pub fn signers(&self) -> Vec<(&'static str, Address)> {
        match self {
            Self::CreateNetwork { creator, .. } => vec![("network's creator", *creator)],
            Self::HandOver { from, to, .. } => from
                .map(|from| ("network's admin", from))
                .into_iter()
                .chain([("network's admin to be", *to)])
                .collect(),
            Self::Propose { admin, .. } => vec![("network's admin", *admin)],
            Self::Register { owner, key, .. } => {
                vec![("attester's owner", *owner), ("attester", *key)]
            }
            Self::Stake { deposit, .. } => vec![("attester's owner", deposit.owner)],
            Self::Enter { owner, .. } => vec![("attester's owner", *owner)],
            Self::CreatePool { creator, .. } => vec![("reward pool's creator", *creator)],
            Self::Fund { deposit, .. } => vec![("reward pool's funder", deposit.owner)],
            Self::Apply { .. } | Self::CreateSet { .. } => vec![],
        }
    }

    /// What it takes out of an account.
    pub const fn deposit(&self) -> Option<&Deposit> {
        match self {
            Self::Stake { deposit, .. } | Self::Fund { deposit, .. } => Some(deposit),
            _ => None,
        }
    }
}
