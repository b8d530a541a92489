//! What is due of a stake pool and of a position in it.

use {
    super::{Due, Payment},
    crate::{
        instruction::{self, token::Mint},
        view::stake::PositionView,
    },
    sluice::{
        constants::NOBODY,
        state::{Position, StakePool},
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

/// What anybody may do to a stake pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolStep {
    /// Burns what was slashed.
    Burn {
        /// Base units of the stake mint.
        amount: u64,
    },
}

impl PoolStep {
    /// The step's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Burn { .. } => "burn",
        }
    }

    /// The instruction; `token_program` is that of the pool's mint. Signer: none.
    pub fn instruction(
        &self,
        key: &Address,
        pool: &StakePool,
        token_program: &Address,
    ) -> Instruction {
        match self {
            Self::Burn { .. } => instruction::burn_slashed(key, pool, token_program),
        }
    }
}

/// What anybody may do to a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PositionStep {
    /// Pays its dividends to its staker.
    Claim(Payment),
}

impl PositionStep {
    /// The step's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Claim(_) => "claim",
        }
    }

    /// What it pays and to whom, in the network's dividend mint.
    pub const fn payment(&self) -> Option<Payment> {
        match self {
            Self::Claim(payment) => payment.of_something(),
        }
    }

    /// The instruction; `mint` is the network's dividend mint. Signer: none.
    pub fn instruction(&self, position: &Position, mint: &Mint) -> Instruction {
        match self {
            Self::Claim(_) => {
                instruction::claim_dividends(position, &mint.address, &mint.token_program)
            }
        }
    }
}

/// What is due of a stake pool.
pub fn of_pool(pool: &StakePool) -> Due<PoolStep> {
    let amount = pool.to_burn;
    Due::now((amount > 0).then_some(PoolStep::Burn { amount }))
}

/// True for a pool that ever had a dividend: the positions of any other have none to claim.
pub fn has_dividends(pool: &StakePool) -> bool {
    pool.dividend_vault != NOBODY
}

/// What is due of a position in `pool` at `now`. A dividend streams by the second; it is due once it is what a whole period
/// brings, which is worth a transaction. `None` when the accounts' numbers contradict each other.
pub fn of_position(pool: &StakePool, position: &Position, now: i64) -> Option<Due<PositionStep>> {
    if !has_dividends(pool) {
        return Some(Due::default());
    }
    let view = PositionView::of(pool, position, now)?;
    let claim = PositionStep::Claim(Payment {
        amount: view.dividends_due,
        to: position.staker,
    });
    let worth_it = view.dividends_due > 0 && view.dividends_due >= view.dividends_a_period;
    Some(Due::now(worth_it.then_some(claim)))
}

#[cfg(test)]
mod tests {
    use {super::*, crate::address, bytemuck::Zeroable};

    #[test]
    fn what_was_slashed_is_burned_and_nothing_else_is_due_of_a_pool() {
        let mut pool = StakePool::zeroed();
        assert_eq!(of_pool(&pool), Due::default());
        pool.to_burn = 1;
        assert_eq!(of_pool(&pool), Due::now([PoolStep::Burn { amount: 1 }]));
    }

    #[test]
    fn a_dividend_is_claimed_from_the_second_a_periods_worth_has_streamed() {
        let mut pool = StakePool {
            dividend_vault: Address::new_unique(),
            active_shares: 100,
            tokens: 100,
            dividend_secs: 100,
            ..StakePool::zeroed()
        };
        let position = Position {
            pool: Address::new_unique(),
            staker: Address::new_unique(),
            shares: 100,
            ..Position::zeroed()
        };
        assert_eq!(of_position(&pool, &position, 1_000), Some(Due::default()));
        // It comes in during one period and streams through the next.
        pool.add_dividends(1_000, 1_050).unwrap();
        for now in [1_099, 1_100, 1_150, 1_199] {
            let due = of_position(&pool, &position, now);
            assert_eq!(due, Some(Due::default()), "{now}");
        }
        let due = of_position(&pool, &position, 1_200).unwrap();
        let payment = Payment {
            amount: 1_000,
            to: position.staker,
        };
        assert_eq!(due, Due::now([PositionStep::Claim(payment)]));
        let mint = Mint {
            address: Address::new_unique(),
            token_program: Address::new_unique(),
            decimals: 6,
        };
        let claim = due.steps[0].instruction(&position, &mint);
        let wanted = address::token_account(&payment.to, &mint.address, &mint.token_program);
        assert!(claim.accounts.iter().any(|meta| meta.pubkey == wanted));
    }
}
