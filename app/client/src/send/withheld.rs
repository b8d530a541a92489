//! Whose token account stopped a transfer, where a token program only gives a number.

use {
    crate::{
        error::{ClientError, Frozen, Result},
        instruction::token::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
        ledger::Ledger,
    },
    solana_account::Account,
    solana_address::Address,
    solana_instruction::{Instruction, error::InstructionError},
    solana_program_option::COption,
    solana_program_pack::Pack,
    solana_transaction_error::TransactionError,
    spl_token_2022_interface::{
        error::TokenError,
        extension::{BaseStateWithExtensions, StateWithExtensions, memo_transfer::MemoTransfer},
        state,
    },
    spl_token_interface::state as classic,
};

const FROZEN: u32 = TokenError::AccountFrozen as u32;
const NO_MEMO: u32 = TokenError::NoMemo as u32;

/// `error` of a transaction of `instructions`, by the token account that is its cause if there is one.
pub fn named(
    error: ClientError,
    ledger: &impl Ledger,
    instructions: &[Instruction],
) -> ClientError {
    cause(&error, ledger, instructions).unwrap_or(error)
}

/// Why the token account at `address` takes no transfer now, if it is there and takes none.
///
/// # Errors
///
/// When the ledger does not answer.
pub fn refusal(ledger: &impl Ledger, address: &Address) -> Result<Option<ClientError>> {
    let found = ledger.account(address)?;
    Ok(found
        .and_then(|found| frozen(ledger, address, &found).or_else(|| wants_memo(address, &found))))
}

fn cause(
    error: &ClientError,
    ledger: &impl Ledger,
    instructions: &[Instruction],
) -> Option<ClientError> {
    let ClientError::Transaction {
        error:
            TransactionError::InstructionError(
                index,
                InstructionError::Custom(code @ (FROZEN | NO_MEMO)),
            ),
        ..
    } = error
    else {
        return None;
    };
    let failed = instructions.get(usize::from(*index))?;
    // Nothing moves in or out of what is read-only.
    let touched = failed.accounts.iter().filter(|meta| meta.is_writable);
    let touched: Vec<Address> = touched.map(|meta| meta.pubkey).collect();
    let found = ledger.accounts(&touched).ok()?;
    touched.iter().zip(found).find_map(|(address, found)| {
        let found = found?;
        match *code {
            FROZEN => frozen(ledger, address, &found),
            _ => wants_memo(address, &found),
        }
    })
}

fn frozen(ledger: &impl Ledger, account: &Address, found: &Account) -> Option<ClientError> {
    let held = token_account(found).filter(|held| held.is_frozen())?;
    let mint = ledger.account(&held.mint).ok()??;
    let mint = classic::Mint::unpack(mint.data.get(..classic::Mint::LEN)?).ok()?;
    Some(ClientError::Frozen(Box::new(Frozen {
        account: *account,
        owner: held.owner,
        mint: held.mint,
        by: match mint.freeze_authority {
            COption::Some(authority) => Some(authority),
            COption::None => None,
        },
    })))
}

fn wants_memo(account: &Address, found: &Account) -> Option<ClientError> {
    let owner = token_account(found)?.owner;
    let extended = StateWithExtensions::<state::Account>::unpack(&found.data).ok()?;
    let wants = extended.get_extension::<MemoTransfer>().ok()?;
    bool::from(wants.require_incoming_transfer_memos).then_some(ClientError::WantsMemo {
        account: *account,
        owner,
    })
}

fn token_account(found: &Account) -> Option<classic::Account> {
    if ![TOKEN_PROGRAM, TOKEN_2022_PROGRAM].contains(&found.owner) {
        return None;
    }
    classic::Account::unpack(found.data.get(..classic::Account::LEN)?).ok()
}
