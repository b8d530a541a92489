//! Every extension of Token-2022 by name: what the policy says of it, and mints that carry it.

use {
    super::{PARAMS, SOL, World, refusal::error_name},
    sluice_client::{
        Ledger,
        instruction::{
            self as ix,
            token::{Mint, TOKEN_2022_PROGRAM},
        },
    },
    solana_account::Account,
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
    spl_token_2022_interface::extension::ExtensionType::{self, *},
};

/// Where a mint's own fields end, and where its extensions begin.
const MINT_LEN: usize = 82;
const EXTENSIONS: usize = 166;

/// What becomes of a mint with an extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It only describes.
    Accepted,
    /// It could change or withhold what a vault holds.
    Refused,
    /// It stands on token accounts; bytes that put it on a mint are refused.
    NotOnMints,
}

/// The verdict on every extension there is: one that an upgrade brings does not compile until it is placed here.
pub const fn verdict(extension: ExtensionType) -> Verdict {
    match extension {
        MetadataPointer => Verdict::Accepted,
        TokenMetadata => Verdict::Accepted,
        GroupPointer => Verdict::Accepted,
        TokenGroup => Verdict::Accepted,
        GroupMemberPointer => Verdict::Accepted,
        TokenGroupMember => Verdict::Accepted,
        TransferFeeConfig => Verdict::Refused,
        MintCloseAuthority => Verdict::Refused,
        ConfidentialTransferMint => Verdict::Refused,
        DefaultAccountState => Verdict::Refused,
        NonTransferable => Verdict::Refused,
        InterestBearingConfig => Verdict::Refused,
        PermanentDelegate => Verdict::Refused,
        TransferHook => Verdict::Refused,
        ConfidentialTransferFeeConfig => Verdict::Refused,
        ConfidentialMintBurn => Verdict::Refused,
        ScaledUiAmount => Verdict::Refused,
        Pausable => Verdict::Refused,
        PermissionedBurn => Verdict::Refused,
        Uninitialized => Verdict::NotOnMints,
        TransferFeeAmount => Verdict::NotOnMints,
        ConfidentialTransferAccount => Verdict::NotOnMints,
        ImmutableOwner => Verdict::NotOnMints,
        MemoTransfer => Verdict::NotOnMints,
        CpiGuard => Verdict::NotOnMints,
        NonTransferableAccount => Verdict::NotOnMints,
        TransferHookAccount => Verdict::NotOnMints,
        ConfidentialTransferFeeAmount => Verdict::NotOnMints,
        PausableAccount => Verdict::NotOnMints,
    }
}

/// Extensions without which the token program initialises no mint with this one.
pub const fn companions(extension: ExtensionType) -> &'static [ExtensionType] {
    match extension {
        ConfidentialTransferFeeConfig => &[TransferFeeConfig, ConfidentialTransferMint],
        ConfidentialMintBurn => &[ConfidentialTransferMint],
        TokenMetadata => &[MetadataPointer],
        TokenGroup => &[GroupPointer],
        TokenGroupMember => &[GroupMemberPointer],
        _ => &[],
    }
}

/// Every extension of this verdict, by number.
pub fn with_verdict(wanted: Verdict) -> Vec<ExtensionType> {
    (0..=u16::MAX)
        .filter_map(|number| ExtensionType::try_from(number).ok())
        .filter(|extension| verdict(*extension) == wanted)
        .collect()
}

/// Every extension that the policy accepts.
pub fn accepted() -> Vec<ExtensionType> {
    with_verdict(Verdict::Accepted)
}

/// Every extension of mints that the policy refuses.
pub fn refused() -> Vec<ExtensionType> {
    with_verdict(Verdict::Refused)
}

/// The type, length and value of an extension in the bytes of a mint.
fn entry(data: &[u8], extension: ExtensionType) -> &[u8] {
    let mut rest = &data[EXTENSIONS..];
    loop {
        let len = 4 + usize::from(u16::from_le_bytes([rest[2], rest[3]]));
        if rest[..2] == u16::from(extension).to_le_bytes() {
            return &rest[..len];
        }
        rest = &rest[len..];
    }
}

