//! Reward pools of the dividend mint: what delegators get of every share.

use {
    super::{
        registry::NodeCredit,
        replay::{full_claim, full_payment, i09_many_claims_are_one},
        *,
    },
    crate::reference::rewards::Parts,
};

/// When the pool's first epoch begins: no change of a commission is announced before.
pub(super) const EPOCH_0: i64 = 2_000_000;
const WAIT: i64 = 10 * DAY as i64;
/// When what delegators were paid within the first epochs has streamed.
const STREAMED: i64 = EPOCH_0 + 2 * DAY as i64;

/// A node without history in a pool of 101 an epoch of 100 s for 4 epochs, a unit earns 7, funded with 303. The commission is
/// 66.67 % from the first epoch on. Its baseline is set in epoch 1, and it has 20 units since.
pub(super) fn joined(mint: Mint) -> World {
    let mut world = World::new();
    world.ok(EPOCH_0 - WAIT, set_commission(6_667));
    world.model.mint_to(Holder::Wallet(BUYER), STAKE, 1_000);
    let terms = RewardTerms {
        rate: 101,
        ceiling: 7,
        node_cap: 20,
        start_at: EPOCH_0,
        end_at: EPOCH_0 + 400,
        epoch_secs: 100,
    };
    world.slot = OPENED - 1;
    let create = Action::CreateRewardPool {
        pool: POOL,
        network: NETWORK,
        set: SET,
        mint,
        terms,
        refund_owner: CREATOR,
    };
    step(&mut world, EPOCH_0, create);
    let fund = Action::FundRewardPool {
        pool: POOL,
        by: BUYER,
        incarnation: OPENED,
        amount: 303,
    };
    step(&mut world, EPOCH_0, fund);
    let join = Action::JoinRewardPool {
        pool: POOL,
        provider: PROVIDER,
        node: NODE,
        by: OPERATOR,
        incarnation: OPENED,
    };
    step(&mut world, EPOCH_0, join);
    let baseline = Action::Report {
        pool: POOL,
        node: NODE,
        provider: PROVIDER,
        epoch: None,
    };
    step(&mut world, EPOCH_0 + 100, baseline);
    work(&mut world, 20);
    world
}

/// A step with the invariants of reward pools: the units here come from nowhere.
pub(super) fn step(world: &mut World, now: i64, action: Action) -> Effect {
    world.slot += 1;
    let before = world.observed();
    let effect = world
        .model
        .apply(now, world.slot, &action)
        .unwrap_or_else(|refusal| panic!("{action:?} at {now}: {refusal}"));
    let after = world.observed();
    let (model, state) = (&world.model, &after.state);
    invariants::i02_dividend_vaults_cover_pools(model, state);
    invariants::i03_reward_vaults_cover_pools(model, &model.snapshot(), state);
    invariants::i03_rewards_are_somebodys(model, state, now);
    invariants::i03_epochs_emit_no_more_than_their_rate(model, state);
    invariants::i04_no_more_leaves_than_came(state);
    invariants::i05_reward_pools_count_what_is_there(model, state);
    invariants::i05_dividends_add_up(model, state);
    invariants::i07_totals_never_fall(&before.state, state);
    invariants::i12_nothing_is_made_or_lost(model, &before, &after);
    effect
}

pub(super) fn work(world: &mut World, units: u64) {
    let credit = NodeCredit {
        job: 99,
        incarnation: 1,
        units,
    };
    let node = world.model.nodes.get_mut(&NODE).unwrap();
    node.credits.push(credit);
}

fn set_commission(bps: u16) -> Action {
    Action::SetCommission {
        provider: PROVIDER,
        by: OWNER,
        bps,
    }
}

pub(super) fn open_epoch(index: u64) -> Action {
    Action::OpenEpoch {
        pool: POOL,
        node: NODE,
        provider: PROVIDER,
        index,
    }
}

fn report(epoch: u64) -> Action {
    Action::Report {
        pool: POOL,
        node: NODE,
        provider: PROVIDER,
        epoch: Some(epoch),
    }
}

pub(super) fn fold(epoch: u64) -> Action {
    Action::Fold {
        pool: POOL,
        node: NODE,
        epoch,
    }
}

pub(super) fn close_epoch(epoch: u64) -> Action {
    Action::CloseEpoch { pool: POOL, epoch }
}

pub(super) fn close_share(by: Key) -> Action {
    Action::CloseShare {
        pool: POOL,
        node: NODE,
        by,
    }
}

