use {
    sluice_client::{
        Ledger, StakePool, address,
        events::DividendsAdded,
        instruction::{
            self as ix,
            token::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
        },
    },
    sluice_tests::world::{DAY, PARAMS, ProviderHandle, SOL, TOKEN, Tamper, World, logged},
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
    spl_token_2022_interface::extension::ExtensionType,
};

/// Shares of the world's providers.
const SHARES: u64 = 10_000 * TOKEN;

/// A provider, a giver with 1,000 tokens of the dividend mint, and the gift of 7 base units.
fn giving() -> (World, ProviderHandle, Keypair, Instruction) {
    let mut world = World::new();
    let (provider, giver, mint) = (world.provider(), world.party(), world.reward_mint);
    world.mint_to(&giver.pubkey(), &mint, 1_000 * TOKEN);
    let add = world.dividends_ix(&giver.pubkey(), &provider.pool, 7);
    (world, provider, giver, add)
}

/// `amount` over `SHARES` shares as an index and a remainder.
fn index_of(amount: u64) -> ([u64; 2], u64) {
    let (scaled, shares) = (u128::from(amount) << 64, u128::from(SHARES));
    let index = scaled / shares;
    let parts = [(index >> 64) as u64, index as u64];
    (parts, (scaled % shares) as u64)
}

#[test]
fn the_first_dividends_open_the_vault_and_wait_for_the_next_period() {
    let (mut world, provider, giver, add) = giving();
    let mut pool = world.stake_pool(&provider.pool);
    let holder = world.party();
    let paid = add.with(&world.payer.pubkey(), &holder.pubkey());
    let before = [&giver, &holder].map(|key| world.lamports(&key.pubkey()));
    let receipt = world.ok(&[paid], &[&giver, &holder]);

    let key = address::dividends(&provider.pool);
    let vault = world.chain.account(&key).unwrap().unwrap();
    assert_eq!(vault.owner, TOKEN_PROGRAM);
    assert_eq!(vault.data[..32], world.reward_mint.address.to_bytes());
    assert_eq!(vault.data[32..64], provider.pool.to_bytes());
    let after = [&giver, &holder].map(|key| world.lamports(&key.pubkey()));
    assert_eq!(after, [before[0], before[1] - vault.lamports]);
    assert_eq!(world.dividend_vault(&provider.pool), 7);
    assert_eq!(
        world.tokens(&giver.pubkey(), &world.reward_mint),
        1_000 * TOKEN - 7
    );
    pool.dividend_vault = key;
    (pool.dividend_total_in, pool.dividend_next) = (7, 7);
    pool.dividend_period = u64::try_from(world.now()).unwrap() / u64::from(DAY);
    let after = world.stake_pool(&provider.pool);
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&pool));
    logged(
        &receipt,
        &[DividendsAdded {
            pool: provider.pool,
            index: [0, 0],
            total_in: 7,
            active_shares: SHARES,
            period: pool.dividend_period,
            streaming: 0,
            released: 0,
            next: 7,
        }],
    );
}

#[test]
fn later_dividends_cost_no_rent() {
    let (mut world, provider, giver, add) = giving();
    world.dividends(&provider.pool, 3 * SHARES);
    let holder = world.party();
    let paid = add.with(&world.payer.pubkey(), &holder.pubkey());
    let before = [&giver, &holder].map(|key| world.lamports(&key.pubkey()));
    world.ok(&[paid], &[&giver, &holder]);
    let after = [&giver, &holder].map(|key| world.lamports(&key.pubkey()));
    assert_eq!(after, before);
    world.advance(i64::from(2 * DAY));
    let pool = world.settled_pool(&provider.pool);
    assert_eq!(pool.dividend_total_in, 3 * SHARES + 7);
    assert_eq!(
        (pool.dividend_index, pool.dividend_rem),
        index_of(3 * SHARES + 7)
    );
    assert_eq!(world.dividend_vault(&provider.pool), 3 * SHARES + 7);
}

#[test]
fn one_base_unit_is_a_dividend_and_none_is_not() {
    let (mut world, provider, giver, _) = giving();
    // It opens the vault, once.
    let none = world.dividends_ix(&giver.pubkey(), &provider.pool, 0);
    world.ok(std::slice::from_ref(&none), &[&giver]);
    let pool = world.stake_pool(&provider.pool);
    assert_eq!(pool.dividend_vault, address::dividends(&provider.pool));
    assert_eq!((pool.dividend_index, pool.dividend_total_in), ([0, 0], 0));
    world.refused(&[none], &[&giver], "AmountTooSmall");
    let one = world.dividends_ix(&giver.pubkey(), &provider.pool, 1);
    world.ok(&[one], &[&giver]);
}

