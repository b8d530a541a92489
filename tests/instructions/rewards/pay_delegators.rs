//! What delegators get of the rewards, to the base unit.

mod closed;
mod destinations;
mod given;

use {
    sluice_client::{
        Share, address,
        events::{DelegatorsPaid, DividendsAdded},
        instruction as ix,
    },
    sluice_tests::world::{DAY, Stage, TOKEN, World, line, logged_lines},
    solana_signer::Signer,
    spl_token_2022_interface::extension::ExtensionType,
};

/// `floor(amount * part / whole)`.
fn floor(amount: u64, part: u64, whole: u64) -> u64 {
    u64::try_from(u128::from(amount) * u128::from(part) / u128::from(whole)).unwrap()
}

/// What had streamed of the whole rate after `secs`.
fn streamed(secs: u64) -> u64 {
    floor(1_000_003, secs, 97)
}

/// Folded parts of an earner's share: the payee's and the delegators'.
fn earned(share: &Share) -> (u64, u64) {
    (share.earned, share.delegators_earned)
}

#[test]
fn a_folded_reward_is_parted_and_the_odd_unit_is_the_payee_s() {
    let mut stage = Stage::sharing(5, 6_999);
    stage.enter(3);
    stage.fold(0, 1);
    // 3,001 in 10,000 of 1,000,003 are 300,100.9003.
    assert_eq!(earned(&stage.share(0)), (699_903, 300_100));
    assert_eq!(stage.pool().earned, 1_000_003);
    assert_eq!(stage.epoch(1).allocated, 1_000_003);
    assert_eq!(stage.pay(0), 300_100);
    assert_eq!(stage.claim(0), 699_903);
    let (pool, share) = (stage.pool(), stage.share(0));
    assert_eq!(
        (share.claimed, share.delegators_claimed),
        (699_903, 300_100)
    );
    assert_eq!(pool.claimed, 1_000_003);
    stage.balanced();
}

#[test]
fn a_streaming_reward_is_parted_by_the_second() {
    let mut stage = Stage::sharing(5, 6_999);
    let early = stage.pay_ix(0);
    stage.refused(&early, "NothingDue");
    stage.world.advance(50);
    // 515,465 have streamed; 3,001 in 10,000 of it are 154,691.0465.
    assert_eq!((streamed(50), stage.pay(0)), (515_465, 154_691));
    assert_eq!(stage.claim(0), 515_465 - 154_691);
    stage.world.advance(47);
    assert_eq!(stage.pay(0), 300_100);
    stage.fold(0, 1);
    let more = stage.pay_ix(0);
    stage.refused(&more, "NothingDue");
    assert_eq!(stage.claim(0), 699_903);
    stage.balanced();
}

#[test]
fn a_folded_and_a_streaming_part_are_paid_together() {
    let mut stage = Stage::ready(&[&[5, 6]], |_| ());
    stage.commission(0, 6_999);
    stage.open_dividends(0);
    stage.work(0, 0);
    stage.enter(2);
    stage.work(0, 1);
    stage.enter(3);
    stage.fold(0, 1);
    stage.world.advance(50);
    assert_eq!(stage.pay(0), 300_100 + 154_691);
    stage.enter(4);
    assert_eq!(stage.pay(0), 2 * 300_100);
    stage.balanced();
}

#[test]
fn paid_second_by_second_is_paid_once() {
    for bps in [1, 3_333, 6_999, 9_999] {
        let mut stage = Stage::sharing(5, bps);
        for secs in 1..=97 {
            stage.world.advance(1);
            let due = floor(streamed(secs), 10_000 - u64::from(bps), 10_000);
            assert_eq!(stage.pay(0), due, "commission {bps}, second {secs}");
        }
        let mut once = Stage::sharing(5, bps);
        once.enter(3);
        assert_eq!(once.pay(0), stage.dividends(0));
    }
}

#[test]
fn parts_of_less_than_a_unit_wait_for_the_rest() {
    let mut stage = Stage::ready(&[&[5]], |terms| terms.rate = 7);
    stage.commission(0, 7_000);
    stage.open_dividends(0);
    stage.work(0, 0);
    stage.enter(2);
    let mut paid = 0;
    for secs in 1..=97 {
        stage.world.advance(1);
        let due = floor(floor(7, secs, 97), 3_000, 10_000);
        if due > paid {
            paid = stage.pay(0);
        } else {
            let pay = stage.pay_ix(0);
            stage.refused(&pay, "NothingDue");
        }
        assert_eq!(paid, due, "second {secs}");
    }
    assert_eq!((paid, stage.claim(0)), (2, 5));
}

#[test]
fn payee_and_delegators_together_never_get_more_than_has_streamed_in_any_order() {
    for payee_first in [true, false] {
        let mut stage = Stage::sharing(5, 4_567);
        for secs in 1..=97 {
            stage.world.advance(1);
            if (secs % 2 == 0) == payee_first {
                stage.claim(0);
                stage.pay(0);
                assert_eq!(stage.held(0) + stage.dividends(0), streamed(secs));
            } else {
                stage.pay(0);
            }
            assert!(stage.held(0) + stage.dividends(0) <= streamed(secs));
        }
        stage.fold(0, 1);
        if !payee_first {
            stage.refused(&stage.pay_ix(0).clone(), "NothingDue");
        } else {
            stage.claim(0);
        }
        assert_eq!(stage.held(0) + stage.dividends(0), 1_000_003);
        assert_eq!(stage.dividends(0), floor(1_000_003, 5_433, 10_000));
        stage.balanced();
    }
}

