//! What a daemon is told: one TOML file, in which paths are relative to the file's own folder.

use {
    serde::{Deserialize, Deserializer, de::Error as _},
    sluice_client::{Address, Keypair, Signer, ledger::Endpoint, read_keypair_file},
    std::{
        fs, io,
        net::SocketAddr,
        num::NonZeroU32,
        path::{Path, PathBuf},
        str::FromStr,
    },
    thiserror::Error,
};

/// The configuration of one process.
#[derive(Clone, Debug)]
pub enum Config {
    /// Of `sluice-agent worker`.
    Worker(Box<Worker>),
    /// Of `sluice-agent attester`.
    Attester(Box<Attester>),
}

/// What a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// It works.
    Worker,
    /// It attests.
    Attester,
}

/// Why a configuration is none.
#[derive(Debug, Error)]
pub enum BadConfig {
    /// The file cannot be read.
    #[error("{} cannot be read: {cause}", .path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The file is no configuration.
    #[error("{} is no configuration: {cause}", .path.display())]
    Malformed {
        /// Which.
        path: PathBuf,
        /// Where and why, in one line.
        cause: String,
    },
    /// A key cannot be read.
    #[error("the key {} cannot be read: {cause}", .path.display())]
    Key {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// Others than the key's owner may read its file.
    #[error("the key {} can be read by others: run `chmod 600` on it", .0.display())]
    Exposed(PathBuf),
}

/// Where the chain is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chain {
    /// The network's address.
    #[serde(deserialize_with = "parsed")]
    pub network: Address,
    /// JSON-RPC of a node. It may hold a key, and is never shown whole.
    #[serde(deserialize_with = "endpoint")]
    pub url: Endpoint,
    /// Between looks at the chain, seconds.
    #[serde(default = "poll_secs")]
    pub poll_secs: u64,
}

/// The configuration of a worker.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worker {
    /// What tells it from an attester's.
    pub role: Role,
    /// Where the chain is.
    pub chain: Chain,
    /// Who signs what.
    pub keys: WorkerKeys,
    /// The nodes that work here.
    pub node: Vec<Node>,
    /// What is kept where, and how much is done at once.
    #[serde(default)]
    pub work: Work,
    /// Which jobs are accepted.
    #[serde(default)]
    pub accept: Accept,
    /// What is paid for all of it.
    #[serde(default)]
    pub fees: Fees,
    /// What stands in the market, renewed and priced anew.
    #[serde(default)]
    pub offer: Vec<Offer>,
    /// Where the process itself is watched.
    #[serde(default)]
    pub watch: Watch,
    /// Where members are asked, in the place of what they published.
    #[serde(default)]
    pub members: Members,
}

/// The keys of a worker's process beside those of its nodes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkerKeys {
    /// Keypair file of the provider's operator, who also pays fees.
    pub operator: PathBuf,
}

/// A node.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Keypair file of the node's worker.
    pub key: PathBuf,
}

/// How a worker works.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Work {
    /// The folder of state, journals and outputs.
    pub state: PathBuf,
    /// Kernels that run at once; 0 for one each core.
    pub processes: usize,
    /// Kernels run where the system cannot shut them in. Never beside a key that is worth anything.
    pub without_confinement: bool,
    /// Chunks that take longer than this, milliseconds, are not accepted.
    pub most_chunk_millis: u32,
    /// Judged jobs that give less time than this to answer a demand, seconds, are not accepted.
    pub least_answer_secs: u32,
}

/// Which jobs a worker accepts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Accept {
    /// Which open jobs are looked at.
    pub open: OpenJobs,
    /// The least price of each mint in which jobs are accepted. A job in another mint is not.
    pub price: Vec<Price>,
}

/// Open jobs by whom they name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OpenJobs {
    /// None: only offers bring jobs.
    None,
    /// Those that name this provider.
    #[default]
    Named,
    /// Those that name anyone or this provider.
    Any,
}

/// A least price.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Mint of the payment.
    #[serde(deserialize_with = "parsed")]
    pub mint: Address,
    /// Base units of the mint ...
    pub price: u64,
    /// ... for this many units of work.
    #[serde(default = "one")]
    pub per: u64,
}

