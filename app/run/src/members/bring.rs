//! A job's blobs, brought to every member.

use {
    super::{Ask, Circle},
    sluice_member::{
        blob::Name,
        member::{Member, Unasked},
    },
    sluice_work::hash,
    solana_address::Address,
    std::{
        collections::HashSet,
        io,
        sync::{
            Arc,
            atomic::{AtomicBool, AtomicUsize, Ordering},
            mpsc::channel,
        },
        thread::{self, sleep},
        time::{Duration, Instant},
    },
    thiserror::Error,
};

/// So many blobs are put one after the other; the rest, which are inputs, in lanes: a member far away takes one a round trip in each.
const FIRST: usize = 8;
/// Blobs that are on their way to one member at once.
const LANES: usize = 4;
/// Longest pause before a member is asked again.
const PAUSE: Duration = Duration::from_secs(2);

/// Refusals that pass: the member has not seen the job settled, has much to do, cannot read the chain or cannot write just now, or had a
/// beginning of the blob from somebody else that was none.
const PASSING: [&str; 5] = ["no_job", "busy", "chain", "disk", "not_its_hash"];

/// The blobs of a job: specification, list of inputs, kernel and inputs. They are read one at a time, by several threads.
pub trait Blobs: Sync {
    /// Their names, in the same order each time.
    fn names(&self) -> Vec<Name>;

    /// The bytes of one.
    ///
    /// # Errors
    /// The disk's.
    fn read(&self, name: &Name) -> io::Result<Vec<u8>>;
}

/// Why a member has not all blobs of a job.
#[derive(Debug, Error)]
pub enum NotBrought {
    /// The member refused one, or gave no answer.
    #[error(transparent)]
    Member(#[from] Unasked),
    /// The buyer cannot read one of its own blobs.
    #[error("the blob {} cannot be read: {error}", hex::encode(.name))]
    Unread {
        /// Which.
        name: Name,
        /// The disk's words.
        error: io::Error,
    },
    /// One of the buyer's own blobs has other bytes than when the job was planned.
    #[error("the blob {} has changed: its bytes do not hash to its name", hex::encode(.0))]
    Changed(Name),
}

impl NotBrought {
    /// True where the buyer's own files are to blame: no member can help.
    pub const fn is_own(&self) -> bool {
        matches!(self, Self::Unread { .. } | Self::Changed(_))
    }
}

impl<A: Ask> Circle<A> {
    /// Brings everything to every member and asks for admission, each at its own pace: done once enough members admit the job, while those
    /// that are slower go on until they are done or a stop is asked for; a sentence where too few do.
    ///
    /// `spec` and `inputs` name the specification and the list of inputs.
    pub fn brought<B: Blobs + Send + 'static>(
        self: &Arc<Self>,
        job: &Address,
        blobs: &Arc<B>,
        (spec, inputs): (Name, Name),
        stop: &Arc<AtomicBool>,
    ) -> Result<(), String>
    where
        A: Send + Sync + 'static,
    {
        let (told, tells) = channel();
        for member in &self.members {
            let (circle, blobs) = (Arc::clone(self), Arc::clone(blobs));
            let (stop, told) = (Arc::clone(stop), told.clone());
            let (job, member) = (*job, member.clone());
            let begun = thread::Builder::new().spawn(move || {
                let brought = circle.bring_to(&member, &job, &*blobs, &stop);
                let brought = brought.map_err(|error| error.to_string());
                let admitted = circle.admit(&member, &job, spec, inputs);
                // What it lacks it names itself, or was not given.
                let outcome = admitted.map_err(|error| match brought {
                    Ok(()) => error.to_string(),
                    Err(why) => format!("{why}; {error}"),
                });
                // Nobody listens any more once enough admit it.
                let _ = told.send((member.key, outcome.map(drop)));
            });
            if let Err(error) = begun {
                return Err(error.to_string());
            }
        }
        drop(told);
        let (mut count, mut why) = (0usize, String::new());
        for (key, outcome) in tells {
            match outcome {
                Ok(()) => count = count.saturating_add(1),
                Err(error) => why.push_str(&format!("; {key}: {error}")),
            }
            if self.is_enough(count) {
                return Ok(());
            }
        }
        Err(format!("only {count} members admit it{why}"))
    }

    /// Puts every blob of a job to one member, until a stop is asked for. What the member has is not sent again, so that this goes on where
    /// it was broken off. What passes is waited for, as long as the circle is patient: the time counts from the last blob that it took.
    ///
    /// # Errors
    /// See [`NotBrought`].
    pub fn bring_to(
        &self,
        member: &Member,
        job: &Address,
        blobs: &dyn Blobs,
        stop: &AtomicBool,
    ) -> Result<(), NotBrought> {
        let mut seen = HashSet::new();
        let mut names = blobs.names();
        names.retain(|name| seen.insert(*name));
        // Who was broken off finds a beginning of the list there: behind it, asking first would only double the requests.
        let mut here = 0usize;
        for name in &names {
            match self.ask.here(member, job, name) {
                Ok(told) if told.whole => here = here.saturating_add(1),
                Ok(_) => break,
                // The upload says why.
                Err(_) => break,
            }
        }
        let missing = names.get(here..).unwrap_or_default();
        let (first, rest) = missing.split_at(FIRST.min(missing.len()));
        for name in first {
            self.put(member, job, name, blobs)?;
        }
        let next = AtomicUsize::new(0);
        let lane = || {
            while !stop.load(Ordering::Relaxed) {
                let Some(name) = rest.get(next.fetch_add(1, Ordering::Relaxed)) else {
                    break;
                };
                if let Err(error) = self.put(member, job, name, blobs) {
                    // The other lanes end, too.
                    next.store(rest.len(), Ordering::Relaxed);
                    return Err(error);
                }
            }
            Ok(())
        };
        let lanes: Vec<()> = vec![(); LANES.min(rest.len())];
        let done = self.side_by_side(&lanes, |()| lane());
        done.into_iter().try_for_each(|(_, done)| done)
    }

    fn put(
        &self,
        member: &Member,
        job: &Address,
        name: &Name,
        blobs: &dyn Blobs,
    ) -> Result<(), NotBrought> {
        let bytes = blobs.read(name);
        let bytes = bytes.map_err(|error| NotBrought::Unread { name: *name, error })?;
        if hash::blob(&bytes) != *name {
            return Err(NotBrought::Changed(*name));
        }
        let began = Instant::now();
        let patience = self.waits.patience;
        loop {
            match self.ask.put(member, job, name, &bytes) {
                Ok(()) => return Ok(()),
                Err(error) if is_passing(&error) && began.elapsed() < patience => {
                    sleep(PAUSE.min(patience / 32));
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}

fn is_passing(error: &Unasked) -> bool {
    match error {
        Unasked::Silent(_) => true,
        error => error.code().is_some_and(|code| PASSING.contains(&code)),
    }
}
