//! What takes long goes on in threads of its own: blobs to members and back, and computing. Only the turn writes and sends.

use {
    super::{Engine, Error, Result, follow::spec_of},
    crate::{
        members::{Circle, Waits},
        store::{JobRow, Proof, WindowRow, WindowStage},
    },
    bring::Bring,
    compute::NotComputed,
    fetch::{Fetch, Fetched, NotFetched},
    sluice_client::{Address, AttesterSet, Job, Ledger},
    sluice_member::{chain, member::Member},
    std::{
        collections::{HashMap, HashSet},
        panic::{AssertUnwindSafe, catch_unwind},
        sync::{
            Arc,
            atomic::{AtomicBool, Ordering},
            mpsc::{Receiver, Sender, channel},
        },
        thread,
        time::{Duration, Instant},
    },
};

mod bring;
mod compute;
mod fetch;

/// What is done at once of each kind. Each job that is brought has four connections to a member, which has 64 for one address by default.
const BRINGS: usize = 4;
const FETCHES: usize = 8;
/// What failed is done again after this time, and later after longer ...
const FIRST: Duration = Duration::from_secs(2);
/// ... and never longer than this.
const LONGEST: Duration = Duration::from_secs(60);
/// Members are looked up again after this time: one may have moved.
const KNOWN_FOR: Duration = Duration::from_secs(120);
/// A member that does not answer is left behind after this time: the others have to admit the job before its first window ends.
const PATIENCE: Duration = Duration::from_secs(10);
/// A chunk for which this machine lacked time or memory so often cannot be done here.
const TRIES: u32 = 3;
/// Pulls that failed so often are their recipient's matter.
const IN_VAIN: u32 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Task {
    Bring(u32),
    Fetch(u32, u32),
    Compute(u32),
    Settle(u32),
    Rule(Address),
}

/// What came of a task.
enum Event {
    Brought(u32, std::result::Result<(), String>),
    Fetched(u32, u32, std::result::Result<Fetched, NotFetched>),
    /// A thread ended without a word.
    Died(Task),
    Computed(u32, std::result::Result<(), NotComputed>),
}

#[derive(Clone, Copy)]
struct Retry {
    not_before: Instant,
    attempts: u32,
}

/// What goes on, and what is to be done again when.
pub struct Tasks {
    told: Sender<Event>,
    tells: Receiver<Event>,
    running: HashSet<Task>,
    retries: HashMap<Task, Retry>,
    /// How often members did not give what a window claims, and this machine lacked what a chunk takes.
    denied: HashMap<Task, u32>,
    circles: HashMap<Address, (Instant, Arc<Circle>)>,
    /// Set when this ends: threads stop at their next step.
    stop: Arc<AtomicBool>,
}

impl Default for Tasks {
    fn default() -> Self {
        let (told, tells) = channel();
        Self {
            told,
            tells,
            running: HashSet::new(),
            retries: HashMap::new(),
            denied: HashMap::new(),
            circles: HashMap::new(),
            stop: Arc::default(),
        }
    }
}

impl Drop for Tasks {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl Tasks {
    fn running(&self, is_alike: impl Fn(&Task) -> bool) -> usize {
        self.running.iter().filter(|task| is_alike(task)).count()
    }

    /// True if a task may begin now; it is then under way.
    fn begin(&mut self, task: Task) -> bool {
        let may = self
            .retries
            .get(&task)
            .is_none_or(|retry| retry.not_before <= Instant::now());
        may && self.running.insert(task)
    }

    fn failed(&mut self, task: Task) {
        self.running.remove(&task);
        let attempts = self.retries.get(&task).map_or(0, |retry| retry.attempts);
        let wait = FIRST.saturating_mul(1u32.checked_shl(attempts).unwrap_or(u32::MAX));
        let retry = Retry {
            not_before: Instant::now() + wait.min(LONGEST),
            attempts: attempts.saturating_add(1),
        };
        self.retries.insert(task, retry);
    }

    fn done(&mut self, task: Task) {
        self.running.remove(&task);
        self.retries.remove(&task);
    }

    fn attempts(&self, task: Task) -> u32 {
        self.retries.get(&task).map_or(0, |retry| retry.attempts)
    }

