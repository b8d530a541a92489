//! Options that every command takes.

use {
    crate::format::Format,
    clap::{Args, ValueEnum},
    solana_address::Address,
    solana_hash::Hash,
    solana_signature::Signature,
    std::{path::PathBuf, str::FromStr},
};

/// Options that every command takes.
///
/// Not `Debug`: URLs hold keys, and some people write a key where its file belongs.
#[derive(Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Cluster: m (mainnet-beta), d (devnet), t (testnet), l (localhost) or an http(s) URL.
    #[arg(short, long, global = true, value_name = "URL_OR_MONIKER")]
    pub url: Option<String>,
    /// WebSocket of the cluster; by default of the configuration file, or derived from --url.
    #[arg(long, global = true, value_name = "URL")]
    pub ws: Option<String>,
    /// Solana's configuration file; by default ~/.config/solana/cli/config.yml.
    #[arg(short = 'C', long, global = true, value_name = "PATH")]
    pub config: Option<PathBuf>,
    /// File of profiles; by default $SLUICE_PROFILE, else ~/.config/sluice/profile.toml.
    // Read before these options are, for it says what words mean.
    #[arg(long, global = true, value_name = "PATH")]
    pub profile: Option<PathBuf>,
    /// Key that signs: a keypair file, - for standard input, prompt: for a seed phrase, usb://ledger, or an address of which
    /// --signer gives the signature or that signs elsewhere (--sign-only, --as-instruction).
    #[arg(short, long, global = true, value_name = "KEYPAIR")]
    pub keypair: Option<String>,
    /// Key that pays fees and rent, in the same forms; by default --keypair.
    #[arg(long, global = true, value_name = "KEYPAIR")]
    pub fee_payer: Option<String>,
    /// How settled a state must be to be read or waited for.
    #[arg(long, global = true, value_name = "LEVEL")]
    pub commitment: Option<Commitment>,
    /// Form of results and errors; by default for people, and JSON where NO_DNA is set.
    #[arg(long, global = true, value_enum, value_name = "FORMAT")]
    pub output: Option<Format>,
    /// On a terminal, show every column and detail, and whole addresses, however long the lines get.
    #[arg(long, global = true)]
    pub wide: bool,
    /// Simulate, print the compute units and the fee, and send nothing.
    #[arg(long, global = true)]
    pub dry_run: bool,
    /// Do not ask before money moves. Nothing asks where input is no terminal, or NO_DNA is set.
    #[arg(short, long, global = true)]
    pub yes: bool,
    /// Priority fee, micro-lamports per compute unit.
    #[arg(long, global = true, value_name = "MICRO_LAMPORTS")]
    pub with_compute_unit_price: Option<u64>,
    /// Compute units to ask for; by default those of a simulation and a tenth more.
    #[arg(long, global = true, value_name = "UNITS")]
    pub with_compute_unit_limit: Option<u32>,
    /// Most that a transaction may cost, SOL; rent is no cost.
    #[arg(long, global = true, value_name = "SOL")]
    pub max_fee: Option<String>,
    /// Note that stays with the transaction.
    #[arg(long, global = true, value_name = "TEXT")]
    pub with_memo: Option<String>,
    /// Print the instructions for a proposal and send nothing: no key signs, and each may be an address, as that of a multisig's
    /// vault or a DAO.
    #[arg(
        long,
        global = true,
        conflicts_with_all = ["dry_run", "sign_only", "signers", "blockhash", "nonce"]
    )]
    pub as_instruction: bool,
    /// Sign with the keys at hand, print the signatures and send nothing.
    #[arg(long, global = true, conflicts_with = "dry_run")]
    pub sign_only: bool,
    /// With --sign-only, print the message too: for `sluice transaction sign` and `send`, and for multisigs.
    #[arg(long, global = true, requires = "sign_only")]
    pub dump_transaction_message: bool,
    /// Signature made elsewhere.
    #[arg(long = "signer", global = true, value_name = "ADDRESS=SIGNATURE")]
    pub signers: Vec<Presigned>,
    /// Blockhash to sign with; by default the latest.
    #[arg(long, global = true, value_name = "BLOCKHASH")]
    pub blockhash: Option<Hash>,
    /// Account of a durable nonce, whose value takes the blockhash's place and does not expire.
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub nonce: Option<Address>,
    /// Key that may advance the nonce; by default --keypair.
    #[arg(long, global = true, requires = "nonce", value_name = "KEYPAIR")]
    pub nonce_authority: Option<String>,
    /// Where transactions on their way and signed statements are noted; by default $SLUICE_STATE_DIR, else ~/.local/state/sluice.
    #[arg(long, global = true, value_name = "DIRECTORY")]
    pub state_dir: Option<PathBuf>,
}

impl Global {
    /// Form of results and errors.
    pub fn format(&self) -> Format {
        self.output.unwrap_or_else(Format::by_default)
    }
}

/// A signature made elsewhere, as other commands print it: `ADDRESS=SIGNATURE`.
#[derive(Clone, Copy, Debug)]
pub struct Presigned {
    pub key: Address,
    pub signature: Signature,
}

impl FromStr for Presigned {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        text.split_once('=')
            .and_then(|(key, signature)| {
                Some(Self {
                    key: key.parse().ok()?,
                    signature: signature.parse().ok()?,
                })
            })
            .ok_or_else(|| "expected ADDRESS=SIGNATURE".to_owned())
    }
}

/// How settled a state must be.
#[derive(Clone, Copy, ValueEnum, Debug)]
pub enum Commitment {
    Processed,
    Confirmed,
    Finalized,
}
