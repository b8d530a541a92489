//! Sluice settles decentralised compute: providers stake and register machines, buyers escrow tokens for jobs, workers prove
//! what they did and attesters countersign, escrow pays by the proven unit, reward pools stream pro-rata to proven work.
//!
//! This file is the contract: every instruction, what it does, who may send it and what it requires. Amounts are base units
//! of the account's mint, times are unix seconds, fees are basis points.
//!
//! Whatever pays tokens out pays one recipient: its associated account (`NotAssociatedAccount`), which is the recipient's
//! (`RecipientChangedOwner`). If that one is another's, it is given as `given_away`, and `destination` may be any account of the mint that
//! the recipient holds without delegate and close authority (`NotOwnedAlone`).

#![cfg_attr(not(feature = "idl-build"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::as_conversions
    )
)]

use anchor_lang::prelude::*;
// Gives the on-chain build memcpy and friends by system call.
#[cfg(target_os = "solana")]
use solana_compiler_builtins as _;

pub mod attestation;
mod checked;

pub mod constants;
pub mod error;
pub mod events;
pub mod hash;
pub mod identity;
pub mod instructions;
pub mod mint_policy;
// In the program alone, not in what calls it.
#[cfg(not(feature = "no-entrypoint"))]
mod security;
pub mod state;
pub mod vault;

pub use instructions::{
    attester::equivocation::Equivocation, network::create::NetworkArgs, offer::take::TakeArgs,
};
pub use state::{OfferArgs, OpenArgs};
/// Accounts that several instructions share, as clients give them.
pub mod shared_accounts {
    pub use crate::instructions::{
        attester::bonded::__client_accounts_bonded::Bonded,
        job::{
            open::__client_accounts_funding::Funding, place::__client_accounts_placement::Placement,
        },
        rewards::{
            claim::__client_accounts_claim::Claim,
            pool_vault::__client_accounts_rewardvault::RewardVault,
        },
        stake::pool_vault::__client_accounts_poolvault::PoolVault,
    };
}

use {
    attestation::Claimed,
    instructions::{
        attester::{close::*, equivocation::*, register::*, update::*},
        attester_set::{create::*, enter::*, leave::*},
        challenge::{evidence::*, open::*, rule::*, settle::*, slash_signer::*},
        job::{
            accept::*, attest::*, attest_cosigned::*, close::*, credit::*, end::*, exit::*,
            mature::*, open::*, release::*, sweep::*, top_up::*,
        },
        network::{create::*, govern::*},
        node::{close::*, register::*, update::*},
        offer::{close::*, post::*, take::*},
        provider::{close::*, register::*, set_commission::*, set_operator::*},
        rewards::{
            claim::*, close::*, close_epoch::*, close_share::*, create::*, fold::*, fund::*,
            join::*, pay_delegators::*, pool_vault::*, report::*,
        },
        stake::{
            add_dividends::*, burn_slashed::*, cancel_unstake::*, claim_dividends::*,
            close_pool::*, close_position::*, create_pool::*, deposit::*, thaw::*, withdraw::*,
        },
    },
    state::{NetworkChange, NodeArgs, RewardTerms, Ruling, SetArgs},
};

declare_id!("S1uicezqFH8VArpQoFXyAKpTVCiBKkzX3NeCrKpfXpG");

#[program]
pub mod sluice {
    use super::*;

    /// Creates a network with its roles, mints and parameters. Anyone; the creator signs, its key and the name are the
    /// address. Event: `NetworkCreated`.
    #[discrim = [0]]
    pub fn create_network(ctx: &mut Context<CreateNetwork>, args: NetworkArgs) -> Result<()> {
        instructions::network::create::handler(ctx, args)
    }

    /// Registers an attester's key. The key and its owner sign. Event: `AttesterRegistered`.
    #[discrim = [1]]
    pub fn register_attester(ctx: &mut Context<RegisterAttester>) -> Result<()> {
        instructions::attester::register::handler(ctx)
    }

