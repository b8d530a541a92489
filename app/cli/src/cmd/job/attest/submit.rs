//! `sluice attest submit`.

use {
    super::signed::{Route, Signed},
    crate::{
        failure::{Failure, Result},
        output::Fields,
        session::{Plan, Session},
    },
    clap::Args,
    sluice::constants::NOBODY,
    sluice_client::{
        AttesterSet, Job, Ledger, instruction,
        statement::{Countersignature, order_members},
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

#[derive(Args, Debug)]
pub struct Submit {
    /// Address of the job.
    job: Address,
    /// Files that `attest sign` wrote: the worker's and its countersigners', in any order.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
}

impl Submit {
    /// Sends the proof.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let signed = self
            .files
            .iter()
            .map(|path| Signed::read(path))
            .collect::<Result<Vec<_>>>()?;
        let job: Job = session.ledger.get(&self.job)?;
        let (first, worker, others) = self.sort(&job, &signed)?;
        let proof = match first.route {
            Route::Quorum => self.by_quorum(session, &job, first, worker, &others)?,
            Route::Cosigned => self.by_cosigner(&job, first, worker, &others)?,
        };
        let mut plan = Plan::default();
        for instruction in proof {
            plan.push(instruction);
        }
        let fields = Fields::new()
            .with("job", self.job)
            .with("window", first.statement.window)
            .with("units", first.statement.units)
            .with("path", first.route.name());
        session.execute(plan, fields)
    }

    /// Refuses signatures of different statements or of another job; tells the worker's from the others, each key once.
    fn sort<'a>(
        &self,
        job: &Job,
        signed: &'a [Signed],
    ) -> Result<(&'a Signed, Countersignature, Vec<Countersignature>)> {
        let first = signed
            .first()
            .ok_or_else(|| Failure::input("no signature was given"))?;
        if let Some((path, _)) = self
            .files
            .iter()
            .zip(signed)
            .find(|(_, other)| other.statement != first.statement || other.route != first.route)
        {
            return Err(Failure::input(format!(
                "the signature in {path} is of another statement than the first"
            )));
        }
        if first.statement.context != job.context {
            return Err(Failure::input(format!(
                "the signatures are not about the job {}: its context is another",
                self.job
            )));
        }
        let worker = signed
            .iter()
            .find(|one| one.by.key == job.worker)
            .ok_or_else(|| {
                Failure::input(format!(
                    "the signature of the job's worker {} is missing",
                    job.worker
                ))
            })?
            .by;
        let mut others: Vec<Countersignature> = Vec::with_capacity(signed.len());
        for one in signed {
            if one.by.key != job.worker && others.iter().all(|other| other.key != one.by.key) {
                others.push(one.by);
            }
        }
        Ok((first, worker, others))
    }

    /// The first `threshold` live members among the signers.
    fn by_quorum(
        &self,
        session: &Session<impl Ledger>,
        job: &Job,
        first: &Signed,
        worker: Countersignature,
        others: &[Countersignature],
    ) -> Result<[Instruction; 2]> {
        if job.terms.set == NOBODY {
            return Err(Failure::input(format!(
                "the job {} has no attester set: only its cosigner can countersign",
                self.job
            )));
        }
        let set: AttesterSet = session.ledger.get(&job.terms.set)?;
        let (ordered, _) = order_members(&set, others)?;
        let live: Vec<_> = ordered
            .into_iter()
            .filter(|one| {
                (0..set.count)
                    .any(|index| set.live_member(index).is_some_and(|key| *key == one.key))
            })
            .collect();
        let needed = usize::from(set.threshold);
        let quorum = live.get(..needed).ok_or_else(|| {
            Failure::input(format!(
                "the set needs {needed} live members' signatures and {} were given",
                live.len()
            ))
        })?;
        Ok(instruction::attest(
            &self.job,
            job,
            &set,
            &first.statement,
            worker,
            quorum,
        )?)
    }

    fn by_cosigner(
        &self,
        job: &Job,
        first: &Signed,
        worker: Countersignature,
        others: &[Countersignature],
    ) -> Result<[Instruction; 2]> {
        let cosigner = others
            .iter()
            .find(|one| one.key == job.cosigner)
            .ok_or_else(|| {
                Failure::input(format!(
                    "the signature of the cosigner of the job {} is missing",
                    self.job
                ))
            })?;
        Ok(instruction::attest_cosigned(
            &self.job,
            &first.statement,
            worker,
            *cosigner,
        )?)
    }
}
