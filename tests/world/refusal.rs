//! A refusal is a named error and nothing moved.

use {
    super::World,
    sluice_client::{
        ClientError,
        instruction::token::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
    },
    solana_instruction::{Instruction, error::InstructionError},
    solana_keypair::Keypair,
    solana_transaction_error::TransactionError,
    std::collections::BTreeMap,
};

/// Every account of the program and of both token programs, by address.
pub type Frozen = BTreeMap<[u8; 32], (u64, Vec<u8>)>;

/// The error's name: the program's own, a framework error, or the runtime's variant.
pub fn error_name(error: &ClientError) -> String {
    match error {
        ClientError::Program(named) => named.name.to_owned(),
        ClientError::Transaction { error, .. } => match error {
            TransactionError::InstructionError(_, InstructionError::Custom(code)) => {
                format!("Custom({code})")
            }
            TransactionError::InstructionError(_, inner) => format!("{inner:?}"),
            other => format!("{other:?}"),
        },
        other => format!("{other:?}"),
    }
}

impl World {
    /// Everything that money or state could hide in.
    pub fn freeze(&mut self) -> Frozen {
        [sluice_client::ID, TOKEN_PROGRAM, TOKEN_2022_PROGRAM]
            .iter()
            .flat_map(|program| self.chain.svm().get_program_accounts(program))
            .map(|(address, account)| (address.to_bytes(), (account.lamports, account.data)))
            .collect()
    }

    /// Sends what must fail with the error named `name`, and asserts that no account changed.
    #[track_caller]
    pub fn refused(&mut self, instructions: &[Instruction], signers: &[&Keypair], name: &str) {
        let before = self.freeze();
        match self.send(instructions, signers) {
            Ok(_) => panic!("accepted, though it should have failed with {name}"),
            Err(error) => assert_eq!(error_name(&error), name, "{error:?}"),
        }
        assert!(
            self.freeze() == before,
            "{name} was refused but something moved"
        );
    }
}
