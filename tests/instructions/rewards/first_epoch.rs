//! The first epoch of a pool: it pays who joined before it, and for work since the last report before the start only.

use {
    sluice_client::{Ledger, Node, address, instruction as ix},
    sluice_tests::world::Stage,
    solana_instruction::Instruction,
    solana_signer::Signer,
};

const FEW: fn(&mut sluice_client::RewardTerms) = |terms| terms.end_at = terms.start_at + 97;

/// The instruction that reports without an epoch.
fn bare(stage: &Stage, earner: usize) -> Instruction {
    let node = stage.earners[earner].node.address;
    ix::report(&stage.pool, &node, &stage.provider(earner), None)
}

#[test]
fn a_pool_of_one_epoch_pays_all_of_it_to_who_joined_before_the_start() {
    let mut stage = Stage::early(&[&[5], &[15]], FEW);
    stage.enter(0);
    stage.work(0, 0);
    stage.work(1, 0);
    stage.enter(2);
    assert_eq!(stage.claim(0), 250_000);
    assert_eq!(stage.claim(1), 750_002);
    stage.fold(0, 0);
    stage.fold(1, 0);
    stage.close_epoch(0);
    stage.balanced();
}

#[test]
fn anybody_s_report_before_the_start_makes_held_back_work_history() {
    for last in [1, 999] {
        let mut stage = Stage::early(&[&[40, 2], &[3]], |_| ());
        // Held back when it joined, and credited now: a rival reports it.
        stage.credit(0, 0);
        stage.world.chain.set_time(stage.starts(0) - last);
        let report = bare(&stage, 0);
        stage.world.ok(&[report], &[]);
        let share = stage.share(0);
        assert_eq!((share.baseline, share.seen), (1, 40));
        assert_eq!(stage.pool().epochs, 0);
        stage.enter(0);
        let nothing = bare(&stage, 0);
        stage.refused(&nothing, "NothingToReport");
        stage.work(0, 1);
        stage.work(1, 0);
        assert_eq!(stage.epoch(0).total_units, 5);
    }
}

#[test]
fn a_node_of_another_set_sets_no_baseline_before_the_start() {
    let mut stage = Stage::early(&[&[5]], |_| ());
    let other = stage.world.dormant_set(1, 1).address;
    let node = stage.earners[0].node.address;
    let before = stage.world.chain.get::<Node>(&node).unwrap();
    stage.world.edit(&node, |node: &mut Node| {
        (node.opened_slot, node.set, node.units) = (99, other, 50);
    });
    let report = bare(&stage, 0);
    stage.refused(&report, "NodeOfAnotherSet");
    stage.world.edit(&node, |node: &mut Node| {
        (node.opened_slot, node.set, node.units) = (99, before.set, 50);
    });
    stage.world.ok(&[report], &[]);
    let share = stage.share(0);
    assert_eq!(
        (share.registration, share.baseline, share.seen),
        (99, 1, 50)
    );
}

#[test]
fn work_since_the_last_report_before_the_start_counts_in_the_first_epoch() {
    let mut stage = Stage::early(&[&[40, 2]], |_| ());
    stage.credit(0, 0);
    stage.enter(0);
    stage.report(0);
    assert_eq!(stage.epoch(0).total_units, 40);
}

#[test]
fn a_report_before_the_start_may_come_again_and_changes_nothing_else() {
    let mut stage = Stage::early(&[&[40]], |_| ());
    let before = stage.share(0);
    let report = bare(&stage, 0);
    stage.world.ok(&[report], &[]);
    let now = stage.share(0);
    assert_eq!(bytemuck::bytes_of(&now), bytemuck::bytes_of(&before));
    stage.credit(0, 0);
    let report = bare(&stage, 0);
    stage.world.ok(&[report], &[]);
    let after = stage.share(0);
    assert_eq!((after.seen, after.joined_epoch), (40, 0));
    assert!(after.slots.iter().all(|slot| slot.epoch().is_none()));
}

