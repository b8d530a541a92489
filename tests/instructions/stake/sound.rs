//! A pool whose vault lacks what it owes moves nothing: the invariant that stands before every return of a handler that moved stake.

use {
    sluice_client::{StakePool, instruction as ix},
    sluice_tests::world::{DAY, Site, TOKEN, World},
    solana_signer::Signer,
};

#[test]
fn a_pool_that_owes_a_base_unit_more_than_there_is_pays_nobody() {
    let mut world = World::new();
    let provider = world.provider();
    let pool = provider.pool;
    let staker = world.delegate(&pool, 100 * TOKEN);
    let ticket = world.thaw(&staker, &pool, 50 * TOKEN, 0);
    world.advance(i64::from(7 * DAY));
    world.slash(&pool, TOKEN);
    let withdraw = world.withdraw_ix(&ticket);
    let burn = world.burn_ix(&pool);
    let mint = world.stake_mint;
    world.mint_to(&staker.pubkey(), &mint, 5);
    let stake = world.stake_ix(&staker.pubkey(), &pool, 5);
    // No instruction does this.
    world.edit(&pool, |pool: &mut StakePool| pool.to_burn += 1);
    world.refused(std::slice::from_ref(&withdraw), &[], "StakeNotBacked");
    world.refused(std::slice::from_ref(&stake), &[&staker], "StakeNotBacked");
    world.edit(&pool, |pool: &mut StakePool| pool.to_burn -= 1);
    world.edit(&pool, |pool: &mut StakePool| pool.tokens += 1);
    world.refused(std::slice::from_ref(&burn), &[], "StakeNotBacked");
    world.edit(&pool, |pool: &mut StakePool| pool.tokens -= 1);
    world.ok(&[withdraw], &[]);
    world.ok(&[stake], &[&staker]);
    world.ok(&[burn], &[]);
}

#[test]
fn a_pool_with_more_tokens_than_shares_takes_no_stake() {
    let mut world = World::new();
    let provider = world.provider();
    let staker = world.delegate(&provider.pool, 100);
    let (mint, vault) = (
        world.stake_mint,
        sluice_client::address::vault(&provider.pool),
    );
    world.mint_into(&vault, &mint, 1_000 * TOKEN);
    world.mint_to(&staker.pubkey(), &mint, 5 * TOKEN);
    world.edit(&provider.pool, |pool: &mut StakePool| pool.tokens += TOKEN);
    let stake = world.stake_ix(&staker.pubkey(), &provider.pool, 5 * TOKEN);
    world.refused(&[stake], &[&staker], "StakeNotBacked");
}

#[test]
fn a_challenger_s_bond_is_owed_like_stake() {
    let mut site = Site::new();
    site.at(i64::from(site.state().terms.window_secs));
    site.prove(0, 100);
    let pool = site.provider.pool;
    let challenger = site.world.challenger(&site.job);
    let open = site.world.challenge_ix(&challenger.pubkey(), &site.job, 0);
    site.world.ok(&[open], &[&challenger]);
    let key = sluice_client::address::challenge(&site.job.address, site.state().incarnation, 0);
    let objection = sluice_tests::world::Objection {
        address: key,
        challenger,
    };
    site.rule(&objection, sluice_tests::world::void(0));
    let settle = site.world.settle_challenge_ix(&objection);
    site.world
        .edit(&pool, |pool: &mut StakePool| pool.to_burn += 1);
    site.world
        .refused(std::slice::from_ref(&settle), &[], "StakeNotBacked");
    site.world
        .edit(&pool, |pool: &mut StakePool| pool.to_burn -= 1);
    site.world.ok(&[settle], &[]);
    let burn = ix::burn_slashed(
        &pool,
        &site.world.stake_pool(&pool),
        &site.world.stake_mint.token_program,
    );
    site.world.refused(&[burn], &[], "NothingDue");
}
