//! What keeps a stake pool and its dividend vault open.

use super::*;

#[test]
fn a_pool_stays_while_a_position_is_open() {
    let mut world = World::new();
    let provider = world.provider();
    let (owner, pool) = (&provider.owner, provider.pool);
    let staker = world.delegate(&pool, 5);
    world.leave_pool(owner, &pool);
    let close = world.close_pool_ix(&pool);
    let refused = |world: &mut World| {
        world.refused(std::slice::from_ref(&close), &[owner], "StillInUse");
    };
    refused(&mut world);
    let ticket = world.thaw(&staker, &pool, 5, 7);
    refused(&mut world);
    world.advance(i64::from(7 * DAY));
    world.withdraw(&ticket);
    refused(&mut world);
    let last = world.close_position_ix(&pool, &staker.pubkey());
    world.ok(&[last], &[&staker]);
    world.ok(&[close], &[owner]);
}

#[test]
fn a_pool_stays_while_it_holds_bonds_or_something_to_burn() {
    let (mut world, provider, close) = left();
    let owner = &provider.owner;
    let edits: [fn(&mut StakePool) -> &mut u64; 4] = [
        |pool| &mut pool.locked,
        |pool| &mut pool.challenges,
        |pool| &mut pool.to_burn,
        |pool| &mut pool.positions,
    ];
    for field in edits {
        world.edit(&provider.pool, |pool| *field(pool) = 1);
        world.refused(std::slice::from_ref(&close), &[owner], "StillInUse");
        world.edit(&provider.pool, |pool| *field(pool) = 0);
    }
    world.ok(&[close], &[owner]);
}

#[test]
fn the_dividend_vault_stays_while_its_pool_must_stay() {
    let mut world = World::new();
    let provider = world.provider();
    let (owner, pool) = (&provider.owner, provider.pool);
    let staker = world.delegate(&pool, 10_000 * TOKEN);
    world.dividends(&pool, 20_000 * TOKEN);
    world.leave_pool(owner, &pool);
    let close = world.close_pool_ix(&pool);
    // The delegator's dividends lie in it.
    world.refused(std::slice::from_ref(&close), &[owner], "StillInUse");
    world.leave_pool(&staker, &pool);
    assert_eq!(
        world.tokens(&staker.pubkey(), &world.reward_mint),
        10_000 * TOKEN
    );
    world.ok(&[close], &[owner]);
}

#[test]
fn a_slashed_pool_closes_once_the_slash_is_burned() {
    let mut world = World::new();
    let provider = world.provider();
    let (owner, pool) = (&provider.owner, provider.pool);
    world.slash(&pool, 123);
    world.leave_pool(owner, &pool);
    let close = world.close_pool_ix(&pool);
    world.refused(std::slice::from_ref(&close), &[owner], "StillInUse");
    let burn = world.burn_ix(&pool);
    world.ok(&[burn], &[]);
    world.ok(&[close], &[owner]);
    assert_eq!(
        world.tokens(&owner.pubkey(), &world.stake_mint),
        10_000 * TOKEN - 123
    );
}

#[test]
fn a_provider_with_nodes_keeps_its_pool() {
    let (mut world, provider, close) = left();
    let set = world.set(1, 1);
    let node = world.node(&provider, &set.address);
    let owner = &provider.owner;
    world.refused(std::slice::from_ref(&close), &[owner], "StillInUse");
    world.chain.advance_slot(1);
    let gone = ix::close_node(&owner.pubkey(), &node.address, &world.node_state(&node));
    world.ok(&[gone], &[owner]);
    world.ok(&[close], &[owner]);
}

#[test]
fn an_attester_with_live_bits_keeps_its_pool() {
    let mut world = World::new();
    let attester = world.attester();
    let (owner, pool) = (&attester.owner, attester.pool);
    world.leave_pool(owner, &pool);
    let close = world.close_pool_ix(&pool);
    let bits = |world: &mut World, bits| {
        world.edit(&attester.address, |state: &mut Attester| {
            state.live_bits = bits
        });
    };
    bits(&mut world, 1);
    world.refused(std::slice::from_ref(&close), &[owner], "StillInUse");
    bits(&mut world, 0);
    world.ok(&[close], &[owner]);
    assert!(world.is_gone(&pool));
}

#[test]
fn a_pool_does_not_close_in_its_opening_slot() {
    let mut world = World::new();
    let owner = world.party();
    let (payer, network, mint) = (world.payer.pubkey(), world.network, world.stake_mint);
    let register = ix::register_provider(&payer, &owner.pubkey(), &owner.pubkey(), &network);
    let subject = address::provider(&network, &owner.pubkey());
    let program = &mint.token_program;
    let create = ix::create_stake_pool(&payer, &network, &subject, &mint.address, program);
    world.ok(&[register, create], &[&owner]);
    let pool = address::stake_pool(&subject);
    let close = world.close_pool_ix(&pool);
    world.refused(std::slice::from_ref(&close), &[&owner], "OpeningSlot");
    world.chain.advance_slot(1);
    world.ok(&[close], &[&owner]);
}
