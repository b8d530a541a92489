//! Every extension of Token-2022 on the mint of a reward pool.
use {
    sluice_client::{
        Ledger, RewardPool, address,
        instruction::{self as ix, token::TOKEN_2022_PROGRAM},
    },
    sluice_tests::world::{
        Stage, World,
        extensions::{accepted, refused, withheld_by_the_token_program},
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
    spl_token_2022_interface::extension::ExtensionType,
    std::slice::from_ref,
};

/// A world with an empty pool that begins now and a funder of 1,000 base units.
fn staged(mut world: World) -> (World, Address, Keypair) {
    let set = world.dormant_set(1, 1);
    let (creator, funder) = (world.party(), world.party());
    let new = world.new_reward_pool(&set.address, 1, world.reward_terms());
    let pool = world.reward_pool(&creator, &new);
    let mint = world.reward_mint;
    world.mint_to(&funder.pubkey(), &mint, 1_000);
    (world, pool, funder)
}

/// A stage with one earner whose stream has run to its end.
fn streamed(world: World) -> Stage {
    let mut stage = Stage::on(world, &[&[5]], |_| ()).baselined();
    stage.work(0, 0);
    stage.enter(3);
    stage
}

#[test]
fn no_reward_pool_is_created_in_a_mint_that_could_change_or_withhold_what_a_vault_holds() {
    let mut world = World::new();
    let set = world.dormant_set(1, 1).address;
    let payer = world.payer.pubkey();
    for extension in refused() {
        for mint in world.mints_with(extension) {
            let mut new = world.new_reward_pool(&set, 1, world.reward_terms());
            (new.mint, new.token_program) = (mint.address, mint.token_program);
            let create = ix::create_reward_pool(&payer, &payer, &new);
            world.policy_refuses(extension, &create, &[]);
        }
    }
}

#[test]
fn a_pool_is_created_funded_and_claimed_in_a_mint_with_any_extension_that_only_describes() {
    for extension in accepted() {
        let mut stage = streamed(World::in_mints_with(Some(extension)));
        let claim = stage.claim_ix(0);
        stage.world.comes_to(extension, &claim, &[], None);
        assert_eq!(stage.held(0), 1_000_003);
        assert_eq!(stage.world.vault(&stage.pool), 9 * 1_000_003);
    }
}

#[test]
fn a_pool_is_not_funded_once_its_mint_carries_a_refused_extension() {
    let (mut world, pool, funder) = staged(World::in_mints_with(None));
    let fund = world.fund_ix(&funder.pubkey(), &pool, 5);
    let mint = world.reward_mint.address;
    for extension in refused() {
        let genuine = world.plant(&mint, extension);
        world.policy_refuses(extension, &fund, &[&funder]);
        world.restore(&mint, genuine);
    }
    world.ok(&[fund], &[&funder]);
}

#[test]
fn rewards_are_claimed_under_a_refused_extension() {
    for extension in refused() {
        let mut stage = streamed(World::in_mints_with(None));
        let (claim, mint) = (stage.claim_ix(0), stage.world.reward_mint.address);
        let genuine = stage.world.plant(&mint, extension);
        let withheld = withheld_by_the_token_program(extension);
        stage.world.comes_to(extension, &claim, &[], withheld);
        if withheld.is_some() {
            stage.world.restore(&mint, genuine);
            stage.world.ok(&[claim], &[]);
        }
        assert_eq!((extension, stage.held(0)), (extension, 1_000_003));
    }
}

/// What leaves the pool does so while its mint carries the extension, or as soon as the token program lets it.
fn leaves(stage: &mut Stage, extension: ExtensionType, exit: &Instruction) {
    let mint = stage.world.reward_mint.address;
    let genuine = stage.world.plant(&mint, extension);
    let withheld = withheld_by_the_token_program(extension);
    stage.world.comes_to(extension, exit, &[], withheld);
    stage.world.restore(&mint, genuine);
    if withheld.is_some() {
        stage.world.ok(from_ref(exit), &[]);
    }
}

#[test]
fn delegators_parts_and_leftovers_leave_under_a_refused_extension() {
    for extension in refused() {
        let world = World::in_mints_with(None);
        let mut stage = Stage::on(world, &[&[5]], |_| ()).baselined();
        stage.commission(0, 5_000);
        stage.open_dividends(0);
        stage.work(0, 0);
        stage.end();
        let pay = stage.pay_ix(0);
        leaves(&mut stage, extension, &pay);
        assert_eq!((extension, stage.dividends(0)), (extension, 500_001));
        stage.fold(0, 1);
        stage.claim(0);
        stage.close_epoch(1);
        stage.close_share(0);
        let back = stage.return_ix();
        leaves(&mut stage, extension, &back);
        let (vault, mint) = (address::vault(&stage.pool), stage.world.reward_mint);
        stage.world.mint_into(&vault, &mint, 3);
        let close = stage.close_pool_ix();
        leaves(&mut stage, extension, &close);
        assert!(stage.world.is_gone(&stage.pool) && stage.world.is_gone(&vault));
        let refunded = stage.world.tokens(&stage.world.payer.pubkey(), &mint);
        assert_eq!(refunded, 9 * 1_000_003 + 3);
    }
}

#[test]
fn a_mint_of_rewards_that_comes_back_otherwise_moves_nothing() {
    for world in [World::new(), World::in_mints_with(None)] {
        let mut stage = streamed(world);
        let mint = stage.world.reward_mint;
        let payer = stage.world.payer.pubkey();
        stage.world.mint_to(&payer, &mint, 5);
        let fund = stage.world.fund_ix(&payer, &stage.pool, 5);
        let claim = stage.claim_ix(0);
        for decimals in [0, 5, 7, 255] {
            let genuine = stage.world.change_decimals(&mint, decimals);
            // The token program's MintDecimalsMismatch.
            stage.refused(&fund, "Custom(18)");
            stage.refused(&claim, "Custom(18)");
            stage.world.restore(&mint.address, genuine);
        }
        if mint.token_program == TOKEN_2022_PROGRAM {
            let genuine = stage.world.change_program(&mint);
            stage.refused(&fund, "IncorrectProgramId");
            stage.refused(&claim, "IncorrectProgramId");
            stage.world.restore(&mint.address, genuine);
        }
        stage.world.ok(from_ref(&fund), &[]);
        assert_eq!(stage.claim(0), 1_000_003);
    }
}

#[test]
fn funding_counts_what_it_brought_and_not_what_lies_in_the_vault() {
    let (mut world, pool, funder) = staged(World::in_mints_with(None));
    let mint = world.reward_mint;
    world.mint_into(&address::vault(&pool), &mint, 77);
    let fund = world.fund_ix(&funder.pubkey(), &pool, 5);
    world.ok(&[fund], &[&funder]);
    let state: RewardPool = world.chain.get(&pool).unwrap();
    assert_eq!((state.funded, state.unallocated), (5, 5));
    assert_eq!(world.vault(&pool), 77 + 5);
}
