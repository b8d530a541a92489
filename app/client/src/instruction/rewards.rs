//! Reward pools, shares and epochs.

use {
    super::{SYSTEM_PROGRAM, build},
    crate::address,
    sluice::{
        accounts, instruction,
        shared_accounts::{Claim, RewardVault},
        state::{Epoch, Node, RewardPool, RewardTerms, Share, StakePool},
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

/// What a new reward pool is made of.
#[derive(Clone, Copy, Debug)]
pub struct NewRewardPool {
    /// Address of the network.
    pub network: Address,
    /// Address of the attester set whose units it counts.
    pub set: Address,
    /// Of its rewards.
    pub mint: Address,
    /// Of the mint.
    pub token_program: Address,
    /// Number among the creator's; part of its address.
    pub id: u64,
    /// What it pays.
    pub terms: RewardTerms,
    /// Owner of the account that gets back what is never allocated.
    pub refund_owner: Address,
}

/// Creates a reward pool. Signers: `payer`, `creator`.
pub fn create_reward_pool(payer: &Address, creator: &Address, new: &NewRewardPool) -> Instruction {
    let pool = address::reward_pool(&new.network, creator, new.id);
    build(
        accounts::CreateRewardPool {
            payer: *payer,
            creator: *creator,
            network: new.network,
            set: new.set,
            pool,
            vault: address::vault(&pool),
            mint: new.mint,
            token_program: new.token_program,
            system_program: SYSTEM_PROGRAM,
        },
        instruction::CreateRewardPool {
            id: new.id,
            terms: new.terms,
            refund_owner: new.refund_owner,
        },
    )
}

/// Adds `amount` base units from the funder's associated account. Signer: `funder`.
pub fn fund_reward_pool(
    funder: &Address,
    pool_key: &Address,
    pool: &RewardPool,
    token_program: &Address,
    amount: u64,
) -> Instruction {
    build(
        accounts::FundRewardPool {
            funder: *funder,
            network: pool.network,
            pool: *pool_key,
            vault: pool.vault,
            mint: pool.mint,
            source: address::token_account(funder, &pool.mint, token_program),
            token_program: *token_program,
        },
        instruction::FundRewardPool {
            incarnation: pool.incarnation,
            amount,
        },
    )
}

/// Joins a node. Signers: `payer`, `operator`.
pub fn join_reward_pool(
    payer: &Address,
    operator: &Address,
    pool_key: &Address,
    pool: &RewardPool,
    node_key: &Address,
    node: &Node,
) -> Instruction {
    build(
        accounts::JoinRewardPool {
            payer: *payer,
            operator: *operator,
            provider: node.provider,
            node: *node_key,
            pool: *pool_key,
            share: address::share(pool_key, node_key),
            system_program: SYSTEM_PROGRAM,
        },
        instruction::JoinRewardPool {
            incarnation: pool.incarnation,
        },
    )
}

/// Reports a node's work; `epoch` is the index of the open epoch, or `None` for a baseline; `provider` is the
/// node's. Signer: none.
pub fn report(
    pool_key: &Address,
    node_key: &Address,
    provider: &Address,
    epoch: Option<u64>,
) -> Instruction {
    build(
        accounts::Report {
            pool: *pool_key,
            share: address::share(pool_key, node_key),
            node: *node_key,
            epoch: epoch.map(|index| address::epoch(pool_key, index)),
            provider: *provider,
        },
        instruction::Report {},
    )
}

/// The first positive report of epoch `index`; `provider` is the node's. Signer: `payer`.
pub fn open_epoch(
    payer: &Address,
    pool_key: &Address,
    node_key: &Address,
    provider: &Address,
    index: u64,
) -> Instruction {
    build(
        accounts::OpenEpoch {
            payer: *payer,
            pool: *pool_key,
            share: address::share(pool_key, node_key),
            node: *node_key,
            provider: *provider,
            epoch: address::epoch(pool_key, index),
            system_program: SYSTEM_PROGRAM,
        },
        instruction::OpenEpoch { index },
    )
}

/// Pays a share what has streamed to it by `now`. Signer: none.
pub fn claim(
    pool_key: &Address,
    pool: &RewardPool,
    share: &Share,
    now: i64,
    token_program: &Address,
) -> Instruction {
    let payee = address::token_account(&share.payee, &pool.mint, token_program);
    build(
        draw(pool_key, pool, share, now, payee, token_program),
        instruction::Claim {},
    )
}

/// True when somebody has stake in a pool, active or thawing: then delegators' parts are theirs.
pub const fn has_stake(stake: &StakePool) -> bool {
    stake.active_shares > 0 || stake.thawing_shares > 0
}

/// Gives the delegators' part of a share, as streamed by `now`, to the stake pool of its provider, or to its payee while nobody
/// [`has_stake`] there or the pool is gone. Signer: none.
///
/// A stake pool that never had a dividend needs its vault first: [`super::add_dividends`] of 0.
pub fn pay_delegators(
    pool_key: &Address,
    pool: &RewardPool,
    share: &Share,
    stake: Option<&StakePool>,
    now: i64,
    token_program: &Address,
) -> Instruction {
    let stake_key = address::stake_pool(&share.provider);
    let destination = if stake.is_some_and(has_stake) {
        address::dividends(&stake_key)
    } else {
        address::token_account(&share.payee, &pool.mint, token_program)
    };
    build(
        accounts::PayDelegators {
            draw: draw(pool_key, pool, share, now, destination, token_program),
            stake: stake_key,
        },
        instruction::PayDelegators {},
    )
}

/// A share and the epochs whose streams it draws on at `now`.
fn draw(
    pool_key: &Address,
    pool: &RewardPool,
    share: &Share,
    now: i64,
    destination: Address,
    token_program: &Address,
) -> Claim {
    let current = pool.epoch_at(now).unwrap_or(0);
    let mut started = share
        .slots
        .iter()
        .filter_map(|slot| slot.epoch())
        .filter(|epoch| *epoch < current)
        .map(|epoch| address::epoch(pool_key, epoch));
    Claim {
        pool: *pool_key,
        share: address::share(pool_key, &share.node),
        streaming: started.next(),
        ended: started.next(),
        vault: pool.vault,
        mint: pool.mint,
        destination,
        given_away: None,
        token_program: *token_program,
    }
}

/// A pull to the pool's refund owner.
fn refund(pool_key: &Address, pool: &RewardPool, token_program: &Address) -> RewardVault {
    RewardVault {
        pool: *pool_key,
        vault: pool.vault,
        mint: pool.mint,
        destination: address::token_account(&pool.refund_owner, &pool.mint, token_program),
        given_away: None,
        token_program: *token_program,
    }
}

/// Pays what an ended pool has unallocated to its refund owner. Signer: none.
pub fn return_unallocated(
    pool_key: &Address,
    pool: &RewardPool,
    token_program: &Address,
) -> Instruction {
    build(
        refund(pool_key, pool, token_program),
        instruction::ReturnUnallocated {},
    )
}

/// Closes an ended pool without shares and epochs. Signer: none.
pub fn close_reward_pool(
    pool_key: &Address,
    pool: &RewardPool,
    token_program: &Address,
) -> Instruction {
    build(
        accounts::CloseRewardPool {
            from: refund(pool_key, pool, token_program),
            rent_payer: pool.rent_payer,
        },
        instruction::CloseRewardPool {},
    )
}

/// Closes a share that was paid all it earned. Signer: `signer`, the payee until the pool's end.
pub fn close_share(signer: &Address, share: &Share) -> Instruction {
    build(
        accounts::CloseShare {
            signer: *signer,
            pool: share.pool,
            share: address::share(&share.pool, &share.node),
            rent_payer: share.rent_payer,
        },
        instruction::CloseShare {},
    )
}

/// Books the reward of an ended epoch. Signer: none.
pub fn fold(pool_key: &Address, node_key: &Address, epoch: u64) -> Instruction {
    build(
        accounts::Fold {
            pool: *pool_key,
            share: address::share(pool_key, node_key),
            epoch: address::epoch(pool_key, epoch),
        },
        instruction::Fold {},
    )
}

/// Closes an epoch whose shares are all folded. Signer: none.
pub fn close_epoch(epoch: &Epoch) -> Instruction {
    build(
        accounts::CloseEpoch {
            pool: epoch.pool,
            epoch: address::epoch(&epoch.pool, epoch.index),
            rent_payer: epoch.rent_payer,
        },
        instruction::CloseEpoch {},
    )
}
