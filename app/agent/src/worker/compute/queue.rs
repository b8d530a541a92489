//! Which chunk is next.

use {
    crate::{
        blobs::JobId,
        worker::{
            fetch::{Source, Work},
            store::Chunk,
        },
    },
    std::{
        collections::{BTreeMap, HashMap, HashSet},
        ops::Range,
        sync::Arc,
        time::{Duration, Instant},
    },
};

/// A job's part in what is to be computed.
#[derive(Clone)]
pub struct Task {
    /// The work.
    pub work: Arc<Work>,
    /// Where its inputs are.
    pub source: Arc<Source>,
    /// Its windows that are not sealed.
    pub spans: Vec<Span>,
}

/// The chunks of a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The window.
    pub window: u32,
    /// When it ends, unix seconds of the chain.
    pub ends_at: i64,
    /// Numbers of its chunks.
    pub chunks: Range<u32>,
    /// As many are funded.
    pub most: u32,
}

/// A chunk that a thread computes.
pub struct Pick {
    /// The job's part that it is of.
    pub task: Task,
    /// The window.
    pub window: u32,
    /// Its number in the whole work.
    pub number: u32,
    /// How often it was tried in vain.
    pub tries: u32,
}

/// A job that was given so much more time than the one that was given least waits for it.
const MORE: Duration = Duration::from_secs(60);
/// What is tried in vain waits twice as long each time, so many times.
const DOUBLED: u32 = 5;

/// What there is to compute, and what is known of it. Of one job the window that ends first goes first. Jobs share the threads: one
/// with short windows and chunks that never end must not take the others' time.
pub struct Queue {
    threads: usize,
    /// How many chunks of judged work may be under way behind one that is not done yet.
    ahead: usize,
    /// A chunk whose input nobody gave, whose output could not be kept, or that the machine failed, is tried again after this time.
    again: Duration,
    tasks: Vec<Task>,
    /// Of each window: whether the chunks that are decided are done.
    known: HashMap<(JobId, u32), BTreeMap<u32, bool>>,
    /// Chunks under way, since when.
    busy: HashMap<(JobId, u32), Instant>,
    /// How often a chunk was tried in vain, and when it is tried again.
    later: HashMap<(JobId, u32), (u32, Instant)>,
    /// The time of threads that each job was given.
    used: HashMap<JobId, Duration>,
    /// Of the job with something to do that was given least. A job that had nothing to do has no claim on what it did not use.
    least: Duration,
    is_stopped: bool,
}

impl Queue {
    pub fn new(threads: usize, again: Duration) -> Self {
        Self {
            threads,
            ahead: threads.max(2),
            again,
            tasks: vec![],
            known: HashMap::new(),
            busy: HashMap::new(),
            later: HashMap::new(),
            used: HashMap::new(),
            least: Duration::ZERO,
            is_stopped: false,
        }
    }

    /// Takes new tasks. `read` gives what became of a window's chunks, where this is not known yet.
    pub fn set<E>(
        &mut self,
        mut tasks: Vec<Task>,
        read: impl Fn(&JobId, &Span) -> Result<BTreeMap<u32, Chunk>, E>,
    ) -> Result<(), E> {
        let mut known = HashMap::new();
        for task in &mut tasks {
            task.spans.sort_by_key(|span| span.ends_at);
            for span in &task.spans {
                let key = (task.work.id, span.window);
                let of_window = match self.known.get(&key) {
                    Some(of_window) => of_window.clone(),
                    None => read(&task.work.id, span)?
                        .into_iter()
                        .map(|(number, chunk)| (number, chunk.is_ok()))
                        .collect(),
                };
                known.insert(key, of_window);
            }
        }
        self.known = known;
        self.tasks = tasks;
        let jobs: HashSet<_> = self.tasks.iter().map(|task| task.work.id).collect();
        self.later.retain(|(id, _), _| jobs.contains(id));
        self.used.retain(|id, _| jobs.contains(id));
        Ok(())
    }

    pub const fn stop(&mut self) {
        self.is_stopped = true;
    }

    pub const fn is_stopped(&self) -> bool {
        self.is_stopped
    }

