//! Where the cluster and the keys come from: global options first, then Solana's own configuration file.

use {
    crate::{
        failure::{Failure, Result},
        format::no_dna,
        options::{Commitment, Global, Presigned},
    },
    sluice_client::{
        amount::{self, SOL_DECIMALS},
        ledger::ws_url,
    },
    solana_address::Address,
    solana_commitment_config::CommitmentConfig,
    solana_hash::Hash,
    std::{
        env, fs,
        path::{Path, PathBuf},
    },
};

/// The cluster to talk to.
#[derive(Clone, Debug)]
pub struct Cluster {
    pub url: String,
    /// URL of its WebSocket.
    pub ws_url: String,
    pub commitment: CommitmentConfig,
}

/// Options and configuration, resolved.
pub struct Settings {
    pub cluster: Cluster,
    /// Where the key that signs is.
    pub keypair: String,
    /// Where the key that pays is, if it is another one.
    pub fee_payer: Option<String>,
    pub dry_run: bool,
    /// True where instructions are printed for others to sign.
    pub as_instruction: bool,
    /// True where whoever looks on wants to be asked.
    pub may_ask: bool,
    /// Micro-lamports per compute unit.
    pub unit_price: Option<u64>,
    pub unit_limit: Option<u32>,
    /// Lamports.
    pub max_fee: Option<u64>,
    pub memo: Option<String>,
    pub sign_only: bool,
    pub dump_message: bool,
    pub presigned: Vec<Presigned>,
    pub blockhash: Option<Hash>,
    pub nonce: Option<Address>,
    pub nonce_authority: Option<String>,
    /// Where transactions on their way are noted.
    pub state: Option<PathBuf>,
}

impl Settings {
    /// Merges the options with the configuration file; an explicitly named file must exist.
    pub fn resolve(options: Global) -> Result<Self> {
        let file = match &options.config {
            Some(path) => File::read(path)?.ok_or_else(|| {
                Failure::input(format!(
                    "there is no configuration file at {}",
                    path.display()
                ))
            })?,
            None => match solana_dir() {
                Some(dir) => File::read(&dir.join("cli/config.yml"))?.unwrap_or_default(),
                None => File::default(),
            },
        };
        let commitment = match options.commitment {
            Some(Commitment::Processed) => CommitmentConfig::processed(),
            Some(Commitment::Finalized) => CommitmentConfig::finalized(),
            Some(Commitment::Confirmed) => CommitmentConfig::confirmed(),
            None => file.commitment()?,
        };
        let keypair = options.keypair.or(file.keypair_path).unwrap_or_else(|| {
            let dir = solana_dir().unwrap_or_default();
            dir.join("id.json").display().to_string()
        });
        // The file's WebSocket belongs to the file's cluster.
        let file_ws = file.websocket_url.filter(|_| options.url.is_none());
        let url = options.url.or(file.json_rpc_url);
        let url = resolve_url(url.as_deref().unwrap_or("m"))?;
        let ws_url = options.ws.or(file_ws).unwrap_or_else(|| ws_url(&url));
        let max_fee = options.max_fee.as_deref();
        Ok(Self {
            cluster: Cluster {
                url,
                ws_url,
                commitment,
            },
            keypair,
            fee_payer: options.fee_payer,
            dry_run: options.dry_run,
            as_instruction: options.as_instruction,
            may_ask: !options.yes && !no_dna(),
            unit_price: options.with_compute_unit_price,
            unit_limit: options.with_compute_unit_limit,
            max_fee: max_fee
                .map(|text| amount::parse(text, SOL_DECIMALS))
                .transpose()?,
            memo: options.with_memo,
            sign_only: options.sign_only,
            dump_message: options.dump_transaction_message,
            presigned: options.signers,
            blockhash: options.blockhash,
            nonce: options.nonce,
            nonce_authority: options.nonce_authority,
            state: options.state_dir.or_else(state_dir),
        })
    }
}

/// The monikers that `solana` knows.
fn resolve_url(text: &str) -> Result<String> {
    Ok(match text {
        "m" | "mainnet-beta" => "https://api.mainnet-beta.solana.com".to_owned(),
        "d" | "devnet" => "https://api.devnet.solana.com".to_owned(),
        "t" | "testnet" => "https://api.testnet.solana.com".to_owned(),
        "l" | "localhost" => "http://localhost:8899".to_owned(),
        url if url.starts_with("http://") || url.starts_with("https://") => url.to_owned(),
        other => {
            return Err(Failure::input(format!(
                "'{other}' is neither a moniker (m, d, t, l) nor an http(s) URL"
            )));
        }
    })
}

/// As the XDG base directories have it.
fn state_dir() -> Option<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    let base = set("XDG_STATE_HOME")
        .map(PathBuf::from)
        .or_else(|| set("HOME").map(|home| PathBuf::from(home).join(".local/state")));
    base.map(|base| base.join("sluice"))
}

fn solana_dir() -> Option<PathBuf> {
    env::var_os("HOME").map(|home| PathBuf::from(home).join(".config/solana"))
}

/// The keys of Solana's configuration file that matter here.
#[derive(Default)]
struct File {
    json_rpc_url: Option<String>,
    websocket_url: Option<String>,
    keypair_path: Option<String>,
    commitment: Option<String>,
}

impl File {
    /// Reads the file; `None` when there is none.
    fn read(path: &Path) -> Result<Option<Self>> {
        match fs::read_to_string(path) {
            Ok(text) => Ok(Some(Self::parse(&text))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Failure::input(format!("{}: {error}", path.display()))),
        }
    }

    /// Top-level `key: value` lines, which is all that `solana config set` writes for these keys.
    fn parse(text: &str) -> Self {
        let value = |wanted: &str| {
            text.lines().find_map(|line| {
                let (key, value) = line.split_once(':')?;
                let value = value.trim().trim_matches(['"', '\'']);
                (key == wanted && !value.is_empty()).then(|| value.to_owned())
            })
        };
        Self {
            json_rpc_url: value("json_rpc_url"),
            websocket_url: value("websocket_url"),
            keypair_path: value("keypair_path"),
            commitment: value("commitment"),
        }
    }

    fn commitment(&self) -> Result<CommitmentConfig> {
        self.commitment
            .as_deref()
            .map_or(Ok(CommitmentConfig::confirmed()), |text| {
                text.parse().map_err(|_| {
                    Failure::input(format!(
                        "the configuration file's commitment '{text}' is unknown"
                    ))
                })
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solanas_configuration_file_is_read() {
        let file = File::parse(
            "---\njson_rpc_url: \"https://rpc.example:8899\"\nwebsocket_url: ''\n\
             keypair_path: /home/me/id.json\naddress_labels:\n  '111': System Program\ncommitment: finalized\n",
        );
        assert_eq!(
            file.json_rpc_url.as_deref(),
            Some("https://rpc.example:8899")
        );
        assert_eq!(file.keypair_path.as_deref(), Some("/home/me/id.json"));
        assert_eq!(file.commitment().unwrap(), CommitmentConfig::finalized());
    }

    #[test]
    fn a_url_is_a_moniker_or_http() {
        assert_eq!(resolve_url("l").unwrap(), "http://localhost:8899");
        assert_eq!(resolve_url("http://x").unwrap(), "http://x");
        assert!(resolve_url("moon").is_err());
    }
}
