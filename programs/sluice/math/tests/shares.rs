//! `shares` against 128-bit integers, and the promises of a stake pool.

mod edges;

use {
    edges::{any_u64, config, floor, partition, positive_u64},
    proptest::{collection::vec, prelude::*},
    sluice_math::shares::{DEAD_RATIO, is_dead, shares_for, tokens_for},
};

const MAX: u64 = u64::MAX;

/// A pool as slashes leave it: `tokens <= shares`, neither zero.
fn pool() -> impl Strategy<Value = (u64, u64)> {
    prop_oneof![
        (positive_u64(), positive_u64()).prop_map(|(a, b)| (a.min(b), a.max(b))),
        // A price near one, and just about dead.
        (positive_u64(), 0..=16_u64)
            .prop_map(|(shares, slashed)| (shares.saturating_sub(slashed).max(1), shares)),
        (1..=MAX / 2048, 0..2048_u64).prop_map(|(tokens, ratio)| (tokens, tokens * ratio.max(1))),
    ]
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Deposit(u64),
    Withdraw(u64),
    Slash(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => any_u64().prop_map(Step::Deposit),
        3 => any_u64().prop_map(Step::Withdraw),
        1 => any_u64().prop_map(Step::Slash),
    ]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn shares_for_is_exact(tokens_in in any_u64(), tokens in any_u64(), shares in any_u64()) {
        let expected = if shares == 0 { Some(tokens_in) } else { floor(tokens_in, shares, tokens) };
        // All shares then fit too, or nothing is bought.
        let expected = expected.filter(|bought| shares.checked_add(*bought).is_some());
        prop_assert_eq!(shares_for(tokens_in, tokens, shares), expected);
    }

    #[test]
    fn tokens_for_is_exact(shares_out in any_u64(), tokens in any_u64(), shares in any_u64(), part in any::<bool>()) {
        let shares_out = if part { shares_out.min(shares) } else { shares_out };
        let expected = if shares_out > shares {
            None
        } else if shares == 0 {
            Some(0)
        } else {
            floor(shares_out, tokens, shares)
        };
        prop_assert_eq!(tokens_for(shares_out, tokens, shares), expected);
    }

    #[test]
    fn the_last_shares_out_take_all_tokens(tokens in any_u64(), shares in positive_u64()) {
        prop_assert_eq!(tokens_for(shares, tokens, shares), Some(tokens));
    }

    #[test]
    fn a_deposit_withdrawn_at_once_never_gains((tokens, shares) in pool(), tokens_in in any_u64()) {
        let Some(bought) = shares_for(tokens_in, tokens, shares) else { return Ok(()) };
        let (Some(tokens), Some(shares)) = (tokens.checked_add(tokens_in), shares.checked_add(bought)) else {
            return Ok(());
        };
        prop_assert!(tokens_for(bought, tokens, shares).unwrap() <= tokens_in);
    }

    #[test]
    fn splitting_a_deposit_gains_no_shares_and_no_tokens(
        (tokens, shares) in pool(),
        tokens_in in any_u64(),
        places in vec(any_u64(), 0..6),
    ) {
        let Some(at_once) = shares_for(tokens_in, tokens, shares) else { return Ok(()) };
        if tokens.checked_add(tokens_in).is_none() || shares.checked_add(at_once).is_none() {
            return Ok(());
        }
        let (mut tokens, mut shares, mut bought) = (tokens, shares, 0);
        for part in partition(tokens_in, &places) {
            let more = shares_for(part, tokens, shares).unwrap();
            (tokens, shares, bought) = (tokens + part, shares + more, bought + more);
        }
        prop_assert!(bought <= at_once);
        prop_assert!(tokens_for(bought, tokens, shares).unwrap() <= tokens_in);
    }

    #[test]
    fn splitting_a_withdrawal_gains_nothing(
        (tokens, shares) in pool(),
        shares_out in any_u64(),
        places in vec(any_u64(), 0..6),
    ) {
        let shares_out = shares_out.min(shares);
        let at_once = tokens_for(shares_out, tokens, shares).unwrap();
        let (mut tokens, mut shares, mut received) = (tokens, shares, 0);
        for part in partition(shares_out, &places) {
            let more = tokens_for(part, tokens, shares).unwrap();
            (tokens, shares, received) = (tokens - more, shares - part, received + more);
        }
        prop_assert!(received <= at_once);
    }

    #[test]
    fn nobody_elses_shares_lose_by_a_deposit((tokens, shares) in pool(), held in any_u64(), tokens_in in any_u64()) {
        let held = held.min(shares);
        let before = tokens_for(held, tokens, shares).unwrap();
        let Some(bought) = shares_for(tokens_in, tokens, shares) else { return Ok(()) };
        let (Some(tokens), Some(shares)) = (tokens.checked_add(tokens_in), shares.checked_add(bought)) else {
            return Ok(());
        };
        prop_assert!(tokens_for(held, tokens, shares).unwrap() >= before);
    }

    #[test]
    fn nobody_elses_shares_lose_by_a_withdrawal((tokens, shares) in pool(), held in any_u64(), shares_out in any_u64()) {
        let held = held.min(shares);
        let before = tokens_for(held, tokens, shares).unwrap();
        let shares_out = shares_out.min(shares - held);
        let tokens_out = tokens_for(shares_out, tokens, shares).unwrap();
        prop_assert!(tokens_for(held, tokens - tokens_out, shares - shares_out).unwrap() >= before);
    }

    #[test]
    fn all_parts_of_a_pool_are_worth_at_most_its_tokens((tokens, shares) in pool(), places in vec(any_u64(), 0..8)) {
        let worth: u64 = partition(shares, &places)
            .into_iter()
            .map(|part| tokens_for(part, tokens, shares).unwrap())
            .sum();
        prop_assert!(worth <= tokens);
    }

    #[test]
    fn tokens_never_exceed_shares(steps in vec(step(), 1..16)) {
        let (mut tokens, mut shares) = (0_u64, 0_u64);
        for step in steps {
            match step {
                Step::Deposit(tokens_in) => {
                    // Half of the room, so that a sequence has several deposits.
                    let tokens_in = tokens_in.min((MAX - shares) / 2);
                    let Some(bought) = shares_for(tokens_in, tokens, shares) else { continue };
                    let Some(after) = shares.checked_add(bought) else { continue };
                    prop_assert!(bought >= tokens_in);
                    (tokens, shares) = (tokens + tokens_in, after);
                }
                Step::Withdraw(shares_out) => {
                    let shares_out = shares_out.min(shares);
                    tokens -= tokens_for(shares_out, tokens, shares).unwrap();
                    shares -= shares_out;
                }
                Step::Slash(amount) => tokens -= amount.min(tokens),
            }
            prop_assert!(tokens <= shares, "{tokens} tokens, {shares} shares");
        }
    }

    #[test]
    fn a_pool_is_dead_exactly_from_the_ratio_down((tokens, shares) in prop_oneof![pool(), (any_u64(), any_u64())]) {
        let dead = shares > 0 && u128::from(tokens) * 64 <= u128::from(shares);
        prop_assert_eq!(is_dead(tokens, shares), dead);
    }

    #[test]
    fn a_pool_that_takes_a_deposit_takes_the_next((tokens, shares) in pool(), tokens_in in positive_u64()) {
        if is_dead(tokens, shares) { return Ok(()) }
        let Some(bought) = shares_for(tokens_in, tokens, shares) else { return Ok(()) };
        prop_assert!(u128::from(bought) < u128::from(tokens_in) * u128::from(DEAD_RATIO));
        prop_assert!(!is_dead(tokens + tokens_in, shares + bought));
    }
}

