//! `sluice attester equivocation`.

use {
    crate::{
        cmd::job::attest::signed,
        failure::{Failure, Result},
        output::Fields,
        session::{Plan, Session},
    },
    clap::Args,
    sluice::attestation,
    sluice_client::{
        Attester, ClientError, Equivocation, Job, Ledger, Network, instruction,
        statement::{Path, equivocation_instruction},
    },
    solana_address::Address,
};

#[derive(Args, Debug)]
pub struct Show {
    /// Address of the attester's account.
    attester: Address,
    /// Address of the job that both statements are about.
    #[arg(long, value_name = "ADDRESS")]
    job: Address,
    /// The job's incarnation; by default the present one.
    #[arg(long, value_name = "NUMBER")]
    incarnation: Option<u64>,
    /// The node that worked; by default the job's present one.
    #[arg(long, value_name = "ADDRESS")]
    node: Option<Address>,
    /// The window; by default the one that the statements name.
    #[arg(long)]
    window: Option<u32>,
    /// The signature files of `sluice attest sign`, one for each statement.
    #[arg(num_args = 2, required = true, value_name = "FILE")]
    files: Vec<String>,
}

impl Show {
    /// Sends the evidence.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let signed = self
            .files
            .iter()
            .map(|path| signed::read(path))
            .collect::<Result<Vec<_>>>()?;
        let [first, second] = signed.as_slice() else {
            return Err(Failure::input("two signature files are needed"));
        };
        let attester: Attester = session.ledger.get(&self.attester)?;
        let network: Network = session.ledger.get(&attester.network)?;
        let (incarnation, node) = self.place(session)?;
        let context = attestation::context(&network.domain, &self.job, incarnation, &node);
        let window = self.window.unwrap_or(first.statement.window);
        for (path, one) in self.files.iter().zip(&signed) {
            let wrong = if one.by.key != attester.key {
                format!("by the attester's key {}", attester.key)
            } else if one.path != Path::Quorum {
                "on the quorum path".to_owned()
            } else if one.statement.context != context {
                format!(
                    "about the job {}, its incarnation {incarnation} and the node {node}",
                    self.job
                )
            } else if one.statement.window != window {
                format!("about window {window}")
            } else {
                continue;
            };
            return Err(Failure::input(format!(
                "the signature in {path} is not {wrong}"
            )));
        }
        if first.statement == second.statement {
            return Err(Failure::input("both files are of the same statement"));
        }
        let (reach, decimals) = super::reach(session, &self.attester)?;
        let carried = [first, second].map(|one| (one.by, one.statement.message(one.path)));
        let mut plan = Plan::of(equivocation_instruction(&carried));
        plan.push(instruction::show_equivocation(
            &attester.network,
            &attester.key,
            &attester.owner,
            Equivocation {
                job: self.job,
                incarnation,
                node,
                units: [first, second].map(|one| one.statement.units),
                digests: [first, second].map(|one| one.statement.digest),
                window,
                first: None,
                second: None,
            },
        ));
        let fields = Fields::new()
            .with("attester", self.attester)
            .with("job", self.job)
            .with("window", window)
            .tokens("slashed", reach, decimals)
            .with("standing", "tombstoned");
        let plan = plan.irreversible("slashes and tombstones the attester");
        session.execute(plan, fields)
    }

    /// Incarnation and node: as given, else as the job's account says.
    fn place(&self, session: &Session<impl Ledger>) -> Result<(u64, Address)> {
        if let (Some(incarnation), Some(node)) = (self.incarnation, self.node) {
            return Ok((incarnation, node));
        }
        let job: Job = match session.ledger.get(&self.job) {
            Err(ClientError::NoAccount(_)) => {
                return Err(Failure::input(format!(
                    "the job {} is closed: give --incarnation and --node",
                    self.job
                )));
            }
            found => found?,
        };
        Ok((
            self.incarnation.unwrap_or(job.incarnation),
            self.node.unwrap_or(job.node),
        ))
    }
}
