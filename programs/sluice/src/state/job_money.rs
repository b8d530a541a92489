//! The money of a job: cumulative totals, of which every pull takes the difference to what was taken before.

use {
    super::{Job, JobState},
    crate::{
        checked::{Checked, Fits, take},
        error::SluiceError,
    },
    anchor_lang::prelude::*,
    sluice_math::metering::{self, Split},
};

/// Who is paid out of an escrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door<'a> {
    /// The provider's owner.
    Payee,
    /// The network's treasury, with its owner.
    Treasury(&'a Address),
    /// The owner of the attestation fee.
    Attesters,
    /// The refund owner.
    Refund,
}

impl Job {
    /// Adds a deposit and recomputes what it covers.
    pub fn fund(&mut self, received: u64) -> Result<()> {
        self.funded.raise(received)?;
        self.units_funded =
            metering::units_funded(self.funded, self.terms.price, self.terms.per).fits()?;
        Ok(())
    }

    pub(super) fn earn(&mut self, units: u64) -> Result<()> {
        self.units_matured.raise(units)?;
        Ok(())
    }

    /// Earns the units of a cosigned window. The base units by which they raise the gross pay are cosigned for ever, and
    /// pay no attestation fee. `mature` first.
    pub(super) fn earn_cosigned(&mut self, units: u64) -> Result<()> {
        let before = self.terms.gross(self.units_matured)?;
        self.earn(units)?;
        let after = self.terms.gross(self.units_matured)?;
        self.gross_cosigned.raise(after.minus(before)?)
    }

    /// Cumulative earnings, split: what provider, treasury and attesters may have taken in all.
    pub fn earned(&self) -> Result<Split> {
        metering::split(
            self.terms.gross(self.units_matured)?,
            self.gross_cosigned,
            self.fee_bps,
            self.attestation_bps,
        )
        .fits()
    }

    /// What the refund owner may take back now, base units.
    pub fn refundable(&self, now: i64) -> Result<u64> {
        let kept = if self.state == JobState::Open.byte() {
            if now < self.end_at {
                return Ok(0);
            }
            0
        } else {
            let usable = if self.state == JobState::Active.byte() {
                self.units_usable(now)?
            } else {
                0
            };
            // Not clipped to what is funded: a top-up may still complete the unit that the last deposit began.
            let units = self.units_counted()?.saturating_add(usable);
            self.terms.gross(units)?
        };
        Ok(self
            .funded
            .saturating_sub(kept)
            .saturating_sub(self.refunded))
    }

    /// Takes what the provider has earned and was not paid, base units. `mature` first, as before every other pull.
    pub fn take_pay(&mut self) -> Result<u64> {
        take(self.earned()?.provider, &mut self.paid)
    }

    /// Takes what the treasury has earned and was not paid, base units.
    pub fn take_treasury(&mut self) -> Result<u64> {
        take(self.earned()?.treasury, &mut self.swept_treasury)
    }

    /// Takes what the attesters have earned and were not paid, base units.
    pub fn take_attesters(&mut self) -> Result<u64> {
        take(self.earned()?.attesters, &mut self.swept_attesters)
    }

    /// Takes what can no longer be earned, base units.
    pub fn take_refund(&mut self, now: i64) -> Result<u64> {
        let amount = self.refundable(now)?;
        require!(amount > 0, SluiceError::NothingDue);
        self.refunded.raise(amount)?;
        Ok(amount)
    }

    /// Who receives by `door`, and the token account that the last pull through it went to.
    pub fn recipient<'a>(&'a mut self, door: Door<'a>) -> (&'a Address, &'a mut Address) {
        match door {
            Door::Payee => (&self.payee, &mut self.payee_account),
            Door::Treasury(owner) => (owner, &mut self.treasury_account),
            Door::Attesters => (&self.attestation_owner, &mut self.attestation_account),
            Door::Refund => (&self.refund_owner, &mut self.refund_account),
        }
    }

    /// Base units that left the escrow in all.
    pub fn taken_out(&self) -> Result<u64> {
        let [first, others @ ..] = [
            self.paid,
            self.swept_treasury,
            self.swept_attesters,
            self.refunded,
        ];
        others
            .iter()
            .try_fold(first, |sum, part| sum.checked_add(*part))
            .fits()
    }

    /// True when every base unit deposited has left.
    pub fn owes_nothing(&self) -> bool {
        self.taken_out().is_ok_and(|taken| taken == self.funded)
    }

    /// Refuses totals that contradict each other or the base units in the `vault` (I01, I04, I15): the vault has what has
    /// not left, no more leaves than came, and every unit that counts is paid for.
    pub fn invariant(&self, vault: u64) -> Result<()> {
        let left = self.funded.checked_sub(self.taken_out()?);
        require!(
            left.is_some_and(|left| left <= vault)
                && self.units_counted()? <= self.units_funded
                && self.quorum_credited <= self.quorum_matured
                && self.quorum_matured <= self.units_matured
                && self.gross_cosigned <= self.funded,
            SluiceError::TotalsContradict
        );
        Ok(())
    }
}
