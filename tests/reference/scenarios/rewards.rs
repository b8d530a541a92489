//! Reward pools: reports, streams, claims, folds.

use super::{
    registry::NodeCredit,
    replay::{full_claim, i09_many_claims_are_one},
    *,
};

const SECOND: Id = 2;
const LATE: Id = 3;

/// Two nodes, the first with a history, joined before the start (epoch 0) to a pool of 100 an epoch of 100 s, 5 a unit, 8 units a
/// share; funded with 250. Their baselines are what they had done in the last second before the start.
fn joined() -> World {
    let mut world = World::new();
    world.node(SECOND, 33, 1);
    world.node(LATE, 34, 1);
    work(&mut world, NODE, 50);
    let terms = RewardTerms {
        rate: 100,
        ceiling: 5,
        node_cap: 8,
        start_at: 1_000,
        end_at: 1_400,
        epoch_secs: 100,
    };
    let create = Action::CreateRewardPool {
        pool: POOL,
        network: NETWORK,
        set: SET,
        mint: REWARD,
        terms,
        refund_owner: CREATOR,
    };
    world.slot = OPENED - 1;
    step(&mut world, 900, create);
    step(&mut world, 900, fund(250));
    for node in [NODE, SECOND] {
        let join = Action::JoinRewardPool {
            pool: POOL,
            provider: PROVIDER,
            node,
            by: OPERATOR,
            incarnation: OPENED,
        };
        world.refuse(950, report(node, None), MISSING);
        step(&mut world, 950, join);
        world.refuse(999, open_epoch(node, 0), "PoolNotStarted");
        step(&mut world, 999, report(node, None));
        world.refuse(1_000, report(node, None), "NothingToReport");
        world.refuse(1_100, open_epoch(node, 1), "NothingToReport");
    }
    world
}

/// Units appear at a node, as if a job had credited them.
fn work(world: &mut World, node: Id, units: u64) {
    let credit = NodeCredit {
        job: 99,
        incarnation: 1,
        units,
    };
    let node = world.model.nodes.get_mut(&node).unwrap();
    node.credits.push(credit);
}

/// A step with the invariants of reward pools: the units here come from nowhere.
fn step(world: &mut World, now: i64, action: Action) -> Effect {
    world.slot += 1;
    let before = world.observed();
    let effect = world
        .model
        .apply(now, world.slot, &action)
        .unwrap_or_else(|refusal| panic!("{action:?} at {now}: {refusal}"));
    let after = world.observed();
    invariants::i03_reward_vaults_cover_pools(&world.model, &world.model.snapshot(), &after.state);
    invariants::i03_rewards_are_somebodys(&world.model, &after.state, now);
    invariants::i03_epochs_emit_no_more_than_their_rate(&world.model, &after.state);
    invariants::i02_dividend_vaults_cover_pools(&world.model, &after.state);
    invariants::i05_reward_pools_count_what_is_there(&world.model, &after.state);
    invariants::i05_dividends_add_up(&world.model, &after.state);
    invariants::i04_no_more_leaves_than_came(&after.state);
    invariants::i07_totals_never_fall(&before.state, &after.state);
    invariants::i12_nothing_is_made_or_lost(&world.model, &before, &after);
    effect
}

fn fund(amount: u64) -> Action {
    Action::FundRewardPool {
        pool: POOL,
        by: BUYER,
        incarnation: OPENED,
        amount,
    }
}

fn report(node: Id, epoch: Option<u64>) -> Action {
    Action::Report {
        pool: POOL,
        node,
        provider: PROVIDER,
        epoch,
    }
}

fn open_epoch(node: Id, index: u64) -> Action {
    Action::OpenEpoch {
        pool: POOL,
        node,
        provider: PROVIDER,
        index,
    }
}

fn fold(node: Id, epoch: u64) -> Action {
    let pool = POOL;
    Action::Fold { pool, node, epoch }
}

fn close(epoch: u64) -> Action {
    Action::CloseEpoch { pool: POOL, epoch }
}

fn claim(world: &mut World, now: i64, node: Id) -> u64 {
    let claim = full_claim(&world.model, POOL, node);
    step(world, now, claim).moves.iter().map(|m| m.amount).sum()
}

/// Node 1 reports 8 (its cap) of 10 and node 2 reports 3: 11 units at 5 emit 55 of the rate of 100; 40 and 15.
#[test]
fn work_of_an_epoch_streams_through_the_next() {
    let mut world = joined();
    work(&mut world, NODE, 10);
    work(&mut world, SECOND, 3);
    world.refuse(1_150, report(NODE, None), "WrongEpoch");
    world.refuse(1_150, report(NODE, Some(1)), MISSING);
    world.refuse(1_150, open_epoch(NODE, 2), "WrongEpoch");
    assert_eq!(step(&mut world, 1_150, open_epoch(NODE, 1)).units, 8);
    world.refuse(1_150, open_epoch(SECOND, 1), IN_USE);
    world.refuse(1_150, report(NODE, Some(1)), "NothingToReport");
    assert_eq!(step(&mut world, 1_199, report(SECOND, Some(1))).units, 3);
    assert_eq!(world.model.unallocated(POOL), 150);

    world.refuse(1_200, full_claim(&world.model, POOL, NODE), "NothingDue");
    i09_many_claims_are_one(&world.model, &[1_201, 1_233, 1_299, 1_450], 99, POOL, NODE);
    assert_eq!(claim(&mut world, 1_233, NODE), 13);
    assert_eq!(claim(&mut world, 1_250, NODE), 7);
    assert_eq!(claim(&mut world, 1_299, SECOND), 14);
    // The two units over the cap count in the next epoch.
    assert_eq!(step(&mut world, 1_299, open_epoch(NODE, 2)).units, 2);
    assert_eq!(world.model.unallocated(POOL), 50);
    let slots = world.model.snapshot().shares[&(POOL, NODE)].slots;
    assert_eq!(slots, [(3, 2, 0), (2, 8, 0)]);
}

