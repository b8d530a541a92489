//! A run at work: turn by turn, each of which follows from what the chain and the store say, so that a start after any end goes on where it was.

mod follow;
mod here;
mod money;
mod place;
mod progress;
mod tasks;
mod windows;

pub use progress::{JobLine, Progress};
use {
    crate::{
        inputs::Folder,
        judge::Judge,
        order::Kernel,
        send::Sender,
        settings::Settings,
        store::{self, JobRow, Store},
    },
    place::Market,
    sluice_client::{
        Account, Address, ClientError, Ledger, Network, account,
        instruction::token::Mint,
        ledger::{self, BATCH},
        send,
    },
    sluice_member::{clock::ChainClock, member::Caller},
    solana_sdk_ids::sysvar,
    std::{collections::HashMap, path::PathBuf, sync::Arc},
    tasks::Tasks,
    thiserror::Error,
};

/// What the setting of a run that is to end is called.
pub const CANCEL: &str = "cancel";

/// Why a turn did not come to its end. What was done before it stays done, and a later turn goes on.
#[derive(Debug, Error)]
pub enum Error {
    /// The node did not answer, or what it says makes no sense.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// Something was not sent.
    #[error(transparent)]
    Send(#[from] send::Error),
    /// The run's own file.
    #[error("the run's file: {0}")]
    Store(#[from] rusqlite::Error),
    /// A file of inputs or results.
    #[error("{0}")]
    File(String),
    /// An account's numbers contradict each other.
    #[error("the numbers of the job {0} contradict each other")]
    Contradiction(Address),
    /// What is written down is no specification.
    #[error("the run's file holds a specification that is none")]
    Spec,
}

/// What the engine's calls return.
pub type Result<T> = std::result::Result<T, Error>;

/// What a run works with.
pub struct Parts<'a, L> {
    /// Where the chain is read, and transactions go.
    pub ledger: &'a mut L,
    /// The run's memory.
    pub store: Arc<Store>,
    /// The folder of the run.
    pub folder: PathBuf,
    /// Who signs and pays.
    pub sender: Sender,
    /// Asks members, in the buyer's name.
    pub caller: Caller,
    /// The chain's clock, as members hold requests against it.
    pub clock: Arc<ChainClock>,
    /// The kernel.
    pub kernel: Arc<Kernel>,
    /// The inputs.
    pub inputs: Arc<Folder>,
    /// Computes here.
    pub judge: Arc<Judge>,
}

/// A run at work.
pub struct Engine<'a, L> {
    ledger: &'a mut L,
    store: Arc<Store>,
    settings: Settings,
    folder: PathBuf,
    sender: Sender,
    caller: Caller,
    clock: Arc<ChainClock>,
    kernel: Arc<Kernel>,
    inputs: Arc<Folder>,
    judge: Arc<Judge>,
    /// What is paid in.
    mint: Mint,
    market: Market,
    tasks: Tasks,
}

/// What was read at the beginning of a turn.
struct Look {
    /// Unix seconds of the chain.
    now: i64,
    network: Network,
    /// The jobs that something may still be of, each with its account.
    jobs: Vec<(JobRow, Option<Account>)>,
}

impl<'a, L: Ledger> Engine<'a, L> {
    /// A run that goes on from what its store says.
    ///
    /// # Errors
    /// Where the store or the mint cannot be read.
    pub fn new(parts: Parts<'a, L>) -> Result<Self> {
        let settings = parts.store.settings()?;
        Ok(Self {
            mint: parts.ledger.mint(&settings.mint)?,
            ledger: parts.ledger,
            store: parts.store,
            settings,
            folder: parts.folder,
            sender: parts.sender,
            caller: parts.caller,
            clock: parts.clock,
            kernel: parts.kernel,
            inputs: parts.inputs,
            judge: parts.judge,
            market: Market::default(),
            tasks: Tasks::default(),
        })
    }

    /// Looks, and does what follows. Long work goes on in threads of its own.
    ///
    /// # Errors
    /// See [`enum@Error`]: the next turn goes on.
    pub fn turn(&mut self) -> Result<Progress> {
        self.hear()?;
        let look = self.look()?;
        // What fails of one job is told at the end: the others do not wait for it.
        let mut failed = None;
        for (row, found) in &look.jobs {
            if let Err(error) = self.follow(&look, row, found.as_ref()) {
                failed.get_or_insert(error);
            }
        }
        let is_cancelled = self.store.setting(CANCEL)?.is_some();
        if is_cancelled {
            self.give_up()?;
        } else if failed.is_none() {
            self.place(&look)?;
        }
        self.compute_here()?;
        match failed {
            Some(error) => Err(error),
            None => self.progress(&look, is_cancelled),
        }
    }

    /// Clock, network and jobs, in one call for each hundred of them.
    fn look(&self) -> Result<Look> {
        let jobs: Vec<_> = self.store.jobs()?;
        let jobs: Vec<_> = jobs.into_iter().filter(|row| row.stage.is_live()).collect();
        let mut wanted = vec![sysvar::clock::ID, self.settings.network];
        wanted.extend(jobs.iter().map(|row| row.plan.job));
        let mut found = vec![];
        for batch in wanted.chunks(BATCH) {
            found.extend(self.ledger.accounts(batch)?);
        }
        let mut found = found.into_iter();
        let clock = found.next().flatten();
        let clock = clock.ok_or(ClientError::NoAccount(sysvar::clock::ID))?;
        let now = ledger::decode_clock(&clock)?.unix_timestamp;
        self.clock.read(now);
        let network = found.next().flatten();
        let network = network.ok_or(ClientError::NoAccount(self.settings.network))?;
        Ok(Look {
            now,
            network: account::decode(&self.settings.network, &network)?,
            jobs: jobs.into_iter().zip(found).collect(),
        })
    }

    /// The number of a job among the buyer's: it follows from the run and the job's number in it, so that one that is sent twice lands
    /// once.
    fn intent(&self, what: &str, number: u32) -> String {
        format!("run {} {what} {number}", self.settings.id)
    }

    fn rows(&self) -> store::Result<HashMap<(u32, u32), store::WindowRow>> {
        let rows = self.store.windows()?.into_iter();
        Ok(rows.map(|row| ((row.job, row.window), row)).collect())
    }
}
