//! Pools after a slash of any size, written into the account; what a ruling slashes is in `slashes`.

use {
    sluice_client::{Ledger, Position, StakePool, Unstake, address, instruction as ix},
    sluice_tests::world::{DAY, ProviderHandle, TOKEN, Tamper, World},
    solana_instruction::Instruction,
    solana_signer::Signer,
};

/// A provider with 10,000 tokens of shares and 1,000 more to stake, whose pool was slashed to `tokens` base units.
fn slashed(tokens: u64) -> (World, ProviderHandle) {
    let mut world = World::new();
    let provider = world.provider();
    let mint = world.stake_mint;
    world.mint_to(&provider.owner.pubkey(), &mint, 1_000 * TOKEN);
    world.edit(&provider.pool, |pool: &mut StakePool| pool.tokens = tokens);
    (world, provider)
}

fn stake(world: &World, provider: &ProviderHandle, amount: u64) -> Instruction {
    let (staker, mint) = (provider.owner.pubkey(), world.stake_mint);
    let (payer, network) = (world.payer.pubkey(), &world.network);
    let (token, program) = (&mint.address, &mint.token_program);
    ix::stake(
        &payer,
        &staker,
        network,
        &provider.pool,
        token,
        program,
        amount,
    )
}

/// Unstakes `shares` and withdraws them when they are ripe; returns what was paid.
fn exit(world: &mut World, provider: &ProviderHandle, shares: u64) -> u64 {
    let (payer, staker) = (world.payer.pubkey(), provider.owner.pubkey());
    let unstake = ix::unstake(&payer, &staker, &world.network, &provider.pool, shares, 0);
    world.ok(&[unstake], &[&provider.owner]);
    world.advance(i64::from(7 * DAY));
    let key = address::unstake(&address::position(&provider.pool, &staker), 0);
    let ticket: Unstake = world.chain.get(&key).unwrap();
    let pool: StakePool = world.chain.get(&provider.pool).unwrap();
    let before = world.tokens(&staker, &world.stake_mint);
    let withdraw = ix::withdraw(&pool, &ticket, &world.stake_mint.token_program);
    world.ok(&[withdraw], &[]);
    assert!(world.chain.account(&key).unwrap().is_none());
    world.tokens(&staker, &world.stake_mint) - before
}

#[test]
fn a_stake_after_a_slash_buys_more_shares_rounded_down() {
    let (mut world, provider) = slashed(7_000 * TOKEN);
    let stake = stake(&world, &provider, 100);
    world.ok(&[stake], &[&provider.owner]);
    // 100 x 10,000 / 7,000 = 142.86
    let pool: StakePool = world.chain.get(&provider.pool).unwrap();
    assert_eq!(
        (pool.tokens, pool.active_shares),
        (7_000 * TOKEN + 100, 10_000 * TOKEN + 142)
    );
    let key = address::position(&provider.pool, &provider.owner.pubkey());
    let position: Position = world.chain.get(&key).unwrap();
    assert_eq!(position.shares, 10_000 * TOKEN + 142);
}

#[test]
fn a_withdrawal_after_a_slash_is_worth_less_rounded_down() {
    let (mut world, provider) = slashed(7_000 * TOKEN);
    // 11 x 7,000 / 10,000 = 7.7
    assert_eq!(exit(&mut world, &provider, 11), 7);
    let pool: StakePool = world.chain.get(&provider.pool).unwrap();
    assert_eq!(
        (pool.tokens, pool.active_shares),
        (7_000 * TOKEN - 7, 10_000 * TOKEN - 11)
    );
}

#[test]
fn a_slash_while_stake_thaws_lowers_what_the_ticket_pays() {
    let (mut world, provider) = slashed(10_000 * TOKEN);
    let (payer, staker) = (world.payer.pubkey(), provider.owner.pubkey());
    let unstake = ix::unstake(&payer, &staker, &world.network, &provider.pool, 10_000, 0);
    world.ok(&[unstake], &[&provider.owner]);
    world.edit(&provider.pool, |pool: &mut StakePool| pool.tokens /= 4);
    world.advance(i64::from(7 * DAY));
    let key = address::unstake(&address::position(&provider.pool, &staker), 0);
    let pool: StakePool = world.chain.get(&provider.pool).unwrap();
    let ticket = world.chain.get(&key).unwrap();
    let withdraw = ix::withdraw(&pool, &ticket, &world.stake_mint.token_program);
    world.ok(&[withdraw], &[]);
    assert_eq!(
        world.tokens(&staker, &world.stake_mint),
        1_000 * TOKEN + 2_500
    );
}

