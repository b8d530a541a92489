//! From an empty chain to a network in business, by transactions that anybody could send.

mod money;
mod provider;

use {
    crate::{
        cast::Cast,
        plan,
        world::{Mints, World},
    },
    anyhow::{Context, Result, ensure},
    sluice_client::{
        Ledger,
        found::{Step, Survey, Wanted},
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
    let processed = CommitmentConfig::processed();
    let mut founding = Founding {
        ledger: Rpc::new(url.to_owned(), ws_url(url), processed),
        client: RpcClient::new_with_commitment(url.to_owned(), processed),
        sent: Vec::new(),
    };
    let mints = Mints::new();
    founding.mints(&cast.admin, &mints)?;
    let now = founding.ledger.clock()?.unix_timestamp;
    let manifest = plan::manifest(&cast.funder.pubkey(), &mints, now)?;
    let wanted = Wanted::of(&founding.ledger, &manifest)?;
    founding.purses(&cast, &mints, &wanted)?;
    founding.network(&cast, &wanted)?;
    let world = World::of(cast, &mints, &wanted)?;
    founding.provider(&world)?;
    founding.join(&world)?;
    founding.wait()?;
    Ok(world)
}

/// The ledger would wait half a second for each transaction. A local chain has executed what it takes when it answers, so here
/// all are sent first and waited for together.
struct Founding {
    ledger: Rpc,
    client: RpcClient,
    sent: Vec<Signature>,
}

impl Founding {
    /// What the manifest wants: network, attesters, set and reward pool.
    fn network(&mut self, cast: &Cast, wanted: &Wanted) -> Result<()> {
        for (item, step) in Survey::of(&self.ledger, wanted)?.due() {
            self.step(cast, &item.stage.to_string(), step)?;
        }
        Ok(())
    }

    /// Sends a step. The first who signs pays for it; the admin pays for what anybody may send.
    fn step(&mut self, cast: &Cast, name: &str, step: &Step) -> Result<()> {
        let mut signers = Vec::new();
        for (role, key) in step.signers() {
            let found = cast.find(&key);
            signers.push(found.with_context(|| format!("{key}, the {role}, is nobody's key"))?);
        }
        let payer = signers.first().copied().unwrap_or(&cast.admin);
        let key = payer.pubkey();
        let sending = step.build(&self.ledger, &key, &key)?;
        self.send(name, &sending.instructions, payer, &signers)
    }

    fn send(
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
    fn wait(&self) -> Result<()> {
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