pub(super) const GIVE_BACK: Action = Action::ReturnUnallocated { pool: POOL };
pub(super) const CLOSE: Action = Action::CloseRewardPool { pool: POOL };

pub(super) fn open_vault() -> Action {
    Action::AddDividends {
        pool: POOL,
        by: BUYER,
        amount: 0,
    }
}

/// Base units that the payee takes, and then its delegators.
pub(super) fn draw(world: &mut World, now: i64) -> (u64, u64) {
    let claim = full_claim(&world.model, POOL, NODE);
    let pay = full_payment(&world.model, POOL, NODE).expect("a stake pool");
    let mut moved = |action| -> u64 {
        let moves = step(world, now, action).moves;
        moves.iter().map(|moved| moved.amount).sum()
    };
    (moved(claim), moved(pay))
}

fn slots(world: &World) -> [(u64, u64, u16); 2] {
    world.model.snapshot().shares[&(POOL, NODE)].slots
}

/// The rate of 101 at 3,333 bps: 33 for the delegators and 68 for the payee. After 50 of 100 s, 50 have streamed: 16 and 34.
#[test]
fn a_stream_is_parted_at_odd_basis_points() {
    let mut world = joined(REWARD);
    step(&mut world, EPOCH_0 + 150, open_epoch(1));
    assert_eq!(slots(&world)[1], (2, 20, 3_333));
    let pay = full_payment(&world.model, POOL, NODE).unwrap();
    world.refuse(EPOCH_0 + 203, pay.clone(), "NothingDue");
    // At 4 s, 4 streamed, of which 1.33 are the delegators'.
    world.refuse(EPOCH_0 + 204, pay, "WrongVault");
    step(&mut world, EPOCH_0 + 204, open_vault());
    let times = [204, 250, 299, 300, 450].map(|secs| EPOCH_0 + secs);
    i09_many_claims_are_one(&world.model, &times, 99, POOL, NODE);
    assert_eq!(draw(&mut world, EPOCH_0 + 250), (34, 16));
    step(&mut world, EPOCH_0 + 300, fold(1));
    let share = world.model.snapshot().shares[&(POOL, NODE)];
    assert_eq!((share.earned, share.delegators_earned), (68, 33));
    assert_eq!((share.claimed, share.delegators_claimed), (34, 16));
    assert_eq!(draw(&mut world, EPOCH_0 + 300), (34, 17));
    // All shares are the owner's: the delegators' part came to it as a dividend, 33 less a fraction.
    let dividends = Action::ClaimDividends {
        pool: POOL,
        staker: OWNER,
    };
    step(&mut world, STREAMED, dividends);
    assert_eq!(world.wallet(OWNER, REWARD), 68 + 32);
    assert_eq!(world.model.snapshot().reward_pools[&POOL].claimed, 101);
}

/// 200 shares of the owner and 100 of a delegator: of 33, they have 22 and 11, each less what 2^-64 of a unit cannot say.
#[test]
fn delegators_share_their_part_with_the_owner_s_own_stake() {
    let mut world = joined(REWARD);
    world.model.mint_to(Holder::Wallet(DELEGATOR), STAKE, 100);
    let (pool, by) = (POOL, DELEGATOR);
    let amount = 100;
    step(
        &mut world,
        EPOCH_0 + 110,
        Action::Stake { pool, by, amount },
    );
    step(&mut world, EPOCH_0 + 150, open_epoch(1));
    step(&mut world, EPOCH_0 + 150, open_vault());
    assert_eq!(draw(&mut world, EPOCH_0 + 300), (68, 33));
    for (staker, part) in [(DELEGATOR, 10), (OWNER, 21)] {
        let claim = Action::ClaimDividends { pool, staker };
        assert_eq!(step(&mut world, STREAMED, claim).moves[0].amount, part);
    }
}

