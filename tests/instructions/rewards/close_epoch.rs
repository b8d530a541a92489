use {
    sluice_client::{Ledger, address, instruction as ix},
    sluice_tests::world::{Stage, Tamper},
    solana_signer::Signer,
};

#[test]
fn closing_returns_what_was_not_allocated_and_the_rent() {
    let mut stage = Stage::ready(&[&[5], &[7], &[11]], |_| ());
    let payer = stage.world.party();
    stage.credit(0, 0);
    let open = stage
        .open_ix(0, 1)
        .with(&stage.world.payer.pubkey(), &payer.pubkey());
    stage.world.ok(&[open], &[&payer]);
    stage.work(1, 0);
    stage.work(2, 0);
    stage.enter(3);
    for earner in 0..3 {
        stage.fold(earner, 1);
    }
    let key = address::epoch(&stage.pool, 1);
    let rent = stage.world.chain.account(&key).unwrap().unwrap().lamports;
    let lamports = |stage: &Stage| {
        let account = stage.world.chain.account(&payer.pubkey());
        account.unwrap().unwrap().lamports
    };
    let before = lamports(&stage);
    let close = ix::close_epoch(&stage.epoch(1));
    stage.world.ok(std::slice::from_ref(&close), &[]);

    assert_eq!(lamports(&stage) - before, rent);
    assert!(stage.world.chain.account(&key).unwrap().is_none());
    let allocated = [5, 7, 11]
        .map(|units| 1_000_003 * units / 23)
        .iter()
        .sum::<u64>();
    assert_eq!(allocated, 1_000_003 - 2);
    let pool = stage.pool();
    assert_eq!((pool.epochs, pool.earned), (0, allocated));
    assert_eq!(pool.unallocated, 10 * 1_000_003 - allocated);
    stage.refused(&close, "AccountDataTooSmall");
}

#[test]
fn an_epoch_closes_after_its_last_share_is_folded() {
    let mut stage = Stage::ready(&[&[5], &[7]], |_| ());
    stage.work(0, 0);
    stage.work(1, 0);
    let close = ix::close_epoch(&stage.epoch(1));
    stage.refused(&close, "NotAllFolded");
    stage.enter(3);
    stage.refused(&close, "NotAllFolded");
    stage.fold(1, 1);
    stage.refused(&close, "NotAllFolded");
    stage.fold(0, 1);
    stage.world.ok(&[close], &[]);
}

#[test]
fn what_is_owed_outlives_its_epoch() {
    let mut stage = Stage::streaming(&[5, 7], |_| ());
    stage.world.advance(50);
    let claimed = stage.claim(0);
    stage.enter(3);
    stage.fold(0, 1);
    stage.fold(1, 1);
    let close = ix::close_epoch(&stage.epoch(1));
    stage.world.ok(&[close], &[]);
    assert_eq!(claimed, 1_000_003 * 5 / 12 * 50 / 97);
    assert_eq!(stage.claim(0), 1_000_003 * 5 / 12);
    assert_eq!(stage.claim(1), 1_000_003 * 7 / 12);
    assert_eq!(stage.world.vault(&stage.pool), stage.pool().unallocated);
}

#[test]
fn what_a_closed_epoch_gives_back_pays_for_another_epoch() {
    let mut stage = Stage::ready(&[&[1, 2]], |terms| terms.ceiling = 1);
    stage.work(0, 0);
    stage.enter(3);
    stage.fold(0, 1);
    assert_eq!(stage.pool().unallocated, 9 * 1_000_003);
    let close = ix::close_epoch(&stage.epoch(1));
    stage.world.ok(&[close], &[]);
    assert_eq!(stage.pool().unallocated, 10 * 1_000_003 - 1);
}

#[test]
fn an_epoch_does_not_close_in_its_opening_slot() {
    let mut stage = Stage::ready(&[&[5]], |_| ());
    stage.work(0, 0);
    stage.world.advance_within_slot(2 * 97);
    stage.fold(0, 1);
    let close = ix::close_epoch(&stage.epoch(1));
    stage.refused(&close, "OpeningSlot");
    stage.world.chain.advance_slot(1);
    stage.world.ok(&[close], &[]);
}

#[test]
fn an_epoch_closes_into_its_own_pool_and_to_its_rent_payer() {
    let (mut stage, twin) = Stage::with_twin([5, 7]);
    stage.enter(3);
    stage.fold(0, 1);
    stage.fold(1, 1);
    let good = ix::close_epoch(&stage.epoch(1));
    stage.refused(&good.with(&stage.pool, &twin), "WrongEpoch");
    let thief = stage.world.party().pubkey();
    let stolen = good.with(&stage.world.payer.pubkey(), &thief);
    stage.refused(&stolen, "ConstraintAddress");
    stage
        .world
        .refuses_look_alikes(&good, &[stage.pool, address::epoch(&stage.pool, 1)], &[]);
    stage.world.ok(&[good], &[]);
}
