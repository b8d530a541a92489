//! The members of a set, asked together: blobs go to all of them, and results come from any.
//!
//! Each member is a stranger that may lie, lag, refuse, and lose what it was given. What it says of itself is shown to nobody as it is;
//! what it says of a window is held to the chain, and its blobs to their names.

mod ask;
mod bring;
#[cfg(test)]
mod tests;

pub use {
    ask::Ask,
    bring::{Blobs, NotBrought},
};
use {
    sluice_member::{
        blob::Name,
        late::Late,
        member::{Caller, Member, Unasked},
        wire::{Admission, Admitted, Claimed, OfWindow, Terms},
    },
    sluice_work::hash,
    solana_address::Address,
    std::{
        collections::HashSet,
        panic,
        thread::{self, ScopedJoinHandle},
        time::Duration,
    },
};

/// Most claims of a window that one member is heard with. An honest one keeps so many: eight that workers made, and eight that members told.
const MOST_OF_ONE: usize = 16;

/// How long members are waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waits {
    /// For a refusal to pass.
    pub patience: Duration,
    /// Who takes longer to answer is asked last for a while.
    pub late: Duration,
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            patience: Duration::from_secs(300),
            late: Duration::from_secs(10),
        }
    }
}

/// The members of a set that can be asked, in the name of a buyer.
pub struct Circle<A = Caller> {
    ask: A,
    members: Vec<Member>,
    threshold: usize,
    waits: Waits,
    late: Late,
}

impl<A: Ask> Circle<A> {
    /// Of a set's live members that published where they are asked (see [`sluice_member::chain::Chain::members`]), so many of whom prove a
    /// window.
    pub fn new(ask: A, members: Vec<Member>, threshold: usize, waits: Waits) -> Self {
        Self {
            ask,
            members,
            threshold,
            waits,
            late: Late::new(waits.late),
        }
    }

    /// Its members.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// True if so many members are enough to prove a window.
    pub const fn is_enough(&self, members: usize) -> bool {
        members >= self.threshold
    }

    /// What each member says of itself. All are asked at once.
    pub fn terms(&self) -> Vec<(Member, Result<Terms, Unasked>)> {
        let told = self.side_by_side(&self.members, |member| self.ask.terms(member));
        let told = told.into_iter();
        told.map(|(member, terms)| (member.clone(), terms))
            .collect()
    }

    /// Asks one member whether it will check the windows of a job that is this work.
    ///
    /// # Errors
    /// Why it will not, or gave no answer.
    pub fn admit(
        &self,
        member: &Member,
        job: &Address,
        spec: Name,
        inputs: Name,
    ) -> Result<Admitted, Unasked> {
        let asked = Admission {
            job: *job,
            node: None,
            spec: Some(spec),
            inputs: Some(inputs),
        };
        let admitted = self.ask.admit(member, &asked)?;
        if (admitted.spec, admitted.inputs) == (spec, inputs) {
            Ok(admitted)
        } else {
            Err(Unasked::Silent("it admits another work".to_owned()))
        }
    }

    /// The claims of a window that are `wanted`, as those are whose statement is the proven one, each once. All members are asked at
    /// once; those that were late lately only if the others know of none, so that they do not hold up every window.
    pub fn claims(
        &self,
        asked: &OfWindow,
        wanted: &(dyn Fn(&Claimed) -> bool + Sync),
    ) -> Vec<Claimed> {
        let (late, ready) = self.by_lateness(self.members.iter());
        for members in [ready, late] {
            let told = self.side_by_side(members, |member| {
                self.watched(member, || self.ask.claims(member, asked))
            });
            let told = told.into_iter().filter_map(|(_, told)| told);
            let heard = told.flat_map(|claims| claims.into_iter().take(MOST_OF_ONE));
            let mut seen = HashSet::new();
            let found: Vec<_> = heard
                .filter(|claim| seen.insert(*claim) && wanted(claim))
                .collect();
            if !found.is_empty() {
                return found;
            }
        }
        vec![]
    }

    /// The bytes of a blob of a job, which hash to its name; `None` if no member gives them. Different blobs are asked of different members
    /// first, and those that were late or failed lately are asked last.
    pub fn blob(&self, job: &Address, name: &Name) -> Option<Vec<u8>> {
        let start = usize::from(*name.first()?);
        let count = self.members.len();
        let order = (0..count).filter_map(|step| {
            let place = start.saturating_add(step).checked_rem(count)?;
            self.members.get(place)
        });
        let (late, ready) = self.by_lateness(order);
        let mut members = ready.into_iter().chain(late);
        members.find_map(|member| {
            self.watched(member, || {
                let bytes = self.ask.get(member, job, name)?;
                if hash::blob(&bytes) == *name {
                    Ok(bytes)
                } else {
                    Err(Unasked::NotItsHash)
                }
            })
        })
    }

    fn by_lateness<'a>(
        &self,
        members: impl Iterator<Item = &'a Member>,
    ) -> (Vec<&'a Member>, Vec<&'a Member>) {
        members.partition(|member| self.late.is_late(&member.key))
    }

    /// The answer, if there is one. Who is late or fails is asked last for a while.
    fn watched<T>(&self, member: &Member, ask: impl FnOnce() -> Result<T, Unasked>) -> Option<T> {
        let answer = self.late.watched(&member.key, ask);
        if answer.is_err() {
            self.late.failed(&member.key);
        }
        answer.ok()
    }

    /// What a question gives for each member, each asked by a thread of its own.
    fn side_by_side<'a, I: Sync + 'a, T: Send>(
        &self,
        items: impl IntoIterator<Item = &'a I>,
        ask: impl Fn(&I) -> T + Sync,
    ) -> Vec<(&'a I, T)> {
        let ask = &ask;
        thread::scope(|scope| {
            let spawn = |item| (item, scope.spawn(move || ask(item)));
            let threads: Vec<_> = items.into_iter().map(spawn).collect();
            let threads = threads.into_iter();
            threads
                .map(|(item, thread)| (item, joined(thread)))
                .collect()
        })
    }
}

/// A panic of a thread is one of whoever waits for it.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    match thread.join() {
        Ok(value) => value,
        Err(panicked) => panic::resume_unwind(panicked),
    }
}