#[test]
fn dividends_of_a_pool_without_active_shares_wait_for_some() {
    let (mut world, provider, giver, add) = giving();
    let (owner, pool) = (&provider.owner, provider.pool);
    let ticket = world.thaw(owner, &pool, SHARES, 7);
    world.ok(&[add], &[&giver]);
    // However long nobody is there, whatever else comes in, it all waits.
    for periods in [1, 2, 9] {
        world.advance(i64::from(periods * DAY) + 7);
        world.give_dividends(&pool, 1);
        let state = world.stake_pool(&pool);
        assert_eq!((state.dividend_index, state.dividend_rem), ([0, 0], 0));
    }
    let cancel = world.cancel_unstake_ix(&ticket);
    world.ok(&[cancel], &[owner]);
    let claim = world.claim_dividends_ix(&pool, &owner.pubkey());
    world.refused(std::slice::from_ref(&claim), &[], "NothingDue");
    world.advance(i64::from(2 * DAY));
    assert_eq!(world.settled_pool(&pool).dividend_index, index_of(10).0);

    // Those of a pool that everybody left go to its owner, when it closes.
    let left = world.left_provider();
    let nobody = world.dividends_ix(&giver.pubkey(), &left.pool, 7);
    world.ok(&[nobody], &[&giver]);
    let (close, mint) = (world.close_pool_ix(&left.pool), world.reward_mint);
    world.open_account(&left.owner.pubkey(), &mint);
    world.ok(&[close], &[&left.owner]);
    assert_eq!(world.tokens(&left.owner.pubkey(), &mint), 7);
}

#[test]
fn nobody_gives_more_than_it_has() {
    let (mut world, provider, giver, _) = giving();
    for amount in [1_000 * TOKEN + 1, u64::MAX] {
        let add = world.dividends_ix(&giver.pubkey(), &provider.pool, amount);
        world.refused(&[add], &[&giver], "Custom(1)");
    }
}

#[test]
fn dividends_ever_added_count_modulo_2_to_the_64() {
    let (mut world, provider, _, _) = giving();
    let owner = &provider.owner;
    let rest = u64::MAX - 1_000 * TOKEN;
    world.dividends(&provider.pool, rest);
    let paid = world.claim_dividends(&provider.pool, &owner.pubkey());
    let again = world.dividends_ix(&owner.pubkey(), &provider.pool, 1_000 * TOKEN + 8);
    world.ok(&[again], &[owner]);
    world.advance(i64::from(2 * DAY));
    assert_eq!(world.stake_pool(&provider.pool).dividend_total_in, 7);
    let more = world.claim_dividends(&provider.pool, &owner.pubkey());
    // All that the index could not divide is less than a base unit.
    let given = u128::from(u64::MAX) + 8;
    let all = u128::from(paid) + u128::from(more);
    assert!(all == given || all + 1 == given, "{paid} + {more}");
    assert_eq!(
        u128::from(world.dividend_vault(&provider.pool)),
        given - all
    );
    // Stake leaves whatever dividends do.
    world.leave_pool(owner, &provider.pool);
}

#[test]
fn only_who_signs_gives_and_only_its_own_tokens() {
    let (mut world, provider, giver, add) = giving();
    let without = add.unsigned(&giver.pubkey());
    world.refused(&[without], &[], "MissingRequiredSignature");
    let (thief, mint) = (world.party(), world.reward_mint);
    let stolen = add.with(&giver.pubkey(), &thief.pubkey());
    world.refused(&[stolen], &[&thief], "Custom(4)");
    world.dividends(&provider.pool, 7);
    let other = world.provider();
    world.dividends(&other.pool, 7);
    let own = address::token_account(&giver.pubkey(), &mint.address, &mint.token_program);
    let from_vault = add.with(&own, &address::dividends(&other.pool));
    world.refused(&[from_vault], &[&giver], "Custom(4)");
    let in_a_circle = add.with(&own, &address::dividends(&provider.pool));
    world.refused(
        &[in_a_circle],
        &[&giver],
        "ConstraintDuplicateMutableAccount",
    );
}

#[test]
fn dividends_lie_in_the_pool_s_own_vault_only() {
    let (mut world, provider, giver, add) = giving();
    let (other, mint) = (world.provider(), world.reward_mint);
    world.dividends(&other.pool, 7);
    world.mint_to(&provider.pool, &mint, 7);
    let look_alike = address::token_account(&provider.pool, &mint.address, &mint.token_program);
    let vault = address::dividends(&provider.pool);
    let wrong = [
        address::dividends(&other.pool),
        address::vault(&provider.pool),
        look_alike,
    ];
    // While the vault is to be opened, and once it is there.
    for name in ["InvalidSeeds", "WrongVault"] {
        for account in wrong {
            let bent = add.with(&vault, &account);
            world.refused(&[bent], &[&giver], name);
        }
        if name == "InvalidSeeds" {
            world.ok(std::slice::from_ref(&add), &[&giver]);
        }
    }
    let other_pool = add.with(&provider.pool, &other.pool);
    world.refused(&[other_pool], &[&giver], "WrongVault");
}

#[test]
fn dividends_are_of_the_network_s_dividend_mint() {
    let (mut world, provider, giver, add) = giving();
    let (stakes, dividends) = (world.stake_mint.address, world.reward_mint.address);
    let worthless = add.with(&dividends, &stakes);
    world.refused(&[worthless], &[&giver], "ConstraintAddress");
    let other = world.other_network();
    let foreign = add.with(&world.network.clone(), &other);
    world.refused(&[foreign], &[&giver], "WrongNetwork");
    world.ok(std::slice::from_ref(&add), &[&giver]);
    let worthless = add.with(&dividends, &stakes);
    world.refused(&[worthless], &[&giver], "ConstraintAddress");
    assert_eq!(world.dividend_vault(&provider.pool), 7);
}

