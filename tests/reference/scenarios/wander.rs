//! A long walk through random actions, valid or not, with every invariant asserted after each.

use super::{replay::*, *};

/// Steps of one walk.
const STEPS: usize = 3_000;

/// Xorshift: the same walk every time.
struct Dice(u64);

impl Dice {
    /// A number below `sides`.
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// A world with a reward pool that its one node joined, and rich owners.
fn world() -> World {
    let mut world = World::new();
    for (key, mint) in [(OWNER, STAKE), (BUYER, PAY), (BUYER, REWARD)] {
        world.model.mint_to(Holder::Wallet(key), mint, 1_000_000);
    }
    let terms = RewardTerms {
        rate: 97,
        ceiling: 13,
        node_cap: 12,
        start_at: START,
        end_at: START + 1_000_000,
        epoch_secs: 120,
    };
    world.slot = OPENED - 1;
    let create = Action::CreateRewardPool {
        pool: POOL,
        network: NETWORK,
        set: SET,
        mint: REWARD,
        terms,
        refund_owner: CREATOR,
    };
    world.ok(START, create);
    let join = Action::JoinRewardPool {
        pool: POOL,
        provider: PROVIDER,
        node: NODE,
        by: OPERATOR,
        incarnation: OPENED,
    };
    world.ok(START, join);
    world
}

fn job_action(model: &Reference, dice: &mut Dice, now: i64) -> Action {
    let id = 1 + dice.roll(3);
    let Some(job) = model.jobs.get(&id) else {
        let mut open = usual_job(dice.roll(60));
        open.job = id;
        open.open_until = now + dice.roll(200) as i64;
        open.length_secs = 1 + dice.roll(1_000);
        (open.terms.price, open.terms.per) = (1 + dice.roll(9), 1 + dice.roll(4));
        open.terms.challenge_secs = dice.roll(1_000) as u32;
        return Action::OpenJob(Box::new(open));
    };
    let (job_id, incarnation) = (id, job.incarnation);
    let ended = (now - job.start_at) / i64::from(job.terms.window_secs);
    let window = (ended as u32).saturating_sub(1 + dice.roll(6) as u32 / 4);
    let claimed = claimed(window, dice.roll(14));
    let signed = |path, keys: &[Key]| {
        let statement = proof::statement(id, job, path, claimed)?;
        let keys = keys.to_vec();
        Some(Signed { statement, keys })
    };
    match dice.roll(14) {
        0..=2 => Action::AcceptJob {
            job: id,
            provider: PROVIDER,
            node: NODE,
            by: OPERATOR,
            incarnation,
        },
        3..=5 => Action::Attest {
            job: id,
            set: SET,
            claimed,
            members: 0x20,
            signed: signed(Path::Quorum, &[WORKER, 101, 103]),
        },
        6 => Action::AttestCosigned {
            job: id,
            claimed,
            signed: signed(Path::Cosigned, &[WORKER, COSIGNER]),
        },
        7 => Action::TopUpJob {
            job: id,
            by: BUYER,
            incarnation,
            amount: dice.roll(20),
        },
        8 if dice.roll(4) == 0 => Action::CancelJob {
            job: id,
            by: BUYER,
            incarnation,
        },
        8 | 9 => Action::Refund { job: id },
        10 => Action::Pay { job: id },
        11 if dice.roll(2) == 0 => Action::SweepTreasury { job: job_id },
        11 => Action::SweepAttesters { job: job_id },
        12 if dice.roll(2) == 0 => Action::Credit {
            job: id,
            node: NODE,
        },
        12 => Action::Mature { job: id },
        _ if dice.roll(2) == 0 => Action::ReleaseJob { job: id },
        _ => Action::CloseJob { job: id },
    }
}

fn other_action(model: &Reference, dice: &mut Dice, now: i64) -> Action {
    let (pool, node, by) = (POOL, NODE, OWNER);
    let provider = PROVIDER;
    let current = (now - START) as u64 / 120;
    let held = model.shares[&(pool, node)].unfolded().next();
    let held = held.map_or(current, |(epoch, _)| epoch);
    let mut epochs = model.reward_pools[&pool].epochs.iter();
    let oldest = epochs.find(|(_, epoch)| !epoch.closed);
    let oldest = oldest.map_or(current, |(index, _)| *index);
    match dice.roll(10) {
        0 => Action::Stake {
            pool,
            by,
            amount: dice.roll(50),
        },
        1 => Action::Unstake {
            pool,
            by,
            shares: dice.roll(90),
            nonce: dice.roll(8),
        },
        2 => Action::Withdraw {
            pool,
            staker: by,
            nonce: dice.roll(8),
        },
        3 => Action::FundRewardPool {
            pool,
            by: BUYER,
            incarnation: OPENED,
            amount: dice.roll(90),
        },
        4 => Action::Report {
            pool,
            node,
            provider,
            epoch: Some(current),
        },
        5 => Action::Report {
            pool,
            node,
            provider,
            epoch: None,
        },
        6 => Action::OpenEpoch {
            pool,
            node,
            provider,
            index: current,
        },
        7 => full_claim(model, pool, node),
        8 => Action::Fold {
            pool,
            node,
            epoch: held,
        },
        _ => Action::CloseEpoch {
            pool,
            epoch: oldest,
        },
    }
}

/// Two courses of events from here must agree.
fn compare(model: &Reference, now: i64, slot: u64) {
    let times = [now, now + 40, now + 90, now + 700];
    for job in model.jobs.keys() {
        i08_mature_twice_is_once(model, now, slot, *job);
        i08_split_pulls_pay_the_same(model, &times, slot, *job);
    }
    i09_many_claims_are_one(model, &times, slot, POOL, NODE);
    let pays: Vec<Action> = model
        .jobs
        .keys()
        .map(|job| Action::Pay { job: *job })
        .collect();
    let backwards: Vec<usize> = (0..pays.len()).rev().collect();
    i11_order_changes_nothing(model, now, slot, &pays, &backwards);
}

#[test]
fn a_random_walk_keeps_every_invariant() {
    let mut done = std::collections::BTreeMap::<String, usize>::new();
    for seed in 1..=4 {
        let (mut world, mut dice, mut now) = (world(), Dice(seed * 0x9E37_79B9), START);
        for step in 0..STEPS {
            now += dice.roll(20) as i64 * i64::from(dice.roll(2) == 0);
            world.slot += dice.roll(2);
            let action = match dice.roll(3) {
                0 => other_action(&world.model, &mut dice, now),
                _ => job_action(&world.model, &mut dice, now),
            };
            let before = world.observed();
            let outcome = world.model.apply(now, world.slot, &action);
            let after = world.observed();
            match outcome {
                Ok(_) => {
                    let name = format!("{action:?}");
                    let verb = name.split([' ', '(']).next().unwrap_or_default();
                    *done.entry(verb.to_owned()).or_default() += 1;
                }
                Err(refusal) => assert_eq!(before, after, "{action:?}: {refusal}"),
            }
            invariants::after_step(&world.model, &before, &after, now);
            invariants::i04_promises_are_funded(&world.model);
            if step % 100 == 0 {
                compare(&world.model, now, world.slot);
            }
        }
    }
    // Every verb but withdraw succeeded: unbonding takes longer than the walk.
    assert_eq!(done.len(), 22, "{done:?}");
}
