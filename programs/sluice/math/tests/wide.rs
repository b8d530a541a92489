//! `wide` against num-bigint.

mod edges;

use {
    edges::{any_u64, config, positive_u64},
    num_bigint::BigUint,
    proptest::prelude::*,
    sluice_math::wide::{div_wide, mul_div_ceil, mul_div_floor, mul_wide},
};

const MAX: u64 = u64::MAX;
const LOW: u64 = 0xFFFF_FFFF;
const TOP: u64 = 1 << 63;

fn join(hi: u64, lo: u64) -> BigUint {
    (BigUint::from(hi) << 64) + lo
}

/// Factors and a divisor: of any size, or such that the quotient fits.
fn fraction() -> impl Strategy<Value = (u64, u64, u64)> {
    (any_u64(), any_u64(), any_u64(), any::<bool>())
        .prop_map(|(a, b, d, fits)| (a, b, if fits { d.max(a.min(b)) } else { d }))
}

/// A quotient, a divisor and a remainder below it.
fn division() -> impl Strategy<Value = (u64, u64, u64)> {
    (any_u64(), positive_u64(), any_u64(), 0..=2_u8).prop_map(|(q, d, r, place)| {
        let r = match place {
            0 => r % d,
            1 => d - 1,
            _ => 0,
        };
        (q, d, r)
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn mul_wide_is_the_exact_product(a in any_u64(), b in any_u64()) {
        let (hi, lo) = mul_wide(a, b);
        prop_assert_eq!(join(hi, lo), BigUint::from(a) * b);
    }

    #[test]
    fn div_wide_is_the_exact_quotient_and_remainder(hi in any_u64(), lo in any_u64(), d in any_u64(), fits in any::<bool>()) {
        let hi = if fits && d != 0 { hi % d } else { hi };
        let expected = (hi < d).then(|| {
            let n = join(hi, lo);
            (u64::try_from(&n / d).unwrap(), u64::try_from(&n % d).unwrap())
        });
        prop_assert_eq!(div_wide(hi, lo, d), expected);
    }

    #[test]
    fn div_wide_undoes_a_multiplication((q, d, r) in division()) {
        let n = BigUint::from(q) * d + r;
        let hi = u64::try_from(&n >> 64).unwrap();
        let lo = u64::try_from(&n - (BigUint::from(hi) << 64)).unwrap();
        prop_assert_eq!(div_wide(hi, lo, d), Some((q, r)));
    }

    #[test]
    fn mul_div_floor_rounds_the_exact_quotient_down((a, b, d) in fraction()) {
        let expected = (d != 0).then(|| BigUint::from(a) * b / d).and_then(|q| u64::try_from(q).ok());
        prop_assert_eq!(mul_div_floor(a, b, d), expected);
        prop_assert_eq!(mul_div_floor(b, a, d), expected);
    }

    #[test]
    fn mul_div_ceil_rounds_the_exact_quotient_up((a, b, d) in fraction()) {
        let expected = (d != 0).then(|| (BigUint::from(a) * b + (d - 1)) / d).and_then(|q| u64::try_from(q).ok());
        prop_assert_eq!(mul_div_ceil(a, b, d), expected);
        prop_assert_eq!(mul_div_ceil(b, a, d), expected);
    }

    #[test]
    fn multiples_of_the_divisor_round_nowhere(q in any_u64(), d in positive_u64()) {
        prop_assert_eq!(mul_div_floor(q, d, d), Some(q));
        prop_assert_eq!(mul_div_ceil(q, d, d), Some(q));
    }
}

#[test]
fn mul_wide_by_hand() {
    const AT_COMPILE_TIME: (u64, u64) = mul_wide(MAX, 2);
    assert_eq!(AT_COMPILE_TIME, (1, MAX - 1));
    for (a, b, product) in [
        (0, MAX, (0, 0)),
        (1, MAX, (0, MAX)),
        (MAX, MAX, (MAX - 1, 1)),
        (LOW, LOW, (0, 0xFFFF_FFFE_0000_0001)),
        (1 << 32, 1 << 32, (1, 0)),
        (TOP, 2, (1, 0)),
        (LOW << 32, LOW, (0xFFFF_FFFE, 1 << 32)),
        (LOW, LOW << 32, (0xFFFF_FFFE, 1 << 32)),
    ] {
        assert_eq!(mul_wide(a, b), product, "{a} * {b}");
    }
}

#[test]
fn div_wide_by_hand() {
    for (hi, lo, d, result) in [
        (0, 0, 0, None),
        (0, 7, 0, None),
        (MAX, MAX, 0, None),
        (1, 0, 1, None),
        (5, 0, 5, None),
        (MAX, 0, MAX, None),
        (0, 7, 2, Some((3, 1))),
        (0, MAX, 1, Some((MAX, 0))),
        (4, MAX, 5, Some((MAX, 4))),
        (1, 0, 2, Some((TOP, 0))),
        (1, 0, 3, Some((0x5555_5555_5555_5555, 1))),
        // No shift, one place, and the widest one.
        (TOP - 1, MAX, TOP, Some((MAX, TOP - 1))),
        (TOP - 2, MAX, TOP - 1, Some((MAX, TOP - 2))),
        (0, 1, 1, Some((1, 0))),
        // The estimate of a digit does not fit 32 bits: hi and d share their top half.
        (
            TOP,
            0,
            TOP + LOW,
            Some((0xFFFF_FFFE_0000_0005, 0x7FFF_FFF9_0000_0005)),
        ),
        (MAX - 1, 0, MAX, Some((MAX - 1, MAX - 1))),
        (MAX - 1, MAX, MAX, Some((MAX, MAX - 1))),
    ] {
        assert_eq!(div_wide(hi, lo, d), result, "({hi}, {lo}) / {d}");
    }
}

/// Each row names how often the estimates of its two digits are corrected.
#[test]
fn div_wide_corrects_each_digit_up_to_twice() {
    for (corrections, hi, lo, d, quotient, remainder) in [
        (
            (0, 0),
            0x8000_0000_7FFF_FFFF,
            0xFFFF_FFFF_8000_0001,
            0x8000_0002_0000_0001,
            0xFFFF_FFFD_0000_0009,
            0x7FFF_FFF0_7FFF_FFF8,
        ),
        (
            (0, 1),
            0x2_0000_0002,
            0x8000_0000,
            0xFFFF_FFFF_8000_0001,
            0x2_0000_0002,
            0xFFFF_FFFF_7FFF_FFFE,
        ),
        (
            (0, 2),
            0xFFFF_FFFF,
            0x8000_0001_FFFF_FFFE,
            0x8000_0001_FFFF_FFFF,
            0x1_FFFF_FFF7,
            0x15_FFFF_FFF5,
        ),
        (
            (1, 0),
            0x7FFF_FFFF_8000_0000,
            0x7FFF_FFFF_FFFF_FFFE,
            0x8000_0002_7FFF_FFFF,
            0xFFFF_FFFA_0000_0020,
            0x7FFF_FFAA_0000_001E,
        ),
        (
            (1, 1),
            0x8000_0000_8000_0000,
            0xFFFF_FFFE_8000_0000,
            0xFFFF_FFFF_FFFF_FFFE,
            0x8000_0000_8000_0001,
            0xFFFF_FFFF_8000_0002,
        ),
        (
            (1, 2),
            0x7FFF_FFFF_7FFF_FFFF,
            0x7FFF_FFFF_7FFF_FFFF,
            0xFFFF_FFFE_FFFF_FFFF,
            0x7FFF_FFFF_FFFF_FFFF,
            0xFFFF_FFFE_7FFF_FFFE,
        ),
        (
            (2, 0),
            0x7FFF_FFFF_8000_0001,
            1,
            0x8000_0002_FFFF_FFFF,
            0xFFFF_FFF9_0000_002D,
            0x7FFF_FF72_0000_002E,
        ),
        (
            (2, 1),
            0x8000_0001_FFFF_FFFE,
            0x8000_0001_8000_0000,
            0x8000_0001_FFFF_FFFF,
            MAX,
            0x3_7FFF_FFFF,
        ),
        (
            (2, 2),
            0x8000_0000_8000_0000,
            0x7FFF_FFFF_0000_0000,
            0x8000_0000_8000_0001,
            MAX - 1,
            0x8000_0000_0000_0002,
        ),
    ] {
        assert_eq!(
            div_wide(hi, lo, d),
            Some((quotient, remainder)),
            "corrections {corrections:?}"
        );
    }
}

#[test]
fn div_wide_by_every_power_of_two_is_a_shift() {
    for shift in 0..64_u32 {
        let d = 1_u64 << shift;
        assert_eq!(div_wide(d - 1, MAX, d), Some((MAX, d - 1)), "2^{shift}");
        assert_eq!(div_wide(d, 0, d), None, "2^{shift}");
    }
}

#[test]
fn mul_div_by_hand() {
    for (a, b, d, floor, ceil) in [
        (0, 0, 0, None, None),
        (MAX, MAX, 0, None, None),
        (0, MAX, 7, Some(0), Some(0)),
        (7, 3, 2, Some(10), Some(11)),
        (6, 3, 2, Some(9), Some(9)),
        (1, 1, MAX, Some(0), Some(1)),
        (MAX, MAX, MAX, Some(MAX), Some(MAX)),
        (MAX, MAX - 1, MAX, Some(MAX - 1), Some(MAX - 1)),
        (MAX, 3, 2, None, None),
        (MAX, 2, 2, Some(MAX), Some(MAX)),
        (1 << 33, 1 << 33, 4, None, None),
        (
            1 << 33,
            1 << 33,
            5,
            Some(14_757_395_258_967_641_292),
            Some(14_757_395_258_967_641_293),
        ),
        // 2^65 - 1 = 31 * 1190112520884487201, so (2^65 - 2) / 31 lies just under it.
        (
            MAX,
            2,
            31,
            Some(1_190_112_520_884_487_201 - 1),
            Some(1_190_112_520_884_487_201),
        ),
    ] {
        assert_eq!(mul_div_floor(a, b, d), floor, "floor({a} * {b} / {d})");
        assert_eq!(mul_div_ceil(a, b, d), ceil, "ceil({a} * {b} / {d})");
    }
}

#[test]
fn mul_div_ceil_refuses_a_quotient_that_only_rounding_pushes_out() {
    // 2^65 - 1 = 31 * 1190112520884487201 is 2 * u64::MAX + 1.
    assert_eq!(mul_div_floor(31, 1_190_112_520_884_487_201, 2), Some(MAX));
    assert_eq!(mul_div_ceil(31, 1_190_112_520_884_487_201, 2), None);
}
