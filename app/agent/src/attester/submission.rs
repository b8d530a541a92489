//! A worker's claim of a window: checked, and signed.

use {
    super::{
        desk::Attester,
        judge::Case,
        signatory::Said,
        store::{Claim, Subject, Verdict},
        work::{Stored, Work},
    },
    crate::{
        chain::Site,
        http::{
            Known,
            answer::Refusal,
            denied::{Denied, Why},
        },
        sampling,
        windows::{Claimed, Depth, WindowId},
        wire::{Countersigned, Submission},
    },
    sluice_client::{
        JobState, Ledger,
        statement::{NotJournalled, Path, Statement},
    },
    sluice_work::{check, evidence::Evidence},
};

/// A claim that the job's worker signed, of a window that can be signed or will be.
pub(super) struct Asked<'a> {
    pub site: Site,
    pub claim: &'a Submission,
    pub subject: Subject,
    pub statement: Statement,
    /// When the window ends, unix seconds.
    pub end: i64,
}

impl Asked<'_> {
    /// When nobody can prove the window any more.
    pub fn closes(&self) -> i64 {
        self.end
            .saturating_add(self.site.job.terms.grace_secs.into())
    }

    /// When nobody can challenge it any more.
    pub fn matures(&self) -> i64 {
        self.end.saturating_add(self.site.job.terms.maturity_secs())
    }

    pub const fn checked(&self) -> check::Claim {
        check::Claim {
            window: self.claim.window,
            units: self.claim.units,
            digest: self.claim.digest,
        }
    }
}

impl<L: Ledger> Attester<L> {
    pub(super) fn submission(
        &self,
        known: &Known,
        claim: &Submission,
    ) -> Result<Countersigned, Refusal> {
        let asked = self.asked(known, claim)?;
        if self.now()? >= asked.closes() {
            return Err(Why::Late.into());
        }
        // Whatever comes of it: others may prove the window with this claim, and its buyer and the guard look for it then.
        let remembered = self.remember(&asked, None);
        match self.signatory.said(&asked.statement) {
            Said::Same => return self.sign(&asked),
            Said::Other => return Err(Why::Contradiction.into()),
            Said::Nothing => {}
        }
        if asked.end <= self.began {
            return Err(Why::BeforeStart.into());
        }
        remembered?;
        self.check(&asked)?;
        // Checking may have taken long.
        let now = self.now()?;
        if now < asked.end {
            return Err(Why::Early.into());
        }
        if now >= asked.closes() {
            return Err(Why::Late.into());
        }
        self.sign(&asked)
    }

