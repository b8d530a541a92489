//! The worker's turns.

use {
    super::{
        Event, Members, Runner,
        compute::Compute,
        errands::Errands,
        fetch::{CACHE, Source, Work},
        folder::{Cache, Folder},
        intake::Intake,
        send::Purse,
        store::{DRAIN, JobStage, Store},
        submit::{Answer, Blobs, Submit},
        view::{Reader, View},
    },
    crate::{blobs::JobId, chain::Chain, config, late::Late, member::Member},
    anyhow::Context,
    sluice_client::{Address, Keypair, Ledger, Signer, send::Key, statement::Journal},
    std::{
        collections::HashMap,
        fs::Metadata,
        sync::{
            Arc,
            mpsc::{Receiver, Sender, channel},
        },
        thread,
        time::Duration,
    },
};

/// Between two clearings of what is over, seconds of the chain.
const CLEAR_SECS: i64 = 60;
/// Jobs that were looked at and not worked on are forgotten after a week.
const ASKED_SECS: i64 = 7 * 86_400;
/// An output that nothing names after this time is named by nothing ever.
const ORPHANED: Duration = Duration::from_secs(3_600);
/// Longest wait after turns that failed: a node that is silent for a moment must not cost a window its time to be proven.
const LONGEST: Duration = Duration::from_secs(20);

/// The key of a node's worker, what it signed, and who asks members in its name.
pub struct Hand {
    /// Signs the node's statements.
    pub key: Arc<Keypair>,
    /// What it signed.
    pub journal: Journal,
    /// Asks members.
    pub ask: Arc<dyn Members>,
}

/// What a worker is made of.
pub struct Setup<L> {
    /// The chain.
    pub chain: Chain<L>,
    /// What it was told.
    pub config: config::Worker,
    /// Signs transactions, and pays for them.
    pub operator: Key,
    /// The nodes' workers.
    pub hands: Vec<Hand>,
    /// Runs kernels.
    pub runner: Runner,
    /// The first of the waits between two tries of what failed.
    pub pace: Duration,
}

/// What comes after a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Another one, after this time at the latest.
    After(Duration),
    /// Nothing: the worker is drained.
    Drained,
}

/// A worker, on the thread that owns its keys.
pub struct Worker<L> {
    pub(super) chain: Chain<L>,
    pub(super) config: config::Worker,
    pub(super) hands: Vec<Hand>,
    pub(super) store: Arc<Store>,
    pub(super) outputs: Arc<Folder>,
    pub(super) cache: Arc<Cache>,
    late: Arc<Late>,
    pub(super) runner: Arc<Runner>,
    pub(super) compute: Compute,
    pub(super) submit: Submit,
    pub(super) intake: Intake,
    pub(super) purse: Purse,
    pub(super) errands: Errands,
    pub(super) answers: Vec<Answer>,
    reader: Reader,
    events: (Sender<Event>, Receiver<Event>),
    cleared_at: Option<i64>,
    pub(super) pace: Duration,
    is_told_to_end: bool,
}

/// True for a file that nobody is at work with any more.
fn is_old(file: &Metadata) -> bool {
    let age = file.modified().ok().and_then(|at| at.elapsed().ok());
    age.is_some_and(|age| age > ORPHANED)
}