/// What a worker may spend.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fees {
    /// Most lamports of fees and rent a day, by the chain's clock.
    pub lamports_a_day: u64,
    /// Micro-lamports a compute unit that proofs offer to be taken sooner.
    pub unit_price: u64,
    /// Pay, credit and rewards are pulled no more often than this, seconds.
    pub pull_every_secs: u64,
}

/// An offer that a worker keeps in the market.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// Mint of the payment.
    #[serde(deserialize_with = "parsed")]
    pub mint: Address,
    /// Base units for `per` units when all slots are free ...
    pub price: u64,
    /// ... and when one is left: in between it rises with the slots in use. By default `price`.
    pub most_price: Option<u64>,
    /// Units of work that the price buys.
    #[serde(default = "one")]
    pub per: u64,
    /// Most units of a window.
    pub cap: u64,
    /// Windows, seconds.
    pub window_secs: u32,
    /// Time to prove a window, seconds.
    pub grace_secs: u32,
    /// Time to challenge a proof, seconds.
    pub challenge_secs: u32,
    /// Time to rule on a challenge, seconds.
    pub ruling_secs: u32,
    /// Notice, seconds.
    pub notice_secs: u32,
    /// Unproven windows in a row by which either side may end the job.
    pub fault_windows: u32,
    /// Longest job, seconds.
    pub max_length_secs: u64,
    /// The provider's bond, base units of the stake mint.
    pub bond: u64,
    /// A challenger's bond, base units of the stake mint.
    pub challenge_bond: u64,
    /// Slots of each node that it offers.
    pub slots: u16,
    /// For how long it stands before it is renewed, seconds.
    pub stands_secs: u64,
}

/// Where a process tells of itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Watch {
    /// Where `/metrics` and `/healthz` are; nowhere by default.
    pub listen: Option<SocketAddr>,
}

/// Members of sets.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Members {
    /// URLs that lead to this machine or into private networks may be asked, whoever published them. For tests.
    pub allow_private: bool,
    /// Attesters whose URL is known here.
    pub at: Vec<MemberAt>,
}

/// Where a member is asked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberAt {
    /// Its key.
    #[serde(deserialize_with = "parsed")]
    pub key: Address,
    /// Its URL.
    pub url: String,
}

/// The configuration of an attester.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attester {
    /// What tells it from a worker's.
    pub role: Role,
    /// Where the chain is.
    pub chain: Chain,
    /// Who signs what.
    pub keys: AttesterKeys,
    /// Where it is asked.
    pub serve: Serve,
    /// What it keeps.
    #[serde(default)]
    pub store: Store,
    /// How it checks.
    #[serde(default)]
    pub check: Check,
    /// Which windows it challenges.
    #[serde(default)]
    pub guard: Guard,
    /// Where the process itself is watched.
    #[serde(default)]
    pub watch: Watch,
    /// Where other members are told, in the place of what they published.
    #[serde(default)]
    pub members: Members,
}

/// The keys of an attester's process.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttesterKeys {
    /// Keypair file of the attester's key.
    pub attester: PathBuf,
}

/// Where an attester is asked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Serve {
    /// Where it listens, behind whatever ends TLS.
    pub listen: SocketAddr,
    /// Connections at once.
    #[serde(default = "connections")]
    pub connections: usize,
    /// Requests a second of one address.
    #[serde(default = "requests_a_second")]
    pub requests_a_second: u32,
    /// The address of the one who asks is the last in `X-Forwarded-For`: only behind a proxy that writes it.
    #[serde(default)]
    pub is_behind_proxy: bool,
}

/// What an attester keeps.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Store {
    /// The folder of blobs and journals.
    pub state: PathBuf,
    /// Bytes that every funded job may have here.
    pub free_bytes: u64,
    /// Bytes beside them, for each base unit of attestation fee that its funding can yield.
    pub bytes_per_fee_unit: u64,
    /// Most bytes of one job.
    pub most_bytes: u64,
}

