//! Which jobs are worked on: those that enough members admit, and of open ones those that pay enough.

use {
    super::{
        Event,
        consider::{Candidate, Considered},
        fetch::{NotFetched, Work},
        retry::Retry,
        store::{self, JobRow, JobStage, Names, Store},
        view::{Own, View},
    },
    crate::{blobs::JobId, config},
    sluice_client::{Address, Job, JobState, Position, StakePool, constants::DAY_SECS},
    std::{
        collections::{HashMap, HashSet},
        sync::{Arc, mpsc::Sender},
        time::{Duration, Instant},
    },
};

/// Jobs on the nodes that are looked at at once ...
const MOST_OWN: usize = 8;
/// ... and open ones beside them: they take time of the processes that run kernels, and anybody opens them.
const MOST_OPEN: usize = 2;
/// Works of open jobs that are kept in memory at once.
const MOST_WORKS: usize = 4;
/// Lamports a signature.
const SIGNATURE_FEE: u64 = 5_000;
/// An admission is old after this time: what members have to do has changed.
const ADMITTED_FOR: Duration = Duration::from_secs(600);

/// What is known of jobs that are worked on, or may be.
pub struct Intake {
    store: Arc<Store>,
    events: Sender<Event>,
    /// What is looked at, and whether it is on a node.
    busy: HashMap<JobId, bool>,
    retry: Retry<JobId>,
    /// Of jobs on the nodes. Their windows run: once their blobs are brought, each second until they are looked at is lost.
    own: Retry<JobId>,
    /// Never done here, and why.
    unfit: HashSet<JobId>,
    works: HashMap<JobId, (Arc<Work>, Instant)>,
}

impl Intake {
    /// Nothing is known yet. What failed is tried again after `pace`, then after longer and longer.
    pub fn new(store: Arc<Store>, events: Sender<Event>, pace: Duration) -> Self {
        Self {
            store,
            events,
            busy: HashMap::new(),
            retry: Retry::new(pace.saturating_mul(5), pace.saturating_mul(120)),
            own: Retry::new(pace.saturating_mul(2), pace.saturating_mul(5)),
            unfit: HashSet::new(),
            works: HashMap::new(),
        }
    }

    /// The work of a job that was admitted.
    pub fn work(&self, id: &JobId) -> Option<&Arc<Work>> {
        self.works.get(id).map(|(work, _)| work)
    }

    /// True if a job was admitted a short while ago.
    pub fn is_fresh(&self, id: &JobId) -> bool {
        let at = self.works.get(id).map(|(_, at)| at.elapsed());
        at.is_some_and(|age| age < ADMITTED_FOR)
    }

    /// True for a job that may be looked at now; `is_own` for one on a node, which no number of open ones holds up.
    pub fn is_due(&self, id: &JobId, is_own: bool) -> bool {
        let most = if is_own { MOST_OWN } else { MOST_OPEN };
        let alike = self.busy.values().filter(|own| **own == is_own);
        alike.count() < most
            && !self.busy.contains_key(id)
            && !self.unfit.contains(id)
            && (if is_own { &self.own } else { &self.retry }).is_due(id)
    }

    /// Looks at a job.
    pub fn consider(&mut self, candidate: Candidate) {
        let id = JobId {
            job: candidate.source.job,
            incarnation: candidate.job.incarnation,
        };
        self.busy
            .insert(id, candidate.job.node == candidate.source.node);
        candidate.consider(self.events.clone());
    }

    /// Takes what came of looking at a job.
    ///
    /// # Errors
    /// The database's.
    pub fn hear(&mut self, considered: Considered, now: i64) -> store::Result<()> {
        let Considered { id, node, work } = considered;
        let is_own = self.busy.remove(&id).unwrap_or_default();
        let retry = if is_own {
            &mut self.own
        } else {
            &mut self.retry
        };
        match work {
            Ok(work) => {
                retry.done(&id);
                tracing::info!(job = %id.job, "admitted");
                let names = Some(work.names);
                self.works.insert(id, (work, Instant::now()));
                let stage = JobStage::Admitted;
                self.note((id, node), stage, names, None, now)
            }
            Err(error) => {
                if matches!(error, NotFetched::Unfit(_)) {
                    self.unfit.insert(id);
                } else {
                    retry.failed(id);
                }
                self.object(id, node, &error.to_string(), now)
            }
        }
    }

    /// Notes why a job is not worked on.
    ///
    /// # Errors
    /// The database's.
    pub fn object(&self, id: JobId, node: Address, why: &str, now: i64) -> store::Result<()> {
        let known = self.store.job(&id)?;
        let is_told = |row: &JobRow| row.reason.as_deref() == Some(why);
        if known.as_ref().is_some_and(is_told) {
            return Ok(());
        }
        tracing::info!(job = %id.job, why = %sluice_client::foreign::Foreign::from(why), "not worked on");
        let (stage, names) = known.map_or((JobStage::Asked, None), |row| (row.stage, row.names));
        self.note((id, node), stage, names, Some(why.to_owned()), now)
    }

    /// Writes down how far a job is.
    ///
    /// # Errors
    /// The database's.
    pub fn note(
        &self,
        (id, node): (JobId, Address),
        stage: JobStage,
        names: Option<Names>,
        reason: Option<String>,
        at: i64,
    ) -> store::Result<()> {
        self.store.set_job(&JobRow {
            id,
            node,
            stage,
            names,
            reason,
            at,
        })
    }

    /// Forgets the work of an open job that is not accepted. It is looked at again later, after others.
    pub fn drop_work(&mut self, id: JobId) {
        if self.works.remove(&id).is_some() {
            self.retry.failed(id);
        }
    }