    /// Says where an attester is asked for signatures. Its owner. Event: `AttesterUpdated`.
    #[discrim = [73]]
    pub fn update_attester(ctx: &mut Context<UpdateAttester>, uri: [u8; 64]) -> Result<()> {
        instructions::attester::update::handler(ctx, uri)
    }

    /// Creates an immutable set of attester keys, and what jobs under it must offer to count, addressed by the digest of its
    /// contents. Anyone; members join by entering.
    /// Event: `AttesterSetCreated`.
    #[discrim = [2]]
    pub fn create_attester_set(
        ctx: &mut Context<CreateAttesterSet>,
        digest: [u8; 32],
        args: SetArgs,
    ) -> Result<()> {
        instructions::attester_set::create::handler(ctx, digest, args)
    }

    /// Makes a member live, once ever; raises its bond to the network's minimum and locks what that adds. The attester's owner.
    /// Event: `SetMembershipChanged`.
    #[discrim = [3]]
    pub fn enter_attester_set(ctx: &mut Context<EnterAttesterSet>, index: u8) -> Result<()> {
        instructions::attester_set::enter::handler(ctx, index)
    }

    /// Clears a member's live bit for ever; the last one unlocks the bond. The attester's owner, the set's revoker, or anyone
    /// once the attester lost its bond.
    /// Event: `SetMembershipChanged`.
    #[discrim = [4]]
    pub fn leave_attester_set(ctx: &mut Context<LeaveAttesterSet>, index: u8) -> Result<()> {
        instructions::attester_set::leave::handler(ctx, index)
    }

    /// Registers a provider. Its owner signs; the operator is the hot key. Event: `ProviderRegistered`.
    #[discrim = [5]]
    pub fn register_provider(ctx: &mut Context<RegisterProvider>, operator: Address) -> Result<()> {
        instructions::provider::register::handler(ctx, operator)
    }

    /// Registers a machine under one attester set or none. Provider's owner and worker key sign. Event: `NodeRegistered`.
    #[discrim = [6]]
    pub fn register_node(ctx: &mut Context<RegisterNode>, args: NodeArgs) -> Result<()> {
        instructions::node::register::handler(ctx, &args)
    }

    /// Names another operator. The provider's owner. Event: `OperatorChanged`.
    #[discrim = [7]]
    pub fn set_operator(ctx: &mut Context<SetOperator>, operator: Address) -> Result<()> {
        instructions::provider::set_operator::handler(ctx, operator)
    }

    /// Closes a provider without nodes whose commission is 100 %, and its record with it; rent to whoever paid it. The provider's
    /// owner.
    /// Event: `ProviderClosed`.
    #[discrim = [8]]
    pub fn close_provider(ctx: &mut Context<CloseProvider>) -> Result<()> {
        instructions::provider::close::handler(ctx)
    }

    /// Describes a machine anew: metadata, slots, class, region. The provider's operator. Event: `NodeUpdated`.
    #[discrim = [9]]
    pub fn update_node(ctx: &mut Context<UpdateNode>, args: NodeArgs) -> Result<()> {
        instructions::node::update::handler(ctx, &args)
    }

    /// Closes a node without jobs; rent to whoever paid it. The provider's owner. Event: `NodeClosed`.
    #[discrim = [15]]
    pub fn close_node(ctx: &mut Context<CloseNode>) -> Result<()> {
        instructions::node::close::handler(ctx)
    }

    /// Offers a node's slots under whole terms. The provider's operator. Event: `OfferPosted`.
    #[discrim = [16]]
    pub fn post_offer(ctx: &mut Context<PostOffer>, args: OfferArgs) -> Result<()> {
        instructions::offer::post::handler(ctx, &args)
    }

    /// Withdraws an offer, or clears away one that is over; rent to whoever paid it. The provider's operator, or anyone once
    /// it expired or was used up. Event: `OfferClosed`.
    #[discrim = [17]]
    pub fn close_offer(ctx: &mut Context<CloseOffer>) -> Result<()> {
        instructions::offer::close::handler(ctx)
    }

