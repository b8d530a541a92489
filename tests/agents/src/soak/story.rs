//! One job through all moments at which it was seen.

use {
    super::{checks::Checks, sight::Sight, sums},
    anyhow::Result,
    sluice_client::{Address, Job, JobState, Verdict},
    std::collections::BTreeMap,
};

/// A window that was proven.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// Units that counted when it was first seen.
    pub units: u64,
    /// The members that signed, one bit each.
    pub signers: u16,
    /// First bytes of the hash of what they signed.
    pub statement: [u8; 24],
    /// It was challenged.
    pub challenged: bool,
}

/// A job, from its first sight to its last.
pub struct Story {
    /// Its address.
    pub key: Address,
    /// As it was when it was first active.
    pub first: Job,
    /// As it was last.
    pub last: Job,
    /// Every window that was proven.
    pub windows: BTreeMap<u32, Window>,
}

impl Story {
    /// Of a job that was not there before.
    pub const fn new(key: Address, job: &Job) -> Self {
        Self {
            key,
            first: *job,
            last: *job,
            windows: BTreeMap::new(),
        }
    }

    /// Units of all windows, by what was seen of each of them.
    pub fn units(&self) -> u64 {
        let units = self.windows.values().map(|window| window.units);
        units.fold(0, u64::saturating_add)
    }

    /// What the job comes to in the end.
    pub fn split(&self) -> sums::Split {
        sums::split(&self.last, self.units())
    }

    /// Takes what the job is now, and holds it to what it was.
    ///
    /// # Errors
    /// With what may not be.
    pub fn go_on(&mut self, job: &Job, sight: &Sight, checks: &mut Checks) -> Result<()> {
        let was_open = self.first.state == JobState::Open.byte();
        if was_open && job.state != JobState::Open.byte() {
            self.first = *job;
        }
        self.hold_fixed(job, checks)?;
        self.hold_growth(job, checks)?;
        self.take_windows(job, sight, checks)?;
        self.hold_units(job, sight, checks)?;
        self.hold_money(job, sight, checks)?;
        self.last = *job;
        Ok(())
    }

    /// I19: what a job is does not change.
    fn hold_fixed(&self, job: &Job, checks: &mut Checks) -> Result<()> {
        let fixed = |job: &Job| {
            (
                (job.terms, job.id, job.incarnation, job.fee_bps),
                (job.attestation_bps, job.decimals, job.taken, job.counts),
                [
                    job.network,
                    job.buyer,
                    job.refund_owner,
                    job.cosigner,
                    job.attestation_owner,
                    job.resolver,
                    job.vault,
                    job.rent_payer,
                ],
                job.spec_hash,
            )
        };
        checks.same("I19", &fixed(job), &fixed(&self.first), || {
            format!("job {}", self.key)
        })?;
        if job.state == JobState::Open.byte() {
            return Ok(());
        }
        let worked = |job: &Job| {
            (
                [job.provider, job.payee, job.node, job.worker],
                (job.context, job.start_at),
            )
        };
        checks.same("I19", &worked(job), &worked(&self.first), || {
            format!("who works on job {}", self.key)
        })
    }

    /// I07: totals never fall, and an end never moves later.
    fn hold_growth(&self, job: &Job, checks: &mut Checks) -> Result<()> {
        let totals = |job: &Job| {
            [
                job.funded,
                job.units_funded,
                job.units_matured,
                job.quorum_matured,
                job.quorum_credited,
                job.gross_cosigned,
                job.paid,
                job.swept_treasury,
                job.swept_attesters,
                job.refunded,
                job.last_proven.into(),
                job.quorum_windows.into(),
                job.worked_windows.into(),
                job.excused_windows.into(),
                job.void_windows.into(),
                job.slashes.into(),
                job.state.into(),
            ]
        };
        let (was, is) = (totals(&self.last), totals(job));
        let mut pairs = was.iter().zip(&is);
        checks.holds("I07", pairs.all(|(was, is)| was <= is), || {
            format!("totals of job {} fell: {was:?} {is:?}", self.key)
        })?;
        let is_open = self.last.state == JobState::Open.byte();
        checks.holds("I07", is_open || job.end_at <= self.last.end_at, || {
            format!("job {} ends later than it did", self.key)
        })
    }

