//! Every extension of Token-2022 on the mints that a network is created with.
use {
    sluice_client::{
        Ledger,
        instruction::{self as ix, token::Mint},
    },
    sluice_tests::world::{
        PARAMS, TOKEN, World,
        extensions::{Verdict, accepted, refused, verdict, with_verdict},
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
    spl_token_2022_interface::{
        extension::{
            AccountType, BaseStateWithExtensions, ExtensionType, StateWithExtensions,
            confidential_mint_burn::ConfidentialMintBurn,
            confidential_transfer_fee::ConfidentialTransferFeeConfig,
        },
        state,
    },
};

/// The two instructions that create a network with `mint` for stake, and with `mint` for dividends.
fn networks_of(world: &World, mint: &Address) -> [Instruction; 2] {
    let payer = world.payer.pubkey();
    let good = world.pay_mint.address;
    [(mint, &good), (&good, mint)].map(|(stake, dividend)| {
        ix::create_network(&payer, &payer, stake, dividend, world.network_args(PARAMS))
    })
}

/// The extensions on a mint as the token program's own library reads them.
fn extensions_of(world: &World, mint: &Mint) -> Vec<ExtensionType> {
    let account = world.chain.account(&mint.address).unwrap().unwrap();
    let mint = StateWithExtensions::<state::Mint>::unpack(&account.data).unwrap();
    mint.get_extension_types().unwrap()
}

#[test]
fn every_extension_that_can_stand_on_a_mint_is_accepted_or_refused() {
    let of = |kind: AccountType| {
        (0..=u16::MAX)
            .filter_map(|number| ExtensionType::try_from(number).ok())
            .filter(|extension| extension.get_account_type() == kind)
            .collect::<Vec<_>>()
    };
    for extension in of(AccountType::Mint) {
        assert_ne!(verdict(extension), Verdict::NotOnMints, "{extension:?}");
    }
    for extension in [of(AccountType::Account), of(AccountType::Uninitialized)].concat() {
        assert_eq!(verdict(extension), Verdict::NotOnMints, "{extension:?}");
    }
    assert_eq!((accepted().len(), refused().len()), (6, 13));
}

#[test]
fn the_token_program_itself_writes_every_extension_that_these_tests_try() {
    let mut world = World::bare();
    for extension in [accepted(), refused()].concat() {
        for mint in world.mints_with(extension) {
            let carried = extensions_of(&world, &mint);
            assert!(carried.contains(&extension), "{extension:?}: {carried:?}");
        }
    }
    for (extension, len) in [
        (
            ExtensionType::ConfidentialMintBurn,
            size_of::<ConfidentialMintBurn>(),
        ),
        (
            ExtensionType::ConfidentialTransferFeeConfig,
            size_of::<ConfidentialTransferFeeConfig>(),
        ),
    ] {
        let alone = world.mints_with(extension)[1];
        assert_eq!(extensions_of(&world, &alone), [extension]);
        let account = world.chain.account(&alone.address).unwrap().unwrap();
        assert_eq!(account.data.len(), 166 + 4 + len);
    }
}

#[test]
fn no_network_is_created_with_a_mint_that_could_change_or_withhold_what_a_vault_holds() {
    let mut world = World::bare();
    for extension in refused() {
        for mint in world.mints_with(extension) {
            for network in networks_of(&world, &mint.address) {
                world.policy_refuses(extension, &network, &[]);
            }
        }
    }
}

#[test]
fn a_network_is_created_and_staked_in_with_every_extension_that_only_describes() {
    for extension in accepted() {
        let mut world = World::bare();
        for mint in world.mints_with(extension) {
            let [stake, dividend] = networks_of(&world, &mint.address);
            // Both would stand at one address.
            let address = world.network;
            world.comes_to(extension, &dividend, &[], None);
            assert_eq!(world.network_state().dividend_mint, mint.address);
            world.restore(&address, Default::default());
            world.comes_to(extension, &stake, &[], None);
            world.stake_mint = mint;
            let provider = world.provider();
            assert_eq!(world.vault(&provider.pool), 10_000 * TOKEN);
            world.restore(&address, Default::default());
        }
    }
}

#[test]
fn an_extension_of_token_accounts_is_refused_on_a_mint() {
    let mut world = World::bare();
    // Type 0 is no extension: it ends the list.
    for extension in &with_verdict(Verdict::NotOnMints)[1..] {
        let mint = world.mint_2022(&[]).address;
        let entry = [u16::from(*extension).to_le_bytes(), [0; 2]].concat();
        world.plant_bytes(&mint, &entry);
        for network in networks_of(&world, &mint) {
            world.policy_refuses(*extension, &network, &[]);
        }
    }
}

#[test]
fn a_number_that_no_extension_has_yet_is_refused() {
    let mut world = World::bare();
    let mint = world.mint_2022(&[]).address;
    let unknown = (0..=600)
        .chain([0x1200, 0x1700, 0x7fff, 0x8012, u16::MAX])
        .filter(|number| ExtensionType::try_from(*number).is_err());
    for number in unknown {
        world.plant_bytes(&mint, &[number.to_le_bytes(), [0; 2]].concat());
        let [network, _] = networks_of(&world, &mint);
        world.refused(&[network], &[], "MintExtensionRefused");
    }
}

#[test]
fn a_refused_extension_is_found_behind_every_accepted_one() {
    let mut world = World::bare();
    for before in accepted() {
        let mint = world.mint_2022(&[]).address;
        for behind in refused() {
            let mut entries = [u16::from(before).to_le_bytes(), [7, 0]].concat();
            entries.extend([0xff; 7]);
            entries.extend(u16::from(behind).to_le_bytes());
            entries.extend([0; 2]);
            world.plant_bytes(&mint, &entries);
            let [network, _] = networks_of(&world, &mint);
            world.policy_refuses(behind, &network, &[]);
        }
    }
}

#[test]
fn the_client_names_exactly_what_the_program_refuses() {
    let mut world = World::bare();
    let mint = world.mint_2022(&[]).address;
    for number in 1..=64u16 {
        world.plant_bytes(&mint, &[number.to_le_bytes(), [0; 2]].concat());
        let account = world.chain.account(&mint).unwrap().unwrap();
        let named = sluice_client::mint::refused_extensions(&account);
        let [network, _] = networks_of(&world, &mint);
        match ExtensionType::try_from(number) {
            Ok(extension) if verdict(extension) == Verdict::Accepted => {
                assert!(named.is_empty(), "{named:?}");
                let genuine = world.network;
                world.comes_to(extension, &network, &[], None);
                world.restore(&genuine, Default::default());
            }
            Ok(extension) => {
                assert_eq!(named, [format!("{extension:?}")]);
                world.policy_refuses(extension, &network, &[]);
            }
            Err(_) => {
                assert_eq!(named, [format!("the unknown extension {number}")]);
                world.refused(&[network], &[], "MintExtensionRefused");
            }
        }
    }
}
