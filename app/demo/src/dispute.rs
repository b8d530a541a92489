//! The dispute: attesters confirm what was computed, not that it arrived. The buyer challenges a window whose frames it never
//! got, and the resolver rules.

use {
    crate::{
        ledger::{Asset, plain},
        plan::{self, NODE_LABELS, WITHHELD, WITHHOLDER},
        progress::{Screen, Tone},
        world::World,
    },
    anyhow::{Result, ensure},
    sha2::{Digest, Sha256},
    sluice_client::{
        Challenge, Job, Ledger, Ruling, StakePool, address, instruction as ix,
        view::challenge::Step,
    },
    solana_address::Address,
    solana_signer::Signer,
};

/// Code of the meter: the frames were not delivered.
const NOT_DELIVERED: u16 = 1;

/// The buyer challenges the withheld window, and puts down a bond.
pub fn open(world: &mut World, screen: &Screen) -> Result<()> {
    let (key, job) = job(world)?;
    let buyer = world.buyer.pubkey();
    let evidence = Sha256::digest("log of the download: frames offered, none received").into();
    let challenge = ix::challenge(
        &buyer,
        &buyer,
        &key,
        &job,
        &world.stake.address,
        &world.stake.token_program,
        WITHHELD,
        (NOT_DELIVERED, evidence),
    );
    world
        .chain
        .send("challenge", &[challenge], &[&world.buyer])?;
    let frames: Vec<_> = plan::withheld().iter().map(ToString::to_string).collect();
    let said = format!(
        "{} window {WITHHELD}: frames {} never arrived: the buyer challenges it",
        NODE_LABELS[WITHHOLDER],
        frames.join(" and ")
    );
    screen.say(&format!(
        "{} {}",
        world.chain.stamp(),
        screen.paint(Tone::Bad, &said)
    ));
    let log = Sha256::digest("log of the upload: empty").into();
    let add = ix::add_evidence(&buyer, &address(world)?, log);
    world.chain.send("add_evidence", &[add], &[&world.buyer])
}

/// When the resolver may rule, seconds since the demo began.
pub fn rule_from(world: &World) -> Result<i64> {
    let challenge: Challenge = world.chain.ledger.get(&address(world)?)?;
    Ok(challenge.rule_from - world.chain.ledger.now() + world.chain.elapsed())
}

/// The resolver rules the window void and slashes; the buyer gets its bond back, and what was slashed is burned. Returns how
/// many challenges are left.
pub fn rule(world: &mut World, screen: &Screen) -> Result<usize> {
    let key = address(world)?;
    let challenge: Challenge = world.chain.ledger.get(&key)?;
    let ruling = Ruling {
        void: 1,
        signers_lied: 0,
        reason: NOT_DELIVERED,
        slash: plan::SLASH,
        evidence: Sha256::digest("neither log shows a frame sent").into(),
    };
    let rule = ix::rule_challenge(&world.admin.pubkey(), &challenge, ruling);
    world
        .chain
        .send("rule_challenge", &[rule], &[&world.admin])?;
    let said = format!(
        "the resolver rules it void and slashes {} STAKE of provider B",
        plain(plan::SLASH.into(), Asset::Stake)
    );
    screen.say(&format!(
        "{} {}",
        world.chain.stamp(),
        screen.paint(Tone::Bad, &said)
    ));
    let challenge: Challenge = world.chain.ledger.get(&key)?;
    let pool: StakePool = world.chain.ledger.get(&challenge.pool)?;
    let token_program = &world.stake.token_program;
    let settle = ix::settle_challenge(&challenge, &pool, token_program);
    let due = Step::of(&challenge, world.chain.ledger.now());
    ensure!(due == Step::Settle, "the challenge cannot be settled");
    world.chain.send("settle_challenge", &[settle], &[])?;
    let burn = ix::burn_slashed(&challenge.pool, &pool, token_program);
    world.chain.send("burn_slashed", &[burn], &[])?;
    Ok(usize::from(world.chain.ledger.account(&key)?.is_some()))
}

fn job(world: &World) -> Result<(Address, Job)> {
    let key = world.job(WITHHOLDER);
    Ok((key, world.chain.ledger.get(&key)?))
}

fn address(world: &World) -> Result<Address> {
    let (key, job) = job(world)?;
    Ok(address::challenge(&key, job.incarnation, WITHHELD))
}
