//! Sluice settles decentralised compute: providers stake and register machines, buyers escrow tokens for jobs, workers prove
//! what they did and attesters countersign, escrow pays by the proven unit, reward pools stream pro-rata to proven work.
//!
//! This file is the contract. Every instruction says what it does, who signs it, what it requires with the error of each
//! requirement, what it writes and moves, and which event it logs. `tests/vocabulary` holds these words to the code. Amounts are
//! base units of the account's mint, times are unix seconds, fees are basis points.
//!
//! What every instruction has in common is said here and nowhere else:
//!
//! - An instruction that creates an account has a `payer`, who signs and pays the rent. It may be any of the other signers.
//! - An amount, a time or a count that does not fit its type is refused (`MathOverflow`).
//! - Anchor refuses, with errors of its own, an account of another type or at another address than the instruction fixes. The token
//!   programs refuse a transfer that its owner cannot pay or did not sign.
//! - A payout goes to one recipient: to its associated account (`NotAssociatedAccount`), while that is the recipient's own
//!   (`RecipientChangedOwner`). If it is another's, it is given as `given_away`, and `destination` may be any account of the mint
//!   that the recipient holds without delegate and close authority (`NotOwnedAlone`).
//! - "Live nowhere" means that the attester's bit is live in no set. A "gift" is a token that somebody sent to a vault past the program.

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

extern crate alloc;

use anchor_lang::prelude::*;
// Gives the on-chain build memcpy and friends by system call.
#[cfg(target_os = "solana")]
use solana_compiler_builtins as _;

#[deny(missing_docs)]
pub mod attestation;
mod checked;

#[deny(missing_docs)]
pub mod constants;
#[deny(missing_docs)]
pub mod error;
#[deny(missing_docs)]
pub mod events;
#[deny(missing_docs)]
pub mod hash;
#[deny(missing_docs)]
pub mod identity;
pub mod instructions;
#[deny(missing_docs)]
pub mod mint_policy;
// In the program alone, not in what calls it.
#[cfg(not(feature = "no-entrypoint"))]
mod security;
#[deny(missing_docs)]
pub mod state;
pub mod vault;

