//! The names that the runtime gives to refusals which the reference only knows by kind.

use {
    sluice_client::ClientError,
    sluice_tests::reference::{Fail, IN_USE, MISSING, SHORT},
    solana_instruction::error::InstructionError,
    solana_transaction_error::TransactionError,
};

/// The name of a refusal: the program's own or the runtime's.
pub fn name_of(error: &ClientError) -> String {
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

/// True if the refusal on chain is the one the reference expects.
pub fn agrees(expected: Fail, on_chain: &str) -> bool {
    match expected {
        // Anchor finds the system program's empty account where one of ours belongs.
        MISSING => ["AccountDataTooSmall", "UninitializedAccount"].contains(&on_chain),
        // The system program will not create it again.
        IN_USE => on_chain == "Custom(0)",
        // The token program's second error.
        SHORT => on_chain == "Custom(1)",
        named => named == on_chain,
    }
}