impl<L: Ledger> Worker<L> {
    /// Opens the state and starts the threads that compute.
    ///
    /// # Errors
    /// When the folder of state cannot be read or written.
    pub fn open(setup: Setup<L>) -> anyhow::Result<Self> {
        let Setup {
            chain,
            config,
            operator,
            hands,
            runner,
            pace,
        } = setup;
        let state = &config.work.state;
        let store = Arc::new(Store::open(state).context("the store of state")?);
        let outputs = Arc::new(Folder::open(&state.join("outputs")).context("the outputs")?);
        // What a process wrote that died before it named it, or before it removed it.
        for (name, file) in outputs.all().context("the outputs")? {
            if is_old(&file) && !store.names_output(&name)? {
                outputs.remove(&name).context("the outputs")?;
            }
        }
        let cache = Arc::new(Cache::open(&state.join("cache"), CACHE).context("the cache")?);
        let runner = Arc::new(runner);
        let events = channel();
        let threads = match config.work.processes {
            0 => thread::available_parallelism().map_or(1, usize::from),
            processes => processes,
        };
        let compute = Compute::start(
            (threads, pace),
            Arc::clone(&runner),
            Arc::clone(&store),
            Arc::clone(&outputs),
            events.0.clone(),
        );
        let blobs = Blobs::new(Arc::clone(&outputs), Arc::clone(&cache));
        let submit = Submit::new(Arc::clone(&store), blobs, events.0.clone(), pace);
        let workers = hands.iter().map(|hand| hand.key.pubkey()).collect();
        let reader = Reader::new(workers, operator.pubkey(), &config);
        let intake = Intake::new(Arc::clone(&store), events.0.clone(), pace);
        let spent = Box::new(Arc::clone(&store));
        let fees = &config.fees;
        Ok(Self {
            purse: Purse::new(operator, fees.unit_price, fees.lamports_a_day, spent),
            errands: Errands::new(fees.pull_every_secs, pace),
            chain,
            hands,
            store,
            outputs,
            cache,
            late: Arc::new(Late::new(pace.saturating_mul(10))),
            runner,
            compute,
            submit,
            intake,
            answers: vec![],
            reader,
            events,
            cleared_at: None,
            pace,
            is_told_to_end: false,
            config,
        })
    }

    /// Where other threads tell what they found, and that the process is to end.
    pub fn events(&self) -> Sender<Event> {
        self.events.0.clone()
    }

    /// Takes turns until the process is to end or the worker is drained. What fails is told and tried again.
    ///
    /// # Errors
    /// None today: what a turn fails with ends no worker.
    pub fn run(mut self) -> anyhow::Result<()> {
        let poll = Duration::from_secs(self.config.chain.poll_secs.max(1));
        let mut failures = 0u32;
        loop {
            let wait = match self.turn() {
                Ok(Turn::Drained) => {
                    tracing::info!("drained: nothing is left to be done");
                    return Ok(());
                }
                Ok(Turn::After(wait)) => {
                    failures = 0;
                    wait.min(poll)
                }
                Err(error) => {
                    failures = failures.saturating_add(1).min(6);
                    tracing::warn!(error = %sluice_client::foreign::Foreign::from(format!("{error:#}")), "a turn failed");
                    poll.saturating_mul(1 << failures).min(LONGEST)
                }
            };
            if self.rest(wait) {
                tracing::info!("the process is to end");
                return Ok(());
            }
        }
    }

    /// Waits until something happens, `longest` at most. True if the process is to end.
    pub fn rest(&mut self, longest: Duration) -> bool {
        if !self.is_told_to_end
            && let Ok(event) = self.events.1.recv_timeout(longest)
        {
            self.keep(event);
            // What comes together is taken together.
            thread::sleep(self.pace / 10);
            self.hear();
        }
        self.is_told_to_end
    }

    /// Takes what happened.
    fn hear(&mut self) {
        while let Ok(event) = self.events.1.try_recv() {
            self.keep(event);
        }
    }

    fn keep(&mut self, event: Event) {
        match event {
            Event::Stop => self.is_told_to_end = true,
            Event::Computed => {}
            Event::Answered(answer) => self.answers.push(answer),
            Event::Considered(considered) => {
                let now = self.chain.clock.now().unwrap_or_default();
                if let Err(error) = self.intake.hear(considered, now) {
                    tracing::error!(%error, "what came of looking at a job cannot be written down");
                }
            }
        }
    }

