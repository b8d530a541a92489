mod kept;

use {
    sluice_client::{
        Attester, Ledger, Provider, StakePool, address,
        instruction::{
            self as ix,
            token::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
        },
    },
    sluice_tests::world::{DAY, ProviderHandle, Site, TOKEN, Tamper, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
};

/// A provider whose pool everybody left, and the closing of the pool.
fn left() -> (World, ProviderHandle, Instruction) {
    let mut world = World::new();
    let provider = world.left_provider();
    let close = world.close_pool_ix(&provider.pool);
    (world, provider, close)
}

/// The same with dividends paid out: a dividend vault has to be closed before.
fn left_with_dividends() -> (World, ProviderHandle) {
    let mut world = World::new();
    let provider = world.provider();
    world.dividends(&provider.pool, 10_000 * TOKEN);
    world.leave_pool(&provider.owner, &provider.pool);
    (world, provider)
}

#[test]
fn a_pool_that_everybody_left_closes_to_its_rent_payer() {
    let (mut world, provider, _) = left();
    let vault = address::vault(&provider.pool);
    let rent_payer = world.party().pubkey();
    world.edit(&provider.pool, |pool: &mut StakePool| {
        pool.rent_payer = rent_payer
    });
    let rent = world.lamports(&provider.pool) + world.lamports(&vault);
    let before = world.lamports(&rent_payer);
    let close = world.close_pool_ix(&provider.pool);
    world.ok(std::slice::from_ref(&close), &[&provider.owner]);
    assert!(world.is_gone(&provider.pool) && world.is_gone(&vault));
    assert_eq!(world.lamports(&rent_payer) - before, rent);
    world.refused(&[close], &[&provider.owner], "AccountDataTooSmall");
}

#[test]
fn the_dividend_vault_goes_first_and_the_pool_second() {
    let (mut world, provider) = left_with_dividends();
    let (owner, pool) = (&provider.owner, provider.pool);
    let (stakes, dividends) = (address::vault(&pool), address::dividends(&pool));
    let close = world.close_pool_ix(&pool);
    let out_of_turn = close.with(&dividends, &stakes);
    world.refused(&[out_of_turn], &[owner], "WrongVault");

    let (rent, payer) = (world.lamports(&dividends), world.payer.pubkey());
    let mut state = world.stake_pool(&pool);
    let before = world.lamports(&payer);
    let receipt = world.ok(std::slice::from_ref(&close), &[owner]);
    assert_eq!(world.lamports(&payer) + receipt.fee - before, rent);
    assert!(world.is_gone(&dividends) && !world.is_gone(&stakes));
    state.dividend_vault = Address::default();
    state.dividend_period = 0;
    let after = world.stake_pool(&pool);
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&state));
    world.refused(&[close], &[owner], "WrongVault");

    let close = world.close_pool_ix(&pool);
    world.ok(&[close], &[owner]);
    assert!(world.is_gone(&pool) && world.is_gone(&stakes));
}

#[test]
fn what_is_left_in_the_vaults_goes_to_the_owner() {
    let (mut world, provider) = left_with_dividends();
    let (owner, pool) = (&provider.owner, provider.pool);
    let (stakes, dividends) = (world.stake_mint, world.reward_mint);
    world.mint_into(&address::vault(&pool), &stakes, 77);
    world.mint_into(&address::dividends(&pool), &dividends, 33);
    for (mint, held, left) in [
        (dividends, 10_000 * TOKEN, 33),
        (stakes, 10_000 * TOKEN, 77),
    ] {
        assert_eq!(world.tokens(&owner.pubkey(), &mint), held);
        let close = world.close_pool_ix(&pool);
        // Not to anybody else's account.
        let thief = world.party().pubkey();
        world.open_account(&thief, &mint);
        let account = |key| address::token_account(key, &mint.address, &mint.token_program);
        let stolen = close.with(&account(&owner.pubkey()), &account(&thief));
        world.refused(&[stolen], &[owner], "NotAssociatedAccount");
        world.ok(&[close], &[owner]);
        assert_eq!(world.tokens(&owner.pubkey(), &mint), held + left);
    }
    assert!(world.is_gone(&pool));
}

#[test]
fn a_pool_closes_also_when_its_provider_is_gone() {
    let (mut world, provider, close) = left();
    let state: Provider = world.chain.get(&provider.address).unwrap();
    let gone = ix::close_provider(&provider.address, &state);
    world.ok(&[gone], &[&provider.owner]);
    world.ok(&[close], &[&provider.owner]);
}