pub use {
    instructions::{
        attester::equivocation::{BatchLeaf, Equivocation},
        batch::attest::{BatchEntry, BatchRun},
        network::create::NetworkArgs,
        offer::take::TakeArgs,
    },
    state::{OfferArgs, OpenArgs},
};
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
        batch::{attest::*, close::*, endorse::*, post::*},
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

    /// Creates a network with its roles, mints and parameters, at the address that its creator and its name give.
    ///
    /// The creator signs: anyone can be one.
    ///
    /// Requires: times and a fee within bounds (`TermIsZero`, `UnbondingOutOfBounds`, `TimelockTooShort`,
    /// `DividendPeriodOutOfBounds`, `FeeTooHigh`); an admin and a treasury (`RoleMissing`); a whole identity or none
    /// (`CredentialIncomplete`); zeros in the reserve (`ReserveNotZero`); mints that the policy accepts (`NotAMint`,
    /// `MintExtensionRefused`), and a stake mint that can be burned (`WrappedSolStake`).
    ///
    /// Writes the network and the domain of its statements. Moves no token. Logs `NetworkCreated`.
    #[discrim = [0]]
    pub fn create_network(ctx: &mut Context<CreateNetwork>, args: NetworkArgs) -> Result<()> {
        instructions::network::create::handler(ctx, args)
    }

    /// Registers an attester's key under its owner.
    ///
    /// The owner and the key sign.
    ///
    /// Requires: a key on the curve (`KeyOffCurve`).
    ///
    /// Writes an attester that is live in no set and has no bond. Moves no token. Logs `AttesterRegistered`.
    #[discrim = [1]]
    pub fn register_attester(ctx: &mut Context<RegisterAttester>) -> Result<()> {
        instructions::attester::register::handler(ctx)
    }

    /// Writes where an attester is asked for signatures.
    ///
    /// The attester's owner signs (`NotOwner`).
    ///
    /// Requires: nothing more.
    ///
    /// Writes the URI. Moves no token. Logs `AttesterUpdated`.
    #[discrim = [73]]
    pub fn update_attester(ctx: &mut Context<UpdateAttester>, uri: [u8; 64]) -> Result<()> {
        instructions::attester::update::handler(ctx, uri)
    }

    /// Creates an immutable set of attester keys, at the address that the digest of its contents gives.
    ///
    /// Anyone sends it; the payer alone signs.
    ///
    /// Requires: a threshold between 1 and the number of keys (`ThresholdOutOfBounds`); strictly ascending keys
    /// (`KeysNotAscending`), and zeros after them (`ReserveNotZero`); a fee within the bound (`FeeTooHigh`); a quality
    /// within its bounds (`QualityOutOfBounds`); the digest of exactly these contents (`WrongSetDigest`).
    ///
    /// Writes a set in which nobody is live yet. Moves no token. Logs `AttesterSetCreated`.
    #[discrim = [2]]
    pub fn create_attester_set(
        ctx: &mut Context<CreateAttesterSet>,
        digest: [u8; 32],
        args: SetArgs,
    ) -> Result<()> {
        instructions::attester_set::create::handler(ctx, digest, args)
    }

    /// Makes a member of a set live, once ever.
    ///
    /// The attester's owner signs (`NotOwner`).
    ///
    /// Requires: network, set and attester of one network (`WrongNetwork`); the attester's stake pool and its owner's
    /// position there (`WrongStakePool`, `WrongPosition`); the member at `index` (`NotAMember`), which never entered
    /// before (`AlreadyEntered`); an attester that is not tombstoned (`AttesterTombstoned`), and one that lost its bond
    /// only when it is live nowhere (`BondSlashed`); active stake of the owner that covers the bond (`StakeTooLow`).
    ///
    /// Raises the attester's bond to the network's minimum and locks what that adds. Moves no token. Logs
    /// `SetMembershipChanged`.
    #[discrim = [3]]
    pub fn enter_attester_set(ctx: &mut Context<EnterAttesterSet>, index: u8) -> Result<()> {
        instructions::attester_set::enter::handler(ctx, index)
    }

    /// Clears the live bit of a member for ever.
    ///
    /// The attester's owner or the set's revoker signs, and anyone once the attester lost its bond (`NotOwner`).
    ///
    /// Requires: set and attester of one network (`WrongNetwork`); the attester's stake pool (`WrongStakePool`); the
    /// member at `index` (`NotAMember`), which is live (`NotLive`).
    ///
    /// Unlocks the bond with the attester's last live bit. Moves no token. Logs `SetMembershipChanged`.
    #[discrim = [4]]
    pub fn leave_attester_set(ctx: &mut Context<LeaveAttesterSet>, index: u8) -> Result<()> {
        instructions::attester_set::leave::handler(ctx, index)
    }

    /// Registers a provider, and its operator as the key that works for it.
    ///
    /// The owner signs: anyone can be one.
    ///
    /// Requires: nothing more.
    ///
    /// Writes a provider without nodes whose commission is 100 %. Moves no token. Logs `ProviderRegistered`.
    #[discrim = [5]]
    pub fn register_provider(ctx: &mut Context<RegisterProvider>, operator: Address) -> Result<()> {
        instructions::provider::register::handler(ctx, operator)
    }

    /// Registers a machine of a provider under one attester set or none.
    ///
    /// The provider's owner (`NotOwner`) and the worker's key sign.
    ///
    /// Requires: a worker's key on the curve (`KeyOffCurve`); a set of the provider's network, if one is given
    /// (`WrongNetwork`); at least one slot (`NoSlots`).
    ///
    /// Writes the node and counts it with its provider. Moves no token. Logs `NodeRegistered`.
    #[discrim = [6]]
    pub fn register_node(ctx: &mut Context<RegisterNode>, args: NodeArgs) -> Result<()> {
        instructions::node::register::handler(ctx, &args)
    }

    /// Names another operator of a provider.
    ///
    /// The provider's owner signs (`NotOwner`).
    ///
    /// Requires: nothing more.
    ///
    /// Writes the operator, who acts for the provider from here on. Moves no token. Logs `OperatorChanged`.
    #[discrim = [7]]
    pub fn set_operator(ctx: &mut Context<SetOperator>, operator: Address) -> Result<()> {
        instructions::provider::set_operator::handler(ctx, operator)
    }

    /// Closes a provider and its record with it.
    ///
    /// The provider's owner signs (`NotOwner`).
    ///
    /// Requires: a slot after the opening one (`OpeningSlot`); no nodes (`StillInUse`); a commission of 100 % in force
    /// (`CommissionStands`).
    ///
    /// Returns the rent to the account that paid it. Moves no token. Logs `ProviderClosed`.
    #[discrim = [8]]
    pub fn close_provider(ctx: &mut Context<CloseProvider>) -> Result<()> {
        instructions::provider::close::handler(ctx)
    }

    /// Describes a machine anew: metadata, URI, slots, class and region.
    ///
    /// The provider's operator signs (`NotOperator`).
    ///
    /// Requires: the node's provider (`WrongProvider`); at least one slot (`NoSlots`).
    ///
    /// Writes the description. Jobs that run keep their slots. Moves no token. Logs `NodeUpdated`.
    #[discrim = [9]]
    pub fn update_node(ctx: &mut Context<UpdateNode>, args: NodeArgs) -> Result<()> {
        instructions::node::update::handler(ctx, &args)
    }

    /// Closes a node that runs no job.
    ///
    /// The provider's owner signs (`NotOwner`).
    ///
    /// Requires: the node's provider (`WrongProvider`); a slot after the opening one (`OpeningSlot`); no slot in use
    /// (`StillInUse`).
    ///
    /// Returns the rent to the account that paid it. Moves no token. Logs `NodeClosed`.
    #[discrim = [15]]
    pub fn close_node(ctx: &mut Context<CloseNode>) -> Result<()> {
        instructions::node::close::handler(ctx)
    }

    /// Offers a node's slots under whole terms.
    ///
    /// The provider's operator signs (`NotOperator`).
    ///
    /// Requires: network and node of the provider (`WrongNetwork`, `WrongNode`); terms within bounds (`TermIsZero`,
    /// `TermTooLong`, `LengthOutOfBounds`, `GraceOutlastsRing`, `TermsOutlastUnbonding`, `RulingTooShort`); a notice of
    /// at least one window (`NoticeBelowWindow`); at least one slot (`NoSlots`); an expiry within a year (`DateInPast`,
    /// `DateTooFar`); the node's set or none (`NodeOfAnotherSet`); the mint in the terms (`WrongMint`), which the
    /// policy accepts (`NotAMint`, `MintExtensionRefused`).
    ///
    /// Writes the offer. Locks nothing and moves no token. Logs `OfferPosted`.
    #[discrim = [16]]
    pub fn post_offer(ctx: &mut Context<PostOffer>, args: OfferArgs) -> Result<()> {
        instructions::offer::post::handler(ctx, &args)
    }

    /// Withdraws an offer, or clears away one that is over.
    ///
    /// The provider's operator signs, and anyone once the offer expired or was used up (`OfferLive`).
    ///
    /// Requires: the offer's provider, if one is given (`WrongProvider`); a slot after the opening one (`OpeningSlot`).
    ///
    /// Returns the rent to the account that paid it. Moves no token. Logs `OfferClosed`.
    #[discrim = [17]]
    pub fn close_offer(ctx: &mut Context<CloseOffer>) -> Result<()> {
        instructions::offer::close::handler(ctx)
    }

    /// Takes an offer: opens and funds a job under its terms, and starts it on the offer's node at once.
    ///
    /// The buyer signs, and states what it saw of offer, price, resolver and fees. It shows the attestation of the
    /// provider's owner if the network pins an identity (`CredentialMissing`, `WrongCredential`, `CredentialExpired`).
    ///
    /// Requires: the offer that the buyer saw (`WrongIncarnation`, `PriceChanged`), not over (`OfferExpired`,
    /// `OfferUsedUp`), on its node as registered then (`WrongNode`, `NodeRegisteredAnew`); all that `open_job` requires
    /// of network, set, fees, mint and vault (`Paused`, `WrongNetwork`, `WrongSet`, `WrongMint`, `LengthOutOfBounds`,
    /// `FeeTooHigh`, `ResolverChanged`, `NoResolver`, `NobodyToProve`, `NotAMint`, `MintExtensionRefused`,
    /// `VaultBumpNotFirst`, `WrongVault`, `WrongTokenProgram`, `NothingFunded`); all that `accept_job` requires of node
    /// and stake (`WrongStakePool`, `WrongPosition`, `NodeOfAnotherSet`, `NoQuorum`, `KeysNotDistinct`, `StakeTooLow`,
    /// `NoFreeSlot`); a length and a deposit of at least the notice and one window (`LengthBelowNotice`,
    /// `DepositBelowNotice`).
    ///
    /// Moves the deposit from the buyer's account to the job's vault; locks the bond and a slot. Logs `JobOpened`,
    /// `OfferTaken` and `JobAccepted`.
    #[discrim = [18]]
    pub fn take_offer(ctx: &mut Context<TakeOffer>, args: TakeArgs, vault_bump: u8) -> Result<()> {
        instructions::offer::take::handler(ctx, &args, vault_bump)
    }

    /// Creates the stake pool of a provider or an attester, and its vault.
    ///
    /// Anyone sends it; the payer alone signs.
    ///
    /// Requires: a provider or an attester (`NotASubject`) of the network (`WrongNetwork`); no pause (`Paused`); a
    /// stake mint that the policy accepts (`NotAMint`, `MintExtensionRefused`), with its own token program
    /// (`WrongTokenProgram`).
    ///
    /// Writes an empty pool. Moves no token. Logs `StakePoolCreated`.
    #[discrim = [10]]
    pub fn create_stake_pool(ctx: &mut Context<CreateStakePool>) -> Result<()> {
        instructions::stake::create_pool::handler(ctx)
    }

    /// Stakes `amount` base units, and opens the staker's position in the pool if there is none.
    ///
    /// The staker signs: anyone can be one.
    ///
    /// Requires: the pool's network (`WrongNetwork`) without a pause (`Paused`); an amount that buys a share
    /// (`AmountTooSmall`); a mint that the policy accepts (`NotAMint`, `MintExtensionRefused`), with the vault's token
    /// program (`WrongTokenProgram`); the staker's position (`WrongPosition`); a pool that slashes left more than a
    /// 64th of a token a share (`StakePoolDead`), whose shares fit (`StakePoolFull`) and whose vault backs them
    /// (`StakeNotBacked`).
    ///
    /// Moves the amount from the staker's account to the pool's vault, and adds shares to the position. Logs
    /// `StakeChanged`.
    #[discrim = [12]]
    pub fn stake(ctx: &mut Context<Stake>, amount: u64) -> Result<()> {
        instructions::stake::deposit::handler(ctx, amount)
    }

    /// Moves `shares` of a position into a ticket that can be withdrawn after the network's unbonding time.
    ///
    /// The position's staker signs (`NotOwner`).
    ///
    /// Requires: the pool's network and a position in the pool (`WrongNetwork`, `WrongPosition`); at least one share
    /// (`AmountTooSmall`), and no more than are active (`NotEnoughShares`); of the pool's owner, that the rest covers
    /// what bonds hold (`StakeTooLow`).
    ///
    /// Writes the ticket and books the dividends until now. Moves no token. Logs `StakeChanged`.
    #[discrim = [13]]
    pub fn unstake(ctx: &mut Context<BeginUnstake>, shares: u64, nonce: u64) -> Result<()> {
        instructions::stake::thaw::handler(ctx, shares, nonce)
    }

    /// Pays a ripe ticket at today's share price and closes it.
    ///
    /// Anyone sends it; nobody signs but the fee payer.
    ///
    /// Requires: position, pool and vault of the ticket (`WrongPosition`, `WrongStakePool`, `WrongVault`); the ticket's
    /// date (`StillUnbonding`) and a slot after the opening one (`OpeningSlot`); if the ticket is worth anything, a
    /// destination of the staker's (`NotAssociatedAccount`, `RecipientChangedOwner`, `NotOwnedAlone`); a vault that
    /// backs what is left (`StakeNotBacked`).
    ///
    /// Moves what the shares are worth from the pool's vault to the staker, and returns the rent to the account that
    /// paid it. Logs `StakeChanged`.
    #[discrim = [14]]
    pub fn withdraw(ctx: &mut Context<Withdraw>) -> Result<()> {
        instructions::stake::withdraw::handler(ctx)
    }

    /// Opens and funds a job for any provider or a named one. Its terms are fixed from here on.
    ///
    /// The buyer signs, and states the resolver and the most fees that it agrees to.
    ///
    /// Requires: no pause (`Paused`); a last date to accept within a year (`DateInPast`, `DateTooFar`); terms and
    /// length within bounds (`TermIsZero`, `TermTooLong`, `LengthOutOfBounds`, `GraceOutlastsRing`,
    /// `TermsOutlastUnbonding`, `RulingTooShort`); fees and resolver as stated (`FeeTooHigh`, `ResolverChanged`), and a
    /// resolver if there is a time to challenge (`NoResolver`); the set in the terms, of this network, with a quorum,
    /// or a cosigner (`WrongSet`, `WrongNetwork`, `NoQuorum`, `NobodyToProve`), and a cosigner that is no member
    /// (`KeysNotDistinct`); the mint in the terms (`WrongMint`), which the policy accepts (`NotAMint`,
    /// `MintExtensionRefused`), with its token program (`WrongTokenProgram`); the highest bump of the vault's address
    /// (`VaultBumpNotFirst`), and not a key that signs there (`WrongVault`); a deposit that covers a unit
    /// (`NothingFunded`).
    ///
    /// Moves the deposit from the buyer's account to the job's vault. Logs `JobOpened`.
    #[discrim = [20]]
    pub fn open_job(ctx: &mut Context<OpenJob>, args: OpenArgs, vault_bump: u8) -> Result<()> {
        instructions::job::open::handler(ctx, &args, vault_bump)
    }

    /// Takes an open job onto a node and starts its windows.
    ///
    /// The provider's operator signs (`NotOperator`). It shows the attestation of the provider's owner if the network
    /// pins an identity (`CredentialMissing`, `WrongCredential`, `CredentialExpired`).
    ///
    /// Requires: job, network and provider of one network (`WrongNetwork`) without a pause (`Paused`); an open job
    /// (`WrongJobState`) of this incarnation (`WrongIncarnation`), before its last date (`JobEnded`), for this provider
    /// or any (`WrongProvider`); the set in the terms (`WrongSet`), under which the node works (`NodeOfAnotherSet`),
    /// with a quorum (`NoQuorum`) and without the worker, who is not the cosigner either (`KeysNotDistinct`); the
    /// provider's node, stake pool and position (`WrongNode`, `WrongStakePool`, `WrongPosition`); own stake that covers
    /// bonds and minimum (`StakeTooLow`); a free slot (`NoFreeSlot`).
    ///
    /// Locks the bond and a slot. Moves no token. Logs `JobAccepted`.
    #[discrim = [21]]
    pub fn accept_job(ctx: &mut Context<AcceptJob>, incarnation: u64) -> Result<()> {
        instructions::job::accept::handler(ctx, incarnation)
    }

    /// Adds funds to a job before its end.
    ///
    /// The funder signs: anyone can be one.
    ///
    /// Requires: this incarnation (`WrongIncarnation`); a job before its end (`JobEnded`); an amount above 0
    /// (`AmountTooSmall`); a mint that the policy still accepts (`NotAMint`, `MintExtensionRefused`), with the vault's
    /// token program (`WrongTokenProgram`); totals that agree with the vault (`TotalsContradict`).
    ///
    /// Matures what is ripe, excuses the windows that passed while less than one was funded, and moves the amount from the funder's
    /// account to the job's vault. Logs `JobToppedUp`.
    #[discrim = [22]]
    pub fn top_up_job(ctx: &mut Context<TopUpJob>, incarnation: u64, amount: u64) -> Result<()> {
        instructions::job::top_up::handler(ctx, incarnation, amount)
    }

    /// Proves a window by the worker and exactly `threshold` live members of the job's set. `members` are their
    /// indices, ascending, four bits each.
    ///
    /// Anyone sends it; the statement's signatures are in the ed25519 instruction immediately before (`NoSignatures`),
    /// at top level (`NotTopLevel`), in the canonical layout (`MalformedSignatures`).
    ///
    /// Requires: the job's set (`WrongSet`); the statement that these arguments give (`WrongStatement`), signed by the
    /// worker (`WorkerNotSigned`) and as many live members as needed, in order (`WrongSignerCount`,
    /// `MembersNotAscending`, `MemberNotLive`, `NotAMember`); an active job (`WrongJobState`); a window of the job
    /// (`WindowOutOfJob`) that has ended (`WindowNotEnded`), is within its grace (`StatementExpired`) and was not
    /// proven before (`WindowAlreadyProven`); units of which some count (`NothingWouldCount`).
    ///
    /// Matures what is ripe and adds the accepted units to those pending. Moves no token. Logs `WindowProven`.
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

    /// Proves a window by the worker and the job's cosigner.
    ///
    /// Anyone sends it; the statement's signatures are in the ed25519 instruction immediately before (`NoSignatures`),
    /// at top level (`NotTopLevel`), in the canonical layout (`MalformedSignatures`).
    ///
    /// Requires: a job with a cosigner (`NoCosigner`); the statement that these arguments give (`WrongStatement`),
    /// signed by the worker (`WorkerNotSigned`) and the cosigner (`CosignerNotSigned`) and nobody else
    /// (`WrongSignerCount`); an active job (`WrongJobState`); a window of the job (`WindowOutOfJob`) that has ended
    /// (`WindowNotEnded`), is within its grace (`StatementExpired`) and was not proven before (`WindowAlreadyProven`);
    /// units of which some count (`NothingWouldCount`).
    ///
    /// Earns the accepted units at once, without attestation fee and without weight for rewards. Moves no token. Logs
    /// `WindowProven`.
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

    /// Turns the proofs whose challenge time has passed into earnings.
    ///
    /// Anyone sends it; nobody signs but the fee payer. Every pull does the same first.
    ///
    /// Requires: a ripe proof (`NothingDue`).
    ///
    /// Moves units from pending to matured. Moves no token. Logs `JobMatured`.
    #[discrim = [25]]
    pub fn mature(ctx: &mut Context<Mature>) -> Result<()> {
        instructions::job::mature::handler(ctx)
    }

    /// Pays the provider's owner what the job has earned.
    ///
    /// Anyone sends it; nobody signs but the fee payer.
    ///
    /// Requires: the vault's token program (`WrongTokenProgram`); something earned and not paid yet (`NothingDue`); a
    /// destination of the provider's owner (`NotAssociatedAccount`, `RecipientChangedOwner`, `NotOwnedAlone`).
    ///
    /// Matures what is ripe, and moves the provider's part from the job's vault to the destination. Logs `EscrowMoved`.
    #[discrim = [26]]
    pub fn pay(ctx: &mut Context<MoveEscrow>) -> Result<()> {
        instructions::job::pay::handler(ctx)
    }

    /// Pays the network's fee to the owner of its treasury.
    ///
    /// Anyone sends it; nobody signs but the fee payer.
    ///
    /// Requires: the job's network (`WrongNetwork`); the vault's token program (`WrongTokenProgram`); a fee earned and
    /// not swept yet (`NothingDue`); a destination of the treasury's owner (`NotAssociatedAccount`,
    /// `RecipientChangedOwner`, `NotOwnedAlone`).
    ///
    /// Matures what is ripe, and moves the fee from the job's vault to the destination. Logs `EscrowMoved`.
    #[discrim = [27]]
    pub fn sweep_treasury(ctx: &mut Context<SweepTreasury>) -> Result<()> {
        instructions::job::sweep::treasury(ctx)
    }

    /// Pays the attestation fee to the set's fee owner.
    ///
    /// Anyone sends it; nobody signs but the fee payer.
    ///
    /// Requires: the vault's token program (`WrongTokenProgram`); a fee earned and not swept yet (`NothingDue`); a
    /// destination of the fee owner (`NotAssociatedAccount`, `RecipientChangedOwner`, `NotOwnedAlone`).
    ///
    /// Matures what is ripe, and moves the fee from the job's vault to the destination. Logs `EscrowMoved`.
    #[discrim = [28]]
    pub fn sweep_attesters(ctx: &mut Context<MoveEscrow>) -> Result<()> {
        instructions::job::sweep::attesters(ctx)
    }

    /// Returns to the refund owner what can no longer be earned.
    ///
    /// Anyone sends it; nobody signs but the fee payer.
    ///
    /// Requires: the vault's token program (`WrongTokenProgram`); something that no window can earn any more
    /// (`NothingDue`); a destination of the refund owner (`NotAssociatedAccount`, `RecipientChangedOwner`,
    /// `NotOwnedAlone`).
    ///
    /// Matures what is ripe, and moves the rest from the job's vault to the destination. Logs `EscrowMoved`.
    #[discrim = [29]]
    pub fn refund(ctx: &mut Context<MoveEscrow>) -> Result<()> {
        instructions::job::refund::handler(ctx)
    }

    /// Ends a job: an open one at once, an active one after the notice. An active job ends at once too after a void
    /// ruling, or if its set is shown and has lost its quorum.
    ///
    /// The buyer signs (`NotBuyer`).
    ///
    /// Requires: the job's provider and set, if given (`WrongProvider`, `WrongSet`); this incarnation
    /// (`WrongIncarnation`); a job before its end (`JobEnded`), which moves earlier by this (`EndNotMoved`).
    ///
    /// Matures what is ripe, and writes the end and its cause. Moves no token. Logs `JobEndMoved`.
    #[discrim = [30]]
    pub fn cancel_job(ctx: &mut Context<EndJob>, incarnation: u64) -> Result<()> {
        instructions::job::cancel::handler(ctx, incarnation)
    }

    /// Ends a job's claim on its provider, once nothing can be proven any more.
    ///
    /// Anyone sends it; nobody signs but the fee payer.
    ///
    /// Requires: the job's node, provider and stake pool (`WrongNode`, `WrongProvider`, `WrongStakePool`); an active
    /// job (`WrongJobState`) without provable, pending and frozen units (`NotSettled`).
    ///
    /// Unlocks the bond, frees the slot, credits the node, and adds to the records of node and provider. Moves no
    /// token. Logs `JobReleased`.
    #[discrim = [31]]
    pub fn release_job(ctx: &mut Context<ReleaseJob>) -> Result<()> {
        instructions::job::release::handler(ctx)
    }

    /// Closes a job that owes nothing, and its vault.
    ///
    /// Anyone sends it; nobody signs but the fee payer.
    ///
    /// Requires: the vault's token program (`WrongTokenProgram`); a slot after the opening one (`OpeningSlot`); a job
    /// that was released, or that nobody accepted in time (`WrongJobState`); every deposited token paid out
    /// (`StillOwing`); if the vault holds a gift, a destination of the refund owner (`NotAssociatedAccount`,
    /// `RecipientChangedOwner`, `NotOwnedAlone`).
    ///
    /// Moves gifts from the vault to the refund owner, and returns the rent to the account that paid it. Logs
    /// `JobClosed`.
    #[discrim = [32]]
    pub fn close_job(ctx: &mut Context<CloseJob>) -> Result<()> {
        instructions::job::close::handler(ctx)
    }

    /// Credits the node of a job with newly matured units that a quorum proved and whole base units paid for.
    ///
    /// Anyone sends it; nobody signs but the fee payer.
    ///
    /// Requires: the job's node (`WrongNode`); terms that offer what the set asks (`JobDoesNotCount`); units not
    /// credited yet (`NothingDue`).
    ///
    /// Matures what is ripe, and adds the units to the node's. Moves no token. Logs `NodeCredited`.
    #[discrim = [33]]
    pub fn credit(ctx: &mut Context<Credit>) -> Result<()> {
        instructions::job::credit::handler(ctx)
    }

    /// Ends an active job after the notice. The job ends at once, off the record, if less than one window is funded,
    /// and at once if its set is shown and has lost its quorum.
    ///
    /// The provider's operator signs (`NotOperator`).
    ///
    /// Requires: the job's provider, and its set if given (`WrongProvider`, `WrongSet`); this incarnation
    /// (`WrongIncarnation`); an active job (`WrongJobState`) before its end (`JobEnded`), which moves earlier by this
    /// (`EndNotMoved`).
    ///
    /// Matures what is ripe, and writes the end and its cause. Moves no token. Logs `JobEndMoved`.
    #[discrim = [34]]
    pub fn resign_job(ctx: &mut Context<EndJob>, incarnation: u64) -> Result<()> {
        instructions::job::resign::handler(ctx, incarnation)
    }

    /// Ends an active job at once, because its last `fault_windows` windows past their grace are unproven.
    ///
    /// The buyer or the provider's operator signs (`NotParty`).
    ///
    /// Requires: the job's provider and set, if given (`WrongProvider`, `WrongSet`); this incarnation
    /// (`WrongIncarnation`); an active job (`WrongJobState`) before its end (`JobEnded`, `EndNotMoved`); no proof of
    /// those windows or a later one (`NotFaulted`).
    ///
    /// Matures what is ripe, and writes the end and its cause. Moves no token. Logs `JobEndMoved`.
    #[discrim = [35]]
    pub fn fault_job(ctx: &mut Context<EndJob>, incarnation: u64) -> Result<()> {
        instructions::job::fault::handler(ctx, incarnation)
    }

    /// Gives back a job that was taken from an offer: it ends as if it had never started, and the record says so.
    ///
    /// The provider's operator signs (`NotOperator`).
    ///
    /// Requires: the job's provider, and its set if given (`WrongProvider`, `WrongSet`); this incarnation
    /// (`WrongIncarnation`); an active job (`WrongJobState`) that was taken from an offer and of which nothing was
    /// proven (`NotWaivable`), and not given back before (`EndNotMoved`).
    ///
    /// Moves the end to the start, so that all can be refunded and released. Moves no token. Logs `JobEndMoved`.
    #[discrim = [36]]
    pub fn waive_job(ctx: &mut Context<EndJob>, incarnation: u64) -> Result<()> {
        instructions::job::waive::handler(ctx, incarnation)
    }

    /// Creates a reward pool for one attester set, and its vault. Its terms never change.
    ///
    /// The creator signs: anyone can be one.
    ///
    /// Requires: a set of the network (`WrongNetwork`) without a pause (`Paused`); terms within bounds (`TermIsZero`,
    /// `EpochOutOfBounds`, `EndBeforeStart`, `ReserveNotZero`); a start and an end within ten years, the end ahead
    /// (`DateInPast`, `PoolDateTooFar`); a mint that the policy accepts (`NotAMint`, `MintExtensionRefused`), with its
    /// token program (`WrongTokenProgram`).
    ///
    /// Writes an empty pool. Moves no token. Logs `RewardPoolCreated`.
    #[discrim = [40]]
    pub fn create_reward_pool(
        ctx: &mut Context<CreateRewardPool>,
        id: u64,
        terms: RewardTerms,
        refund_owner: Address,
    ) -> Result<()> {
        instructions::rewards::create::handler(ctx, id, &terms, refund_owner)
    }

    /// Adds `amount` base units to a reward pool.
    ///
    /// The funder signs: anyone can be one.
    ///
    /// Requires: the pool's network (`WrongNetwork`) without a pause (`Paused`); this incarnation (`WrongIncarnation`);
    /// a pool that still counts work (`PoolEnded`); an amount above 0 (`AmountTooSmall`); a mint that the policy
    /// accepts (`NotAMint`, `MintExtensionRefused`), with the vault's token program (`WrongTokenProgram`); totals that
    /// add up (`PoolOutOfBalance`).
    ///
    /// Moves the amount from the funder's account to the pool's vault, where it is unallocated. Logs
    /// `RewardPoolFunded`.
    #[discrim = [41]]
    pub fn fund_reward_pool(
        ctx: &mut Context<FundRewardPool>,
        incarnation: u64,
        amount: u64,
    ) -> Result<()> {
        instructions::rewards::fund::handler(ctx, incarnation, amount)
    }

    /// Joins a node to a reward pool. Before the pool starts, all that the node has done is its baseline.
    ///
    /// The provider's operator signs (`NotOperator`).
    ///
    /// Requires: the provider's node (`WrongNode`), which works under the pool's set (`NodeOfAnotherSet`); this
    /// incarnation (`WrongIncarnation`); a pool that still counts work (`PoolEnded`).
    ///
    /// Writes the share and counts it with the pool. Moves no token. Logs `ShareJoined`.
    #[discrim = [42]]
    pub fn join_reward_pool(ctx: &mut Context<JoinRewardPool>, incarnation: u64) -> Result<()> {
        instructions::rewards::join::handler(ctx, incarnation)
    }

    /// Reports a node's new units in the current epoch. A report before the start, and the first one of a node that
    /// joined later or was registered anew, sets the baseline instead.
    ///
    /// Anyone sends it; nobody signs but the fee payer.
    ///
    /// Requires: the share of this pool and node (`WrongShare`) and its provider (`NotItsProvider`); a pool that still
    /// counts work (`PoolEnded`); the current epoch (`WrongEpoch`); a node of the pool's set (`NodeOfAnotherSet`); an
    /// epoch after the one in which the share joined (`TooEarlyToReport`); a free slot of the share (`SlotNotFolded`);
    /// units below the cap that were not reported (`NothingToReport`).
    ///
    /// Adds the units to share and epoch. Moves no token. Logs `WorkReported`.
    #[discrim = [43]]
    pub fn report(ctx: &mut Context<Report>) -> Result<()> {
        instructions::rewards::report::handler(ctx)
    }

    /// Makes the first report of an epoch that counts units: opens the epoch and reserves its rate.
    ///
    /// Anyone sends it; the payer alone signs.
    ///
    /// Requires: what `report` requires (`WrongShare`, `NotItsProvider`, `PoolEnded`, `NodeOfAnotherSet`,
    /// `TooEarlyToReport`, `SlotNotFolded`, `NothingToReport`); a pool that has started (`PoolNotStarted`), in this
    /// epoch (`WrongEpoch`), with one epoch's rate unallocated (`PoolDry`) and totals that add up (`PoolOutOfBalance`).
    ///
    /// Writes the epoch and adds the units to it. Moves no token. Logs `WorkReported`.
    #[discrim = [44]]
    pub fn open_epoch(ctx: &mut Context<OpenEpoch>, index: u64) -> Result<()> {
        instructions::rewards::report::open_epoch(ctx, index)
    }

    /// Pays the provider's owner what has streamed to a share.
    ///
    /// Anyone sends it; nobody signs but the fee payer.
    ///
    /// Requires: the pool's share and epochs, each epoch once (`WrongShare`, `WrongEpoch`); the vault's token program
    /// (`WrongTokenProgram`); something earned and not claimed yet (`NothingDue`); totals that add up
    /// (`PoolOutOfBalance`); a destination of the payee's (`NotAssociatedAccount`, `RecipientChangedOwner`,
    /// `NotOwnedAlone`).
    ///
    /// Moves the payee's part from the pool's vault to the destination. Logs `RewardClaimed`.
    #[discrim = [45]]
    pub fn claim(ctx: &mut Context<Claim>) -> Result<()> {
        instructions::rewards::claim::handler(ctx)
    }

    /// Books the whole reward of an ended stream and frees the share's slot.
    ///
    /// Anyone sends it; nobody signs but the fee payer.
    ///
    /// Requires: the pool's share and epoch (`WrongShare`, `WrongEpoch`); a stream that has ended (`StreamNotEnded`);
    /// work of the share in that epoch (`NothingToFold`).
    ///
    /// Adds the reward to what share, epoch and pool count as earned. Moves no token. Logs `RewardFolded`.
    #[discrim = [46]]
    pub fn fold(ctx: &mut Context<Fold>) -> Result<()> {
        instructions::rewards::fold::handler(ctx)
    }

    /// Closes an epoch whose shares are all folded.
    ///
    /// Anyone sends it; nobody signs but the fee payer.
    ///
    /// Requires: the epoch's pool (`WrongEpoch`); every share folded (`NotAllFolded`); totals that add up
    /// (`PoolOutOfBalance`); a slot after the opening one (`OpeningSlot`).
    ///
    /// Returns what the epoch did not allocate to the pool's unallocated funds, and the rent to the account that paid
    /// it. Moves no token. Logs `EpochClosed`.
    #[discrim = [47]]
    pub fn close_epoch(ctx: &mut Context<CloseEpoch>) -> Result<()> {
        instructions::rewards::close_epoch::handler(ctx)
    }

    /// Gives the delegators' part of a share to its provider's stake pool, as a dividend that streams through the next
    /// period. The provider's owner gets it while nobody has stake there, active or thawing.
    ///
    /// Anyone sends it; nobody signs but the fee payer.
    ///
    /// Requires: the pool's share and epochs, each epoch once (`WrongShare`, `WrongEpoch`); the vault's token program
    /// (`WrongTokenProgram`); something earned and not paid yet (`NothingDue`); totals that add up
    /// (`PoolOutOfBalance`); the provider's stake pool (`WrongStakePool`) and its dividend vault (`WrongVault`), or a
    /// destination of the payee's (`NotAssociatedAccount`, `RecipientChangedOwner`, `NotOwnedAlone`).
    ///
    /// Moves the part from the pool's vault to the dividend vault or the payee. Logs `DividendsAdded`, if there is a
    /// dividend, and `DelegatorsPaid`.
    #[discrim = [69]]
    pub fn pay_delegators(ctx: &mut Context<PayDelegators>) -> Result<()> {
        instructions::rewards::pay_delegators::handler(ctx)
    }

    /// Pays what an ended pool has unallocated to its refund owner.
    ///
    /// Anyone sends it; nobody signs but the fee payer. It is due again when an epoch closes later.
    ///
    /// Requires: the vault's token program (`WrongTokenProgram`); a pool that counts no more work (`PoolNotEnded`);
    /// something unallocated (`NothingDue`); totals that add up (`PoolOutOfBalance`); a destination of the refund owner
    /// (`NotAssociatedAccount`, `RecipientChangedOwner`, `NotOwnedAlone`).
    ///
    /// Moves the rest from the pool's vault to the destination. Logs `LeftoversReturned`.
    #[discrim = [70]]
    pub fn return_unallocated(ctx: &mut Context<RewardVault>) -> Result<()> {
        instructions::rewards::return_unallocated::handler(ctx)
    }

    /// Closes a share that was paid all it earned.
    ///
    /// The provider's owner signs, and anyone after the pool's end (`NotOwner`).
    ///
    /// Requires: the share's pool (`WrongShare`); a slot after the opening one (`OpeningSlot`); free slots, and nothing
    /// left to claim (`StillOwing`).
    ///
    /// Returns the rent to the account that paid it. Moves no token. Logs `ShareClosed`.
    #[discrim = [71]]
    pub fn close_share(ctx: &mut Context<CloseShare>) -> Result<()> {
        instructions::rewards::close_share::handler(ctx)
    }

    /// Closes an ended pool and its vault.
    ///
    /// Anyone sends it; nobody signs but the fee payer.
    ///
    /// Requires: the vault's token program (`WrongTokenProgram`); a pool that counts no more work (`PoolNotEnded`),
    /// without shares and epochs (`StillInUse`); a slot after the opening one (`OpeningSlot`); if the vault holds
    /// something, a destination of the refund owner (`NotAssociatedAccount`, `RecipientChangedOwner`, `NotOwnedAlone`).
    ///
    /// Moves what the vault holds to the refund owner, and returns the rent to the account that paid it. Logs
    /// `RewardPoolClosed`.
    #[discrim = [72]]
    pub fn close_reward_pool(ctx: &mut Context<CloseRewardPool>) -> Result<()> {
        instructions::rewards::close::handler(ctx)
    }

    /// Challenges a window that a quorum proved, before it matures, once.
    ///
    /// The challenger signs: anyone can be one.
    ///
    /// Requires: this incarnation (`WrongIncarnation`); a window with units that can still be challenged
    /// (`NotChallengeable`); the provider's stake pool, its vault and the vault's token program (`WrongStakePool`,
    /// `WrongVault`, `WrongTokenProgram`); if the terms ask for a bond, a mint that the policy accepts (`NotAMint`,
    /// `MintExtensionRefused`), and a bond that arrives whole (`AmountTooSmall`).
    ///
    /// Holds the window's units until the ruling, and moves the bond from the challenger's account to the stake pool's
    /// vault. Logs `ChallengeOpened`.
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

    /// Extends a challenge's chain of evidence by a hash.
    ///
    /// The author signs: anyone can be one.
    ///
    /// Requires: no ruling yet (`AlreadyRuled`), and time left for one (`EvidenceClosed`).
    ///
    /// Writes the chain's new end. Moves no token. Logs `EvidenceAdded`.
    #[discrim = [56]]
    pub fn add_evidence(ctx: &mut Context<AddEvidence>, piece: [u8; 32]) -> Result<()> {
        instructions::challenge::evidence::handler(ctx, &piece)
    }

    /// Rules on a challenged window: upheld, its units are earned; void, they never were.
    ///
    /// The job's resolver signs in the second half of the ruling time (`NotResolver`, `RulingTooEarly`). After that
    /// time anyone signs, and only to uphold: the challenge has lapsed (`MustUphold`).
    ///
    /// Requires: job, incarnation and stake pool of the challenge (`WrongChallenge`, `WrongStakePool`); no ruling
    /// before (`AlreadyRuled`); flags of 0 or 1 (`MalformedRuling`); a slash, of the provider or of signers, only with
    /// a void window (`MustUphold`), and no more than is left of the bond (`SlashAboveBond`).
    ///
    /// Ends the hold of the units; takes the slash from the stake, to be burned. Moves no token. Logs `ChallengeRuled`.
    #[discrim = [57]]
    pub fn rule_challenge(ctx: &mut Context<RuleChallenge>, ruling: Ruling) -> Result<()> {
        instructions::challenge::rule::handler(ctx, &ruling)
    }

    /// Slashes an attester that signed a window which was ruled void and falsely signed, once.
    ///
    /// Anyone sends it; nobody signs but the fee payer.
    ///
    /// Requires: the challenge's set (`WrongSet`) and an attester of its network (`WrongNetwork`), the member at
    /// `index` (`NotAMember`); a void ruling (`NotRuled`); a signer that is still to be slashed (`NotASigner`); the
    /// attester's stake pool and its owner's position there (`WrongStakePool`, `WrongPosition`).
    ///
    /// Takes the bond from the stake, to be burned; of an attester that is live nowhere, at most what its owner has
    /// left. Moves no token. Logs `AttesterSlashed`.
    #[discrim = [58]]
    pub fn slash_signer(ctx: &mut Context<SlashSigner>, index: u8) -> Result<()> {
        instructions::challenge::slash_signer::handler(ctx, index)
    }

    /// Pays a challenger's bond and closes the challenge, once its signers are slashed or a week has passed since the
    /// ruling.
    ///
    /// Anyone sends it; nobody signs but the fee payer.
    ///
    /// Requires: the challenge's stake pool and its vault (`WrongStakePool`, `WrongVault`); a ruling (`NotRuled`) whose
    /// signers are dealt with (`SignersNotSlashed`); if there was a bond, a destination of the winner's
    /// (`NotAssociatedAccount`, `RecipientChangedOwner`, `NotOwnedAlone`); a vault that backs what is left
    /// (`StakeNotBacked`).
    ///
    /// Moves the bond from the stake pool's vault to the challenger, or to the provider's owner if the window was
    /// upheld, and returns the rent to the account that paid it. Logs `ChallengeSettled`.
    #[discrim = [59]]
    pub fn settle_challenge(ctx: &mut Context<SettleChallenge>) -> Result<()> {
        instructions::challenge::settle::handler(ctx)
    }

    /// Shows that an attester signed two statements about one window, by themselves or in a batch, and slashes it for that, once.
    ///
    /// Anyone sends it; the two signatures are in the ed25519 instruction immediately before (`NoSignatures`), at top
    /// level (`NotTopLevel`), in the canonical layout (`MalformedSignatures`).
    ///
    /// Requires: an attester of the network (`WrongNetwork`) that was not removed before (`AttesterTombstoned`); two
    /// different statements (`NotEquivocation`), the ones that these arguments give or the batches in which they stand
    /// (`WrongStatement`), by paths of 20 hashes at most (`MalformedRun`), signed with its key (`NotAMember`); its stake pool and its owner's position there (`WrongStakePool`, `WrongPosition`).
    ///
    /// Takes the bond from the stake, to be burned; of an attester that is live nowhere, at most what its owner has
    /// left. Bars the key from every set for ever. Moves no token. Logs `AttesterSlashed`.
    #[discrim = [60]]
    pub fn show_equivocation(
        ctx: &mut Context<ShowEquivocation>,
        shown: Equivocation,
    ) -> Result<()> {
        instructions::attester::equivocation::handler(ctx, &shown)
    }

    /// Closes an attester that nothing hangs on.
    ///
    /// The attester's owner signs (`NotOwner`).
    ///
    /// Requires: a slot after the opening one (`OpeningSlot`); an attester that never lost its bond, or bonded anew
    /// (`StandingNotGood`); no live bit, and no stake pool any more (`StillInUse`).
    ///
    /// Returns the rent to the account that paid it. Moves no token. Logs nothing.
    #[discrim = [61]]
    pub fn close_attester(ctx: &mut Context<CloseAttester>) -> Result<()> {
        instructions::attester::close::handler(ctx)
    }

    /// Makes a ticket's shares active again and closes the ticket.
    ///
    /// The staker signs (`NotOwner`).
    ///
    /// Requires: pool and position of the ticket (`WrongStakePool`, `WrongPosition`); a slot after the opening one
    /// (`OpeningSlot`).
    ///
    /// Books the dividends until now, and returns the rent to the account that paid it. Moves no token. Logs
    /// `StakeChanged`.
    #[discrim = [62]]
    pub fn cancel_unstake(ctx: &mut Context<CancelUnstake>) -> Result<()> {
        instructions::stake::cancel_unstake::handler(ctx)
    }

    /// Closes an empty position. The next stake opens it again.
    ///
    /// The position's staker or the pool's owner signs (`NotOwner`).
    ///
    /// Requires: the position's pool (`WrongStakePool`); a slot after the opening one (`OpeningSlot`); no shares,
    /// tickets and unclaimed dividends (`StillInUse`).
    ///
    /// Returns the rent to the account that paid it. Moves no token. Logs nothing.
    #[discrim = [63]]
    pub fn close_position(ctx: &mut Context<ClosePosition>) -> Result<()> {
        instructions::stake::close_position::handler(ctx)
    }

    /// Gives `amount` base units of the dividend mint to a stake pool. They stream to its active shares through the
    /// network's next period of dividends.
    ///
    /// The giver signs: anyone can be one.
    ///
    /// Requires: the pool's network (`WrongNetwork`) and its dividend vault (`WrongVault`), which this creates the
    /// first time; an amount above 0, but for the first time (`AmountTooSmall`); with an amount, a mint that the policy
    /// accepts (`NotAMint`, `MintExtensionRefused`); the mint's token program for a new vault (`WrongTokenProgram`).
    ///
    /// Moves the amount from the giver's account to the dividend vault. Logs `DividendsAdded`.
    #[discrim = [64]]
    pub fn add_dividends(ctx: &mut Context<AddDividends>, amount: u64) -> Result<()> {
        instructions::stake::add_dividends::handler(ctx, amount)
    }

    /// Pays a position's dividends, as far as they have streamed, to its staker.
    ///
    /// Anyone sends it; nobody signs but the fee payer.
    ///
    /// Requires: a position in the pool (`WrongPosition`); the pool's dividend vault (`WrongVault`) and its mint
    /// (`NotAMint`); something due (`NothingDue`); a destination of the staker's (`NotAssociatedAccount`,
    /// `RecipientChangedOwner`, `NotOwnedAlone`).
    ///
    /// Moves what is due from the dividend vault to the destination. Logs `DividendsClaimed`.
    #[discrim = [65]]
    pub fn claim_dividends(ctx: &mut Context<ClaimDividends>) -> Result<()> {
        instructions::stake::claim_dividends::handler(ctx)
    }

    /// Burns what was slashed of a stake pool.
    ///
    /// Anyone sends it; nobody signs but the fee payer.
    ///
    /// Requires: the pool's vault and its token program (`WrongVault`, `WrongTokenProgram`); something slashed and not
    /// burned yet (`NothingDue`); a vault that backs what is left (`StakeNotBacked`).
    ///
    /// Destroys the tokens in the pool's vault. Logs `SlashBurned`.
    #[discrim = [66]]
    pub fn burn_slashed(ctx: &mut Context<BurnSlashed>) -> Result<()> {
        instructions::stake::burn_slashed::handler(ctx)
    }

    /// Closes the dividend vault of a stake pool that nothing hangs on, and by the next call the pool and its stake
    /// vault.
    ///
    /// The pool's owner signs (`NotOwner`).
    ///
    /// Requires: the pool's provider or attester (`WrongStakePool`), gone or without nodes and live bits; a slot after
    /// the opening one (`OpeningSlot`); no positions, locked bonds, challenges and slashed tokens (`StillInUse`); the
    /// vault whose turn it is (`WrongVault`) and its mint (`NotAMint`); if that vault holds something, a destination of
    /// the pool's owner (`NotAssociatedAccount`, `RecipientChangedOwner`, `NotOwnedAlone`).
    ///
    /// Moves what the vault holds to the owner, dividends that have not streamed too, and returns the rent to the
    /// account that paid the pool's. Logs nothing.
    #[discrim = [67]]
    pub fn close_stake_pool(ctx: &mut Context<CloseStakePool>) -> Result<()> {
        instructions::stake::close_pool::handler(ctx)
    }

    /// Sets the part of rewards in the network's dividend mint that a provider keeps from its delegators.
    ///
    /// The provider's owner signs (`NotOwner`).
    ///
    /// Requires: the provider's network (`WrongNetwork`); at most 100 % (`CommissionTooHigh`).
    ///
    /// Writes the commission that is in force after the network's unbonding time. Moves no token. Logs
    /// `CommissionChanged`.
    #[discrim = [68]]
    pub fn set_commission(ctx: &mut Context<SetCommission>, bps: u16) -> Result<()> {
        instructions::provider::set_commission::handler(ctx, bps)
    }

    /// Proposes other parameters, guardian, resolver and treasury, as one whole set, in place of any pending change.
    ///
    /// The network's admin signs (`NotAdmin`).
    ///
    /// Requires: what a new network requires of them (`UnbondingOutOfBounds`, `TimelockTooShort`, `FeeTooHigh`,
    /// `ReserveNotZero`, `CredentialIncomplete`, `RoleMissing`).
    ///
    /// Writes the change and its date, the timelock in force from now. Moves no token. Logs `ChangeProposed`.
    #[discrim = [50]]
    pub fn propose_change(ctx: &mut Context<Govern>, change: NetworkChange) -> Result<()> {
        instructions::network::propose::handler(ctx, change)
    }

    /// Puts the pending change in force. Jobs and stake tickets that exist keep what they were given.
    ///
    /// Anyone signs.
    ///
    /// Requires: a pending change (`NoPendingChange`), after its timelock (`ChangeNotDue`) and within the 14 days that
    /// follow (`ChangeExpired`).
    ///
    /// Writes parameters and roles. Moves no token. Logs `ChangeApplied`.
    #[discrim = [51]]
    pub fn apply_change(ctx: &mut Context<Govern>) -> Result<()> {
        instructions::network::apply::handler(ctx)
    }

    /// Names the candidate for admin, in place of any other. The zero key withdraws the candidate.
    ///
    /// The network's admin signs (`NotAdmin`).
    ///
    /// Requires: nothing more.
    ///
    /// Writes the candidate; the admin stays. Moves no token. Logs `AdminNamed`.
    #[discrim = [52]]
    pub fn name_admin(ctx: &mut Context<Govern>, candidate: Address) -> Result<()> {
        instructions::network::name_admin::handler(ctx, candidate)
    }

    /// Makes the candidate the admin at once, and drops the pending change.
    ///
    /// The candidate signs (`NotCandidate`).
    ///
    /// Requires: nothing more.
    ///
    /// Writes the admin. Moves no token. Logs `AdminChanged`.
    #[discrim = [53]]
    pub fn accept_admin(ctx: &mut Context<Govern>) -> Result<()> {
        instructions::network::accept_admin::handler(ctx)
    }

    /// Pauses intake for `secs` seconds, or lifts the pause that runs if `secs` is 0. No exit ever pauses.
    ///
    /// The network's guardian signs (`NotGuardian`).
    ///
    /// Requires: at most 7 days (`PauseTooLong`), after intake was open for as long as the last pause closed it
    /// (`PausedTooRecently`); for 0 seconds, a pause that runs (`NotPaused`).
    ///
    /// Writes when the pause begins and ends. Moves no token. Logs `PauseChanged`.
    #[discrim = [54]]
    pub fn pause(ctx: &mut Context<Govern>, secs: u32) -> Result<()> {
        instructions::network::pause::handler(ctx, secs)
    }

    /// Posts the root of a tree of statements that one or more live members of a set signed. `members` are their indices, ascending,
    /// four bits each.
    ///
    /// The payer signs: anyone can be one. The members' signatures are in the ed25519 instruction immediately before
    /// (`NoSignatures`), at top level (`NotTopLevel`), in the canonical layout (`MalformedSignatures`).
    ///
    /// Requires: the batch that these arguments give (`WrongStatement`), signed by live members, in order
    /// (`MembersNotAscending`, `MemberNotLive`, `NotAMember`); a date ahead, within 60 days (`ExpiryOutOfBounds`).
    ///
    /// Writes the batch. Moves no token. Logs `BatchSigned`.
    #[discrim = [74]]
    pub fn post_batch(
        ctx: &mut Context<PostBatch>,
        root: [u8; 32],
        expires_at: i64,
        members: u64,
    ) -> Result<()> {
        instructions::batch::post::handler(ctx, root, expires_at, members)
    }

    /// Adds members that signed a batch. `members` are their indices, ascending, four bits each.
    ///
    /// Anyone sends it; the signatures are where those of `post_batch` are (`NoSignatures`, `NotTopLevel`,
    /// `MalformedSignatures`).
    ///
    /// Requires: the batch's set (`WrongSet`); the batch itself (`WrongStatement`), signed by live members, in order
    /// (`MembersNotAscending`, `MemberNotLive`, `NotAMember`), of whom one did not before (`AlreadyEndorsed`).
    ///
    /// Writes the members. Moves no token. Logs `BatchSigned`.
    #[discrim = [75]]
    pub fn endorse_batch(ctx: &mut Context<EndorseBatch>, members: u64) -> Result<()> {
        instructions::batch::endorse::handler(ctx, members)
    }

    /// Proves the windows that a run of a batch's leaves is about. The jobs are the accounts behind the others; an entry names one by
    /// its place among them. A window that was proven with the same statement before is passed over.
    ///
    /// The worker of every job signs, or the operator of the provider whose jobs they are (`NotOperator`, `NotTheWorkers`).
    ///
    /// Requires: the batch's set (`WrongSet`), of which as many live members signed as its threshold asks
    /// (`BatchBelowThreshold`); 1 to 32 leaves, a power of two, that begin at a multiple of it, with as many statements as the mask has
    /// bits, jobs that are there, and a path of a tree of depth 20 at most (`MalformedRun`); a path that leads to the root
    /// (`NotInBatch`). Of each job: this set (`WrongSet`); an active job (`WrongJobState`); a window of the job
    /// (`WindowOutOfJob`) that has ended (`WindowNotEnded`), is within its grace (`StatementExpired`) and was not
    /// proven with another statement (`WindowAlreadyProven`); units of which some count (`NothingWouldCount`).
    ///
    /// Matures what is ripe and adds the accepted units to those pending. Moves no token. Logs `BatchProven`, if a window is new.
    #[discrim = [76]]
    pub fn attest_batch(ctx: &mut Context<AttestBatch>, run: BatchRun) -> Result<()> {
        instructions::batch::attest::handler(ctx, &run)
    }

    /// Closes a batch. What it proved stays proven, and it can be posted again.
    ///
    /// The batch's payer signs (`NotPayer`).
    ///
    /// Requires: its date (`BatchNotExpired`).
    ///
    /// Returns the rent to the payer. Moves no token. Logs `BatchClosed`.
    #[discrim = [77]]
    pub fn close_batch(ctx: &mut Context<CloseBatch>) -> Result<()> {
        instructions::batch::close::handler(ctx)
    }
}
