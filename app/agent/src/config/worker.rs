//! What a worker is told.

use {
    super::{Chain, Members, Role, Watch, parsed},
    serde::Deserialize,
    sluice_client::Address,
    std::path::PathBuf,
};

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
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Accept {
    /// Which open jobs are looked at.
    pub open: OpenJobs,
    /// The least price of each mint in which jobs are accepted. A job in another mint is not.
    pub price: Vec<Price>,
    /// Open jobs with shorter windows, seconds, are not accepted: every window costs the fee of a proof.
    pub least_window_secs: u32,
    /// Open jobs that give less time to prove a window, seconds, are not accepted.
    pub least_grace_secs: u32,
    /// Open jobs that lock a larger bond, base units of the stake mint, are not accepted; any bond is where it is absent.
    pub most_bond: Option<u64>,
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

impl Default for Accept {
    fn default() -> Self {
        Self {
            open: OpenJobs::default(),
            price: vec![],
            least_window_secs: 10,
            least_grace_secs: 60,
            most_bond: None,
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

const fn one() -> u64 {
    1
}