/// How an attester checks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Check {
    /// Kernels that run at once; 0 for one each core.
    pub processes: usize,
    /// Chunks of a window that it computes again, at least one; all where it is absent. Jobs whose signers answer for a lie are always computed in full.
    pub sample: Option<NonZeroU32>,
    /// How much more work it admits than it could check if every chunk took its longest time.
    pub overcommit: u32,
    /// Kernels run where the system cannot shut them in. Never beside a key that is worth anything.
    pub without_confinement: bool,
}

/// What an attester challenges.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Guard {
    /// Keypair file of who challenges, pays fees and has stake tokens for the bonds. Without one nothing is challenged.
    pub challenger: Option<PathBuf>,
    /// Most base units of the stake mint that bonds may hold at once.
    pub most_bonds: u64,
}

impl Default for Work {
    fn default() -> Self {
        Self {
            state: "state".into(),
            processes: 0,
            without_confinement: false,
            most_chunk_millis: 600_000,
            least_answer_secs: 6 * 3_600,
        }
    }
}

impl Default for Fees {
    fn default() -> Self {
        Self {
            lamports_a_day: 10_000_000,
            unit_price: 0,
            pull_every_secs: 3_600,
        }
    }
}

impl Default for Store {
    fn default() -> Self {
        Self {
            state: "state".into(),
            free_bytes: 64 << 20,
            bytes_per_fee_unit: 1 << 10,
            most_bytes: 4 << 30,
        }
    }
}

impl Default for Check {
    fn default() -> Self {
        Self {
            processes: 0,
            sample: None,
            overcommit: 4,
            without_confinement: false,
        }
    }
}

const fn poll_secs() -> u64 {
    5
}

const fn one() -> u64 {
    1
}

const fn connections() -> usize {
    256
}

const fn requests_a_second() -> u32 {
    50
}

fn parsed<'de, T: FromStr<Err: std::fmt::Display>, D: Deserializer<'de>>(
    from: D,
) -> Result<T, D::Error> {
    String::deserialize(from)?.parse().map_err(D::Error::custom)
}

fn endpoint<'de, D: Deserializer<'de>>(from: D) -> Result<Endpoint, D::Error> {
    let url = Endpoint::from(String::deserialize(from)?);
    // What is no URL may be a secret in the wrong place: it is not repeated.
    if url.is_http() {
        Ok(url)
    } else {
        Err(D::Error::custom("it is no http or https URL"))
    }
}

impl Config {
    /// Reads the file at `path`. Paths in it become whole.
    ///
    /// # Errors
    /// See [`BadConfig`].
    pub fn read(path: &Path) -> Result<Self, BadConfig> {
        let text = fs::read_to_string(path).map_err(|cause| BadConfig::Unreadable {
            path: path.to_owned(),
            cause,
        })?;
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        Self::parse(&text, &folder).map_err(|cause| BadConfig::Malformed {
            path: path.to_owned(),
            cause,
        })
    }

    fn parse(text: &str, folder: &Path) -> Result<Self, String> {
        // Where, and why; never the line itself, for it may hold a secret.
        let told = |error: toml::de::Error| {
            let line = error.span().map(|span| {
                let before = text.get(..span.start).unwrap_or_default();
                before.matches('\n').count().saturating_add(1)
            });
            let at = line.map_or_else(String::new, |line| format!("line {line}: "));
            format!("{at}{}", error.message())
        };
        #[derive(Deserialize)]
        struct Kind {
            role: Role,
        }
        let Kind { role } = toml::from_str(text).map_err(told)?;
        let within = |path: &mut PathBuf| *path = folder.join(&*path);
        match role {
            Role::Worker => {
                let mut worker: Worker = toml::from_str(text).map_err(told)?;
                within(&mut worker.keys.operator);
                within(&mut worker.work.state);
                worker
                    .node
                    .iter_mut()
                    .for_each(|node| within(&mut node.key));
                if worker.node.is_empty() {
                    return Err("it has no node".to_owned());
                }
                Ok(Self::Worker(Box::new(worker)))
            }
            Role::Attester => {
                let mut attester: Attester = toml::from_str(text).map_err(told)?;
                within(&mut attester.keys.attester);
                within(&mut attester.store.state);
                attester.guard.challenger.iter_mut().for_each(within);
                Ok(Self::Attester(Box::new(attester)))
            }
        }
    }
}

