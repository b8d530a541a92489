//! Decoding accounts: owner, discriminator and length are checked before a byte is read.

pub mod filter;

use {
    crate::error::{ClientError, Result},
    anchor_lang::Discriminator,
    bytemuck::Pod,
    solana_account::Account,
    solana_address::Address,
};

/// Decodes `account` as `T`; refuses another program's account, another type and short data.
pub fn decode<T: Pod + Discriminator>(address: &Address, account: &Account) -> Result<T> {
    let wrong = || ClientError::WrongAccount {
        address: *address,
        expected: short_name::<T>(),
    };
    if account.owner != sluice::ID {
        return Err(wrong());
    }
    let (disc, rest) = account.data.split_first_chunk::<8>().ok_or_else(wrong)?;
    if disc != T::DISCRIMINATOR {
        return Err(wrong());
    }
    let bytes = rest.get(..size_of::<T>()).ok_or_else(wrong)?;
    Ok(bytemuck::pod_read_unaligned(bytes))
}

/// Bytes of an account of type `T`, discriminator included.
pub const fn size<T: Pod>() -> usize {
    8 + size_of::<T>()
}

/// `Job` for `sluice::state::job::Job`.
pub fn short_name<T>() -> &'static str {
    let name = std::any::type_name::<T>();
    name.rsplit("::").next().unwrap_or(name)
}
