//! The jobs: opened, accepted, proven window by window, paid, refunded, closed.

use {
    crate::{
        farm::{self, Attester, Delivery},
        plan::{self, NODE_LABELS, NODE_OWNERS, NODES, THRESHOLD},
        progress::{Screen, Tone},
        world::World,
    },
    anyhow::{Result, bail, ensure},
    sha2::{Digest, Sha256},
    sluice_client::{
        AttesterSet, Job, Ledger, Network, OpenBuilder, address, instruction as ix,
        statement::{Countersignature, Path, Statement},
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
    std::ops::Range,
};

/// Opens one job per node, each reserved for the node's provider, and accepts it.
pub fn open(world: &mut World) -> Result<()> {
    let network: Network = world.chain.ledger.get(&world.network)?;
    let set: AttesterSet = world.chain.ledger.get(&world.set)?;
    for (node, label) in NODE_LABELS.iter().enumerate() {
        let buyer = world.buyer.pubkey();
        let provider = &world.providers[NODE_OWNERS[node]];
        let terms = plan::terms(world.usdc.address, world.set);
        let open_until = world.chain.ledger.now() + i64::from(plan::WINDOW_SECS);
        let work = Sha256::digest(format!("salt of {label}: the zoom, every third frame"));
        let args = OpenBuilder::new(node as u64, terms, plan::DEPOSIT, open_until)
            .spec_hash(work.into())
            .provider(provider.subject)
            .build(&network, Some(&set));
        let token_program = &world.usdc.token_program;
        let open = ix::open_job(&buyer, &buyer, &world.network, token_program, args);
        world.chain.send("open_job", &[open], &[&world.buyer])?;

        let key = world.job(node);
        let job: Job = world.chain.ledger.get(&key)?;
        let operator = &world.operators[NODE_OWNERS[node]];
        let machine = world.machines[node].address;
        let owner = world.providers[NODE_OWNERS[node]].owner.pubkey();
        let accept = ix::accept_job(&operator.pubkey(), &owner, &key, &job, &machine);
        world.chain.send("accept_job", &[accept], &[operator])?;
    }
    Ok(())
}

/// Proves what every node delivered in `window`; a claim that the attesters refuse is sent all the same, and refused.
pub fn prove(
    world: &mut World,
    attesters: &mut [Attester],
    window: u32,
    delivered: &[Vec<Delivery>],
    screen: &Screen,
) -> Result<()> {
    for (node, deliveries) in delivered.iter().enumerate() {
        let mut claimed: Vec<&Delivery> = deliveries.iter().collect();
        let mut claim = Claim::about(world, node, window, &claimed)?;
        let (signed, refusals) = claim.countersign(attesters);
        let signed = if refusals.is_empty() {
            signed
        } else {
            let said = format!(
                "{} window {window}: {} of {} attesters refuse: {}",
                NODE_LABELS[node],
                attesters.len() - signed.len(),
                attesters.len(),
                refusals.join("; ")
            );
            screen.say(&format!(
                "{} {}",
                world.chain.stamp(),
                screen.paint(Tone::Bad, &said)
            ));
            send_without_quorum(world, &claim, &signed, screen)?;
            claimed.retain(|delivery| delivery.frame != plan::BOTCHED);
            claim = Claim::about(world, node, window, &claimed)?;
            let (signed, refusals) = claim.countersign(attesters);
            ensure!(
                refusals.is_empty(),
                "attesters refuse the good frames: {}",
                refusals.join("; ")
            );
            screen.say(&format!(
                "{} {} claims only frame {} then: {} attesters sign 1 unit",
                world.chain.stamp(),
                NODE_LABELS[node],
                claim.frames[0],
                signed.len(),
            ));
            signed
        };
        let quorum = quorum_of(&signed, window);
        let prove = claim.instructions(world, &quorum)?;
        world.chain.send("attest", &prove, &[])?;
    }
    Ok(())
}

/// A worker's statement about frames of one window.
struct Claim {
    key: Address,
    job: Job,
    node: usize,
    frames: Vec<u32>,
    statement: Statement,
}

impl Claim {
    fn about(world: &World, node: usize, window: u32, deliveries: &[&Delivery]) -> Result<Self> {
        let key = world.job(node);
        let job: Job = world.chain.ledger.get(&key)?;
        let evidence = deliveries.iter().map(|one| (one.frame, one.image.hash()));
        let digest = farm::digest(evidence);
        Ok(Self {
            key,
            node,
            frames: deliveries.iter().map(|one| one.frame).collect(),
            statement: Statement::of(&job, window, deliveries.len() as u64, digest),
            job,
        })
    }

    /// Asks every attester: the signatures, and the different things that the others say.
    fn countersign(&self, attesters: &mut [Attester]) -> (Vec<Countersignature>, Vec<String>) {
        let (mut signed, mut refusals) = (Vec::new(), Vec::new());
        for attester in attesters {
            match attester.confirm(&self.job, self.node, &self.statement, &self.frames) {
                Ok(signature) => signed.push(signature),
                Err(refusal) => refusals.push(refusal.to_string()),
            }
        }
        refusals.dedup();
        (signed, refusals)
    }

    /// The transaction that proves this claim with these attesters' signatures. The worker signs what it claims, a smaller claim after
    /// a refused one too: it has no bond that two statements cost.
    fn instructions(
        &self,
        world: &World,
        attesters: &[Countersignature],
    ) -> Result<[Instruction; 2]> {
        let worker = &world.machines[self.node].worker;
        let worker = self.statement.sign(Path::Quorum, worker)?;
        let set = world.chain.ledger.get(&self.job.terms.set)?;
        let (job, statement) = (&self.job, &self.statement);
        Ok(ix::attest(
            &self.key, job, &set, statement, worker, attesters,
        )?)
    }
}

/// As many signatures as the threshold, other members taking part in every window.
fn quorum_of(signed: &[Countersignature], window: u32) -> Vec<Countersignature> {
    signed
        .iter()
        .cycle()
        .skip(window as usize)
        .take(usize::from(THRESHOLD).min(signed.len()))
        .copied()
        .collect()
}

/// Sends a claim with the signatures there are; escrow must not move for it.
fn send_without_quorum(
    world: &mut World,
    claim: &Claim,
    signed: &[Countersignature],
    screen: &Screen,
) -> Result<()> {
    const EXPECTED: &str = "WrongSignerCount";
    if signed.len() >= usize::from(THRESHOLD) {
        bail!("a botched frame found a quorum");
    }
    let attempt = claim.instructions(world, signed)?;
    world.chain.send_refused("attest", EXPECTED, &attempt)?;
    let said = format!(
        "sent all the same, with {} of {THRESHOLD} signatures: refused, {EXPECTED}",
        signed.len()
    );
    screen.say(&format!(
        "{} {}",
        world.chain.stamp(),
        screen.paint(Tone::Bad, &said)
    ));
    Ok(())
}

/// Tries to pay a job whose proofs are still in their challenge time.
pub fn pay_too_early(world: &mut World, screen: &Screen) -> Result<()> {
    let key = world.job(0);
    let job: Job = world.chain.ledger.get(&key)?;
    let pay = ix::pay(&key, &job, &world.usdc.token_program);
    world.chain.send_refused("pay", "NothingDue", &[pay])?;
    screen.say(&format!(
        "{} pay before the challenge time has passed: refused, NothingDue",
        world.chain.stamp()
    ));
    Ok(())
}

/// Matures what is due in the jobs of `nodes`, and pays it to every provider, the treasury and the attesters.
pub fn pull(world: &mut World, nodes: Range<usize>) -> Result<()> {
    let network: Network = world.chain.ledger.get(&world.network)?;
    let token_program = world.usdc.token_program;
    for node in nodes {
        let key = world.job(node);
        let job: Job = world.chain.ledger.get(&key)?;
        for (name, pull) in [
            ("mature", ix::mature(&key)),
            ("pay", ix::pay(&key, &job, &token_program)),
            (
                "sweep_treasury",
                ix::sweep_treasury(&key, &job, &network, &token_program),
            ),
            (
                "sweep_attesters",
                ix::sweep_attesters(&key, &job, &token_program),
            ),
        ] {
            world.chain.send(name, &[pull], &[])?;
        }
    }
    Ok(())
}

/// Credits every node what has matured.
pub fn credit(world: &mut World) -> Result<()> {
    for node in 0..NODES {
        let key = world.job(node);
        let job: Job = world.chain.ledger.get(&key)?;
        world.chain.send("credit", &[ix::credit(&key, &job)], &[])?;
    }
    Ok(())
}

/// Refunds the rest, releases bonds and slots, and closes the jobs of `nodes` and their vaults.
pub fn close(world: &mut World, nodes: Range<usize>) -> Result<()> {
    let token_program = world.usdc.token_program;
    for node in nodes {
        let key = world.job(node);
        let job: Job = world.chain.ledger.get(&key)?;
        for (name, step) in [
            ("refund", ix::refund(&key, &job, &token_program)),
            ("release_job", ix::release_job(&key, &job)),
            ("close_job", ix::close_job(&key, &job, &token_program)),
        ] {
            world.chain.send(name, &[step], &[])?;
        }
    }
    Ok(())
}

/// Accounts of jobs and their vaults that still exist.
pub fn left_open(world: &World) -> Result<usize> {
    let mut open = 0;
    for node in 0..NODES {
        let job = world.job(node);
        for address in [job, address::vault(&job)] {
            open += usize::from(world.chain.ledger.account(&address)?.is_some());
        }
    }
    Ok(open)
}
