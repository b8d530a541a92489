//! The two formulas by themselves.

use {
    crate::{
        edges::{any_u64, config},
        wide::{index, join, number, split, wide},
    },
    proptest::prelude::*,
    sluice_math::dividend::{accrued, add},
};

const MAX: u64 = u64::MAX;
const TOP: u64 = 1 << 63;

proptest! {
    #![proptest_config(config())]

    #[test]
    fn add_is_the_exact_quotient_and_remainder(
        index in index(),
        rem in any_u64(),
        amount in any_u64(),
        shares in any_u64(),
        below in any::<bool>(),
    ) {
        let rem = if below { rem.checked_rem(shares).unwrap_or(rem) } else { rem };
        let n = join(amount, rem);
        let expected = (shares != 0).then(|| {
            let raised = (number(index) + &n / shares) % wide();
            let (integer, fraction) = split(&raised).unwrap();
            ([integer, fraction], u64::try_from(n % shares).unwrap())
        });
        prop_assert_eq!(add(index, rem, amount, shares), expected);
    }

    #[test]
    fn accrued_is_the_exact_product(
        index in index(),
        seen in index(),
        shares in any_u64(),
        frac in any_u64(),
        near in 0..3_u8,
    ) {
        let seen = match near {
            0 => seen,
            // The same integer part, and just below, across the top too.
            1 => [index[0], seen[1]],
            _ => [index[0].wrapping_sub(seen[0] % 4), seen[1]],
        };
        let risen = (number(index) + wide() - number(seen)) % wide();
        let expected = split(&(risen * shares + frac));
        prop_assert_eq!(accrued(index, seen, shares, frac), expected);
    }
}

#[test]
fn add_by_hand() {
    for (index, rem, amount, shares, result) in [
        ([0, 0], 0, 0, 0, None),
        ([0, 0], 0, 1, 0, None),
        ([0, 0], 0, 0, 1, Some(([0, 0], 0))),
        ([0, 0], 0, 1, 1, Some(([1, 0], 0))),
        ([0, 0], 0, 1, 2, Some(([0, TOP], 0))),
        ([0, TOP], 0, 1, 2, Some(([1, 0], 0))),
        ([0, 0], 0, 1, 3, Some(([0, MAX / 3], 1))),
        ([0, MAX / 3], 1, 1, 3, Some(([0, MAX / 3 * 2], 2))),
        // The third third is whole.
        ([0, MAX / 3 * 2], 2, 1, 3, Some(([1, 0], 0))),
        ([0, 0], 0, 1, MAX, Some(([0, 1], 1))),
        ([0, 0], 0, MAX, MAX, Some(([1, 0], 0))),
        ([0, 0], 0, MAX, 1, Some(([MAX, 0], 0))),
        // Around the top.
        ([1, 0], 0, MAX, 1, Some(([0, 0], 0))),
        ([MAX, 7], 0, 3, 1, Some(([2, 7], 0))),
        ([MAX, MAX], 0, MAX, 1, Some(([MAX - 1, MAX], 0))),
        ([MAX, MAX], 0, 0, 1, Some(([MAX, MAX], 0))),
        // Only the carry takes it there.
        ([MAX, MAX], 1, 0, 1, Some(([0, 0], 0))),
        ([MAX, TOP], 0, 1, 2, Some(([0, 0], 0))),
        ([MAX, MAX], 0, 1, 0, None),
        // Fewer shares than the remainder: it is paid out.
        ([0, 0], MAX, 0, 1, Some(([0, MAX], 0))),
        ([0, 0], 10, 0, 3, Some(([0, 3], 1))),
        ([0, 0], MAX, MAX, 1, Some(([MAX, MAX], 0))),
    ] {
        assert_eq!(
            add(index, rem, amount, shares),
            result,
            "{index:?}, {rem}, {amount} among {shares}"
        );
    }
}

#[test]
fn accrued_by_hand() {
    for (index, seen, shares, frac, result) in [
        ([0, 0], [0, 0], 0, 0, Some((0, 0))),
        ([7, 9], [7, 9], MAX, 5, Some((0, 5))),
        ([7, 9], [7, 8], 3, 5, Some((0, 8))),
        ([7, 9], [6, 9], 3, 5, Some((3, 5))),
        // A borrow.
        ([7, 0], [6, 1], 1, 0, Some((0, MAX))),
        ([7, 0], [6, 1], 1, 1, Some((1, 0))),
        ([7, 0], [6, TOP], 3, TOP, Some((2, 0))),
        // The index has gone around the top.
        ([0, 0], [MAX, MAX], 1, 0, Some((0, 1))),
        ([0, 0], [MAX, 0], 7, 9, Some((7, 9))),
        ([2, 7], [MAX, 8], 5, 0, Some((14, MAX - 4))),
        ([7, 8], [7, 9], 1, 0, Some((MAX, MAX))),
        ([7, 8], [7, 9], 2, 0, None),
        ([6, 9], [7, 8], 1, 0, Some((MAX, 1))),
        // Without shares, wherever it was.
        ([6, 9], [7, 8], 0, 5, Some((0, 5))),
        ([7, 8], [7, 9], 0, MAX, Some((0, MAX))),
        ([MAX, 0], [0, 0], 1, MAX, Some((MAX, MAX))),
        ([MAX, MAX], [0, 0], 1, 0, Some((MAX, MAX))),
        // Only the carry pushes it out.
        ([MAX, MAX], [0, 0], 1, 1, None),
        ([TOP, 0], [0, 0], 2, 0, None),
        ([TOP - 1, MAX], [0, 0], 2, 1, Some((MAX, MAX))),
        ([TOP - 1, MAX], [0, 0], 2, 2, None),
        ([0, MAX], [0, 0], MAX, 0, Some((MAX - 1, 1))),
        ([1, 0], [0, 0], MAX, MAX, Some((MAX, MAX))),
        ([1, 1], [0, 0], MAX, 1, None),
    ] {
        assert_eq!(
            accrued(index, seen, shares, frac),
            result,
            "{shares} * ({index:?} - {seen:?}) + {frac}"
        );
    }
}
