use {
    sluice_client::{Node, address, instruction as ix},
    sluice_tests::world::{Earner, Stage, Tamper},
    solana_signer::Signer,
};

#[test]
fn the_first_positive_report_opens_an_epoch_and_sets_its_whole_rate_aside() {
    let mut stage = Stage::ready(&[&[5]], |_| ());
    stage.credit(0, 0);
    let payer = stage.world.party();
    let open = stage
        .open_ix(0, 1)
        .with(&stage.world.payer.pubkey(), &payer.pubkey());
    stage.world.ok(&[open], &[&payer]);

    let epoch = stage.epoch(1);
    assert_eq!((epoch.pool, epoch.rent_payer), (stage.pool, payer.pubkey()));
    assert_eq!((epoch.index, epoch.opened_slot), (1, stage.world.slot()));
    assert_eq!((epoch.total_units, epoch.shares), (5, 1));
    assert_eq!((epoch.allocated, epoch.folded), (0, 0));
    let pool = stage.pool();
    assert_eq!((pool.epochs, pool.unallocated), (1, 9 * 1_000_003));
    assert_eq!(
        (pool.funded, pool.earned, pool.claimed),
        (10 * 1_000_003, 0, 0)
    );
    let share = stage.share(0);
    assert_eq!(
        (share.seen, share.slots[1].epoch(), share.slots[1].units),
        (5, Some(1), 5)
    );
    assert_eq!(stage.world.vault(&stage.pool), 10 * 1_000_003);
}

#[test]
fn an_epoch_opens_only_with_a_whole_rate_unallocated() {
    let mut stage = Stage::ready(&[&[5]], |_| ());
    let twin = stage
        .world
        .new_reward_pool(&stage.set.address, 2, stage.terms);
    stage.pool = stage.world.reward_pool(&stage.creator, &twin);
    stage.world.fund(&stage.pool, 1_000_002);
    let earner = &stage.earners[0];
    let join = stage
        .world
        .join_ix(&stage.pool, &earner.provider, &earner.node);
    stage.world.ok(&[join], &[&earner.provider.operator]);
    stage.enter(2);
    stage.report(0);
    stage.credit(0, 0);
    let open = stage.open_ix(0, 2);
    stage.refused(&open, "PoolDry");
    stage.world.fund(&stage.pool, 1);
    stage.world.ok(&[open], &[]);
    assert_eq!(stage.pool().unallocated, 0);
}

#[test]
fn a_dry_epoch_spends_nothing_and_the_work_waits_for_money() {
    let mut stage = Stage::ready(&[&[5, 6]], |terms| {
        terms.end_at = terms.start_at + 9 * 365 * 86_400
    });
    // Ten rates are in the pool; each epoch of one unit empties one of them.
    let node = stage.earners[0].node.address;
    for index in 1..=10 {
        stage.enter(index);
        if index > 2 {
            stage.fold(0, index - 2);
        }
        stage.world.edit(&node, |node: &mut Node| node.units += 1);
        stage.report(0);
    }
    assert_eq!(stage.pool().unallocated, 0);
    stage.enter(11);
    stage.fold(0, 9);
    stage.credit(0, 0);
    let open = stage.open_ix(0, 11);
    stage.refused(&open, "PoolDry");
    assert_eq!(
        (stage.share(0).seen, stage.share(0).slots[1].epoch()),
        (10, None)
    );
    stage.world.fund(&stage.pool, 1_000_003);
    stage.world.ok(&[open], &[]);
    assert_eq!(stage.epoch(11).total_units, 5);
}

#[test]
fn an_epoch_opens_once() {
    let mut stage = Stage::ready(&[&[5], &[6]], |_| ());
    stage.work(0, 0);
    stage.credit(1, 0);
    let again = stage.open_ix(1, 1);
    stage.refused(&again, "Custom(0)");
}

#[test]
fn only_the_current_epoch_opens() {
    let mut stage = Stage::ready(&[&[5]], |_| ());
    stage.credit(0, 0);
    for index in [0, 2, u64::MAX] {
        let wrong = stage.open_ix(0, index);
        stage.refused(&wrong, "WrongEpoch");
    }
    let open = stage.open_ix(0, 1);
    stage.world.chain.set_time(stage.starts(2) - 1);
    stage.world.ok(&[open], &[]);
}

