//! Filters for listing accounts, by a key that they hold. Where a type holds a key is written here and nowhere else.

use {
    sluice::state::{
        Attester, AttesterSet, Batch, Challenge, Epoch, Job, JobState, Node, Offer, Position,
        Provider, RewardPool, Share, StakePool, Terms, Unstake,
    },
    solana_address::Address,
    std::mem::offset_of,
};

/// An offset from the start of the account, discriminator included, and the bytes that must stand there:
/// what [`crate::Ledger::list`] takes.
pub type Filter = (usize, Vec<u8>);

/// A filter for each line `name: Type.field`. A field that is no address does not compile.
macro_rules! by_key {
    ($($(#[$doc:meta])* $name:ident: $account:ident.$field:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name(key: &Address) -> Filter {
            const _: fn(&$account) -> &Address = |account| &account.$field;
            (8 + offset_of!($account, $field), key.to_bytes().to_vec())
        }
    )*};
}

by_key! {
    /// Providers in a network.
    provider_network: Provider.network;
    /// Providers of an owner.
    provider_owner: Provider.owner;
    /// Providers that a key operates.
    provider_operator: Provider.operator;
    /// Nodes in a network.
    node_network: Node.network;
    /// Nodes of a provider.
    node_provider: Node.provider;
    /// Nodes of a worker.
    node_worker: Node.worker;
    /// Attesters in a network.
    attester_network: Attester.network;
    /// Attester sets in a network.
    attester_set_network: AttesterSet.network;
    /// Batches for an attester set.
    batch_set: Batch.set;
    /// Offers in a network.
    offer_network: Offer.network;
    /// Offers of a node.
    offer_node: Offer.node;
    /// Jobs in a network.
    job_network: Job.network;
    /// Jobs of a buyer.
    job_buyer: Job.buyer;
    /// Jobs named for or accepted by a provider.
    job_provider: Job.provider;
    /// Jobs on a node.
    job_node: Job.node;
    /// Challenges in a network.
    challenge_network: Challenge.network;
    /// Challenges of a job.
    challenge_job: Challenge.job;
    /// Stake pools in a network.
    stake_pool_network: StakePool.network;
    /// Positions in a stake pool.
    position_pool: Position.pool;
    /// Positions of a staker.
    position_staker: Position.staker;
    /// Tickets of a position.
    unstake_position: Unstake.position;
    /// Tickets of a staker.
    unstake_staker: Unstake.staker;
    /// Reward pools in a network.
    reward_pool_network: RewardPool.network;
    /// Reward pools of an attester set.
    reward_pool_set: RewardPool.set;
    /// Open epochs of a reward pool.
    epoch_pool: Epoch.pool;
    /// Shares of a reward pool.
    share_pool: Share.pool;
    /// Shares whose rewards are a provider's owner's.
    share_payee: Share.payee;
}

/// Jobs under an attester set.
pub fn job_set(key: &Address) -> Filter {
    let offset = 8 + offset_of!(Job, terms) + offset_of!(Terms, set);
    (offset, key.to_bytes().to_vec())
}

/// Jobs in a state.
pub fn job_state(state: JobState) -> Filter {
    (8 + offset_of!(Job, state), vec![state.byte()])
}

#[cfg(test)]
mod tests {
    use {super::*, anchor_lang::Discriminator, bytemuck::Zeroable};

    /// The bytes of an account as they lie on the chain.
    fn bytes<T: bytemuck::Pod + Discriminator>(account: &T) -> Vec<u8> {
        [T::DISCRIMINATOR, bytemuck::bytes_of(account)].concat()
    }

    fn matches((offset, wanted): &Filter, account: &[u8]) -> bool {
        account[*offset..].starts_with(wanted)
    }

    #[test]
    fn a_filter_finds_the_accounts_that_hold_the_key_in_that_field() {
        let [network, buyer, node] = [(); 3].map(|()| Address::new_unique());
        let job = bytes(&Job {
            network,
            buyer,
            node,
            state: JobState::Released.byte(),
            ..Job::zeroed()
        });
        for (filter, key) in [
            (job_network as fn(&Address) -> Filter, network),
            (job_buyer, buyer),
            (job_node, node),
        ] {
            assert!(matches(&filter(&key), &job));
            assert!(!matches(&filter(&Address::new_unique()), &job));
        }
        assert!(!matches(&job_provider(&buyer), &job));
        assert!(matches(&job_state(JobState::Released), &job));
        assert!(!matches(&job_state(JobState::Active), &job));

        let mut under = Job::zeroed();
        under.terms.set = network;
        assert!(matches(&job_set(&network), &bytes(&under)));
        assert!(!matches(&job_set(&buyer), &bytes(&under)));

        let share = bytes(&Share {
            payee: buyer,
            pool: network,
            ..Share::zeroed()
        });
        assert!(matches(&share_payee(&buyer), &share));
        assert!(matches(&share_pool(&network), &share));
        assert!(!matches(&share_pool(&buyer), &share));
    }
}
