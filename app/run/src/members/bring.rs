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
        sync::atomic::{AtomicBool, AtomicUsize, Ordering},
        thread::sleep,
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

/// What came of bringing a job's blobs to a member.
#[derive(Debug)]
pub struct Brought {
    /// The member.
    pub member: Member,
    /// It has all of them, or why it has not.
    pub outcome: Result<(), NotBrought>,
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
    /// Puts every blob of a job to every member, to all members at the same time, and gives the outcomes in the members' order. A few
    /// are in memory for each member. What a member has is not sent again, so that this goes on where it was broken off.
    ///
    /// What passes is waited for, as long as the circle is patient: the time counts from the last blob that the member took.
    pub fn bring(&self, job: &Address, blobs: &dyn Blobs) -> Vec<Brought> {
        let carried = self.side_by_side(&self.members, |member| {
            self.bring_to(member, job, blobs, &AtomicBool::new(false))
        });
        let outcomes = carried.into_iter();
        outcomes
            .map(|(member, outcome)| Brought {
                member: member.clone(),
                outcome,
            })
            .collect()
    }

    /// The same for one member, until a stop is asked for.
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
