//! `sluice attest batch prove`.

use {
    super::file,
    crate::{
        batch::{Batch as Steps, send_all},
        failure::{Failure, Result, gone},
        keys::Key,
        output::{Fields, Value},
        session::{Plan, Session, own::Part},
    },
    clap::Args,
    sluice_client::{
        Batch, ClientError, Job, Ledger, Node, Provider,
        batch::{Contents, Packed, Sorted, pack, sort},
        instruction,
        ledger::MAX_TRANSACTION,
        own,
    },
    solana_address::Address,
    solana_signer::Signer,
    std::collections::{BTreeMap, BTreeSet},
};

#[derive(Args, Debug)]
pub struct Prove {
    /// File that `attest batch build` wrote.
    #[arg(value_name = "BATCH_FILE")]
    file: String,
    /// Address of the batch.
    batch: Address,
    /// Signs as the operator of a provider, for all of its machines; by default as the worker of the jobs.
    #[arg(long)]
    operator: bool,
    /// With --operator, address of the provider's account; by default the only one that the signer operates.
    #[arg(
        long,
        env = "SLUICE_PROVIDER",
        hide_env_values = true,
        value_name = "ADDRESS"
    )]
    provider: Option<Address>,
}

/// Who proves, and whose jobs.
struct Prover {
    key: Key,
    provider: Option<Address>,
    nodes: BTreeSet<Address>,
}

impl Prove {
    /// Proves what can be proven now.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let contents = file::contents(&self.file)?;
        session.gather([self.batch, contents.set])?;
        let found = session.ledger.get(&self.batch);
        let batch: Batch = found.map_err(gone("batch", &self.batch))?;
        if (batch.set, batch.root) != (contents.set, contents.root) {
            return Err(Failure::input(format!(
                "the batch {} is not that of {}: its root is another",
                self.batch, self.file
            )));
        }
        let read = file::built(session, &self.file, contents)?;
        let signers = batch.quorum(&read.set).map_err(ClientError::from)?;
        let prover = self.prover(session)?;
        let leaves = read.contents.leaves.iter().zip(&read.statements);
        let own: Vec<_> = leaves
            .enumerate()
            .filter(|(_, (leaf, _))| prover.nodes.contains(&leaf.node))
            .map(|(index, (leaf, statement))| (index, *leaf, *statement))
            .collect();
        if own.is_empty() {
            return Err(Failure::input(format!(
                "no statement of the batch is about a machine that {} {}",
                prover.key.pubkey(),
                if self.operator {
                    "operates"
                } else {
                    "works on"
                }
            )));
        }
        let of_others = read.contents.leaves.len().saturating_sub(own.len());
        let mut jobs = jobs(session, own.iter().map(|(_, leaf, _)| leaf.job))?;
        let now = session.now()?;
        let sorted = sort(own, &mut jobs, &batch.set, signers, now);
        let wanted: Vec<_> = sorted
            .provable
            .iter()
            .map(|one| (one.index, one.job, one.statement))
            .collect();
        let envelope = session.envelope()?;
        let plan = |packed: &Packed| self.plan(&prover, &batch.set, packed);
        let fits = |packed: &Packed| envelope.size(&plan(packed)) <= MAX_TRANSACTION;
        let packed = pack(&read.tree, &wanted, fits);
        let mut all = Steps::new(|rows| {
            let proven = file::joined(&rows, "proven");
            Fields::new().with("proven", proven)
        });
        let mut rest = sorted.provable.iter();
        for one in &packed {
            let own = rest.by_ref().take(one.run.entries.len());
            let own = own.map(|window| {
                Fields::new()
                    .with("job", window.job)
                    .with("window", window.statement.window)
                    .with("units", window.accepted)
            });
            let row = Fields::new().with("proven", Value::Table(own.collect()));
            all.steps.push((plan(one), row));
        }
        if let Some(window) = rest.next() {
            return Err(Failure::input(format!(
                "the proof of window {} of the job {} fits no transaction: leave out what stands around it, as --with-memo",
                window.statement.window, window.job
            )));
        }
        let left_out = left_out(&read.contents, &sorted);
        if all.steps.is_empty() {
            return Err(nothing(&left_out));
        }
        let more = Fields::new()
            .with("batch", self.batch)
            .with("left_out", Value::List(left_out))
            .with("of_others", u32::try_from(of_others).ok());
        send_all(session, all, more)
    }

    fn prover(&self, session: &Session<impl Ledger>) -> Result<Prover> {
        let addresses = |nodes: Vec<(Address, Node)>| nodes.into_iter().map(|(key, _)| key);
        if !self.operator {
            let key = session.signer()?;
            let nodes = own::worked(&session.ledger, &key.pubkey())?;
            return Ok(Prover {
                key,
                provider: None,
                nodes: addresses(nodes).collect(),
            });
        }
        let ask = "give one with --provider";
        let address = session.provider(self.provider, Part::Operator, ask)?;
        let provider: Provider = session.ledger.get(&address)?;
        let nodes = own::nodes(&session.ledger, &address)?;
        Ok(Prover {
            key: session.signer_as("provider's operator", &provider.operator)?,
            provider: Some(address),
            nodes: addresses(nodes).collect(),
        })
    }

    fn plan(&self, prover: &Prover, set: &Address, packed: &Packed) -> Plan {
        let attest = instruction::attest_batch(
            &prover.key.pubkey(),
            (&self.batch, set),
            prover.provider,
            &packed.jobs,
            packed.run.clone(),
        );
        Plan::of(attest).signed_by(Key::clone(&prover.key))
    }
}

/// The jobs at these addresses that are there.
fn jobs(
    session: &Session<impl Ledger>,
    addresses: impl Iterator<Item = Address>,
) -> Result<BTreeMap<Address, Job>> {
    let addresses: BTreeSet<Address> = addresses.collect();
    session.ledger.gather(addresses.iter().copied())?;
    let mut found = BTreeMap::new();
    for address in addresses {
        match session.ledger.get(&address) {
            // A leaf of others may name anything.
            Err(ClientError::NoAccount(_) | ClientError::WrongAccount { .. }) => {}
            job => {
                found.insert(address, job?);
            }
        }
    }
    Ok(found)
}

/// The windows that cannot be proven now, and why.
fn left_out(contents: &Contents, sorted: &Sorted) -> Vec<Fields> {
    let others = sorted.others.iter().filter_map(|(index, why)| {
        let leaf = contents.leaves.get(*index)?;
        let window = Fields::new()
            .with("job", leaf.job)
            .with("window", leaf.window);
        Some(window.with("why", why.to_string()))
    });
    others.collect()
}

/// Says why no window can be proven: of the first one, for the others have mostly the same.
fn nothing(left_out: &[Fields]) -> Failure {
    let told = |name: &str| {
        let value = left_out.first().and_then(|window| window.get(name));
        value.map_or_else(String::new, |value| value.display(&Default::default()))
    };
    let others = match left_out.len().saturating_sub(1) {
        0 => String::new(),
        others => format!("; nor can {others} others"),
    };
    Failure::input(format!(
        "window {} of the job {} cannot be proven now: {}{others}",
        told("window"),
        told("job"),
        told("why")
    ))
}
