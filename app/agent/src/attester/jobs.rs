//! Which jobs an attester knows, and what they may have here.

use {
    super::cache::{Bounds, Cache},
    crate::{
        chain::{Chain, Site},
        http::{Known, Unread},
    },
    sluice_client::{
        Address, AttesterSet, Discriminator, Job, JobState, Ledger, Node, Pod, account, quorum,
    },
    sluice_work::sluice_math::metering,
    std::{collections::HashMap, time::Duration},
};

/// What is held for a job after the last ruling about it, seconds: a day.
const AFTER_RULING: i64 = 86_400;

/// How many bytes a job may have here.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Every funded job.
    pub free_bytes: u64,
    /// Beside them, for each base unit of attestation fee that its funding can yield.
    pub bytes_per_fee_unit: u64,
    /// No job more than this.
    pub most_bytes: u64,
}

/// The jobs of an attester's sets, as they were a moment ago.
pub struct Sites<L> {
    chain: Chain<L>,
    own: Address,
    room: Room,
    sites: Cache<Site>,
    nodes: Cache<Node>,
}

impl<L: Ledger> Sites<L> {
    /// Those of the attester with the key `own`; what was read is good for as long as `fresh`.
    pub fn new(chain: Chain<L>, own: Address, room: Room, fresh: Duration) -> Self {
        let bounds = Bounds {
            fresh,
            most: 4_096,
            strange_a_second: 50,
            at_once: 64,
        };
        Self {
            chain,
            own,
            room,
            sites: Cache::new(bounds),
            nodes: Cache::new(bounds),
        }
    }

    /// The chain that they are read from.
    pub const fn chain(&self) -> &Chain<L> {
        &self.chain
    }

    /// The job at this address, if this attester is a member of its set, live or not.
    ///
    /// # Errors
    /// See [`Unread`].
    pub fn site(&self, job: &Address) -> Result<Option<Site>, Unread> {
        self.sites.get(job, || {
            let found = self.chain.site(job).map_err(failed)?;
            Ok(found.filter(|site| self.is_own(site)))
        })
    }

    /// Reads many jobs at once. It gives those that are of this attester's sets.
    ///
    /// # Errors
    /// See [`Unread`].
    pub fn refresh(&self, jobs: &[Address]) -> Result<Vec<Site>, Unread> {
        let found = self.read::<Job>(jobs)?;
        let found: Vec<_> = jobs.iter().zip(found).collect();
        let mut sets: Vec<_> = found
            .iter()
            .filter_map(|(_, job)| Some(job.as_ref()?.terms.set))
            .collect();
        sets.sort_unstable();
        sets.dedup();
        let known: HashMap<_, _> = sets.iter().zip(self.read::<AttesterSet>(&sets)?).collect();
        let mut sites = vec![];
        for (key, job) in found {
            let site = job.and_then(|job| {
                let set = (*known.get(&job.terms.set)?)?;
                let site = Site {
                    key: *key,
                    job,
                    set,
                };
                (job.network == self.chain.network && self.is_own(&site)).then_some(site)
            });
            self.sites.put(key, site);
            sites.extend(site);
        }
        Ok(sites)
    }

    fn read<T: Pod + Discriminator>(&self, at: &[Address]) -> Result<Vec<Option<T>>, Unread> {
        let found = self.chain.ledger.accounts(at).map_err(failed)?;
        let decoded = at
            .iter()
            .zip(found)
            .map(|(address, found)| account::decode(address, &found?).ok());
        Ok(decoded.collect())
    }

    /// A member that is not live any more serves what it has; it admits and signs nothing.
    fn is_own(&self, site: &Site) -> bool {
        site.set.has_member(&self.own)
    }

