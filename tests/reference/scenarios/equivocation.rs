//! Attesters that sign two statements about one window.

use super::*;

fn equivocation() -> ShowEquivocation {
    let said = [(4, 1), (4, 2)];
    let signed = said.map(|(units, digest)| {
        let claimed = Claimed {
            window: 9,
            units,
            digest,
        };
        let statement = Statement {
            path: Path::Quorum,
            network: NETWORK,
            job: 77,
            incarnation: 78,
            node: 79,
            claimed,
        };
        (Said::Statement(statement), 101)
    });
    ShowEquivocation {
        network: NETWORK,
        attester: 1,
        job: 77,
        incarnation: 78,
        node: 79,
        window: 9,
        said,
        trees: [None, None],
        signed: Some(signed),
    }
}

/// Neither job nor node need exist: what counts is that the key signed twice.
#[test]
fn an_attester_that_signs_twice_is_out_for_ever() {
    let mut world = World::new();
    let mut refuse = |change: fn(&mut ShowEquivocation), error| {
        let mut show = equivocation();
        change(&mut show);
        world.refuse(START, Action::ShowEquivocation(Box::new(show)), error);
    };
    refuse(|show| show.signed = None, "NoSignatures");
    refuse(|show| show.said[1] = show.said[0], "NotEquivocation");
    refuse(|show| show.window = 8, "WrongStatement");
    refuse(|show| show.network = 2, MISSING);
    refuse(|show| show.attester = 2, "NotAMember");
    refuse(
        |show| {
            let Said::Statement(second) = &mut show.signed.as_mut().unwrap()[1].0 else {
                panic!()
            };
            second.path = Path::Cosigned;
        },
        "WrongStatement",
    );
    let show = Action::ShowEquivocation(Box::new(equivocation()));
    world.ok(START, show.clone());
    world.refuse(START, show, "AttesterTombstoned");
    let state = world.model.snapshot();
    let pool = state.stake_pools[&11];
    assert_eq!((pool.tokens, pool.to_burn, pool.locked), (10, 50, 0));
    let leave = |attester, index| Action::LeaveSet {
        set: SET,
        attester,
        index,
        by: STRANGER,
    };
    world.refuse(START, leave(2, 1), "NotOwner");
    world.ok(START, leave(1, 0));
    let revoked = Action::LeaveSet {
        set: SET,
        attester: 2,
        index: 1,
        by: REVOKER,
    };
    world.ok(START, revoked);
    let args = SetArgs {
        fee_owner: FEE_OWNER,
        revoker: REVOKER,
        fee_bps: 0,
        threshold: 1,
        keys: vec![101],
        quality: QUALITY,
    };
    let (set, network) = (2, NETWORK);
    world.ok(START, Action::CreateSet { set, network, args });
    let enter = Action::EnterSet {
        set,
        attester: 1,
        index: 0,
        by: 111,
    };
    world.refuse(START, enter, "AttesterTombstoned");
}

/// An attester that left still answers with its bond, as long as its stake is there.
#[test]
fn leaving_does_not_save_the_bond() {
    let mut world = World::new();
    let leave = Action::LeaveSet {
        set: SET,
        attester: 1,
        index: 0,
        by: 111,
    };
    world.ok(START, leave);
    assert_eq!(world.model.locked(11), 0);
    let unstake = Action::Unstake {
        pool: 11,
        by: 111,
        shares: 60,
        nonce: 0,
    };
    world.ok(START, unstake);
    world.ok(START, Action::ShowEquivocation(Box::new(equivocation())));
    let withdraw = Action::Withdraw {
        pool: 11,
        staker: 111,
        nonce: 0,
    };
    assert_eq!(world.moved(START + 10 * i64::from(DAY), withdraw), 10);
}

/// What its owner has left of 60 is 20, then nothing: a delegator's 100 bear their part of the 20 and of nothing.
#[test]
fn an_attester_that_left_loses_at_most_what_its_owner_has_left() {
    for (left, taken) in [(20, 20), (0, 0)] {
        let mut world = World::new();
        let leave = Action::LeaveSet {
            set: SET,
            attester: 1,
            index: 0,
            by: 111,
        };
        world.ok(START, leave);
        let unstake = Action::Unstake {
            pool: 11,
            by: 111,
            shares: 60 - left,
            nonce: 0,
        };
        world.ok(START, unstake);
        let withdraw = Action::Withdraw {
            pool: 11,
            staker: 111,
            nonce: 0,
        };
        let later = START + 10 * i64::from(DAY);
        assert_eq!(world.moved(later, withdraw), 60 - left);
        world.model.mint_to(Holder::Wallet(DELEGATOR), STAKE, 100);
        let stake = Action::Stake {
            pool: 11,
            by: DELEGATOR,
            amount: 100,
        };
        world.ok(later, stake);
        world.ok(later, Action::ShowEquivocation(Box::new(equivocation())));
        let pool = world.model.snapshot().stake_pools[&11];
        assert_eq!((pool.tokens, pool.slashed), (100 + left - taken, taken));
    }
}
