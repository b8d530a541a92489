//! `metering` against 128-bit integers, and the promises of cumulative money.

mod edges;

use {
    edges::{any_u64, ascending, config, fit, floor, partition, positive_u64},
    proptest::{collection::vec, prelude::*},
    sluice_math::metering::{BPS, Split, gross, paid_units, pays_at_least, split, units_funded},
};

const MAX: u64 = u64::MAX;

/// Fees in basis points that a split accepts, both ends included.
fn fees() -> impl Strategy<Value = (u16, u16)> {
    prop_oneof![
        (0..=10_000_u16, 0..=10_000_u16)
            .prop_map(|(sum, part)| (sum - part.min(sum), part.min(sum))),
        (0..=1_000_u16, 0..=1_000_u16),
        Just((0, 0)),
        Just((0, 10_000)),
        Just((10_000, 0)),
        (0..=3_u16, 0..=3_u16),
    ]
}

/// A gross amount and what of it was cosigned.
fn parts_of_gross() -> impl Strategy<Value = (u64, u64)> {
    prop_oneof![
        ascending().prop_map(|(cosigned, gross)| (gross, cosigned)),
        any_u64().prop_map(|gross| (gross, 0)),
        any_u64().prop_map(|gross| (gross, gross)),
    ]
}

/// A price a job can be paid at: what `units` earn fits `u64` for any number of units.
fn price() -> impl Strategy<Value = (u64, u64)> {
    (positive_u64(), positive_u64()).prop_map(|(a, b)| (a.min(b), a.max(b)))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn gross_is_exact(units in any_u64(), price in any_u64(), per in any_u64()) {
        prop_assert_eq!(gross(units, price, per), floor(units, price, per));
    }

    #[test]
    fn units_funded_is_exact(funded in any_u64(), price in any_u64(), per in any_u64()) {
        prop_assert_eq!(units_funded(funded, price, per), floor(funded, per, price));
    }

    #[test]
    fn funded_units_never_cost_more_than_the_funding(funded in any_u64(), price in positive_u64(), per in positive_u64()) {
        if let Some(units) = units_funded(funded, price, per) {
            prop_assert!(gross(units, price, per).is_some_and(|cost| cost <= funded));
        }
    }

    #[test]
    fn gross_never_falls_as_units_grow((fewer, more) in ascending(), (price, per) in price()) {
        prop_assert!(gross(fewer, price, per).unwrap() <= gross(more, price, per).unwrap());
    }

    #[test]
    fn units_funded_never_falls_as_funding_grows((less, more) in ascending(), (per, price) in price()) {
        prop_assert!(units_funded(less, price, per).unwrap() <= units_funded(more, price, per).unwrap());
    }

    #[test]
    fn paid_units_are_exact(units in any_u64(), own in any_u64(), price in any_u64(), per in any_u64()) {
        let expected = floor(units, price, per).and_then(|paid| floor(paid.min(own), per, price));
        prop_assert_eq!(paid_units(units, own, price, per), expected);
    }

    #[test]
    fn paid_units_were_proven_and_cost_no_more_than_what_paid_them(units in any_u64(), own in any_u64(), (price, per) in price()) {
        let paid = paid_units(units, own, price, per).unwrap();
        prop_assert!(paid <= units);
        prop_assert!(gross(paid, price, per).unwrap() <= own);
        // Of what the gross pay affords at most one base unit's worth is lost.
        let afforded = gross(units, price, per).unwrap().min(own);
        prop_assert!(gross(paid, price, per).unwrap() + 1 >= afforded);
    }

    #[test]
    fn paid_units_never_fall_as_either_grows(
        (fewer, more) in ascending(), (less, longer) in ascending(), (price, per) in price()
    ) {
        let before = paid_units(fewer, less, price, per).unwrap();
        prop_assert!(before <= paid_units(more, less, price, per).unwrap());
        prop_assert!(before <= paid_units(fewer, longer, price, per).unwrap());
    }

    /// Windows matured one by one, the cosigner's share of the gross pay kept apart, as a job keeps it.
    #[test]
    fn credits_never_fall_and_the_quorum_s_pay_covers_them(
        windows in vec((any::<bool>(), 0..1_000_u64), 1..40), price in 1..2_000_u64, per in 1..2_000_u64
    ) {
        let earned = |units: u64| gross(units, price, per).unwrap();
        let (mut all, mut quorum, mut cosigned, mut credited) = (0, 0, 0, 0);
        for (by_quorum, units) in windows {
            let before = earned(all);
            all += units;
            if by_quorum {
                quorum += units;
            } else {
                cosigned += earned(all) - before;
            }
            let now = paid_units(quorum, earned(all) - cosigned, price, per).unwrap();
            prop_assert!(credited <= now && now <= quorum);
            prop_assert!(earned(now) + cosigned <= earned(all));
            credited = now;
        }
    }

    #[test]
    fn prices_compare_as_fractions(price in any_u64(), per in any_u64(), least in any_u64(), least_per in any_u64()) {
        let wide = |a: u64, b: u64| u128::from(a) * u128::from(b);
        let expected = wide(price, least_per) >= wide(least, per);
        prop_assert_eq!(pays_at_least(price, per, least, least_per), expected);
    }

    #[test]
    fn split_is_exact(
        (gross, cosigned) in prop_oneof![parts_of_gross(), (any_u64(), any_u64())],
        (fee, attestation) in prop_oneof![fees(), any::<(u16, u16)>()],
    ) {
        let (g, c, f, a) = (u128::from(gross), u128::from(cosigned), u128::from(fee), u128::from(attestation));
        let expected = (f + a <= 10_000 && c <= g).then(|| {
            let taken = (g - c) * (f + a) / 10_000;
            let attesters = (taken * a).checked_div(f + a).unwrap_or(0);
            let of_cosigned = c * f / 10_000;
            Split {
                provider: fit(g - taken - of_cosigned).unwrap(),
                treasury: fit(taken - attesters + of_cosigned).unwrap(),
                attesters: fit(attesters).unwrap(),
            }
        });
        prop_assert_eq!(split(gross, cosigned, fee, attestation), expected);
    }

    #[test]
    fn the_parts_of_a_split_add_up_to_the_gross((gross, cosigned) in parts_of_gross(), (fee, attestation) in fees()) {
        let parts = split(gross, cosigned, fee, attestation).unwrap();
        let sum = parts.provider.checked_add(parts.treasury).and_then(|sum| sum.checked_add(parts.attesters));
        prop_assert_eq!(sum, Some(gross));
    }

    #[test]
    fn what_was_cosigned_pays_the_attesters_nothing((gross, cosigned) in parts_of_gross(), (fee, attestation) in fees()) {
        let attested = split(gross - cosigned, 0, fee, attestation).unwrap();
        prop_assert_eq!(split(gross, cosigned, fee, attestation).unwrap().attesters, attested.attesters);
    }

    #[test]
    fn no_part_of_a_split_falls_as_either_kind_of_gross_grows(
        (gross, cosigned) in parts_of_gross(),
        (attested_more, cosigned_more) in prop_oneof![(any_u64(), any_u64()), (0..=3_u64, 0..=3_u64)],
        (fee, attestation) in fees(),
    ) {
        let cosigned_more = cosigned_more.min(MAX - gross);
        let attested_more = attested_more.min(MAX - gross - cosigned_more);
        let before = split(gross, cosigned, fee, attestation).unwrap();
        let after = split(gross + cosigned_more + attested_more, cosigned + cosigned_more, fee, attestation).unwrap();
        prop_assert!(before.provider <= after.provider);
        prop_assert!(before.treasury <= after.treasury);
        prop_assert!(before.attesters <= after.attesters);
    }

    #[test]
    fn any_number_of_pulls_adds_up_to_one(
        units in any_u64(),
        places in vec(any_u64(), 0..8),
        pulls in vec(0..16_u8, 9),
        (price, per) in price(),
        (fee, attestation) in fees(),
    ) {
        let mut matured = 0;
        let mut cosigned = 0;
        let mut paid = Split::default();
        let earned = |units| gross(units, price, per).unwrap();
        let due = |units, cosigned| split(earned(units), cosigned, fee, attestation).unwrap();
        let steps = partition(units, &places);
        for (step, (part, pull)) in steps.iter().zip(pulls).enumerate() {
            // A cosigned step owns the base units that it matures, and only those.
            if pull & 8 != 0 {
                cosigned += earned(matured + part) - earned(matured);
            }
            matured += part;
            let due = due(matured, cosigned);
            // Each payee pulls on days of its own; all of them on the last.
            let last = step + 1 == steps.len();
            if last || pull & 1 != 0 {
                paid.provider += due.provider.checked_sub(paid.provider).unwrap();
            }
            if last || pull & 2 != 0 {
                paid.treasury += due.treasury.checked_sub(paid.treasury).unwrap();
            }
            if last || pull & 4 != 0 {
                paid.attesters += due.attesters.checked_sub(paid.attesters).unwrap();
            }
        }
        prop_assert_eq!(paid, due(units, cosigned));
        prop_assert_eq!(paid.provider + paid.treasury + paid.attesters, earned(units));
    }
}