    /// Takes an offer: opens and funds a job under its terms and starts it on its node at once. The buyer, who states offer, price
    /// (`PriceChanged`), the bump of the vault's address (`VaultBumpNotFirst`), resolver
    /// (`ResolverChanged`) and the most fees (`FeeTooHigh`), and shows the attestation of the provider's owner where the network
    /// pins an identity. Events: `JobOpened`, `OfferTaken`, `JobAccepted`.
    #[discrim = [18]]
    pub fn take_offer(ctx: &mut Context<TakeOffer>, args: TakeArgs, vault_bump: u8) -> Result<()> {
        instructions::offer::take::handler(ctx, &args, vault_bump)
    }

    /// Creates the stake pool and vault of a provider or attester. Anyone pays the rent. Event: `StakePoolCreated`.
    #[discrim = [10]]
    pub fn create_stake_pool(ctx: &mut Context<CreateStakePool>) -> Result<()> {
        instructions::stake::create_pool::handler(ctx)
    }

    /// Stakes `amount` base units, and opens the staker's position in the pool where there is none; refused where slashes left a
    /// 64th of a token a share or less, until all shares are out. The staker. Event: `StakeChanged`.
    #[discrim = [12]]
    pub fn stake(ctx: &mut Context<Stake>, amount: u64) -> Result<()> {
        instructions::stake::deposit::handler(ctx, amount)
    }

    /// Moves `shares` into a ticket that can be withdrawn after the network's unbonding time; what bonds hold stays. The
    /// position's staker. Event: `StakeChanged`.
    #[discrim = [13]]
    pub fn unstake(ctx: &mut Context<BeginUnstake>, shares: u64, nonce: u64) -> Result<()> {
        instructions::stake::thaw::handler(ctx, shares, nonce)
    }

    /// Pays a ripe ticket to the staker's associated account at today's share price and closes it. Anyone.
    /// Event: `StakeChanged`.
    #[discrim = [14]]
    pub fn withdraw(ctx: &mut Context<Withdraw>) -> Result<()> {
        instructions::stake::withdraw::handler(ctx)
    }

    /// Opens and funds a job for anyone or one named provider, to be accepted within a year (`DateTooFar`); its terms are fixed from
    /// here on. The buyer, who states the bump of the vault's address (`VaultBumpNotFirst`), resolver (`ResolverChanged`) and the most
    /// fees (`FeeTooHigh`). Event: `JobOpened`.
    #[discrim = [20]]
    pub fn open_job(ctx: &mut Context<OpenJob>, args: OpenArgs, vault_bump: u8) -> Result<()> {
        instructions::job::open::handler(ctx, &args, vault_bump)
    }

    /// Takes an open job onto a node: locks the bond and a slot, starts the windows. The provider's operator; where the network
    /// pins an identity, its owner's attestation is shown. Event: `JobAccepted`.
    #[discrim = [21]]
    pub fn accept_job(ctx: &mut Context<AcceptJob>, incarnation: u64) -> Result<()> {
        instructions::job::accept::handler(ctx, incarnation)
    }

    /// Adds funds before the end and changes nothing else. Anyone. Event: `JobToppedUp`.
    #[discrim = [22]]
    pub fn top_up_job(ctx: &mut Context<TopUpJob>, incarnation: u64, amount: u64) -> Result<()> {
        instructions::job::top_up::handler(ctx, incarnation, amount)
    }

    /// Proves a window by worker and exactly `threshold` live members of the job's set, through the ed25519 instruction
    /// immediately before; `members` are their indices, ascending, four bits each. Anyone. Event: `WindowProven`.
    #[discrim = [23]]
    pub fn attest(
        ctx: &mut Context<Attest>,
        window: u32,
        units: u64,
        digest: [u8; 32],
        members: u64,
    ) -> Result<()> {
        instructions::job::attest::handler(
            ctx,
            &Claimed {
                window,
                units,
                digest,
            },
            members,
        )
    }

