//! Metered work to money: units times price, and how that money is divided.
//!
//! Every function here is applied to *cumulative* totals and never falls as they grow, so a pull pays the
//! difference to what was paid before, and any number of pulls adds up to one.

use crate::wide::{mul_div_floor, mul_wide};

/// Basis points in a whole.
pub const BPS: u64 = 10_000;

/// What `units` of work earn, in base units of the job's mint, at `price` per `per` units: rounded down.
///
/// `None` if `per` is zero or the amount does not fit `u64`.
pub fn gross(units: u64, price: u64, per: u64) -> Option<u64> {
    mul_div_floor(units, price, per)
}

/// How many units of work `funded` base units pay for at `price` per `per` units: rounded down, so that
/// `gross(units_funded(funded)) <= funded`.
///
/// `None` if `price` is zero or the count does not fit `u64`.
pub fn units_funded(funded: u64, price: u64, per: u64) -> Option<u64> {
    mul_div_floor(funded, per, price)
}

/// How many of `quorum_units`, which a quorum proved, were paid for in whole base units: as many as their gross pay, but
/// at most `quorum_gross` base units, pays for at `price` per `per` units. Both steps are rounded down, so the result is
/// at most `quorum_units`. It never falls as either of the two grows.
///
/// `None` if `price` or `per` is zero or the gross pay does not fit `u64`.
pub fn paid_units(quorum_units: u64, quorum_gross: u64, price: u64, per: u64) -> Option<u64> {
    let paid = gross(quorum_units, price, per)?.min(quorum_gross);
    units_funded(paid, price, per)
}

/// True if `price` per `per` units is at least `least_price` per `least_per`: compared as products of 128 bits. Exact and
/// total; two prices per 0 units are equal.
pub const fn pays_at_least(price: u64, per: u64, least_price: u64, least_per: u64) -> bool {
    if let (Some(pays), Some(least)) = (price.checked_mul(least_per), least_price.checked_mul(per))
    {
        return pays >= least;
    }
    let (high, low) = mul_wide(price, least_per);
    let (least_high, least_low) = mul_wide(least_price, per);
    high > least_high || (high == least_high && low >= least_low)
}

/// A gross amount divided among its payees, in base units. The three parts add up to the gross amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// To the provider's owner: what the fees leave.
    pub provider: u64,
    /// To the network's treasury: the fees less the attesters' part.
    pub treasury: u64,
    /// To the attester set's fee owner.
    pub attesters: u64,
}

/// Divides a cumulative `gross` amount by the network's fee and the attesters' fee, in basis points of it. Windows that
/// no attester signed earned `cosigned` of it: the network has its fee of that part, the attesters have none.
///
/// Of the rest, both fees together are rounded down (for the provider), then the attesters' part of them is rounded down
/// (for the treasury). The fee of the cosigned part is rounded down by itself. A base unit stays in its part for ever, so
/// no payee's total falls as either part grows.
///
/// `None` if the fees together exceed [`BPS`], or `cosigned` exceeds `gross`.
pub fn split(gross: u64, cosigned: u64, fee_bps: u16, attestation_bps: u16) -> Option<Split> {
    let (fee, attestation) = (u64::from(fee_bps), u64::from(attestation_bps));
    let fees = fee.checked_add(attestation)?;
    if fees > BPS {
        return None;
    }
    let attested = gross.checked_sub(cosigned)?;
    let taken = mul_div_floor(attested, fees, BPS)?;
    // Without fees there is nothing to divide, nor anything to divide by.
    let attesters = mul_div_floor(taken, attestation, fees.max(1))?;
    let of_cosigned = mul_div_floor(cosigned, fee, BPS)?;
    Some(Split {
        provider: gross.checked_sub(taken)?.checked_sub(of_cosigned)?,
        treasury: taken.checked_sub(attesters)?.checked_add(of_cosigned)?,
        attesters,
    })
}
