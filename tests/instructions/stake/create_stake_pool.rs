use {
    sluice_client::{
        Ledger, StakePool, address,
        instruction::{
            self as ix,
            token::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
        },
    },
    sluice_tests::world::{SOL, Tamper, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
    spl_token_2022_interface::extension::ExtensionType,
};

/// The instruction that creates the stake pool of `subject`.
fn create(world: &World, subject: &Address) -> Instruction {
    let (payer, mint) = (world.payer.pubkey(), world.stake_mint);
    let program = &mint.token_program;
    ix::create_stake_pool(&payer, &world.network, subject, &mint.address, program)
}

/// A provider without a stake pool, and its owner.
fn subject(world: &mut World) -> (Address, Keypair) {
    let owner = world.party();
    let (payer, network) = (world.payer.pubkey(), world.network);
    let register = ix::register_provider(&payer, &owner.pubkey(), &owner.pubkey(), &network);
    world.ok(&[register], &[&owner]);
    (address::provider(&network, &owner.pubkey()), owner)
}

#[test]
fn a_pool_is_created_empty_behind_a_provider() {
    let mut world = World::new();
    let (subject, owner) = subject(&mut world);
    let payer = world.party();
    let create = create(&world, &subject).with(&world.payer.pubkey(), &payer.pubkey());
    world.ok(&[create], &[&payer]);

    let key = address::stake_pool(&subject);
    let pool: StakePool = world.chain.get(&key).unwrap();
    assert_eq!(pool.network, world.network);
    assert_eq!((pool.subject, pool.subject_kind), (subject, 0));
    assert_eq!(pool.owner, owner.pubkey());
    assert_eq!(pool.mint, world.stake_mint.address);
    assert_eq!(pool.vault, address::vault(&key));
    assert_eq!(pool.rent_payer, payer.pubkey());
    assert_eq!(pool.opened_slot, world.slot());
    assert_eq!((pool.tokens, pool.active_shares), (0, 0));
    assert_eq!((pool.thawing_shares, pool.locked), (0, 0));
    assert_eq!(pool.decimals, 6);

    let vault = world.chain.account(&pool.vault).unwrap().unwrap();
    assert_eq!(vault.owner, TOKEN_PROGRAM);
    assert_eq!(vault.data[..32], pool.mint.to_bytes());
    assert_eq!(vault.data[32..64], key.to_bytes());
    assert_eq!(world.vault(&key), 0);
}

#[test]
fn a_pool_behind_an_attester_says_so() {
    let mut world = World::new();
    let attester = world.attester();
    let pool: StakePool = world.chain.get(&attester.pool).unwrap();
    assert_eq!((pool.subject, pool.subject_kind), (attester.address, 1));
    assert_eq!(pool.owner, attester.owner.pubkey());
}

#[test]
fn a_pool_is_created_once_and_needs_only_its_payer_s_signature() {
    let mut world = World::new();
    let provider = world.provider();
    let again = create(&world, &provider.address);
    world.refused(&[again], &[], "Custom(0)");

    let (subject, _) = subject(&mut world);
    let payer = world.party();
    let create = create(&world, &subject).with(&world.payer.pubkey(), &payer.pubkey());
    let without = create.unsigned(&payer.pubkey());
    world.refused(&[without], &[], "MissingRequiredSignature");
}

#[test]
fn a_pool_stands_behind_a_provider_or_an_attester_only() {
    let mut world = World::new();
    let set = world.set(1, 1);
    let provider = world.provider();
    let node = world.node(&provider, &set.address);
    let others = [
        world.network,
        set.address,
        node.address,
        provider.pool,
        address::position(&provider.pool, &provider.owner.pubkey()),
        world.impostor(),
        world.counterfeit(&provider.address),
        address::vault(&provider.pool),
        provider.owner.pubkey(),
        sluice_client::ID,
    ];
    for other in others {
        let create = create(&world, &other);
        world.refused(&[create], &[], "NotASubject");
    }
}

#[test]
fn a_pool_belongs_to_its_subject_s_network() {
    let mut world = World::new();
    let (subject, _) = subject(&mut world);
    let other = world.other_network();
    let foreign = create(&world, &subject).with(&world.network.clone(), &other);
    world.refused(&[foreign], &[], "WrongNetwork");
}

#[test]
fn a_pool_holds_the_network_s_stake_mint_only() {
    let mut world = World::new();
    let (subject, _) = subject(&mut world);
    let worthless = world.pay_mint.address;
    let wrong = create(&world, &subject).with(&world.stake_mint.address, &worthless);
    world.refused(&[wrong], &[], "ConstraintAddress");
}

#[test]
fn a_pool_asks_the_mint_policy_again() {
    let mut world = World::new();
    let (subject, _) = subject(&mut world);
    let refused = world.mint_2022(&[ExtensionType::PermanentDelegate]).address;
    let data = world.chain.account(&refused).unwrap().unwrap().data;
    let mint = world.stake_mint.address;
    let create = create(&world, &subject);
    world.chain.put(&mint, data, &TOKEN_2022_PROGRAM).unwrap();
    world.refused(std::slice::from_ref(&create), &[], "MintExtensionRefused");
    world.chain.put(&mint, vec![0; 82], &TOKEN_PROGRAM).unwrap();
    world.refused(&[create], &[], "NotAMint");
}

#[test]
fn a_vault_is_of_the_token_program_that_owns_the_mint() {
    let mut world = World::new();
    let (subject, _) = subject(&mut world);
    let good = create(&world, &subject);
    let other = good.with(&TOKEN_PROGRAM, &TOKEN_2022_PROGRAM);
    world.refused(&[other], &[], "WrongTokenProgram");
    let no_token_program = good.with(&TOKEN_PROGRAM, &sluice_client::ID);
    world.refused(&[no_token_program], &[], "IncorrectProgramId");
}

#[test]
fn pool_and_vault_stand_at_their_own_addresses() {
    let mut world = World::new();
    let (subject, _) = subject(&mut world);
    let good = create(&world, &subject);
    let pool = address::stake_pool(&subject);
    let elsewhere = world.key().pubkey();
    for part in [pool, address::vault(&pool)] {
        let wrong = good.with(&part, &elsewhere);
        world.refused(&[wrong], &[], "InvalidSeeds");
    }
}

#[test]
fn lamports_sent_ahead_to_pool_and_vault_block_nothing() {
    let mut world = World::new();
    let (subject, _) = subject(&mut world);
    let pool = address::stake_pool(&subject);
    world.chain.airdrop(&pool, SOL).unwrap();
    world
        .chain
        .airdrop(&address::vault(&pool), 1_000_000)
        .unwrap();
    let create = create(&world, &subject);
    world.ok(&[create], &[]);
    assert_eq!(world.vault(&pool), 0);
}
