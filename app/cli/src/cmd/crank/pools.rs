//! What is due in stake pools: burning and dividends.

use {
    super::{Crank, Report, moving},
    crate::{
        cmd::{job::inconsistent, stake::dividends::dividend_mint},
        failure::Result,
        output::Fields,
        session::{Plan, Session, purses},
    },
    sluice_client::{
        Ledger, Position, StakePool,
        account::filter,
        due::stake::{PoolStep, PositionStep, has_dividends, of_pool, of_position},
        instruction::token::Mint,
    },
    solana_address::Address,
};

impl Crank {
    /// Burns what was slashed, and pays every position its dividends once a period's worth is due.
    pub(super) fn pools(
        &self,
        session: &mut Session<impl Ledger>,
        network: &Address,
        report: &mut Report,
    ) -> Result<()> {
        let filter = filter::stake_pool_network(network);
        let pools = session.ledger.list::<StakePool>(&[filter])?;
        for (key, pool) in session.counted("looks after the stake pools", pools) {
            for step in of_pool(&pool).steps {
                let result = burn(session, (&key, &pool), &step);
                report.note(&key, step.name(), result);
            }
            if has_dividends(&pool)
                && let Err(failure) = self.claims(session, &key, &pool, report)
            {
                report.note(&key, "read", Err(failure));
            }
        }
        Ok(())
    }

    fn claims(
        &self,
        session: &mut Session<impl Ledger>,
        key: &Address,
        pool: &StakePool,
        report: &mut Report,
    ) -> Result<()> {
        let (mint, now) = (dividend_mint(session, pool)?, session.now()?);
        let positions = session
            .ledger
            .list::<Position>(&[filter::position_pool(key)])?;
        let due = positions
            .iter()
            .filter_map(|(_, position)| of_position(pool, position, now));
        let paid = due
            .flat_map(|due| due.steps)
            .filter_map(|step| step.payment());
        session
            .ledger
            .gather(paid.flat_map(|payment| purses(&payment.to, &mint.address)))?;
        for (address, position) in positions {
            let due =
                of_position(pool, &position, now).ok_or_else(|| inconsistent(&address)(()))?;
            for step in due.steps {
                let result = self.claim(session, &position, &step, &mint);
                report.note(&address, step.name(), result);
            }
        }
        Ok(())
    }

    fn claim(
        &self,
        session: &mut Session<impl Ledger>,
        position: &Position,
        step: &PositionStep,
        mint: &Mint,
    ) -> Result<Fields> {
        let mut plan = self.paying(session, step.payment(), mint)?;
        plan.push(step.instruction(position, mint));
        session.execute(plan, moving(step.payment().map(|one| one.amount), mint))
    }
}

fn burn(
    session: &mut Session<impl Ledger>,
    (key, pool): (&Address, &StakePool),
    step: &PoolStep,
) -> Result<Fields> {
    let mint = session.mint(&pool.mint)?;
    let plan = Plan::of(step.instruction(key, pool, &mint.token_program));
    let PoolStep::Burn { amount } = step;
    session.execute(plan, moving(Some(*amount), &mint))
}
