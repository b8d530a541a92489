//! An attester that signs twice.

use {
    crate::{journals::Seen, stage::Stage},
    anyhow::{Context, Result},
    sluice_client::{
        Equivocation, Ledger, Signer, StakePool, address, instruction,
        statement::{Path, Statement, equivocation_instruction},
    },
};

/// What it loses, base units of the stake mint: the network's least bond.
pub const BOND: u64 = 50_000_000_000;

/// The member at `index` signs two statements about one window; somebody shows both, and clears its place in the set. Gives what it lost, base
/// units of the stake mint.
///
/// # Errors
/// What the program refuses.
pub fn sign(stage: &Stage, index: usize, seen: &Seen) -> Result<u64> {
    let key = stage.attesters.get(index).context("there is none")?;
    let network = &stage.chain.world().network;
    let own = address::attester(network, &key.pubkey());
    let pool = address::stake_pool(&own);
    let mut ledger = stage.ledger();
    let before: StakePool = ledger.get(&pool)?;
    // A window that nobody works on: it is no one's to prove, and theirs to be convicted of.
    let window = u32::MAX;
    let statements = [1, 2].map(|units| Statement::of(&seen.job, window, units, [9; 32]));
    let [first, second] = statements.map(|statement| {
        let by = statement.sign(Path::Quorum, key)?;
        anyhow::Ok((by, statement.message(Path::Quorum)))
    });
    let shown = Equivocation {
        job: seen.key,
        incarnation: seen.job.incarnation,
        node: seen.job.node,
        units: [1, 2],
        digests: [[9; 32]; 2],
        window,
        first: None,
        second: None,
    };
    let owner = stage.owner.pubkey();
    let evidence = equivocation_instruction(&[first?, second?]);
    let show = instruction::show_equivocation(network, &key.pubkey(), &owner, shown);
    let anybody = &stage.chain.world().cast.funder;
    ledger.send(&[evidence, show], anybody, &[])?;
    let index = u8::try_from(index)?;
    let leave = instruction::leave_attester_set(
        &anybody.pubkey(),
        network,
        &stage.set,
        &key.pubkey(),
        index,
    );
    ledger.send(&[leave], anybody, &[])?;
    let after: StakePool = ledger.get(&pool)?;
    Ok(before.tokens.saturating_sub(after.tokens))
}