impl World {
    /// A mint with this extension and those it needs, all by the token program's own instructions.
    pub fn mint_with(&mut self, extension: ExtensionType) -> Mint {
        self.mint_2022(&[companions(extension), &[extension]].concat())
    }

    /// The mint of [`Self::mint_with`], and where that carries companions, one that differs in carrying none.
    ///
    /// No instruction makes the second: its bytes are planted.
    pub fn mints_with(&mut self, extension: ExtensionType) -> Vec<Mint> {
        let mut mints = vec![self.mint_with(extension)];
        if !companions(extension).is_empty() {
            let alone = self.mint_2022(&[]);
            self.plant(&alone.address, extension);
            mints.push(alone);
        }
        mints
    }

    /// Puts this extension on a Token-2022 mint, as the token program wrote it on another one; returns the mint as it was.
    ///
    /// No instruction adds such an extension to a mint that exists, so the bytes are planted.
    pub fn plant(&mut self, mint: &Address, extension: ExtensionType) -> Account {
        let donor = self.mint_with(extension).address;
        let donor = self.chain.account(&donor).unwrap().unwrap();
        self.plant_bytes(mint, entry(&donor.data, extension))
    }

    /// Puts these bytes in the place of a mint's extensions, and the mint among those of Token-2022; returns it as it was.
    pub fn plant_bytes(&mut self, mint: &Address, extensions: &[u8]) -> Account {
        let genuine = self.chain.account(mint).unwrap().unwrap();
        let mut data = genuine.data[..MINT_LEN].to_vec();
        data.resize(EXTENSIONS - 1, 0);
        data.push(1);
        data.extend_from_slice(extensions);
        let planted = Account {
            data,
            owner: TOKEN_2022_PROGRAM,
            lamports: SOL,
            ..genuine.clone()
        };
        self.restore(mint, planted);
        genuine
    }

    /// A mint with `extension` in it is refused by the policy's name, and nothing moves.
    #[track_caller]
    pub fn policy_refuses(
        &mut self,
        extension: ExtensionType,
        instruction: &Instruction,
        signers: &[&Keypair],
    ) {
        self.comes_to(
            extension,
            instruction,
            signers,
            Some("MintExtensionRefused"),
        );
    }

    /// With `extension` in a mint the instruction comes to this: a success, or a refusal of this name by which nothing moves.
    #[track_caller]
    pub fn comes_to(
        &mut self,
        extension: ExtensionType,
        instruction: &Instruction,
        signers: &[&Keypair],
        name: Option<&str>,
    ) {
        let before = self.freeze();
        let error = self
            .send(std::slice::from_ref(instruction), signers)
            .err()
            .map(|error| error_name(&error));
        assert_eq!((extension, error.as_deref()), (extension, name));
        assert!(
            name.is_none() || self.freeze() == before,
            "{extension:?} was refused but something moved"
        );
    }
}

impl World {
    /// A world like [`World::new`] whose three mints are of Token-2022, each with this extension and those it needs.
    pub fn in_mints_with(extension: Option<ExtensionType>) -> Self {
        let mut world = Self::bare();
        let mut mint = || match extension {
            Some(extension) => world.mint_with(extension),
            None => world.mint_2022(&[]),
        };
        let (stake, pay, reward) = (mint(), mint(), mint());
        (world.stake_mint, world.reward_mint) = (stake, reward);
        let (payer, args) = (world.payer.pubkey(), world.network_args(PARAMS));
        let create = ix::create_network(&payer, &payer, &stake.address, &reward.address, args);
        world.ok(&[create], &[]);
        world.paying_in(pay)
    }
}

/// What the token program itself says to a transfer out of a vault of a mint that came to carry this extension.
pub const fn withheld_by_the_token_program(extension: ExtensionType) -> Option<&'static str> {
    match extension {
        // InvalidState: accounts that are older than the fee have no room for what it withholds.
        TransferFeeConfig => Some("Custom(13)"),
        // The hook's accounts are not among those of an exit.
        TransferHook => Some("InvalidAccountData"),
        _ => None,
    }
}