#[test]
fn no_epoch_opens_before_the_start() {
    let mut stage = Stage::early(&[&[5]], |_| ());
    stage.credit(0, 0);
    let open = stage.open_ix(0, 0);
    stage.world.chain.set_time(stage.starts(0) - 1);
    stage.refused(&open, "PoolNotStarted");
    stage.enter(0);
    stage.world.ok(&[open], &[]);
    assert_eq!(stage.epoch(0).total_units, 5);
}

/// Joining, crediting months of work and reporting it at once, in one transaction.
fn all_at_once(stage: &Stage) -> [Instruction; 3] {
    let earner = &stage.earners[0];
    let join = stage
        .world
        .join_ix(&stage.pool, &earner.provider, &earner.node);
    let job = &earner.jobs[0].address;
    let credit = ix::credit(job, &stage.world.job(job));
    [join, credit, bare(stage, 0)]
}

/// Lets the only earner leave again.
fn left(mut stage: Stage) -> Stage {
    let owner = stage.earners[0].provider.owner.insecure_clone();
    let leave = stage.close_share_ix(0, &owner.pubkey());
    stage.world.advance(0);
    stage.world.ok(&[leave], &[&owner]);
    stage
}

#[test]
fn joining_crediting_and_reporting_in_one_transaction_makes_history_before_the_start() {
    let mut stage = left(Stage::early(&[&[5_000, 1]], |_| ()));
    let all = all_at_once(&stage);
    let operator = stage.earners[0].provider.operator.insecure_clone();
    stage.world.ok(&all, &[&operator]);
    assert_eq!((stage.share(0).baseline, stage.share(0).seen), (1, 5_000));
    stage.enter(0);
    stage.work(0, 1);
    assert_eq!(stage.epoch(0).total_units, 1);
}

#[test]
fn joining_crediting_and_reporting_in_one_transaction_is_refused_from_the_start_on() {
    for late in [0, 50, 96] {
        let mut stage = left(Stage::early(&[&[5_000]], |_| ()));
        stage.world.chain.set_time(stage.starts(0) + late);
        let all = all_at_once(&stage);
        let operator = stage.earners[0].provider.operator.insecure_clone();
        stage.world.refused(&all, &[&operator], "TooEarlyToReport");
    }
}

#[test]
fn who_joins_in_the_second_of_the_start_waits_for_the_next_epoch() {
    let mut stage = left(Stage::early(&[&[5, 6]], |_| ()));
    stage.enter(0);
    let join = all_at_once(&stage)[0].clone();
    let operator = stage.earners[0].provider.operator.insecure_clone();
    stage.world.ok(&[join], &[&operator]);
    assert_eq!(
        (stage.share(0).baseline, stage.share(0).joined_epoch),
        (0, 0)
    );
    let early = bare(&stage, 0);
    stage.refused(&early, "TooEarlyToReport");
    stage.credit(0, 0);
    stage.enter(1);
    stage.report(0);
    assert_eq!(stage.share(0).seen, 5);
    stage.work(0, 1);
    assert_eq!(stage.epoch(1).total_units, 6);
}

#[test]
fn a_node_registered_anew_before_the_start_is_reported_into_the_first_epoch_or_joins_again_in_it() {
    for noticed in [true, false] {
        let mut stage = Stage::early(&[&[5, 6]], |_| ());
        stage.credit(0, 0);
        let node = stage.earners[0].node.address;
        stage.world.edit(&node, |node: &mut Node| {
            (node.opened_slot, node.units) = (99, 3);
        });
        if noticed {
            let report = bare(&stage, 0);
            stage.world.ok(&[report], &[]);
            assert_eq!((stage.share(0).registration, stage.share(0).seen), (99, 3));
        }
        stage.enter(0);
        stage.credit(0, 1);
        let report = if noticed {
            stage.open_ix(0, 0)
        } else {
            bare(&stage, 0)
        };
        stage.world.ok(&[report], &[]);
        if noticed {
            assert_eq!(stage.epoch(0).total_units, 6);
            continue;
        }
        // Nobody noticed in time: it joins again in epoch 0, and brings nothing from before epoch 1.
        let share = stage.share(0);
        assert_eq!(
            (share.registration, share.baseline, share.joined_epoch),
            (99, 0, 0)
        );
        let early = bare(&stage, 0);
        stage.refused(&early, "TooEarlyToReport");
        stage.enter(1);
        stage.report(0);
        assert_eq!(stage.share(0).seen, 9);
    }
}

