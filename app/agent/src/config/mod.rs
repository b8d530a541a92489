//! What a daemon is told: one TOML file, in which paths are relative to the file's own folder.

mod attester;
#[cfg(test)]
mod tests;
mod worker;

pub use {
    attester::{Attester, AttesterKeys, Check, Guard, Serve, Store},
    worker::{Accept, Fees, Node, Offer, OpenJobs, Price, Work, Worker, WorkerKeys},
};
use {
    serde::{Deserialize, Deserializer, de::Error as _},
    sluice_client::{Address, Keypair, Signer, ledger::Endpoint, read_keypair_file},
    std::{
        fs, io,
        net::SocketAddr,
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

const fn poll_secs() -> u64 {
    5
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