    /// Every window in the ring is new, or is what it was; I14, I15, I16.
    fn take_windows(&mut self, job: &Job, sight: &Sight, checks: &mut Checks) -> Result<()> {
        let key = self.key;
        for entry in &job.ring {
            let Some(number) = entry.window_plus_one.checked_sub(1) else {
                continue;
            };
            let of = || format!("window {number} of job {key}");
            let known = self.windows.get(&number).copied();
            let challenge = sight.challenges.values().find(|one| {
                one.job == key && one.incarnation == job.incarnation && one.window == number
            });
            let window = match known {
                Some(known) => known,
                None => {
                    self.hold_new(job, number, entry.units, sight, checks)?;
                    Window {
                        units: entry.units,
                        signers: entry.signers,
                        statement: entry.statement,
                        challenged: false,
                    }
                }
            };
            checks.same("I15", &entry.statement, &window.statement, of)?;
            checks.same("I15", &entry.signers, &window.signers, of)?;
            let challenged = window.challenged || challenge.is_some();
            if entry.units != window.units {
                checks.same("I15", &entry.units, &0, of)?;
                let is_ripe = sight.until >= sums::ripe(job, number);
                checks.holds("I16", is_ripe || challenged, || {
                    format!("{} is earned before its time", of())
                })?;
            }
            let window = Window {
                challenged,
                ..window
            };
            self.windows.insert(number, window);
        }
        Ok(())
    }

    fn hold_new(
        &self,
        job: &Job,
        number: u32,
        units: u64,
        sight: &Sight,
        checks: &mut Checks,
    ) -> Result<()> {
        let of = || format!("window {number} of job {}", self.key);
        let is_over = sight.until >= sums::end(job, number);
        checks.holds("I14", is_over, || {
            format!("{} was proven before its end", of())
        })?;
        // An end that has moved since cuts what was proven before.
        let most = sums::cap(&self.first, number).max(sums::cap(job, number));
        checks.holds("I15", units <= most, || {
            format!("{} has {units} units, of at most {most}", of())
        })?;
        let entry = job
            .ring
            .iter()
            .find(|entry| entry.window_plus_one == number.saturating_add(1));
        let signers = entry.map_or(0, |entry| entry.signers);
        let Some(set) = sight.sets.get(&job.terms.set) else {
            return Ok(());
        };
        let is_quorum = signers.count_ones() >= u32::from(set.threshold);
        checks.holds("I14", is_quorum && signers & !set.entered == 0, || {
            format!("{} is signed by {signers:b} of {:b}", of(), set.entered)
        })
    }

    /// I15: what counts is what was proven, each window once, and is funded.
    fn hold_units(&self, job: &Job, sight: &Sight, checks: &mut Checks) -> Result<()> {
        let of = || format!("units of job {}", self.key);
        let pending = job.ring.iter().map(|entry| entry.units);
        let pending = pending.fold(0, u64::saturating_add);
        checks.same("I15", &job.units_pending, &pending, of)?;
        let frozen = sight.challenges.values().filter(|one| {
            one.job == self.key
                && one.incarnation == job.incarnation
                && one.verdict == Verdict::Open.byte()
        });
        let frozen = frozen.fold(0, |sum: u64, one| sum.saturating_add(one.units));
        checks.same("I15", &job.units_frozen, &frozen, of)?;
        let counted = job
            .units_matured
            .saturating_add(pending)
            .saturating_add(frozen);
        checks.same("I15", &counted, &self.units(), of)?;
        checks.holds("I15", counted <= job.units_funded, || {
            format!("{}: {counted} of {} funded", of(), job.units_funded)
        })?;
        // Nobody cosigns here, and nobody rules.
        checks.same("I15", &job.quorum_matured, &job.units_matured, of)?;
        checks.same("I17", &(job.void_windows, job.slashes), &(0, 0), of)?;
        checks.same("I14", &job.gross_cosigned, &0, of)
    }

    /// I01, I04, I10: the vault has what has not left, no more leaves than is earned, and what can still be earned stays.
    fn hold_money(&self, job: &Job, sight: &Sight, checks: &mut Checks) -> Result<()> {
        let of = || format!("job {}", self.key);
        let out = [
            job.paid,
            job.swept_treasury,
            job.swept_attesters,
            job.refunded,
        ];
        let out = out.into_iter().fold(0, u64::saturating_add);
        let left = job.funded.checked_sub(out);
        let vault = sight.amount(&job.vault);
        checks.same("I01", &Some(vault), &left, of)?;
        let earned = sums::split(job, job.units_matured);
        let is_earned = job.paid <= earned.provider
            && job.swept_treasury <= earned.treasury
            && job.swept_attesters <= earned.attesters;
        checks.holds("I04", is_earned, || {
            format!("{} paid more than {earned:?}", of())
        })?;
        if job.state == JobState::Active.byte() {
            let usable = sums::usable(job, sight.until);
            let kept = sums::gross(job, self.units().saturating_add(usable)).min(job.funded);
            let is_kept = job.funded.saturating_sub(job.refunded) >= kept;
            checks.holds("I10", is_kept, || {
                format!(
                    "{} refunded {} of {}, and {kept} can be earned",
                    of(),
                    job.refunded,
                    job.funded
                )
            })?;
        }
        Ok(())
    }
}
