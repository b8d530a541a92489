//! What is due in stake pools: burning and dividends.

use {
    super::{Crank, Report},
    crate::{
        cmd::{
            job::inconsistent,
            stake::{dividends::dividend_mint, pool},
        },
        failure::Result,
        output::Fields,
        session::Session,
    },
    sluice::constants::NOBODY,
    sluice_client::{
        Ledger, Position, StakePool, instruction, instruction::token::Mint,
        view::stake::PositionView,
    },
    solana_address::Address,
    std::mem::offset_of,
};

impl Crank {
    /// Burns what was slashed, and pays every position its dividends once a period's worth is due.
    pub(super) fn pools(
        &self,
        session: &mut Session<impl Ledger>,
        network: &Address,
        report: &mut Report,
    ) -> Result<()> {
        let filter = (
            8 + offset_of!(StakePool, network),
            network.to_bytes().to_vec(),
        );
        for (key, pool) in session.ledger.list::<StakePool>(&[filter])? {
            if pool.to_burn > 0 {
                let result = pool::burn(session, &key, &pool);
                report.note(&key, "burn", result);
            }
            if pool.dividend_vault != NOBODY
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
        let filter = (8 + offset_of!(Position, pool), key.to_bytes().to_vec());
        for (address, position) in session.ledger.list::<Position>(&[filter])? {
            let view =
                PositionView::of(pool, &position, now).ok_or_else(|| inconsistent(&address)(()))?;
            // A stream is due by the second; a period's worth is worth a transaction.
            if view.dividends_due > 0 && view.dividends_due >= view.dividends_a_period {
                let result = self.claim(session, &position, &mint);
                report.note(&address, "claim", result);
            }
        }
        Ok(())
    }

    fn claim(
        &self,
        session: &mut Session<impl Ledger>,
        position: &Position,
        mint: &Mint,
    ) -> Result<Fields> {
        let mut plan = self.paying(session, &position.staker, mint)?;
        plan.push(instruction::claim_dividends(
            position,
            &mint.address,
            &mint.token_program,
        ));
        session.execute(plan, Fields::new())
    }
}
