//! Instruction builders: pure, one function per instruction, accounts derived from the keys a caller knows.

mod attester;
mod attester_set;
mod batch;
mod challenge;
mod job;
mod network;
mod node;
mod noun;
mod offer;
mod provider;
mod rewards;
mod stake;
pub mod token;

use {
    anchor_lang::{InstructionData, ToAccountMetas},
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
};
pub use {
    attester::*, attester_set::*, batch::*, challenge::*, job::*, network::*, node::*, noun::*,
    offer::*, provider::*, rewards::*, stake::*,
};

/// The system program.
pub const SYSTEM_PROGRAM: Address = solana_sdk_ids::system_program::ID;

/// One instruction of the program.
fn build(accounts: impl ToAccountMetas, data: impl InstructionData) -> Instruction {
    Instruction {
        program_id: sluice::ID,
        accounts: accounts.to_account_metas(None),
        data: data.data(),
    }
}

/// `None` for the zero address, as optional accounts expect.
fn optional(address: &Address) -> Option<Address> {
    (*address != sluice::constants::NOBODY).then_some(*address)
}

/// The same pull paid to `account`, because its recipient gave `associated` away, its associated account: `account` is any of the
/// same mint that the recipient holds without delegate and close authority. `None` if the pull does not pay to `associated`.
pub fn paid_elsewhere(
    mut pull: Instruction,
    associated: &Address,
    account: &Address,
) -> Option<Instruction> {
    let is_destination = |meta: &AccountMeta| meta.is_writable && meta.pubkey == *associated;
    let destination = pull.accounts.iter().position(is_destination)?;
    pull.accounts.get_mut(destination)?.pubkey = *account;
    // The account that was given away is shown in the next place.
    let shown = pull.accounts.get_mut(destination.checked_add(1)?)?;
    *shown = AccountMeta::new_readonly(*associated, false);
    Some(pull)
}
