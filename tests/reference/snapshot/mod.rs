//! Account counters: what the model expects on chain, in the same structs that the driver fills by decoding accounts.

mod challenge;
mod job;
mod network;
mod registry;
mod rewards;
mod stake;

use {
    super::{ChallengeKey, Holder, Id, Key, Mint, Reference},
    std::collections::BTreeMap,
};
pub use {
    challenge::ChallengeCounters,
    job::JobCounters,
    network::{NetworkCounters, ParamCounters},
    registry::{
        AttesterCounters, BatchCounters, NodeCounters, OfferCounters, ProviderCounters, SetCounters,
    },
    rewards::{EpochCounters, RewardPoolCounters, ShareCounters},
    stake::{PositionCounters, StakePoolCounters, StreamCounters, TicketCounters},
};

/// Counters of every account of the program, and every token balance that is not 0. Compare with `assert_eq!`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    pub networks: BTreeMap<Id, NetworkCounters>,
    pub attesters: BTreeMap<Id, AttesterCounters>,
    pub sets: BTreeMap<Id, SetCounters>,
    pub batches: BTreeMap<Id, BatchCounters>,
    pub providers: BTreeMap<Id, ProviderCounters>,
    pub nodes: BTreeMap<Id, NodeCounters>,
    pub stake_pools: BTreeMap<Id, StakePoolCounters>,
    pub offers: BTreeMap<Id, OfferCounters>,
    /// By pool and staker.
    pub positions: BTreeMap<(Id, Key), PositionCounters>,
    /// By pool, staker and nonce.
    pub tickets: BTreeMap<(Id, Key, u64), TicketCounters>,
    pub jobs: BTreeMap<Id, JobCounters>,
    pub challenges: BTreeMap<ChallengeKey, ChallengeCounters>,
    pub reward_pools: BTreeMap<Id, RewardPoolCounters>,
    /// By pool and index.
    pub epochs: BTreeMap<(Id, u64), EpochCounters>,
    /// By pool and node.
    pub shares: BTreeMap<(Id, Id), ShareCounters>,
    pub balances: BTreeMap<(Holder, Mint), u64>,
    /// What each mint says there is of it: all balances, less what was burned.
    pub supplies: BTreeMap<Mint, u64>,
}

/// What the driver saw on chain after a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    pub state: Snapshot,
    /// Lamports of every account in the world, rent included.
    pub lamports: u128,
    /// Transaction fees burned or paid to validators since the world began.
    pub fees: u128,
}

/// A sum that the model keeps within its field.
fn field<T: TryFrom<u128>>(sum: u128) -> T {
    T::try_from(sum)
        .ok()
        .expect("the model stays within the fields of accounts")
}

fn count<T: TryFrom<u128>>(items: impl Iterator) -> T {
    field(items.count() as u128)
}

fn mask<'a>(indices: impl IntoIterator<Item = &'a u8>) -> u16 {
    indices
        .into_iter()
        .fold(0, |mask, index| mask | 1 << *index)
}

impl Reference {
    /// The counters that every account must hold now.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            networks: each(&self.networks, |_, network| NetworkCounters::of(network)),
            attesters: each(&self.attesters, |_, a| AttesterCounters::of(self, a)),
            sets: each(&self.sets, |_, set| SetCounters::of(set)),
            batches: each(&self.batches, |_, batch| BatchCounters::of(batch)),
            providers: each(&self.providers, |id, p| ProviderCounters::of(self, id, p)),
            nodes: each(&self.nodes, |id, node| NodeCounters::of(self, id, node)),
            offers: each(&self.offers, |_, offer| OfferCounters::of(offer)),
            stake_pools: each(&self.stake_pools, |id, p| {
                StakePoolCounters::of(self, id, p)
            }),
            positions: each(&self.positions, |(pool, staker), position| {
                PositionCounters::of(self, pool, staker, position)
            }),
            tickets: each(&self.tickets, |_, ticket| TicketCounters::of(ticket)),
            jobs: each(&self.jobs, |_, job| JobCounters::of(job)),
            challenges: each(&self.challenges, |_, c| ChallengeCounters::of(c)),
            reward_pools: each(&self.reward_pools, |id, p| {
                RewardPoolCounters::of(self, id, p)
            }),
            epochs: self.epoch_counters(),
            shares: each(&self.shares, |(pool, _), s| {
                ShareCounters::of(self, pool, s)
            }),
            balances: self.balances.clone(),
            supplies: self.supplies(),
        }
    }

    /// All balances of each mint.
    fn supplies(&self) -> BTreeMap<Mint, u64> {
        let mut supplies = BTreeMap::new();
        for ((_, mint), amount) in &self.balances {
            *supplies.entry(*mint).or_default() += *amount;
        }
        supplies
    }
}

fn each<K: Ord + Copy, V, C>(
    accounts: &BTreeMap<K, V>,
    counters: impl Fn(K, &V) -> C,
) -> BTreeMap<K, C> {
    let pairs = accounts.iter();
    pairs.map(|(key, v)| (*key, counters(*key, v))).collect()
}
