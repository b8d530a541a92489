//! `sluice attest batch build`.

use {
    crate::{
        cmd::job::attest::signed,
        failure::{Failure, Result},
        output::Fields,
        session::Session,
    },
    clap::Args,
    sluice_client::{
        AttesterSet, Job, Ledger, Network,
        account::filter,
        batch::{Contents, Unlisted, list},
        statement::{Path, Signed},
    },
    solana_address::Address,
    std::fs,
};

#[derive(Args, Debug)]
pub struct Build {
    /// The attester set whose members will sign the root.
    #[arg(long, value_name = "ADDRESS")]
    set: Address,
    /// Writes the batch to this file and prints its root; by default the batch itself is printed.
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
    /// Files that `attest sign` wrote for the quorum path, in any order; one file may hold many, one behind the other.
    #[arg(required = true, value_name = "STATEMENT_FILE")]
    files: Vec<String>,
}

impl Build {
    /// Lists the statements, and writes the batch.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let (said, places) = self.statements()?;
        let statements: Vec<_> = said.iter().map(|one| one.statement).collect();
        let set: AttesterSet = session.ledger.get(&self.set)?;
        let network: Network = session.ledger.get(&set.network)?;
        let jobs = session.ledger.list::<Job>(&[filter::job_set(&self.set)])?;
        let file = |place: usize| {
            let file = places.get(place).and_then(|file| self.files.get(*file));
            file.map_or("", String::as_str)
        };
        let leaves = list(&jobs, &statements).map_err(|why| {
            Failure::input(match why {
                Unlisted::OfNoJob(place) => format!(
                    "the statement in {} is about no job of the attester set {}, as its jobs are now",
                    file(place),
                    self.set
                ),
                Unlisted::Contradict(first, second) => format!(
                    "the statements in {} and {} are two about one window",
                    file(first),
                    file(second)
                ),
            })
        })?;
        // Anybody can write a file about anybody's job: those count whose word a proof or a quorum needs.
        for (place, one) in said.iter().enumerate() {
            let of = |job: &Job| job.context == one.statement.context && job.worker == one.by.key;
            let is_theirs = set.has_member(&one.by.key) || jobs.iter().any(|(_, job)| of(job));
            if !is_theirs {
                return Err(Failure::input(format!(
                    "the statement in {} is signed by {}, which is neither its job's worker nor a member of the attester set",
                    file(place),
                    one.by.key
                )));
            }
        }
        let contents = Contents::of(self.set, &network.domain, leaves)
            .map_err(|why| Failure::input(why.to_string()))?;
        let text = contents.to_json();
        let Some(out) = &self.out else {
            return Ok(Fields::verbatim(format!("{text}\n")));
        };
        if !session.is_dry_run() {
            fs::write(out, format!("{text}\n")).map_err(|error| {
                Failure::input(format!("the batch file {out} cannot be written: {error}"))
            })?;
        }
        let leaves = contents.leaves.len();
        Ok(Fields::new()
            .with("set", self.set)
            .with("root", contents.root)
            .with("depth", leaves.next_power_of_two().trailing_zeros())
            .with("leaves", u32::try_from(leaves).ok())
            .with("file", out.clone()))
    }

    /// What the files say, and of each statement which file it stands in.
    fn statements(&self) -> Result<(Vec<Signed>, Vec<usize>)> {
        let (mut statements, mut places) = (vec![], vec![]);
        for (number, path) in self.files.iter().enumerate() {
            for signed in signed::read_all(path)? {
                if signed.path != Path::Quorum {
                    return Err(Failure::input(format!(
                        "the statement in {path} is for the job's cosigner, and a batch is a quorum's"
                    )));
                }
                statements.push(signed);
                places.push(number);
            }
        }
        Ok((statements, places))
    }
}
