//! Why a command failed: one sentence, a name and a documented exit code.

use {
    crate::{format::Format, remedy, secrets::Secrets},
    serde_json::json,
    sluice_client::{
        ClientError,
        amount::{self, SOL_DECIMALS},
        books, foreign, found, send,
        statement::NotJournalled,
    },
    sluice_run::kernel,
    solana_address::Address,
    solana_instruction::error::InstructionError,
    solana_transaction_error::TransactionError,
    std::process::ExitCode,
};

/// Result of a step of a command.
pub type Result<T> = std::result::Result<T, Failure>;

/// The command's exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    Ok = 0,
    Other = 1,
    Usage = 2,
    BadInput = 3,
    Key = 4,
    NotFound = 5,
    Refused = 6,
    Unreachable = 7,
    Unfunded = 8,
    NotDeployed = 9,
    Partly = 10,
    Unknown = 11,
    Declined = 12,
    Incomplete = 13,
    Unmet = 14,
}

impl Exit {
    /// Every code, in order.
    pub const ALL: [Self; 15] = [
        Self::Ok,
        Self::Other,
        Self::Usage,
        Self::BadInput,
        Self::Key,
        Self::NotFound,
        Self::Refused,
        Self::Unreachable,
        Self::Unfunded,
        Self::NotDeployed,
        Self::Partly,
        Self::Unknown,
        Self::Declined,
        Self::Incomplete,
        Self::Unmet,
    ];

    /// The number that a shell sees.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// What the code means.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Ok => "done, or with `--dry-run`: would be done",
            Self::Other => "the output could not be written",
            Self::Usage => "the command line is malformed",
            Self::BadInput => {
                "a value cannot be used: an amount, a file, an account of another kind, a mint that Sluice refuses; with `kernel`: sources that do not compile, a tool that is missing"
            }
            Self::Key => "a keypair is missing or malformed, or is not the one that must sign",
            Self::NotFound => "an account does not exist on this cluster",
            Self::Refused => "the program, a program it calls, or a faucet refused",
            Self::Unreachable => "the cluster could not be reached or answered wrongly",
            Self::Unfunded => "the payer lacks lamports, or an owner lacks tokens or stake",
            Self::NotDeployed => "the program is not deployed on this cluster",
            Self::Partly => "some steps failed; the result names them, the others are done",
            Self::Unknown => {
                "whether a transaction landed could not be found out; the same command, run again, finds out before it sends anything"
            }
            Self::Declined => {
                "a question was not answered with yes, or the fee is above --max-fee; nothing was sent"
            }
            Self::Incomplete => {
                "with `migrate plan --check`: something is to do, or waits for its date; with `doctor`: something is to be mended; with `statement provider`: what is told does not explain all pay, and the statement names what is open; with `kernel`: engines or machines differ, or the file is no kernel"
            }
            Self::Unmet => "with `watch`: what was waited for did not come in time",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// What stopped a command.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Whoever read the output has enough.
    #[error("the output was closed")]
    Closed,
    #[error("the output could not be written: {0}")]
    Output(String),
    #[error("{0}")]
    Usage(String),
    #[error("{0}")]
    BadInput(String),
    #[error("{0}")]
    Key(String),
    #[error("the key {given} is not the {role}, {expected}; sign with --keypair of the {role}")]
    WrongSigner {
        role: &'static str,
        expected: Address,
        given: Address,
    },
    #[error("there is no {what} at {address}")]
    NotFound {
        what: &'static str,
        address: Address,
    },
    #[error(
        "there is no {what} at {address}: it never was, or it is closed, and `sluice events {address}` tells its history"
    )]
    Gone {
        what: &'static str,
        address: Address,
    },
    #[error("{0}")]
    Unmet(String),
    #[error("{0}")]
    Unfunded(String),
    #[error("{0}")]
    Declined(String),
    #[error("the program {program} is not deployed on {url}; choose the cluster with --url")]
    NotDeployed { program: Address, url: String },
    #[error("{}", with_remedy(.0))]
    Client(#[from] ClientError),
}

