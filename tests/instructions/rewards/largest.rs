//! The largest rates, units and ceilings, to the base unit.

use sluice_tests::world::Stage;

#[test]
fn the_largest_reward_is_parted_without_a_unit_lost() {
    for bps in [0, 1, 4_999, 9_999, 10_000] {
        let mut stage = Stage::ready(&[&[u64::MAX]], |terms| terms.rate = u64::MAX);
        stage.commission(0, bps);
        stage.open_dividends(0);
        stage.work(0, 0);
        stage.enter(2);
        stage.world.advance(96);
        let part = |whole: u64| {
            let part = u128::from(whole) * u128::from(10_000 - bps) / 10_000;
            u64::try_from(part).unwrap()
        };
        let streamed = u64::try_from(u128::from(u64::MAX) * 96 / 97).unwrap();
        if bps < 10_000 {
            assert_eq!(stage.pay(0), part(streamed));
        }
        if bps > 0 {
            assert_eq!(stage.claim(0), streamed - part(streamed));
        }
        stage.enter(3);
        stage.fold(0, 1);
        if bps < 10_000 {
            assert_eq!(stage.pay(0), part(u64::MAX));
        }
        if bps > 0 {
            assert_eq!(stage.claim(0), u64::MAX - part(u64::MAX));
        }
        assert_eq!(
            (stage.pool().claimed, stage.pool().earned),
            (u64::MAX, u64::MAX)
        );
        assert_eq!(stage.world.vault(&stage.pool), 0);
        stage.balanced();
    }
}

#[test]
fn a_pool_of_the_largest_rate_opens_one_epoch_and_returns_it_whole() {
    let mut stage = Stage::ready(&[&[1], &[1]], |terms| {
        (terms.rate, terms.ceiling) = (u64::MAX, 1)
    });
    assert_eq!(stage.pool().funded, u64::MAX);
    stage.work(0, 0);
    stage.enter(2);
    stage.credit(1, 0);
    let open = stage.open_ix(1, 2);
    stage.refused(&open, "PoolDry");
    stage.end();
    let back = stage.return_ix();
    stage.refused(&back, "NothingDue");
    stage.fold(0, 1);
    stage.close_epoch(1);
    stage.world.ok(&[back], &[]);
    assert_eq!(
        (stage.pool().returned, stage.pool().unallocated),
        (u64::MAX - 1, 0)
    );
    stage.claim(0);
    stage.balanced();
}

#[test]
fn rate_units_and_ceiling_at_their_ends_emit_at_most_the_rate() {
    for (rate, ceiling, units, emitted) in [
        (1, u64::MAX, u64::MAX, 1),
        (u64::MAX, u64::MAX, u64::MAX, u64::MAX),
        (u64::MAX, 1, u64::MAX, u64::MAX),
        (u64::MAX, 1, 1, 1),
        (u64::MAX - 1, u64::MAX, 1, u64::MAX - 1),
        (u64::MAX, 2, u64::MAX / 2, u64::MAX - 1),
    ] {
        let mut stage = Stage::streaming(&[units], |terms| {
            (terms.rate, terms.ceiling) = (rate, ceiling);
        });
        stage.enter(3);
        assert_eq!(stage.claim(0), emitted, "{rate} {ceiling} {units}");
    }
}
