//! Numbers without a modulus, to compare with.

use {crate::edges::any_u64, num_bigint::BigUint, proptest::prelude::*};

/// `whole` base units and `frac`, in units of 2^-64 base units.
pub fn join(whole: u64, frac: u64) -> BigUint {
    (BigUint::from(whole) << 64) + frac
}

/// The limbs of `value`, `None` if it has more than two.
pub fn split(value: &BigUint) -> Option<(u64, u64)> {
    let whole = u64::try_from(value >> 64).ok()?;
    Some((
        whole,
        u64::try_from(value - (BigUint::from(whole) << 64)).ok()?,
    ))
}

/// An index of a pool: its integer part and its fraction.
pub fn index() -> impl Strategy<Value = [u64; 2]> {
    [any_u64(), any_u64()]
}

/// 2^128: what the index counts modulo.
pub fn wide() -> BigUint {
    BigUint::from(1_u8) << 128
}

/// `index` of the accounts as a number.
pub fn number([integer, fraction]: [u64; 2]) -> BigUint {
    join(integer, fraction)
}