    /// Proves a window by worker and cosigner; it matures at once, earns no reward weight and pays no attestation fee. Anyone.
    /// Event: `WindowProven`.
    #[discrim = [24]]
    pub fn attest_cosigned(
        ctx: &mut Context<AttestCosigned>,
        window: u32,
        units: u64,
        digest: [u8; 32],
    ) -> Result<()> {
        instructions::job::attest_cosigned::handler(
            ctx,
            &Claimed {
                window,
                units,
                digest,
            },
        )
    }

    /// Turns proofs whose challenge time has passed into earnings. Anyone, though no other pull needs it: they all do it
    /// first. Fails with `NothingDue` when nothing is ripe.
    /// Event: `JobMatured`.
    #[discrim = [25]]
    pub fn mature(ctx: &mut Context<Mature>) -> Result<()> {
        instructions::job::mature::handler(ctx)
    }

    /// Pays the provider what it has earned. Anyone. Event: `EscrowMoved`.
    #[discrim = [26]]
    pub fn pay(ctx: &mut Context<MoveEscrow>) -> Result<()> {
        instructions::job::pay::handler(ctx)
    }

    /// Pays the network's fee to its treasury. Anyone. Event: `EscrowMoved`.
    #[discrim = [27]]
    pub fn sweep_treasury(ctx: &mut Context<SweepTreasury>) -> Result<()> {
        instructions::job::sweep::treasury(ctx)
    }

    /// Pays the attestation fee to the set's fee owner. Anyone. Event: `EscrowMoved`.
    #[discrim = [28]]
    pub fn sweep_attesters(ctx: &mut Context<MoveEscrow>) -> Result<()> {
        instructions::job::sweep::attesters(ctx)
    }

    /// Returns to the refund owner what can no longer be earned. Anyone. Event: `EscrowMoved`.
    #[discrim = [29]]
    pub fn refund(ctx: &mut Context<MoveEscrow>) -> Result<()> {
        instructions::job::refund::handler(ctx)
    }

    /// Ends a job: at once while open, after the notice while active, at once if its set is shown to have lost its quorum or a
    /// ruling made one of its windows void. The buyer. Event: `JobEndMoved`.
    #[discrim = [30]]
    pub fn cancel_job(ctx: &mut Context<EndJob>, incarnation: u64) -> Result<()> {
        instructions::job::cancel::handler(ctx, incarnation)
    }

    /// Frees bond and slot, credits the node and writes the record, once nothing can be proven and nothing is pending. Moves
    /// no token. Anyone. Event: `JobReleased`.
    #[discrim = [31]]
    pub fn release_job(ctx: &mut Context<ReleaseJob>) -> Result<()> {
        instructions::job::release::handler(ctx)
    }

    /// Closes a job that owes nothing; donations go to the refund owner, rent to whoever paid it. Anyone. Event: `JobClosed`.
    #[discrim = [32]]
    pub fn close_job(ctx: &mut Context<CloseJob>) -> Result<()> {
        instructions::job::close::handler(ctx)
    }

    /// Moves newly matured quorum units that whole base units paid for from a job to its node. Refuses a job whose terms fall
    /// short of what its set asks (`JobDoesNotCount`). Anyone. Event: `NodeCredited`.
    #[discrim = [33]]
    pub fn credit(ctx: &mut Context<Credit>) -> Result<()> {
        instructions::job::credit::handler(ctx)
    }

    /// Ends an active job after the notice; at once and off the record if less than one window is funded, or if its set is
    /// shown to have lost its quorum. The provider's operator. Event: `JobEndMoved`.
    #[discrim = [34]]
    pub fn resign_job(ctx: &mut Context<EndJob>, incarnation: u64) -> Result<()> {
        instructions::job::resign::handler(ctx, incarnation)
    }

    /// Ends an active job at once if its last `fault_windows` windows past their grace, and all after them, are
    /// unproven. The buyer or the provider's operator. Event: `JobEndMoved`.
    #[discrim = [35]]
    pub fn fault_job(ctx: &mut Context<EndJob>, incarnation: u64) -> Result<()> {
        instructions::job::fault::handler(ctx, incarnation)
    }

