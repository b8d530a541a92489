//! The reference ledger: Sluice written a second time, in plain Rust and from `docs/protocol.md`, to hold the program against.
//!
//! It keeps histories where the program keeps totals, rings and closed forms: every deposit, proof, pull, credit, report
//! and claim ever made. Totals are summed from them, windows are enumerated, bonds are added up from the jobs that hold
//! them. Arithmetic is `u128` and `i128`. Accounts, keys and mints are plain numbers that the driver maps to addresses.

pub mod action;
pub mod batches;
pub mod disputes;
mod dividends;
mod ending;
mod escrow;
pub mod invariants;
pub mod job;
pub mod ledger;
pub mod market;
pub mod network;
mod placing;
pub mod proof;
pub mod registry;
pub mod replay;
pub mod rewards;
#[cfg(test)]
mod scenarios;
pub mod sets;
pub mod snapshot;
pub mod stake;
mod stake_exits;
mod streams;
pub mod terms;
mod winding_up;

pub use {
    action::{Action, OpenJob, PostOffer, Said, ShowEquivocation, TakeOffer},
    batches::{AttestBatch, SignedTree, Tree},
    disputes::{ChallengeKey, Ruling},
    job::{Cause, Job, JobState},
    ledger::{Account, Effect, Holder, Movement},
    network::{Founding, NetworkParams},
    proof::{Claimed, Path, Signed, Statement},
    rewards::RewardTerms,
    sets::{Quality, SetArgs},
    snapshot::{Observed, Snapshot},
    stake::Subject,
    terms::Terms,
};
use {
    batches::Batch,
    disputes::Challenge,
    market::Offer,
    network::Network,
    registry::{Attester, Node, Provider},
    rewards::{RewardPool, Share},
    sets::AttesterSet,
    stake::{Position, StakePool, Ticket},
    std::collections::BTreeMap,
};

/// Handle of an account; the driver maps it to an address. A job opened anew at the same address keeps its handle.
pub type Id = u64;
/// Handle of a wallet or signing key. Attesters' handles must sort as their addresses do.
pub type Key = u64;
/// Handle of a mint.
pub type Mint = u64;
/// Name of the `SluiceError` an action is refused with, or one of [`MISSING`], [`IN_USE`] and [`SHORT`].
pub type Fail = &'static str;

/// Refused outside of the program: an account that the instruction needs does not exist.
pub const MISSING: Fail = "AccountMissing";
/// Refused outside of the program: an account that the instruction creates exists.
pub const IN_USE: Fail = "AccountInUse";
/// Refused outside of the program: the source holds fewer tokens than are moved.
pub const SHORT: Fail = "InsufficientFunds";

/// A whole network of networks, as the specification says it must be.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    pub networks: BTreeMap<Id, Network>,
    pub attesters: BTreeMap<Id, Attester>,
    pub sets: BTreeMap<Id, AttesterSet>,
    pub batches: BTreeMap<Id, Batch>,
    pub providers: BTreeMap<Id, Provider>,
    pub nodes: BTreeMap<Id, Node>,
    pub stake_pools: BTreeMap<Id, StakePool>,
    /// Whom those stood behind that closed.
    pub gone_stake_pools: BTreeMap<Id, Subject>,
    /// By pool and staker.
    pub positions: BTreeMap<(Id, Key), Position>,
    /// Open unstake tickets, by pool, staker and nonce.
    pub tickets: BTreeMap<(Id, Key, u64), Ticket>,
    pub offers: BTreeMap<Id, Offer>,
    /// Challenges that are not settled; they outlive their job.
    pub challenges: BTreeMap<ChallengeKey, Challenge>,
    /// Settled ones, in the order they closed.
    pub settled: Vec<(ChallengeKey, Challenge)>,
    /// Jobs that are not closed.
    pub jobs: BTreeMap<Id, Job>,
    /// Closed jobs with all their history, in the order they closed.
    pub closed_jobs: Vec<(Id, Job)>,
    pub reward_pools: BTreeMap<Id, RewardPool>,
    /// Closed reward pools with all their history, in the order they closed.
    pub closed_reward_pools: Vec<(Id, RewardPool)>,
    /// By pool and node.
    pub shares: BTreeMap<(Id, Id), Share>,
    /// Every token balance that is not 0.
    pub balances: BTreeMap<(Holder, Mint), u64>,
}

/// When an action happens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// Unix seconds.
    pub now: i64,
    pub slot: u64,
}

