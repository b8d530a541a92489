//! The guard: it watches windows that others proved without this attester, and finds those that it knows to be false.

use {
    super::{
        desk::Attester,
        judge::Case,
        store::{Claim, Verdict},
        work::Stored,
    },
    crate::{
        blobs::Name,
        chain::Site,
        http::{
            answer::Refusal,
            denied::{Denied, Why},
        },
        windows::WindowId,
    },
    sluice_client::{Address, AttesterSet, JobState, Ledger},
    sluice_work::{check, evidence::Evidence},
    std::{
        collections::{HashMap, HashSet},
        sync::Arc,
        time::{Duration, Instant},
    },
};

/// A claim that was looked at in vain is looked at again after this time.
const AGAIN: Duration = Duration::from_secs(15);
/// And not before so many times as long as the look took: what this machine cannot check must not take it from what it can.
const IDLE: u32 = 8;
/// Windows of which it is remembered when they were looked at.
const MOST_TRIED: usize = 10_000;

/// Code of a challenge: a chunk has another output than was claimed, or none.
pub const REASON_CHUNK: u16 = 1;
/// Code of a challenge: what was claimed contradicts itself.
pub const REASON_CLAIM: u16 = 2;

/// A window that was proven and is false.
#[derive(Clone, Copy)]
pub struct Lie {
    /// The job.
    pub site: Site,
    /// The window.
    pub window: u32,
    /// The evidence whose root the worker signed.
    pub evidence: Name,
    /// [`REASON_CHUNK`] or [`REASON_CLAIM`].
    pub reason: u16,
    /// When nobody can challenge it any more, unix seconds.
    pub matures: i64,
}

impl Lie {
    /// The window.
    pub const fn id(&self) -> WindowId {
        WindowId {
            job: self.site.id(),
            window: self.window,
        }
    }
}

/// Watches the jobs that an attester admitted.
pub struct Guard<L> {
    attester: Arc<Attester<L>>,
    /// When windows may be looked at again.
    tried: HashMap<WindowId, Instant>,
    /// False windows that nobody here may challenge: they are told once.
    told: HashSet<WindowId>,
}

impl<L: Ledger> Guard<L> {
    /// The guard of an attester.
    pub fn new(attester: Arc<Attester<L>>) -> Self {
        Self {
            attester,
            tried: HashMap::new(),
            told: HashSet::new(),
        }
    }

    /// The windows that are false and can be challenged still. What it is done with is not looked at again.
    ///
    /// # Errors
    /// Where the chain's time or the store cannot be read.
    pub fn lies(&mut self) -> Result<Vec<Lie>, Refusal> {
        let now = self.attester.now()?;
        let mut lies = vec![];
        for row in self.attester.store.all_admitted()? {
            let Ok(Some(site)) = self.attester.sites.site(&row.id.job) else {
                continue;
            };
            if site.id() != row.id || site.job.state != JobState::Active.byte() {
                continue;
            }
            for window in open_to_doubt(&site, &self.attester.own, now) {
                match self.lie(&site, &window) {
                    Ok(found) => lies.extend(found),
                    Err(refusal) => {
                        tracing::warn!(job = %row.id.job, window = window.window, why = refusal.code(), "not guarded");
                    }
                }
            }
        }
        Ok(lies)
    }

    /// The guard is done with the window.
    ///
    /// # Errors
    /// The store's.
    pub fn done(&self, lie: &Lie) -> Result<(), Refusal> {
        Ok(self.attester.store.guarded(&lie.id(), lie.matures)?)
    }

    /// Somebody was told of the window, and may challenge it when this process began anew.
    pub fn told(&mut self, lie: &Lie) {
        if self.told.len() >= MOST_TRIED {
            self.told.clear();
        }
        self.told.insert(lie.id());
    }

    fn lie(&mut self, site: &Site, proven: &Proven) -> Result<Option<Lie>, Refusal> {
        let id = WindowId {
            job: site.id(),
            window: proven.window,
        };
        if self.told.contains(&id) || self.attester.store.is_guarded(&id)? {
            return Ok(None);
        }
        let claims = self.attester.store.claims_of(&id)?;
        let is_proven =
            |claim: &Claim| claim.subject.statement.first_chunk() == Some(&proven.statement);
        let claims: Vec<_> = claims.into_iter().filter(is_proven).collect();
        let may_try = self.tried.get(&id).is_none_or(|at| *at <= Instant::now());
        if claims.is_empty() || !may_try {
            return Ok(None);
        }
        let began = Instant::now();
        let found = self.first_lie(claims);
        self.try_again(id, began.elapsed());
        Ok(found?.map(|(claim, why)| Lie {
            site: *site,
            window: proven.window,
            evidence: claim.subject.evidence,
            reason: if matches!(why, Why::Output | Why::Undone) {
                REASON_CHUNK
            } else {
                REASON_CLAIM
            },
            matures: proven.matures,
        }))
    }