    /// Gives back a job that was taken from an offer and of which nothing is proven: it ends as if it had never started, and
    /// its record says so. The provider's operator, until the release. Event: `JobEndMoved`.
    #[discrim = [36]]
    pub fn waive_job(ctx: &mut Context<EndJob>, incarnation: u64) -> Result<()> {
        instructions::job::waive::handler(ctx, incarnation)
    }

    /// Creates a reward pool for one attester set, which starts and ends within ten years; its terms never change. Anyone.
    /// Event: `RewardPoolCreated`.
    #[discrim = [40]]
    pub fn create_reward_pool(
        ctx: &mut Context<CreateRewardPool>,
        id: u64,
        terms: RewardTerms,
        refund_owner: Address,
    ) -> Result<()> {
        instructions::rewards::create::handler(ctx, id, &terms, refund_owner)
    }

    /// Adds funds to a reward pool whose epochs still count work. Anyone. Event: `RewardPoolFunded`.
    #[discrim = [41]]
    pub fn fund_reward_pool(
        ctx: &mut Context<FundRewardPool>,
        incarnation: u64,
        amount: u64,
    ) -> Result<()> {
        instructions::rewards::fund::handler(ctx, incarnation, amount)
    }

    /// Joins a node of the pool's set; before the start, with all that it has done as its baseline. The provider's operator.
    /// Event: `ShareJoined`.
    #[discrim = [42]]
    pub fn join_reward_pool(ctx: &mut Context<JoinRewardPool>, incarnation: u64) -> Result<()> {
        instructions::rewards::join::handler(ctx, incarnation)
    }

    /// Reports a node's new units in the current epoch. Before the start it sets the baseline anew, and so does the first report
    /// of a node that joined or was registered anew since. Anyone.
    /// Event: `WorkReported`.
    #[discrim = [43]]
    pub fn report(ctx: &mut Context<Report>) -> Result<()> {
        instructions::rewards::report::handler(ctx)
    }

    /// The first positive report of an epoch: opens it and reserves its rate. Anyone. Event: `WorkReported`.
    #[discrim = [44]]
    pub fn open_epoch(ctx: &mut Context<OpenEpoch>, index: u64) -> Result<()> {
        instructions::rewards::report::open_epoch(ctx, index)
    }

    /// Pays a share what has streamed to it, to its provider's owner. Anyone. Event: `RewardClaimed`.
    #[discrim = [45]]
    pub fn claim(ctx: &mut Context<Claim>) -> Result<()> {
        instructions::rewards::claim::handler(ctx)
    }

    /// Books the whole reward of an ended stream and frees the share's slot. Anyone. Event: `RewardFolded`.
    #[discrim = [46]]
    pub fn fold(ctx: &mut Context<Fold>) -> Result<()> {
        instructions::rewards::fold::handler(ctx)
    }

    /// Closes an epoch whose shares are all folded and returns the rest to its pool. Anyone. Event: `EpochClosed`.
    #[discrim = [47]]
    pub fn close_epoch(ctx: &mut Context<CloseEpoch>) -> Result<()> {
        instructions::rewards::close_epoch::handler(ctx)
    }

    /// Gives the delegators' part of a share, streamed or folded, to the stake pool of its provider as a dividend, which streams
    /// through the next period; to the provider's owner while nobody has stake there, active or thawing. Anyone.
    /// Events: `DividendsAdded`, `DelegatorsPaid`.
    #[discrim = [69]]
    pub fn pay_delegators(ctx: &mut Context<PayDelegators>) -> Result<()> {
        instructions::rewards::pay_delegators::handler(ctx)
    }

    /// Pays what an ended pool has unallocated to its refund owner; again when an epoch closes later. Anyone.
    /// Event: `LeftoversReturned`.
    #[discrim = [70]]
    pub fn return_unallocated(ctx: &mut Context<RewardVault>) -> Result<()> {
        instructions::rewards::return_unallocated::handler(ctx)
    }

