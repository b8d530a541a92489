use {
    sluice_client::{Node, address, instruction as ix},
    sluice_tests::world::{Stage, Tamper},
};

#[test]
fn the_first_report_makes_all_earlier_work_history() {
    let mut stage = Stage::new(&[&[40, 2]], |_| ());
    stage.credit(0, 0);
    stage.enter(1);
    stage.report(0);
    let share = stage.share(0);
    assert_eq!((share.baseline, share.seen), (1, 40));
    assert!(share.slots.iter().all(|slot| slot.epoch().is_none()));
    assert_eq!(stage.pool().epochs, 0);

    stage.work(0, 1);
    assert_eq!(stage.share(0).seen, 42);
    assert_eq!(stage.epoch(1).total_units, 2);
}

#[test]
fn hoarded_work_that_is_credited_before_the_first_report_never_counts() {
    let mut stage = Stage::new(&[&[40]], |_| ());
    stage.enter(5);
    stage.credit(0, 0);
    stage.report(0);
    let nothing = stage.report_ix(0);
    stage.refused(&nothing, "NothingToReport");
}

#[test]
fn the_first_report_comes_no_earlier_than_the_epoch_after_joining() {
    let mut stage = Stage::new(&[&[5]], |_| ());
    let report = stage.report_ix(0);
    stage.refused(&report, "TooEarlyToReport");
    stage.world.advance(96);
    stage.refused(&report, "TooEarlyToReport");
    stage.world.advance(1);
    stage.world.ok(&[report], &[]);
    assert_eq!(stage.share(0).baseline, 1);
}

#[test]
fn work_is_reported_until_the_last_second_of_the_last_epoch() {
    let mut stage = Stage::ready(&[&[5], &[5]], |terms| terms.end_at = terms.start_at + 98);
    stage.work(0, 0);
    stage.credit(1, 0);
    let report = stage.report_ix(1);
    stage.enter(2);
    stage.refused(&report, "PoolEnded");
    stage.world.chain.set_time(stage.starts(2) - 1);
    stage.world.ok(&[report], &[]);
    assert_eq!(stage.epoch(1).total_units, 10);
}

#[test]
fn work_counts_once() {
    let mut stage = Stage::ready(&[&[5, 6]], |_| ());
    let early = stage.open_ix(0, 1);
    stage.refused(&early, "NothingToReport");
    stage.work(0, 0);
    let again = stage.report_ix(0);
    stage.refused(&again, "NothingToReport");
    stage.work(0, 1);
    stage.refused(&again, "NothingToReport");
    let epoch = stage.epoch(1);
    assert_eq!((epoch.total_units, epoch.shares), (11, 1));
    assert_eq!(stage.share(0).seen, 11);
}

#[test]
fn the_reports_of_an_epoch_add_up() {
    let mut stage = Stage::ready(&[&[5, 1], &[7]], |_| ());
    stage.work(0, 0);
    stage.work(1, 0);
    stage.work(0, 1);
    let epoch = stage.epoch(1);
    assert_eq!((epoch.total_units, epoch.shares, epoch.folded), (13, 2, 0));
    let slot = stage.share(0).slots[1];
    assert_eq!(
        (slot.epoch(), slot.units, slot.delegators_bps),
        (Some(1), 6, 0)
    );
    assert_eq!(stage.share(1).slots[1].units, 7);
    assert_eq!(stage.share(1).slots[0].epoch(), None);
}

#[test]
fn an_epoch_counts_at_most_the_node_cap_and_the_rest_counts_later() {
    let mut stage = Stage::ready(&[&[8, 5], &[1]], |terms| terms.node_cap = 10);
    stage.work(0, 0);
    stage.work(0, 1);
    assert_eq!(
        (stage.share(0).seen, stage.share(0).slots[1].units),
        (10, 10)
    );
    let full = stage.report_ix(0);
    stage.refused(&full, "NothingToReport");
    stage.work(1, 0);
    assert_eq!(stage.epoch(1).total_units, 11);

    stage.enter(2);
    stage.report(0);
    assert_eq!(
        (stage.share(0).seen, stage.share(0).slots[0].units),
        (13, 3)
    );
    assert_eq!(stage.epoch(2).total_units, 3);
}

#[test]
fn positive_work_needs_the_current_epoch_of_its_pool() {
    let (mut stage, twin) = Stage::with_twin([5, 7]);
    stage.enter(2);
    let node = stage.earners[0].node.address;
    stage.world.edit(&node, |node: &mut Node| node.units += 4);
    let absent = ix::report(&stage.pool, &node, &stage.provider(0), None);
    stage.refused(&absent, "WrongEpoch");
    let past = ix::report(&stage.pool, &node, &stage.provider(0), Some(1));
    stage.refused(&past, "WrongEpoch");
    let own = address::epoch(&stage.pool, 1);
    let foreign = past.with(&own, &address::epoch(&twin, 1));
    stage.refused(&foreign, "WrongEpoch");
    let unopened = ix::report(&stage.pool, &node, &stage.provider(0), Some(2));
    stage.refused(&unopened, "AccountDataTooSmall");
}

