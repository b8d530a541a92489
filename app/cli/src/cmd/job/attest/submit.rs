//! `sluice attest submit`.

use {
    super::signed,
    crate::{
        failure::{Failure, Result},
        output::Fields,
        session::{Plan, Session},
    },
    clap::Args,
    sluice::constants::NOBODY,
    sluice_client::{
        AttesterSet, Job, Ledger,
        quorum::{Proof, Unfit},
        statement::Path,
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
            .map(|path| signed::read(path))
            .collect::<Result<Vec<_>>>()?;
        let job: Job = session.ledger.get(&self.job)?;
        let proof = Proof::of(&job, &signed).map_err(|unfit| self.explain(&job, unfit))?;
        let instructions = match proof.path {
            Path::Quorum => self.by_quorum(session, &job, &proof)?,
            Path::Cosigned => proof.by_cosigner(&self.job, &job).ok_or_else(|| {
                Failure::input(format!(
                    "the signature of the cosigner of the job {} is missing",
                    self.job
                ))
            })??,
        };
        let mut plan = Plan::default();
        for instruction in instructions {
            plan.push(instruction);
        }
        let fields = Fields::new()
            .with("job", self.job)
            .with("window", proof.statement.window)
            .with("units", proof.statement.units)
            .with("path", proof.path.name());
        session.execute(plan, fields)
    }

    fn explain(&self, job: &Job, unfit: Unfit) -> Failure {
        Failure::input(match unfit {
            Unfit::Empty => "no signature was given".to_owned(),
            Unfit::OtherStatement(index) => format!(
                "the signature in {} is of another statement than the first",
                self.files.get(index).map_or("", String::as_str)
            ),
            Unfit::OtherJob => format!(
                "the signatures are not about the job {}: its context is another",
                self.job
            ),
            Unfit::NoWorker => {
                format!(
                    "the signature of the job's worker {} is missing",
                    job.worker
                )
            }
        })
    }

    fn by_quorum(
        &self,
        session: &Session<impl Ledger>,
        job: &Job,
        proof: &Proof,
    ) -> Result<[Instruction; 2]> {
        if job.terms.set == NOBODY {
            return Err(Failure::input(format!(
                "the job {} has no attester set: only its cosigner can countersign",
                self.job
            )));
        }
        session.gather([job.terms.set])?;
        let set: AttesterSet = session.ledger.get(&job.terms.set)?;
        Ok(proof.by_quorum(&self.job, job, &set)?)
    }
}
