//! From an empty chain to a network in business, by transactions that anybody could send.

mod money;
mod provider;

pub(crate) use provider::Registration;
use {
    crate::{
        cast::Cast,
        plan,
        world::{Mints, World},
    },
    anyhow::{Context, Result, ensure},
    sluice_client::{
        Ledger,
        found::{Manifest, Step, Survey, Wanted},
        ledger::{self, Rpc, ws_url},
    },
    solana_commitment_config::CommitmentConfig,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_rpc_client::rpc_client::RpcClient,
    solana_signature::Signature,
    solana_signer::Signer,
    std::{
        thread,
        time::{Duration, Instant},
    },
};

/// How long the last transaction may take to be confirmed.
const PATIENCE: Duration = Duration::from_secs(30);

/// Brings mints, purses, the manifest's network and a provider about on the chain at `url`.
pub fn found(cast: Cast, url: &str) -> Result<World> {
    let mut founding = Founding::at(url);
    let mints = Mints::new();
    founding.mints(&cast.admin, &mints)?;
    let now = founding.ledger.clock()?.unix_timestamp;
    let manifest = plan::manifest(&cast.funder.pubkey(), &mints, now)?;
    let wanted = Wanted::of(&founding.ledger, &manifest)?;
    founding.purses(&cast, &mints, &wanted)?;
    founding.network(&cast, &[], &wanted)?;
    let world = World::of(cast, &mints, &wanted)?;
    founding.providers(&world)?;
    founding.join(&world)?;
    founding.wait()?;
    Ok(world)
}

/// The ledger would wait half a second for each transaction. A local chain has executed what it takes when it answers, so here
/// all are sent first and waited for together.
pub(crate) struct Founding {
    ledger: Rpc,
    client: RpcClient,
    sent: Vec<Signature>,
}

impl Founding {
    /// On the chain at `url`.
    pub(crate) fn at(url: &str) -> Self {
        let processed = CommitmentConfig::processed();
        Self {
            ledger: Rpc::new(url.to_owned(), ws_url(url), processed),
            client: RpcClient::new_with_commitment(url.to_owned(), processed),
            sent: Vec::new(),
        }
    }

    /// What a manifest comes to on this chain.
    pub(crate) fn wanted(&self, manifest: &Manifest) -> Result<Wanted> {
        Ok(Wanted::of(&self.ledger, manifest)?)
    }

    /// What the manifest wants and the chain has not: network, attesters, sets and reward pools. `more` sign beside the cast.
    pub(crate) fn network(&mut self, cast: &Cast, more: &[Keypair], wanted: &Wanted) -> Result<()> {
        for (item, step) in Survey::of(&self.ledger, wanted)?.due() {
            self.step(cast, more, &item.stage.to_string(), step)?;
        }
        Ok(())
    }

    /// Sends a step. The first who signs pays for it; the admin pays for what anybody may send.
    fn step(&mut self, cast: &Cast, more: &[Keypair], name: &str, step: &Step) -> Result<()> {
        let mut signers = Vec::new();
        for (role, key) in step.signers() {
            let found = more.iter().find(|one| one.pubkey() == key);
            let found = found.or_else(|| cast.find(&key));
            signers.push(found.with_context(|| format!("{key}, the {role}, is nobody's key"))?);
        }
        let payer = signers.first().copied().unwrap_or(&cast.admin);
        let key = payer.pubkey();
        let sending = step.build(&self.ledger, &key, &key)?;
        self.send(name, &sending.instructions, payer, &signers)
    }

    pub(crate) fn send(
        &mut self,
        name: &str,
        instructions: &[Instruction],
        payer: &Keypair,
        signers: &[&Keypair],
    ) -> Result<()> {
        let signers: Vec<&dyn Signer> = signers.iter().map(|key| *key as &dyn Signer).collect();
        let lifetime = self.ledger.latest()?;
        let transaction = ledger::sign(instructions, payer, &signers, &lifetime)?;
        // The simulation names what the program refuses.
        self.ledger
            .simulate(&transaction)
            .with_context(|| format!("{name} was refused"))?;
        self.sent.push(self.client.send_transaction(&transaction)?);
        Ok(())
    }

    /// Waits until everything that was sent is confirmed.
    pub(crate) fn wait(&self) -> Result<()> {
        let begin = Instant::now();
        loop {
            let statuses = self.client.get_signature_statuses(&self.sent)?.value;
            for status in statuses.iter().flatten() {
                status.status.clone()?;
            }
            if statuses.iter().all(Option::is_some) {
                return Ok(());
            }
            ensure!(begin.elapsed() < PATIENCE, "the chain confirms nothing");
            thread::sleep(Duration::from_millis(20));
        }
    }
}
