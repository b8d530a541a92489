use {
    sluice_client::{
        Ledger, RewardPool, RewardTerms, address,
        instruction::{
            self as ix, NewRewardPool,
            token::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
        },
    },
    sluice_tests::world::{DAY, SOL, Tamper, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
    spl_token_2022_interface::extension::ExtensionType,
};

/// A world, the parts of a good pool and the instruction by which the world's payer creates it.
fn staged() -> (World, NewRewardPool, Instruction) {
    let mut world = World::new();
    let set = world.dormant_set(1, 1);
    let new = world.new_reward_pool(&set.address, 9, world.reward_terms());
    let create = create(&world, &new);
    (world, new, create)
}

fn create(world: &World, new: &NewRewardPool) -> Instruction {
    let payer = world.payer.pubkey();
    ix::create_reward_pool(&payer, &payer, new)
}

fn pool_of(world: &World, new: &NewRewardPool) -> Address {
    address::reward_pool(&new.network, &world.payer.pubkey(), new.id)
}

/// Creating a pool of such terms comes to `name`, or succeeds if it is empty.
#[track_caller]
fn comes_to(name: &str, change: impl FnOnce(&mut RewardTerms)) {
    let (mut world, mut new, _) = staged();
    change(&mut new.terms);
    let create = create(&world, &new);
    if name.is_empty() {
        world.ok(&[create], &[]);
        let pool: RewardPool = world.chain.get(&pool_of(&world, &new)).unwrap();
        assert_eq!(pool.terms, new.terms);
    } else {
        world.refused(&[create], &[], name);
    }
}

#[test]
fn a_pool_is_created_empty_with_its_terms() {
    let (mut world, mut new, _) = staged();
    let (payer, creator) = (world.party(), world.key());
    new.refund_owner = world.key().pubkey();
    let create = ix::create_reward_pool(&payer.pubkey(), &creator.pubkey(), &new);
    world.ok(&[create], &[&payer, &creator]);

    let key = address::reward_pool(&world.network, &creator.pubkey(), 9);
    let pool: RewardPool = world.chain.get(&key).unwrap();
    assert_eq!((pool.network, pool.set), (world.network, new.set));
    assert_eq!(
        (pool.creator, pool.rent_payer),
        (creator.pubkey(), payer.pubkey())
    );
    assert_eq!((pool.mint, pool.vault), (new.mint, address::vault(&key)));
    assert_eq!(pool.refund_owner, new.refund_owner);
    assert_eq!(pool.terms, new.terms);
    assert_eq!((pool.id, pool.incarnation), (9, world.slot()));
    assert_eq!((pool.funded, pool.claimed, pool.returned), (0, 0, 0));
    assert_eq!((pool.unallocated, pool.earned), (0, 0));
    assert_eq!((pool.epochs, pool.shares), (0, 0));
    assert_eq!(pool.decimals, 6);
    let vault = world.chain.account(&pool.vault).unwrap().unwrap();
    assert_eq!(vault.data[32..64], key.to_bytes());
    assert_eq!(world.vault(&key), 0);
}

#[test]
fn rate_ceiling_and_node_cap_are_at_least_one() {
    comes_to("TermIsZero", |terms| terms.rate = 0);
    comes_to("TermIsZero", |terms| terms.ceiling = 0);
    comes_to("TermIsZero", |terms| terms.node_cap = 0);
    comes_to("", |terms| {
        (terms.rate, terms.ceiling, terms.node_cap) = (1, 1, 1)
    });
    comes_to("", |terms| terms.rate = u64::MAX);
}

#[test]
fn an_epoch_lasts_between_a_minute_and_thirty_days() {
    comes_to("EpochOutOfBounds", |terms| terms.epoch_secs = 0);
    comes_to("EpochOutOfBounds", |terms| terms.epoch_secs = 59);
    comes_to("", |terms| terms.epoch_secs = 60);
    comes_to("", |terms| terms.epoch_secs = 30 * DAY);
    comes_to("EpochOutOfBounds", |terms| terms.epoch_secs = 30 * DAY + 1);
    comes_to("EpochOutOfBounds", |terms| terms.epoch_secs = u32::MAX);
}

#[test]
fn the_end_lies_after_the_start_and_the_start_after_1970() {
    comes_to("EndBeforeStart", |terms| terms.end_at = terms.start_at);
    comes_to("EndBeforeStart", |terms| terms.end_at = terms.start_at - 1);
    comes_to("", |terms| terms.end_at = terms.start_at + 1);
    comes_to("EndBeforeStart", |terms| terms.start_at = -1);
    comes_to("EndBeforeStart", |terms| terms.start_at = i64::MIN);
}

#[test]
fn a_pool_starts_and_ends_within_ten_years() {
    let decade = 3_653 * i64::from(DAY);
    let now = World::bare().now();
    comes_to("", |terms| terms.start_at = now - decade);
    comes_to("PoolDateTooFar", |terms| terms.start_at = now - decade - 1);
    comes_to("PoolDateTooFar", |terms| terms.start_at = 0);
    comes_to("", |terms| terms.end_at = now + decade);
    comes_to("PoolDateTooFar", |terms| terms.end_at = now + decade + 1);
    comes_to("", |terms| {
        (terms.start_at, terms.end_at) = (now + decade - 1, now + decade)
    });
    comes_to("PoolDateTooFar", |terms| terms.end_at *= 1_000);
    comes_to("PoolDateTooFar", |terms| {
        (terms.start_at, terms.end_at) = (i64::MAX - 1, i64::MAX)
    });
}

#[test]
fn the_end_lies_in_the_future_to_the_second() {
    let now = World::bare().now();
    comes_to("DateInPast", |terms| {
        (terms.start_at, terms.end_at) = (now - 9, now - 1)
    });
    comes_to("DateInPast", |terms| {
        (terms.start_at, terms.end_at) = (now - 9, now)
    });
    comes_to("", |terms| {
        (terms.start_at, terms.end_at) = (now - 9, now + 1)
    });
}

#[test]
fn reserved_bytes_of_the_terms_are_zero() {
    for byte in 0..4 {
        comes_to("ReserveNotZero", |terms| terms.reserve[byte] = 1);
    }
}

#[test]
fn payer_and_creator_sign() {
    let (mut world, new, _) = staged();
    let (payer, creator) = (world.party(), world.key());
    let create = ix::create_reward_pool(&payer.pubkey(), &creator.pubkey(), &new);
    let without = create.unsigned(&payer.pubkey());
    world.refused(&[without], &[&creator], "MissingRequiredSignature");
    let without = create.unsigned(&creator.pubkey());
    world.refused(&[without], &[&payer], "MissingRequiredSignature");
}

#[test]
fn a_pool_is_created_once_for_creator_and_number() {
    let (mut world, mut new, create_9) = staged();
    world.ok(std::slice::from_ref(&create_9), &[]);
    world.refused(&[create_9], &[], "Custom(0)");
    new.id = u64::MAX;
    let other = create(&world, &new);
    world.ok(&[other], &[]);
}

#[test]
fn a_pool_pins_a_set_of_its_own_network() {
    let (mut world, new, create) = staged();
    let other = world.other_network();
    let foreign = world.within(&other, |world| world.dormant_set(1, 1).address);
    let mixed = create.with(&new.set, &foreign);
    world.refused(&[mixed], &[], "WrongNetwork");
    world.refuses_look_alikes(&create, &[new.set, new.network], &[]);
}

#[test]
fn pool_and_vault_stand_at_their_own_addresses_whoever_sent_lamports_there() {
    let (mut world, new, create) = staged();
    let pool = pool_of(&world, &new);
    let elsewhere = world.key().pubkey();
    for part in [pool, address::vault(&pool)] {
        let wrong = create.with(&part, &elsewhere);
        world.refused(&[wrong], &[], "InvalidSeeds");
        world.chain.airdrop(&part, SOL).unwrap();
    }
    world.ok(&[create], &[]);
    assert_eq!(world.vault(&pool), 0);
}

#[test]
fn a_pool_holds_mints_that_the_policy_accepts() {
    let (mut world, new, create) = staged();
    let with = |world: &mut World, extensions: &[ExtensionType]| {
        let mint = world.mint_2022(extensions);
        create
            .with(&new.mint, &mint.address)
            .with(&TOKEN_PROGRAM, &TOKEN_2022_PROGRAM)
    };
    for extension in [ExtensionType::TransferFeeConfig, ExtensionType::Pausable] {
        let refused = with(&mut world, &[extension]);
        world.refused(&[refused], &[], "MintExtensionRefused");
    }
    let no_mint = create.with(&new.mint, &new.set);
    world.refused(&[no_mint], &[], "NotAMint");
    let other_program = create.with(&TOKEN_PROGRAM, &TOKEN_2022_PROGRAM);
    world.refused(&[other_program], &[], "WrongTokenProgram");
    let no_program = create.with(&TOKEN_PROGRAM, &sluice_client::ID);
    world.refused(&[no_program], &[], "IncorrectProgramId");
    let described = with(&mut world, &[ExtensionType::MetadataPointer]);
    world.ok(&[described], &[]);
}
