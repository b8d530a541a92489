//! A program that calls ours.

use {
    super::World,
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction, error::InstructionError},
    solana_program_runtime::{
        declare_process_instruction, solana_sbpf::program::BuiltinFunctionDefinition,
    },
};

/// A program that calls its first account with the rest of its accounts and its data.
const FORWARDER: Address = Address::new_from_array([42; 32]);

declare_process_instruction!(Forwarder, 0, |invoke_context| {
    let call = {
        let context = invoke_context
            .transaction_context
            .get_current_instruction_context()?;
        let mut accounts = vec![];
        for index in 0..context.get_number_of_instruction_accounts() {
            accounts.push(AccountMeta {
                pubkey: *context.get_key_of_instruction_account(index)?,
                is_signer: context.is_instruction_account_signer(index)?,
                is_writable: context.is_instruction_account_writable(index)?,
            });
        }
        if accounts.is_empty() {
            return Err(InstructionError::MissingAccount);
        }
        Instruction {
            program_id: accounts.remove(0).pubkey,
            accounts,
            data: context.get_instruction_data().to_vec(),
        }
    };
    invoke_context.native_invoke_signed(call, &[])
});

/// `inner`, called by the forwarder.
pub fn through_forwarder(inner: &Instruction) -> Instruction {
    let mut accounts = vec![AccountMeta::new_readonly(inner.program_id, false)];
    accounts.extend(inner.accounts.iter().cloned());
    Instruction {
        program_id: FORWARDER,
        accounts,
        data: inner.data.clone(),
    }
}

impl World {
    /// Puts the forwarder on the chain.
    pub fn add_forwarder(&mut self) {
        self.chain.svm().add_builtin(FORWARDER, Forwarder::register);
    }
}
