//! Challenges, rulings, and attesters that lied.

use super::{super::disputes::Dispute, replay::*, *};

/// The usual job's first window is ripe at 1,180; the resolver rules in [1,210, 1,240).
const KEY: ChallengeKey = (JOB, OPENED, 0);

/// The usual job with ten units of its first window proven, and a challenger with 20 base units.
fn proven() -> World {
    let mut world = World::new();
    world.start(40, |_| {});
    world.ok(1_100, world.attest(0, 10));
    let challenger = Holder::Wallet(CHALLENGER);
    world.model.mint_to(challenger, STAKE, 20);
    world
}

fn challenged() -> World {
    let mut world = proven();
    world.ok(1_120, challenge(0));
    world
}

fn challenge(window: u32) -> Action {
    Action::Challenge {
        job: JOB,
        by: CHALLENGER,
        incarnation: OPENED,
        window,
        reason: 1,
        evidence: 2,
    }
}

fn ruling(void: bool, lied: bool, slash: u64) -> Ruling {
    Ruling {
        void,
        lied,
        reason: 3,
        slash,
        evidence: 4,
    }
}

fn rule(by: Key, ruling: Ruling) -> Action {
    let challenge = KEY;
    Action::RuleChallenge {
        challenge,
        by,
        ruling,
    }
}

fn slash_signer(attester: Id, index: u8) -> Action {
    let challenge = KEY;
    Action::SlashSigner {
        challenge,
        attester,
        index,
    }
}

fn settle() -> Action {
    Action::SettleChallenge { challenge: KEY }
}

#[test]
fn only_what_a_quorum_proved_is_challenged_before_it_is_ripe_and_once() {
    let mut world = proven();
    world.refuse(1_179, challenge(2), "NotChallengeable");
    world.refuse(1_180, challenge(0), "NotChallengeable");
    let stale = Action::Challenge {
        job: JOB,
        by: CHALLENGER,
        incarnation: OPENED - 1,
        window: 0,
        reason: 0,
        evidence: 0,
    };
    world.refuse(1_179, stale, "WrongIncarnation");
    assert_eq!(world.moved(1_179, challenge(0)), 5);
    world.refuse(1_179, challenge(0), IN_USE);
    let job = world.model.snapshot().jobs[&JOB];
    assert_eq!((job.units_pending, job.units_frozen), (0, 10));
    let pool = world.model.snapshot().stake_pools[&POOL];
    assert_eq!((pool.tokens, pool.challenge_bonds), (200, 5));
    world.ok(1_200, world.attest_cosigned(1, 3));
    world.refuse(1_200, challenge(1), "NotChallengeable");
}

#[test]
fn nothing_of_a_challenged_window_moves_before_the_ruling() {
    let mut world = challenged();
    for now in [1_180, 1_400, 9_000] {
        world.refuse(now, Action::Mature { job: JOB }, "NothingDue");
        world.refuse(now, Action::Pay { job: JOB }, "NothingDue");
        world.refuse(now, Action::ReleaseJob { job: JOB }, "NotSettled");
        world.refuse(now, settle(), "NotRuled");
    }
    // 10 units stay funded however late it is.
    assert_eq!(world.moved(9_000, Action::Refund { job: JOB }), 40 - 15);
}

#[test]
fn a_void_window_was_never_proven() {
    let mut world = challenged();
    let void = ruling(true, true, 15);
    world.refuse(1_209, rule(ADMIN, void), "RulingTooEarly");
    world.refuse(1_210, rule(OWNER, void), "NotResolver");
    let greedy = ruling(true, false, 41);
    world.refuse(1_210, rule(ADMIN, greedy), "SlashAboveBond");
    let harsh = ruling(false, false, 1);
    world.refuse(1_210, rule(ADMIN, harsh), "MustUphold");
    world.refuse(1_210, rule(ADMIN, ruling(false, true, 0)), "MustUphold");
    world.refuse(1_210, slash_signer(1, 0), "NotRuled");
    world.ok(1_210, rule(ADMIN, void));
    world.refuse(1_210, rule(ADMIN, void), "AlreadyRuled");

    let state = world.model.snapshot();
    let (job, pool) = (state.jobs[&JOB], state.stake_pools[&POOL]);
    assert_eq!((job.units_frozen, job.units_matured), (0, 0));
    assert_eq!((job.quorum_windows, job.last_proven), (0, 1));
    assert_eq!((job.bond, job.slashes), (25, 1));
    assert_eq!((pool.tokens, pool.to_burn, pool.locked), (185, 15, 25));
    // Windows of 10 and 5 units can still be proven, the void one cannot.
    world.refuse(1_149, world.attest(0, 1), "WindowAlreadyProven");
    assert_eq!(world.moved(1_210, Action::Refund { job: JOB }), 40 - 22);

    world.ok(1_400, Action::ReleaseJob { job: JOB });
    let record = world.model.snapshot().providers[&PROVIDER];
    // Slashes, windows proven, jobs completed.
    let record = record.record;
    assert_eq!((record[8], record[1], record[3]), (1, 0, 0));
    let burn = Action::BurnSlashed { pool: POOL };
    let gone = vec![(Holder::StakeVault(POOL), STAKE, 15)];
    assert_eq!(world.ok(1_400, burn.clone()).burned, gone);
    world.refuse(1_400, burn, "NothingDue");
}

