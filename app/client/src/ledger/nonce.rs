//! Durable nonces: transactions that wait for their signatures longer than a blockhash lives.
//!
//! Layout of the account: `solana-nonce`'s `Versions`, little-endian: version u32, state u32, authority, durable nonce, lamports
//! per signature u64.

use {
    super::{Ledger, Lifetime},
    crate::error::{ClientError, Result},
    solana_account::Account,
    solana_address::Address,
    solana_hash::Hash,
    solana_sdk_ids::system_program,
};

/// Bytes of a nonce account.
pub const LEN: usize = 80;

/// The durable nonce in a nonce account; `None` for any other account.
pub fn value(account: &Account) -> Option<Hash> {
    let is_current = account.data.first_chunk::<8>() == Some(&[1, 0, 0, 0, 1, 0, 0, 0]);
    if account.owner != system_program::ID || account.data.len() != LEN || !is_current {
        return None;
    }
    let bytes: [u8; 32] = account.data.get(40..72)?.try_into().ok()?;
    Some(Hash::new_from_array(bytes))
}

/// The lifetime of a transaction that advances the nonce account at `address`, found as `account` in `slot`.
pub fn lifetime(address: &Address, account: &Account, slot: u64) -> Result<Lifetime> {
    let value = value(account).ok_or(ClientError::NotANonce(*address))?;
    Ok(Lifetime::Nonce {
        account: *address,
        value,
        slot,
    })
}

/// The lifetime of what is signed with the `given` value of the nonce account at `address`, or with what it holds.
pub fn read(ledger: &impl Ledger, address: &Address, given: Option<Hash>) -> Result<Lifetime> {
    let slot = ledger.clock()?.slot;
    let found = ledger.account(address)?;
    let found = found.ok_or(ClientError::NoAccount(*address))?;
    let held = lifetime(address, &found, slot)?;
    Ok(match given {
        // What was signed with a value that is gone may have landed at any time.
        Some(value) if value != held.hash() => Lifetime::Nonce {
            account: *address,
            value,
            slot: 0,
        },
        _ => held,
    })
}
