//! Whether a job's work is admitted by enough members, fetched, and one that is done here. It waits for members: a thread of its own does it.

use {
    super::{
        Event, Runner,
        fetch::{NotFetched, Source, Work},
        store::Names,
    },
    crate::{
        blobs::JobId,
        config,
        member::Unasked,
        wire::{Admission, Admitted},
    },
    sluice_client::Job,
    sluice_work::{engine::Limits, undone::Undone},
    solana_address::Address,
    std::{
        sync::{
            Arc,
            mpsc::{Sender, channel},
        },
        thread,
    },
};

/// What a kernel is given that is only to be loaded, milliseconds.
const TRIAL_MILLIS: u32 = 500;

/// A job to be looked at.
pub struct Candidate {
    /// The job.
    pub job: Job,
    /// Members that have to admit it.
    pub threshold: usize,
    /// The blobs that its work is, if enough members admitted it before.
    pub names: Option<Names>,
    /// Where its blobs are.
    pub source: Source,
    /// What is done here.
    pub rules: config::Work,
    /// Runs kernels.
    pub runner: Arc<Runner>,
}

/// What came of it.
pub struct Considered {
    /// The job.
    pub id: JobId,
    /// The node that would work on it.
    pub node: Address,
    /// Its work, or why it is not done here.
    pub work: Result<Arc<Work>, NotFetched>,
}

impl Candidate {
    /// Looks at it in a thread of its own.
    pub fn consider(self, events: Sender<Event>) {
        thread::spawn(move || {
            let considered = Considered {
                id: JobId {
                    job: self.source.job,
                    incarnation: self.job.incarnation,
                },
                node: self.source.node,
                work: self.work().map(Arc::new),
            };
            // Nobody listens any more when the process ends.
            let _ = events.send(Event::Considered(considered));
        });
    }

    /// Its work, if it is admitted and done here.
    ///
    /// # Errors
    /// See [`NotFetched`].
    pub fn work(&self) -> Result<Work, NotFetched> {
        if let Some(names) = &self.names {
            return self.source.work(&self.job, names);
        }
        let names = self.admitted()?;
        let work = self.source.work(&self.job, &names)?;
        self.require_fit(&work)?;
        Ok(work)
    }

    /// What enough members name the same.
    fn admitted(&self) -> Result<Names, NotFetched> {
        let asked = Admission {
            job: self.source.job,
            node: Some(self.source.node),
            spec: None,
            inputs: None,
        };
        let (told, tells) = channel();
        for member in &self.source.members {
            let (ask, member) = (Arc::clone(&self.source.ask), member.clone());
            let (asked, told) = (asked.clone(), told.clone());
            thread::spawn(move || {
                let answer = ask.admit(&member, &asked);
                // Nobody listens any more once enough agree.
                let _ = told.send((member.key, answer));
            });
        }
        drop(told);
        let mut answers: Vec<(Address, Result<Admitted, Unasked>)> = vec![];
        // One that never answers holds up nothing where the others are enough.
        for answer in tells {
            answers.push(answer);
            if let Some(names) = self.agreed(&answers) {
                return Ok(names);
            }
        }
        let admitted = answers.iter().filter(|(_, answer)| answer.is_ok()).count();
        let mut why = format!("{admitted} of {} members admit it", self.threshold);
        for (member, answer) in &answers {
            if let Err(error) = answer {
                let code = error.code().unwrap_or("silent");
                why.push_str(&format!("; {member}: {code}: {error}"));
            }
        }
        Err(NotFetched::NotAdmitted(why))
    }

    /// What so many answers name the same as have to.
    fn agreed(&self, answers: &[(Address, Result<Admitted, Unasked>)]) -> Option<Names> {
        let admitted = answers
            .iter()
            .filter_map(|(_, answer)| answer.as_ref().ok());
        let one = admitted.clone().find(|one| {
            let same = admitted.clone().filter(|other| other == one);
            same.count() >= self.threshold
        })?;
        Some(Names {
            spec: one.spec,
            list: one.inputs,
            kernel: one.kernel,
        })
    }

    /// Refuses work that is not done here, and a kernel that does not load.
    fn require_fit(&self, work: &Work) -> Result<(), NotFetched> {
        let unfit = |why: String| Err(NotFetched::Unfit(why));
        let (core, rest) = (&work.spec.core, &work.spec.rest);
        if rest.chunk_millis > self.rules.most_chunk_millis {
            let most = self.rules.most_chunk_millis;
            return unfit(format!(
                "a chunk may take {} milliseconds, more than {most}",
                rest.chunk_millis
            ));
        }
        if core.is_judged() && core.answer_secs < self.rules.least_answer_secs {
            let least = self.rules.least_answer_secs;
            return unfit(format!(
                "a demand has to be answered within {} seconds, less than {least}",
                core.answer_secs
            ));
        }
        let limits = Limits {
            millis: work.limits.millis.min(TRIAL_MILLIS),
            ..work.limits
        };
        // An input of nothing: whatever comes of it, the kernel was loaded before.
        match (self.runner)(&work.package, &[], &limits) {
            Err(reason @ (Undone::Code | Undone::Import)) => {
                unfit(format!("the kernel does not load: {reason}"))
            }
            Err(Undone::Died) => Err(NotFetched::NotAdmitted(
                "the process that loads the kernel died".to_owned(),
            )),
            _ => Ok(()),
        }
    }
}