#[test]
fn only_its_owner_closes_a_pool() {
    let (mut world, provider, close) = left();
    let owner = provider.owner.pubkey();
    let without = close.unsigned(&owner);
    world.refused(&[without], &[], "MissingRequiredSignature");
    for other in [&world.party(), &provider.operator] {
        let as_other = close.with(&owner, &other.pubkey());
        world.refused(&[as_other], &[other], "NotOwner");
    }
}

#[test]
fn a_pool_s_rent_goes_to_whoever_paid_it() {
    let (mut world, provider, close) = left();
    let payer = world.payer.pubkey();
    for thief in [world.party().pubkey(), provider.owner.pubkey()] {
        let stolen = close.with(&payer, &thief);
        world.refused(&[stolen], &[&provider.owner], "ConstraintAddress");
    }
    world.edit(&provider.pool, |pool: &mut StakePool| {
        pool.rent_payer = provider.owner.pubkey()
    });
    let close = world.close_pool_ix(&provider.pool);
    world.ok(&[close], &[&provider.owner]);
}

#[test]
fn pool_subject_and_vault_belong_together() {
    let (mut world, provider, close) = left();
    let (other, owner) = (world.left_provider(), &provider.owner);
    // A provider with nodes shows another that has none.
    let set = world.set(1, 1);
    world.node(&provider, &set.address);
    for subject in [other.address, world.key().pubkey()] {
        let bent = close.with(&provider.address, &subject);
        world.refused(&[bent], &[owner], "WrongStakePool");
    }
    let other_pool = close.with(&provider.pool, &other.pool);
    world.refused(&[other_pool], &[owner], "NotOwner");

    let bare = world.left_provider();
    let close = world.close_pool_ix(&bare.pool);
    let mint = world.stake_mint;
    world.mint_to(&bare.pool, &mint, 7);
    let look_alike = address::token_account(&bare.pool, &mint.address, &mint.token_program);
    let vault = address::vault(&bare.pool);
    for wrong in [address::vault(&other.pool), look_alike] {
        let bent = close.with(&vault, &wrong);
        world.refused(&[bent], &[&bare.owner], "WrongVault");
    }
}

#[test]
fn close_stake_pool_refuses_other_token_programs_and_types() {
    let (mut world, provider, close) = left();
    let owner = &provider.owner;
    let other = close.with(&TOKEN_PROGRAM, &TOKEN_2022_PROGRAM);
    world.refused(&[other], &[owner], "IncorrectProgramId");
    let none = close.with(&TOKEN_PROGRAM, &sluice_client::ID);
    world.refused(&[none], &[owner], "IncorrectProgramId");
    let impostor = world.impostor();
    world.refuses_look_alikes(&close, &[provider.pool], &[owner]);
    // What stands at the subject's address is read strictly.
    world.edit(&provider.pool, |pool: &mut StakePool| {
        pool.subject = impostor
    });
    let strange = close.with(&provider.address, &impostor);
    world.refused(&[strange], &[owner], "NotASubject");
}

#[test]
fn a_wrong_mint_moves_nothing() {
    let (mut world, provider, close) = left();
    let (mint, owner) = (world.stake_mint, &provider.owner);
    world.mint_into(&address::vault(&provider.pool), &mint, 5);
    let (pay, key) = (world.pay_mint, owner.pubkey());
    let account = |mint: &Address| address::token_account(&key, mint, &TOKEN_PROGRAM);
    let half = close.with(&mint.address, &pay.address);
    world.refused(&[half], &[owner], "NotAssociatedAccount");
    let whole = close
        .with(&mint.address, &pay.address)
        .with(&account(&mint.address), &account(&pay.address));
    world.refused(&[whole], &[owner], "Custom(3)");
}

#[test]
fn a_pool_closed_and_created_anew_works() {
    let (mut world, provider) = left_with_dividends();
    let (owner, pool) = (&provider.owner, provider.pool);
    for _ in 0..2 {
        let close = world.close_pool_ix(&pool);
        world.ok(&[close], &[owner]);
    }
    world.stake(&provider.address, owner, 500 * TOKEN);
    let state = world.stake_pool(&pool);
    assert_eq!(
        (state.tokens, state.active_shares),
        (500 * TOKEN, 500 * TOKEN)
    );
    assert_eq!((state.positions, state.opened_slot), (1, world.slot()));
    assert_eq!((state.dividend_index, state.dividend_rem), ([0; 2], 0));
    assert_eq!((state.dividend_total_in, state.slashed), (0, 0));
    assert_eq!(state.dividend_vault, Address::default());
    let staker = world.delegate(&pool, 500 * TOKEN);
    world.dividends(&pool, 1_000 * TOKEN);
    assert_eq!(world.claim_dividends(&pool, &staker.pubkey()), 500 * TOKEN);
    world.leave_pool(owner, &pool);
    world.leave_pool(&staker, &pool);
    for _ in 0..2 {
        let close = world.close_pool_ix(&pool);
        world.ok(&[close], &[owner]);
    }
    assert!(world.is_gone(&pool));
}

