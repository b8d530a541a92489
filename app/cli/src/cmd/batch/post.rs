//! `sluice attest batch post`.

use {
    super::file,
    crate::{
        batch::{Batch as Steps, send_all},
        failure::{Failure, Result},
        output::{Fields, Value},
        parse::When,
        session::{Plan, Session, size},
    },
    clap::Args,
    sluice_client::{
        AttesterSet, Batch, Ledger, account, address, batch, ledger::MAX_TRANSACTION,
        statement::Countersignature,
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

#[derive(Args, Debug)]
pub struct Post {
    /// File that `attest batch build` wrote.
    #[arg(value_name = "BATCH_FILE")]
    file: String,
    /// Files that `attest batch endorse` wrote, in any order.
    #[arg(required = true, value_name = "SIGNATURE_FILE")]
    signatures: Vec<String>,
    /// From when on the payer can close it, 60 days ahead at most; of a batch that this payer posted before, the date stays.
    #[arg(long, value_name = "DATE", default_value = "+2d")]
    expires: When,
}

impl Post {
    /// Posts the batch, or adds to it.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let contents = file::contents(&self.file)?;
        let signatures = self.signatures(&contents)?;
        let payer = session.payer()?.pubkey();
        let key = address::batch(&payer, &contents.set, &contents.root);
        session.gather([contents.set, key])?;
        let read = file::built(session, &self.file, contents)?;
        let (contents, set) = (&read.contents, &read.set);
        let posted = posted(session, &key)?;
        let lacking = batch::lacking(posted.as_ref(), set, &signatures)?;
        if lacking.is_empty() {
            return Err(Failure::input(format!(
                "these signatures add nothing to the batch {key}: those of its set's live members are there already"
            )));
        }
        let expires_at = match &posted {
            Some(batch) => batch.expires_at,
            None => self.expires.resolve(session.now()?)?,
        };
        let envelope = session.envelope()?;
        let fits = |step: &[Instruction; 2]| envelope.size(&plan(step)) <= MAX_TRANSACTION;
        let steps = batch::post(
            (&payer, expires_at),
            (&contents.set, set),
            (&key, contents.root),
            posted.is_some(),
            &lacking,
            fits,
        )?;
        let mut all = Steps::new(|rows| {
            let signed = file::joined(&rows, "signed");
            Fields::new().with("signed", signed)
        });
        let mut rest = lacking.iter();
        for step in &steps {
            let mut plan = plan(step);
            if all.steps.is_empty() && posted.is_none() {
                plan = plan.creating(size::<Batch>());
            }
            let own = rest.by_ref().take(signatures_in(step));
            let own = own.map(|one| Fields::new().with("key", one.key)).collect();
            let row = Fields::new().with("signed", Value::Table(own));
            all.steps.push((plan, row));
        }
        let more = Fields::new()
            .with("batch", key)
            .with("set", contents.set)
            .with("root", contents.root)
            .date("expires_at", expires_at)
            .with("quorum", is_quorum(posted.as_ref(), set, &lacking));
        send_all(session, all, more)
    }

    /// The signatures, which must be of this batch.
    fn signatures(&self, contents: &batch::Contents) -> Result<Vec<Countersignature>> {
        let of_this = |path: &String| {
            let signed = file::signature(path)?;
            if (signed.set, signed.root) == (contents.set, contents.root) {
                return Ok(signed.by);
            }
            Err(Failure::input(format!(
                "the signature in {path} is of another batch than {}",
                self.file
            )))
        };
        self.signatures.iter().map(of_this).collect()
    }
}

fn plan(step: &[Instruction; 2]) -> Plan {
    let mut plan = Plan::default();
    for instruction in step {
        plan.push(instruction.clone());
    }
    plan
}

/// How many signatures the first instruction carries.
fn signatures_in([carrier, _]: &[Instruction; 2]) -> usize {
    carrier.data.first().copied().map_or(0, usize::from)
}

/// The batch at this address, if it was posted.
fn posted(session: &Session<impl Ledger>, key: &Address) -> Result<Option<Batch>> {
    match session.ledger.account(key)? {
        Some(found) if found.owner == sluice_client::ID => Ok(Some(account::decode(key, &found)?)),
        _ => Ok(None),
    }
}

/// True if those that signed before and these live members are enough.
fn is_quorum(posted: Option<&Batch>, set: &AttesterSet, added: &[Countersignature]) -> bool {
    let signed = posted.map_or(0, |batch| (batch.signers & set.live).count_ones());
    let added = u32::try_from(added.len()).unwrap_or(u32::MAX);
    signed.saturating_add(added) >= u32::from(set.threshold)
}