#[test]
fn dividends_go_through_the_vault_s_token_program_only() {
    let (mut world, _, giver, add) = giving();
    let other = add.with(&TOKEN_PROGRAM, &TOKEN_2022_PROGRAM);
    let none = add.with(&TOKEN_PROGRAM, &sluice_client::ID);
    world.refused(std::slice::from_ref(&other), &[&giver], "WrongTokenProgram");
    world.refused(std::slice::from_ref(&none), &[&giver], "IncorrectProgramId");
    world.ok(&[add], &[&giver]);
    world.refused(&[other], &[&giver], "IncorrectProgramId");
    world.refused(&[none], &[&giver], "IncorrectProgramId");
}

#[test]
fn add_dividends_refuses_pools_and_networks_of_another_type_or_program() {
    let (mut world, provider, giver, add) = giving();
    world.refuses_look_alikes(&add, &[provider.pool, world.network], &[&giver]);
}

#[test]
fn every_dividend_asks_the_mint_policy_again() {
    let (mut world, provider, giver, add) = giving();
    let refused = world.mint_2022(&[ExtensionType::TransferHook]).address;
    let data = world.chain.account(&refused).unwrap().unwrap().data;
    let mint = world.reward_mint.address;
    let genuine = world.chain.account(&mint).unwrap().unwrap().data;
    let check = |world: &mut World| {
        world
            .chain
            .put(&mint, data.clone(), &TOKEN_2022_PROGRAM)
            .unwrap();
        world.refused(
            std::slice::from_ref(&add),
            &[&giver],
            "MintExtensionRefused",
        );
        world.chain.put(&mint, vec![0; 82], &TOKEN_PROGRAM).unwrap();
        world.refused(std::slice::from_ref(&add), &[&giver], "NotAMint");
        world
            .chain
            .put(&mint, genuine.clone(), &TOKEN_PROGRAM)
            .unwrap();
    };
    check(&mut world);
    world.dividends(&provider.pool, 7);
    let genuine = world.chain.account(&mint).unwrap().unwrap().data;
    assert_eq!(genuine.len(), 82);
    check(&mut world);
}

#[test]
fn lamports_sent_ahead_to_the_vault_block_nothing() {
    let (mut world, provider, giver, add) = giving();
    let vault = address::dividends(&provider.pool);
    world.chain.airdrop(&vault, SOL).unwrap();
    world.ok(&[add], &[&giver]);
    assert_eq!(world.dividend_vault(&provider.pool), 7);
}

#[test]
fn tokens_sent_to_the_vault_are_no_dividends() {
    let (mut world, provider, _, _) = giving();
    world.dividends(&provider.pool, SHARES);
    let mint = world.reward_mint;
    world.mint_into(&address::dividends(&provider.pool), &mint, 1_000_000);
    world.dividends(&provider.pool, SHARES);
    let pool: StakePool = world.stake_pool(&provider.pool);
    assert_eq!(pool.dividend_total_in, 2 * SHARES);
    assert_eq!(
        world.claim_dividends(&provider.pool, &provider.owner.pubkey()),
        2 * SHARES
    );
}

#[test]
fn a_token_2022_mint_is_given_and_claimed_like_a_classic_one() {
    let mut world = World::bare();
    world.reward_mint = world.mint_2022(&[ExtensionType::MetadataPointer]);
    let (payer, args) = (world.payer.pubkey(), world.network_args(PARAMS));
    let (stakes, dividends) = (world.stake_mint.address, world.reward_mint.address);
    let create = ix::create_network(&payer, &payer, &stakes, &dividends, args);
    world.ok(&[create], &[]);
    let provider = world.provider();
    let (owner, pool) = (&provider.owner, provider.pool);
    let mint = world.reward_mint;
    world.mint_to(&payer, &mint, SHARES);
    let add = world.dividends_ix(&payer, &pool, SHARES);
    let classic = add.with(&TOKEN_2022_PROGRAM, &TOKEN_PROGRAM);
    world.refused(&[classic], &[], "WrongTokenProgram");
    world.ok(&[add], &[]);
    world.advance(i64::from(2 * DAY));
    let vault = world.chain.account(&address::dividends(&pool)).unwrap();
    assert_eq!(vault.unwrap().owner, TOKEN_2022_PROGRAM);
    assert_eq!(world.claim_dividends(&pool, &owner.pubkey()), SHARES);
    world.leave_pool(owner, &pool);
    world.mint_into(&address::dividends(&pool), &mint, 5);
    for _ in 0..2 {
        let close = world.close_pool_ix(&pool);
        world.ok(&[close], &[owner]);
    }
    assert_eq!(world.tokens(&owner.pubkey(), &mint), SHARES + 5);
    assert!(world.is_gone(&pool));
}