#[test]
fn a_pool_of_which_only_the_dividend_vault_was_closed_goes_on() {
    let mut world = World::new();
    let provider = world.provider();
    let (owner, pool) = (&provider.owner, provider.pool);
    // Three shares and a remainder.
    world.add_stake(owner, &pool, 3);
    world.dividends(&pool, 1_000);
    world.leave_pool(owner, &pool);
    let close = world.close_pool_ix(&pool);
    world.ok(&[close], &[owner]);
    // What could not be divided went to the owner, and is not owed again.
    let staker = world.delegate(&pool, 7);
    for _ in 0..20 {
        world.dividends(&pool, 1);
    }
    let close = world.close_pool_ix(&pool);
    world.refused(&[close], &[owner], "StillInUse");
    let paid = world.claim_dividends(&pool, &staker.pubkey());
    assert!(paid == 19 || paid == 20, "{paid}");
    assert_eq!(world.dividend_vault(&pool), 20 - paid);
}

#[test]
fn a_pause_holds_up_nobody_who_leaves() {
    let mut world = World::new();
    let provider = world.provider();
    let (owner, pool) = (&provider.owner, provider.pool);
    let staker = world.delegate(&pool, 10_000 * TOKEN);
    world.dividends(&pool, 20_000 * TOKEN);
    world.slash(&pool, 2_000 * TOKEN);
    let pause = |world: &mut World| {
        let pause = ix::pause(&world.payer.pubkey(), &world.network, 7 * DAY);
        world.ok(&[pause], &[]);
    };
    pause(&mut world);
    let more = world.stake_ix(&staker.pubkey(), &pool, 1);
    world.refused(&[more], &[&staker], "Paused");
    let cancelled = world.thaw(&staker, &pool, 5, 7);
    world.chain.advance_slot(1);
    let cancel = world.cancel_unstake_ix(&cancelled);
    world.ok(&[cancel], &[&staker]);
    let tickets = [owner, &staker].map(|key| world.thaw(key, &pool, 10_000 * TOKEN, 7));
    let burn = world.burn_ix(&pool);
    world.ok(&[burn], &[]);
    // Until the last second of the pause, and again as soon as there may be another.
    world.advance(i64::from(14 * DAY));
    pause(&mut world);
    for (key, ticket) in [owner, &staker].into_iter().zip(tickets) {
        assert_eq!(world.withdraw(&ticket), 9_000 * TOKEN);
        let paid = world.claim_dividends(&pool, &key.pubkey());
        assert_eq!(paid, 10_000 * TOKEN);
        world.leave_pool(key, &pool);
    }
    for _ in 0..2 {
        let close = world.close_pool_ix(&pool);
        world.ok(&[close], &[owner]);
    }
    assert!(world.is_gone(&pool));
}

#[test]
fn a_provider_that_was_slashed_by_a_ruling_winds_everything_up() {
    let mut site = Site::new();
    let (pool, owner) = (site.provider.pool, site.provider.owner.insecure_clone());
    let staker = site.world.delegate(&pool, 10_000 * TOKEN);
    site.world.give_dividends(&pool, 20_000 * TOKEN);
    site.slash(500 * TOKEN);
    let challenge = address::challenge(&site.job.address, site.state().incarnation, 0);
    site.wind_up();
    let gone = ix::close_node(
        &owner.pubkey(),
        &site.node.address,
        &site.world.node_state(&site.node),
    );
    site.world.ok(&[gone], &[&owner]);
    site.world.leave_pool(&staker, &pool);
    site.world.leave_pool(&owner, &pool);
    for key in [&staker, &owner] {
        let held = site.world.tokens(&key.pubkey(), &site.world.stake_mint);
        assert_eq!(held, 9_750 * TOKEN);
    }

    // The slash waits to be burned and the bond for its winner.
    let close = site.world.close_pool_ix(&pool);
    let refused = |site: &mut Site| {
        site.world
            .refused(std::slice::from_ref(&close), &[&owner], "StillInUse");
    };
    refused(&mut site);
    let burn = site.world.burn_ix(&pool);
    site.world.ok(&[burn], &[]);
    refused(&mut site);
    let settle = ix::settle_challenge(
        &site.world.chain.get(&challenge).unwrap(),
        &site.world.stake_pool(&pool),
        &site.world.stake_mint.token_program,
    );
    site.world.ok(&[settle], &[]);
    assert_eq!(site.world.vault(&pool), 0);
    for _ in 0..2 {
        let close = site.world.close_pool_ix(&pool);
        site.world.ok(&[close], &[&owner]);
    }
    assert!(site.world.is_gone(&pool));
}
