//! The process: everything opened, served, and ended in order.

use {
    super::{
        challenger::{Challenger, Opened},
        desk::{Attester, Parts, Policy},
        guard::Guard,
        jobs::Room,
        keeper::Stop,
        kernels::Kernels,
        serve,
        teller::Teller,
    },
    crate::{
        chain::Chain,
        config,
        http::{self, Bounds, Server},
        member::Caller,
        watch,
    },
    anyhow::Context,
    sluice_client::{CommitmentConfig, Signer, ledger::Rpc, send::Key, statement::state_dir},
    sluice_work::sandbox::{Confinement, Options, Pool},
    std::{
        num::NonZeroU32,
        rc::Rc,
        sync::Arc,
        thread::{self, JoinHandle},
        time::Duration,
    },
    tokio::{
        net::TcpListener,
        runtime::Runtime,
        signal::unix::{SignalKind, signal},
    },
};

/// Attests until the process is told to end (SIGTERM, SIGINT).
///
/// # Errors
/// A sentence, where something that is needed cannot be opened.
pub fn run(config: config::Attester) -> anyhow::Result<()> {
    let kernels = Arc::new(Pool::new(options(&config.check)));
    run_with(config, kernels)
}

/// The same with something else that runs kernels.
///
/// # Errors
/// Those of [`run`].
pub fn run_with(config: config::Attester, kernels: Arc<dyn Kernels>) -> anyhow::Result<()> {
    let poll = Duration::from_secs(config.chain.poll_secs.max(1));
    let attester = Arc::new(open(&config, kernels, poll)?);
    let own = attester.own();
    tracing::info!(key = %own, began = attester.began(), "attests");
    if let Some(listen) = config.watch.listen {
        watch::serve(listen, watch::of_clock(attester.clock()))?;
    }
    let stop = Arc::new(Stop::default());
    let threads = threads(&config, &attester, &stop, poll)?;
    let server = Server::new(
        own,
        attester.clock(),
        attester.blobs(),
        attester.clone(),
        Bounds::default(),
    );
    // Nodes and members are asked by clients that may not end on a thread of this runtime: the attester outlives it.
    let runtime = Runtime::new().context("the runtime")?;
    let served = runtime.block_on(listen(&config, http::router(Arc::new(server))));
    stop.stop();
    runtime.shutdown_timeout(Duration::from_secs(1));
    for thread in threads {
        // A kernel that runs still is nothing to wait for.
        if thread.is_finished() {
            let _ = thread.join();
        }
    }
    tracing::info!("ended");
    served
}

fn open(
    config: &config::Attester,
    kernels: Arc<dyn Kernels>,
    poll: Duration,
) -> anyhow::Result<Attester<Rpc>> {
    let key = config::key(&config.keys.attester)?;
    let chain = Chain::at(
        &config.chain.url,
        config.chain.network,
        CommitmentConfig::finalized(),
    );
    while let Err(error) = chain.now() {
        tracing::warn!(%error, "the chain's clock cannot be read: waits for it");
        thread::sleep(poll);
    }
    let store = &config.store;
    let room = Room {
        free_bytes: store.free_bytes,
        bytes_per_fee_unit: store.bytes_per_fee_unit,
        most_bytes: store.most_bytes,
    };
    Attester::open(Parts {
        key,
        key_file: Some(config.keys.attester.clone()),
        journal: state_dir().unwrap_or_else(|| store.state.clone()),
        folder: store.state.clone(),
        chain,
        kernels,
        policy: Policy {
            processes: options(&config.check).processes,
            sample: config.check.sample.map(NonZeroU32::get),
            overcommit: config.check.overcommit,
            room,
            fresh: poll,
        },
    })
}

fn options(check: &config::Check) -> Options {
    let mut options = Options::own();
    if check.processes > 0 {
        options.processes = check.processes;
    }
    if check.without_confinement {
        options.least = Confinement::Limits;
    }
    options
}

async fn listen(config: &config::Attester, router: axum::Router) -> anyhow::Result<()> {
    let address = config.serve.listen;
    let listener = TcpListener::bind(address).await;
    let listener = listener.with_context(|| format!("cannot listen at {address}"))?;
    let mut ends = signal(SignalKind::terminate())?;
    let mut interrupts = signal(SignalKind::interrupt())?;
    let stop = async move {
        tokio::select! {
            _ = ends.recv() => {}
            _ = interrupts.recv() => {}
        }
    };
    tracing::info!(%address, "listens");
    let bounds = serve::Bounds {
        connections: config.serve.connections,
        silence: Duration::from_secs(30),
        requests_a_second: config.serve.requests_a_second,
        is_behind_proxy: config.serve.is_behind_proxy,
    };
    Ok(serve::serve(listener, router, bounds, stop).await?)
}