    /// What is claimed, if the job's worker signed it, and the window belongs to the job and has begun.
    pub(super) fn asked<'a>(
        &self,
        known: &Known,
        claim: &'a Submission,
    ) -> Result<Asked<'a>, Refusal> {
        let site = self.site(known)?;
        let job = &site.job;
        if job.incarnation != claim.incarnation {
            return Err(Why::Incarnation.into());
        }
        if job.state != JobState::Active.byte() {
            return Err(Why::NotActive.into());
        }
        let schedule = job.schedule();
        let start = schedule.window_start(claim.window);
        let start = start.filter(|start| *start < job.end_at);
        let bounds = start.zip(schedule.window_end(claim.window));
        let (start, end) = bounds.ok_or(Why::NoWindow)?;
        let statement = Statement::of(job, claim.window, claim.units, claim.digest);
        let message = statement.message(Path::Quorum);
        if !claim.signature.verify(job.worker.as_ref(), &message) {
            return Err(Why::Claim.into());
        }
        // Nobody has to remember the windows of years to come.
        if self.now()? < start {
            return Err(Why::Early.into());
        }
        let window = WindowId {
            job: known.id,
            window: claim.window,
        };
        Ok(Asked {
            site,
            claim,
            subject: Subject {
                window,
                statement: statement.hash(),
                evidence: claim.evidence,
            },
            statement,
            end,
        })
    }

    /// Remembers a claim for the guard and the job's parties, for as long as the job's blobs are kept.
    pub(super) fn remember(&self, asked: &Asked, bytes: Option<Vec<u8>>) -> Result<(), Refusal> {
        let claim = Claim {
            subject: asked.subject,
            units: asked.claim.units,
            digest: asked.claim.digest,
            bytes,
            verdict: Verdict::Unknown,
        };
        let until = self.sites.known(&asked.site).until.max(asked.matures());
        if self.store.claim(&claim, until)? {
            Ok(())
        } else {
            Err(Why::Claims.into())
        }
    }

    /// The job's work, if it is admitted and all of it is here.
    pub(super) fn work(&self, stored: &Stored) -> Result<Work, Refusal> {
        let admitted = self.store.admitted(&stored.job)?;
        let admitted = admitted.filter(|row| row.is_admitted);
        Work::of(stored, &admitted.ok_or(Why::NotAdmitted)?)
    }

    /// Computes the window again as far as it has to be and was not.
    fn check(&self, asked: &Asked) -> Result<(), Refusal> {
        let begun = self.checks.begin(asked.subject.window);
        let _begun = begun.ok_or(Refusal::Busy)?;
        if self.is_judged(asked, Depth::All)? {
            return Ok(());
        }
        let stored = Stored {
            blobs: &self.blobs,
            job: asked.subject.window.job,
        };
        let work = self.work(&stored)?;
        let bytes = stored.read(&asked.claim.evidence)?;
        self.depth(asked)?;
        let Some(evidence) = Evidence::from_bytes(&bytes) else {
            return Err(self.refuse(asked, None, &Why::Evidence.into()));
        };
        let case = Case {
            work: &work,
            claim: &asked.checked(),
            evidence: &evidence,
            source: &stored,
            kernels: &*self.kernels,
        };
        // What another member tells in the meantime counts: then a sample is not enough any more, or the claim is known to be false.
        for _ in 0..3 {
            let depth = self.depth(asked)?;
            if self.is_judged(asked, depth)? {
                return Ok(());
            }
            match self.recompute(asked, &case, depth) {
                Ok(verdict) => self.store.judge(&asked.subject, verdict)?,
                Err(denied) => return Err(self.refuse(asked, Some(&case), &denied)),
            }
        }
        Err(Why::NotChecked.into())
    }

    /// True if what was computed is enough for that depth; the refusal where the claim was refused before.
    fn is_judged(&self, asked: &Asked, depth: Depth) -> Result<bool, Refusal> {
        match self.store.verdict(&asked.subject)? {
            Verdict::True => Ok(true),
            Verdict::Sampled => Ok(depth == Depth::Sample),
            Verdict::Unknown => Ok(false),
            Verdict::Engines => Err(Why::Engines.into()),
            Verdict::False(why, chunk) => Err(Denied {
                chunk,
                ..why.into()
            }
            .into()),
        }
    }

    /// How much of the window has to be computed again. The claim is written down, if it is its first.
    pub(super) fn depth(&self, asked: &Asked) -> Result<Depth, Refusal> {
        let claimed = Claimed {
            units: asked.claim.units,
            digest: asked.claim.digest,
        };
        let (provider, closes) = (asked.site.job.provider, asked.closes());
        let mut windows = self.windows();
        Ok(windows.claimed(&asked.subject.window, &provider, &claimed, closes)?)
    }

    /// Runs the sample or all of it, and one chunk of that by another engine.
    fn recompute(&self, asked: &Asked, case: &Case, depth: Depth) -> Result<Verdict, Denied> {
        let chunks = case.chunks().unwrap_or_default();
        let places = |size, chunks| {
            let claimed = sampling::Claimed {
                job: &asked.claim.job,
                incarnation: asked.claim.incarnation,
                window: asked.claim.window,
                digest: &asked.claim.digest,
                chunks,
            };
            self.secret.places(&claimed, size)
        };
        let sample = match (depth, self.policy.sample) {
            (Depth::Sample, Some(size)) if !case.work.do_signers_answer() => size,
            _ => chunks,
        };
        let chosen = places(sample, chunks);
        case.recompute(&chosen, self.policy.processes)?;
        let of_chosen = places(1, u32::try_from(chosen.len()).unwrap_or(u32::MAX));
        let compared = of_chosen.first().and_then(|at| usize::try_from(*at).ok());
        if let Some(place) = compared.and_then(|at| chosen.get(at)) {
            case.compare(*place)?;
        }
        metrics::counter!("sluice_attester_chunks_total")
            .increment(u64::try_from(chosen.len()).unwrap_or(u64::MAX));
        Ok(if sample >= chunks {
            Verdict::True
        } else {
            Verdict::Sampled
        })
    }

    fn sign(&self, asked: &Asked) -> Result<Countersigned, Refusal> {
        let signed = self.signatory.sign(&asked.statement);
        let signed = signed.map_err(|error| match error {
            NotJournalled::Contradicts { .. } => Why::Contradiction,
            error => {
                tracing::error!(%error, "nothing is signed");
                Why::Journal
            }
        })?;
        // Should this fail, the journal is only longer than it was known to be.
        let _ = self.store.grown(&self.signatory.places());
        let (job, window) = (asked.claim.job, asked.claim.window);
        tracing::info!(%job, window, units = asked.claim.units, "signed");
        metrics::counter!("sluice_attester_signatures_total").increment(1);
        Ok(Countersigned {
            key: signed.key,
            signature: signed.signature,
        })
    }
}
