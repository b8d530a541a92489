use {
    sluice_client::{
        address,
        events::SlashBurned,
        instruction::{
            self as ix,
            token::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
        },
    },
    sluice_tests::world::{PARAMS, ProviderHandle, Site, TOKEN, Tamper, World, logged},
    solana_instruction::Instruction,
    solana_signer::Signer,
};

/// A provider of 10,000 tokens, 123 base units of which were slashed.
fn slashed() -> (World, ProviderHandle, Instruction) {
    let mut world = World::new();
    let provider = world.provider();
    world.slash(&provider.pool, 123);
    let burn = world.burn_ix(&provider.pool);
    (world, provider, burn)
}

#[test]
fn what_was_slashed_is_burned_to_the_base_unit_and_once() {
    let (mut world, provider, burn) = slashed();
    let supply = world.supply(&world.stake_mint);
    let mut pool = world.stake_pool(&provider.pool);
    let receipt = world.ok(std::slice::from_ref(&burn), &[]);
    assert_eq!(world.supply(&world.stake_mint), supply - 123);
    assert_eq!(world.vault(&provider.pool), 10_000 * TOKEN - 123);
    pool.to_burn = 0;
    let after = world.stake_pool(&provider.pool);
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&pool));
    assert_eq!((after.tokens, after.slashed), (10_000 * TOKEN - 123, 123));
    logged(
        &receipt,
        &[SlashBurned {
            pool: provider.pool,
            amount: 123,
            slashed: 123,
        }],
    );
    world.refused(&[burn], &[], "NothingDue");
}

#[test]
fn nothing_is_burned_of_a_pool_that_was_not_slashed() {
    let mut world = World::new();
    let provider = world.provider();
    let mint = world.stake_mint;
    world.mint_into(&address::vault(&provider.pool), &mint, 5);
    let burn = world.burn_ix(&provider.pool);
    world.refused(&[burn], &[], "NothingDue");
}

#[test]
fn slashes_add_up_until_they_are_burned() {
    let (mut world, provider, burn) = slashed();
    world.slash(&provider.pool, 77);
    let receipt = world.ok(std::slice::from_ref(&burn), &[]);
    logged(
        &receipt,
        &[SlashBurned {
            pool: provider.pool,
            amount: 200,
            slashed: 200,
        }],
    );
    world.slash(&provider.pool, 1);
    let receipt = world.ok(&[burn], &[]);
    logged(
        &receipt,
        &[SlashBurned {
            pool: provider.pool,
            amount: 1,
            slashed: 201,
        }],
    );
    assert_eq!(world.vault(&provider.pool), 10_000 * TOKEN - 201);
}

#[test]
fn a_ruling_s_slash_is_burned_and_the_challenger_s_bond_is_not() {
    let mut site = Site::new();
    site.slash(300 * TOKEN);
    let pool = site.provider.pool;
    let supply = site.world.supply(&site.world.stake_mint);
    let burn = site.world.burn_ix(&pool);
    site.world.ok(&[burn], &[]);
    assert_eq!(
        site.world.supply(&site.world.stake_mint),
        supply - 300 * TOKEN
    );
    let state = site.world.stake_pool(&pool);
    assert_eq!((state.tokens, state.to_burn), (9_700 * TOKEN, 0));
    assert_eq!(state.challenge_bonds, 10 * TOKEN);
    assert_eq!(site.world.vault(&pool), 9_710 * TOKEN);
}

#[test]
fn the_whole_stake_of_a_pool_can_be_burned() {
    let mut world = World::new();
    let provider = world.provider();
    world.slash(&provider.pool, 10_000 * TOKEN);
    let burn = world.burn_ix(&provider.pool);
    world.ok(&[burn], &[]);
    assert_eq!(world.vault(&provider.pool), 0);
}

#[test]
fn what_is_burned_comes_from_the_pool_s_stake_vault() {
    let (mut world, provider, burn) = slashed();
    let other = world.provider();
    world.dividends(&provider.pool, 1_000);
    let mint = world.stake_mint;
    world.mint_to(&provider.pool, &mint, 1_000);
    let look_alike = address::token_account(&provider.pool, &mint.address, &mint.token_program);
    let vault = address::vault(&provider.pool);
    for wrong in [
        address::vault(&other.pool),
        address::dividends(&provider.pool),
        look_alike,
    ] {
        let bent = burn.with(&vault, &wrong);
        world.refused(&[bent], &[], "WrongVault");
    }
    let other_pool = burn.with(&provider.pool, &other.pool);
    world.refused(&[other_pool], &[], "WrongVault");
    let other_mint = burn.with(&world.stake_mint.address, &world.reward_mint.address);
    world.refused(&[other_mint], &[], "ConstraintAddress");
    let twice = burn.with(&world.stake_mint.address, &vault);
    world.refused(&[twice], &[], "ConstraintDuplicateMutableAccount");
}

#[test]
fn burn_slashed_refuses_other_token_programs_and_types() {
    let (mut world, provider, burn) = slashed();
    for other in [TOKEN_2022_PROGRAM, sluice_client::ID] {
        let bent = burn.with(&TOKEN_PROGRAM, &other);
        world.refused(&[bent], &[], "WrongTokenProgram");
    }
    let cosplay = burn.with(&provider.pool, &world.impostor());
    world.refused(&[cosplay], &[], "InvalidAccountData");
    let foreign = burn.with(&provider.pool, &world.counterfeit(&provider.pool));
    world.refused(&[foreign], &[], "IllegalOwner");
}

#[test]
fn a_token_2022_stake_is_burned_too() {
    let mut world = World::bare();
    world.stake_mint = world.mint_2022(&[]);
    let (payer, args) = (world.payer.pubkey(), world.network_args(PARAMS));
    let (stakes, dividends) = (world.stake_mint.address, world.reward_mint.address);
    let create = ix::create_network(&payer, &payer, &stakes, &dividends, args);
    world.ok(&[create], &[]);
    let provider = world.provider();
    world.slash(&provider.pool, 123);
    let supply = world.supply(&world.stake_mint);
    let burn = world.burn_ix(&provider.pool);
    world.ok(&[burn], &[]);
    assert_eq!(world.supply(&world.stake_mint), supply - 123);
    assert_eq!(world.vault(&provider.pool), 10_000 * TOKEN - 123);
}