impl Reference {
    /// Applies one instruction at `now` (unix seconds) in `slot`, and tells which tokens moved and which accounts opened
    /// and closed. A refusal changes nothing.
    ///
    /// # Errors
    /// The name of the `SluiceError` that the program must answer with; [`MISSING`], [`IN_USE`] or [`SHORT`] where the
    /// refusal is Anchor's, the system program's or the token program's.
    pub fn apply(&mut self, now: i64, slot: u64, action: &Action) -> Result<Effect, Fail> {
        let at = Moment { now, slot };
        match action {
            Action::CreateNetwork { .. }
            | Action::ProposeChange { .. }
            | Action::ApplyChange { .. }
            | Action::NameAdmin { .. }
            | Action::AcceptAdmin { .. }
            | Action::Pause { .. } => self.apply_governance(at, action),
            Action::RegisterAttester { .. }
            | Action::CreateSet { .. }
            | Action::EnterSet { .. }
            | Action::LeaveSet { .. }
            | Action::RegisterProvider { .. }
            | Action::RegisterNode { .. }
            | Action::SetOperator { .. }
            | Action::CloseProvider { .. }
            | Action::UpdateNode { .. }
            | Action::CloseNode { .. }
            | Action::CloseAttester { .. }
            | Action::UpdateAttester { .. }
            | Action::SetCommission { .. } => self.apply_registry(at, action),
            Action::CreateStakePool { .. }
            | Action::Stake { .. }
            | Action::Unstake { .. }
            | Action::Withdraw { .. }
            | Action::CancelUnstake { .. }
            | Action::ClosePosition { .. }
            | Action::AddDividends { .. }
            | Action::ClaimDividends { .. }
            | Action::BurnSlashed { .. }
            | Action::CloseStakePool { .. } => self.apply_stake(at, action),
            Action::Challenge { .. }
            | Action::AddEvidence { .. }
            | Action::RuleChallenge { .. }
            | Action::SlashSigner { .. }
            | Action::SettleChallenge { .. }
            | Action::ShowEquivocation(_) => self.apply_disputes(at, action),
            Action::PostBatch { .. }
            | Action::EndorseBatch { .. }
            | Action::AttestBatch(_)
            | Action::CloseBatch { .. } => self.apply_batch(at, action),
            Action::PostOffer(post) => self.post_offer(at, post),
            Action::CloseOffer { offer, by, shown } => self.close_offer(at, *offer, *by, *shown),
            Action::TakeOffer(take) => self.take_offer(at, take),
            Action::OpenJob(_)
            | Action::AcceptJob { .. }
            | Action::TopUpJob { .. }
            | Action::Attest { .. }
            | Action::AttestCosigned { .. }
            | Action::Mature { .. }
            | Action::Pay { .. }
            | Action::SweepTreasury { .. }
            | Action::SweepAttesters { .. }
            | Action::Refund { .. }
            | Action::CancelJob { .. }
            | Action::ResignJob { .. }
            | Action::FaultJob { .. }
            | Action::WaiveJob { .. }
            | Action::ReleaseJob { .. }
            | Action::CloseJob { .. }
            | Action::Credit { .. } => self.apply_job(at, action),
            Action::CreateRewardPool { .. }
            | Action::FundRewardPool { .. }
            | Action::JoinRewardPool { .. }
            | Action::Report { .. }
            | Action::OpenEpoch { .. }
            | Action::Claim { .. }
            | Action::Fold { .. }
            | Action::CloseEpoch { .. }
            | Action::PayDelegators { .. }
            | Action::ReturnUnallocated { .. }
            | Action::CloseShare { .. }
            | Action::CloseRewardPool { .. } => self.apply_rewards(at, action),
            Action::Transfer {
                from,
                to,
                mint,
                amount,
            } => self.transfer(*from, *to, *mint, *amount),
        }
    }
}

/// `error` unless `holds`.
pub(crate) fn ensure(holds: bool, error: Fail) -> Result<(), Fail> {
    if holds { Ok(()) } else { Err(error) }
}

/// Looks an account up.
pub(crate) fn find<K: Ord, V>(accounts: &BTreeMap<K, V>, key: K) -> Result<&V, Fail> {
    accounts.get(&key).ok_or(MISSING)
}

/// Looks an account up to change it.
pub(crate) fn find_mut<K: Ord, V>(accounts: &mut BTreeMap<K, V>, key: K) -> Result<&mut V, Fail> {
    accounts.get_mut(&key).ok_or(MISSING)
}

/// An amount that must fit an account's field.
pub(crate) fn fit(amount: u128) -> Result<u64, Fail> {
    u64::try_from(amount).map_err(|_| "MathOverflow")
}