#[test]
fn an_epoch_gives_back_what_it_did_not_emit() {
    let mut world = joined();
    work(&mut world, NODE, 10);
    work(&mut world, SECOND, 3);
    step(&mut world, 1_150, open_epoch(NODE, 1));
    step(&mut world, 1_150, report(SECOND, Some(1)));
    step(&mut world, 1_250, open_epoch(NODE, 2));
    world.refuse(1_299, fold(NODE, 1), "StreamNotEnded");
    step(&mut world, 1_300, fold(NODE, 1));
    world.refuse(1_300, fold(NODE, 1), "NothingToFold");
    world.refuse(1_300, close(1), "NotAllFolded");
    work(&mut world, SECOND, 9);
    world.refuse(1_300, open_epoch(SECOND, 3), "SlotNotFolded");
    step(&mut world, 1_300, fold(SECOND, 1));
    step(&mut world, 1_300, close(1));
    world.refuse(1_300, fold(SECOND, 1), MISSING);
    // 250 less the 55 emitted and the 100 that epoch 2 holds.
    assert_eq!(world.model.unallocated(POOL), 95);
    world.refuse(1_300, open_epoch(SECOND, 3), "PoolDry");
    step(&mut world, 1_310, fund(5));
    assert_eq!(step(&mut world, 1_310, open_epoch(SECOND, 3)).units, 8);
    world.refuse(1_400, report(SECOND, Some(3)), "PoolEnded");
    world.refuse(1_400, fund(1), "PoolEnded");
    // Node 1: 40 folded and half of 10 streaming.
    assert_eq!(claim(&mut world, 1_350, NODE), 45);
    step(&mut world, 1_500, fold(NODE, 2));
    step(&mut world, 1_500, fold(SECOND, 3));
    step(&mut world, 1_500, close(2));
    step(&mut world, 1_500, close(3));
    assert_eq!(claim(&mut world, 1_500, NODE), 5);
    assert_eq!(claim(&mut world, 1_500, SECOND), 15 + 40);
    assert_eq!(world.model.unallocated(POOL), 255 - 55 - 10 - 40);
    assert_eq!(world.wallet(OWNER, REWARD), 105);
}

#[test]
fn a_claim_names_each_epoch_once() {
    let mut world = joined();
    work(&mut world, NODE, 8);
    step(&mut world, 1_150, open_epoch(NODE, 1));
    let twice = Action::Claim {
        pool: POOL,
        node: NODE,
        streaming: Some(1),
        ended: Some(1),
    };
    world.refuse(1_250, twice, "WrongEpoch");
    let none = Action::Claim {
        pool: POOL,
        node: NODE,
        streaming: None,
        ended: None,
    };
    world.refuse(1_250, none.clone(), "NothingDue");
    assert_eq!(claim(&mut world, 1_250, NODE), 20);
    // Claims have run ahead of folds: without its epoch the share seems to owe.
    world.refuse(1_260, none, "NothingDue");
    assert_eq!(claim(&mut world, 1_260, NODE), 4);
}

#[test]
fn joining_in_an_epoch_counts_from_the_next() {
    let mut world = joined();
    let join = |incarnation| Action::JoinRewardPool {
        pool: POOL,
        provider: PROVIDER,
        node: LATE,
        by: OPERATOR,
        incarnation,
    };
    world.refuse(1_250, join(OPENED + 1), "WrongIncarnation");
    world.refuse(1_400, join(OPENED), "PoolEnded");
    step(&mut world, 1_250, join(OPENED));
    world.refuse(1_250, join(OPENED), IN_USE);
    world.refuse(1_299, report(LATE, None), "TooEarlyToReport");
    step(&mut world, 1_300, report(LATE, None));
}

#[test]
fn a_baseline_is_what_the_node_had_when_somebody_last_reported_before_the_start() {
    let mut world = joined();
    let join = Action::JoinRewardPool {
        pool: POOL,
        provider: PROVIDER,
        node: LATE,
        by: OPERATOR,
        incarnation: OPENED,
    };
    work(&mut world, LATE, 4);
    step(&mut world, 960, join);
    work(&mut world, LATE, 5);
    step(&mut world, 999, report(LATE, None));
    work(&mut world, LATE, 6);
    assert_eq!(step(&mut world, 1_000, open_epoch(LATE, 0)).units, 6);
    assert_eq!(claim(&mut world, 1_199, LATE), 29);
}
