//! Mints of stake and dividends that came back as others, and vaults that hold more than was deposited.
use {
    super::mint_extensions::{Staked, staked},
    sluice_client::{address, instruction::token::TOKEN_2022_PROGRAM},
    sluice_tests::world::{TOKEN, World},
    solana_signer::Signer,
    std::slice::from_ref,
};

#[test]
fn a_mint_of_stake_that_comes_back_otherwise_moves_nothing() {
    for world in [World::new(), World::in_mints_with(None)] {
        let Staked {
            mut world,
            provider,
            ticket,
        } = staked(world);
        let (owner, pool, mint) = (&provider.owner, provider.pool, world.stake_mint);
        let stake = world.stake_ix(&owner.pubkey(), &pool, 9);
        let (withdraw, burn) = (world.withdraw_ix(&ticket), world.burn_ix(&pool));
        for decimals in [0, 5, 7, 255] {
            let genuine = world.change_decimals(&mint, decimals);
            // The token program's MintDecimalsMismatch.
            world.refused(from_ref(&stake), &[owner], "Custom(18)");
            world.refused(from_ref(&withdraw), &[], "Custom(18)");
            world.refused(from_ref(&burn), &[], "Custom(18)");
            world.restore(&mint.address, genuine);
        }
        if mint.token_program == TOKEN_2022_PROGRAM {
            let genuine = world.change_program(&mint);
            world.refused(from_ref(&stake), &[owner], "IncorrectProgramId");
            world.refused(from_ref(&withdraw), &[], "IncorrectProgramId");
            world.refused(from_ref(&burn), &[], "IncorrectProgramId");
            world.restore(&mint.address, genuine);
        }
        world.ok(&[stake], &[owner]);
        world.ok(&[withdraw, burn], &[]);
    }
}

#[test]
fn dividends_are_counted_in_base_units_whatever_decimals_their_mint_comes_back_with() {
    for world in [World::new(), World::in_mints_with(None)] {
        let Staked {
            mut world,
            provider,
            ..
        } = staked(world);
        let (owner, mint) = (provider.owner.pubkey(), world.reward_mint);
        world.change_decimals(&mint, 9);
        let claimed = world.claim_dividends(&provider.pool, &owner);
        assert_eq!(claimed, 10_000 * TOKEN);
    }
}

#[test]
fn stake_and_dividends_count_what_a_deposit_brought_and_not_what_lies_in_the_vault() {
    let Staked {
        mut world,
        provider,
        ..
    } = staked(World::in_mints_with(None));
    let (owner, pool) = (&provider.owner, provider.pool);
    let (stakes, dividends) = (world.stake_mint, world.reward_mint);
    world.mint_into(&address::vault(&pool), &stakes, 1_000);
    world.mint_into(&address::dividends(&pool), &dividends, 1_000);
    let before = world.stake_pool(&pool);
    let vaults = [world.vault(&pool), world.dividend_vault(&pool)];
    let stake = world.stake_ix(&owner.pubkey(), &pool, 9);
    let give = world.dividends_ix(&owner.pubkey(), &pool, 7);
    world.ok(&[stake, give], &[owner]);
    let after = world.stake_pool(&pool);
    assert_eq!(after.tokens, before.tokens + 9);
    assert_eq!(after.dividend_total_in, before.dividend_total_in + 7);
    let moved = [world.vault(&pool), world.dividend_vault(&pool)];
    assert_eq!(moved, [vaults[0] + 9, vaults[1] + 7]);
}
