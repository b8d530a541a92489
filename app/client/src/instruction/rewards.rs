//! Reward pools, shares and epochs.

use {
    super::{SYSTEM_PROGRAM, build},
    crate::address,
    sluice::{
        accounts, instruction,
        state::{Epoch, Node, RewardPool, RewardTerms, Share},
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

/// What a new reward pool is made of.
#[derive(Clone, Copy, Debug)]
pub struct NewRewardPool {
    pub network: Address,
    pub set: Address,
    pub mint: Address,
    pub token_program: Address,
    pub id: u64,
    pub terms: RewardTerms,
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

/// Reports a node's work; `epoch` is the index of the open epoch, or `None` for a baseline. Signer: none.
pub fn report(pool_key: &Address, node_key: &Address, epoch: Option<u64>) -> Instruction {
    build(
        accounts::Report {
            pool: *pool_key,
            share: address::share(pool_key, node_key),
            node: *node_key,
            epoch: epoch.map(|index| address::epoch(pool_key, index)),
        },
        instruction::Report {},
    )
}

/// The first positive report of epoch `index`. Signer: `payer`.
pub fn open_epoch(
    payer: &Address,
    pool_key: &Address,
    node_key: &Address,
    index: u64,
) -> Instruction {
    build(
        accounts::OpenEpoch {
            payer: *payer,
            pool: *pool_key,
            share: address::share(pool_key, node_key),
            node: *node_key,
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
    let current = pool.epoch_at(now).unwrap_or(0);
    let mut started = share
        .slots
        .iter()
        .filter_map(|slot| slot.epoch())
        .filter(|epoch| *epoch < current)
        .map(|epoch| address::epoch(pool_key, epoch));
    build(
        accounts::Claim {
            pool: *pool_key,
            share: address::share(pool_key, &share.node),
            streaming: started.next(),
            ended: started.next(),
            vault: pool.vault,
            mint: pool.mint,
            destination: address::token_account(&share.payee, &pool.mint, token_program),
            token_program: *token_program,
        },
        instruction::Claim {},
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
