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
    /// Creates the network.
    CreateNetwork {
        /// Signs, and is part of the address.
        creator: Address,
        /// What is staked.
        stake_mint: Address,
        /// What delegators are paid in.
        dividend_mint: Address,
        /// What it is made of.
        args: Box<NetworkArgs>,
    },
    /// Names the candidate for admin, unless `from` is `None` because it is named, and accepts.
    HandOver {
        /// Its address.
        network: Address,
        /// The admin that names the next one.
        from: Option<Address>,
        /// The next admin.
        to: Address,
    },
    /// Proposes a change of parameters and roles.
    Propose {
        /// Its address.
        network: Address,
        /// Signs.
        admin: Address,
        /// What is to be.
        change: Box<NetworkChange>,
    },
    /// Anybody may.
    Apply {
        /// Whose change is ripe.
        network: Address,
    },
    /// Registers an attester.
    Register {
        /// Its address.
        network: Address,
        /// Signs, and stakes later.
        owner: Address,
        /// The attester's; signs too.
        key: Address,
    },
    /// Creates the stake pool too where there is none.
    Stake {
        /// Its address.
        network: Address,
        /// Address of the account that is staked behind.
        attester: Address,
        /// What is staked.
        deposit: Deposit,
    },
    /// Anybody may.
    CreateSet {
        /// Its address.
        network: Address,
        /// What the set is made of.
        args: Box<SetArgs>,
    },
    /// Enters an attester into a set.
    Enter {
        /// Its address.
        network: Address,
        /// Address of the set.
        set: Address,
        /// Of the attester; signs.
        owner: Address,
        /// The attester's.
        key: Address,
        /// The key's place in the set.
        index: u8,
    },
    /// Creates a reward pool.
    CreatePool {
        /// Signs, and is part of the address.
        creator: Address,
        /// What it is made of.
        new: Box<NewRewardPool>,
    },
    /// Funds a reward pool.
    Fund {
        /// Its address.
        pool: Address,
        /// What goes in.
        deposit: Deposit,
    },
}

/// What a step takes out of somebody's associated account. Where the mint is wrapped SOL, the owner may have to wrap it first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deposit {
    /// Who signs for it.
    pub owner: Address,
    /// Of the tokens.
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