#[test]
fn signers_that_lied_lose_their_bond_once_and_may_begin_anew() {
    let mut world = challenged();
    world.ok(1_210, rule(ADMIN, ruling(true, true, 0)));
    world.refuse(1_210, settle(), "SignersNotSlashed");
    world.refuse(1_210, slash_signer(3, 2), "NotASigner");
    world.refuse(1_210, slash_signer(2, 0), "NotAMember");
    world.ok(1_210, slash_signer(1, 0));
    world.refuse(1_210, slash_signer(1, 0), "NotASigner");
    let state = world.model.snapshot();
    let pool = state.stake_pools[&11];
    assert_eq!((pool.tokens, pool.to_burn, pool.locked), (10, 50, 0));
    assert_eq!(
        (state.attesters[&1].bond, state.attesters[&1].standing),
        (0, 1)
    );

    let args = SetArgs {
        fee_owner: FEE_OWNER,
        revoker: REVOKER,
        fee_bps: 0,
        threshold: 1,
        keys: vec![101],
        quality: QUALITY,
    };
    let (set, network) = (2, NETWORK);
    world.ok(1_210, Action::CreateSet { set, network, args });
    let enter = |set| Action::EnterSet {
        set,
        attester: 1,
        index: 0,
        by: 111,
    };
    world.refuse(1_210, enter(2), "BondSlashed");
    let leave = Action::LeaveSet {
        set: SET,
        attester: 1,
        index: 0,
        by: STRANGER,
    };
    world.ok(1_210, leave);
    world.refuse(1_210, enter(2), "StakeTooLow");
    // 60 shares are worth 10: 40 buy 240.
    world.model.mint_to(Holder::Wallet(111), STAKE, 40);
    let stake = Action::Stake {
        pool: 11,
        by: 111,
        amount: 40,
    };
    assert_eq!(world.ok(1_210, stake).units, 240);
    world.ok(1_210, enter(2));
    assert_eq!(world.model.locked(11), 50);

    // The other signer gets away: a week later the challenger has its bond back.
    let week = 1_210 + 7 * i64::from(DAY);
    world.refuse(week - 1, settle(), "SignersNotSlashed");
    world.ok(week, settle());
    assert_eq!(world.wallet(CHALLENGER, STAKE), 20);
    world.refuse(week, settle(), MISSING);
}

