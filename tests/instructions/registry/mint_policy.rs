use {
    sluice::constants::WRAPPED_SOL,
    sluice_client::{
        ID, address,
        instruction::{
            self as ix,
            token::{Mint, TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
        },
    },
    sluice_tests::world::{PARAMS, World},
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

/// A network of `mint` is created, and a provider stakes and withdraws a token of it.
#[track_caller]
fn accepted(extensions: &[ExtensionType]) {
    let mut world = World::bare();
    let mint = world.mint_2022(extensions);
    let [stakes, dividends] = networks_of(&world, &mint.address);
    world.send(&[dividends], &[]).unwrap_or_else(|e| panic!("{extensions:?}: {e}"));
    let mut world = World {
        stake_mint: mint,
        ..World::bare_with_mint(world)
    };
    world.ok(&[stakes], &[]);
    let provider = world.provider();
    assert_eq!(world.vault(&provider.pool), 10_000_000_000);
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
