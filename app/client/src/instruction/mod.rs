//! Instruction builders: pure, one function per instruction, accounts derived from the keys a caller knows.

mod challenge;
mod job;
mod network;
mod registry;
mod rewards;
mod stake;
pub mod token;

pub use {challenge::*, job::*, network::*, registry::*, rewards::*, stake::*};

use {
    anchor_lang::{InstructionData, ToAccountMetas},
    solana_address::Address,
    solana_instruction::Instruction,
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
