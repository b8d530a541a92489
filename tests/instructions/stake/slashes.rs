//! A slash by a real ruling: everybody's shares and tickets lose alike, and nothing leaves ahead of it.

use {
    sluice_client::{Ledger, Unstake, instruction as ix},
    sluice_tests::world::{DAY, Site, TOKEN},
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// A job that bonds all of its provider's 10,000 tokens, and a delegator with as much: any slash `x` costs each `x / 2`.
fn site() -> (Site, Keypair, Address) {
    let mut site = Site::with(|args| args.terms.bond = 10_000 * TOKEN);
    let pool = site.provider.pool;
    let staker = site.world.delegate(&pool, 10_000 * TOKEN);
    (site, staker, pool)
}

#[test]
fn a_ruling_books_what_it_slashed_and_moves_no_token() {
    let (mut site, _, pool) = site();
    let vault = site.world.vault(&pool);
    site.slash(4_000 * TOKEN);
    let state = site.world.stake_pool(&pool);
    assert_eq!(
        (state.tokens, state.to_burn),
        (16_000 * TOKEN, 4_000 * TOKEN)
    );
    assert_eq!(
        (state.slashed, state.locked),
        (4_000 * TOKEN, 6_000 * TOKEN)
    );
    assert_eq!(state.active_shares, 20_000 * TOKEN);
    // The challenger's bond came.
    assert_eq!(site.world.vault(&pool), vault + 10 * TOKEN);
}

#[test]
fn every_staker_and_ticket_loses_the_same_fraction() {
    let mut site = Site::with(|args| args.terms.bond = 10_000 * TOKEN);
    let pool = site.provider.pool;
    let stakes = [1, 7, 1_000_003, 3_333 * TOKEN + 1, 98_765 * TOKEN + 43];
    let mut stakers: Vec<_> = stakes
        .iter()
        .map(|amount| site.world.delegate(&pool, *amount))
        .collect();
    // Some of it thaws when the slash comes: a part of one, all of another.
    let mut tickets = vec![
        site.world.thaw(&stakers[2], &pool, 400_001, 1),
        site.world.thaw(&stakers[3], &pool, stakes[3], 1),
    ];
    let slash = 9_999 * TOKEN + 999_997;
    let before = site.world.stake_pool(&pool);
    site.slash(slash);
    stakers.push(site.provider.owner.insecure_clone());

    for staker in &stakers {
        let shares = site.world.position(&pool, &staker.pubkey()).shares;
        if shares == 0 {
            continue;
        }
        // The owner's job still holds what the ruling left of its bond.
        let free = match staker.pubkey() == site.job.provider_owner {
            true => shares - 100,
            false => shares,
        };
        tickets.push(site.world.thaw(staker, &pool, free, 2));
    }
    site.world.advance(i64::from(7 * DAY));
    let (tokens, left) = (u128::from(before.tokens), u128::from(before.tokens - slash));
    for (paid_before, ticket) in tickets.iter().enumerate() {
        let Unstake { shares, .. } = site.world.chain.get(ticket).unwrap();
        let part = (u128::from(shares) * left / tokens) as u64;
        let paid = site.world.withdraw(ticket);
        // Each part is rounded down, and what that leaves goes to those who are still in.
        let more = paid.checked_sub(part).expect("less than its part");
        assert!(more <= paid_before as u64, "{paid} for {part} of {shares}");
    }
    let state = site.world.stake_pool(&pool);
    assert!(
        state.tokens <= 101 && state.tokens >= 80,
        "{}",
        state.tokens
    );
    assert_eq!(state.to_burn, slash);
    assert_eq!(site.world.vault(&pool), state.tokens + slash + 10 * TOKEN);
}

#[test]
fn stake_that_leaves_as_the_window_begins_is_slashed_for_it() {
    let (mut site, staker, pool) = site();
    site.at(0);
    let ticket = site.world.thaw(&staker, &pool, 10_000 * TOKEN, 7);
    site.slash(4_000 * TOKEN);
    site.world.advance(i64::from(7 * DAY));
    assert_eq!(site.world.withdraw(&ticket), 8_000 * TOKEN);
}

#[test]
fn a_ticket_is_not_paid_a_second_early_before_or_after_the_slash() {
    let (mut site, staker, pool) = site();
    site.at(0);
    let ticket = site.world.thaw(&staker, &pool, 10_000 * TOKEN, 7);
    let Unstake { withdraw_at, .. } = site.world.chain.get(&ticket).unwrap();
    site.at(3_600);
    site.prove(0, 10);
    let challenge = site.object(0);
    let withdraw = site.world.withdraw_ix(&ticket);
    let refused = |site: &mut Site| {
        site.world
            .refused(std::slice::from_ref(&withdraw), &[], "StillUnbonding");
    };
    refused(&mut site);
    site.rule_void(&challenge, 4_000 * TOKEN);
    refused(&mut site);
    site.world.chain.set_time(withdraw_at - 1);
    refused(&mut site);
    site.world.chain.set_time(withdraw_at);
    assert_eq!(site.world.withdraw(&ticket), 8_000 * TOKEN);
}

#[test]
fn cancelling_ahead_of_a_slash_saves_nothing() {
    let (mut site, staker, pool) = site();
    site.at(0);
    let ticket = site.world.thaw(&staker, &pool, 10_000 * TOKEN, 7);
    site.world.chain.advance_slot(1);
    let cancel = site.world.cancel_unstake_ix(&ticket);
    site.world.ok(&[cancel], &[&staker]);
    site.slash(4_000 * TOKEN);
    let position = site.world.position(&pool, &staker.pubkey());
    assert_eq!(position.shares, 10_000 * TOKEN);
    let ticket = site.world.thaw(&staker, &pool, 10_000 * TOKEN, 7);
    site.world.advance(i64::from(7 * DAY));
    assert_eq!(site.world.withdraw(&ticket), 8_000 * TOKEN);
}

#[test]
fn cancelling_after_a_slash_brings_nothing_back() {
    let (mut site, staker, pool) = site();
    site.at(0);
    let ticket = site.world.thaw(&staker, &pool, 10_000 * TOKEN, 7);
    site.slash(4_000 * TOKEN);
    let cancel = site.world.cancel_unstake_ix(&ticket);
    site.world.ok(&[cancel], &[&staker]);
    let state = site.world.stake_pool(&pool);
    assert_eq!(
        (state.tokens, state.active_shares),
        (16_000 * TOKEN, 20_000 * TOKEN)
    );
    let again = site.world.thaw(&staker, &pool, 10_000 * TOKEN, 7);
    site.world.advance(i64::from(7 * DAY));
    assert_eq!(site.world.withdraw(&again), 8_000 * TOKEN);
}

#[test]
fn stake_that_comes_after_a_slash_bears_none_of_it() {
    let (mut site, staker, pool) = site();
    site.slash(4_000 * TOKEN);
    let late = site.world.delegate(&pool, 8_000 * TOKEN);
    let shares = site.world.position(&pool, &late.pubkey()).shares;
    assert_eq!(shares, 10_000 * TOKEN);
    let tickets = [&late, &staker].map(|key| site.world.thaw(key, &pool, shares, 7));
    site.world.advance(i64::from(7 * DAY));
    for ticket in tickets {
        assert_eq!(site.world.withdraw(&ticket), 8_000 * TOKEN);
    }
}

#[test]
fn neither_position_nor_pool_closes_with_the_stake_in_it() {
    let (mut site, staker, pool) = site();
    let owner = site.provider.owner.insecure_clone();
    site.at(0);
    site.world.thaw(&staker, &pool, 10_000 * TOKEN, 7);
    site.at(3_600);
    site.prove(0, 10);
    let challenge = site.object(0);
    let refused = |site: &mut Site| {
        for (close, signer) in [
            (
                site.world.close_position_ix(&pool, &staker.pubkey()),
                &staker,
            ),
            (site.world.close_position_ix(&pool, &owner.pubkey()), &owner),
            (site.world.close_pool_ix(&pool), &owner),
        ] {
            site.world.refused(&[close], &[signer], "StillInUse");
        }
    };
    refused(&mut site);
    // The owner frees nothing of the bond either.
    let one = site.world.unstake_ix(&owner.pubkey(), &pool, 1, 7);
    site.world.refused(&[one], &[&owner], "StakeTooLow");
    site.rule_void(&challenge, 4_000 * TOKEN);
    refused(&mut site);
}

#[test]
fn commission_and_dividends_carry_no_stake_out_of_a_pool() {
    let (mut site, staker, pool) = site();
    let owner = site.provider.owner.insecure_clone();
    let commission = ix::set_commission(&owner.pubkey(), &site.world.network, 10_000);
    site.world.ok(&[commission], &[&owner]);
    site.world.give_dividends(&pool, 20_000 * TOKEN);
    let stakes = site.world.stake_pool(&pool).tokens;
    // What streams across a slash goes by shares, which it takes none of: and no stake goes with it.
    site.slash(4_000 * TOKEN);
    site.world.advance(i64::from(2 * DAY));
    for key in [staker.pubkey(), owner.pubkey()] {
        assert_eq!(site.world.claim_dividends(&pool, &key), 10_000 * TOKEN);
    }
    let state = site.world.stake_pool(&pool);
    assert_eq!(state.tokens, stakes - 4_000 * TOKEN);
    assert_eq!(state.to_burn, 4_000 * TOKEN);
}

#[test]
fn a_pool_slashed_to_death_takes_no_stake_and_lets_all_out() {
    let mut site = Site::with(|args| args.terms.bond = 10_000 * TOKEN);
    let (pool, owner) = (site.provider.pool, site.provider.owner.insecure_clone());
    let staker = site.world.delegate(&pool, 5 * TOKEN);
    let ticket = site.world.thaw(&staker, &pool, 2 * TOKEN, 7);
    site.slash(10_000 * TOKEN);
    let mint = site.world.stake_mint;
    site.world.mint_to(&staker.pubkey(), &mint, TOKEN);
    let more = site.world.stake_ix(&staker.pubkey(), &pool, TOKEN);
    site.world.refused(&[more], &[&staker], "StakePoolDead");
    let cancel = site.world.cancel_unstake_ix(&ticket);
    site.world.ok(&[cancel], &[&staker]);
    let burn = site.world.burn_ix(&pool);
    site.world.ok(&[burn], &[]);
    // The bond is gone, so the owner is free too.
    assert_eq!(site.world.stake_pool(&pool).locked, 0);
    let before = site.world.tokens(&staker.pubkey(), &mint);
    site.world.leave_pool(&staker, &pool);
    // 5 of 10,005 tokens were left for 5 of 10,005 tokens of shares: 5 x 5 / 10,005 tokens.
    assert_eq!(site.world.tokens(&staker.pubkey(), &mint) - before, 2_498);
    site.world.leave_pool(&owner, &pool);
    assert_eq!(site.world.tokens(&owner.pubkey(), &mint), 5 * TOKEN - 2_498);
    let state = site.world.stake_pool(&pool);
    assert_eq!(
        (state.tokens, state.active_shares, state.positions),
        (0, 0, 0)
    );
    // What the challenger's bond is for keeps the pool.
    let close = site.world.close_pool_ix(&pool);
    site.world.refused(&[close], &[&owner], "StillInUse");
}