#[test]
fn shares_for_by_hand() {
    for (tokens_in, tokens, shares, bought) in [
        (0, 0, 0, Some(0)),
        (100, 0, 0, Some(100)),
        (MAX, 0, 0, Some(MAX)),
        (100, 7, 0, Some(100)),
        (0, 10, 10, Some(0)),
        (100, 10, 10, Some(100)),
        (100, 50, 100, Some(200)),
        (100, 3, 10, Some(333)),
        (1, 3, 2, Some(0)),
        (100, 0, 10, None),
        (0, 0, 10, None),
        (MAX, 1, 2, None),
        (1, MAX - 1, MAX - 1, Some(1)),
        (1, MAX, MAX, None),
        (1, 1, MAX, None),
        (1, 1, MAX / 2, Some(MAX / 2)),
        (1, 1, MAX / 2 + 1, None),
    ] {
        assert_eq!(
            shares_for(tokens_in, tokens, shares),
            bought,
            "{tokens_in} into {tokens}/{shares}"
        );
    }
}

#[test]
fn tokens_for_by_hand() {
    for (shares_out, tokens, shares, received) in [
        (0, 0, 0, Some(0)),
        (0, 9, 0, Some(0)),
        (1, 0, 0, None),
        (1, 9, 0, None),
        (11, 10, 10, None),
        (10, 10, 10, Some(10)),
        (10, 0, 10, Some(0)),
        (50, 50, 100, Some(25)),
        (51, 50, 100, Some(25)),
        (1, 50, 100, Some(0)),
        (MAX, MAX, MAX, Some(MAX)),
        (MAX, MAX - 1, MAX, Some(MAX - 1)),
    ] {
        assert_eq!(
            tokens_for(shares_out, tokens, shares),
            received,
            "{shares_out} of {tokens}/{shares}"
        );
    }
}

#[test]
fn is_dead_by_hand() {
    assert_eq!(DEAD_RATIO, 64);
    for (tokens, shares, dead) in [
        (0, 0, false),
        (0, 1, true),
        (1, 63, false),
        (1, 64, true),
        (5, 319, false),
        (5, 320, true),
        (MAX / 64, MAX, true),
        (MAX / 64 + 1, MAX, false),
        (1 << 60, MAX, false),
        (MAX, MAX, false),
        (MAX, 0, false),
    ] {
        assert_eq!(is_dead(tokens, shares), dead, "{tokens}/{shares}");
    }
}
