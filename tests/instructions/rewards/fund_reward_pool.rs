use {
    sluice_client::{
        Ledger, RewardPool, address,
        instruction::token::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
    },
    sluice_tests::world::{Stage, Tamper, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
    spl_token_2022_interface::extension::ExtensionType,
};

/// A world with an empty pool that begins now and a funder of 1,000 base units.
fn staged() -> (World, Address, Keypair) {
    let mut world = World::new();
    let set = world.dormant_set(1, 1);
    let (creator, funder) = (world.party(), world.party());
    let new = world.new_reward_pool(&set.address, 1, world.reward_terms());
    let pool = world.reward_pool(&creator, &new);
    let mint = world.reward_mint;
    world.mint_to(&funder.pubkey(), &mint, 1_000);
    (world, pool, funder)
}

fn fund(world: &World, pool: &Address, funder: &Keypair, amount: u64) -> Instruction {
    world.fund_ix(&funder.pubkey(), pool, amount)
}

fn source(world: &World, owner: &Keypair) -> Address {
    address::token_account(&owner.pubkey(), &world.reward_mint.address, &TOKEN_PROGRAM)
}

#[test]
fn a_deposit_adds_to_what_is_funded_and_unallocated() {
    let (mut world, pool, funder) = staged();
    for (amount, total) in [(1, 1), (998, 999)] {
        let fund = fund(&world, &pool, &funder, amount);
        world.ok(&[fund], &[&funder]);
        let state: RewardPool = world.chain.get(&pool).unwrap();
        assert_eq!((state.funded, state.unallocated), (total, total));
        assert_eq!(world.vault(&pool), total);
    }
    assert_eq!(world.tokens(&funder.pubkey(), &world.reward_mint), 1);
}

#[test]
fn a_deposit_of_nothing_or_of_more_than_the_funder_has_is_refused() {
    let (mut world, pool, funder) = staged();
    let none = fund(&world, &pool, &funder, 0);
    world.refused(&[none], &[&funder], "AmountTooSmall");
    for amount in [1_001, u64::MAX] {
        let too_much = fund(&world, &pool, &funder, amount);
        world.refused(&[too_much], &[&funder], "Custom(1)");
    }
}

#[test]
fn deposits_come_before_the_start_and_until_the_second_before_the_end() {
    let (mut world, pool, funder) = staged();
    world.advance(969);
    let fund = fund(&world, &pool, &funder, 1);
    world.ok(std::slice::from_ref(&fund), &[&funder]);
    world.advance(1);
    world.refused(std::slice::from_ref(&fund), &[&funder], "PoolEnded");
    world.advance(1);
    world.refused(&[fund], &[&funder], "PoolEnded");

    let set = world.dormant_set(1, 1);
    let mut terms = world.reward_terms();
    (terms.start_at, terms.end_at) = (terms.start_at + 1_000, terms.end_at + 1_000);
    let new = world.new_reward_pool(&set.address, 2, terms);
    let later = world.reward_pool(&funder, &new);
    let early = self::fund(&world, &later, &funder, 5);
    world.ok(&[early], &[&funder]);
}

#[test]
fn a_deposit_is_for_the_incarnation_that_the_funder_saw() {
    let (mut world, pool, funder) = staged();
    let state: RewardPool = world.chain.get(&pool).unwrap();
    for seen in [state.incarnation - 1, state.incarnation + 1, 0, u64::MAX] {
        let mut stale = fund(&world, &pool, &funder, 5);
        stale.data[1..9].copy_from_slice(&seen.to_le_bytes());
        world.refused(&[stale], &[&funder], "WrongIncarnation");
    }
}

#[test]
fn the_funder_signs_for_its_own_tokens() {
    let (mut world, pool, funder) = staged();
    let thief = world.party();
    let good = fund(&world, &pool, &funder, 5);
    let without = good.unsigned(&funder.pubkey());
    world.refused(&[without], &[], "MissingRequiredSignature");
    let stolen = good.with(&funder.pubkey(), &thief.pubkey());
    world.refused(&[stolen], &[&thief], "Custom(4)");
    let in_a_circle = good.with(&source(&world, &funder), &address::vault(&pool));
    world.refused(
        &[in_a_circle],
        &[&funder],
        "ConstraintDuplicateMutableAccount",
    );
}

#[test]
fn pool_vault_mint_and_program_belong_together() {
    let (mut world, pool, funder) = staged();
    let set = world.dormant_set(1, 1);
    let new = world.new_reward_pool(&set.address, 2, world.reward_terms());
    let other = world.reward_pool(&funder, &new);
    let good = fund(&world, &pool, &funder, 5);
    let other_vault = good.with(&address::vault(&pool), &address::vault(&other));
    world.refused(&[other_vault], &[&funder], "ConstraintAddress");
    let other_mint = good.with(&world.reward_mint.address, &world.pay_mint.address);
    world.refused(&[other_mint], &[&funder], "ConstraintAddress");
    for other in [TOKEN_2022_PROGRAM, sluice_client::ID] {
        let bent = good.with(&TOKEN_PROGRAM, &other);
        world.refused(&[bent], &[&funder], "WrongTokenProgram");
    }
    world.refuses_look_alikes(&good, &[pool], &[&funder]);
}

#[test]
fn every_deposit_asks_the_mint_policy_again() {
    let (mut world, pool, funder) = staged();
    let refused = world.mint_2022(&[ExtensionType::PermanentDelegate]).address;
    let data = world.chain.account(&refused).unwrap().unwrap().data;
    let mint = world.reward_mint.address;
    let fund = fund(&world, &pool, &funder, 5);
    world.chain.put(&mint, data, &TOKEN_2022_PROGRAM).unwrap();
    world.refused(
        std::slice::from_ref(&fund),
        &[&funder],
        "MintExtensionRefused",
    );
    world.chain.put(&mint, vec![0; 82], &TOKEN_PROGRAM).unwrap();
    world.refused(&[fund], &[&funder], "NotAMint");
}

#[test]
fn all_deposits_together_fit_a_u64() {
    // The whole supply of a mint streams through the pool; what was claimed cannot come in again.
    let mut stage = Stage::ready(&[&[1]], |terms| terms.rate = u64::MAX);
    stage.work(0, 0);
    stage.enter(3);
    assert_eq!(stage.claim(0), u64::MAX);
    let owner = stage.earners[0].provider.owner.insecure_clone();
    let again = stage.world.fund_ix(&owner.pubkey(), &stage.pool, 1);
    stage.world.refused(&[again], &[&owner], "MathOverflow");
}