    /// True while works of so many of these open jobs are kept that no further one is looked at.
    pub fn is_full(&self, open: &[(Address, Job)]) -> bool {
        let works = open.iter().filter(|(key, job)| {
            let (job, incarnation) = (*key, job.incarnation);
            self.works.contains_key(&JobId { job, incarnation })
        });
        works.count() >= MOST_WORKS
    }

    /// Forgets jobs that are not wanted any more.
    pub fn retain(&mut self, is_wanted: impl Fn(&JobId) -> bool) {
        self.retry.retain(&is_wanted);
        self.own.retain(&is_wanted);
        self.unfit.retain(&is_wanted);
        self.works.retain(|id, _| is_wanted(id));
    }
}

/// What stands behind a provider.
pub struct Stake {
    /// Its stake pool.
    pub pool: StakePool,
    /// Its owner's position in it.
    pub own: Position,
}

/// Why an open job is not accepted onto `own`, as far as the chain tells; `None` if nothing speaks against it.
pub fn objection(
    job: &Job,
    own: &Own,
    view: &View,
    accept: &config::Accept,
    stake: Option<&Stake>,
) -> Option<String> {
    let told = |why: &str| Some(why.to_owned());
    if view.network.paused_until > view.now {
        return told("the network takes no jobs just now");
    }
    if view.now >= job.end_at {
        return told("its last date to be accepted is over");
    }
    let Some(set) = view.sets.get(&job.terms.set) else {
        return told("no attester set proves it");
    };
    if !set.has_quorum() {
        return told("its set has lost its quorum");
    }
    if let Some(why) = terms(job, accept).or_else(|| price(job, accept)) {
        return Some(why);
    }
    if own.node.slots_used >= own.node.slots_total {
        return told("no slot of the node is free");
    }
    if own.node.worker == job.cosigner || set.has_member(&own.node.worker) {
        return told("the worker's key is another party's, too");
    }
    let least = view.network.params.min_stake;
    let locked = stake.map(|stake| {
        let mut pool = stake.pool;
        pool.lock(&stake.own, job.terms.bond, least)
    });
    match locked {
        Some(Ok(())) => None,
        _ => told("the owner's stake does not cover its bond"),
    }
}

/// Terms under which a window cannot be proven in time, or that pay for none.
fn terms(job: &Job, accept: &config::Accept) -> Option<String> {
    let terms = &job.terms;
    let least = |what, secs, least| {
        let is_short = secs < least;
        is_short.then(|| format!("its {what} is {secs} seconds, less than {least}"))
    };
    least("window", terms.window_secs, accept.least_window_secs)
        .or_else(|| {
            least(
                "time to prove a window",
                terms.grace_secs,
                accept.least_grace_secs,
            )
        })
        .or_else(|| {
            let most = accept.most_bond.filter(|most| terms.bond > *most)?;
            Some(format!(
                "it locks a bond of {}, more than {most}",
                terms.bond
            ))
        })
        .or_else(|| {
            let is_poor = job.units_funded < terms.cap;
            is_poor.then(|| "its deposit does not pay for one window".to_owned())
        })
}

/// Why `most` lamports a day do not pay for the proofs of one more job beside those on the nodes.
pub fn dear(job: &Job, view: &View, most: u64) -> Option<String> {
    let active = view.jobs.iter().map(|(_, job)| job);
    let active = active.filter(|job| job.state == JobState::Active.byte());
    let needed = active.chain([job]).fold(0u64, |sum, job| {
        let day = u64::from(DAY_SECS).min(job.length_secs);
        let windows = day.div_ceil(u64::from(job.terms.window_secs).max(1));
        sum.saturating_add(windows.saturating_mul(proof_fee(job, view)))
    });
    (needed > most).then(|| {
        format!("with it, proofs come to {needed} lamports a day, and {most} are left for them")
    })
}

/// What a proof costs without a price of units: the payer, the worker and enough members sign. Lamports.
fn proof_fee(job: &Job, view: &View) -> u64 {
    let set = view.sets.get(&job.terms.set);
    let members = set.map_or(16, |set| u64::from(set.threshold));
    members.saturating_add(2).saturating_mul(SIGNATURE_FEE)
}

fn price(job: &Job, accept: &config::Accept) -> Option<String> {
    let terms = &job.terms;
    let mut prices = accept.price.iter();
    let Some(least) = prices.find(|price| price.mint == terms.mint) else {
        return Some("it pays in a mint for which no least price is set".to_owned());
    };
    let pays = u128::from(terms.price).saturating_mul(least.per.into());
    let wanted = u128::from(least.price).saturating_mul(terms.per.into());
    (pays < wanted).then(|| {
        format!(
            "it pays {} for {} units, less than {} for {}",
            terms.price, terms.per, least.price, least.per
        )
    })
}

#[cfg(test)]
mod tests {
    use {super::*, std::sync::mpsc::channel};

    #[test]
    fn a_job_whose_windows_run_is_looked_at_again_sooner_than_an_open_one() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(Store::open(folder.path()).unwrap());
        let mut intake = Intake::new(store, channel().0, Duration::from_secs(1));
        for (is_own, longest) in [(true, 5), (false, 120)] {
            let (job, node) = (Address::new_unique(), Address::new_unique());
            let id = JobId {
                job,
                incarnation: 1,
            };
            for _ in 0..8 {
                intake.busy.insert(id, is_own);
                let work = Err(NotFetched::NotAdmitted("nobody has its blobs".to_owned()));
                intake.hear(Considered { id, node, work }, 0).unwrap();
            }
            assert!(!intake.is_due(&id, is_own));
            let retry = if is_own { &intake.own } else { &intake.retry };
            let left = retry.next().unwrap() - Instant::now();
            let longest = Duration::from_secs(longest);
            assert!(left <= longest && left > longest - Duration::from_secs(2));
        }
    }
}