    /// Closes a share with free slots that was paid all it earned; rent to whoever paid it. The provider's owner, and after
    /// the pool's end anyone. Event: `ShareClosed`.
    #[discrim = [71]]
    pub fn close_share(ctx: &mut Context<CloseShare>) -> Result<()> {
        instructions::rewards::close_share::handler(ctx)
    }

    /// Closes an ended pool without shares and epochs; what its vault holds goes to the refund owner, rent to whoever paid
    /// it. Anyone. Event: `RewardPoolClosed`.
    #[discrim = [72]]
    pub fn close_reward_pool(ctx: &mut Context<CloseRewardPool>) -> Result<()> {
        instructions::rewards::close::handler(ctx)
    }

    /// Challenges a window that a quorum proved, before it matures, once: its units are held until the ruling, and the
    /// challenger's bond with them. Anyone. Event: `ChallengeOpened`.
    #[discrim = [55]]
    pub fn challenge(
        ctx: &mut Context<OpenChallenge>,
        incarnation: u64,
        window: u32,
        reason: u16,
        evidence: [u8; 32],
    ) -> Result<()> {
        instructions::challenge::open::handler(ctx, incarnation, window, reason, &evidence)
    }

    /// Extends a challenge's chain of evidence by a hash. Anyone, until the ruling. Event: `EvidenceAdded`.
    #[discrim = [56]]
    pub fn add_evidence(ctx: &mut Context<AddEvidence>, piece: [u8; 32]) -> Result<()> {
        instructions::challenge::evidence::handler(ctx, &piece)
    }

    /// Rules on a challenged window: upheld, its units are earned; void, they never were, and up to the rest of the job's bond is
    /// slashed. The job's resolver in the second half of the ruling time; after it anyone, and only to uphold: the challenge has
    /// lapsed. Moves no token. Event: `ChallengeRuled`.
    #[discrim = [57]]
    pub fn rule_challenge(ctx: &mut Context<RuleChallenge>, ruling: Ruling) -> Result<()> {
        instructions::challenge::rule::handler(ctx, &ruling)
    }

    /// Slashes a signer of a window ruled void and signed falsely: its bond, once; where it is live no more, at most what its owner
    /// has left. Anyone. Event: `AttesterSlashed`.
    #[discrim = [58]]
    pub fn slash_signer(ctx: &mut Context<SlashSigner>, index: u8) -> Result<()> {
        instructions::challenge::slash_signer::handler(ctx, index)
    }

    /// Pays a ruled challenge's bond to the challenger (void or lapsed) or the provider's owner (upheld) and closes it, once its
    /// signers are slashed or a week has passed. Anyone. Event: `ChallengeSettled`.
    #[discrim = [59]]
    pub fn settle_challenge(ctx: &mut Context<SettleChallenge>) -> Result<()> {
        instructions::challenge::settle::handler(ctx)
    }

    /// Shows that an attester signed two statements about one window, by two signatures in the ed25519 instruction immediately
    /// before: slashes its bond, or what its owner has left if it is live no more, and tombstones it, once. Anyone.
    /// Event: `AttesterSlashed`.
    #[discrim = [60]]
    pub fn show_equivocation(
        ctx: &mut Context<ShowEquivocation>,
        shown: Equivocation,
    ) -> Result<()> {
        instructions::attester::equivocation::handler(ctx, &shown)
    }

    /// Closes an attester without live bits whose stake pool is gone; rent to whoever paid it. Its owner.
    #[discrim = [61]]
    pub fn close_attester(ctx: &mut Context<CloseAttester>) -> Result<()> {
        instructions::attester::close::handler(ctx)
    }

    /// Makes a ticket's shares active again and closes it; rent to whoever paid it. The staker. Event: `StakeChanged`.
    #[discrim = [62]]
    pub fn cancel_unstake(ctx: &mut Context<CancelUnstake>) -> Result<()> {
        instructions::stake::cancel_unstake::handler(ctx)
    }

