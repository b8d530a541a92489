//! Our own accounts, loaded in less room.
//!
//! Anchor's `Account<T>` writes the checks of owner, length and type into every instruction that loads one: fastest, and what
//! the instructions on the path of a job's money use. [`Compact`] is the same wrapper around [`Stored`], whose checks are one
//! function that all call: the same refusals for about 30 CU and 165 bytes less an account.

use {
    anchor_lang::{
        Discriminator,
        accounts::{SlabInit, SlabSchema},
        bytemuck::{Pod, Zeroable},
        prelude::*,
    },
    core::ops::{Deref, DerefMut},
};

/// `Account<T>`, smaller and a little slower.
pub type Compact<T> = anchor_lang::accounts::Account<Stored<T>>;

/// The fields of an account behind its eight bytes of type.
#[repr(transparent)]
#[derive(Clone, Copy, Pod, Zeroable)]
pub struct Stored<T>(T);

const TYPE_LEN: usize = 8;

/// The type bytes of `T`.
const fn type_of<T: Discriminator>() -> u64 {
    match T::DISCRIMINATOR.first_chunk::<TYPE_LEN>() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => panic!("an account type has eight bytes"),
    }
}

impl<T: Pod + Discriminator> SlabSchema for Stored<T> {
    const DATA_OFFSET: usize = TYPE_LEN;
    const MIN_DATA_LEN: usize = TYPE_LEN + size_of::<T>();

    #[inline(always)]
    fn validate(view: &AccountView, data: &[u8]) -> core::result::Result<(), ProgramError> {
        validate(view, data, const { type_of::<T>() }, Self::MIN_DATA_LEN)
    }
}

/// Refuses an account that is not ours, is too short or is of another type.
#[inline(never)]
fn validate(
    view: &AccountView,
    data: &[u8],
    kind: u64,
    len: usize,
) -> core::result::Result<(), ProgramError> {
    if !view.owned_by(&crate::ID) {
        let empty = view.lamports() == 0 && view.owned_by(&System::id());
        return Err(if empty {
            ProgramError::UninitializedAccount
        } else {
            ProgramError::IllegalOwner
        });
    }
    if data.len() < len {
        return Err(ProgramError::AccountDataTooSmall);
    }
    match data.first_chunk::<TYPE_LEN>() {
        Some(bytes) if u64::from_le_bytes(*bytes) == kind => Ok(()),
        _ => Err(ProgramError::InvalidAccountData),
    }
}

impl<T: Pod + Discriminator> SlabInit for Stored<T> {
    type Params<'a> = ();

    #[inline(always)]
    fn create_and_initialize<'a>(
        payer: &AccountView,
        account: &AccountView,
        space: usize,
        _params: &(),
        signer_seeds: Option<&[&[u8]]>,
        payer_signer_seeds: Option<&[&[u8]]>,
    ) -> core::result::Result<(), ProgramError> {
        anchor_lang::create_account_with_signers(
            payer,
            account,
            space,
            &crate::ID,
            signer_seeds,
            payer_signer_seeds,
        )?;
        let mut account = *account;
        let mut data = account.try_borrow_mut()?;
        data.first_chunk_mut::<TYPE_LEN>()
            .ok_or(ProgramError::AccountDataTooSmall)?
            .copy_from_slice(T::DISCRIMINATOR);
        Ok(())
    }
}

impl<T> Deref for Stored<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Stored<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

#[cfg(feature = "idl-build")]
impl<T: anchor_lang::IdlAccountType> anchor_lang::IdlAccountType for Stored<T> {
    const __IDL_ACCOUNT_ENTRY: Option<&'static str> = T::__IDL_ACCOUNT_ENTRY;
    fn __idl_account_entry() -> Option<&'static str> {
        T::__idl_account_entry()
    }
    fn __idl_type_def() -> Option<&'static str> {
        T::__idl_type_def()
    }
    fn __register_idl_deps(accounts: &mut Vec<&'static str>, types: &mut Vec<&'static str>) {
        T::__register_idl_deps(accounts, types);
    }
}
