//! Active and thawing shares together fit 64 bits, whatever is staked at whatever price: every exit divides by their sum.

use {
    sluice_client::StakePool,
    sluice_tests::world::{DAY, ProviderHandle, World},
    solana_signer::Signer,
};

/// A pool that was slashed to just above a 64th: a base unit buys almost 64 shares, more than anywhere else.
fn cheap() -> (World, ProviderHandle) {
    let mut world = World::new();
    let provider = world.provider();
    world.edit(&provider.pool, |pool: &mut StakePool| {
        pool.tokens = pool.active_shares.div_ceil(64) + 1;
    });
    (world, provider)
}

#[test]
fn a_deposit_that_the_thawing_shares_leave_no_room_for_is_refused_and_everybody_can_leave() {
    let (mut world, provider) = cheap();
    let (pool, mint) = (provider.pool, world.stake_mint);
    let (staker, late) = (world.party(), world.party());
    // 64 shares for each base unit, less a little: together they would exceed 2^64.
    let (much, more) = (280_000_000_000_000_000, 10_000_000_000_000_000);
    world.add_stake(&staker, &pool, much);
    let shares = world.position(&pool, &staker.pubkey()).shares;
    assert!(shares > u64::MAX / 100 * 97);
    let ticket = world.thaw(&staker, &pool, shares, 0);

    world.mint_to(&late.pubkey(), &mint, more);
    let stake = world.stake_ix(&late.pubkey(), &pool, more);
    world.refused(&[stake], &[&late], "StakePoolFull");
    let state = world.stake_pool(&pool);
    let room = u64::MAX - state.active_shares - state.thawing_shares;
    let fits = room / 65;
    let stake = world.stake_ix(&late.pubkey(), &pool, fits);
    world.ok(&[stake], &[&late]);

    world.advance(i64::from(7 * DAY));
    let paid = world.withdraw(&ticket);
    assert!(paid <= much && paid >= much - 1);
    let own = provider.owner.pubkey();
    for (key, keypair) in [(own, &provider.owner), (late.pubkey(), &late)] {
        let shares = world.position(&pool, &key).shares;
        let ticket = world.thaw(keypair, &pool, shares, 1);
        world.advance(i64::from(7 * DAY));
        world.withdraw(&ticket);
    }
    assert_eq!(world.stake_pool(&pool).shares().unwrap(), 0);
}

#[test]
fn a_deposit_whose_own_shares_do_not_fit_is_refused_by_the_same_name() {
    let (mut world, provider) = cheap();
    let (staker, mint) = (world.party(), world.stake_mint);
    world.mint_to(&staker.pubkey(), &mint, u64::MAX / 32);
    let stake = world.stake_ix(&staker.pubkey(), &provider.pool, u64::MAX / 32);
    world.refused(&[stake], &[&staker], "StakePoolFull");
}
