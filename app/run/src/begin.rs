//! A run before it begins: what it needs, what it will cost, and whether everything is there.

mod missing;
mod results;

use {
    crate::{
        inputs::{BadInputs, Changed, Folder},
        judge::{self, BadKernel, Judge, NoThreads, Trial},
        market,
        order::{Asked, Kernel, NoKernel, Price, Verify},
        plan::{self, Learned, Plan, Wanted},
        settings::Settings,
    },
    sluice_client::{Address, ClientError, Ledger, instruction::token::Mint},
    sluice_member::member::Caller,
    sluice_work::{hash, sandbox::Options},
    std::{
        path::{Path, PathBuf},
        sync::{Arc, atomic::AtomicBool},
    },
    thiserror::Error,
};

/// What transactions of a job come to besides rent, lamports: taking, settling and closing it, with room for a priority.
const FEES_OF_A_JOB: u64 = 100_000;
/// Most bytes of a title that is made of the kernel's name.
const TITLE: usize = 64;

/// What a buyer wants.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The network.
    pub network: Address,
    /// The mint that is paid in.
    pub mint: Address,
    /// The kernel's file.
    pub kernel: PathBuf,
    /// The folder of inputs.
    pub inputs: PathBuf,
    /// The folder of results, which is made if it is not there.
    pub results: PathBuf,
    /// The extension of a result's file; by default that of its input.
    pub extension: Option<String>,
    /// What people call the work; by default the kernel's name.
    pub title: Option<String>,
    /// The highest price of a unit.
    pub most: Price,
    /// Most base units in escrow and paid; by default what the plan needs.
    pub budget: Option<u64>,
    /// Most jobs at once.
    pub nodes: Option<u32>,
    /// The only attester set.
    pub set: Option<Address>,
    /// The only region.
    pub region: Option<u16>,
    /// How much of what comes back is computed again here.
    pub verify: Verify,
    /// False where nothing is to be challenged.
    pub challenges: bool,
    /// URLs of members may lead to this machine or into private networks.
    pub is_private_allowed: bool,
    /// What a chunk is given.
    pub limits: judge::Wanted,
    /// How long a chunk takes, milliseconds; by default as measured here.
    pub chunk_millis: Option<u32>,
}

/// Why a run cannot begin.
#[derive(Debug, Error)]
pub enum NotBegun {
    /// The kernel's file.
    #[error(transparent)]
    Kernel(#[from] NoKernel),
    /// The kernel itself.
    #[error(transparent)]
    Bad(#[from] BadKernel),
    /// The folder of inputs.
    #[error(transparent)]
    Inputs(#[from] BadInputs),
    /// An input changed while it was read.
    #[error(transparent)]
    Changed(#[from] Changed),
    /// This machine.
    #[error(transparent)]
    Machine(#[from] NoThreads),
    /// The folder of results.
    #[error("{0}")]
    Results(String),
    /// A title that is too long.
    #[error("a title has at most {TITLE} bytes")]
    Title,
    /// The chain.
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// A run that could begin.
pub struct Ready {
    /// The kernel.
    pub kernel: Arc<Kernel>,
    /// The inputs.
    pub inputs: Arc<Folder>,
    /// Computes here.
    pub judge: Arc<Judge>,
    /// How the kernel did.
    pub trial: Trial,
    /// What is paid in.
    pub mint: Mint,
    /// Which offers would do what.
    pub plan: Plan,
    /// What is missing, each with its remedy. Where something is, the run had better not begin.
    pub missing: Vec<String>,
    /// What is written down of it when it begins.
    pub settings: Settings,
}

/// Reads, tries and plans everything. Nothing is sent, and nothing is written but an empty folder of results.
///
/// # Errors
/// See [`NotBegun`].
pub fn prepare(
    ledger: &impl Ledger,
    caller: &Caller,
    (buyer, payer): (Address, Address),
    wish: &Wish,
) -> Result<Ready, NotBegun> {
    let kernel = Kernel::read(&wish.kernel)?;
    let inputs = Folder::read(&wish.inputs, kernel.kind)?;
    let title = title(wish)?;
    let inputs_at = absolute(&wish.inputs)?;
    let results = results::of(
        &wish.results,
        wish.extension.as_deref(),
        &inputs_at,
        &inputs,
    )?;
    let widest = wish.limits.widest(kernel.kind);
    let judge = Judge::new(&kernel, widest, Options::own())?;
    let trial = judge.trial(&inputs.sample()?, &AtomicBool::new(false))?;
    let limits = wish.limits.limits(kernel.kind, &trial);
    let judge = judge.bounded(limits);
    let chunk_millis = wish.chunk_millis.unwrap_or(trial.median_millis).max(1);
    let now = ledger.clock()?.unix_timestamp;
    let mint = ledger.mint(&wish.mint)?;
    let chunks = u32::try_from(inputs.files().len()).unwrap_or(u32::MAX);
    let asked = Asked {
        mint: wish.mint,
        most: wish.most,
        budget: wish.budget.unwrap_or(u64::MAX),
        nodes: wish.nodes,
        set: wish.set,
        region: wish.region,
    };
    let listings = market::takeable(ledger, &wish.network, &asked, now)?;
    let plan = plan::plan(
        &listings,
        &Wanted {
            chunks,
            chunk_millis: chunk_millis.into(),
            most_millis: Some(limits.millis.into()),
            kind: kernel.kind,
            asked: &asked,
            used: 0,
            learned: &Learned::default(),
        },
    );
    let budget = wish.budget.unwrap_or(plan.totals.escrow);
    let settings = Settings {
        id: hex::encode(rand::random::<[u8; 8]>()),
        began_at: now,
        genesis: ledger.genesis()?.to_string(),
        network: wish.network,
        buyer,
        mint: wish.mint,
        kernel: absolute(&wish.kernel)?,
        kernel_hash: hex::encode(hash::blob(&kernel.code)),
        inputs: inputs_at,
        results,
        extension: wish.extension.clone(),
        title,
        price: wish.most.price,
        per: wish.most.per,
        budget,
        nodes: wish.nodes,
        set: wish.set,
        region: wish.region,
        verify: match wish.verify {
            Verify::All => None,
            Verify::None => Some(0),
            Verify::Some(chunks) => Some(chunks),
        },
        challenges: wish.challenges,
        is_private_allowed: wish.is_private_allowed,
        chunk_millis,
        memory: limits.memory,
        output: limits.output,
        most_millis: limits.millis,
    };
    let mut ready = Ready {
        kernel: Arc::new(kernel),
        inputs: Arc::new(inputs),
        judge: Arc::new(judge),
        trial,
        mint,
        plan,
        missing: vec![],
        settings,
    };
    ready.missing = missing::of(ledger, caller, &ready, payer)?;
    Ok(ready)
}

fn title(wish: &Wish) -> Result<String, NotBegun> {
    if let Some(title) = &wish.title {
        return (title.len() <= TITLE)
            .then(|| title.clone())
            .ok_or(NotBegun::Title);
    }
    let name = wish.kernel.file_stem().unwrap_or_default();
    let mut title = name.to_string_lossy().into_owned();
    while title.len() > TITLE {
        title.pop();
    }
    Ok(title)
}

fn absolute(path: &Path) -> Result<PathBuf, NotBegun> {
    let found = path.canonicalize();
    found.map_err(|error| NotBegun::Results(format!("{}: {error}", path.display())))
}