    /// The next chunk, which is under way from now on.
    pub fn take(&mut self) -> Option<Pick> {
        let first = |task: &'_ Task| {
            let mut spans = task.spans.iter();
            spans.find_map(|span| Some((span.clone(), self.next(task, span)?)))
        };
        let all = self.tasks.iter();
        let all: Vec<_> = all.filter_map(|task| Some((task, first(task)?))).collect();
        let least = all.iter().map(|(task, _)| self.used(&task.work.id)).min()?;
        let share = self.threads.div_ceil(all.len().max(1));
        let rank = |(task, (span, _)): &&(&Task, (Span, u32))| {
            let id = &task.work.id;
            let is_over = self.busy_of(id) >= share || self.used(id) > least.saturating_add(MORE);
            (is_over, span.ends_at)
        };
        let (task, (span, number)) = all.iter().min_by_key(rank)?;
        let id = task.work.id;
        let pick = Pick {
            task: (*task).clone(),
            window: span.window,
            number: *number,
            tries: self
                .later
                .get(&(id, *number))
                .map_or(0, |(tries, _)| *tries),
        };
        self.least = self.least.max(least);
        let used = self.used.entry(id).or_default();
        *used = self.least.max(*used);
        self.busy.insert((id, pick.number), Instant::now());
        Some(pick)
    }

    /// The time that a job was given, what runs included.
    fn used(&self, id: &JobId) -> Duration {
        let before = self.used.get(id).copied().unwrap_or_default();
        let running = self.busy.iter().filter(|((of, _), _)| of == id);
        running.fold(before.max(self.least), |sum, (_, since)| {
            sum.saturating_add(since.elapsed())
        })
    }

    /// Counts time of a thread that a job was given.
    pub fn gave(&mut self, id: &JobId, time: Duration) {
        let used = self.used.entry(*id).or_default();
        *used = used.saturating_add(time);
    }

    fn busy_of(&self, id: &JobId) -> usize {
        self.busy.keys().filter(|(of, _)| of == id).count()
    }

    /// Takes what became of a chunk: `None` if it has to be tried again. True if nothing more is to be computed of its window.
    pub fn became(&mut self, pick: &Pick, became: Option<&Chunk>) -> bool {
        let id = pick.task.work.id;
        if let Some(since) = self.busy.remove(&(id, pick.number)) {
            self.gave(&id, since.elapsed());
        }
        let Some(chunk) = became else {
            let factor = 1u32.checked_shl(pick.tries.min(DOUBLED)).unwrap_or(1);
            let at = Instant::now().checked_add(self.again.saturating_mul(factor));
            let later = (
                pick.tries.saturating_add(1),
                at.unwrap_or_else(Instant::now),
            );
            self.later.insert((id, pick.number), later);
            return false;
        };
        self.later.remove(&(id, pick.number));
        if let Some(known) = self.known.get_mut(&(id, pick.window)) {
            known.insert(pick.number, chunk.is_ok());
        }
        let spans = self
            .tasks
            .iter()
            .filter(|task| task.work.id == id)
            .flat_map(|task| task.spans.iter().map(move |span| (task, span)));
        let mut of_window = spans.filter(|(_, span)| span.window == pick.window);
        of_window.all(|(task, span)| self.is_complete(task, span))
    }

    /// The next chunk of a window.
    fn next(&self, task: &Task, span: &Span) -> Option<u32> {
        let id = task.work.id;
        let is_judged = task.work.spec.core.is_judged();
        let known = self.known.get(&(id, span.window))?;
        let now = Instant::now();
        let (mut counted, mut open) = (0u32, 0usize);
        for number in span.chunks.clone() {
            if counted >= span.most || (is_judged && open >= self.ahead) {
                return None;
            }
            let key = (id, number);
            match known.get(&number) {
                Some(true) => counted = counted.saturating_add(1),
                // Judged work claims only what is before the first chunk that is not done.
                Some(false) if is_judged => return None,
                Some(false) => {}
                None if self.busy.contains_key(&key) => {
                    counted = counted.saturating_add(1);
                    open = open.saturating_add(1);
                }
                None if self.later.get(&key).is_some_and(|(_, at)| *at > now) => {
                    open = open.saturating_add(1);
                }
                None => return Some(number),
            }
        }
        None
    }

    /// True if nothing more is to be computed of a window.
    fn is_complete(&self, task: &Task, span: &Span) -> bool {
        let Some(known) = self.known.get(&(task.work.id, span.window)) else {
            return false;
        };
        let mut done = 0u32;
        for number in span.chunks.clone() {
            if done >= span.most {
                return true;
            }
            match known.get(&number) {
                Some(true) => done = done.saturating_add(1),
                Some(false) if task.work.spec.core.is_judged() => return true,
                Some(false) => {}
                None => return false,
            }
        }
        true
    }
}