#[test]
fn a_pool_is_dead_from_one_token_for_64_shares_down() {
    // 64 goes into the shares evenly.
    let dead = 10_000 * TOKEN / 64;
    let (mut world, provider) = slashed(dead + 1);
    let last = stake(&world, &provider, 1);
    world.ok(&[last], &[&provider.owner]);

    for tokens in [dead, dead - 1, 1, 0] {
        let (mut world, provider) = slashed(tokens);
        let refused = stake(&world, &provider, 1_000 * TOKEN);
        world.refused(&[refused], &[&provider.owner], "StakePoolDead");
    }
}

#[test]
fn a_dead_pool_takes_stake_again_when_thawing_shares_are_out_too() {
    let (mut world, provider) = slashed(10_000 * TOKEN / 64);
    let pool = provider.pool;
    let staked = 10_000 * TOKEN;
    let ticket = world.thaw(&provider.owner, &pool, staked, 1);
    let more = stake(&world, &provider, 1_000);
    let refused = |world: &mut World, more: &Instruction| {
        let name = "StakePoolDead";
        world.refused(std::slice::from_ref(more), &[&provider.owner], name);
    };
    refused(&mut world, &more);
    world.advance(i64::from(7 * DAY));
    refused(&mut world, &more);
    assert_eq!(world.withdraw(&ticket), staked / 64);
    world.ok(&[more], &[&provider.owner]);
    let state = world.stake_pool(&pool);
    assert_eq!((state.tokens, state.active_shares), (1_000, 1_000));
}

#[test]
fn stakers_leave_a_dead_pool() {
    let (mut world, provider) = slashed(1);
    assert_eq!(exit(&mut world, &provider, 10_000 * TOKEN), 1);
    let (mut world, provider) = slashed(0);
    assert_eq!(exit(&mut world, &provider, 10_000 * TOKEN), 0);
    // Empty, the pool takes stake again.
    let stake = stake(&world, &provider, 5);
    world.ok(&[stake], &[&provider.owner]);
    let pool: StakePool = world.chain.get(&provider.pool).unwrap();
    assert_eq!((pool.tokens, pool.active_shares), (5, 5));
}

#[test]
fn bonds_are_covered_by_what_shares_are_worth() {
    let (mut world, provider) = slashed(5_000 * TOKEN);
    let set = world.set(1, 1);
    let node = world.node(&provider, &set.address);
    world.active_job(&set, &provider, &node);
    // 500 tokens are bonded: 1,000 tokens of shares have to stay.
    let unstake = |world: &World, shares| {
        let (payer, staker) = (world.payer.pubkey(), provider.owner.pubkey());
        ix::unstake(&payer, &staker, &world.network, &provider.pool, shares, 0)
    };
    let too_much = unstake(&world, 9_000 * TOKEN + 1);
    world.refused(&[too_much], &[&provider.owner], "StakeTooLow");
    let enough = unstake(&world, 9_000 * TOKEN);
    world.ok(&[enough], &[&provider.owner]);
}

#[test]
fn a_dead_pool_lets_nobody_unstake_for_another() {
    let mut world = World::new();
    let provider = world.provider();
    let (owner, pool) = (&provider.owner, provider.pool);
    let staker = world.delegate(&pool, 2_000);
    let stranger = world.party();
    let evict = world.unstake_ix(&staker.pubkey(), &pool, 2_000, 5);
    let attempts = |world: &mut World| {
        for other in [owner, &provider.operator, &stranger] {
            let bent = evict.with(&staker.pubkey(), &other.pubkey());
            world.refused(&[bent], &[other], "NotOwner");
        }
    };
    attempts(&mut world);
    let left = world.stake_pool(&pool).tokens / 2_000;
    world.slash(&pool, world.stake_pool(&pool).tokens - left);
    assert!(world.stake_pool(&pool).is_dead().unwrap());
    attempts(&mut world);
    // Whose it is takes it out, and while it stays the pool stays dead.
    world.leave_pool(owner, &pool);
    let mint = world.stake_mint;
    world.mint_to(&staker.pubkey(), &mint, 5);
    let more = world.stake_ix(&staker.pubkey(), &pool, 5);
    world.refused(&[more], &[&staker], "StakePoolDead");
    world.ok(&[evict], &[&staker]);
}