/// What goes on whoever asks: the clock, the letters, and the guard.
fn threads(
    config: &config::Attester,
    attester: &Arc<Attester<Rpc>>,
    stop: &Arc<Stop>,
    poll: Duration,
) -> anyhow::Result<Vec<JoinHandle<()>>> {
    let keeper = attester.clone();
    let keeps = again("sluice-keeper", stop, poll, move || {
        move || {
            if let Err(refusal) = keeper.keep() {
                tracing::warn!(%refusal, "not kept");
            }
        }
    });
    let caller = Caller::new(
        Arc::new(attester.signatory.key()),
        attester.clock(),
        config.members.allow_private,
    )?;
    let teller = Teller {
        attester: attester.clone(),
        caller,
        at: config.members.at.clone(),
    };
    let tells = again("sluice-teller", stop, poll, move || {
        move || {
            if let Err(error) = teller.tell() {
                tracing::warn!(%error, "nobody is told");
            }
        }
    });
    let challenger = match &config.guard.challenger {
        Some(file) => Some(config::key(file)?),
        None => None,
    };
    let (guarded, config) = (attester.clone(), config.clone());
    let guards = again("sluice-guard", stop, poll, move || {
        // Keys of what sends stay on one thread.
        let mut challenger = challenger.map(|key| challenges(&config, Rc::new(key)));
        let mut guard = Guard::new(guarded);
        move || watch_over(&mut guard, challenger.as_mut())
    });
    Ok(vec![keeps?, tells?, guards?])
}

/// A thread that does something, waits, and does it again.
fn again<F: FnMut()>(
    name: &str,
    stop: &Arc<Stop>,
    poll: Duration,
    begin: impl FnOnce() -> F + Send + 'static,
) -> anyhow::Result<JoinHandle<()>> {
    let stop = stop.clone();
    let thread = thread::Builder::new().name(name.to_owned());
    let started = thread.spawn(move || {
        let mut does = begin();
        while !stop.wait(poll) {
            does();
        }
    });
    started.context("a thread cannot begin")
}

fn challenges(config: &config::Attester, key: Key) -> Challenger<Rpc> {
    let url = &config.chain.url;
    tracing::info!(key = %key.pubkey(), "challenges");
    Challenger {
        ledger: Rpc::new(url.clone(), url.websocket(), CommitmentConfig::confirmed()),
        key,
        most_bonds: config.guard.most_bonds,
        notes: config.store.state.join("sent"),
    }
}

/// Challenges what is false, or says that it is where nobody may challenge.
fn watch_over(guard: &mut Guard<Rpc>, mut challenger: Option<&mut Challenger<Rpc>>) {
    let lies = match guard.lies() {
        Ok(lies) => lies,
        Err(refusal) => {
            tracing::warn!(%refusal, "nothing is guarded");
            return;
        }
    };
    for lie in lies {
        let (job, window) = (lie.site.key, lie.window);
        let opened = challenger.as_mut().map(|challenger| challenger.open(&lie));
        let outcome = match &opened {
            None => "seen",
            Some(Ok(Opened::Sent(_))) => "sent",
            Some(Ok(Opened::There)) => "there",
            Some(Ok(Opened::NoRoom { .. })) => "no_room",
            Some(Err(_)) => "failed",
        };
        tracing::warn!(%job, window, outcome, "a window is proven and false");
        metrics::counter!("sluice_attester_lies_total", "outcome" => outcome).increment(1);
        match opened {
            Some(Ok(Opened::Sent(signature))) => {
                tracing::warn!(%job, window, %signature, "challenged")
            }
            Some(Ok(Opened::NoRoom { held, bond })) => {
                tracing::warn!(%job, window, held, bond, "the open bonds leave no room for a challenge");
                continue;
            }
            Some(Err(error)) => {
                let error = sluice_client::foreign::Foreign::from(error.to_string());
                tracing::warn!(%job, window, %error, "not challenged");
                continue;
            }
            Some(Ok(Opened::There)) => {}
            None => {
                guard.told(&lie);
                continue;
            }
        }
        if let Err(refusal) = guard.done(&lie) {
            tracing::warn!(%refusal, "the guard cannot write down what it did");
        }
    }
}
