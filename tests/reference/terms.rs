//! Terms of a job, and how its units and its money follow from each other.

use super::{Fail, Id, Mint, ensure};

/// The terms of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub mint: Mint,
    pub set: Option<Id>,
    /// Base units paid per `per` units.
    pub price: u64,
    pub per: u64,
    /// Most units of one whole window.
    pub cap: u64,
    /// Base units of the stake mint.
    pub bond: u64,
    pub challenge_bond: u64,
    pub max_length_secs: u64,
    pub window_secs: u32,
    pub grace_secs: u32,
    pub challenge_secs: u32,
    pub ruling_secs: u32,
    pub notice_secs: u32,
    pub fault_windows: u32,
}

impl Terms {
    /// Refuses terms outside of their bounds.
    pub(crate) fn validate(&self, min_unbonding_secs: u32) -> Result<(), Fail> {
        let wide = [self.price, self.per, self.cap, self.max_length_secs];
        let narrow = [self.window_secs, self.grace_secs, self.fault_windows];
        let zero = wide.contains(&0) || narrow.contains(&0);
        ensure(!zero, "TermIsZero")?;
        let [w, g, c, r, notice] = [
            self.window_secs,
            self.grace_secs,
            self.challenge_secs,
            self.ruling_secs,
            self.notice_secs,
        ]
        .map(u128::from);
        let longest = [w, g, c, r, notice].into_iter().max().unwrap_or(0);
        ensure(longest <= 30 * 24 * 60 * 60, "TermTooLong")?;
        let ten_years = 3_650 * 24 * 60 * 60;
        ensure(self.max_length_secs <= ten_years, "LengthOutOfBounds")?;
        ensure(c + g <= 16 * w, "GraceOutlastsRing")?;
        let slashable = w + g + c + r <= u128::from(min_unbonding_secs);
        ensure(slashable, "TermsOutlastUnbonding")?;
        ensure(c == 0 || r >= 60, "RulingTooShort")?;
        let most = self.most_pay(self.max_length_secs);
        most.map(|_| ()).ok_or("MathOverflow")
    }

    /// The most a job of `length_secs` can pay, rounded up; nothing where windows, units or the amount leave their fields.
    fn most_pay(&self, length_secs: u64) -> Option<u64> {
        let (length, window) = (u128::from(length_secs), u128::from(self.window_secs));
        // Rounding up adds less than a window, and that sum must fit 64 bits too.
        let windows = u64::try_from(length + window - 1).ok().map(u128::from)? / window;
        u32::try_from(windows).ok()?;
        let units = u64::try_from(windows * u128::from(self.cap)).ok()?;
        let pay = (u128::from(units) * u128::from(self.price)).div_ceil(u128::from(self.per));
        u64::try_from(pay).ok()
    }

    /// What `units` earn, base units, rounded down.
    pub fn gross(&self, units: u128) -> u128 {
        units * u128::from(self.price) / u128::from(self.per)
    }

    /// How many units `funds` base units pay for, rounded down.
    pub fn units_for(&self, funds: u128) -> u128 {
        funds * u128::from(self.per) / u128::from(self.price)
    }
}