#[test]
fn gross_and_units_funded_by_hand() {
    for (units, price, per, earned) in [
        (0, 5, 1, Some(0)),
        (3, 5, 1, Some(15)),
        (999, 1, 1_000, Some(0)),
        (1_000, 1, 1_000, Some(1)),
        (1_999, 1, 1_000, Some(1)),
        (MAX, MAX, MAX, Some(MAX)),
        (MAX, 2, 1, None),
        (1, 1, 0, None),
        (5, 0, 1, Some(0)),
    ] {
        assert_eq!(
            gross(units, price, per),
            earned,
            "{units} units at {price} per {per}"
        );
    }
    for (funded, price, per, units) in [
        (0, 5, 1, Some(0)),
        (14, 5, 1, Some(2)),
        (15, 5, 1, Some(3)),
        (1, 1, 1_000, Some(1_000)),
        (7, 3, 10, Some(23)),
        (MAX, 1, 2, None),
        (1, 0, 1, None),
        (1, 1, 0, Some(0)),
    ] {
        assert_eq!(
            units_funded(funded, price, per),
            units,
            "{funded} at {price} per {per}"
        );
    }
}

#[test]
fn split_by_hand() {
    let parts = |provider, treasury, attesters| {
        Some(Split {
            provider,
            treasury,
            attesters,
        })
    };
    assert_eq!(BPS, 10_000);
    for (gross, fee, attestation, expected) in [
        (0, 300, 200, parts(0, 0, 0)),
        (10_000, 300, 200, parts(9_500, 300, 200)),
        (19, 300, 200, parts(19, 0, 0)),
        // One unit of fee: the attesters' 2/5 of it round down, the treasury keeps it.
        (20, 300, 200, parts(19, 1, 0)),
        (60, 300, 200, parts(57, 2, 1)),
        (1_000_000, 0, 0, parts(1_000_000, 0, 0)),
        (1_000_000, 0, 1, parts(999_900, 0, 100)),
        (1_000_000, 1, 0, parts(999_900, 100, 0)),
        (77, 10_000, 0, parts(0, 77, 0)),
        (77, 0, 10_000, parts(0, 0, 77)),
        (77, 5_000, 5_000, parts(0, 39, 38)),
        (0, 10_000, 1, None),
        (77, 5_001, 5_000, None),
        (0, u16::MAX, u16::MAX, None),
        (MAX, 0, 0, parts(MAX, 0, 0)),
        (MAX, 10_000, 0, parts(0, MAX, 0)),
        (MAX, 0, 10_000, parts(0, 0, MAX)),
        // floor(MAX / 10) = 1844674407370955161, half of it rounded down to the attesters.
        (
            MAX,
            500,
            500,
            parts(
                16_602_069_666_338_596_454,
                922_337_203_685_477_581,
                922_337_203_685_477_580,
            ),
        ),
    ] {
        assert_eq!(
            split(gross, 0, fee, attestation),
            expected,
            "{gross} at {fee} + {attestation}"
        );
    }
}