    /// True once members were asked so often for the results of a window, and are not being asked just now.
    pub fn is_denied(&self, job: u32, window: u32, often: u32) -> bool {
        let task = Task::Fetch(job, window);
        let denied = self.denied.get(&task).copied().unwrap_or_default();
        denied >= often && !self.running.contains(&task)
    }

    /// True where steps of a settled job may be sent now: each time is noted, and the next comes later.
    pub fn may_settle(&mut self, job: u32) -> bool {
        let task = Task::Settle(job);
        let may = self.begin(task);
        if may {
            self.failed(task);
        }
        may
    }

    /// True where steps of a challenge may be sent now.
    pub fn may_rule(&mut self, challenge: &Address) -> bool {
        let task = Task::Rule(*challenge);
        let may = self.begin(task);
        if may {
            self.failed(task);
        }
        may
    }

    /// True once steps of a job were sent so often that what is left cannot be done now.
    pub fn settled_in_vain(&self, job: u32) -> bool {
        self.attempts(Task::Settle(job)) > IN_VAIN
    }

    fn spawn(&self, task: Task, does: impl FnOnce() -> Event + Send + 'static) {
        let told = self.told.clone();
        let begun = thread::Builder::new().spawn(move || {
            let event = catch_unwind(AssertUnwindSafe(does));
            // Nobody listens any more when the run ends.
            let _ = told.send(event.unwrap_or(Event::Died(task)));
        });
        if begun.is_err() {
            // It is begun again later, when the machine has room for a thread.
            let _ = self.told.send(Event::Died(task));
        }
    }
}

impl<L: Ledger> Engine<'_, L> {
    /// Takes what threads have done meanwhile.
    pub(super) fn hear(&mut self) -> Result<()> {
        while let Ok(event) = self.tasks.tells.try_recv() {
            match event {
                Event::Brought(job, Ok(())) => {
                    self.tasks.done(Task::Bring(job));
                    self.store.admitted(job)?;
                }
                Event::Brought(job, Err(why)) => {
                    self.tasks.failed(Task::Bring(job));
                    self.store.note_reason(job, &why)?;
                }
                Event::Fetched(job, window, Ok(fetched)) => {
                    self.tasks.done(Task::Fetch(job, window));
                    self.held(job, window, fetched)?;
                }
                Event::Fetched(job, window, Err(error)) => {
                    let task = Task::Fetch(job, window);
                    self.tasks.failed(task);
                    let why = match error {
                        NotFetched::Here(why) => why,
                        NotFetched::Members(why) => {
                            let count = self.tasks.denied.entry(task).or_default();
                            *count = count.saturating_add(1);
                            why
                        }
                    };
                    let why = format!("window {window}: {why}");
                    self.store.note_reason(job, &why)?;
                }
                Event::Died(task) => self.tasks.failed(task),
                Event::Computed(chunk, Ok(())) => {
                    self.tasks.done(Task::Compute(chunk));
                    self.store.done_here(chunk)?;
                }
                Event::Computed(chunk, Err(NotComputed::Undone(why))) => {
                    self.tasks.done(Task::Compute(chunk));
                    self.store.fail(chunk, &why)?;
                }
                Event::Computed(chunk, Err(NotComputed::Machine(why))) => {
                    let task = Task::Compute(chunk);
                    self.tasks.failed(task);
                    let lacked = self.tasks.denied.entry(task).or_default();
                    *lacked = lacked.saturating_add(1);
                    if *lacked >= TRIES {
                        self.store.fail(chunk, &why)?;
                    }
                }
                Event::Computed(chunk, Err(NotComputed::File(why))) => {
                    self.tasks.failed(Task::Compute(chunk));
                    return Err(Error::File(why));
                }
            }
        }
        Ok(())
    }

    /// What a window claims is here.
    fn held(&self, job: u32, window: u32, fetched: Fetched) -> Result<()> {
        let rows = self.rows()?;
        let known = rows.get(&(job, window));
        // What was decided meanwhile stays.
        let Some(known) = known.filter(|known| known.stage == WindowStage::Proven) else {
            return Ok(());
        };
        let row = WindowRow {
            stage: if fetched.fault.is_some() {
                WindowStage::False
            } else {
                WindowStage::Held
            },
            reason: fetched.fault,
            ..known.clone()
        };
        Ok(self.store.settle_window(&row, fetched.chunks)?)
    }

