//! Proofs on the built ELF, put together from parts that need not belong together.

use {
    anchor_lang::InstructionData,
    sluice_client::{
        instruction as ix,
        statement::{Path, Statement, ed25519_instruction},
    },
    sluice_tests::world::{Site, World, sign_all},
    solana_instruction::Instruction,
    solana_keypair::Keypair,
};

/// Members 0, 1 and 2, as an instruction names them.
pub const FIRST_THREE: u64 = 0x210;

/// The statement that a site's tests prove: 100 units in window 0.
pub fn statement(site: &Site) -> Statement {
    Statement::of(&site.state(), 0, 100, [0; 32])
}

/// A site at the first second in which window 0 can be proven.
pub fn ready() -> Site {
    let mut site = Site::new();
    site.at(3_600);
    site
}

/// A site at that second whose quorum is one member, so that signatures fit a transaction twice.
pub fn ready_and_small() -> Site {
    let mut world = World::new();
    let set = world.set(2, 1);
    let mut site = Site::under(world, set, |_| ());
    site.at(3_600);
    site
}

/// The worker and the members at these indices.
pub fn worker_and(site: &Site, members: &[usize]) -> Vec<Keypair> {
    let members = members.iter().map(|index| &site.set.attesters[*index].key);
    std::iter::once(&site.job.worker)
        .chain(members)
        .map(Keypair::insecure_clone)
        .collect()
}

/// Worker and cosigner.
pub fn worker_and_cosigner(site: &Site) -> Vec<Keypair> {
    vec![
        site.job.worker.insecure_clone(),
        site.job.cosigner.insecure_clone(),
    ]
}

/// The ed25519 instruction in which `keys` sign `statement`, all signatures real.
pub fn signed(statement: &Statement, path: Path, keys: &[Keypair]) -> Instruction {
    let signatures = sign_all(statement, path, keys.iter());
    ed25519_instruction(&statement.message(path), &signatures).unwrap()
}

/// The program's `attest` on a site's job for what is claimed.
pub fn attest(site: &Site, claimed: &Statement, members: u64) -> Instruction {
    let [_, mut ours] = site.world.attest_ixs(&site.job, &site.set, 0, 0);
    ours.data = sluice::instruction::Attest {
        window: claimed.window,
        units: claimed.units,
        digest: claimed.digest,
        members,
    }
    .data();
    ours
}

/// The program's `attest_cosigned` on a site's job for what is claimed.
pub fn attest_cosigned(site: &Site, claimed: &Statement) -> Instruction {
    let [_, mut ours] = site.world.cosigned_ixs(&site.job, 0, 0);
    ours.data = sluice::instruction::AttestCosigned {
        window: claimed.window,
        units: claimed.units,
        digest: claimed.digest,
    }
    .data();
    ours
}

/// The honest proof of [`statement`].
pub fn honest(site: &Site) -> [Instruction; 2] {
    let statement = statement(site);
    let (keys, members) = match site.set.args.threshold {
        1 => (worker_and(site, &[0]), 0),
        _ => (worker_and(site, &[0, 1, 2]), FIRST_THREE),
    };
    [
        signed(&statement, Path::Quorum, &keys),
        attest(site, &statement, members),
    ]
}

/// Something harmless that takes a place in the transaction.
pub fn bystander(site: &mut Site) -> Instruction {
    let owner = site.job.buyer.insecure_clone();
    let (payer, mint) = (site.world.payer.insecure_clone(), site.world.pay_mint);
    use solana_signer::Signer;
    ix::token::create_token_account(&payer.pubkey(), &owner.pubkey(), &mint)
}

/// The honest proof still passes: what was refused before did no harm.
#[track_caller]
pub fn still_provable(mut site: Site) {
    let honest = honest(&site);
    site.world.ok(&honest, &[]);
    assert_eq!(site.state().units_pending, 100);
}
