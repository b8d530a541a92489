use {
    sluice_client::{Ledger, Position, StakePool, Unstake, address, instruction as ix},
    sluice_tests::world::{DAY, ProviderHandle, TOKEN, Tamper, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// The instruction by which `owner` moves `shares` of `pool` into ticket 7.
fn unstake(world: &World, owner: &Keypair, pool: &Address, shares: u64) -> Instruction {
    ix::unstake(
        &world.payer.pubkey(),
        &owner.pubkey(),
        &world.network,
        pool,
        shares,
        7,
    )
}

fn of(world: &World, provider: &ProviderHandle, shares: u64) -> Instruction {
    unstake(world, &provider.owner, &provider.pool, shares)
}

#[test]
fn unstaking_moves_shares_into_a_ticket_with_its_own_date() {
    let mut world = World::new();
    let provider = world.provider();
    let rent_payer = world.party();
    let unstake = of(&world, &provider, 123).with(&world.payer.pubkey(), &rent_payer.pubkey());
    world.ok(&[unstake], &[&rent_payer, &provider.owner]);

    let left = 10_000 * TOKEN - 123;
    let pool: StakePool = world.chain.get(&provider.pool).unwrap();
    assert_eq!((pool.active_shares, pool.thawing_shares), (left, 123));
    assert_eq!(pool.tokens, 10_000 * TOKEN);
    let staker = provider.owner.pubkey();
    let key = address::position(&provider.pool, &staker);
    let position: Position = world.chain.get(&key).unwrap();
    assert_eq!(
        (position.shares, position.thawing, position.tickets),
        (left, 123, 1)
    );
    let ticket: Unstake = world.chain.get(&address::unstake(&key, 7)).unwrap();
    assert_eq!((ticket.position, ticket.pool), (key, provider.pool));
    assert_eq!(
        (ticket.staker, ticket.rent_payer),
        (staker, rent_payer.pubkey())
    );
    assert_eq!((ticket.nonce, ticket.shares), (7, 123));
    assert_eq!(ticket.withdraw_at, world.now() + i64::from(7 * DAY));
    assert_eq!(ticket.opened_slot, world.slot());
    assert_eq!(world.vault(&provider.pool), 10_000 * TOKEN);
}

#[test]
fn a_later_unstaking_moves_no_earlier_date() {
    let mut world = World::new();
    let provider = world.provider();
    let first = of(&world, &provider, 1);
    world.ok(&[first], &[&provider.owner]);
    let position = address::position(&provider.pool, &provider.owner.pubkey());
    let date = |world: &World, nonce| {
        let ticket: Unstake = world
            .chain
            .get(&address::unstake(&position, nonce))
            .unwrap();
        ticket.withdraw_at
    };
    let before = date(&world, 7);
    world.advance(3_600);
    let again = of(&world, &provider, 1);
    world.refused(&[again], &[&provider.owner], "Custom(0)");
    let (payer, staker) = (world.payer.pubkey(), provider.owner.pubkey());
    let second = ix::unstake(&payer, &staker, &world.network, &provider.pool, 1, 8);
    world.ok(&[second], &[&provider.owner]);
    assert_eq!((date(&world, 7), date(&world, 8)), (before, before + 3_600));
}

#[test]
fn a_staker_unstakes_between_one_share_and_all_it_has() {
    let mut world = World::new();
    let provider = world.provider();
    let owner = &provider.owner;
    let none = of(&world, &provider, 0);
    world.refused(&[none], &[owner], "AmountTooSmall");
    for shares in [10_000 * TOKEN + 1, u64::MAX] {
        let too_many = of(&world, &provider, shares);
        world.refused(&[too_many], &[owner], "NotEnoughShares");
    }
    let all = of(&world, &provider, 10_000 * TOKEN);
    world.ok(&[all], &[owner]);
}

#[test]
fn thawing_shares_cannot_be_unstaked_again() {
    let mut world = World::new();
    let provider = world.provider();
    let all = of(&world, &provider, 10_000 * TOKEN);
    world.ok(&[all], &[&provider.owner]);
    let (payer, staker) = (world.payer.pubkey(), provider.owner.pubkey());
    let again = ix::unstake(&payer, &staker, &world.network, &provider.pool, 1, 8);
    world.refused(&[again], &[&provider.owner], "NotEnoughShares");
}

#[test]
fn the_bond_of_an_accepted_job_stays_to_the_base_unit() {
    let mut world = World::new();
    let set = world.set(1, 1);
    let provider = world.provider();
    let node = world.node(&provider, &set.address);
    let job = world.active_job(&set, &provider, &node);
    let free = 9_500 * TOKEN;
    let too_much = of(&world, &provider, free + 1);
    world.refused(
        std::slice::from_ref(&too_much),
        &[&provider.owner],
        "StakeTooLow",
    );

    // Released, the job holds nothing any more.
    world.advance(10 * 3_600 + 13 * 3_600);
    let release = ix::release_job(&job.address, &world.job(&job.address));
    world.ok(&[release], &[]);
    world.ok(&[too_much], &[&provider.owner]);
}

#[test]
fn what_bonds_leave_free_can_be_unstaken_below_the_network_s_minimum() {
    let mut world = World::new();
    let set = world.set(1, 1);
    let provider = world.provider();
    let node = world.node(&provider, &set.address);
    world.active_job(&set, &provider, &node);
    let free = of(&world, &provider, 9_500 * TOKEN);
    world.ok(&[free], &[&provider.owner]);
    let pool: StakePool = world.chain.get(&provider.pool).unwrap();
    assert_eq!(
        (pool.locked, pool.active_shares),
        (500 * TOKEN, 500 * TOKEN)
    );

    let idle = world.provider();
    let all = of(&world, &idle, 10_000 * TOKEN);
    world.ok(&[all], &[&idle.owner]);
}

#[test]
fn an_attester_s_bond_stays_while_it_is_live_in_a_set() {
    let mut world = World::new();
    let set = world.set(1, 1);
    let member = &set.attesters[0];
    let of = |world: &World, shares| unstake(world, &member.owner, &member.pool, shares);
    let too_much = of(&world, 950 * TOKEN + 1);
    world.refused(
        std::slice::from_ref(&too_much),
        &[&member.owner],
        "StakeTooLow",
    );
    world.leave(&set, 0);
    world.ok(&[too_much], &[&member.owner]);
}

#[test]
fn only_the_staker_unstakes_and_somebody_pays_the_rent() {
    let mut world = World::new();
    let provider = world.provider();
    let (owner, rent_payer) = (&provider.owner, world.party());
    let good = of(&world, &provider, 5).with(&world.payer.pubkey(), &rent_payer.pubkey());
    let without = good.unsigned(&owner.pubkey());
    world.refused(&[without], &[&rent_payer], "MissingRequiredSignature");
    let without = good.unsigned(&rent_payer.pubkey());
    world.refused(&[without], &[owner], "MissingRequiredSignature");
    let stranger = world.party();
    for other in [&stranger, &provider.operator] {
        let as_other = good.with(&owner.pubkey(), &other.pubkey());
        world.refused(&[as_other], &[&rent_payer, other], "NotOwner");
    }
}

#[test]
fn network_pool_and_position_belong_together() {
    let mut world = World::new();
    let (provider, other) = (world.provider(), world.provider());
    let owner = &provider.owner;
    let good = of(&world, &provider, 5);
    // Another network could unbond in a second.
    let lax = world.other_network();
    let foreign = good.with(&world.network.clone(), &lax);
    world.refused(&[foreign], &[owner], "WrongNetwork");
    let other_pool = good.with(&provider.pool, &other.pool);
    world.refused(&[other_pool], &[owner], "WrongPosition");
    let key = address::position(&provider.pool, &owner.pubkey());
    let elsewhere = good.with(&address::unstake(&key, 7), &address::unstake(&key, 8));
    world.refused(&[elsewhere], &[owner], "InvalidSeeds");
}

#[test]
fn unstake_refuses_accounts_of_another_type_or_program() {
    let mut world = World::new();
    let provider = world.provider();
    let good = of(&world, &provider, 5);
    let position = address::position(&provider.pool, &provider.owner.pubkey());
    world.refuses_look_alikes(
        &good,
        &[world.network, provider.pool, position],
        &[&provider.owner],
    );
}
