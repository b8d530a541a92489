use {
    sluice_client::{
        Ledger, Position, StakePool, address,
        instruction::{
            self as ix,
            token::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
        },
    },
    sluice_tests::world::{PARAMS, ProviderHandle, TOKEN, Tamper, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
    spl_token_2022_interface::extension::ExtensionType,
};

/// The instruction by which `owner` stakes `amount` in `pool`.
fn stake(world: &World, owner: &Keypair, pool: &Address, amount: u64) -> Instruction {
    let mint = world.stake_mint;
    let (payer, network) = (world.payer.pubkey(), &world.network);
    let (staker, token, program) = (owner.pubkey(), &mint.address, &mint.token_program);
    ix::stake(&payer, &staker, network, pool, token, program, amount)
}

/// A provider with 10,000 tokens staked and `amount` more in its owner's account.
fn provider_with(world: &mut World, amount: u64) -> ProviderHandle {
    let provider = world.provider();
    let mint = world.stake_mint;
    world.mint_to(&provider.owner.pubkey(), &mint, amount);
    provider
}

#[test]
fn a_stake_becomes_shares_one_to_one() {
    let mut world = World::new();
    let provider = provider_with(&mut world, 12_345);
    let stake = stake(&world, &provider.owner, &provider.pool, 12_344);
    world.ok(&[stake], &[&provider.owner]);

    let total = 10_000 * TOKEN + 12_344;
    let pool: StakePool = world.chain.get(&provider.pool).unwrap();
    assert_eq!((pool.tokens, pool.active_shares), (total, total));
    assert_eq!((pool.thawing_shares, pool.locked), (0, 0));
    let key = address::position(&provider.pool, &provider.owner.pubkey());
    let position: Position = world.chain.get(&key).unwrap();
    assert_eq!((position.shares, position.thawing), (total, 0));
    assert_eq!(world.vault(&provider.pool), total);
    assert_eq!(world.tokens(&provider.owner.pubkey(), &world.stake_mint), 1);
}

#[test]
fn one_base_unit_is_a_stake_and_none_is_not() {
    let mut world = World::new();
    let provider = provider_with(&mut world, 1);
    let none = stake(&world, &provider.owner, &provider.pool, 0);
    world.refused(&[none], &[&provider.owner], "AmountTooSmall");
    let one = stake(&world, &provider.owner, &provider.pool, 1);
    world.ok(&[one], &[&provider.owner]);
    assert_eq!(world.vault(&provider.pool), 10_000 * TOKEN + 1);
}

#[test]
fn the_whole_supply_of_a_mint_can_be_staked() {
    let mut world = World::new();
    let provider = provider_with(&mut world, u64::MAX - 10_000 * TOKEN);
    let rest = u64::MAX - 10_000 * TOKEN;
    let stake = stake(&world, &provider.owner, &provider.pool, rest);
    world.ok(&[stake], &[&provider.owner]);
    let pool: StakePool = world.chain.get(&provider.pool).unwrap();
    assert_eq!((pool.tokens, pool.active_shares), (u64::MAX, u64::MAX));
}

#[test]
fn more_than_the_staker_has_is_refused_by_the_token_program() {
    let mut world = World::new();
    let provider = provider_with(&mut world, 5);
    for amount in [6, u64::MAX] {
        let stake = stake(&world, &provider.owner, &provider.pool, amount);
        world.refused(&[stake], &[&provider.owner], "Custom(1)");
    }
}

#[test]
fn only_the_position_s_staker_stakes_into_it() {
    let mut world = World::new();
    let provider = provider_with(&mut world, 5);
    let stranger = world.party();
    let good = stake(&world, &provider.owner, &provider.pool, 5);
    let without = good.unsigned(&provider.owner.pubkey());
    world.refused(&[without], &[], "MissingRequiredSignature");
    for other in [&stranger, &provider.operator] {
        let as_other = good.with(&provider.owner.pubkey(), &other.pubkey());
        world.refused(&[as_other], &[other], "WrongPosition");
    }
}

#[test]
fn nobody_stakes_somebody_else_s_tokens() {
    let mut world = World::new();
    let (provider, victim) = (provider_with(&mut world, 5), provider_with(&mut world, 5));
    let good = stake(&world, &provider.owner, &provider.pool, 5);
    let mint = world.stake_mint;
    let account = |owner: &Keypair| {
        address::token_account(&owner.pubkey(), &mint.address, &mint.token_program)
    };
    let stolen = good.with(&account(&provider.owner), &account(&victim.owner));
    world.refused(&[stolen], &[&provider.owner], "Custom(4)");
    let from_vault = good.with(&account(&provider.owner), &address::vault(&victim.pool));
    world.refused(&[from_vault], &[&provider.owner], "Custom(4)");
    let in_a_circle = good.with(&account(&provider.owner), &address::vault(&provider.pool));
    world.refused(
        &[in_a_circle],
        &[&provider.owner],
        "ConstraintDuplicateMutableAccount",
    );
}

#[test]
fn pool_position_vault_and_mint_belong_together() {
    let mut world = World::new();
    let (provider, other) = (provider_with(&mut world, 5), world.provider());
    let owner = &provider.owner;
    let good = stake(&world, owner, &provider.pool, 5);
    let other_pool = good.with(&provider.pool, &other.pool);
    let vault = address::vault(&provider.pool);
    let with_its_vault = other_pool.with(&vault, &address::vault(&other.pool));
    world.refused(&[other_pool], &[owner], "ConstraintAddress");
    world.refused(&[with_its_vault], &[owner], "WrongPosition");
    let other_vault = good.with(&vault, &address::vault(&other.pool));
    world.refused(&[other_vault], &[owner], "ConstraintAddress");
    let other_mint = good.with(&world.stake_mint.address, &world.pay_mint.address);
    world.refused(&[other_mint], &[owner], "ConstraintAddress");
}

#[test]
fn stake_goes_through_the_vault_s_token_program_only() {
    let mut world = World::new();
    let provider = provider_with(&mut world, 5);
    let good = stake(&world, &provider.owner, &provider.pool, 5);
    for other in [TOKEN_2022_PROGRAM, sluice_client::ID] {
        let bent = good.with(&TOKEN_PROGRAM, &other);
        world.refused(&[bent], &[&provider.owner], "WrongTokenProgram");
    }
}

#[test]
fn stake_refuses_pools_and_positions_of_another_type_or_program() {
    let mut world = World::new();
    let provider = provider_with(&mut world, 5);
    let good = stake(&world, &provider.owner, &provider.pool, 5);
    let impostor = world.impostor();
    let position = address::position(&provider.pool, &provider.owner.pubkey());
    let owner = &provider.owner;
    world.refuses_look_alikes(&good, &[provider.pool], &[owner]);
    // What is no position of the program's opens none but at the staker's own address.
    for other in [impostor, world.counterfeit(&position)] {
        let bent = good.with(&position, &other);
        world.refused(&[bent], &[owner], "WrongPosition");
    }
    let own_pool = good.with(
        &position,
        &address::position(&provider.pool, &world.network),
    );
    world.refused(&[own_pool], &[owner], "WrongPosition");
}

#[test]
fn every_stake_asks_the_mint_policy_again() {
    let mut world = World::new();
    let provider = provider_with(&mut world, 5);
    let refused = world.mint_2022(&[ExtensionType::TransferHook]).address;
    let data = world.chain.account(&refused).unwrap().unwrap().data;
    let mint = world.stake_mint.address;
    world.chain.put(&mint, data, &TOKEN_2022_PROGRAM).unwrap();
    let stake = stake(&world, &provider.owner, &provider.pool, 5);
    world.refused(
        std::slice::from_ref(&stake),
        &[&provider.owner],
        "MintExtensionRefused",
    );
    world.chain.put(&mint, vec![0; 82], &TOKEN_PROGRAM).unwrap();
    world.refused(&[stake], &[&provider.owner], "NotAMint");
}

#[test]
fn a_donation_to_the_vault_changes_no_share_s_price() {
    let mut world = World::new();
    let provider = provider_with(&mut world, 7);
    let mint = world.stake_mint;
    world.mint_into(&address::vault(&provider.pool), &mint, 1_000_000 * TOKEN);
    let stake = stake(&world, &provider.owner, &provider.pool, 7);
    world.ok(&[stake], &[&provider.owner]);
    let pool: StakePool = world.chain.get(&provider.pool).unwrap();
    assert_eq!(
        (pool.tokens, pool.active_shares),
        (10_000 * TOKEN + 7, 10_000 * TOKEN + 7)
    );
}

#[test]
fn a_token_2022_mint_is_staked_and_withdrawn_like_a_classic_one() {
    let mut world = World::bare();
    world.stake_mint = world.mint_2022(&[ExtensionType::MetadataPointer]);
    let (payer, args) = (world.payer.pubkey(), world.network_args(PARAMS));
    let (stakes, dividends) = (world.stake_mint.address, world.reward_mint.address);
    let create = ix::create_network(&payer, &payer, &stakes, &dividends, args);
    world.ok(&[create], &[]);
    let provider = provider_with(&mut world, 5);
    let (owner, pool) = (&provider.owner, provider.pool);
    let stake = stake(&world, owner, &pool, 5);
    let classic = stake.with(&TOKEN_2022_PROGRAM, &TOKEN_PROGRAM);
    world.refused(&[classic], &[owner], "WrongTokenProgram");
    world.ok(&[stake], &[owner]);
    assert_eq!(world.vault(&pool), 10_000 * TOKEN + 5);

    let unstake = ix::unstake(&payer, &owner.pubkey(), &world.network, &pool, 9, 0);
    world.ok(&[unstake], &[owner]);
    world.advance(i64::from(PARAMS.unbonding_secs));
    let key = address::unstake(&address::position(&pool, &owner.pubkey()), 0);
    let (state, ticket) = (
        world.chain.get(&pool).unwrap(),
        world.chain.get(&key).unwrap(),
    );
    let withdraw = ix::withdraw(&state, &ticket, &TOKEN_2022_PROGRAM);
    world.ok(&[withdraw], &[]);
    assert_eq!(world.tokens(&owner.pubkey(), &world.stake_mint), 9);
    assert_eq!(world.vault(&pool), 10_000 * TOKEN - 4);
}
