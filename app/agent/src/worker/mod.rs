//! `sluice-agent worker`: from a job on a node to money on its owner's account.
//!
//! One thread owns the keys and the ledger, and takes turns: [`view`] is what it reads of the chain; then it seals windows ([`seal`]), puts
//! them before their members ([`submit`]), proves what enough have signed ([`prove`]), looks at jobs ([`intake`], [`leave`]), and takes care of
//! money and offers. Other threads compute ([`compute`]) and wait for members; what they find comes back as an [`Event`]. What must outlive
//! a crash is in [`store`] and [`folder`] before anything follows from it.

pub mod compute;
pub mod consider;
mod daemon;
mod errands;
pub mod fetch;
pub mod folder;
pub mod intake;
pub mod leave;
pub mod members;
pub mod money;
pub mod offers;
pub mod prove;
pub mod retry;
pub mod seal;
pub mod send;
pub mod store;
pub mod submit;
#[cfg(test)]
mod tests;
pub mod view;
mod windows;

use {
    crate::{chain::Chain, config, member::Caller, watch},
    anyhow::Context,
    consider::Considered,
    sluice_client::{CommitmentConfig, Keypair, Signer, statement::Journal},
    sluice_work::{
        engine::Limits,
        sandbox::{Confinement, Options, Package, Pool},
        undone::Undone,
    },
    std::{
        rc::Rc,
        sync::{Arc, mpsc::Sender},
        thread,
        time::Duration,
    },
    store::Store,
    submit::Answer,
};
pub use {
    daemon::{Hand, Setup, Turn, Worker},
    members::Members,
};

/// Runs a kernel on an input.
pub type Runner = Box<dyn Fn(&Package, &[u8], &Limits) -> Result<Vec<u8>, Undone> + Send + Sync>;

/// What another thread found.
pub enum Event {
    /// Nothing more is to be computed of a window.
    Computed,
    /// A member's answer to a window.
    Answered(Answer),
    /// A job was looked at.
    Considered(Considered),
    /// The process is to end.
    Stop,
}

/// The first of the waits between two tries of what failed.
const PACE: Duration = Duration::from_secs(1);

/// Works until the process is told to end (SIGTERM, SIGINT), or until it is drained: nothing of its nodes is left to be done.
///
/// # Errors
/// When keys or the folder of state cannot be read, or another process works with them.
pub fn run(config: config::Worker) -> anyhow::Result<()> {
    let mut options = Options::own();
    if config.work.processes > 0 {
        options.processes = config.work.processes;
    }
    if config.work.without_confinement {
        options.least = Confinement::Limits;
    }
    let pool = Pool::new(options);
    let runner =
        move |package: &Package, input: &[u8], limits: &Limits| pool.run(package, input, limits);
    run_with(config, Box::new(runner))
}

/// The same with something else that runs kernels.
///
/// # Errors
/// Those of [`run`].
pub fn run_with(config: config::Worker, runner: Runner) -> anyhow::Result<()> {
    let chain = Chain::at(
        &config.chain.url,
        config.chain.network,
        CommitmentConfig::confirmed(),
    );
    if let Some(listen) = config.watch.listen {
        watch::serve(listen, watch::of_clock(Arc::clone(&chain.clock)))
            .context("the address for watching")?;
    }
    let operator = config::key(&config.keys.operator)?;
    let hands = config.node.iter().map(|node| {
        let key = Arc::new(config::key(&node.key)?);
        let journal = Journal::open(&key.pubkey(), Some(&node.key), &config.work.state)
            .context("the journal of what a worker's key signed")?;
        let signer: Arc<dyn Signer + Send + Sync> = Arc::<Keypair>::clone(&key);
        let is_private_allowed = config.members.allow_private;
        let caller = Caller::new(signer, Arc::clone(&chain.clock), is_private_allowed)?;
        Ok(Hand {
            key,
            journal,
            ask: Arc::new(caller),
        })
    });
    let hands = hands.collect::<anyhow::Result<_>>()?;
    let worker = Worker::open(Setup {
        chain,
        config,
        operator: Rc::new(operator),
        hands,
        runner,
        pace: PACE,
    })?;
    end_on_signal(worker.events());
    worker.run()
}

/// Tells the worker when the process is to end.
fn end_on_signal(events: Sender<Event>) {
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let told = runtime.and_then(|runtime| runtime.block_on(signalled()));
        match told {
            Ok(()) => {
                // Nobody listens any more when it ended already.
                let _ = events.send(Event::Stop);
            }
            Err(error) => tracing::error!(%error, "signals cannot be waited for"),
        }
    });
}

/// Waits for SIGTERM or SIGINT.
async fn signalled() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            _ = terminate.recv() => Ok(()),
            told = tokio::signal::ctrl_c() => told,
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

impl send::Spent for Arc<Store> {
    fn spent_on(&self, day: i64) -> anyhow::Result<u64> {
        Ok(Store::spent_on(self, day)?)
    }

    fn spend(&mut self, day: i64, lamports: u64) -> anyhow::Result<()> {
        Ok(Store::spend(self, day, lamports)?)
    }
}
