use {
    sluice::constants::WRAPPED_SOL,
    sluice_client::{
        ID, address,
        instruction::{
            self as ix,
            token::{Mint, TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
        },
    },
    sluice_tests::world::{PARAMS, TOKEN, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
    spl_token_2022_interface::extension::ExtensionType::{self, *},
};

/// The two instructions that create a network with `mint` for stake, and with `mint` for dividends.
fn networks_of(world: &World, mint: &Address) -> [Instruction; 2] {
    let payer = world.payer.pubkey();
    let good = world.pay_mint.address;
    [(mint, &good), (&good, mint)].map(|(stake, dividend)| {
        ix::create_network(&payer, &payer, stake, dividend, world.network_args(PARAMS))
    })
}

#[track_caller]
fn refused_by_name(extensions: &[ExtensionType]) {
    let mut world = World::bare();
    let mint = world.mint_2022(extensions);
    for network in networks_of(&world, &mint.address) {
        world.refused(&[network], &[], "MintExtensionRefused");
    }
}

/// A network with such a stake mint is created and staked in, and one with such a dividend mint is created.
#[track_caller]
fn accepted(extensions: &[ExtensionType]) {
    let mut world = World::bare();
    let mint = world.mint_2022(extensions);
    let [network, _] = networks_of(&world, &mint.address);
    world.ok(&[network], &[]);
    world.stake_mint = mint;
    let provider = world.provider();
    assert_eq!(world.vault(&provider.pool), 10_000 * TOKEN);

    let mut world = World::bare();
    let mint = world.mint_2022(extensions);
    let [_, network] = networks_of(&world, &mint.address);
    world.ok(&[network], &[]);
    assert_eq!(world.network_state().dividend_mint, mint.address);
}

#[test]
fn every_extension_that_can_move_or_withhold_tokens_is_refused() {
    refused_by_name(&[TransferFeeConfig]);
    refused_by_name(&[MintCloseAuthority]);
    refused_by_name(&[ConfidentialTransferMint]);
    refused_by_name(&[DefaultAccountState]);
    refused_by_name(&[NonTransferable]);
    refused_by_name(&[InterestBearingConfig]);
    refused_by_name(&[PermanentDelegate]);
    refused_by_name(&[TransferHook]);
    refused_by_name(&[Pausable]);
    refused_by_name(&[ScaledUiAmount]);
    refused_by_name(&[PermissionedBurn]);
}

#[test]
fn one_refused_extension_among_allowed_ones_is_enough() {
    refused_by_name(&[MetadataPointer, TransferHook, TokenMetadata]);
    refused_by_name(&[GroupPointer, MetadataPointer, PermanentDelegate]);
    refused_by_name(&[TransferFeeConfig, MetadataPointer]);
}

#[test]
fn a_token_2022_mint_that_only_describes_itself_is_accepted() {
    accepted(&[]);
    accepted(&[MetadataPointer]);
    accepted(&[MetadataPointer, TokenMetadata]);
    accepted(&[GroupPointer]);
    accepted(&[GroupPointer, TokenGroup]);
    accepted(&[GroupMemberPointer]);
    accepted(&[
        MetadataPointer,
        GroupPointer,
        GroupMemberPointer,
        TokenMetadata,
        TokenGroup,
    ]);
}

#[test]
fn an_account_that_is_not_an_initialised_mint_is_no_mint() {
    let mut world = World::bare();
    let owner = world.party().pubkey();
    let classic = world.pay_mint;
    let other_program = world.mint_2022(&[]);
    for mint in [classic, other_program] {
        world.open_account(&owner, &mint);
    }
    let token_account =
        |mint: &Mint| address::token_account(&owner, &mint.address, &mint.token_program);
    let mut written = |data: Vec<u8>, program: &Address| {
        let address = world.key().pubkey();
        world.chain.put(&address, data, program).unwrap();
        address
    };
    let mut looks_like_a_mint = vec![0; 82];
    looks_like_a_mint[45] = 1;
    let longer = [looks_like_a_mint.clone(), vec![0; 1]].concat();
    let cut_extension = {
        let mut data = looks_like_a_mint.clone();
        data.resize(165, 0);
        data.extend([1, 18, 0, 64, 0]);
        data
    };
    let impostors = [
        token_account(&classic),
        token_account(&other_program),
        written(vec![0; 82], &TOKEN_PROGRAM),
        written(vec![0; 82], &TOKEN_2022_PROGRAM),
        written(looks_like_a_mint.clone(), &ID),
        written(looks_like_a_mint.clone(), &owner),
        written(longer.clone(), &TOKEN_PROGRAM),
        written(longer, &TOKEN_2022_PROGRAM),
        written(cut_extension, &TOKEN_2022_PROGRAM),
        written(vec![0; 45], &TOKEN_PROGRAM),
        owner,
        Address::default(),
    ];
    for impostor in impostors {
        for network in networks_of(&world, &impostor) {
            world.refused(&[network], &[], "NotAMint");
        }
    }
}

#[test]
fn a_multisig_whose_signers_spell_a_mint_is_no_mint() {
    let mut world = World::bare();
    let multisig = world.multisig_like_a_mint();
    for network in networks_of(&world, &multisig) {
        world.refused(&[network], &[], "NotAMint");
    }
}

#[test]
fn wrapped_sol_of_either_program_cannot_be_staked_but_can_be_a_dividend() {
    for (wrapped, program) in WRAPPED_SOL.iter().zip([TOKEN_PROGRAM, TOKEN_2022_PROGRAM]) {
        let mut world = World::bare();
        let mut data = vec![0; 82];
        (data[44], data[45]) = (9, 1);
        world.chain.put(wrapped, data, &program).unwrap();
        let [stake, dividend] = networks_of(&world, wrapped);
        world.refused(&[stake], &[], "WrappedSolStake");
        world.ok(&[dividend], &[]);
        assert_eq!(world.network_state().dividend_mint, *wrapped);
    }
}
