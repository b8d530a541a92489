use {
    sluice_client::{
        address,
        events::DividendsClaimed,
        instruction::{
            self as ix,
            token::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
        },
    },
    sluice_tests::world::{PARAMS, ProviderHandle, TOKEN, Tamper, World, logged},
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// As many base units of dividends divide evenly among the shares of these tests.
const UNIT: u64 = 10_000 * TOKEN;

/// A provider of 10,000 tokens, a delegator of as much and dividends of 2,000 units; and the delegator's claim.
fn due() -> (World, ProviderHandle, Keypair, Instruction) {
    let mut world = World::new();
    let provider = world.provider();
    let staker = world.delegate(&provider.pool, 10_000 * TOKEN);
    world.dividends(&provider.pool, 2_000 * UNIT);
    let claim = world.claim_dividends_ix(&provider.pool, &staker.pubkey());
    (world, provider, staker, claim)
}

#[test]
fn a_claim_by_anyone_pays_the_staker_and_books_it() {
    let (mut world, provider, staker, claim) = due();
    let pool = world.settled_pool(&provider.pool);
    let mut position = world.position(&provider.pool, &staker.pubkey());
    // The world's payer, who has nothing to do with it, sends it.
    let receipt = world.ok(&[claim], &[]);
    position.dividend_seen = pool.dividend_index;
    position.dividend_claimed = 1_000 * UNIT;
    let mut after = world.position(&provider.pool, &staker.pubkey());
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&position));
    let unchanged = world.stake_pool(&provider.pool);
    assert_eq!(bytemuck::bytes_of(&unchanged), bytemuck::bytes_of(&pool));
    assert_eq!(
        world.tokens(&staker.pubkey(), &world.reward_mint),
        1_000 * UNIT
    );
    assert_eq!(world.dividend_vault(&provider.pool), 1_000 * UNIT);
    logged(
        &receipt,
        &[DividendsClaimed {
            pool: provider.pool,
            staker: staker.pubkey(),
            claimed: 1_000 * UNIT,
        }],
    );

    world.dividends(&provider.pool, 20 * UNIT);
    let claim = world.claim_dividends_ix(&provider.pool, &staker.pubkey());
    let receipt = world.ok(&[claim], &[]);
    after = world.position(&provider.pool, &staker.pubkey());
    assert_eq!(
        (after.dividend_due, after.dividend_claimed),
        (0, 1_010 * UNIT)
    );
    logged(
        &receipt,
        &[DividendsClaimed {
            pool: provider.pool,
            staker: staker.pubkey(),
            claimed: 1_010 * UNIT,
        }],
    );
}

#[test]
fn two_claims_pay_what_one_claim_pays() {
    let (mut world, provider, staker, claim) = due();
    world.ok(std::slice::from_ref(&claim), &[]);
    world.refused(std::slice::from_ref(&claim), &[], "NothingDue");
    world.dividends(&provider.pool, 3 * UNIT);
    world.ok(std::slice::from_ref(&claim), &[]);
    world.refused(std::slice::from_ref(&claim), &[], "NothingDue");
    world.dividends(&provider.pool, 3 * UNIT);
    world.ok(&[claim], &[]);
    // The owner, who waited, has as much.
    assert_eq!(
        world.tokens(&staker.pubkey(), &world.reward_mint),
        1_003 * UNIT
    );
    assert_eq!(
        world.claim_dividends(&provider.pool, &provider.owner.pubkey()),
        1_003 * UNIT
    );
    assert_eq!(world.dividend_vault(&provider.pool), 0);
}

#[test]
fn nothing_is_due_before_dividends_and_to_a_position_without_shares() {
    let mut world = World::new();
    let provider = world.provider();
    let early = world.claim_dividends_ix(&provider.pool, &provider.owner.pubkey());
    world.refused(&[early], &[], "WrongVault");
    world.dividends(&provider.pool, 5 * UNIT);
    let late = world.delegate(&provider.pool, 1);
    world.thaw(&late, &provider.pool, 1, 0);
    let claim = world.claim_dividends_ix(&provider.pool, &late.pubkey());
    world.refused(&[claim], &[], "NothingDue");
}

#[test]
fn dividends_are_paid_from_the_pool_s_dividend_vault_only() {
    let (mut world, provider, _, claim) = due();
    let (other, mint) = (world.provider(), world.reward_mint);
    world.dividends(&other.pool, 5_000);
    world.mint_to(&provider.pool, &mint, 5_000);
    let look_alike = address::token_account(&provider.pool, &mint.address, &mint.token_program);
    let vault = address::dividends(&provider.pool);
    for wrong in [
        address::dividends(&other.pool),
        address::vault(&provider.pool),
        look_alike,
    ] {
        let bent = claim.with(&vault, &wrong);
        world.refused(&[bent], &[], "WrongVault");
    }
}

