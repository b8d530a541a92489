//! A node closed and registered anew by its owner's own instructions: what its share may still do.
use {
    sluice_client::{Ledger, instruction as ix},
    sluice_tests::world::Stage,
    solana_address::Address,
    solana_signer::Signer,
};

/// Releases the first earner's only job, closes its node and registers the same machine under `set`.
fn register_anew(stage: &mut Stage, set: &Address) {
    let earner = &stage.earners[0];
    let (owner, worker) = (
        earner.provider.owner.insecure_clone(),
        earner.node.worker.insecure_clone(),
    );
    let (job, node) = (earner.jobs[0].address, earner.node.address);
    let release = ix::release_job(&job, &stage.world.job(&job));
    stage.world.ok(&[release], &[]);
    let close = ix::close_node(
        &owner.pubkey(),
        &node,
        &stage.world.chain.get(&node).unwrap(),
    );
    stage.world.ok(&[close], &[&owner]);
    stage.world.advance(1);
    let earner = &stage.earners[0];
    stage.world.register(&earner.provider, &worker, set);
}

#[test]
fn a_node_under_another_set_reports_into_the_pool_no_more() {
    let mut stage = Stage::ready(&[&[5]], |_| ());
    let other = stage.world.dormant_set(1, 1).address;
    register_anew(&mut stage, &other);
    let node = stage.earners[0].node.address;
    // Neither without an epoch nor by opening one.
    let report = ix::report(&stage.pool, &node, &stage.provider(0), None);
    stage.refused(&report, "NodeOfAnotherSet");
    let open = stage.open_ix(0, 1);
    stage.refused(&open, "NodeOfAnotherSet");
    stage.enter(2);
    let open = stage.open_ix(0, 2);
    stage.refused(&open, "NodeOfAnotherSet");
}

#[test]
fn a_node_under_no_set_reports_nothing_either() {
    let mut stage = Stage::ready(&[&[5]], |_| ());
    register_anew(&mut stage, &Address::default());
    let node = stage.earners[0].node.address;
    let report = ix::report(&stage.pool, &node, &stage.provider(0), None);
    stage.refused(&report, "NodeOfAnotherSet");
}

#[test]
fn a_node_that_closed_reports_nothing() {
    let mut stage = Stage::ready(&[&[5]], |_| ());
    let earner = &stage.earners[0];
    let (owner, job) = (
        earner.provider.owner.insecure_clone(),
        earner.jobs[0].address,
    );
    let node = earner.node.address;
    let release = ix::release_job(&job, &stage.world.job(&job));
    let close = ix::close_node(
        &owner.pubkey(),
        &node,
        &stage.world.chain.get(&node).unwrap(),
    );
    stage.world.ok(&[release, close], &[&owner]);
    let report = ix::report(&stage.pool, &node, &stage.provider(0), None);
    stage.refused(&report, "UninitializedAccount");
}

#[test]
fn a_node_under_the_same_set_starts_again_and_loses_what_it_had_not_reported() {
    let mut stage = Stage::ready(&[&[5]], |_| ());
    let set = stage.set.address;
    register_anew(&mut stage, &set);
    let node = stage.earners[0].node.address;
    let report = ix::report(&stage.pool, &node, &stage.provider(0), None);
    // The share joins again, with nothing seen, and waits an epoch as at first.
    stage.world.ok(std::slice::from_ref(&report), &[]);
    let share = stage.share(0);
    let registration = stage.world.node_state(&stage.earners[0].node).opened_slot;
    assert_eq!(
        (share.registration, share.joined_epoch, share.baseline),
        (registration, 1, 0)
    );
    stage.refused(&report, "TooEarlyToReport");
    stage.enter(2);
    stage.world.ok(&[report], &[]);
    let open = stage.open_ix(0, 2);
    stage.refused(&open, "NothingToReport");
}

#[test]
fn what_a_closed_node_has_reported_is_still_folded_and_claimed() {
    let mut stage = Stage::streaming(&[5], |_| ());
    let (owner, job) = (
        stage.earners[0].provider.owner.insecure_clone(),
        stage.earners[0].jobs[0].address,
    );
    let node = stage.earners[0].node.address;
    let release = ix::release_job(&job, &stage.world.job(&job));
    let close = ix::close_node(
        &owner.pubkey(),
        &node,
        &stage.world.chain.get(&node).unwrap(),
    );
    stage.world.ok(&[release, close], &[&owner]);
    stage.enter(3);
    stage.fold(0, 1);
    assert_eq!(stage.claim(0), 1_000_003);
}
