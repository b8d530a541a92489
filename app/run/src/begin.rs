//! A run before it begins: what it needs, what it will cost, and whether everything is there.

use {
    crate::{
        inputs::{BadInputs, Changed, Folder},
        judge::{self, BadKernel, Judge, NoThreads, Trial},
        market,
        members::{Circle, Waits},
        order::{Asked, Kernel, NoKernel, Price, Verify},
        plan::{self, Learned, Plan, Wanted},
        settings::Settings,
    },
    sluice_client::{
        Address, AttesterSet, ClientError, Job, Ledger, Network, account, address, amount,
        instruction::token::{Mint, TOKEN_ACCOUNT_LEN},
    },
    sluice_member::{
        chain,
        member::{Caller, Member},
    },
    sluice_work::{hash, sandbox::Options},
    std::{
        collections::BTreeMap,
        fs, io,
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
    let results = results(&wish.results, &inputs)?;
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
        inputs: absolute(&wish.inputs)?,
        results,
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
    ready.missing = missing(ledger, caller, &ready, payer)?;
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

/// The folder of results, in which no file stands that a result would replace.
fn results(folder: &Path, inputs: &Folder) -> Result<PathBuf, NotBegun> {
    let wrong = |error: io::Error| NotBegun::Results(format!("{}: {error}", folder.display()));
    fs::create_dir_all(folder).map_err(wrong)?;
    for input in inputs.files() {
        let result = folder.join(&input.name);
        if result.symlink_metadata().is_ok() {
            return Err(NotBegun::Results(format!(
                "{} is there already: choose another folder for the results",
                result.display()
            )));
        }
    }
    absolute(folder)
}

fn absolute(path: &Path) -> Result<PathBuf, NotBegun> {
    let found = path.canonicalize();
    found.map_err(|error| NotBegun::Results(format!("{}: {error}", path.display())))
}

/// What a run needs and has not, in sentences with remedies.
fn missing(
    ledger: &impl Ledger,
    caller: &Caller,
    ready: &Ready,
    payer: Address,
) -> Result<Vec<String>, ClientError> {
    let mut missing = vec![];
    let (settings, plan) = (&ready.settings, &ready.plan);
    let network: Network = ledger.get(&settings.network)?;
    let held = held(ledger, &settings.buyer, &ready.mint)?;
    let escrow = plan.totals.escrow;
    if held < escrow {
        missing.push(format!(
            "the deposits come to {}, and {} holds {} of the mint {}: send it the rest, or give a smaller --budget",
            amount::format(escrow, ready.mint.decimals),
            settings.buyer,
            amount::format(held, ready.mint.decimals),
            settings.mint
        ));
    }
    let jobs = u64::from(plan.totals.jobs);
    let rent = ledger
        .minimum_balance(account::size::<Job>())?
        .saturating_add(ledger.minimum_balance(TOKEN_ACCOUNT_LEN)?);
    let needed = rent.saturating_add(FEES_OF_A_JOB).saturating_mul(jobs);
    let lamports = ledger.account(&payer)?.map_or(0, |found| found.lamports);
    if lamports < needed {
        missing.push(format!(
            "rent and fees come to about {} SOL, most of which comes back, and {payer} holds {}: send it SOL",
            amount::format(needed, amount::SOL_DECIMALS),
            amount::format(lamports, amount::SOL_DECIMALS)
        ));
    }
    let bonds = plan.placements.iter();
    let bond = bonds
        .map(|one| one.listing.offer.terms.challenge_bond)
        .max();
    if let Some(bond) = bond.filter(|_| settings.challenges) {
        let mint = ledger.mint(&network.stake_mint)?;
        let held = self::held(ledger, &settings.buyer, &mint)?;
        if held < bond {
            missing.push(format!(
                "a challenge takes a bond of {} of the stake mint {}, and {} holds {}: send it as much, or give --no-challenge",
                amount::format(bond, mint.decimals),
                mint.address,
                settings.buyer,
                amount::format(held, mint.decimals)
            ));
        }
    }
    missing.extend(unheard(ledger, caller, ready)?);
    Ok(missing)
}

fn held(ledger: &impl Ledger, owner: &Address, mint: &Mint) -> Result<u64, ClientError> {
    let account = address::token_account(owner, &mint.address, &mint.token_program);
    let held = ledger.token_balance(&account)?;
    if !mint.is_wrapped_sol() {
        return Ok(held);
    }
    // SOL is wrapped as far as it lacks.
    let lamports = ledger.account(owner)?.map_or(0, |found| found.lamports);
    Ok(held.saturating_add(lamports))
}

/// Sets of which too few members answer, or that have no room for what a job brings.
fn unheard(
    ledger: &impl Ledger,
    caller: &Caller,
    ready: &Ready,
) -> Result<Vec<String>, ClientError> {
    let mut wrong = vec![];
    let mut sets = BTreeMap::<Address, Vec<&plan::Placement>>::new();
    for placement in &ready.plan.placements {
        let set = placement.listing.offer.terms.set;
        sets.entry(set).or_default().push(placement);
    }
    for (key, placements) in sets {
        let set: AttesterSet = ledger.get(&key)?;
        let members = chain::members(ledger, &ready.settings.network, &set)?.into_iter();
        let members = members.map(|(key, url)| Member { key, url }).collect();
        let threshold = usize::from(set.threshold);
        let circle = Circle::new(caller.clone(), members, threshold, Waits::default());
        let (mut roomy, mut why) = (0usize, String::new());
        for (member, terms) in circle.terms() {
            let lacks = match terms {
                Err(error) => Some(error.to_string()),
                Ok(terms) => placements.iter().find_map(|placement| {
                    let (room, needed) = room(ready, &set, placement, &terms);
                    (room < needed).then(|| {
                        format!("it keeps {room} bytes for such a job, and that needs {needed}")
                    })
                }),
            };
            match lacks {
                None => roomy = roomy.saturating_add(1),
                Some(lacks) => why.push_str(&format!("; {}: {lacks}", member.key)),
            }
        }
        if !circle.is_enough(roomy) {
            wrong.push(format!(
                "{roomy} of {threshold} members that have to check windows of the set {key} can{why}: wait, choose another --set, or pay more"
            ));
        }
    }
    Ok(wrong)
}

/// Bytes that a member has for a job, and that the job brings to it.
fn room(
    ready: &Ready,
    set: &AttesterSet,
    placement: &plan::Placement,
    terms: &sluice_member::wire::Terms,
) -> (u64, u64) {
    let job = &placement.job;
    let files = ready.inputs.files();
    let all: u64 = files.iter().map(|file| u64::from(file.len)).sum();
    let each = all.div_ceil(u64::try_from(files.len()).unwrap_or(1).max(1));
    let output = u64::from(ready.trial.largest_output);
    let needed = u64::from(job.chunks)
        .saturating_mul(each.saturating_add(output).saturating_add(64))
        .saturating_add(u64::try_from(ready.kernel.code.len()).unwrap_or(u64::MAX));
    let offered = &placement.listing.offer.terms;
    let gross = sluice_math::metering::units_funded(job.funds, offered.price, offered.per)
        .and_then(|units| offered.gross(units).ok())
        .unwrap_or(job.funds);
    let fee = sluice_math::wide::mul_div_floor(gross, set.fee_bps.into(), 10_000);
    let room = terms
        .bytes_per_fee_unit
        .saturating_mul(fee.unwrap_or_default())
        .saturating_add(terms.free_bytes);
    (room, needed)
}
