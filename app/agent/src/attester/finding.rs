//! What is false: remembered here, told to the other members, and heard from them.

use {
    super::{desk::Attester, judge::Case, store::Verdict, submission::Asked, work::Stored},
    crate::{
        blobs::Name,
        http::{
            Known,
            answer::Refusal,
            denied::{Denied, Why},
        },
        request,
        wire::Finding,
    },
    sluice_client::{Ledger, quorum},
    sluice_work::evidence::Evidence,
    solana_address::Address,
};

/// Looks of which it is remembered that they found nothing.
const MOST_IDLE: usize = 10_000;

impl<L: Ledger> Attester<L> {
    /// Remembers why a claim is refused once it was looked at. Of what the worker answers for, the other members are told as far as they can
    /// see it themselves.
    pub(super) fn refuse(&self, asked: &Asked, case: Option<&Case>, denied: &Denied) -> Refusal {
        let (job, window, chunk) = (asked.claim.job, asked.claim.window, denied.chunk);
        if denied.why == Why::Engines {
            tracing::error!(%job, window, chunk, "two engines differ: nothing is signed, and somebody has to look at the kernel");
            metrics::counter!("sluice_attester_engines_differ_total").increment(1);
            return match self.store.judge(&asked.subject, Verdict::Engines) {
                Ok(()) => (*denied).into(),
                Err(error) => error.into(),
            };
        }
        if !denied.why.is_fault() {
            return (*denied).into();
        }
        match self.accuse(asked, case, denied) {
            Ok(()) => (*denied).into(),
            Err(refusal) => refusal,
        }
    }

    fn accuse(&self, asked: &Asked, case: Option<&Case>, denied: &Denied) -> Result<(), Refusal> {
        self.windows().refused(&asked.subject.window)?;
        // A process that stops in between finds it again: what is known to be false has been told.
        if let Some(case) = case.filter(|case| case.is_provable(denied.why)) {
            self.tell_others(asked, case, denied)?;
        }
        self.blame(asked, denied)
    }

    fn tell_others(&self, asked: &Asked, case: &Case, denied: &Denied) -> Result<(), Refusal> {
        let told = Finding {
            claim: asked.claim.clone(),
            evidence: hex::encode(case.evidence.to_bytes()),
            chunk: denied.chunk,
        };
        let others = quorum::members(&asked.site.set).filter(|key| **key != self.own);
        let others: Vec<_> = others.copied().collect();
        let Ok(text) = serde_json::to_string(&told) else {
            return Ok(());
        };
        self.store
            .post(&others, &text, self.now()?, asked.matures())?;
        Ok(())
    }

    /// Remembers that a claim is false, and computes the provider's next windows in full.
    fn blame(&self, asked: &Asked, denied: &Denied) -> Result<(), Refusal> {
        let (job, window, chunk) = (asked.claim.job, asked.claim.window, denied.chunk);
        let code = denied.why.code();
        self.windows().refused(&asked.subject.window)?;
        let verdict = Verdict::False(denied.why, chunk);
        self.store.judge(&asked.subject, verdict)?;
        tracing::warn!(%job, window, chunk, code, "found false");
        metrics::counter!("sluice_attester_findings_total", "code" => code).increment(1);
        Ok(())
    }

    /// Hears what another member found false, and believes what it sees itself.
    pub(super) fn finding(
        &self,
        known: &Known,
        by: &Address,
        told: &Finding,
    ) -> Result<(), Refusal> {
        let asked = self.asked(known, &told.claim)?;
        if self.now()? >= asked.matures() {
            return Err(Why::Late.into());
        }
        let verdict = self.store.verdict(&asked.subject)?;
        match verdict {
            Verdict::False(..) => return Ok(()),
            Verdict::True => return Err(Why::NoFault.into()),
            Verdict::Unknown | Verdict::Sampled | Verdict::Engines => {}
        }
        let bytes = hex::decode(&told.evidence).map_err(|_| Refusal::Body)?;
        let name: Name = request::body(&bytes);
        let evidence = Evidence::from_bytes(&bytes).filter(|_| name == told.claim.evidence);
        let evidence = evidence.ok_or(Why::NoFault)?;
        // A member that tells the same again and again, or of chunk after chunk, holds up neither the worker nor the other members.
        let look = (asked.subject.statement, told.chunk);
        if self.idle_looks().contains(&look) {
            return Err(Why::NoFault.into());
        }
        let _begun = self.looks.begin(*by).ok_or(Refusal::Busy)?;
        let stored = Stored {
            blobs: &self.blobs,
            job: known.id,
        };
        let work = self.work(&stored)?;
        let case = Case {
            work: &work,
            claim: &asked.checked(),
            evidence: &evidence,
            source: &stored,
            kernels: &*self.kernels,
        };
        let denied = match case.look(told.chunk) {
            Ok(()) => {
                let mut idle = self.idle_looks();
                if idle.len() >= MOST_IDLE {
                    idle.clear();
                }
                idle.insert(look);
                return Err(Why::NoFault.into());
            }
            Err(denied) if denied.why.is_fault() => denied,
            Err(denied) => return Err(denied.into()),
        };
        tracing::info!(%by, job = %told.claim.job, window = told.claim.window, "a member told the truth of a lie");
        self.depth(&asked)?;
        self.windows().refused(&asked.subject.window)?;
        self.remember(&asked, Some(bytes))?;
        self.blame(&asked, &denied)
    }
}