    /// Closes a position without shares, tickets and unclaimed dividends; rent to whoever paid it. The staker or
    /// the pool's owner: the next stake opens it again.
    #[discrim = [63]]
    pub fn close_position(ctx: &mut Context<ClosePosition>) -> Result<()> {
        instructions::stake::close_position::handler(ctx)
    }

    /// Gives `amount` base units of the dividend mint to a stake pool: they stream to its active shares through the network's
    /// next period of dividends. The first time it opens the pool's dividend vault, and may then be 0. Anyone.
    /// Event: `DividendsAdded`.
    #[discrim = [64]]
    pub fn add_dividends(ctx: &mut Context<AddDividends>, amount: u64) -> Result<()> {
        instructions::stake::add_dividends::handler(ctx, amount)
    }

    /// Pays a position's dividends, as far as they have streamed, to its staker. Anyone. Event: `DividendsClaimed`.
    #[discrim = [65]]
    pub fn claim_dividends(ctx: &mut Context<ClaimDividends>) -> Result<()> {
        instructions::stake::claim_dividends::handler(ctx)
    }

    /// Burns what was slashed. Anyone. Event: `SlashBurned`.
    #[discrim = [66]]
    pub fn burn_slashed(ctx: &mut Context<BurnSlashed>) -> Result<()> {
        instructions::stake::burn_slashed::handler(ctx)
    }

    /// Closes a stake pool that nothing hangs on, its dividend vault first, each by a call of its own; what is left in a vault,
    /// dividends that have not streamed too, goes to the pool's owner, rent to whoever paid the pool's. The pool's owner.
    #[discrim = [67]]
    pub fn close_stake_pool(ctx: &mut Context<CloseStakePool>) -> Result<()> {
        instructions::stake::close_pool::handler(ctx)
    }

    /// Sets the part of rewards in the network's dividend mint that the provider keeps from its delegators, from the network's
    /// unbonding time on. The provider's owner.
    /// Event: `CommissionChanged`.
    #[discrim = [68]]
    pub fn set_commission(ctx: &mut Context<SetCommission>, bps: u16) -> Result<()> {
        instructions::provider::set_commission::handler(ctx, bps)
    }

    /// Proposes other parameters, guardian, resolver and treasury, as one whole set, in place of any pending change; it can be
    /// applied after the timelock in force, for 14 days. The network's admin. Event: `ChangeProposed`.
    #[discrim = [50]]
    pub fn propose_change(ctx: &mut Context<Govern>, change: NetworkChange) -> Result<()> {
        instructions::network::propose::handler(ctx, change)
    }

    /// Puts the pending change in force; jobs and stake tickets that exist keep what they were given. Anyone.
    /// Event: `ChangeApplied`.
    #[discrim = [51]]
    pub fn apply_change(ctx: &mut Context<Govern>) -> Result<()> {
        instructions::network::apply::handler(ctx)
    }

    /// Names the candidate for admin, in place of any other; the zero key withdraws it. The network's admin.
    /// Event: `AdminNamed`.
    #[discrim = [52]]
    pub fn name_admin(ctx: &mut Context<Govern>, candidate: Address) -> Result<()> {
        instructions::network::name_admin::handler(ctx, candidate)
    }

    /// Makes the candidate the admin, at once, and drops the pending change. The candidate. Event: `AdminChanged`.
    #[discrim = [53]]
    pub fn accept_admin(ctx: &mut Context<Govern>) -> Result<()> {
        instructions::network::accept_admin::handler(ctx)
    }

    /// Pauses intake for `secs` seconds, 7 days at most, or lifts the pause that runs if 0. No exit ever pauses, and intake
    /// stays open between two pauses as long as it was closed. The network's guardian. Event: `PauseChanged`.
    #[discrim = [54]]
    pub fn pause(ctx: &mut Context<Govern>, secs: u32) -> Result<()> {
        instructions::network::pause::handler(ctx, secs)
    }
}
