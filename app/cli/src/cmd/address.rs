//! `sluice address`: what an account will be called, before it exists.

use {
    crate::{
        failure::{Failure, Result},
        output::Fields,
        parse::Hex32,
    },
    clap::Subcommand,
    sluice_client::address,
    solana_address::Address,
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// The network that a creator gave a name.
    Network { creator: Address, name: String },
    /// The attester registered for a key.
    Attester { network: Address, key: Address },
    /// The provider of an owner.
    Provider { network: Address, owner: Address },
    /// The node of a worker.
    Node { provider: Address, worker: Address },
    /// The stake pool behind a provider or attester.
    StakePool { subject: Address },
    /// The position of a staker in a stake pool.
    Position { pool: Address, staker: Address },
    /// The challenge of a job's window.
    Challenge {
        job: Address,
        incarnation: u64,
        window: u32,
    },
    /// The job of a buyer.
    Job {
        network: Address,
        buyer: Address,
        id: u64,
    },
    /// The batch that a payer posts for a set.
    Batch {
        payer: Address,
        set: Address,
        root: Hex32,
    },
    /// The reward pool of a creator.
    RewardPool {
        network: Address,
        creator: Address,
        id: u64,
    },
    /// The share of a node in a reward pool.
    Share { pool: Address, node: Address },
    /// The token vault of a job, stake pool or reward pool.
    Vault { account: Address },
}

impl Verb {
    /// Derives the address.
    pub fn run(self) -> Result<Fields> {
        let derived = match self {
            Self::Network { creator, name } => {
                let name = address::network_name(&name)
                    .ok_or_else(|| Failure::input("the name must have between 1 and 16 bytes"))?;
                address::network(&creator, &name)
            }
            Self::Attester { network, key } => address::attester(&network, &key),
            Self::Provider { network, owner } => address::provider(&network, &owner),
            Self::Node { provider, worker } => address::node(&provider, &worker),
            Self::StakePool { subject } => address::stake_pool(&subject),
            Self::Position { pool, staker } => address::position(&pool, &staker),
            Self::Challenge {
                job,
                incarnation,
                window,
            } => address::challenge(&job, incarnation, window),
            Self::Job { network, buyer, id } => address::job(&network, &buyer, id),
            Self::Batch { payer, set, root } => address::batch(&payer, &set, &root.0),
            Self::RewardPool {
                network,
                creator,
                id,
            } => address::reward_pool(&network, &creator, id),
            Self::Share { pool, node } => address::share(&pool, &node),
            Self::Vault { account } => address::vault(&account),
        };
        Ok(Fields::new().with("address", derived))
    }
}