impl Failure {
    /// A value that cannot be used.
    pub fn input(text: impl Into<String>) -> Self {
        Self::BadInput(text.into())
    }

    /// The exit code.
    pub const fn exit(&self) -> Exit {
        match self {
            Self::Closed => Exit::Ok,
            Self::Output(_) => Exit::Other,
            Self::Usage(_) => Exit::Usage,
            Self::BadInput(_) => Exit::BadInput,
            Self::Key(_) | Self::WrongSigner { .. } => Exit::Key,
            Self::NotFound { .. } | Self::Gone { .. } => Exit::NotFound,
            Self::Unmet(_) => Exit::Unmet,
            Self::Unfunded(_) => Exit::Unfunded,
            Self::Declined(_) => Exit::Declined,
            Self::NotDeployed { .. } => Exit::NotDeployed,
            Self::Client(error) => of_client(error),
        }
    }

    /// The name in JSON: the program's own where it refused.
    fn name(&self) -> &'static str {
        match self {
            Self::Client(ClientError::Program(error)) => error.name,
            Self::Client(ClientError::Frozen(_)) => "AccountFrozen",
            Self::Client(ClientError::WantsMemo { .. }) => "MemoRequired",
            Self::Client(ClientError::NoFaucet { .. }) => "NoFaucet",
            Self::WrongSigner { .. } => "WrongSigner",
            other => match other.exit() {
                Exit::Ok => "Ok",
                Exit::Other => "Output",
                Exit::Usage => "Usage",
                Exit::BadInput => "BadInput",
                Exit::Key => "Key",
                Exit::NotFound => "NotFound",
                Exit::Refused => "TransactionFailed",
                Exit::Unreachable => "Unreachable",
                Exit::Unfunded => "Unfunded",
                Exit::NotDeployed => "NotDeployed",
                Exit::Partly => "Partly",
                Exit::Unknown => "Unknown",
                Exit::Declined => "Declined",
                Exit::Incomplete => "Incomplete",
                Exit::Unmet => "Unmet",
            },
        }
    }

    /// The one line for the error stream.
    pub fn render(&self, format: Format, secrets: &Secrets) -> String {
        let message = secrets.hide(&self.to_string());
        let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
        let message = foreign::shown(&message);
        if format.is_worded() {
            return format!("error: {message}");
        }
        let mut error = json!({
            "name": self.name(),
            "message": message,
            "code": self.exit().code(),
        });
        if let (Self::Client(ClientError::Program(program)), Some(fields)) =
            (self, error.as_object_mut())
        {
            fields.insert("program_code".to_owned(), json!(program.code));
        }
        json!({ "error": error }).to_string()
    }
}

/// Says of an account that is shown and is not there what it would be, and where its history is.
pub fn gone(what: &'static str, address: &Address) -> impl Fn(ClientError) -> Failure + use<> {
    let address = *address;
    move |error| match error {
        ClientError::NoAccount(missing) if missing == address => Failure::Gone { what, address },
        other => other.into(),
    }
}

impl From<found::Error> for Failure {
    fn from(error: found::Error) -> Self {
        match error {
            found::Error::Client(error) => error.into(),
            found::Error::NoMint(address) => Self::NotFound {
                what: "mint",
                address,
            },
            found::Error::NoStake(_) => {
                Self::Unfunded(format!("{error}: run `sluice stake deposit` first"))
            }
            found::Error::Refused {
                error: Some(ref refusal),
                ..
            } => Self::BadInput(format!("{error}{}", remedy::after(refusal))),
            other => Self::BadInput(other.to_string()),
        }
    }
}

impl From<books::Error> for Failure {
    fn from(error: books::Error) -> Self {
        match error {
            books::Error::Client(error) => Self::Client(error),
            books::Error::NoProvider(address) => Self::NotFound {
                what: "provider",
                address,
            },
            // The node has forgotten something, or it lies.
            other => Self::Client(ClientError::Rpc(other.to_string().into())),
        }
    }
}

impl From<kernel::Error> for Failure {
    fn from(error: kernel::Error) -> Self {
        Self::BadInput(error.to_string())
    }
}

