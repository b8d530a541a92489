use {
    crate::{checked::Fits, constants::*, error::SluiceError},
    anchor_lang::prelude::*,
    bytemuck::{Pod, Zeroable},
    sluice_math::{metering, wide},
};

/// What a job pays, how it is proven and what stands behind it; whole in every job and offer, fixed when it is funded.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable, IdlType, SchemaRead, SchemaWrite)]
pub struct Terms {
    /// Mint of the payment.
    pub mint: Address,
    /// Base units paid per `per` units of work.
    pub price: u64,
    /// Units of work that the price buys.
    pub per: u64,
    /// The attester set whose quorum proves work; zero for none.
    pub set: Address,
    /// Most units one whole window can count.
    pub cap: u64,
    /// Stake locked by the provider, base units of the stake mint.
    pub bond: u64,
    /// Bond of a challenger, base units of the stake mint.
    pub challenge_bond: u64,
    /// Longest length an offer accepts.
    pub max_length_secs: u64,
    /// Length of a window.
    pub window_secs: u32,
    /// How long a window can be proven after its end.
    pub grace_secs: u32,
    /// How long a proof can be challenged after the grace.
    pub challenge_secs: u32,
    /// How long the resolver has after the challenge time.
    pub ruling_secs: u32,
    /// How long a job goes on after its buyer cancels or its provider resigns.
    pub notice_secs: u32,
    /// Unproven windows in a row that let either side end the job.
    pub fault_windows: u32,
}

/// Refuses a last date, of a job that waits or an offer, that has passed or lies more than a year ahead.
pub fn require_date(last: i64, now: i64) -> Result<()> {
    require!(last > now, SluiceError::DateInPast);
    require!(
        // `last` is after `now`, and `now` after 1970: the difference does not overflow.
        last.wrapping_sub(now) <= MAX_OPEN_SECS,
        SluiceError::DateTooFar
    );
    Ok(())
}

impl Terms {
    /// Refuses terms out of bounds: a 0 that makes no sense, a time above 30 days, a length above 10 years, a proof that
    /// outlasts the stake behind it, and a product that does not fit.
    pub fn validate(&self, min_unbonding_secs: u32) -> Result<()> {
        require!(
            self.price >= 1
                && self.per >= 1
                && self.cap >= 1
                && self.max_length_secs >= 1
                && self.window_secs >= 1
                && self.grace_secs >= 1
                && self.fault_windows >= 1,
            SluiceError::TermIsZero
        );
        let times = [
            self.window_secs,
            self.grace_secs,
            self.challenge_secs,
            self.ruling_secs,
            self.notice_secs,
        ];
        require!(
            times.iter().all(|secs| *secs <= MAX_TERM_SECS),
            SluiceError::TermTooLong
        );
        require!(
            self.max_length_secs <= MAX_LENGTH_SECS,
            SluiceError::LengthOutOfBounds
        );
        let object = u64::from(self.grace_secs) + u64::from(self.challenge_secs);
        require!(
            object <= u64::from(RING) * u64::from(self.window_secs),
            SluiceError::GraceOutlastsRing
        );
        require!(
            object + u64::from(self.window_secs) + u64::from(self.ruling_secs)
                <= u64::from(min_unbonding_secs),
            SluiceError::TermsOutlastUnbonding
        );
        require!(
            self.challenge_secs == 0 || self.ruling_secs >= MIN_RULING_SECS,
            SluiceError::RulingTooShort
        );
        self.ceiling(self.max_length_secs).map(|_| ()).fits()
    }

    /// Windows that start within `length_secs`; `None` past `u32`.
    pub fn windows(&self, length_secs: u64) -> Option<u32> {
        length_secs
            .checked_add(u64::from(self.window_secs).checked_sub(1)?)?
            .checked_div(u64::from(self.window_secs))
            .and_then(|windows| u32::try_from(windows).ok())
    }

    /// The most a job of `length_secs` can pay, rounded up, base units; `None` when it does not fit.
    pub fn ceiling(&self, length_secs: u64) -> Option<u64> {
        let units = self
            .cap
            .checked_mul(u64::from(self.windows(length_secs)?))?;
        wide::mul_div_ceil(units, self.price, self.per)
    }

    /// Seconds after a window's end at which its quorum proof matures.
    pub fn maturity_secs(&self) -> i64 {
        i64::from(self.grace_secs) + i64::from(self.challenge_secs)
    }

    /// Gross pay of `units`, base units.
    pub fn gross(&self, units: u64) -> Result<u64> {
        metering::gross(units, self.price, self.per).fits()
    }
}
