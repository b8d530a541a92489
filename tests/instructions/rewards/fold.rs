use {
    sluice_client::{Ledger, address},
    sluice_tests::world::{Stage, Tamper},
};

#[test]
fn folding_books_the_whole_reward_and_frees_the_slot() {
    let mut stage = Stage::streaming(&[5, 7], |_| ());
    stage.enter(3);
    stage.fold(0, 1);
    let reward = 1_000_003 * 5 / 12;
    let share = stage.share(0);
    assert_eq!((share.earned, share.claimed), (reward, 0));
    assert!(
        share
            .slots
            .iter()
            .all(|slot| slot.epoch().is_none() && slot.units == 0)
    );
    let epoch = stage.epoch(1);
    assert_eq!(
        (epoch.allocated, epoch.folded, epoch.shares),
        (reward, 1, 2)
    );
    assert_eq!(
        (stage.pool().earned, stage.pool().unallocated),
        (reward, 9 * 1_000_003)
    );
    assert_eq!(stage.world.vault(&stage.pool), 10 * 1_000_003);
    assert_eq!(stage.held(0), 0);
}

#[test]
fn a_stream_is_folded_from_its_end_on_to_the_second() {
    let mut stage = Stage::ready(&[&[5]], |_| ());
    stage.work(0, 0);
    let fold = stage.fold_ix(0, 1);
    stage.refused(&fold, "StreamNotEnded");
    stage.enter(2);
    stage.refused(&fold, "StreamNotEnded");
    stage.world.chain.set_time(stage.starts(3) - 1);
    stage.refused(&fold, "StreamNotEnded");
    stage.world.advance(1);
    stage.world.ok(&[fold], &[]);
}

#[test]
fn folding_late_changes_nothing() {
    let mut stage = Stage::streaming(&[5], |_| ());
    stage.world.advance(400_000_000);
    stage.fold(0, 1);
    assert_eq!(stage.share(0).earned, 1_000_003);
}

#[test]
fn a_share_folds_an_epoch_once() {
    let mut stage = Stage::streaming(&[5], |_| ());
    stage.enter(3);
    let fold = stage.fold_ix(0, 1);
    stage.world.ok(std::slice::from_ref(&fold), &[]);
    stage.refused(&fold, "NothingToFold");
}

#[test]
fn a_share_without_work_in_an_epoch_folds_nothing_there() {
    let mut stage = Stage::ready(&[&[5], &[7]], |_| ());
    stage.work(0, 0);
    stage.enter(2);
    stage.work(1, 0);
    stage.enter(4);
    for (earner, epoch) in [(1, 1), (0, 2)] {
        let nothing = stage.fold_ix(earner, epoch);
        stage.refused(&nothing, "NothingToFold");
    }
}

#[test]
fn later_work_in_the_same_slot_is_not_folded_by_an_earlier_epoch() {
    let mut stage = Stage::ready(&[&[5, 6], &[7]], |_| ());
    stage.work(0, 0);
    stage.work(1, 0);
    stage.enter(3);
    stage.fold(0, 1);
    stage.work(0, 1);
    let again = stage.fold_ix(0, 1);
    stage.refused(&again, "NothingToFold");
    let early = stage.fold_ix(0, 3);
    stage.refused(&early, "StreamNotEnded");
}

#[test]
fn pool_share_and_epoch_belong_together() {
    let (mut stage, twin) = Stage::with_twin([5, 7]);
    stage.enter(3);
    let good = stage.fold_ix(0, 1);
    let node = stage.earners[0].node.address;
    let twin_epoch = good.with(&address::epoch(&stage.pool, 1), &address::epoch(&twin, 1));
    stage.refused(&twin_epoch, "WrongEpoch");
    let twin_share = good.with(&stage.share_key(0), &address::share(&twin, &node));
    stage.refused(&twin_share, "WrongShare");
    let twin_pool = good.with(&stage.pool, &twin);
    stage.refused(&twin_pool, "WrongShare");
    stage.world.refuses_look_alikes(
        &good,
        &[
            stage.pool,
            stage.share_key(0),
            address::epoch(&stage.pool, 1),
        ],
        &[],
    );
    stage.world.ok(&[good], &[]);
    assert!(
        stage
            .world
            .chain
            .account(&address::epoch(&twin, 1))
            .unwrap()
            .is_some()
    );
}
