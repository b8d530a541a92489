//! The only judge of mints.
//!
//! Classic SPL mints, and Token-2022 mints whose every extension is on an allow list of those that only describe: metadata,
//! pointers and groups. Everything else (transfer fees, hooks, permanent delegates, default frozen state, confidential
//! transfers, non-transferability, pausing, scaling, close authorities) can change or withhold what a vault holds and is
//! refused, and so is any extension not yet known.

use {
    crate::error::SluiceError,
    anchor_lang::{prelude::*, programs::Token2022},
};

/// Length of a mint without extensions, of a token account, and of the account-type byte that precedes extensions.
const MINT_LEN: usize = 82;
const ACCOUNT_LEN: usize = 165;
/// Length of a multisig, whose keys can spell anything; the token program pads mints around it.
const MULTISIG_LEN: usize = 355;
/// Account type of a mint.
const TYPE_MINT: u8 = 1;
/// Where the extensions of a Token-2022 mint begin: after the account type.
pub const EXTENSIONS_AT: usize = ACCOUNT_LEN + 1;
/// The extensions that only describe: MetadataPointer, TokenMetadata, GroupPointer, TokenGroup, GroupMemberPointer and
/// TokenGroupMember.
pub const ALLOWED: [u16; 6] = [18, 19, 20, 21, 22, 23];

/// Refuses a mint that is unsafe to hold; returns its decimals.
pub fn check(mint: &AccountView) -> Result<u8> {
    let data = mint.try_borrow()?;
    if mint.owned_by(&Token::id()) {
        return check_classic(&data);
    }
    require!(mint.owned_by(&Token2022::id()), SluiceError::NotAMint);
    check_token_2022(&data)
}

/// Refuses bytes that are no mint of the classic token program; returns its decimals.
pub fn check_classic(data: &[u8]) -> Result<u8> {
    let decimals = decimals_in(data).ok_or(SluiceError::NotAMint)?;
    require!(data.len() == MINT_LEN, SluiceError::NotAMint);
    Ok(decimals)
}

/// Refuses bytes that are no mint of Token-2022, or one that is unsafe to hold; returns its decimals.
pub fn check_token_2022(data: &[u8]) -> Result<u8> {
    let decimals = decimals_in(data).ok_or(SluiceError::NotAMint)?;
    require!(data.len() != MULTISIG_LEN, SluiceError::NotAMint);
    if data.len() > MINT_LEN {
        check_extensions(data)?;
    }
    Ok(decimals)
}

/// Decimals of a mint that something is paid out of: an exit asks no more.
pub fn decimals(mint: &AccountView) -> Result<u8> {
    let data = mint.try_borrow()?;
    decimals_in(&data).ok_or(SluiceError::NotAMint.into())
}

/// Decimals of an initialised mint: byte 44, with byte 45 as its "initialised" flag.
fn decimals_in(data: &[u8]) -> Option<u8> {
    let (head, _) = data.split_first_chunk::<MINT_LEN>()?;
    let [.., decimals, initialised] = head.first_chunk::<46>()?;
    (*initialised == 1).then_some(*decimals)
}

/// Walks the extensions: after the padding to 165 bytes and the account type, a u16 type, a u16 length and the value each.
fn check_extensions(data: &[u8]) -> Result<()> {
    let (kind, mut rest) = data
        .get(ACCOUNT_LEN..)
        .and_then(|rest| rest.split_first())
        .ok_or(SluiceError::NotAMint)?;
    require!(*kind == TYPE_MINT, SluiceError::NotAMint);
    while let Some((head, tail)) = rest.split_first_chunk::<4>() {
        let [type_low, type_high, len_low, len_high] = *head;
        let extension = u16::from_le_bytes([type_low, type_high]);
        if extension == 0 {
            break;
        }
        require!(
            ALLOWED.contains(&extension),
            SluiceError::MintExtensionRefused
        );
        let len = usize::from(u16::from_le_bytes([len_low, len_high]));
        rest = tail.get(len..).ok_or(SluiceError::NotAMint)?;
    }
    Ok(())
}
