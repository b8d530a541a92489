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
}

/// What there is to compute, and what is known of it.
pub struct Queue {
    /// How many chunks of judged work may be under way behind one that is not done yet.
    ahead: usize,
    /// A chunk whose input nobody gave, or whose output could not be kept, is tried again after this time.
    again: Duration,
    tasks: Vec<Task>,
    /// Of each window: whether the chunks that are decided are done.
    known: HashMap<(JobId, u32), BTreeMap<u32, bool>>,
    busy: HashSet<(JobId, u32)>,
    later: HashMap<(JobId, u32), Instant>,
    is_stopped: bool,
}

impl Queue {
    pub fn new(ahead: usize, again: Duration) -> Self {
        Self {
            ahead: ahead.max(2),
            again,
            tasks: vec![],
            known: HashMap::new(),
            busy: HashSet::new(),
            later: HashMap::new(),
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
        let now = Instant::now();
        self.later.retain(|_, at| *at > now);
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
        let all = self
            .tasks
            .iter()
            .flat_map(|task| task.spans.iter().map(move |span| (task, span)));
        let mut all: Vec<_> = all.collect();
        all.sort_by_key(|(_, span)| span.ends_at);
        let (task, span, number) = all
            .into_iter()
            .find_map(|(task, span)| Some((task, span, self.next(task, span)?)))?;
        let pick = Pick {
            task: task.clone(),
            window: span.window,
            number,
        };
        self.busy.insert((pick.task.work.id, number));
        Some(pick)
    }

    /// Takes what became of a chunk: `None` if it has to be tried again. True if nothing more is to be computed of its window.
    pub fn became(&mut self, pick: &Pick, became: Option<&Chunk>) -> bool {
        let id = pick.task.work.id;
        self.busy.remove(&(id, pick.number));
        let Some(chunk) = became else {
            let at = Instant::now().checked_add(self.again);
            self.later
                .insert((id, pick.number), at.unwrap_or_else(Instant::now));
            return false;
        };
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
                None if self.busy.contains(&key) => {
                    counted = counted.saturating_add(1);
                    open = open.saturating_add(1);
                }
                None if self.later.get(&key).is_some_and(|at| *at > now) => {
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