/// A change to 1 % in force at 180 s: epoch 1 keeps 3,333 bps, also for what it is reported later; epoch 2 has 9,900. At 350 s:
/// of epoch 1, 101 whole; 33 and 68. Of epoch 2, 3 units of 7, 21 and half of it streamed: 10, of which 9 are the delegators'.
#[test]
fn the_first_report_of_an_epoch_finds_the_commission() {
    let mut world = joined(REWARD);
    // Announced as soon as the last one is in force, it would come too late for this pool.
    let provider = world.model.providers.get_mut(&PROVIDER).unwrap();
    provider.commissions.push((EPOCH_0 + 180, 100));
    assert_eq!(provider.commission(EPOCH_0 + 179), 6_667);
    let given = world.model.nodes.get_mut(&NODE).unwrap();
    given.credits.last_mut().unwrap().units = 15;
    step(&mut world, EPOCH_0 + 150, open_epoch(1));
    work(&mut world, 2);
    step(&mut world, EPOCH_0 + 199, report(1));
    work(&mut world, 3);
    step(&mut world, EPOCH_0 + 200, open_epoch(2));
    assert_eq!(slots(&world), [(3, 3, 9_900), (2, 17, 3_333)]);
    step(&mut world, EPOCH_0 + 204, open_vault());
    // 17 units of 7 emit the rate.
    assert_eq!(draw(&mut world, EPOCH_0 + 350), (68 + 1, 33 + 9));
    step(&mut world, EPOCH_0 + 350, fold(1));
    assert_eq!(left(&world, EPOCH_0 + 350), Parts::default());
    step(&mut world, EPOCH_0 + 400, fold(2));
    // 21 at 9,900: 20 and 1.
    assert_eq!(left(&world, EPOCH_0 + 400).delegators, 11);
    assert_eq!(left(&world, EPOCH_0 + 400).payee, 0);
}

/// What can be drawn now.
fn left(world: &World, now: i64) -> Parts {
    let share = &world.model.shares[&(POOL, NODE)];
    world.model.due_to(POOL, share, now)
}

/// Before any change, and in a pool of another mint, all is the payee's.
#[test]
fn delegators_have_no_part_by_default_or_in_another_mint() {
    let mut world = joined(STAKE);
    step(&mut world, EPOCH_0 + 150, open_epoch(1));
    assert_eq!(slots(&world)[1], (2, 20, 0));
    assert_eq!(world.model.snapshot().reward_pools[&POOL].delegated, 0);
    let pay = full_payment(&world.model, POOL, NODE).unwrap();
    world.refuse(EPOCH_0 + 300, pay, "NothingDue");
    let claim = full_claim(&world.model, POOL, NODE);
    assert_eq!(step(&mut world, EPOCH_0 + 300, claim).moves[0].amount, 101);

    let mut world = joined(REWARD);
    let provider = world.model.providers.get_mut(&PROVIDER).unwrap();
    provider.commissions.clear();
    step(&mut world, EPOCH_0 + 150, open_epoch(1));
    assert_eq!(slots(&world)[1], (2, 20, 0));
}

#[test]
fn the_payee_has_the_whole_reward_when_nobody_has_stake_any_more() {
    let mut world = joined(REWARD);
    step(&mut world, EPOCH_0 + 150, open_epoch(1));
    let unstake = Action::Unstake {
        pool: POOL,
        by: OWNER,
        shares: 200,
        nonce: 1,
    };
    step(&mut world, EPOCH_0 + 160, unstake);
    let Some(Action::PayDelegators { streaming, .. }) = full_payment(&world.model, POOL, NODE)
    else {
        panic!("no stake pool")
    };
    let elsewhere = |stake, to| Action::PayDelegators {
        pool: POOL,
        node: NODE,
        streaming,
        ended: Some(1),
        stake,
        to,
    };
    let (payee, vault) = (Holder::Wallet(OWNER), Holder::DividendVault(POOL));
    let now = EPOCH_0 + 250;
    // What thaws may come back: until the last has left, it is a dividend.
    world.refuse(now, elsewhere(POOL, vault), "WrongVault");
    world.refuse(now, elsewhere(POOL, payee), "WrongVault");
    world.refuse(now, elsewhere(11, payee), "WrongStakePool");
    world.refuse(now, elsewhere(99, payee), "WrongStakePool");
    let left = EPOCH_0 + 160 + WAIT;
    let withdraw = Action::Withdraw {
        pool: POOL,
        staker: OWNER,
        nonce: 1,
    };
    step(&mut world, left, withdraw);
    world.refuse(left, elsewhere(POOL, vault), "NotAssociatedAccount");
    assert_eq!(draw(&mut world, left), (68, 33));
    assert_eq!(world.wallet(OWNER, REWARD), 101);
}

#[test]
fn only_the_share_s_provider_says_its_commission() {
    let mut world = joined(REWARD);
    let open = Action::OpenEpoch {
        pool: POOL,
        node: NODE,
        provider: 2,
        index: 1,
    };
    world.refuse(EPOCH_0 + 150, open, "NotItsProvider");
    let report = Action::Report {
        pool: POOL,
        node: NODE,
        provider: 2,
        epoch: None,
    };
    world.refuse(EPOCH_0 + 150, report, "NotItsProvider");
}