#[test]
fn a_node_registered_anew_under_another_set_has_no_baseline_here() {
    let mut stage = Stage::early(&[&[5]], |_| ());
    let node = stage.earners[0].node.address;
    let other = stage.world.dormant_set(1, 1).address;
    stage.world.edit(&node, |node: &mut Node| {
        (node.set, node.opened_slot) = (other, 99)
    });
    let report = bare(&stage, 0);
    stage.refused(&report, "NodeOfAnotherSet");
}

#[test]
fn a_share_is_reported_with_its_own_accounts_before_the_start_too() {
    use sluice_tests::world::Tamper;
    let mut stage = Stage::early(&[&[5], &[6]], |_| ());
    let report = bare(&stage, 0);
    let [mine, theirs] = [0, 1].map(|i| stage.earners[i].node.address);
    stage.refused(&report.with(&mine, &theirs), "WrongShare");
    let share = address::share(&stage.pool, &theirs);
    stage.refused(&report.with(&stage.share_key(0), &share), "WrongShare");
    let provider = stage.provider(1);
    stage.refused(
        &report.with(&stage.provider(0), &provider),
        "NotItsProvider",
    );
}

/// What an unbounded share of an epoch cost before sets asked for anything: one base unit.
#[test]
fn units_that_nobody_paid_for_take_nothing_from_who_was_paid() {
    use {sluice_client::RewardTerms, sluice_tests::world::World};
    let mut world = World::new();
    let set = world.set_asking(1, 1, |quality| (quality.price, quality.per) = (1, 1));
    let [honest, cheap] = [0, 1].map(|_| world.provider());
    let nodes = [&honest, &cheap].map(|provider| world.node(provider, &set.address));
    let terms: RewardTerms = RewardTerms {
        start_at: world.now() + 20 * 3_600,
        end_at: world.now() + 20 * 3_600 + 97,
        ..world.reward_terms()
    };
    let creator = world.party();
    let new = world.new_reward_pool(&set.address, 1, terms);
    let pool = world.reward_pool(&creator, &new);
    world.fund(&pool, terms.rate);
    let jobs = [(&honest, 1_000, 1_000), (&cheap, 1_000_002, 1)];
    let jobs: Vec<_> = jobs
        .into_iter()
        .zip(&nodes)
        .map(|((provider, units, funds), node)| {
            let join = world.join_ix(&pool, provider, node);
            world.ok(&[join], &[&provider.operator]);
            let mut job = world.terms(&set.address);
            (job.price, job.per, job.cap) = (1, units / funds, units);
            job.max_length_secs = 3_600;
            let job = world.active_job_with(provider, node, job, |args| {
                (args.length_secs, args.funds) = (3_600, funds);
            });
            (job, units)
        })
        .collect();
    world.advance(3_600);
    for (job, units) in &jobs {
        world.attest(job, &set, 0, *units);
    }
    world.chain.set_time(terms.start_at);
    let [good, bad] = [0, 1].map(|i| {
        let job = &jobs[i].0.address;
        ix::credit(job, &world.job(job))
    });
    world.ok(&[good], &[]);
    world.refused(&[bad], &[], "JobDoesNotCount");
    let payer = world.payer.pubkey();
    let open = ix::open_epoch(&payer, &pool, &nodes[0].address, &honest.address, 0);
    world.ok(&[open], &[]);
    let report = ix::report(&pool, &nodes[1].address, &cheap.address, Some(0));
    world.refused(&[report], &[], "NothingToReport");
    world.advance(3 * 97);
    let read = |world: &World, node| {
        use sluice_client::Ledger;
        let share = address::share(&pool, node);
        (
            world.chain.get(&pool).unwrap(),
            world.chain.get(&share).unwrap(),
        )
    };
    let (state, share) = read(&world, &nodes[0].address);
    let program = world.reward_mint.token_program;
    let claim = ix::claim(&pool, &state, &share, world.now(), &program);
    world.ok(&[claim], &[]);
    assert_eq!(
        world.tokens(&honest.owner.pubkey(), &world.reward_mint),
        terms.rate
    );
}
