//! `sluice-agent init`: a configuration in which every option is explained, the keys that it names, and what to type next.

mod ask;
mod facts;
mod keys;
mod next;
mod template;

use {
    super::print,
    anyhow::{Context, Result, ensure},
    ask::Ask,
    clap::{Args, Subcommand, ValueEnum},
    facts::Facts,
    keys::{Key, made},
    sluice_client::{Address, ledger::Endpoint},
    std::{
        fmt,
        fs::OpenOptions,
        io::Write,
        net::SocketAddr,
        num::NonZeroU32,
        path::{Path, PathBuf},
        str::FromStr,
    },
};

pub const AFTER: &str = "\
Nothing that is there is overwritten: a key file that exists is used, a configuration that exists is refused. Both are readable by their owner \
alone. What is missing on the command line is asked for where standard input is a terminal.";

/// Longest URI of an attester, bytes.
const URI_LEN: usize = 64;

#[derive(Debug, Subcommand)]
pub enum Init {
    /// Writes the configuration of a worker, and the keys of operator and worker
    #[command(after_help = AFTER)]
    Worker(Worker),
    /// Writes the configuration of an attester, and its key
    #[command(after_help = AFTER)]
    Attester(Attester),
}

#[derive(Args, Debug, Default)]
pub struct Chain {
    /// Address of the network
    #[arg(long, value_name = "ADDRESS", env = "SLUICE_NETWORK")]
    pub network: Option<Address>,
    /// JSON-RPC of a node: a URL, or m, d, t, l for mainnet-beta, devnet, testnet, localhost
    #[arg(short, long, value_name = "URL", value_parser = url)]
    pub url: Option<Endpoint>,
    /// File to write
    #[arg(long, value_name = "PATH", default_value = "agent.toml")]
    pub out: PathBuf,
    /// Folder of state, beside the configuration unless it is absolute, as all paths here
    #[arg(long, value_name = "PATH", default_value = "state")]
    pub state: PathBuf,
    /// Where /metrics and /healthz are served; nowhere by default
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub watch: Option<SocketAddr>,
    /// Members whose URLs lead to this machine or into private networks may be asked: for tests, and for a local chain
    #[arg(long)]
    pub allow_private: bool,
}

#[derive(Args, Debug)]
pub struct Worker {
    #[command(flatten)]
    pub chain: Chain,
    /// Keypair file of the provider's operator, made if it is not there
    #[arg(long, value_name = "PATH", default_value = "operator.json")]
    pub operator: PathBuf,
    /// Keypair file of a node's worker, made if it is not there; several for several nodes
    #[arg(long = "key", value_name = "PATH", default_value = "worker.json")]
    pub keys: Vec<PathBuf>,
    /// Address of the provider's owner, who is paid: with it the next commands name the provider
    #[arg(long, value_name = "ADDRESS")]
    pub owner: Option<Address>,
    /// Least price at which a job is accepted: base units for so many units of work, 1 by default; several for several mints
    #[arg(long = "accept", value_name = "MINT=PRICE[/UNITS]")]
    pub accept: Vec<Price>,
    /// Which open jobs are looked at
    #[arg(long, value_enum, default_value = "named", value_name = "WHICH")]
    pub open: Open,
    /// Offer that is kept in the market: base units for so many units of work, 1 by default
    #[arg(long, value_name = "MINT=PRICE[/UNITS]", requires = "cap")]
    pub offer: Option<Price>,
    /// Most units of a window of that offer
    #[arg(long, value_name = "UNITS", requires = "offer")]
    pub cap: Option<u64>,
    /// The provider's bond behind each job of that offer, base units of the stake mint
    #[arg(
        long,
        value_name = "AMOUNT",
        requires = "offer",
        default_value = "0",
        hide_default_value = true
    )]
    pub bond: u64,
    /// Slots of each node, all of which that offer gives
    #[arg(long, value_name = "COUNT", default_value = "1")]
    pub slots: u16,
}

#[derive(Args, Debug)]
pub struct Attester {
    #[command(flatten)]
    pub chain: Chain,
    /// Keypair file of the attester's key, made if it is not there
    #[arg(long, value_name = "PATH", default_value = "attester.json")]
    pub key: PathBuf,
    /// Where it listens, behind whatever ends TLS
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8787")]
    pub serve: SocketAddr,
    /// It is behind a proxy that writes X-Forwarded-For
    #[arg(long)]
    pub behind_proxy: bool,
    /// URL under which the world reaches it, which its owner publishes; at most 64 bytes
    #[arg(long, value_name = "URL", value_parser = uri)]
    pub uri: Option<String>,
    /// Chunks of a window that it computes again; all by default
    #[arg(long, value_name = "COUNT")]
    pub sample: Option<NonZeroU32>,
}

