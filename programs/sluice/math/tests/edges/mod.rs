//! Numbers where limb arithmetic breaks: zeros, ones, powers of two, 32-bit boundaries and the top.
#![allow(dead_code, reason = "each test file takes the strategies it needs")]

use proptest::{prelude::*, sample::select};

/// As many cases as `SLUICE_CASES` says, 10,000 without it.
pub fn config() -> ProptestConfig {
    let cases = std::env::var("SLUICE_CASES").map_or(10_000, |cases| {
        cases.parse().expect("SLUICE_CASES is a number of cases")
    });
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    }
}

pub fn any_u32() -> impl Strategy<Value = u32> + Clone {
    prop_oneof![
        2 => any::<u32>(),
        2 => (any::<u32>(), 0..32_u32).prop_map(|(n, bits)| n >> bits),
        2 => 0..=16_u32,
        1 => (0..32_u32, 0..=4_u32).prop_map(|(bit, near)| (1_u32 << bit).wrapping_add(near).wrapping_sub(2)),
        2 => select(vec![0, 1, 2, 60, 3_600, 86_400, 1 << 16, 1 << 31, u32::MAX - 1, u32::MAX]),
    ]
}

pub fn any_u64() -> impl Strategy<Value = u64> + Clone {
    prop_oneof![
        2 => any::<u64>(),
        3 => (any::<u64>(), 0..64_u32).prop_map(|(n, bits)| n >> bits),
        1 => 0..=16_u64,
        2 => (0..64_u32, 0..=4_u64).prop_map(|(bit, near)| (1_u64 << bit).wrapping_add(near).wrapping_sub(2)),
        3 => (any_u32(), any_u32()).prop_map(|(hi, lo)| (u64::from(hi) << 32) | u64::from(lo)),
        2 => select(vec![
            0, 1, 2, 1_023, 1_024, 1_025, 9_999, 10_000, 10_001, (1 << 32) - 1, 1 << 32, (1 << 32) + 1,
            1 << 63, u64::MAX - 1, u64::MAX,
        ]),
    ]
}

pub fn any_i64() -> impl Strategy<Value = i64> + Clone {
    any_u64().prop_map(u64::cast_signed)
}

/// From 1 up.
pub fn positive_u64() -> impl Strategy<Value = u64> + Clone {
    any_u64().prop_map(|n| n.max(1))
}

/// From 1 up.
pub fn positive_u32() -> impl Strategy<Value = u32> + Clone {
    any_u32().prop_map(|n| n.max(1))
}

/// Two numbers in ascending order, often equal or next to each other.
pub fn ascending() -> impl Strategy<Value = (u64, u64)> + Clone {
    (any_u64(), any_u64()).prop_map(|(low, more)| (low, low.saturating_add(more)))
}

/// The cuts of `total` at the given places, in order: parts that add up to it, zeros among them.
pub fn partition(total: u64, places: &[u64]) -> Vec<u64> {
    let mut cuts: Vec<u64> = places
        .iter()
        .map(|place| match total.checked_add(1) {
            Some(bound) => place % bound,
            None => *place,
        })
        .collect();
    cuts.sort_unstable();
    cuts.push(total);
    let mut from = 0;
    cuts.iter()
        .map(|&cut| {
            let part = cut - from;
            from = cut;
            part
        })
        .collect()
}

/// `value` if it fits `u64`.
pub fn fit(value: u128) -> Option<u64> {
    u64::try_from(value).ok()
}

/// `floor(a * b / d)` in 128 bits; `None` if `d` is zero or the quotient does not fit `u64`.
pub fn floor(a: u64, b: u64, d: u64) -> Option<u64> {
    (u128::from(a) * u128::from(b))
        .checked_div(u128::from(d))
        .and_then(fit)
}