    /// The first that is false. A worker names whatever evidence it likes for a statement: what of it cannot be looked at hides nothing.
    fn first_lie(&self, claims: Vec<Claim>) -> Result<Option<(Claim, Why)>, Refusal> {
        let mut failed = None;
        for claim in claims {
            match self.attester.is_false(claim) {
                Ok(Some(found)) => return Ok(Some(found)),
                Ok(None) => {}
                Err(refusal) => failed = Some(refusal),
            }
        }
        failed.map_or(Ok(None), Err)
    }

    fn try_again(&mut self, id: WindowId, took: Duration) {
        if self.tried.len() >= MOST_TRIED {
            self.tried.clear();
        }
        let wait = took.saturating_mul(IDLE).max(AGAIN);
        self.tried.insert(id, Instant::now() + wait);
    }
}

impl<L: Ledger> Attester<L> {
    /// The claim, and why it is false, if it is and the worker signed what shows it.
    fn is_false(&self, claim: Claim) -> Result<Option<(Claim, Why)>, Refusal> {
        let chunk = match claim.verdict {
            Verdict::Unknown => None,
            Verdict::False(_, chunk) => Some(chunk),
            Verdict::Sampled | Verdict::True | Verdict::Engines => return Ok(None),
        };
        let id = claim.subject.window;
        let Some(_begun) = self.checks.begin(id) else {
            return Ok(None);
        };
        let stored = Stored {
            blobs: &self.blobs,
            job: id.job,
        };
        let work = self.work(&stored)?;
        let bytes = match &claim.bytes {
            Some(bytes) => bytes.clone(),
            None => stored.read(&claim.subject.evidence)?,
        };
        let Some(evidence) = Evidence::from_bytes(&bytes) else {
            return Ok(None);
        };
        let checked = check::Claim {
            window: id.window,
            units: claim.units,
            digest: claim.digest,
        };
        let case = Case {
            work: &work,
            claim: &checked,
            evidence: &evidence,
            source: &stored,
            kernels: &*self.kernels,
        };
        let chunk = match chunk {
            Some(chunk) => chunk,
            None => match self.judge_all(&claim, &case)? {
                Some(denied) => denied.chunk,
                None => return Ok(None),
            },
        };
        // A bond is at stake: what is challenged was seen now, and in what the worker signed.
        match case.look(chunk) {
            Err(denied) if denied.why.is_fault() => Ok(Some((claim, denied.why))),
            _ => Ok(None),
        }
    }

    /// Computes a claim again in full that nobody judged before.
    fn judge_all(&self, claim: &Claim, case: &Case) -> Result<Option<Denied>, Refusal> {
        let places: Vec<_> = (0..case.chunks().unwrap_or_default()).collect();
        match case.recompute(&places, self.policy.processes) {
            Ok(()) => {
                self.store.judge(&claim.subject, Verdict::True)?;
                Ok(None)
            }
            Err(denied) if denied.why.is_fault() => {
                let verdict = Verdict::False(denied.why, denied.chunk);
                self.store.judge(&claim.subject, verdict)?;
                Ok(Some(denied))
            }
            Err(denied) if denied.why == Why::Engines => {
                self.store.judge(&claim.subject, Verdict::Engines)?;
                Ok(None)
            }
            Err(denied) => Err(denied.into()),
        }
    }
}

/// A window that others proved.
struct Proven {
    window: u32,
    statement: [u8; 24],
    matures: i64,
}

/// The windows of a job that were proven without the member `own` and can be challenged at `now`.
fn open_to_doubt(site: &Site, own: &Address, now: i64) -> Vec<Proven> {
    let job = &site.job;
    if job.terms.challenge_secs == 0 {
        return vec![];
    }
    let bit = bit_of(&site.set, own);
    let proven = job.ring.iter().filter_map(|entry| {
        let window = entry.window_plus_one.checked_sub(1)?;
        let end = job.schedule().window_end(window)?;
        let matures = end.saturating_add(job.terms.maturity_secs());
        let is_open = entry.units > 0 && entry.signers & bit == 0 && now < matures;
        is_open.then_some(Proven {
            window,
            statement: entry.statement,
            matures,
        })
    });
    proven.collect()
}

/// The bit of a member; none of a key that is no member.
fn bit_of(set: &AttesterSet, own: &Address) -> u16 {
    let place = set
        .keys
        .iter()
        .take(set.count.into())
        .position(|key| key == own);
    let place = place.and_then(|place| u32::try_from(place).ok());
    place
        .and_then(|place| 1u16.checked_shl(place))
        .unwrap_or_default()
}