#[test]
fn where_dividends_are_stake_the_two_vaults_stay_apart() {
    let mut world = World::bare();
    world.reward_mint = world.stake_mint;
    let (payer, args) = (world.payer.pubkey(), world.network_args(PARAMS));
    let mint = world.stake_mint;
    let create = ix::create_network(&payer, &payer, &mint.address, &mint.address, args);
    world.ok(&[create], &[]);
    let provider = world.provider();
    let (owner, pool) = (provider.owner.pubkey(), provider.pool);
    world.dividends(&pool, UNIT);
    let (stakes, dividends) = (address::vault(&pool), address::dividends(&pool));
    let claim = world.claim_dividends_ix(&pool, &owner);
    world.refused(&[claim.with(&dividends, &stakes)], &[], "WrongVault");
    let ticket = world.thaw(&provider.owner, &pool, 10_000 * TOKEN, 7);
    world.advance(8 * 86_400);
    let withdraw = world.withdraw_ix(&ticket);
    world.refused(&[withdraw.with(&stakes, &dividends)], &[], "WrongVault");
    world.ok(&[claim], &[]);
    assert_eq!(
        (world.vault(&pool), world.dividend_vault(&pool)),
        (10_000 * TOKEN, 0)
    );
    world.ok(&[withdraw], &[]);
    assert_eq!(world.tokens(&owner, &mint), 10_000 * TOKEN + UNIT);
}

#[test]
fn a_position_is_paid_by_its_own_pool() {
    let (mut world, provider, staker, claim) = due();
    let other = world.provider();
    world.dividends(&other.pool, 5_000);
    let position = address::position(&provider.pool, &staker.pubkey());
    let elsewhere = address::position(&other.pool, &other.owner.pubkey());
    let foreign = claim.with(&position, &elsewhere);
    world.refused(&[foreign], &[], "WrongPosition");
    let other_pool = claim.with(&provider.pool, &other.pool).with(
        &address::dividends(&provider.pool),
        &address::dividends(&other.pool),
    );
    world.refused(&[other_pool], &[], "WrongPosition");
}

#[test]
fn dividends_go_to_the_staker_s_associated_account_only() {
    let (mut world, provider, staker, claim) = due();
    let (mint, pay) = (world.reward_mint, world.pay_mint);
    let own = address::token_account(&staker.pubkey(), &mint.address, &mint.token_program);
    let thief = world.party().pubkey();
    world.open_account(&thief, &mint);
    world.open_account(&staker.pubkey(), &pay);
    let thief_s = address::token_account(&thief, &mint.address, &mint.token_program);
    let owner = provider.owner.pubkey();
    let owner_s = address::token_account(&owner, &mint.address, &mint.token_program);
    let other_mint = address::token_account(&staker.pubkey(), &pay.address, &pay.token_program);
    for destination in [thief_s, owner_s, other_mint, staker.pubkey()] {
        let bent = claim.with(&own, &destination);
        world.refused(&[bent], &[], "NotAssociatedAccount");
    }
    let in_a_circle = claim.with(&own, &address::dividends(&provider.pool));
    world.refused(&[in_a_circle], &[], "ConstraintDuplicateMutableAccount");
    let worthless = claim
        .with(&own, &other_mint)
        .with(&mint.address, &pay.address);
    world.refused(&[worthless], &[], "Custom(3)");
}

#[test]
fn claim_dividends_refuses_other_token_programs_and_types() {
    let (mut world, provider, staker, claim) = due();
    let none = claim.with(&TOKEN_PROGRAM, &sluice_client::ID);
    world.refused(&[none], &[], "IncorrectProgramId");
    let other = claim.with(&TOKEN_PROGRAM, &TOKEN_2022_PROGRAM);
    world.refused(&[other], &[], "NotAssociatedAccount");
    let position = address::position(&provider.pool, &staker.pubkey());
    world.refuses_look_alikes(&claim, &[provider.pool, position], &[]);
}

#[test]
fn a_claim_waits_for_an_associated_account_that_is_still_the_staker_s() {
    let (mut world, _, staker, claim) = due();
    let (mint, buyer) = (world.reward_mint, world.party());
    world.give_away(&staker, &mint, &buyer.pubkey());
    world.refused(std::slice::from_ref(&claim), &[], "RecipientChangedOwner");
    world.give_back(&buyer, &staker.pubkey(), &mint);
    world.close_account(&staker, &mint);
    world.refused(std::slice::from_ref(&claim), &[], "RecipientChangedOwner");
    world.open_account(&staker.pubkey(), &mint);
    world.ok(&[claim], &[]);
    assert_eq!(world.tokens(&staker.pubkey(), &mint), 1_000 * UNIT);
}

#[test]
fn a_staker_with_a_frozen_account_holds_up_nobody() {
    let mut world = World::bare();
    world.reward_mint = world.freezable_mint();
    let (payer, args) = (world.payer.pubkey(), world.network_args(PARAMS));
    let (stakes, mint) = (world.stake_mint.address, world.reward_mint);
    let create = ix::create_network(&payer, &payer, &stakes, &mint.address, args);
    world.ok(&[create], &[]);
    let provider = world.provider();
    let staker = world.delegate(&provider.pool, 10_000 * TOKEN);
    world.dividends(&provider.pool, 2_000 * UNIT);
    world.freeze_tokens_of(&staker.pubkey(), &mint);
    let claim = world.claim_dividends_ix(&provider.pool, &staker.pubkey());
    world.refused(std::slice::from_ref(&claim), &[], "Custom(17)");
    let owner = provider.owner.pubkey();
    assert_eq!(world.claim_dividends(&provider.pool, &owner), 1_000 * UNIT);
    // Its stake leaves all the same, and its dividends wait.
    let ticket = world.thaw(&staker, &provider.pool, 10_000 * TOKEN, 7);
    world.advance(7 * 86_400);
    assert_eq!(world.withdraw(&ticket), 10_000 * TOKEN);
    world.thaw_tokens_of(&staker.pubkey(), &mint);
    world.ok(&[claim], &[]);
    assert_eq!(world.tokens(&staker.pubkey(), &mint), 1_000 * UNIT);
}
