//! The jobs: opened, accepted, proven window by window, paid, refunded, closed.

use {
    crate::{
        farm::{Delivery, Farm, Refusal, Submission},
        plan::{self, ATTESTERS, NODE_LABELS, NODE_OWNERS, NODES, THRESHOLD},
        progress::{Screen, Tone},
        work::Work,
        world::World,
    },
    anyhow::{Result, bail, ensure},
    sluice_client::{
        AttesterSet, Job, Ledger, Network, OpenBuilder, address, instruction as ix,
        statement::{Countersignature, Path},
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
    std::ops::Range,
};

/// Opens one job per node, each reserved for the node's provider, and accepts it.
pub fn open(world: &mut World, works: &[Work]) -> Result<()> {
    let network: Network = world.chain.ledger.get(&world.network)?;
    let set: AttesterSet = world.chain.ledger.get(&world.set)?;
    for (node, work) in works.iter().enumerate() {
        let buyer = world.buyer.pubkey();
        let provider = &world.providers[NODE_OWNERS[node]];
        let terms = plan::terms(world.usdc.address, world.set);
        let open_until = world.chain.ledger.now() + i64::from(plan::WINDOW_SECS);
        let args = OpenBuilder::new(node as u64, terms, plan::DEPOSIT, open_until)
            .spec_hash(work.spec.hash())
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

/// Proves what every node delivered in `window`; a claim that the attesters refuse is sent all the same, and refused. Returns the
/// chunk that they found wrong, if there is one.
pub fn prove(
    world: &mut World,
    farm: &mut Farm,
    window: u32,
    delivered: &[Vec<Delivery>],
    screen: &Screen,
) -> Result<Option<u32>> {
    let mut wrong = None;
    for (node, deliveries) in delivered.iter().enumerate() {
        let mut claim = Claim::about(world, farm, node, window, deliveries)?;
        let (mut signed, refusals) = claim.countersign(farm)?;
        if let Some(refusal) = refusals.first() {
            wrong = refusal.chunk();
            tell_refusal(world, node, window, &refusals, screen);
            send_without_quorum(world, &claim, &signed, screen)?;
            (claim, signed) = claim_less(world, farm, &claim, deliveries, screen)?;
        }
        let quorum = quorum_of(&signed, window);
        let prove = claim.instructions(world, &quorum)?;
        world.chain.send("attest", &prove, &[])?;
    }
    Ok(wrong)
}

/// Claims what comes before the bad frame, since judged work is claimed from the window's first chunk on; every attester signs it.
fn claim_less<'a>(
    world: &World,
    farm: &mut Farm,
    refused: &Claim,
    deliveries: &'a [Delivery],
    screen: &Screen,
) -> Result<(Claim<'a>, Vec<Countersignature>)> {
    let good = deliveries.split(|one| one.frame == plan::BOTCHED).next();
    let good = good.unwrap_or_default();
    let Submission {
        node, statement, ..
    } = &refused.submission;
    let claim = Claim::about(world, farm, *node, statement.window, good)?;
    let (signed, refusals) = claim.countersign(farm)?;
    ensure!(refusals.is_empty(), "attesters refuse the good frames");
    let frames: Vec<_> = good.iter().map(|one| one.frame.to_string()).collect();
    screen.say(&format!(
        "{} {} claims only frame {} then: {} attesters sign {} units",
        world.chain.stamp(),
        NODE_LABELS[*node],
        frames.join(" and "),
        signed.len(),
        claim.submission.statement.units,
    ));
    Ok((claim, signed))
}

/// Says how many refuse, why, and which tile it is about.
fn tell_refusal(world: &World, node: usize, window: u32, refusals: &[Refusal], screen: &Screen) {
    let mut reasons: Vec<_> = refusals.iter().map(ToString::to_string).collect();
    reasons.dedup();
    let mut lines = vec![format!(
        "{} window {window}: {} of {ATTESTERS} attesters refuse: {}",
        NODE_LABELS[node],
        refusals.len(),
        reasons.join("; ")
    )];
    if let Some(chunk) = refusals.first().and_then(Refusal::chunk) {
        let (frame, tile) = plan::place_of(node, chunk);
        lines.push(format!("chunk {chunk} is tile {tile} of frame {frame}"));
    }
    for line in lines {
        let line = screen.paint(Tone::Bad, &line);
        screen.say(&format!("{} {line}", world.chain.stamp()));
    }
}

/// A worker's claim about frames of one window.
struct Claim<'a> {
    key: Address,
    job: Job,
    submission: Submission<'a>,
}

impl<'a> Claim<'a> {
    fn about(
        world: &World,
        farm: &Farm,
        node: usize,
        window: u32,
        deliveries: &'a [Delivery],
    ) -> Result<Self> {
        let key = world.job(node);
        let job: Job = world.chain.ledger.get(&key)?;
        let work = &farm.film.works[node];
        Ok(Self {
            key,
            submission: Submission::of(work, &job, node, window, deliveries)?,
            job,
        })
    }

    /// Asks every attester: the signatures, and why the others refuse.
    fn countersign(&self, farm: &mut Farm) -> Result<(Vec<Countersignature>, Vec<Refusal>)> {
        let (mut signed, mut refusals) = (Vec::new(), Vec::new());
        for answer in farm.countersign(&self.job, &self.submission)? {
            match answer {
                Ok(signature) => signed.push(signature),
                Err(refusal) => refusals.push(refusal),
            }
        }
        Ok((signed, refusals))
    }

    /// The transaction that proves this claim with these attesters' signatures. The worker signs what it claims, a smaller claim after
    /// a refused one too: it has no bond that two statements cost.
    fn instructions(
        &self,
        world: &World,
        attesters: &[Countersignature],
    ) -> Result<[Instruction; 2]> {
        let Submission {
            node, statement, ..
        } = &self.submission;
        let worker = statement.sign(Path::Quorum, &world.machines[*node].worker)?;
        let set = world.chain.ledger.get(&self.job.terms.set)?;
        Ok(ix::attest(
            &self.key, &self.job, &set, statement, worker, attesters,
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
