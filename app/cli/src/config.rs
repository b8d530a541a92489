//! Where the cluster and the keys come from: global options first, then the profile, then Solana's own configuration file.

use {
    crate::{
        failure::{Failure, Result},
        format::no_dna,
        options::{Commitment, Global, Presigned},
    },
    serde::Deserialize,
    sluice_client::{
        amount::{self, SOL_DECIMALS},
        ledger::Endpoint,
        statement::state_dir,
    },
    solana_address::Address,
    solana_commitment_config::CommitmentConfig,
    solana_hash::Hash,
    std::{
        env, fs,
        path::{Path, PathBuf},
        time::Duration,
    },
};

/// The cluster to talk to.
#[derive(Clone, Debug)]
pub struct Cluster {
    pub url: Endpoint,
    /// URL of its WebSocket.
    pub ws_url: Endpoint,
    pub commitment: CommitmentConfig,
    /// How long a silent node is waited for, where that is not as long as ever.
    pub patience: Option<Duration>,
}

/// Options and configuration, resolved.
pub struct Settings {
    pub cluster: Cluster,
    /// What names the cluster.
    pub named_by: &'static str,
    /// Solana's configuration file, where there is one.
    pub file: Option<PathBuf>,
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
    /// Where transactions on their way and signed statements are noted.
    pub state: Option<PathBuf>,
}

