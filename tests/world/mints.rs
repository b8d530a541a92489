//! Token-2022 mints with extensions, made by the token program's own instructions.

use {
    super::{TOKEN, World},
    sluice_client::instruction::token::{Mint, TOKEN_2022_PROGRAM},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
    spl_token_2022_interface::{
        extension::{
            ExtensionType, confidential_mint_burn, confidential_transfer,
            confidential_transfer_fee, default_account_state, group_member_pointer, group_pointer,
            interest_bearing_mint, metadata_pointer, pausable, permissioned_burn, scaled_ui_amount,
            transfer_fee, transfer_hook,
        },
        instruction as token,
        state::{self, AccountState},
    },
    spl_token_group_interface::instruction as group,
    spl_token_metadata_interface::instruction as metadata,
};

const PROGRAM: &Address = &TOKEN_2022_PROGRAM;

impl World {
    /// An initialised Token-2022 mint of six decimals with these extensions; the world's payer has every authority.
    ///
    /// A default account state is that of frozen accounts, and a member is one of the group of a fresh mint.
    pub fn mint_2022(&mut self, extensions: &[ExtensionType]) -> Mint {
        use ExtensionType::{DefaultAccountState, GroupPointer, TokenGroup, TokenGroupMember};
        let group = match extensions.contains(&TokenGroupMember) {
            true => self.mint_2022(&[GroupPointer, TokenGroup]).address,
            false => Address::default(),
        };
        let mint = self.key().pubkey();
        let authority = self.payer.pubkey();
        let (late, early): (Vec<_>, Vec<_>) = extensions.iter().partition(|e| is_late(**e));
        let len = ExtensionType::try_calculate_account_len::<state::Mint>(&early).unwrap();
        self.chain.put(&mint, vec![0; len], PROGRAM).unwrap();
        // The late ones reallocate the mint.
        self.chain.airdrop(&mint, super::SOL).unwrap();
        let mut steps: Vec<_> = early
            .iter()
            .map(|e| early_step(*e, &mint, &authority))
            .collect();
        let freezes = extensions.contains(&DefaultAccountState);
        let freezer = freezes.then_some(&authority);
        steps.push(token::initialize_mint2(PROGRAM, &mint, &authority, freezer, 6).unwrap());
        steps.extend(
            late.iter()
                .map(|e| late_step(*e, &mint, &authority, &group)),
        );
        self.ok(&steps, &[]);
        Mint {
            address: mint,
            token_program: TOKEN_2022_PROGRAM,
            decimals: 6,
        }
    }

    /// A Token-2022 multisig whose bytes read like an initialised mint without extensions.
    pub fn multisig_like_a_mint(&mut self) -> Address {
        let multisig = self.key().pubkey();
        let len = 355;
        self.chain.put(&multisig, vec![0; len], PROGRAM).unwrap();
        // Signers stand from byte 3 on: byte 45 is a mint's "initialised", byte 165 its account type, 166 the first extension.
        let mut keys: [[u8; 32]; 6] = std::array::from_fn(|i| [i as u8 + 1; 32]);
        keys[1][10] = 1;
        keys[5][2] = 1;
        keys[5][3..5].fill(0);
        let keys = keys.map(Address::new_from_array);
        let signers: Vec<_> = keys.iter().collect();
        let create = token::initialize_multisig2(PROGRAM, &multisig, &signers, 1).unwrap();
        self.ok(&[create], &[]);
        multisig
    }
}

/// True for extensions that are written after the mint exists.
const fn is_late(extension: ExtensionType) -> bool {
    matches!(
        extension,
        ExtensionType::TokenMetadata | ExtensionType::TokenGroup | ExtensionType::TokenGroupMember
    )
}

fn early_step(extension: ExtensionType, mint: &Address, authority: &Address) -> Instruction {
    let own = Some(*authority);
    match extension {
        ExtensionType::TransferFeeConfig => {
            transfer_fee::instruction::initialize_transfer_fee_config(
                PROGRAM,
                mint,
                Some(authority),
                Some(authority),
                100,
                TOKEN,
            )
        }
        ExtensionType::MintCloseAuthority => {
            token::initialize_mint_close_authority(PROGRAM, mint, Some(authority))
        }
        ExtensionType::ConfidentialTransferMint => {
            confidential_transfer::instruction::initialize_mint(PROGRAM, mint, own, true, None)
        }
        ExtensionType::ConfidentialTransferFeeConfig => {
            confidential_transfer_fee::instruction::initialize_confidential_transfer_fee_config(
                PROGRAM,
                mint,
                own,
                &Default::default(),
            )
        }
        ExtensionType::ConfidentialMintBurn => {
            confidential_mint_burn::instruction::initialize_mint(
                PROGRAM,
                mint,
                &Default::default(),
                &Default::default(),
            )
        }
        ExtensionType::DefaultAccountState => {
            default_account_state::instruction::initialize_default_account_state(
                PROGRAM,
                mint,
                &AccountState::Frozen,
            )
        }
        ExtensionType::NonTransferable => token::initialize_non_transferable_mint(PROGRAM, mint),
        ExtensionType::InterestBearingConfig => {
            interest_bearing_mint::instruction::initialize(PROGRAM, mint, own, 500)
        }
        ExtensionType::PermanentDelegate => {
            token::initialize_permanent_delegate(PROGRAM, mint, authority)
        }
        ExtensionType::TransferHook => {
            transfer_hook::instruction::initialize(PROGRAM, mint, own, Some(sluice_client::ID))
        }
        ExtensionType::Pausable => pausable::instruction::initialize(PROGRAM, mint, authority),
        ExtensionType::PermissionedBurn => {
            permissioned_burn::instruction::initialize(PROGRAM, mint, authority)
        }
        ExtensionType::ScaledUiAmount => {
            scaled_ui_amount::instruction::initialize(PROGRAM, mint, own, 2.0)
        }
        ExtensionType::MetadataPointer => {
            metadata_pointer::instruction::initialize(PROGRAM, mint, own, Some(*mint))
        }
        ExtensionType::GroupPointer => {
            group_pointer::instruction::initialize(PROGRAM, mint, own, Some(*mint))
        }
        ExtensionType::GroupMemberPointer => {
            group_member_pointer::instruction::initialize(PROGRAM, mint, own, Some(*mint))
        }
        other => panic!("{other:?} stands on no mint, or is written later"),
    }
    .unwrap()
}

fn late_step(
    extension: ExtensionType,
    mint: &Address,
    authority: &Address,
    group_mint: &Address,
) -> Instruction {
    match extension {
        ExtensionType::TokenMetadata => metadata::initialize(
            PROGRAM,
            mint,
            authority,
            mint,
            authority,
            "Compute".to_owned(),
            "CMP".to_owned(),
            "https://example.invalid".to_owned(),
        ),
        ExtensionType::TokenGroupMember => {
            group::initialize_member(PROGRAM, mint, mint, authority, group_mint, authority)
        }
        _ => group::initialize_group(PROGRAM, mint, mint, authority, Some(*authority), 8),
    }
}