    /// Brings a job's blobs to its members, and has it admitted.
    pub(super) fn bring(&mut self, row: &JobRow) -> Result<()> {
        let task = Task::Bring(row.number);
        if self.tasks.running(|task| matches!(task, Task::Bring(_))) >= BRINGS
            || !self.tasks.begin(task)
        {
            return Ok(());
        }
        let circle = match self.circle(&row.plan.set) {
            Ok(circle) => circle,
            Err(error) => {
                self.tasks.failed(task);
                return Err(error);
            }
        };
        let (spec, _) = spec_of(row)?;
        let chunks = self.store.chunks_of(row.number)?;
        let bring = Bring {
            circle,
            job: row.plan.job,
            spec,
            kernel: Arc::clone(&self.kernel),
            inputs: Arc::clone(&self.inputs),
            chunks: chunks.iter().map(|chunk| chunk.number).collect(),
            stop: Arc::clone(&self.tasks.stop),
        };
        let number = row.number;
        self.tasks
            .spawn(task, move || Event::Brought(number, bring.run()));
        Ok(())
    }

    /// Asks for what a proven window claims, and holds it against the chain and, in part or in full, against this machine.
    pub(super) fn fetch(
        &mut self,
        row: &JobRow,
        job: Option<&Job>,
        known: &WindowRow,
    ) -> Result<()> {
        let task = Task::Fetch(row.number, known.window);
        if self.tasks.running(|task| matches!(task, Task::Fetch(..))) >= FETCHES
            || !self.tasks.begin(task)
        {
            return Ok(());
        }
        let circle = match self.circle(&row.plan.set) {
            Ok(circle) => circle,
            Err(error) => {
                self.tasks.failed(task);
                return Err(error);
            }
        };
        let (spec, shape) = spec_of(row)?;
        let chunks = self.store.chunks_of(row.number)?;
        let fetch = Fetch {
            circle,
            job: row.plan.job,
            incarnation: row.incarnation.unwrap_or_default(),
            window: known.window,
            context: job.map(|job| job.context).or(row.context),
            proof: known.proof.unwrap_or(Proof::Statement([0; 24])),
            spec,
            shape,
            chunks: chunks
                .into_iter()
                .map(|chunk| (chunk.number, self.settings.result(&chunk.name)))
                .collect(),
            inputs: Arc::clone(&self.inputs),
            judge: Arc::clone(&self.judge),
            verify: self.settings.verified(),
            seed: known.seed,
            cache: self
                .folder
                .join("blobs")
                .join(format!("{}-{}", row.number, known.window)),
            results: self.settings.results.clone(),
            stop: Arc::clone(&self.tasks.stop),
        };
        let (number, window) = (row.number, known.window);
        self.tasks
            .spawn(task, move || Event::Fetched(number, window, fetch.run()));
        Ok(())
    }

    /// Computes a chunk here; false where as many are under way as there is room for.
    pub(super) fn compute(&mut self, number: u32, name: String) -> bool {
        let room = self.judge.processes();
        if self.tasks.running(|task| matches!(task, Task::Compute(_))) >= room {
            return false;
        }
        if !self.tasks.begin(Task::Compute(number)) {
            return true;
        }
        let (inputs, judge) = (Arc::clone(&self.inputs), Arc::clone(&self.judge));
        let results = self.settings.results.clone();
        let name = self.settings.result(&name);
        self.tasks.spawn(Task::Compute(number), move || {
            let computed = compute::here(&inputs, &judge, &results, number, &name);
            Event::Computed(number, computed)
        });
        true
    }

    /// The members of a set that can be asked.
    pub(super) fn circle(&mut self, set: &Address) -> Result<Arc<Circle>> {
        if let Some((at, circle)) = self.tasks.circles.get(set)
            && at.elapsed() < KNOWN_FOR
        {
            return Ok(Arc::clone(circle));
        }
        let found: AttesterSet = self.ledger.get(set)?;
        let members = chain::members(&*self.ledger, &self.settings.network, &found)?;
        let members = members.into_iter().map(|(key, url)| Member { key, url });
        let circle = Arc::new(Circle::new(
            self.caller.clone(),
            members.collect(),
            found.threshold.into(),
            Waits {
                patience: PATIENCE,
                ..Waits::default()
            },
        ));
        self.tasks
            .circles
            .insert(*set, (Instant::now(), Arc::clone(&circle)));
        Ok(circle)
    }
}