#[test]
fn a_commission_of_nothing_or_all_leaves_one_side_without_a_part() {
    let mut all = Stage::sharing(5, 0);
    all.enter(3);
    let payee = all.claim_ix(0);
    all.refused(&payee, "NothingDue");
    assert_eq!(all.pay(0), 1_000_003);

    let mut nothing = Stage::sharing(5, 10_000);
    nothing.enter(3);
    let pay = nothing.pay_ix(0);
    nothing.refused(&pay, "NothingDue");
    assert_eq!(nothing.claim(0), 1_000_003);
}

#[test]
fn each_active_delegator_gets_its_part_and_nobody_else() {
    let mut stage = Stage::ready(&[&[5]], |_| ());
    let pool = stage.stake_pool(0);
    let [large, small, leaving] =
        [20_000, 10_000, 30_000].map(|tokens| stage.world.delegate(&pool, tokens * TOKEN));
    stage.world.thaw(&leaving, &pool, 30_000 * TOKEN, 1);
    stage.commission(0, 5_000);
    stage.open_dividends(0);
    stage.work(0, 0);
    stage.enter(3);
    assert_eq!(stage.pay(0), 500_001);
    stage.world.advance(i64::from(2 * DAY));
    // A quarter each to the owner and the small one, half to the large one; the odd unit stays in the vault.
    let paid = [&large, &small].map(|staker| stage.world.claim_dividends(&pool, &staker.pubkey()));
    assert_eq!(paid, [250_000, 125_000]);
    let owner = stage.earners[0].provider.owner.pubkey();
    assert_eq!(stage.world.claim_dividends(&pool, &owner), 125_000);
    let nothing = stage.world.claim_dividends_ix(&pool, &leaving.pubkey());
    stage.refused(&nothing, "NothingDue");
    // Whoever comes after it gets nothing of it.
    let late = stage.world.delegate(&pool, 50_000 * TOKEN);
    let nothing = stage.world.claim_dividends_ix(&pool, &late.pubkey());
    stage.refused(&nothing, "NothingDue");
    assert_eq!((stage.dividends(0), stage.held(0)), (1, 125_000));
}

#[test]
fn the_delegators_parts_of_two_nodes_meet_in_one_stake_pool() {
    let mut stage = Stage::ready(&[&[5], &[7]], |_| ());
    (0..2).for_each(|earner| stage.commission(earner, 1_000 + earner as u16));
    (0..2).for_each(|earner| stage.open_dividends(earner));
    (0..2).for_each(|earner| stage.work(earner, 0));
    stage.enter(3);
    let wholes = [5, 7].map(|units| floor(1_000_003, units, 12));
    let parts = [
        floor(wholes[0], 9_000, 10_000),
        floor(wholes[1], 8_999, 10_000),
    ];
    assert_eq!([0, 1].map(|earner| stage.pay(earner)), parts);
    assert_eq!(
        [0, 1].map(|earner| stage.claim(earner)),
        [wholes[0] - parts[0], wholes[1] - parts[1]]
    );
    stage.balanced();
}

#[test]
fn a_pool_of_another_mint_has_no_delegators_part() {
    let mut world = World::new();
    let dividends = world.reward_mint;
    world.reward_mint = world.mint_2022(&[ExtensionType::MetadataPointer]);
    let mut stage = Stage::on(world, &[&[5]], |_| ()).baselined();
    assert_eq!(stage.pool().delegated, 0);
    stage.commission(0, 0);
    stage.work(0, 0);
    assert_eq!(stage.share(0).slots[1].delegators_bps, 0);
    let other = std::mem::replace(&mut stage.world.reward_mint, dividends);
    stage.open_dividends(0);
    stage.world.reward_mint = other;
    stage.enter(3);
    let pay = stage.pay_ix(0);
    stage.refused(&pay, "NothingDue");
    stage.fold(0, 1);
    stage.refused(&pay, "NothingDue");
    assert_eq!(stage.claim(0), 1_000_003);
}

#[test]
fn anyone_pays_the_delegators_and_the_log_says_so() {
    let mut stage = Stage::sharing(5, 6_999);
    stage.enter(3);
    let pay = stage.pay_ix(0);
    assert!(pay.accounts.iter().all(|meta| !meta.is_signer));
    let receipt = stage.world.ok(&[pay], &[]);
    let state = stage.world.stake_pool(&stage.stake_pool(0));
    let added = line(&DividendsAdded {
        pool: stage.stake_pool(0),
        index: [0, 0],
        total_in: 300_100,
        active_shares: state.active_shares,
        period: u64::try_from(stage.world.now()).unwrap() / u64::from(DAY),
        streaming: 0,
        released: 0,
        next: 300_100,
    });
    let paid = line(&DelegatorsPaid {
        share: stage.share_key(0),
        provider: stage.provider(0),
        amount: 300_100,
        claimed: 300_100,
        to_payee: 0,
    });
    logged_lines(&receipt, &[added, paid]);
    assert_eq!(state.dividend_total_in, 300_100);
    let node = stage.earners[0].node.address;
    let fold = ix::fold(&stage.pool, &node, 1);
    stage.world.ok(&[fold], &[]);
    assert_eq!(stage.share_key(0), address::share(&stage.pool, &node));
}