/// Two floors on one gross, a quorum's units and cosigned ones apart, would owe 12 of 11 here, and the last pull would fail for
/// ever: each base unit belongs to the proof that matured it.
#[test]
fn a_cosigned_unit_between_a_quorums_does_not_owe_more_than_was_funded() {
    let (price, per, fee, attestation) = (1, 2, 0, 1_000);
    let earned = |units| gross(units, price, per).unwrap();
    assert_eq!(units_funded(11, price, per), Some(22));
    // 19 units by the quorum: 9 base units. One more, cosigned, matures the tenth.
    let cosigned = earned(20) - earned(19);
    assert_eq!((earned(19), cosigned), (9, 1));
    let first = split(earned(20), cosigned, fee, attestation).unwrap();
    assert_eq!(
        (first.provider, first.treasury, first.attesters),
        (10, 0, 0)
    );
    // One more by the quorum earns half a base unit, the next one the other half.
    assert_eq!(split(earned(21), cosigned, fee, attestation), Some(first));
    let last = split(earned(22), cosigned, fee, attestation).unwrap();
    assert_eq!((last.provider, last.treasury, last.attesters), (10, 0, 1));
    assert_eq!(last.provider + last.treasury + last.attesters, 11);
}

#[test]
fn a_cosigned_part_by_hand() {
    let parts = |provider, treasury, attesters| {
        Some(Split {
            provider,
            treasury,
            attesters,
        })
    };
    for (gross, cosigned, fee, attestation, expected) in [
        (10_000, 10_000, 300, 200, parts(9_700, 300, 0)),
        (20_000, 10_000, 300, 200, parts(19_200, 600, 200)),
        (100, 40, 300, 200, parts(96, 3, 1)),
        (MAX, MAX, 10_000, 0, parts(0, MAX, 0)),
        (MAX, MAX, 0, 10_000, parts(MAX, 0, 0)),
        (MAX, 1, 0, 10_000, parts(1, 0, MAX - 1)),
        (0, 1, 0, 0, None),
        (10, 11, 300, 200, None),
    ] {
        assert_eq!(
            split(gross, cosigned, fee, attestation),
            expected,
            "{cosigned} of {gross} at {fee} + {attestation}"
        );
    }
}