#[test]
fn a_share_reports_its_own_node_in_its_own_pool() {
    let (mut stage, twin) = Stage::with_twin([5, 7]);
    let [node, other] = [0, 1].map(|i| stage.earners[i].node.address);
    for node in [node, other] {
        stage.world.edit(&node, |node: &mut Node| node.units += 4);
    }
    let good = ix::report(&stage.pool, &node, &stage.provider(0), Some(1));
    let other_node = good.with(&node, &other);
    stage.refused(&other_node, "WrongShare");
    let other_share = good.with(&stage.share_key(0), &stage.share_key(1));
    stage.refused(&other_share, "WrongShare");
    let other_pool = good.with(&stage.share_key(0), &address::share(&twin, &node));
    stage.refused(&other_pool, "WrongShare");
    stage.world.ok(&[good], &[]);
}

#[test]
fn a_slot_is_folded_before_the_next_epoch_but_one_uses_it() {
    let mut stage = Stage::ready(&[&[5, 6, 7]], |_| ());
    stage.work(0, 0);
    stage.enter(2);
    stage.work(0, 1);
    stage.enter(3);
    stage.credit(0, 2);
    let open = stage.open_ix(0, 3);
    stage.refused(&open, "SlotNotFolded");
    stage.fold(0, 1);
    stage.world.ok(&[open], &[]);
    let epochs = stage.share(0).slots.map(|slot| slot.epoch());
    assert_eq!(epochs, [Some(2), Some(3)]);
}

#[test]
fn a_report_into_an_open_epoch_finds_the_slot_taken_too() {
    let mut stage = Stage::ready(&[&[5, 6], &[7]], |_| ());
    stage.work(0, 0);
    stage.enter(3);
    stage.work(1, 0);
    stage.credit(0, 1);
    let report = stage.report_ix(0);
    stage.refused(&report, "SlotNotFolded");
    stage.fold(0, 1);
    stage.world.ok(&[report], &[]);
    assert_eq!(stage.epoch(3).total_units, 13);
}

#[test]
fn a_node_registered_anew_joins_again_and_brings_no_old_units() {
    let mut stage = Stage::ready(&[&[5, 6]], |_| ());
    stage.work(0, 0);
    let node = stage.earners[0].node.address;
    stage.world.edit(&node, |node: &mut Node| {
        (node.opened_slot, node.units) = (99, 3)
    });
    let report = ix::report(&stage.pool, &node, &stage.provider(0), None);
    stage.world.ok(std::slice::from_ref(&report), &[]);
    let share = stage.share(0);
    assert_eq!(
        (share.registration, share.joined_epoch, share.baseline),
        (99, 1, 0)
    );
    assert_eq!(share.slots[1].units, 5);
    stage.refused(&report, "TooEarlyToReport");
    stage.enter(2);
    stage.world.ok(&[report], &[]);
    assert_eq!(stage.share(0).seen, 3);
    stage.work(0, 1);
    assert_eq!(stage.epoch(2).total_units, 6);
}

#[test]
fn a_node_registered_anew_under_another_set_reports_nothing_here() {
    let mut stage = Stage::ready(&[&[5]], |_| ());
    stage.work(0, 0);
    let node = stage.earners[0].node.address;
    let other = stage.world.dormant_set(1, 1).address;
    stage.world.edit(&node, |node: &mut Node| {
        (node.opened_slot, node.set, node.units) = (99, other, 50)
    });
    let report = stage.report_ix(0);
    stage.refused(&report, "NodeOfAnotherSet");
    stage.enter(2);
    let open = stage.open_ix(0, 2);
    stage.refused(&open, "NodeOfAnotherSet");
}

#[test]
fn units_of_an_epoch_fit_a_u64() {
    let mut stage = Stage::ready(&[&[u64::MAX], &[1]], |_| ());
    stage.work(0, 0);
    assert_eq!(stage.epoch(1).total_units, u64::MAX);
    stage.credit(1, 0);
    let one_more = stage.report_ix(1);
    stage.refused(&one_more, "MathOverflow");
    // The work waits for the next epoch.
    stage.enter(2);
    stage.report(1);
    assert_eq!(stage.epoch(2).total_units, 1);
}

#[test]
fn report_refuses_accounts_of_another_type_or_program() {
    let mut stage = Stage::ready(&[&[5], &[6]], |_| ());
    stage.work(0, 0);
    stage.credit(1, 0);
    let report = stage.report_ix(1);
    let node = stage.earners[1].node.address;
    let epoch = address::epoch(&stage.pool, 1);
    stage
        .world
        .refuses_look_alikes(&report, &[stage.pool, stage.share_key(1), node, epoch], &[]);
}