impl Settings {
    /// Merges the options, the profile's URL and the configuration file. A file that the options name must exist, and its cluster
    /// stands before the profile's.
    pub fn resolve(mut options: Global, profile_url: Option<&str>) -> Result<Self> {
        let mut named_by = "--url";
        if options.config.is_none() && options.url.is_none() {
            named_by = "the profile";
            options.url = profile_url.map(str::to_owned);
        }
        let path = options.config.clone().or_else(own_file);
        let file = match &options.config {
            Some(path) => Some(File::read(path)?.ok_or_else(|| {
                Failure::input(format!(
                    "there is no configuration file at {}",
                    path.display()
                ))
            })?),
            None => match &path {
                Some(path) => File::read(path)?,
                None => None,
            },
        };
        let path = path.filter(|_| file.is_some());
        if file
            .as_ref()
            .is_some_and(|file| file.json_rpc_url.is_none())
            && options.url.is_none()
        {
            return Err(Failure::input(
                "the configuration file names no cluster: it lacks json_rpc_url; set that, or give --url",
            ));
        }
        let file = file.unwrap_or_default();
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
        if options.url.is_none() {
            named_by = match file.json_rpc_url {
                Some(_) => "Solana's configuration",
                None => "no file",
            };
        }
        let url = options.url.or(file.json_rpc_url);
        let url = resolve_url(url.as_deref().unwrap_or("m"))?;
        let ws_url = options.ws.or(file_ws);
        let ws_url = ws_url.map_or_else(|| url.websocket(), Endpoint::from);
        let max_fee = options.max_fee.as_deref();
        Ok(Self {
            cluster: Cluster {
                url,
                ws_url,
                commitment,
                patience: None,
            },
            named_by,
            file: path,
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

/// The cluster that `text` stands for among the monikers that `solana` knows.
pub fn moniker(text: &str) -> Option<&'static str> {
    match text {
        "m" | "mainnet-beta" => Some("https://api.mainnet-beta.solana.com"),
        "d" | "devnet" => Some("https://api.devnet.solana.com"),
        "t" | "testnet" => Some("https://api.testnet.solana.com"),
        "l" | "localhost" => Some("http://localhost:8899"),
        _ => None,
    }
}

impl Settings {
    /// The same with a cluster that is given up after so much silence.
    pub const fn within(mut self, patience: Duration) -> Self {
        self.cluster.patience = Some(patience);
        self
    }
}

/// A moniker, or an http(s) URL.
pub fn resolve_url(text: &str) -> Result<Endpoint> {
    let url = Endpoint::from(moniker(text).unwrap_or(text));
    if url.is_http() {
        return Ok(url);
    }
    // A longer text may hold a key.
    let named = if text.len() <= 12 && text.chars().all(|letter| letter.is_ascii_alphanumeric()) {
        text
    } else {
        "the cluster's URL"
    };
    Err(Failure::input(format!(
        "{named} is neither a moniker (m, d, t, l) nor an http(s) URL without spaces"
    )))
}

/// The place alone: the parser's own words repeat the line, in which a key may stand.
fn where_it_fails(error: &serde_saphyr::Error) -> String {
    error.location().map_or_else(
        || "it cannot be read".to_owned(),
        |place| format!("see line {}, column {}", place.line(), place.column()),
    )
}

fn solana_dir() -> Option<PathBuf> {
    env::var_os("HOME").map(|home| PathBuf::from(home).join(".config/solana"))
}

fn own_file() -> Option<PathBuf> {
    solana_dir().map(|dir| dir.join("cli/config.yml"))
}

/// The keys of Solana's configuration file that matter here.
#[derive(Default, Deserialize)]
#[serde(default)]
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
            Ok(text) => Self::parse(&text).map(Some).map_err(|error| {
                Failure::input(format!(
                    "{} is no configuration file of Solana's in YAML: {error}",
                    path.display()
                ))
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Failure::input(format!("{}: {error}", path.display()))),
        }
    }

    /// The YAML that `solana config set` writes. A file that names no cluster is refused unless `--url` does, so that no other one
    /// is taken for it.
    fn parse(text: &str) -> std::result::Result<Self, String> {
        let text = text.trim_start_matches('\u{feff}');
        let file: Self = serde_saphyr::from_str(text).map_err(|error| where_it_fails(&error))?;
        let stated = |value: Option<String>| value.filter(|text| !text.is_empty());
        Ok(Self {
            json_rpc_url: stated(file.json_rpc_url),
            websocket_url: stated(file.websocket_url),
            keypair_path: stated(file.keypair_path),
            commitment: stated(file.commitment),
        })
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
        let file = read(
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

    fn read(text: &str) -> File {
        File::parse(text).unwrap()
    }

    #[test]
    fn every_form_of_yaml_names_its_own_cluster() {
        for text in [
            "json_rpc_url: http://127.0.0.1:7001",
            "\u{feff}---\r\njson_rpc_url: http://127.0.0.1:7001\r\n",
            "json_rpc_url : http://127.0.0.1:7001\n",
            "\"json_rpc_url\": 'http://127.0.0.1:7001'\n",
            "{json_rpc_url: 'http://127.0.0.1:7001', commitment: confirmed}",
            "json_rpc_url: http://127.0.0.1:7001 # my node\n",
            "# mine\n\naddress_labels: {}\njson_rpc_url: >-\n  http://127.0.0.1:7001\n",
        ] {
            let file = read(text);
            let url = file.json_rpc_url.as_deref();
            assert_eq!(url, Some("http://127.0.0.1:7001"), "{text:?}");
        }
        for text in [
            "json_rpc_url = http://127.0.0.1:7001",
            "json_rpc_url: [http://127.0.0.1:7001]",
            "- json_rpc_url: http://127.0.0.1:7001",
            "json_rpc_url: http://a\njson_rpc_url: http://b",
        ] {
            assert!(File::parse(text).is_err(), "{text:?}");
        }
        for text in [
            "json_rpc_url: [http://a/?api-key=SeCret]",
            "json_rpc_url: http://a/?api-key=SeCret: b: c\n- d",
            "json_rpc_url: \"http://a/?api-key=SeCret",
            "json_rpc_url: http://SeCret\njson_rpc_url: http://SeCret",
            "- http://a/?api-key=SeCret",
            "commitment: finalized\njson_rpc_url: {a: http://a/?api-key=SeCret}",
        ] {
            if let Err(told) = File::parse(text) {
                assert!(!told.contains("SeCret"), "{told}");
            }
        }
        for text in [
            "",
            "---\n",
            "# nothing",
            "json_rpc_urll: http://127.0.0.1:7001",
        ] {
            let url = File::parse(text).map(|file| file.json_rpc_url);
            assert!(matches!(url, Ok(None) | Err(_)), "{text:?}: {url:?}");
        }
    }

    #[test]
    fn a_url_is_a_moniker_or_http() {
        let exposed = |text| resolve_url(text).unwrap().expose().to_owned();
        assert_eq!(exposed("l"), "http://localhost:8899");
        for url in ["http://x", "HTTPS://X.example?k=v"] {
            assert_eq!(exposed(url), url);
        }
        assert_eq!(exposed(" http://x "), "http://x");
        for text in [
            "moon",
            "http://",
            "http://a b/?key=SeCret",
            "https://x/?k=SeCret b",
            "http://x # my SeCret node",
            "wss://a/?key=SeCret",
            "a.example/SeCret",
            "SeCret4242SeCret4242",
            "",
        ] {
            let told = resolve_url(text).unwrap_err().to_string();
            assert!(!told.contains("SeCret"), "{told}");
        }
    }
}