impl From<NotJournalled> for Failure {
    fn from(error: NotJournalled) -> Self {
        match error {
            NotJournalled::Client(error) => error.into(),
            other => Self::input(other.to_string()),
        }
    }
}

impl From<send::Error> for Failure {
    /// In the command's words where they name its options.
    fn from(error: send::Error) -> Self {
        use send::Error;
        match error {
            Error::Client(error) => error.into(),
            Error::FeeAboveLimit { fee, most } => Self::Declined(format!(
                "the fee is {} SOL, above --max-fee {}",
                amount::format(fee, SOL_DECIMALS),
                amount::format(most, SOL_DECIMALS),
            )),
            Error::NotSigned(keys) => Self::Key(format!(
                "signatures are missing, give them with --signer: {}",
                keys.iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(", ")
            )),
            Error::InDoubt => Self::Declined(error.to_string()),
            Error::LacksLamports { .. } | Error::LacksToWrap { .. } | Error::LacksTokens { .. } => {
                Self::Unfunded(error.to_string())
            }
            Error::NoDirectory => Self::input(
                "there is no place to note transactions on their way: set HOME, or give --state-dir",
            ),
            Error::AtWork => Self::input(
                "the same command is being run by another process: wait for it, then run this again",
            ),
            Error::SharedStandIn { .. }
            | Error::OtherVersion(_)
            | Error::Unusable { .. }
            | Error::LeftBehind
            | Error::Note(_) => Self::BadInput(error.to_string()),
        }
    }
}

/// A client's error, and after a refusal of the program what to do about it.
fn with_remedy(error: &ClientError) -> String {
    match error {
        ClientError::Transaction { error: cause, logs } if ran_out_of_units(cause, logs) => {
            "the transaction ran out of compute units: give --with-compute-unit-limit more, or leave it out for what a simulation uses and a tenth more".to_owned()
        }
        ClientError::Program(refusal) => format!("{error}{}", remedy::after(refusal)),
        ClientError::NoFaucet { .. } => {
            format!("{error}; faucet.solana.com gives SOL of devnet and testnet, nothing gives that of mainnet")
        }
        _ => error.called().map_or_else(
            || error.to_string(),
            |refusal| format!("the transaction failed: {refusal}"),
        ),
    }
}

const fn of_client(error: &ClientError) -> Exit {
    match error {
        ClientError::NoAccount(_) => Exit::NotFound,
        ClientError::WrongAccount { .. }
        | ClientError::NotAMint(_)
        | ClientError::NotANonce(_)
        | ClientError::MintRefused { .. }
        | ClientError::BadAmount { .. }
        | ClientError::SecsTooLong(_)
        | ClientError::DateTooFar { .. }
        | ClientError::SignatureCount(_)
        | ClientError::NotAMember(_)
        | ClientError::NoQuorum { .. }
        | ClientError::TooLarge(_) => Exit::BadInput,
        ClientError::Signing(_) => Exit::Key,
        ClientError::Transaction { error, .. } if is_lack_of_lamports(error) => Exit::Unfunded,
        ClientError::Program(_)
        | ClientError::Transaction { .. }
        | ClientError::Frozen(_)
        | ClientError::NoFaucet { .. }
        | ClientError::WantsMemo { .. } => Exit::Refused,
        ClientError::Unknown { .. } => Exit::Unknown,
        ClientError::Rpc(_)
        | ClientError::Untold(_)
        | ClientError::Engine(_)
        | ClientError::Expired(_) => Exit::Unreachable,
    }
}

/// The runtime has an error for it, which a program's own end hides.
fn ran_out_of_units(error: &TransactionError, logs: &[String]) -> bool {
    matches!(
        error,
        TransactionError::InstructionError(_, InstructionError::ComputationalBudgetExceeded)
    ) || logs.iter().any(|line| line.contains("exceeded CUs meter"))
}

const fn is_lack_of_lamports(error: &TransactionError) -> bool {
    matches!(
        error,
        TransactionError::AccountNotFound
            | TransactionError::InsufficientFundsForFee
            | TransactionError::InsufficientFundsForRent { .. }
            | TransactionError::InstructionError(_, InstructionError::InsufficientFunds)
    )
}
