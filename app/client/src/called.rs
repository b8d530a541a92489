//! Refusals of the programs that Sluice calls, and of those that stand in a transaction beside it, with what to do about them. They only
//! have numbers, and the same number means another thing in each program.

use {
    crate::instruction::token::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
    solana_address::Address,
    solana_instruction::error::InstructionError,
    solana_sdk_ids::system_program,
    solana_system_interface::error::SystemError,
    solana_transaction_error::TransactionError,
    spl_associated_token_account_interface::program::ID as ASSOCIATED_TOKEN_PROGRAM,
    spl_token_2022_interface::error::TokenError,
    std::fmt,
};

/// A refusal of another program that a transaction of Sluice can meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The number that a failed transaction carries.
    pub code: u32,
    /// The error's name in the program's own source.
    pub name: &'static str,
    /// What it says.
    pub message: &'static str,
    /// What to do about it; `None` where only another request helps.
    pub remedy: Option<&'static str>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.name)?;
        self.remedy.map_or(Ok(()), |remedy| write!(f, "; {remedy}"))
    }
}

/// Both token programs and Token-2022 alone: what they refuse, by their codes.
static OF_TOKENS: [Refusal; 13] = [
    with_remedy(
        TokenError::NotRentExempt as u32,
        "NotRentExempt",
        "an account holds too few lamports to stay",
        "pay its rent first",
    ),
    with_remedy(
        TokenError::InsufficientFunds as u32,
        "InsufficientFunds",
        "a token account holds fewer tokens than are to leave it",
        "fund it first, or move less",
    ),
    with_remedy(
        TokenError::InvalidMint as u32,
        "InvalidMint",
        "an account is no mint of this token program",
        "give the mint's own address, and the token program that owns it",
    ),
    with_remedy(
        TokenError::MintMismatch as u32,
        "MintMismatch",
        "a token account holds another mint's tokens",
        "give an account of the mint that is to move",
    ),
    with_remedy(
        TokenError::OwnerMismatch as u32,
        "OwnerMismatch",
        "a token account belongs to another key than the one that signs",
        "sign with its owner's key, or give an account of the signer",
    ),
    with_remedy(
        TokenError::AlreadyInUse as u32,
        "AlreadyInUse",
        "an account that is to be opened is open already",
        "read it again: nothing may be left to do",
    ),
    with_remedy(
        TokenError::UninitializedState as u32,
        "UninitializedState",
        "a token account or a mint is not set up",
        "create the token account first",
    ),
    with_remedy(
        TokenError::NonNativeHasBalance as u32,
        "NonNativeHasBalance",
        "a token account that still holds tokens cannot be closed",
        "move its tokens first",
    ),
    with_remedy(
        TokenError::AccountFrozen as u32,
        "AccountFrozen",
        "a token account is frozen, and nothing moved",
        "the mint's freeze authority has to thaw it, then try again",
    ),
    with_remedy(
        TokenError::MintDecimalsMismatch as u32,
        "MintDecimalsMismatch",
        "the mint has other decimals than were given",
        "read the mint again and repeat",
    ),
    with_remedy(
        TokenError::NoMemo as u32,
        "NoMemo",
        "a token account takes no transfer without a memo, which a payout cannot carry, and nothing moved",
        "its owner lifts that with `spl-token disable-required-transfer-memos`, then try again",
    ),
    with_remedy(
        TokenError::NonTransferable as u32,
        "NonTransferable",
        "the mint's tokens cannot be transferred",
        "choose another mint",
    ),
    with_remedy(
        TokenError::MintPaused as u32,
        "MintPaused",
        "the mint is paused, and nothing moved",
        "its pause authority has to resume it, then try again",
    ),
];

/// The first code that only Token-2022 has.
const FIRST_OF_2022: u32 = TokenError::ExtensionTypeMismatch as u32;

/// The program that creates associated token accounts.
static OF_ASSOCIATED: [Refusal; 1] = [with_remedy(
    0,
    "InvalidOwner",
    "the account at the associated address belongs to another owner",
    "read it again and repeat: its owner is paid in an account that stands in for it",
)];