/// Reads a keypair file that nobody but its owner may read.
///
/// # Errors
/// [`BadConfig::Key`], [`BadConfig::Exposed`].
pub fn key(path: &Path) -> Result<Keypair, BadConfig> {
    let wrong = |cause: String| BadConfig::Key {
        path: path.to_owned(),
        cause,
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let metadata = fs::metadata(path).map_err(|cause| wrong(cause.to_string()))?;
        if metadata.permissions().mode() & 0o077 != 0 {
            return Err(BadConfig::Exposed(path.to_owned()));
        }
    }
    // What the file holds is never repeated.
    let key = read_keypair_file(path).map_err(|_| wrong("it is no keypair file".to_owned()))?;
    if key.pubkey() == Address::default() {
        return Err(wrong("it is no keypair file".to_owned()));
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKER: &str = r#"
role = "worker"
[chain]
network = "11111111111111111111111111111112"
url = "http://127.0.0.1:8899/a-secret"
[keys]
operator = "operator.json"
[[node]]
key = "/keys/worker.json"
"#;

    const ATTESTER: &str = r#"
role = "attester"
[chain]
network = "11111111111111111111111111111112"
url = "https://rpc.example"
[keys]
attester = "attester.json"
[serve]
listen = "127.0.0.1:7300"
"#;

    fn parse(text: &str) -> Result<Config, String> {
        Config::parse(text, Path::new("/etc/sluice"))
    }

    #[test]
    fn the_least_configuration_has_defaults_and_whole_paths() {
        let Ok(Config::Worker(worker)) = parse(WORKER) else {
            panic!("a worker");
        };
        assert_eq!(worker.keys.operator, Path::new("/etc/sluice/operator.json"));
        assert_eq!(worker.node[0].key, Path::new("/keys/worker.json"));
        assert_eq!(worker.work.state, Path::new("/etc/sluice/state"));
        assert_eq!(worker.accept.open, OpenJobs::Named);
        assert_eq!(worker.work.least_answer_secs, 21_600);
        let Ok(Config::Attester(attester)) = parse(ATTESTER) else {
            panic!("an attester");
        };
        assert_eq!(attester.store.state, Path::new("/etc/sluice/state"));
        assert_eq!(
            (attester.check.sample, attester.guard.challenger),
            (None, None)
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_without_its_text() {
        let wrong = [
            ("no role", WORKER.replace("role = \"worker\"", ""), "role"),
            (
                "a role of nobody",
                WORKER.replace("worker\"\n[ch", "boss\"\n[ch"),
                "line 2",
            ),
            (
                "an unknown field",
                WORKER.replace("operator =", "operater ="),
                "line 7",
            ),
            (
                "a URL that is none",
                WORKER.replace("http:", "a-secret:"),
                "line 5",
            ),
            (
                "no node",
                WORKER.replace("[[node]]", "[other]"),
                "unknown field",
            ),
            (
                "an address that is none",
                ATTESTER.replace("1112", "111O"),
                "line 4",
            ),
            (
                "a sample of nothing, which signs whatever it is given",
                format!("{ATTESTER}\n[check]\nsample = 0\n"),
                "nonzero",
            ),
            ("no TOML", ATTESTER.replace("[serve]", "[serve"), "line 8"),
        ];
        for (case, text, told) in wrong {
            let error = parse(&text).unwrap_err();
            assert!(error.contains(told), "{case}: {error}");
            assert!(!error.contains("a-secret"), "{case}: {error}");
            assert!(!error.contains('\n'), "{case}: {error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.json");
        let own = Keypair::new();
        let bytes = serde_json::to_string(own.to_bytes().as_slice()).unwrap();
        fs::write(&path, bytes).unwrap();
        let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        mode(0o640);
        assert!(matches!(key(&path), Err(BadConfig::Exposed(_))));
        mode(0o600);
        assert_eq!(key(&path).unwrap().pubkey(), own.pubkey());
        fs::write(&path, "a secret").unwrap();
        assert!(!key(&path).unwrap_err().to_string().contains("a secret"));
        fs::remove_file(&path).unwrap();
        assert!(matches!(key(&path), Err(BadConfig::Key { .. })));
    }
}
