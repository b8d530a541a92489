//! From an empty chain to a network in business, by transactions that anybody could send.

mod money;
mod parties;

use {
    crate::{plan, world::World},
    anyhow::{Context, Result, ensure},
    sluice_client::{
        Ledger, instruction as ix,
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

/// Sends what makes `world` true to the chain at `url`.
pub fn found(world: &World, url: &str) -> Result<()> {
    let processed = CommitmentConfig::processed();
    let mut founding = Founding {
        world,
        ledger: Rpc::new(url.to_owned(), ws_url(url), processed),
        client: RpcClient::new_with_commitment(url.to_owned(), processed),
        sent: Vec::new(),
    };
    founding.mints()?;
    founding.purses()?;
    founding.network()?;
    founding.attesters()?;
    founding.provider()?;
    founding.rewards()?;
    founding.wait()
}

/// The ledger would wait half a second for each transaction. A local chain has executed what it takes when it answers, so here
/// all are sent first and waited for together.
struct Founding<'a> {
    world: &'a World,
    ledger: Rpc,
    client: RpcClient,
    sent: Vec<Signature>,
}

impl Founding<'_> {
    fn network(&mut self) -> Result<()> {
        let world = self.world;
        let admin = world.cast.admin.pubkey();
        let create = ix::create_network(
            &admin,
            &admin,
            &world.stake.address,
            &world.reward.address,
            plan::network(world),
        );
        self.send("create_network", &[create], &world.cast.admin, &[])
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