#[test]
fn an_epoch_opens_between_start_and_end() {
    let mut stage = Stage::ready(&[&[5]], |terms| terms.end_at = terms.start_at + 98);
    stage.credit(0, 0);
    stage.enter(2);
    let late = stage.open_ix(0, 2);
    stage.refused(&late, "PoolEnded");
    stage.world.chain.set_time(stage.starts(0) - 1);
    let early = stage.open_ix(0, 0);
    stage.refused(&early, "PoolNotStarted");
}

#[test]
fn a_baseline_or_no_work_at_all_opens_nothing() {
    let mut stage = Stage::new(&[&[5]], |_| ());
    let open = stage.open_ix(0, 0);
    stage.refused(&open, "TooEarlyToReport");
    stage.enter(1);
    stage.credit(0, 0);
    let open = stage.open_ix(0, 1);
    stage.refused(&open, "NothingToReport");
    stage.report(0);
    stage.refused(&open, "NothingToReport");
}

#[test]
fn cosigned_work_earns_no_weight() {
    let mut stage = Stage::ready(&[&[5]], |_| ());
    let world = &mut stage.world;
    let (provider, node) = (&stage.earners[0].provider, &stage.earners[0].node);
    let job = world.one_window_job(&stage.set.address, provider, node, 9);
    world.advance(3_600);
    world.attest_cosigned(&job, 0, 9);
    let state = world.job(&job.address);
    assert_eq!((state.units_matured, state.quorum_matured), (9, 0));
    world.refused(&[ix::credit(&job.address, &state)], &[], "NothingDue");
    world.advance(13 * 3_600);
    world.ok(&[ix::release_job(&job.address, &state)], &[]);
    assert_eq!(world.node_state(node).units, 0);
}

#[test]
fn work_under_another_set_never_reaches_the_node() {
    let mut stage = Stage::ready(&[&[5]], |_| ());
    let world = &mut stage.world;
    let other = world.set(1, 1);
    let (buyer, cosigner) = (world.buyer(), world.key());
    let terms = world.terms(&other.address);
    let args = world.open_args(1, terms, &cosigner.pubkey());
    let job = world.open(&buyer, args);
    let Earner { provider, node, .. } = &stage.earners[0];
    let (operator, owner) = (&provider.operator, provider.owner.pubkey());
    let state = world.job(&job);
    let accept = ix::accept_job(&operator.pubkey(), &owner, &job, &state, &node.address);
    world.refused(&[accept], &[operator], "NodeOfAnotherSet");
}

#[test]
fn payer_pool_share_node_and_epoch_belong_together() {
    let (mut stage, twin) = Stage::with_twin([5, 7]);
    stage.enter(2);
    let [node, other] = [0, 1].map(|i| stage.earners[i].node.address);
    for node in [node, other] {
        stage.world.edit(&node, |node: &mut Node| node.units += 4);
    }
    let good = stage.open_ix(0, 2);
    let payer = stage.world.party();
    let poor = good.with(&stage.world.payer.pubkey(), &payer.pubkey());
    stage.refused(&poor.unsigned(&payer.pubkey()), "MissingRequiredSignature");
    let other_node = good.with(&node, &other);
    stage.refused(&other_node, "WrongShare");
    let other_share = good.with(&stage.share_key(0), &stage.share_key(1));
    stage.refused(&other_share, "WrongShare");
    let twin_share = good.with(&stage.share_key(0), &address::share(&twin, &node));
    stage.refused(&twin_share, "WrongShare");
    let twin_epoch = good.with(&address::epoch(&stage.pool, 2), &address::epoch(&twin, 2));
    stage.refused(&twin_epoch, "InvalidSeeds");
    stage
        .world
        .refuses_look_alikes(&good, &[stage.pool, stage.share_key(0), node], &[]);
    stage.world.ok(&[good], &[]);
}

#[test]
fn lamports_sent_ahead_to_an_epoch_block_nothing() {
    let mut stage = Stage::ready(&[&[5]], |_| ());
    let epoch = address::epoch(&stage.pool, 1);
    stage.world.chain.airdrop(&epoch, 1_000_000_000).unwrap();
    stage.credit(0, 0);
    let open = stage.open_ix(0, 1);
    stage.world.ok(&[open], &[]);
    assert_eq!(stage.epoch(1).total_units, 5);
}
