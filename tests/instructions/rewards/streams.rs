//! What streams pay, against 128-bit arithmetic.

use {sluice_client::instruction as ix, sluice_tests::world::Stage};

/// `amount * part / whole`, rounded down.
fn floor(amount: u64, part: u64, whole: u64) -> u64 {
    u64::try_from(u128::from(amount) * u128::from(part) / u128::from(whole)).unwrap()
}

/// What three nodes with these units claim at every `step`th second of the stream, each time to the base unit.
fn paid_pro_rata(units: [u64; 3], rate: u64, step: i64) {
    let mut stage = Stage::streaming(&units, |terms| terms.rate = rate);
    let total = units.iter().sum();
    let shares = units.map(|units| floor(rate, units, total));
    let start = stage.starts(2);
    for elapsed in (0..=97).filter(|second| second % step == 0 || *second == 97) {
        stage.world.chain.set_time(start + elapsed);
        for (earner, share) in shares.into_iter().enumerate() {
            let due = floor(share, elapsed.unsigned_abs(), 97);
            if due > stage.share(earner).claimed {
                assert_eq!(
                    stage.claim(earner),
                    due,
                    "earner {earner}, second {elapsed}"
                );
            } else {
                let claim = stage.claim_ix(earner);
                stage.refused(&claim, "NothingDue");
            }
        }
    }
    assert_eq!(stage.pool().claimed, shares.iter().sum::<u64>());
}

#[test]
fn three_nodes_are_paid_pro_rata_to_the_base_unit() {
    paid_pro_rata([7, 11, 13], 1_000_003, 1);
}

#[test]
fn rewards_smaller_than_their_seconds_are_paid_exactly() {
    paid_pro_rata([1, 1, 1], 100, 1);
    paid_pro_rata([1, 50, 3], 7, 3);
}

#[test]
fn the_largest_numbers_are_paid_exactly() {
    // Ten of these rates would not fit the mint: the pool holds its whole supply.
    paid_pro_rata([u64::MAX / 3, u64::MAX / 5, u64::MAX / 7], u64::MAX, 12);
    paid_pro_rata([1, 1, u64::MAX - 2], u64::MAX - 58, 31);
}

#[test]
fn claims_every_second_and_one_claim_pay_the_same() {
    let mut stage = Stage::streaming(&[12_345, 12_345], |_| ());
    for _ in 0..97 {
        stage.world.advance(1);
        stage.claim(0);
    }
    assert_eq!(stage.held(0), floor(1_000_003, 1, 2));
    assert_eq!(stage.claim(1), stage.held(0));
}

#[test]
fn an_epoch_emits_at_most_its_rate() {
    for (ceiling, emission) in [
        (10, 1_200),
        (11, 1_320),
        (12, 1_440),
        (13, 1_500),
        (u64::MAX, 1_500),
    ] {
        let mut stage = Stage::streaming(&[100, 20], |terms| {
            (terms.rate, terms.ceiling) = (1_500, ceiling);
        });
        stage.enter(3);
        assert_eq!(
            stage.claim(0),
            floor(emission, 100, 120),
            "ceiling {ceiling}"
        );
        assert_eq!(
            stage.claim(1),
            floor(emission, 20, 120),
            "ceiling {ceiling}"
        );
    }
}

#[test]
fn rate_and_ceiling_meet_at_a_unit() {
    // 999 units at 1 are one less than the rate, 1,000 are the rate, 1,001 more.
    for (units, emission) in [(999, 999), (1_000, 1_000), (1_001, 1_000)] {
        let mut stage = Stage::streaming(&[units], |terms| {
            (terms.rate, terms.ceiling) = (1_000, 1);
        });
        stage.enter(3);
        assert_eq!(stage.claim(0), emission);
        stage.fold(0, 1);
        let close = ix::close_epoch(&stage.epoch(1));
        stage.world.ok(&[close], &[]);
        assert_eq!(stage.pool().unallocated, 10_000 - emission);
    }
}

#[test]
fn the_node_cap_bounds_weight_not_only_units() {
    let mut stage = Stage::streaming(&[1_000_000, 10], |terms| terms.node_cap = 30);
    stage.enter(3);
    assert_eq!(stage.claim(0), floor(1_000_003, 30, 40));
    assert_eq!(stage.claim(1), floor(1_000_003, 10, 40));
}

#[test]
fn a_late_report_shares_the_epoch_with_the_earlier_ones() {
    let mut stage = Stage::ready(&[&[10, 10], &[30]], |_| ());
    stage.work(0, 0);
    stage.world.chain.set_time(stage.starts(2) - 1);
    stage.work(1, 0);
    stage.work(0, 1);
    stage.enter(3);
    assert_eq!(stage.claim(0), floor(1_000_003, 20, 50));
    assert_eq!(stage.claim(1), floor(1_000_003, 30, 50));
}

#[test]
fn three_epochs_in_a_row_leave_the_pool_what_was_not_earned() {
    let mut stage = Stage::ready(&[&[5, 6, 7], &[3, 9, 1]], |terms| terms.ceiling = 90_001);
    let mut earned = [0, 0];
    for epoch in 1..=3_u64 {
        stage.enter(epoch);
        for earner in 0..2 {
            if epoch == 3 {
                stage.fold(earner, 1);
            }
            stage.work(earner, epoch as usize - 1);
        }
        let units = [[5, 3], [6, 9], [7, 1]][epoch as usize - 1];
        let total = units[0] + units[1];
        let emission = 1_000_003.min(90_001 * total);
        for (sum, units) in earned.iter_mut().zip(units) {
            *sum += floor(emission, units, total);
        }
    }
    stage.enter(5);
    stage.fold(0, 2);
    stage.fold(1, 2);
    assert_eq!([stage.claim(0), stage.claim(1)], earned);
    for epoch in 1..=3 {
        for earner in 0..2 {
            if epoch == 3 {
                stage.fold(earner, epoch);
            }
        }
        let close = ix::close_epoch(&stage.epoch(epoch));
        stage.world.ok(&[close], &[]);
    }
    let pool = stage.pool();
    assert_eq!(
        (pool.earned, pool.claimed),
        (earned[0] + earned[1], earned[0] + earned[1])
    );
    assert_eq!(pool.unallocated, 10 * 1_000_003 - pool.earned);
    assert_eq!(stage.world.vault(&stage.pool), pool.unallocated);
}
