//! Stake pools, positions and unstake tickets.

use {
    super::{SYSTEM_PROGRAM, build},
    crate::address,
    sluice::{
        accounts, instruction,
        shared_accounts::PoolVault,
        state::{Position, StakePool, Unstake},
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

/// Stakes `amount` base units from the staker's associated account, and opens its position where there is none. Signers:
/// `payer`, `staker`.
pub fn stake(
    payer: &Address,
    staker: &Address,
    network: &Address,
    pool: &Address,
    stake_mint: &Address,
    token_program: &Address,
    amount: u64,
) -> Instruction {
    build(
        accounts::Stake {
            payer: *payer,
            staker: *staker,
            network: *network,
            pool: *pool,
            position: address::position(pool, staker),
            source: address::token_account(staker, stake_mint, token_program),
            vault: address::vault(pool),
            mint: *stake_mint,
            token_program: *token_program,
            system_program: SYSTEM_PROGRAM,
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
            from: stake_vault(&ticket.pool, pool, &ticket.staker, token_program),
            position: ticket.position,
            ticket: address::unstake(&ticket.position, ticket.nonce),
            rent_payer: ticket.rent_payer,
        },
        instruction::Withdraw {},
    )
}

/// Makes a ticket's shares active again. Signer: the staker.
pub fn cancel_unstake(ticket: &Unstake) -> Instruction {
    build(
        accounts::CancelUnstake {
            staker: ticket.staker,
            pool: ticket.pool,
            position: ticket.position,
            ticket: address::unstake(&ticket.position, ticket.nonce),
            rent_payer: ticket.rent_payer,
        },
        instruction::CancelUnstake {},
    )
}

/// Closes an empty position. Signer: the staker.
pub fn close_position(position: &Position) -> Instruction {
    close_position_by(&position.staker, position)
}

/// Closes an empty position. Signer: `closer`, the staker or the pool's owner.
pub fn close_position_by(closer: &Address, position: &Position) -> Instruction {
    build(
        accounts::ClosePosition {
            closer: *closer,
            pool: position.pool,
            position: address::position(&position.pool, &position.staker),
            rent_payer: position.rent_payer,
        },
        instruction::ClosePosition {},
    )
}

/// Gives `amount` base units of the dividend mint to a pool's stakers. Signers: `payer`, `giver`.
pub fn add_dividends(
    payer: &Address,
    giver: &Address,
    pool: &Address,
    network: &Address,
    dividend_mint: &Address,
    token_program: &Address,
    amount: u64,
) -> Instruction {
    build(
        accounts::AddDividends {
            payer: *payer,
            giver: *giver,
            network: *network,
            pool: *pool,
            source: address::token_account(giver, dividend_mint, token_program),
            vault: address::dividends(pool),
            mint: *dividend_mint,
            token_program: *token_program,
            system_program: SYSTEM_PROGRAM,
        },
        instruction::AddDividends { amount },
    )
}

/// Pays a position's dividends to its staker's associated account. Signer: none.
pub fn claim_dividends(
    position: &Position,
    dividend_mint: &Address,
    token_program: &Address,
) -> Instruction {
    build(
        accounts::ClaimDividends {
            from: PoolVault {
                pool: position.pool,
                vault: address::dividends(&position.pool),
                mint: *dividend_mint,
                destination: address::token_account(&position.staker, dividend_mint, token_program),
                given_away: None,
                token_program: *token_program,
            },
            position: address::position(&position.pool, &position.staker),
        },
        instruction::ClaimDividends {},
    )
}

/// Burns what was slashed from a pool. Signer: none.
pub fn burn_slashed(key: &Address, pool: &StakePool, token_program: &Address) -> Instruction {
    build(
        accounts::BurnSlashed {
            pool: *key,
            vault: pool.vault,
            mint: pool.mint,
            token_program: *token_program,
        },
        instruction::BurnSlashed {},
    )
}

/// Closes a stake pool that nothing hangs on: its dividend vault if it has one, else the pool. Signer: the pool's owner.
pub fn close_stake_pool(
    pool: &StakePool,
    dividend_mint: &Address,
    token_program: &Address,
) -> Instruction {
    let key = address::stake_pool(&pool.subject);
    let from = if pool.dividend_vault == sluice::constants::NOBODY {
        stake_vault(&key, pool, &pool.owner, token_program)
    } else {
        PoolVault {
            pool: key,
            vault: pool.dividend_vault,
            mint: *dividend_mint,
            destination: address::token_account(&pool.owner, dividend_mint, token_program),
            given_away: None,
            token_program: *token_program,
        }
    };
    build(
        accounts::CloseStakePool {
            owner: pool.owner,
            from,
            subject: pool.subject,
            rent_payer: pool.rent_payer,
        },
        instruction::CloseStakePool {},
    )
}

/// The stake vault of a pool, paying `owner`.
pub(super) fn stake_vault(
    key: &Address,
    pool: &StakePool,
    owner: &Address,
    token_program: &Address,
) -> PoolVault {
    PoolVault {
        pool: *key,
        vault: pool.vault,
        mint: pool.mint,
        destination: address::token_account(owner, &pool.mint, token_program),
        given_away: None,
        token_program: *token_program,
    }
}
