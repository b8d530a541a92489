//! Stake pools, positions, tickets and dividends.

use {
    super::{Played, elsewhere},
    sluice_client::{address, instruction as ix},
    sluice_tests::world::{PARAMS, ProviderHandle, TOKEN, World},
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

super::scenes![
    create_stake_pool,
    stake or first_stake,
    unstake,
    withdraw or withdraw_elsewhere,
    cancel_unstake,
    close_position,
    add_dividends or add_first_dividends,
    claim_dividends or claim_dividends_elsewhere,
    burn_slashed,
    close_stake_pool or close_dividends or close_stake_pool_elsewhere,
];

fn create_stake_pool(mut world: World) -> Played {
    let (owner, operator) = (world.party(), world.party().pubkey());
    let (payer, network, mint) = (world.payer.pubkey(), world.network, world.stake_mint);
    let register = ix::register_provider(&payer, &owner.pubkey(), &operator, &network);
    world.ok(&[register], &[&owner]);
    let subject = address::provider(&network, &owner.pubkey());
    let (mint, program) = (&mint.address, &mint.token_program);
    let create = ix::create_stake_pool(&payer, &network, &subject, mint, program);
    (world, vec![create])
}

fn first_stake(mut world: World) -> Played {
    let (provider, _) = delegated(&mut world);
    let (staker, mint) = (world.party().pubkey(), world.stake_mint);
    world.mint_to(&staker, &mint, 9 * TOKEN);
    let stake = world.stake_ix(&staker, &provider.pool, 2 * TOKEN);
    (world, vec![stake])
}

/// A provider with two delegators, the first of whom is given.
fn delegated(world: &mut World) -> (ProviderHandle, Keypair) {
    let provider = world.provider();
    let stakers = [3, 5].map(|tokens| world.delegate(&provider.pool, tokens * TOKEN));
    let [staker, _] = stakers;
    (provider, staker)
}

fn stake(mut world: World) -> Played {
    let (provider, staker) = delegated(&mut world);
    let mint = world.stake_mint;
    world.mint_to(&staker.pubkey(), &mint, 9 * TOKEN);
    let stake = world.stake_ix(&staker.pubkey(), &provider.pool, 2 * TOKEN);
    (world, vec![stake])
}

fn unstake(mut world: World) -> Played {
    let (provider, staker) = delegated(&mut world);
    let unstake = world.unstake_ix(&staker.pubkey(), &provider.pool, TOKEN, 1);
    (world, vec![unstake])
}

/// Two tickets of one staker, the first of which is given.
fn thawing(world: &mut World) -> Address {
    let (provider, staker) = delegated(world);
    let tickets = [1, 2].map(|nonce| world.thaw(&staker, &provider.pool, TOKEN, nonce));
    tickets[0]
}

fn withdraw(mut world: World) -> Played {
    let ticket = thawing(&mut world);
    world.advance(i64::from(PARAMS.unbonding_secs));
    let withdraw = world.withdraw_ix(&ticket);
    (world, vec![withdraw])
}

fn withdraw_elsewhere(world: World) -> Played {
    elsewhere(withdraw(world))
}

fn cancel_unstake(mut world: World) -> Played {
    let ticket = thawing(&mut world);
    world.chain.advance_slot(1);
    let cancel = world.cancel_unstake_ix(&ticket);
    (world, vec![cancel])
}

fn close_position(mut world: World) -> Played {
    let (provider, staker) = delegated(&mut world);
    let shares = world.position(&provider.pool, &staker.pubkey()).shares;
    let ticket = world.thaw(&staker, &provider.pool, shares, 1);
    world.advance(i64::from(PARAMS.unbonding_secs));
    let withdraw = world.withdraw_ix(&ticket);
    world.ok(&[withdraw], &[]);
    let close = world.close_position_ix(&provider.pool, &staker.pubkey());
    (world, vec![close])
}

fn add_dividends(mut world: World) -> Played {
    let (provider, _) = delegated(&mut world);
    world.dividends(&provider.pool, TOKEN);
    give(world, &provider.pool)
}

fn add_first_dividends(mut world: World) -> Played {
    let (provider, _) = delegated(&mut world);
    give(world, &provider.pool)
}

fn give(mut world: World, pool: &Address) -> Played {
    let (giver, mint) = (world.party().pubkey(), world.reward_mint);
    world.mint_to(&giver, &mint, 9 * TOKEN);
    let add = world.dividends_ix(&giver, pool, TOKEN);
    (world, vec![add])
}

fn claim_dividends(mut world: World) -> Played {
    let (provider, staker) = delegated(&mut world);
    world.dividends(&provider.pool, 7 * TOKEN);
    let claim = world.claim_dividends_ix(&provider.pool, &staker.pubkey());
    (world, vec![claim])
}

fn claim_dividends_elsewhere(world: World) -> Played {
    elsewhere(claim_dividends(world))
}

fn burn_slashed(mut world: World) -> Played {
    let (provider, _) = delegated(&mut world);
    world.slash(&provider.pool, TOKEN);
    let burn = world.burn_ix(&provider.pool);
    (world, vec![burn])
}

fn close_stake_pool(mut world: World) -> Played {
    let provider = world.left_provider();
    close(world, &provider.pool)
}

fn close_dividends(mut world: World) -> Played {
    let provider = world.provider();
    world.dividends(&provider.pool, TOKEN);
    world.leave_pool(&provider.owner, &provider.pool);
    let dividends = world.reward_mint;
    world.mint_into(&address::dividends(&provider.pool), &dividends, 5);
    close(world, &provider.pool)
}

fn close_stake_pool_elsewhere(world: World) -> Played {
    elsewhere(close_stake_pool(world))
}

/// Closes a pool, or first its dividends, with something sent to its vault.
fn close(mut world: World, pool: &Address) -> Played {
    let stakes = world.stake_mint;
    world.mint_into(&address::vault(pool), &stakes, 5);
    let close = world.close_pool_ix(pool);
    (world, vec![close])
}