#[test]
fn an_upheld_window_is_earned_at_the_ruling_and_the_bond_is_the_providers() {
    let mut world = challenged();
    world.ok(1_210, rule(ADMIN, ruling(false, false, 0)));
    let job = world.model.snapshot().jobs[&JOB];
    assert_eq!((job.units_matured, job.quorum_matured), (10, 10));
    assert_eq!((job.quorum_windows, job.bond), (1, 40));
    assert_eq!(world.moved(1_210, Action::Pay { job: JOB }), 15);
    let before = world.wallet(OWNER, STAKE);
    assert_eq!(world.moved(1_210, settle()), 5);
    assert_eq!(world.wallet(OWNER, STAKE), before + 5);
    world.ok(
        1_191,
        Action::Credit {
            job: JOB,
            node: NODE,
        },
    );
    world.ok(1_400, Action::ReleaseJob { job: JOB });
    // Of two whole windows one was missed, one proven: the job is not completed, and nothing was void.
    let record = world.model.snapshot().providers[&PROVIDER].record;
    assert_eq!(record, [1, 1, 1, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn silence_upholds_and_slashes_nobody() {
    let mut world = challenged();
    let evidence = Action::AddEvidence {
        challenge: KEY,
        by: OWNER,
        piece: 9,
    };
    world.ok(1_239, evidence.clone());
    world.refuse(1_240, evidence.clone(), "EvidenceClosed");
    let uphold = rule(STRANGER, ruling(false, false, 0));
    world.refuse(1_239, uphold.clone(), "NotResolver");
    world.refuse(1_240, rule(ADMIN, ruling(true, false, 0)), "MustUphold");
    world.ok(1_240, uphold);
    world.refuse(1_240, evidence, "AlreadyRuled");
    world.refuse(1_240, slash_signer(1, 0), "NotRuled");
    let known = &world.model.challenges[&KEY];
    assert_eq!(known.verdict(), Dispute::Lapsed);
    assert_eq!(known.evidence, [(CHALLENGER, 2), (OWNER, 9), (STRANGER, 4)]);
    assert_eq!(world.moved(1_240, Action::Pay { job: JOB }), 15);
    assert_eq!(world.moved(1_240, settle()), 5);
    // Nobody found it wrong to object.
    assert_eq!(world.wallet(CHALLENGER, STAKE), 20);
}

/// 30 of 300 tokens go: owner, delegator and ticket all have nine of ten left, and nobody gets what they lost.
#[test]
fn a_slash_takes_from_every_share_and_ticket_alike() {
    let mut world = World::new();
    world.delegate(POOL, DELEGATOR, 100);
    world.start(40, |_| {});
    world.ok(1_100, world.attest(0, 10));
    world.model.mint_to(Holder::Wallet(CHALLENGER), STAKE, 5);
    let unstake = |by, shares| Action::Unstake {
        pool: POOL,
        by,
        shares,
        nonce: 0,
    };
    world.ok(1_110, unstake(DELEGATOR, 50));
    world.ok(1_120, challenge(0));
    world.ok(1_210, rule(ADMIN, ruling(true, false, 30)));
    assert_eq!(world.model.worth(POOL, 200), 180);
    assert_eq!(world.model.worth(POOL, 50), 45);
    // No bond holds what is the delegator's; the owner's still holds ten.
    world.refuse(1_210, unstake(OWNER, 189), "StakeTooLow");
    world.ok(1_210, unstake(OWNER, 188));
    let stake = Action::Stake {
        pool: POOL,
        by: OWNER,
        amount: 90,
    };
    assert_eq!(world.ok(1_210, stake).units, 100);
    let withdraw = Action::Withdraw {
        pool: POOL,
        staker: DELEGATOR,
        nonce: 0,
    };
    let ripe = 1_110 + 10 * i64::from(DAY);
    assert_eq!(world.moved(ripe, withdraw), 45);
    world.ok(ripe, Action::BurnSlashed { pool: POOL });
    assert_eq!(world.moved(ripe, settle()), 5);
    assert_eq!(world.wallet(CHALLENGER, STAKE), 5);
}

#[test]
fn a_pool_that_slashes_emptied_takes_no_stake() {
    let mut world = World::new();
    world.model.stake_pools.get_mut(&POOL).unwrap().slash(200);
    let stake = Action::Stake {
        pool: POOL,
        by: OWNER,
        amount: 100,
    };
    world.refuse(0, stake, "StakePoolDead");
    let ticket = Action::Unstake {
        pool: POOL,
        by: OWNER,
        shares: 200,
        nonce: 0,
    };
    world.ok(0, ticket);
    let withdraw = Action::Withdraw {
        pool: POOL,
        staker: OWNER,
        nonce: 0,
    };
    assert_eq!(world.moved(10 * i64::from(DAY), withdraw), 0);
}

/// I11: who claims, settles, burns or is slashed first makes no difference to anybody.
#[test]
fn the_order_of_independent_exits_changes_nobodys_payout() {
    let mut world = World::new();
    world.delegate(POOL, DELEGATOR, 100);
    world.start(40, |_| {});
    world.ok(1_100, world.attest(0, 10));
    world.model.mint_to(Holder::Wallet(CHALLENGER), STAKE, 5);
    world.ok(1_120, challenge(0));
    world.ok(
        1_120,
        Action::AddDividends {
            pool: POOL,
            by: BUYER,
            amount: 1_000,
        },
    );
    world.ok(1_210, rule(ADMIN, ruling(true, true, 15)));
    world.ok(1_210, slash_signer(1, 0));
    let claim = |staker| Action::ClaimDividends { pool: POOL, staker };
    let actions = [
        claim(OWNER),
        claim(DELEGATOR),
        Action::BurnSlashed { pool: POOL },
        slash_signer(2, 1),
        Action::Refund { job: JOB },
        Action::BurnSlashed { pool: 11 },
    ];
    for order in [[5, 4, 3, 2, 1, 0], [3, 1, 5, 0, 2, 4], [2, 0, 4, 1, 5, 3]] {
        let now = 1_210 + 2 * i64::from(DAY);
        i11_order_changes_nothing(&world.model, now, 99, &actions, &order);
    }
}
