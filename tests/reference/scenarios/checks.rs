//! The invariants themselves: they hold where they should and notice what they must.

use super::{replay::*, *};

/// A job with a ripe, a pending and a cosigned proof, at 1,200.
fn busy() -> World {
    let mut world = World::new();
    world.start(40, |_| {});
    world.ok(1_100, world.attest(0, 10));
    world.ok(1_200, world.attest_cosigned(1, 7));
    world.ok(1_300, world.attest(2, 4));
    world
}

#[test]
fn maturing_twice_and_pulling_in_parts_change_nothing() {
    let world = busy();
    for now in [1_300, 1_379, 1_380, 2_000] {
        i08_mature_twice_is_once(&world.model, now, 99, JOB);
    }
    i08_split_pulls_pay_the_same(&world.model, &[1_300, 1_350, 1_380, 1_400], 99, JOB);
}

#[test]
fn independent_users_may_come_in_any_order() {
    let world = busy();
    let actions = [
        Action::Pay { job: JOB },
        Action::Refund { job: JOB },
        Action::SweepTreasury { job: JOB },
        Action::Stake {
            pool: POOL,
            by: OWNER,
            amount: 3,
        },
        Action::Unstake {
            pool: 11,
            by: 111,
            shares: 4,
            nonce: 1,
        },
    ];
    for order in [[4, 3, 2, 1, 0], [1, 0, 4, 2, 3], [2, 4, 0, 3, 1]] {
        i11_order_changes_nothing(&world.model, 1_380, 99, &actions, &order);
    }
}

#[test]
#[should_panic(expected = "I11")]
fn order_is_noticed_where_it_matters() {
    let world = busy();
    let actions = [Action::Pay { job: JOB }, Action::Mature { job: JOB }];
    i11_order_changes_nothing(&world.model, 1_380, 99, &actions, &[1, 0]);
}

/// Asserts after `tamper` has changed what is observed of a sound step.
fn observe(tamper: fn(&mut Observed)) {
    let world = busy();
    let before = world.observed();
    let mut after = world.observed();
    tamper(&mut after);
    invariants::after_step(&world.model, &before, &after, 1_300);
}

#[test]
fn a_sound_step_passes() {
    observe(|_| {});
}

#[test]
#[should_panic(expected = "I01")]
fn a_vault_that_holds_too_little_is_noticed() {
    observe(|seen| {
        *seen
            .state
            .balances
            .get_mut(&(Holder::JobVault(JOB), PAY))
            .unwrap() -= 1
    });
}

#[test]
#[should_panic(expected = "I05")]
fn a_share_of_nobody_is_noticed() {
    observe(|seen| seen.state.stake_pools.get_mut(&POOL).unwrap().active_shares += 1);
}

#[test]
#[should_panic(expected = "I06")]
fn a_bond_of_nobody_is_noticed() {
    observe(|seen| seen.state.stake_pools.get_mut(&POOL).unwrap().locked += 1);
}

#[test]
#[should_panic(expected = "I07")]
fn a_total_that_falls_is_noticed() {
    observe(|seen| seen.state.jobs.get_mut(&JOB).unwrap().last_proven = 0);
}

#[test]
#[should_panic(expected = "I12")]
fn a_lamport_from_nowhere_is_noticed() {
    observe(|seen| seen.lamports += 1);
}

#[test]
#[should_panic(expected = "I15")]
fn a_unit_counted_twice_is_noticed() {
    observe(|seen| seen.state.jobs.get_mut(&JOB).unwrap().units_pending += 1);
}

#[test]
#[should_panic(expected = "I16")]
fn a_proof_that_matures_early_is_noticed() {
    observe(|seen| {
        let job = seen.state.jobs.get_mut(&JOB).unwrap();
        job.units_pending -= 4;
        job.units_matured += 4;
        job.quorum_matured += 4;
    });
}

#[test]
#[should_panic(expected = "I18")]
fn a_unit_nobody_credited_is_noticed() {
    observe(|seen| seen.state.nodes.get_mut(&NODE).unwrap().units += 1);
}

#[test]
#[should_panic(expected = "I02")]
fn a_bond_of_nobodys_challenge_is_noticed() {
    observe(|seen| {
        let held = (Holder::StakeVault(POOL), STAKE);
        *seen.state.balances.get_mut(&held).unwrap() += 5;
        let pool = seen.state.stake_pools.get_mut(&POOL).unwrap();
        pool.challenge_bonds += 5;
    });
}

#[test]
#[should_panic(expected = "I05")]
fn a_dividend_of_nobody_is_noticed() {
    observe(|seen| {
        let pool = seen.state.stake_pools.get_mut(&POOL).unwrap();
        pool.dividend_rem += 1;
    });
}

#[test]
#[should_panic(expected = "I17")]
fn a_slash_that_burns_nothing_is_noticed() {
    let world = busy();
    let mut state = world.model.snapshot();
    state.stake_pools.get_mut(&POOL).unwrap().slashed += 1;
    invariants::i17_slashes_are_bounded_and_burned(&world.model, &state);
}

#[test]
#[should_panic(expected = "I17")]
fn a_slash_that_enriches_is_noticed() {
    let world = busy();
    let before = world.model.snapshot();
    let mut after = world.model.snapshot();
    let pool = after.stake_pools.get_mut(&POOL).unwrap();
    (pool.slashed, pool.tokens) = (1, 199);
    *after
        .balances
        .get_mut(&(Holder::Wallet(OWNER), STAKE))
        .unwrap() += 1;
    invariants::i17_a_slash_enriches_nobody(&before, &after);
}

#[test]
#[should_panic(expected = "I14")]
fn a_proof_without_its_worker_is_noticed() {
    let mut world = busy();
    let job = world.model.jobs.get_mut(&JOB).unwrap();
    job.proofs.get_mut(&0).unwrap().worker = 1;
    invariants::i14_proofs_had_their_signers(&world.model);
}

/// I13 of an outcome in a pause from `START` to `START + 10`.
fn observe_pause(now: i64, outcome: Result<Effect, Fail>) {
    let mut world = World::new();
    let pause = Action::Pause {
        network: NETWORK,
        by: GUARDIAN,
        secs: 10,
    };
    world.ok(START, pause);
    let stake = Action::Stake {
        pool: POOL,
        by: OWNER,
        amount: 1,
    };
    invariants::i13_pauses_stop_intake_only(&world.model, &stake, &outcome, now);
}

#[test]
#[should_panic(expected = "I13")]
fn intake_in_a_pause_is_noticed() {
    observe_pause(START + 9, Ok(Effect::default()));
}

#[test]
#[should_panic(expected = "I13")]
fn a_pause_that_outlasts_itself_is_noticed() {
    observe_pause(START + 10, Err("Paused"));
}

#[test]
#[should_panic(expected = "I13")]
fn an_exit_that_pauses_is_noticed() {
    let mut world = busy();
    let pause = Action::Pause {
        network: NETWORK,
        by: GUARDIAN,
        secs: 10,
    };
    world.ok(1_300, pause);
    let pay = Action::Pay { job: JOB };
    let outcome = Err("Paused");
    invariants::i13_pauses_stop_intake_only(&world.model, &pay, &outcome, 1_300);
}