/// The System program.
static OF_SYSTEM: [Refusal; 5] = [
    with_remedy(
        SystemError::AccountAlreadyInUse as u32,
        "AccountAlreadyInUse",
        "an account that is to be created exists already",
        "read it again: nothing may be left to do",
    ),
    with_remedy(
        SystemError::ResultWithNegativeLamports as u32,
        "ResultWithNegativeLamports",
        "an account holds fewer lamports than are to leave it",
        "send SOL to the payer first",
    ),
    with_remedy(
        SystemError::NonceNoRecentBlockhashes as u32,
        "NonceNoRecentBlockhashes",
        "the cluster has no recent blockhash to advance the nonce to",
        "try again later",
    ),
    with_remedy(
        SystemError::NonceBlockhashNotExpired as u32,
        "NonceBlockhashNotExpired",
        "the nonce was advanced in this slot already",
        "try again in a later slot",
    ),
    with_remedy(
        SystemError::NonceUnexpectedBlockhashValue as u32,
        "NonceUnexpectedBlockhashValue",
        "the nonce holds another value than was signed with",
        "sign again with the value that it holds now",
    ),
];

const fn with_remedy(
    code: u32,
    name: &'static str,
    message: &'static str,
    remedy: &'static str,
) -> Refusal {
    Refusal {
        code,
        name,
        message,
        remedy: Some(remedy),
    }
}

/// The programs whose refusals are known, with those.
pub fn known() -> impl Iterator<Item = (Address, &'static [Refusal])> {
    let classic = OF_TOKENS
        .iter()
        .position(|refusal| refusal.code >= FIRST_OF_2022)
        .and_then(|end| OF_TOKENS.get(..end));
    [
        (TOKEN_PROGRAM, classic.unwrap_or(&OF_TOKENS)),
        (TOKEN_2022_PROGRAM, &OF_TOKENS),
        (ASSOCIATED_TOKEN_PROGRAM, &OF_ASSOCIATED),
        (system_program::ID, &OF_SYSTEM),
    ]
    .into_iter()
}

/// The refusal of `program` with this code, if it is known.
pub fn by_code(program: &Address, code: u32) -> Option<Refusal> {
    let (_, refusals) = known().find(|(known, _)| known == program)?;
    refusals
        .iter()
        .find(|refusal| refusal.code == code)
        .copied()
}

/// What another program refused, by its code and by the innermost program that failed, which `logs` tell. `None` for a refusal of
/// Sluice itself, for one that is not known, and where the logs do not tell.
pub fn refusal(error: &TransactionError, logs: &[String]) -> Option<Refusal> {
    let TransactionError::InstructionError(_, InstructionError::Custom(code)) = error else {
        return None;
    };
    by_code(&innermost(logs)?.parse().ok()?, *code)
}

/// The innermost program that failed, as the logs tell: it says so before those that called it.
pub(crate) fn innermost(logs: &[String]) -> Option<&str> {
    logs.iter().find_map(|line| {
        let (program, rest) = line.strip_prefix("Program ")?.split_once(' ')?;
        rest.starts_with("failed").then_some(program)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_named_by_the_program_that_failed_first() {
        let logs = |programs: &[Address]| -> Vec<String> {
            let failed = programs
                .iter()
                .map(|program| format!("Program {program} failed: custom program error: 0x11"));
            failed.collect()
        };
        let error = |code| TransactionError::InstructionError(1, InstructionError::Custom(code));
        let frozen = refusal(&error(17), &logs(&[TOKEN_2022_PROGRAM, sluice::ID])).unwrap();
        assert_eq!(frozen.name, "AccountFrozen");
        assert_eq!(
            frozen.to_string(),
            "a token account is frozen, and nothing moved (AccountFrozen); the mint's freeze authority has to thaw it, then try again"
        );
        // The same number of other programs is another matter.
        assert_eq!(refusal(&error(17), &logs(&[sluice::ID])), None);
        let system = system_program::ID;
        assert_eq!(refusal(&error(17), &logs(&[system])), None);
        let poor = refusal(&error(1), &logs(&[system])).unwrap();
        assert_eq!(poor.name, "ResultWithNegativeLamports");
        assert_eq!(refusal(&error(17), &[]), None);
        assert_eq!(
            refusal(&TransactionError::AccountInUse, &logs(&[system])),
            None
        );
    }

    #[test]
    fn names_are_the_programs_own_and_the_classic_one_knows_no_extensions() {
        for refusal in OF_TOKENS {
            let own = TokenError::try_from(refusal.code).unwrap();
            assert_eq!(format!("{own:?}"), refusal.name);
        }
        assert!(OF_TOKENS.is_sorted_by_key(|refusal| refusal.code));
        assert!(by_code(&TOKEN_PROGRAM, TokenError::NoMemo as u32).is_none());
        assert!(by_code(&TOKEN_2022_PROGRAM, TokenError::NoMemo as u32).is_some());
        assert!(by_code(&TOKEN_PROGRAM, TokenError::AccountFrozen as u32).is_some());
    }
}
