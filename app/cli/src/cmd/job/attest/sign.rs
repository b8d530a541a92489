//! `sluice attest sign`.

use {
    super::signed,
    crate::{
        failure::{Failure, Result},
        output::Fields,
        parse::Hex32,
        session::Session,
    },
    clap::{ArgGroup, Args},
    sluice::constants::NOBODY,
    sluice_client::{
        AttesterSet, Job, Ledger,
        statement::{Path, Signed, Statement},
    },
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("about").required(true).args(["job", "context"]))]
pub struct Sign {
    /// Address of the job; its context is read from the cluster, and the signer must be one of its keys.
    #[arg(long, value_name = "ADDRESS")]
    job: Option<Address>,
    /// The job's context, 64 hexadecimal digits as `job show` prints it; then no cluster is asked.
    #[arg(long, value_name = "HEX")]
    context: Option<Hex32>,
    /// Number of the window, from 0.
    #[arg(long)]
    window: u32,
    /// Units of work done in it.
    #[arg(long)]
    units: u64,
    /// Hash of the evidence, as the set's meter defines it, 64 hexadecimal digits.
    #[arg(long, value_name = "HEX")]
    digest: Hex32,
    /// Who countersigns; the worker signs the path it agrees to.
    #[arg(long, default_value = "quorum", value_parser = signed::path())]
    path: Path,
}

impl Sign {
    /// True when the context is given.
    pub const fn is_offline(&self) -> bool {
        self.context.is_some()
    }

    /// Signs.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let key = session.signer_of_statements()?;
        let context = match (self.context, self.job) {
            (Some(context), _) => context.0,
            (None, Some(address)) => self.context_of(session, &address, &key.pubkey())?,
            (None, None) => return Err(Failure::Usage("give --job or --context".to_owned())),
        };
        let statement = Statement {
            context,
            window: self.window,
            units: self.units,
            digest: self.digest.0,
        };
        // The journal is one process's at a time.
        let _waiting = session.waits("waits for another process that signs with this key");
        let by = session.sign_statement(&statement, self.path, &key)?;
        Ok(signed::fields(&Signed {
            statement,
            path: self.path,
            by,
        }))
    }

    /// The job's context, if `key` can sign for it on this path.
    fn context_of(
        &self,
        session: &Session<impl Ledger>,
        address: &Address,
        key: &Address,
    ) -> Result<[u8; 32]> {
        let job: Job = session.ledger.get(address)?;
        if job.worker == NOBODY {
            return Err(Failure::input(format!(
                "the job {address} is not accepted yet"
            )));
        }
        let may_sign = *key == job.worker
            || match self.path {
                Path::Cosigned => *key == job.cosigner,
                Path::Quorum if job.terms.set == NOBODY => false,
                Path::Quorum => {
                    let set: AttesterSet = session.ledger.get(&job.terms.set)?;
                    set.keys.contains(key)
                }
            };
        if may_sign {
            return Ok(job.context);
        }
        Err(Failure::Key(format!(
            "the key {key} is neither the worker nor a countersigner of the job {address} on the {} path",
            self.path.name()
        )))
    }
}
