//! Where the cluster and the keys come from: global options first, then Solana's own configuration file.

use {
    crate::{
        failure::{Failure, Result},
        output::Format,
    },
    clap::{Args, ValueEnum},
    solana_commitment_config::CommitmentConfig,
    std::{
        env, fs,
        path::{Path, PathBuf},
    },
};

/// Options that every command takes.
#[derive(Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Cluster: m (mainnet-beta), d (devnet), t (testnet), l (localhost) or an http(s) URL.
    #[arg(short, long, global = true, value_name = "URL_OR_MONIKER")]
    url: Option<String>,
    /// Solana's configuration file; by default ~/.config/solana/cli/config.yml.
    #[arg(short = 'C', long, global = true, value_name = "PATH")]
    config: Option<PathBuf>,
    /// Keypair file that signs, or - for standard input.
    #[arg(short, long, global = true, value_name = "PATH")]
    keypair: Option<String>,
    /// Keypair file that pays fees and rent; by default --keypair.
    #[arg(long, global = true, value_name = "PATH")]
    fee_payer: Option<String>,
    /// How settled a state must be to be read or waited for.
    #[arg(long, global = true, value_name = "LEVEL")]
    commitment: Option<Commitment>,
    /// Form of results and errors.
    #[arg(long, global = true, value_enum, default_value_t = Format::Display, value_name = "FORMAT")]
    pub output: Format,
    /// Simulate, print the compute units and the fee, and send nothing.
    #[arg(long, global = true)]
    dry_run: bool,
    /// Priority fee, micro-lamports per compute unit.
    #[arg(long, global = true, value_name = "MICRO_LAMPORTS")]
    with_compute_unit_price: Option<u64>,
}

/// How settled a state must be.
#[derive(Clone, Copy, ValueEnum)]
enum Commitment {
    Processed,
    Confirmed,
    Finalized,
}

/// The cluster to talk to.
#[derive(Clone, Debug)]
pub struct Cluster {
    pub url: String,
    pub commitment: CommitmentConfig,
}

/// Options and configuration, resolved.
pub struct Settings {
    pub cluster: Cluster,
    /// Path of the keypair that signs.
    pub keypair: String,
    /// Path of the keypair that pays, if it is another one.
    pub fee_payer: Option<String>,
    pub dry_run: bool,
    /// Micro-lamports per compute unit.
    pub unit_price: Option<u64>,
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
        let url = options.url.or(file.json_rpc_url);
        Ok(Self {
            cluster: Cluster {
                url: resolve_url(url.as_deref().unwrap_or("m"))?,
                commitment,
            },
            keypair,
            fee_payer: options.fee_payer,
            dry_run: options.dry_run,
            unit_price: options.with_compute_unit_price,
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

fn solana_dir() -> Option<PathBuf> {
    env::var_os("HOME").map(|home| PathBuf::from(home).join(".config/solana"))
}

/// The three keys of Solana's configuration file that matter here.
#[derive(Default)]
struct File {
    json_rpc_url: Option<String>,
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
