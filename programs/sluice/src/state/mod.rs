//! One account type a file: its address, its constructor, its transitions, its invariant.
//!
//! Every account is fixed-size and zero-copy. Integers are little-endian, amounts are base units of the account's mint,
//! times are unix seconds. `reserve` fields are zero and belong to later versions.

mod attester;
mod attester_set;
mod batch;
mod challenge;
mod epoch;
mod job;
mod job_batch;
mod job_dispute;
mod job_end;
mod job_money;
mod job_open;
mod network;
mod node;
mod offer;
mod position;
mod provider;
mod quality;
mod record;
mod reward_pool;
mod share;
mod stake_pool;
mod terms;
mod unstake;

pub use {
    attester::{Attester, NewAttester, Standing},
    attester_set::{AttesterSet, SetArgs},
    batch::Batch,
    challenge::{Challenge, Objection, Ruling, Verdict},
    epoch::Epoch,
    job::{Job, JobState, RingEntry},
    job_end::EndCause,
    job_money::Door,
    job_open::{Machine, OpenArgs, Opening},
    network::{Network, NetworkChange, NetworkParams, NetworkRoles},
    node::{Node, NodeArgs},
    offer::{Offer, OfferArgs, Posting, Seen},
    position::Position,
    provider::Provider,
    quality::{Quality, Shortfall},
    record::Record,
    reward_pool::{PoolAccounts, RewardPool, RewardTerms},
    share::{Counted, Joining, Parts, Share, ShareSlot},
    stake_pool::{NewPool, StakePool, Subject},
    terms::{Terms, require_date},
    unstake::{NewTicket, Unstake},
};
