//! Stake pools, positions and unstake tickets.

use {
    super::{SYSTEM_PROGRAM, build},
    crate::address,
    sluice::{
        accounts, instruction,
        state::{StakePool, Unstake},
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

/// Creates the stake pool behind `subject`, a provider or attester account. Signer: `payer`.
pub fn create_stake_pool(
    payer: &Address,
    network: &Address,
    subject: &Address,
    stake_mint: &Address,
    token_program: &Address,
) -> Instruction {
    let pool = address::stake_pool(subject);
    build(
        accounts::CreateStakePool {
            payer: *payer,
            network: *network,
            subject: *subject,
            pool,
            vault: address::vault(&pool),
            mint: *stake_mint,
            token_program: *token_program,
            system_program: SYSTEM_PROGRAM,
        },
        instruction::CreateStakePool {},
    )
}

/// Opens a position. Signers: `payer`, `staker`.
pub fn open_position(payer: &Address, staker: &Address, pool: &Address) -> Instruction {
    build(
        accounts::OpenPosition {
            payer: *payer,
            staker: *staker,
            pool: *pool,
            position: address::position(pool, staker),
            system_program: SYSTEM_PROGRAM,
        },
        instruction::OpenPosition {},
    )
}

/// Stakes `amount` base units from the staker's associated account. Signer: `staker`.
pub fn stake(
    staker: &Address,
    network: &Address,
    pool: &Address,
    stake_mint: &Address,
    token_program: &Address,
    amount: u64,
) -> Instruction {
    build(
        accounts::Stake {
            staker: *staker,
            network: *network,
            pool: *pool,
            position: address::position(pool, staker),
            source: address::token_account(staker, stake_mint, token_program),
            vault: address::vault(pool),
            mint: *stake_mint,
            token_program: *token_program,
        },
        instruction::Stake { amount },
    )
}

/// Moves `shares` into ticket `nonce`. Signers: `payer`, `staker`.
pub fn unstake(
    payer: &Address,
    staker: &Address,
    network: &Address,
    pool: &Address,
    shares: u64,
    nonce: u64,
) -> Instruction {
    let position = address::position(pool, staker);
    build(
        accounts::BeginUnstake {
            payer: *payer,
            staker: *staker,
            network: *network,
            pool: *pool,
            position,
            ticket: address::unstake(&position, nonce),
            system_program: SYSTEM_PROGRAM,
        },
        instruction::Unstake { shares, nonce },
    )
}

/// Pays a ripe ticket to its staker's associated account. Signer: none.
pub fn withdraw(pool: &StakePool, ticket: &Unstake, token_program: &Address) -> Instruction {
    build(
        accounts::Withdraw {
            pool: ticket.pool,
            position: ticket.position,
            ticket: address::unstake(&ticket.position, ticket.nonce),
            rent_payer: ticket.rent_payer,
            vault: pool.vault,
            mint: pool.mint,
            destination: address::token_account(&ticket.staker, &pool.mint, token_program),
            token_program: *token_program,
        },
        instruction::Withdraw {},
    )
}
