use {
    sluice_client::{Ledger, Node, address, instruction as ix},
    sluice_tests::world::{Stage, Tamper, World},
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// A stage of one earner that worked in epoch 1 at half commission; it is epoch 3.
fn streamed() -> (Stage, Keypair) {
    let mut stage = Stage::sharing(5, 5_000);
    stage.enter(3);
    let owner = stage.earners[0].provider.owner.insecure_clone();
    (stage, owner)
}

/// The same, with everything folded and paid.
fn paid() -> (Stage, Keypair) {
    let (mut stage, owner) = streamed();
    stage.fold(0, 1);
    stage.claim(0);
    stage.pay(0);
    (stage, owner)
}

/// The close of the only share by this signer.
fn by(stage: &Stage, signer: &Keypair) -> Instruction {
    stage.close_share_ix(0, &signer.pubkey())
}

/// Joins the earner's node again.
fn join(stage: &mut Stage) {
    let earner = &stage.earners[0];
    let join = stage
        .world
        .join_ix(&stage.pool, &earner.provider, &earner.node);
    stage.world.ok(&[join], &[&earner.provider.operator]);
}

#[test]
fn the_payee_closes_a_share_that_was_paid_and_its_rent_payer_gets_the_rent() {
    let mut world = World::new();
    let payer = world.party();
    let mut stage = Stage::on(world, &[], |_| ());
    let provider = stage.world.provider();
    let node = stage.world.node(&provider, &stage.set.address);
    let join = stage.world.join_ix(&stage.pool, &provider, &node);
    let join = join.with(&stage.world.payer.pubkey(), &payer.pubkey());
    stage.world.ok(&[join], &[&payer, &provider.operator]);
    stage.world.chain.advance_slot(1);
    let key = address::share(&stage.pool, &node.address);
    let rent = stage.lamports(&key);
    let before = stage.lamports(&payer.pubkey());
    assert_eq!(stage.pool().shares, 1);
    let share = stage.world.chain.get(&key).unwrap();
    let close = ix::close_share(&provider.owner.pubkey(), &share);
    stage.world.ok(&[close], &[&provider.owner]);
    assert!(stage.world.is_gone(&key));
    assert_eq!(stage.lamports(&payer.pubkey()) - before, rent);
    assert_eq!(stage.pool().shares, 0);
}

#[test]
fn a_share_whose_work_stands_in_a_slot_does_not_close() {
    // Epoch 1 stands in the odd slot, epoch 2 in the even one.
    for epoch in [1, 2] {
        let mut stage = Stage::ready(&[&[5]], |_| ());
        let owner = stage.earners[0].provider.owner.insecure_clone();
        stage.enter(epoch);
        stage.work(0, 0);
        for later in 0..3 {
            stage.enter(epoch + later);
            let close = by(&stage, &owner);
            stage.world.refused(&[close], &[&owner], "StillOwing");
        }
        // Claimed to the last base unit, but not folded.
        stage.claim(0);
        assert_eq!(
            (stage.share(0).claimed, stage.share(0).earned),
            (1_000_003, 0)
        );
        let close = by(&stage, &owner);
        stage
            .world
            .refused(std::slice::from_ref(&close), &[&owner], "StillOwing");
        stage.fold(0, epoch);
        stage.world.ok(&[close], &[&owner]);
    }
}

#[test]
fn a_share_does_not_close_before_payee_and_delegators_are_paid() {
    for payee_first in [true, false] {
        let (mut stage, owner) = streamed();
        stage.fold(0, 1);
        let close = by(&stage, &owner);
        stage
            .world
            .refused(std::slice::from_ref(&close), &[&owner], "StillOwing");
        let both = [stage.claim_ix(0), stage.pay_ix(0)];
        let [first, second] = if payee_first { [0, 1] } else { [1, 0] };
        stage.world.ok(&both[first..=first], &[]);
        stage
            .world
            .refused(std::slice::from_ref(&close), &[&owner], "StillOwing");
        stage.world.ok(&both[second..=second], &[]);
        stage.world.ok(&[close], &[&owner]);
        stage.close_epoch(1);
        stage.balanced();
    }
}

#[test]
fn a_slot_that_earned_nothing_holds_a_share_until_it_is_folded() {
    // One unit among u64::MAX earns nothing.
    let mut stage = Stage::ready(&[&[1], &[u64::MAX - 1]], |_| ());
    stage.work(0, 0);
    stage.work(1, 0);
    stage.enter(3);
    let owner = stage.earners[0].provider.owner.insecure_clone();
    let close = by(&stage, &owner);
    stage
        .world
        .refused(std::slice::from_ref(&close), &[&owner], "StillOwing");
    stage.fold(0, 1);
    assert_eq!(stage.share(0).earned, 0);
    stage.world.ok(&[close], &[&owner]);
}

#[test]
fn before_the_end_only_the_payee_closes_a_share_and_then_anybody() {
    let (mut stage, owner) = paid();
    let operator = stage.earners[0].provider.operator.insecure_clone();
    let (creator, stranger) = (stage.creator.insecure_clone(), stage.world.party());
    let good = by(&stage, &owner);
    let unsigned = good.unsigned(&owner.pubkey());
    stage.refused(&unsigned, "MissingRequiredSignature");
    for now in [stage.world.now(), stage.terms.end_at - 1] {
        stage.world.chain.set_time(now);
        for other in [&operator, &creator, &stranger] {
            let close = by(&stage, other);
            stage.world.refused(&[close], &[other], "NotOwner");
        }
    }
    stage.end();
    let close = by(&stage, &stranger);
    let unsigned = close.unsigned(&stranger.pubkey());
    stage.refused(&unsigned, "MissingRequiredSignature");
    stage.world.ok(&[close], &[&stranger]);
    assert!(stage.world.is_gone(&stage.share_key(0)));
}

#[test]
fn strangers_wait_for_a_last_epoch_that_runs_beyond_the_end() {
    let mut stage = Stage::ready(&[&[5]], |terms| terms.end_at = terms.start_at + 98);
    let close = stage.close_share_ix(0, &stage.world.payer.pubkey());
    for now in [stage.terms.end_at, stage.starts(2) - 1] {
        stage.world.chain.set_time(now);
        stage.refused(&close, "NotOwner");
    }
    stage.world.advance(1);
    stage.world.ok(&[close], &[]);
}

#[test]
fn a_share_does_not_close_in_its_opening_slot() {
    let mut stage = Stage::new(&[&[5]], |_| ());
    let owner = stage.earners[0].provider.owner.insecure_clone();
    let close = by(&stage, &owner);
    stage
        .world
        .refused(std::slice::from_ref(&close), &[&owner], "OpeningSlot");
    stage.world.chain.advance_slot(1);
    stage.world.ok(&[close], &[&owner]);
}

#[test]
fn the_rent_of_a_share_goes_to_its_rent_payer_only_and_its_pool_counts_it() {
    let (mut stage, owner) = paid();
    let twin = stage.twin();
    stage.world.chain.advance_slot(1);
    let good = by(&stage, &owner);
    let thief = stage.world.party().pubkey();
    let payer = stage.world.payer.pubkey();
    for other in [thief, owner.pubkey()] {
        let stolen = good.with(&payer, &other);
        stage
            .world
            .refused(&[stolen], &[&owner], "ConstraintAddress");
    }
    let into_the_pool = good.with(&payer, &stage.pool);
    let twice = "ConstraintDuplicateMutableAccount";
    stage.world.refused(&[into_the_pool], &[&owner], twice);
    let elsewhere = good.with(&stage.pool, &twin);
    stage.world.refused(&[elsewhere], &[&owner], "WrongShare");
    stage.world.ok(&[good], &[&owner]);
    assert_eq!(stage.pool().shares, 0);
    assert_eq!(stage.at(&twin, |stage| stage.pool().shares), 1);
}

#[test]
fn a_node_that_joins_again_in_the_same_epoch_counts_no_unit_twice() {
    let (mut stage, owner) = paid();
    let node = stage.earners[0].node.address;
    // Seven units that were credited and not reported are history once the share is closed.
    stage.world.edit(&node, |node: &mut Node| node.units += 7);
    let close = by(&stage, &owner);
    stage.world.ok(std::slice::from_ref(&close), &[&owner]);
    stage
        .world
        .refused(&[close], &[&owner], "AccountDataTooSmall");
    join(&mut stage);
    let report = ix::report(&stage.pool, &node, &stage.provider(0), None);
    stage.refused(&report, "TooEarlyToReport");
    let open = stage.open_ix(0, 3);
    stage.refused(&open, "TooEarlyToReport");
    let fold = stage.fold_ix(0, 1);
    stage.refused(&fold, "NothingToFold");
    let claim = stage.claim_ix(0);
    stage.refused(&claim, "NothingDue");
    stage.enter(4);
    stage.report(0);
    assert_eq!((stage.share(0).seen, stage.pool().epochs), (12, 1));
    let open = stage.open_ix(0, 4);
    stage.refused(&open, "NothingToReport");
    stage.world.edit(&node, |node: &mut Node| node.units += 2);
    stage.report(0);
    assert_eq!(stage.epoch(4).total_units, 2);
}

#[test]
fn a_share_cannot_leave_the_epoch_it_reported_in_to_report_there_again() {
    let mut stage = Stage::ready(&[&[5]], |_| ());
    let owner = stage.earners[0].provider.owner.insecure_clone();
    stage.work(0, 0);
    let close = by(&stage, &owner);
    stage.world.refused(&[close], &[&owner], "StillOwing");
    let earner = &stage.earners[0];
    let again = stage
        .world
        .join_ix(&stage.pool, &earner.provider, &earner.node);
    let operator = earner.provider.operator.insecure_clone();
    stage.world.refused(&[again], &[&operator], "Custom(0)");
}
