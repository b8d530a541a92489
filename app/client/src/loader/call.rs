//! A call without a trace: simulated, signed and paid by nobody.

use {
    crate::{
        error::{ClientError, Result},
        ledger::{self, Ledger, MAX_TRANSACTION, Receipt},
    },
    base64::{Engine, engine::general_purpose::STANDARD as BASE64},
    solana_address::Address,
    solana_compute_budget_interface::ComputeBudgetInstruction,
    solana_instruction::{Instruction, error::InstructionError},
    solana_message::Message,
    solana_transaction::Transaction,
    solana_transaction_error::TransactionError,
};

/// What a call gave.
#[derive(Clone, Debug)]
pub struct Called {
    /// What it returned, nothing where it returned nothing; or why it failed.
    pub outcome: std::result::Result<Option<Vec<u8>>, String>,
    /// Compute units of the program.
    pub units: Option<u64>,
}

/// Bytes of input that one transaction has room for.
pub fn room(payer: &Address, program: &Address) -> usize {
    let empty = call_of(payer, program, &[], u32::MAX);
    // The length of the data is told in a byte while there is none, and in two later.
    let taken = ledger::size(&empty).saturating_add(1);
    MAX_TRANSACTION.saturating_sub(taken)
}

/// Calls a program with `input` and no accounts, without committing anything: nobody signs and nobody pays.
///
/// # Errors
/// The ledger's. That the program fails is none.
pub fn call(
    ledger: &impl Ledger,
    payer: &Address,
    program: &Address,
    input: &[u8],
    units: u32,
) -> Result<Called> {
    let transaction = call_of(payer, program, input, units);
    let size = ledger::size(&transaction);
    if size > MAX_TRANSACTION {
        return Err(ClientError::TooLarge(size));
    }
    match ledger.simulate_with_latest(&transaction) {
        Ok((Receipt { logs, .. }, _)) => Ok(Called {
            outcome: Ok(returned(&logs, program)),
            units: consumed(&logs, program),
        }),
        // A program that the node does not know, or knows no more, says nothing of its code.
        Err(ClientError::Transaction {
            error: TransactionError::InstructionError(1, error),
            logs,
        }) if error != InstructionError::UnsupportedProgramId => Ok(Called {
            outcome: Err(error.to_string()),
            units: consumed(&logs, program),
        }),
        Err(ClientError::Program(error)) => Ok(Called {
            outcome: Err(error.to_string()),
            units: None,
        }),
        Err(error) => Err(error),
    }
}

fn call_of(payer: &Address, program: &Address, input: &[u8], units: u32) -> Transaction {
    let instructions = [
        ComputeBudgetInstruction::set_compute_unit_limit(units),
        Instruction {
            program_id: *program,
            accounts: vec![],
            data: input.to_vec(),
        },
    ];
    Transaction::new_unsigned(Message::new(&instructions, Some(payer)))
}

/// `Program return: PROGRAM BASE64`, the last of them.
fn returned(logs: &[String], program: &Address) -> Option<Vec<u8>> {
    let prefix = format!("Program return: {program} ");
    let mut lines = logs.iter().rev();
    let text = lines.find_map(|line| line.strip_prefix(&prefix))?;
    BASE64.decode(text).ok()
}

/// `Program PROGRAM consumed 5 of 1000 compute units`.
fn consumed(logs: &[String], program: &Address) -> Option<u64> {
    let prefix = format!("Program {program} consumed ");
    let mut lines = logs.iter();
    let text = lines.find_map(|line| line.strip_prefix(&prefix))?;
    text.split(' ').next()?.parse().ok()
}