    /// One turn: reads the chain, and does what is due.
    ///
    /// # Errors
    /// When the chain or the store cannot be read. What is sealed and signed by then stays so.
    pub fn turn(&mut self) -> anyhow::Result<Turn> {
        let view = self.reader.read(&self.chain)?;
        let drains = self.store.flag(DRAIN)?;
        self.hear();
        self.follow(&view)?;
        // What must be on time comes first: seals before anything that waits for a node or a member.
        let plans = self.seal(&view)?;
        let sources = self.sources(&view);
        self.set_compute(&plans, &view, &sources)?;
        self.ask_members(&view, &sources)?;
        let is_behind = self.prove(&view)?;
        self.prepare(&view, &sources)?;
        self.leave(&view, drains)?;
        if is_behind {
            // What can wait does.
            return Ok(Turn::After(Duration::ZERO));
        }
        if drains {
            self.withdraw(&view);
        } else {
            self.take_in(&view, &sources)?;
            self.keep_offers(&view);
        }
        self.pull(&view, drains);
        self.clear(&view)?;
        if drains && self.is_done(&view)? {
            return Ok(Turn::Drained);
        }
        Ok(Turn::After(self.wait(&plans, view.now)))
    }

    /// Which blobs of a job are where, of every set that a job names. A set whose members cannot be read has none this time.
    fn sources(&mut self, view: &View) -> HashMap<Address, Vec<Member>> {
        let mut all = HashMap::new();
        for (key, set) in &view.sets {
            match self.reader.members(&self.chain, (key, set), view.now) {
                Ok(members) => {
                    all.insert(*key, members);
                }
                Err(error) => {
                    tracing::warn!(set = %key, %error, "the set's members cannot be read")
                }
            }
        }
        all
    }

    /// Where the blobs of a job are asked for; `None` if its node does not work here.
    pub(super) fn source(
        &self,
        view: &View,
        (job, node): (&Address, &Address),
        members: &[Member],
    ) -> Option<Source> {
        let own = view.node(node)?;
        let hand = self.hand(&own.node.worker)?;
        Some(Source {
            job: *job,
            node: *node,
            ask: Arc::clone(&hand.ask),
            members: members.to_vec(),
            cache: Arc::clone(&self.cache),
            late: Arc::clone(&self.late),
        })
    }

    pub(super) fn hand(&self, worker: &Address) -> Option<&Hand> {
        self.hands.iter().find(|hand| hand.key.pubkey() == *worker)
    }

    /// The active jobs on nodes that work here, with their work where it is known.
    pub(super) fn at_work<'a>(
        &'a self,
        view: &'a View,
    ) -> impl Iterator<Item = (JobId, &'a sluice_client::Job, Option<&'a Arc<Work>>)> {
        view.jobs.iter().filter_map(|(key, job)| {
            let id = JobId {
                job: *key,
                incarnation: job.incarnation,
            };
            let (job, _) = view.active(&id)?;
            Some((id, job, self.intake.work(&id)))
        })
    }

    /// Removes what nobody can ask for any more.
    fn clear(&mut self, view: &View) -> anyhow::Result<()> {
        let is_early = |last: i64| (last..last.saturating_add(CLEAR_SECS)).contains(&view.now);
        if self.cleared_at.is_some_and(is_early) {
            return Ok(());
        }
        for row in self.store.windows_over(view.now)? {
            self.remove_outputs(&row.id.job, Some(row.id.window))?;
            self.store.forget_window(&row.id)?;
        }
        for row in self.store.jobs()? {
            if row.stage == JobStage::Over && self.store.windows(&row.id)?.is_empty() {
                self.remove_outputs(&row.id, None)?;
            }
        }
        self.store
            .forget_asked(view.now.saturating_sub(ASKED_SECS))?;
        self.cleared_at = Some(view.now);
        Ok(())
    }

    fn remove_outputs(&self, id: &JobId, window: Option<u32>) -> anyhow::Result<()> {
        let _removing = self.outputs.removing();
        for output in self.store.forget_chunks(id, window)? {
            self.outputs.remove(&output)?;
        }
        Ok(())
    }
}
