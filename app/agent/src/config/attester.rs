//! What an attester is told.

use {
    super::{Chain, Members, Role, Watch},
    serde::Deserialize,
    std::{net::SocketAddr, num::NonZeroU32, path::PathBuf},
};

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

const fn connections() -> usize {
    256
}

const fn requests_a_second() -> u32 {
    50
}
