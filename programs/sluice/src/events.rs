//! What became true, with enough to rebuild the account. Totals are cumulative.

mod attester;
mod attester_set;
mod batch;
mod challenge;
mod job;
mod log;
mod network;
mod node;
mod offer;
mod provider;
mod rewards;
mod stake;

pub use {
    attester::{AttesterRegistered, AttesterSlashed, AttesterUpdated},
    attester_set::{AttesterSetCreated, SetMembershipChanged},
    batch::{BatchClosed, BatchProven, BatchSigned, ProvenWindow},
    challenge::{ChallengeOpened, ChallengeRuled, ChallengeSettled, EvidenceAdded},
    job::{
        EscrowMoved, JobAccepted, JobClosed, JobEndMoved, JobMatured, JobOpened, JobReleased,
        JobToppedUp, NodeCredited, WindowProven,
    },
    log::emit,
    network::{
        AdminChanged, AdminNamed, ChangeApplied, ChangeProposed, NetworkCreated, PauseChanged,
    },
    node::{NodeClosed, NodeRegistered, NodeUpdated},
    offer::{OfferClosed, OfferPosted, OfferTaken},
    provider::{CommissionChanged, OperatorChanged, ProviderClosed, ProviderRegistered},
    rewards::{
        DelegatorsPaid, EpochClosed, LeftoversReturned, RewardClaimed, RewardFolded,
        RewardPoolClosed, RewardPoolCreated, RewardPoolFunded, ShareClosed, ShareJoined,
        WorkReported,
    },
    stake::{DividendsAdded, DividendsClaimed, SlashBurned, StakeChanged, StakePoolCreated},
};
