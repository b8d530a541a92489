//! Who is paid, and into which account.

use {
    crate::{constants::ASSOCIATED_TOKEN_PROGRAM, error::SluiceError, hash},
    anchor_lang::prelude::*,
};

/// Whom a payout is for.
pub struct Recipient<'a> {
    pub owner: &'a Address,
    /// The owner's associated account, if somebody else holds it. It is shown so that the owner can be paid elsewhere.
    pub given_away: Option<&'a AccountView>,
}

impl Recipient<'_> {
    /// Refuses what [`Self::derive`] refuses, but derives nothing again for `known`, the account that the last payout
    /// went to: it stays good as long as its owner is the recipient.
    pub fn find(
        &self,
        account: &AccountView,
        known: &mut Address,
        mint: &AccountView,
        token_program: &AccountView,
    ) -> Result<()> {
        if account.address() == known && is_held_by(account, self.owner)? {
            return Ok(());
        }
        self.derive(account, mint, token_program)?;
        // An account that stands in for the associated one is judged every time.
        if self.given_away.is_none() {
            *known = *account.address();
        }
        Ok(())
    }

    /// Refuses every account but the owner's associated one.
    ///
    /// If that one exists and is another's, any account of the owner without delegate and close authority will do: the
    /// tokens are the owner's, whoever picks it. If it does not exist, anybody can create it.
    pub fn derive(
        &self,
        account: &AccountView,
        mint: &AccountView,
        token_program: &AccountView,
    ) -> Result<()> {
        let (mint, program) = (mint.address(), token_program.address());
        let Some(associated) = self.given_away else {
            require_associated(account.address(), self.owner, mint, program)?;
            require!(
                is_held_by(account, self.owner)?,
                SluiceError::RecipientChangedOwner
            );
            return Ok(());
        };
        require_associated(associated.address(), self.owner, mint, program)?;
        require!(
            associated.owned_by(program),
            SluiceError::RecipientChangedOwner
        );
        require!(
            !is_held_by(associated, self.owner)?,
            SluiceError::NotAssociatedAccount
        );
        require!(
            is_held_by(account, self.owner)? && is_free(account)?,
            SluiceError::NotOwnedAlone
        );
        Ok(())
    }
}

/// Refuses every address but that of the associated account of `owner` for `mint`.
///
/// It is a hash of owner, token program, mint and bump under the associated token program. Nobody else can sign for any of the
/// 256 candidates, so whichever bump matches, the account is the associated one; no curve check is needed.
fn require_associated(
    address: &Address,
    owner: &Address,
    mint: &Address,
    token_program: &Address,
) -> Result<()> {
    let matches = (0..=u8::MAX).rev().any(|bump| {
        let candidate = hash::sha256(&[
            owner.as_ref(),
            token_program.as_ref(),
            mint.as_ref(),
            &[bump],
            ASSOCIATED_TOKEN_PROGRAM.as_ref(),
            b"ProgramDerivedAddress",
        ]);
        candidate == *address.as_array()
    });
    require!(matches, SluiceError::NotAssociatedAccount);
    Ok(())
}

/// True when the token account's owner field, bytes 32..64, is `owner`; false where there is no token account.
fn is_held_by(account: &AccountView, owner: &Address) -> Result<bool> {
    let data = account.try_borrow()?;
    let held_by = data.get(32..).and_then(|rest| rest.first_chunk::<32>());
    Ok(held_by == Some(owner.as_array()))
}

/// True when a token account has neither a delegate, tag at 72, nor a close authority, tag at 129.
fn is_free(account: &AccountView) -> Result<bool> {
    let data = account.try_borrow()?;
    let is_none = |at| data.get(at..).and_then(|rest: &[u8]| rest.first_chunk()) == Some(&[0; 4]);
    Ok(is_none(72) && is_none(129))
}
