//! Threads that compute chunks, those of the window that ends first before all others.
//!
//! A thread writes an output to the disk, then the row that names it. What it computes for a window that was sealed in the meantime
//! changes nothing: the evidence is in the window's row.

mod queue;
#[cfg(test)]
mod tests;

pub use queue::{Span, Task};
use {
    super::{
        Event, Runner,
        folder::Folder,
        store::{Chunk, Store},
    },
    crate::windows::WindowId,
    metrics::counter,
    queue::{Pick, Queue},
    sluice_work::{core::Kind, undone::Undone},
    std::{
        io::ErrorKind,
        sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc::Sender},
        thread,
        time::Duration,
    },
};

/// True for what may be this machine's trouble and no fault of the chunk: it is tried again. The chain's own VM counts steps and has a
/// memory of fixed size, so that time and memory never end its chunks; WebAssembly is believed the second time.
fn is_of_the_machine(kind: Kind, reason: Undone, tries: u32) -> bool {
    match reason {
        Undone::Died => true,
        Undone::Time | Undone::Memory => kind == Kind::Sbpf || tries == 0,
        _ => false,
    }
}

/// What the threads share.
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
    runner: Arc<Runner>,
    store: Arc<Store>,
    outputs: Arc<Folder>,
    events: Sender<Event>,
    pace: Duration,
}

/// The threads. They end when this is dropped, each after its chunk.
pub struct Compute(Arc<Shared>);

impl Compute {
    /// Starts `threads` threads, at least one. A chunk that could not be had is tried again after ten times `pace`.
    pub fn start(
        (threads, pace): (usize, Duration),
        runner: Arc<Runner>,
        store: Arc<Store>,
        outputs: Arc<Folder>,
        events: Sender<Event>,
    ) -> Self {
        let threads = threads.max(1);
        let shared = Arc::new(Shared {
            queue: Mutex::new(Queue::new(threads, pace.saturating_mul(10))),
            changed: Condvar::new(),
            runner,
            store,
            outputs,
            events,
            pace,
        });
        for _ in 0..threads {
            let shared = Arc::clone(&shared);
            thread::spawn(move || shared.work());
        }
        Self(shared)
    }

    /// Says what there is to compute from now on. What runs goes on.
    ///
    /// # Errors
    /// The database's: then what was said before stays.
    pub fn set(&self, tasks: Vec<Task>) -> super::store::Result<()> {
        let store = &self.0.store;
        self.0
            .queue()
            .set(tasks, |work, span| store.chunks(work, span.chunks.clone()))?;
        self.0.changed.notify_all();
        Ok(())
    }
}

impl Drop for Compute {
    fn drop(&mut self) {
        self.0.end();
    }
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self) {
        self.queue().stop();
        self.changed.notify_all();
    }

    fn work(&self) {
        while let Some(pick) = self.next() {
            let became = self.compute(&pick).and_then(|ran| self.keep(&pick, ran));
            let is_complete = self.queue().became(&pick, became.as_ref());
            self.changed.notify_all();
            if is_complete {
                // Nobody listens any more when the process ends.
                let _ = self.events.send(Event::Computed);
            }
        }
    }

    /// The next chunk; `None` once the threads are to end.
    fn next(&self) -> Option<Pick> {
        let mut queue = self.queue();
        loop {
            if queue.is_stopped() {
                return None;
            }
            if let Some(pick) = queue.take() {
                return Some(pick);
            }
            let waited = self.changed.wait_timeout(queue, self.pace);
            queue = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// What the kernel gives for a chunk; `None` if its input cannot be had, or the machine failed it.
    fn compute(&self, pick: &Pick) -> Option<Result<Vec<u8>, Undone>> {
        let work = &pick.task.work;
        let Some(input) = pick.task.source.blob(work.inputs.name(pick.number)?) else {
            tracing::info!(job = %work.id.job, window = pick.window, chunk = pick.number, "nobody gives this input");
            return None;
        };
        let ran = (self.runner)(&work.package, &input, &work.limits);
        if let Err(reason) = ran {
            let is_again = is_of_the_machine(work.spec.core.kind, reason, pick.tries);
            tracing::warn!(job = %work.id.job, window = pick.window, chunk = pick.number, %reason, is_again, "a chunk is not done");
            if is_again {
                return None;
            }
        }
        Some(ran)
    }

    /// Writes down what became of a chunk; `None` if that cannot be.
    fn keep(&self, pick: &Pick, ran: Result<Vec<u8>, Undone>) -> Option<Chunk> {
        let id = WindowId {
            job: pick.task.work.id,
            window: pick.window,
        };
        // Another window's output of the same bytes may be removed just now.
        let _keeping = self.outputs.keeping();
        let chunk = match ran.map(|output| self.outputs.put(&output)) {
            Ok(Ok(name)) => Ok(name),
            Ok(Err(error)) => {
                tracing::error!(%error, "an output cannot be written to this disk");
                if error.kind() == ErrorKind::StorageFull {
                    pick.task.source.cache.give_way();
                }
                return None;
            }
            Err(reason) => Err(reason),
        };
        let kept = self.store.set_chunk(&id, pick.number, &chunk);
        if let Err(error) = &kept {
            tracing::error!(%error, "what became of a chunk cannot be written down");
        }
        let became = if chunk.is_ok() { "done" } else { "undone" };
        counter!("sluice_worker_chunks_total", "became" => became)
            .increment(u64::from(kept.is_ok()));
        kept.is_ok().then_some(chunk)
    }
}