/// Which open jobs a worker looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Open {
    /// None: only offers bring jobs
    None,
    /// Those that name this provider
    Named,
    /// Those that name this provider or anyone
    Any,
}

/// Base units of a mint for units of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    pub mint: Address,
    pub price: u64,
    pub per: u64,
}

impl FromStr for Price {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = || {
            let (mint, price) = text.split_once('=')?;
            let (price, per) = price.split_once('/').unwrap_or((price, "1"));
            Some(Self {
                mint: mint.parse().ok()?,
                price: price.parse().ok()?,
                per: per.parse().ok().filter(|per| *per > 0)?,
            })
        };
        read().ok_or_else(|| {
            "it is a mint's address, =, base units, and perhaps / and units of work: MINT=1000/60"
                .to_owned()
        })
    }
}

impl fmt::Display for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Named => "named",
            Self::Any => "any",
        })
    }
}

/// A moniker, or an http(s) URL, which is never repeated: a key may stand in it.
fn url(text: &str) -> Result<Endpoint, String> {
    let url = Endpoint::from(match text {
        "m" | "mainnet-beta" => "https://api.mainnet-beta.solana.com",
        "d" | "devnet" => "https://api.devnet.solana.com",
        "t" | "testnet" => "https://api.testnet.solana.com",
        "l" | "localhost" => "http://localhost:8899",
        other => other,
    });
    if url.is_http() {
        Ok(url)
    } else {
        Err("it is neither m, d, t or l nor an http or https URL".to_owned())
    }
}

fn uri(text: &str) -> Result<String, String> {
    let url = Endpoint::from(text);
    if url.is_http() && text.len() <= URI_LEN {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "it is an http or https URL of at most {URI_LEN} bytes"
        ))
    }
}

/// How the chain is looked at.
type Look = fn(&Endpoint, &Address, Option<&Address>) -> Facts;

impl Init {
    pub fn run(self) -> Result<()> {
        let mut ask = Ask::at_terminal();
        match self {
            Self::Worker(worker) => worker.run(&mut ask, Facts::read),
            Self::Attester(attester) => attester.run(&mut ask, Facts::read),
        }
    }
}

impl Chain {
    /// Asks for what is missing.
    fn complete(&mut self, ask: &mut Ask) -> Result<(Address, Endpoint)> {
        let url = ask.unless(self.url.take(), "--url", "JSON-RPC of a node", url)?;
        let network = ask.unless(
            self.network,
            "--network",
            "address of the network",
            |text| {
                text.parse::<Address>()
                    .map_err(|_| "it is no address".to_owned())
            },
        )?;
        self.refuse_existing()?;
        Ok((network, url))
    }

    fn refuse_existing(&self) -> Result<()> {
        ensure!(
            !self.out.exists(),
            "{} is there already and is left as it is: --out names another file",
            self.out.display()
        );
        Ok(())
    }

    /// Where a path of the configuration leads.
    fn beside(&self, path: &Path) -> PathBuf {
        self.out.parent().unwrap_or(Path::new("")).join(path)
    }

    fn write(&self, text: &str) -> Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(&self.out).and_then(|mut file| {
            file.write_all(text.as_bytes())
                .and_then(|()| file.sync_all())
        });
        written.with_context(|| format!("{} cannot be written", self.out.display()))
    }
}

impl Worker {
    fn run(mut self, ask: &mut Ask, facts: Look) -> Result<()> {
        let (network, url) = self.chain.complete(ask)?;
        let operator = made("operator", &self.chain.beside(&self.operator))?;
        let workers: Vec<Key> = self
            .keys
            .iter()
            .map(|path| made("worker", &self.chain.beside(path)))
            .collect::<Result<_>>()?;
        let text = template::worker(&self, &network, &url);
        self.chain.write(&text)?;
        let facts = facts(&url, &network, None);
        let next = next::worker(&self, (&network, &url), (&operator, &workers), &facts);
        print(&next)
    }
}

impl Attester {
    fn run(mut self, ask: &mut Ask, facts: Look) -> Result<()> {
        let (network, url) = self.chain.complete(ask)?;
        let key = made("attester", &self.chain.beside(&self.key))?;
        let text = template::attester(&self, &network, &url);
        self.chain.write(&text)?;
        let facts = facts(&url, &network, Some(&key.address));
        let next = next::attester(&self, (&network, &url), &key, &facts);
        print(&next)
    }
}

#[cfg(test)]
mod tests;