    /// True if `key` is the worker of the node at `node`, which is registered for the job's set.
    ///
    /// # Errors
    /// See [`Unread`].
    pub fn is_registered(
        &self,
        known: &Known,
        node: &Address,
        key: &Address,
    ) -> Result<bool, Unread> {
        let found = self.nodes.get(node, || match self.chain.find(node) {
            Ok(found) => Ok(found),
            // What stands there is something else, as an address of a stranger's choice may.
            Err(sluice_client::ClientError::WrongAccount { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
        })?;
        Ok(found.is_some_and(|found| {
            found.worker == *key && found.set == known.set && found.network == self.chain.network
        }))
    }

    /// What the server has to know of the job.
    pub fn known(&self, site: &Site) -> Known {
        Known {
            id: site.id(),
            buyer: site.job.buyer,
            worker: site.job.worker,
            set: site.job.terms.set,
            members: quorum::members(&site.set).copied().collect(),
            is_open: site.job.state == JobState::Open.byte(),
            quota: self.room.of(&site.job),
            until: kept_until(&site.job),
        }
    }
}

impl Room {
    /// Most bytes of the job.
    fn of(&self, job: &Job) -> u64 {
        let fee = self.bytes_per_fee_unit.saturating_mul(fee_of(job));
        self.free_bytes.saturating_add(fee).min(self.most_bytes)
    }
}

/// The attestation fee that the job's whole funding can yield, base units.
fn fee_of(job: &Job) -> u64 {
    let gross = job.terms.gross(job.units_funded).unwrap_or_default();
    let split = metering::split(gross, 0, job.fee_bps, job.attestation_bps);
    split.map_or(0, |split| split.attesters)
}

/// From when on nothing more of the job can be proven, unix seconds: of one that nobody accepted, from when on nobody can.
pub fn proven_until(job: &Job) -> i64 {
    if job.state == JobState::Open.byte() {
        return job.end_at;
    }
    let closed = job.schedule().all_closed_at(job.terms.grace_secs);
    closed.unwrap_or(job.end_at)
}

/// Until when what a job has here is kept, unix seconds.
fn kept_until(job: &Job) -> i64 {
    let dispute = if job.state == JobState::Open.byte() {
        0
    } else {
        i64::from(job.terms.challenge_secs).saturating_add(job.terms.ruling_secs.into())
    };
    proven_until(job)
        .saturating_add(dispute)
        .saturating_add(AFTER_RULING)
}

/// A node's words stay here.
fn failed(error: sluice_client::ClientError) -> Unread {
    Unread::Failed(error.to_string())
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable};

    #[test]
    fn the_quota_grows_with_the_fee_that_the_funding_can_yield() {
        let mut job = Job {
            units_funded: 1_000,
            attestation_bps: 200,
            ..Job::zeroed()
        };
        (job.terms.price, job.terms.per) = (10, 1);
        let room = Room {
            free_bytes: 100,
            bytes_per_fee_unit: 3,
            most_bytes: 10_000,
        };
        // 2 % of 10,000 base units.
        assert_eq!(room.of(&job), 100 + 3 * 200);
        assert_eq!(room.of(&Job::zeroed()), 100);
        job.units_funded = u64::MAX / 10;
        assert_eq!(room.of(&job), 10_000);
    }

    #[test]
    fn what_a_job_has_outlasts_its_last_ruling_by_a_day() {
        let mut job = Job {
            end_at: 1_000,
            ..Job::zeroed()
        };
        assert_eq!(
            (proven_until(&job), kept_until(&job)),
            (1_000, 1_000 + 86_400)
        );
        job.state = JobState::Active.byte();
        job.start_at = 2_000;
        job.end_at = 2_150;
        job.terms.window_secs = 100;
        (job.terms.grace_secs, job.terms.challenge_secs) = (30, 40);
        job.terms.ruling_secs = 50;
        // The second window is cut, and ends when it would.
        assert_eq!(proven_until(&job), 2_230);
        assert_eq!(kept_until(&job), 2_230 + 90 + 86_400);
        job.state = JobState::Released.byte();
        assert_eq!(kept_until(&job), 2_230 + 90 + 86_400);
    }
}
