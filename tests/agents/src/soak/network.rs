//! What holds at every moment between accounts that are no job's: stake, bonds, counters, records.

use {
    super::{checks::Checks, sight::Sight},
    anyhow::Result,
    sluice_client::{Address, Job, JobState, Standing},
};

/// Holds everything that one moment shows.
///
/// # Errors
/// With what may not be.
pub fn hold(sight: &Sight, checks: &mut Checks) -> Result<()> {
    stake(sight, checks)?;
    locks(sight, checks)?;
    counters(sight, checks)?;
    supplies(sight, checks)
}

fn active<'a>(sight: &'a Sight, is: impl Fn(&Job) -> bool + 'a) -> impl Iterator<Item = &'a Job> {
    let all = sight.jobs.values();
    all.filter(move |job| job.state == JobState::Active.byte() && is(job))
}

fn sum(numbers: impl Iterator<Item = u64>) -> u64 {
    numbers.fold(0, u64::saturating_add)
}

/// I02, I05: a pool's vault has its tokens, its shares are its stakers', its bonds are of challenges that are there.
fn stake(sight: &Sight, checks: &mut Checks) -> Result<()> {
    for (key, pool) in &sight.pools {
        let of = || format!("stake pool {key}");
        let wanted = sum([pool.tokens, pool.to_burn, pool.challenge_bonds].into_iter());
        checks.same("I02", &sight.amount(&pool.vault), &wanted, of)?;
        let own = |pool: &Address| pool == key;
        let challenges = sight.challenges.values().filter(|one| own(&one.pool));
        let bonds = sum(challenges.clone().map(|one| one.bond));
        checks.same("I02", &pool.challenge_bonds, &bonds, of)?;
        let bonded = challenges.filter(|one| one.bond > 0).count();
        let counted = usize::try_from(pool.challenges)?;
        checks.same("I02", &counted, &bonded, of)?;
        let positions = sight.positions.values().filter(|one| own(&one.pool));
        let count = usize::try_from(pool.positions)?;
        checks.same("I05", &count, &positions.clone().count(), of)?;
        let active = sum(positions.clone().map(|one| one.shares));
        checks.same("I05", &pool.active_shares, &active, of)?;
        let thawing = sum(positions.map(|one| one.thawing));
        checks.same("I05", &pool.thawing_shares, &thawing, of)?;
        let tickets = sight.tickets.values().filter(|one| own(&one.pool));
        checks.same(
            "I05",
            &pool.thawing_shares,
            &sum(tickets.map(|one| one.shares)),
            of,
        )?;
        let shares = pool.active_shares.saturating_add(pool.thawing_shares);
        checks.holds("I05", pool.tokens <= shares, || {
            format!("{} has more tokens than shares", of())
        })?;
    }
    Ok(())
}

/// I06: what is locked is what bonds of active jobs and of live attesters hold, and the owner has as much at stake.
fn locks(sight: &Sight, checks: &mut Checks) -> Result<()> {
    for (key, pool) in &sight.pools {
        let of = || format!("what stake pool {key} locks");
        let wanted = match sight.attesters.get(&pool.subject) {
            Some(attester) => {
                let is_locked =
                    attester.live_bits > 0 && attester.standing == Standing::Good.byte();
                if is_locked { attester.bond } else { 0 }
            }
            None => sum(active(sight, |job| job.provider == pool.subject).map(|job| job.bond)),
        };
        checks.same("I06", &pool.locked, &wanted, of)?;
        let mut positions = sight.positions.values();
        let own = positions.find(|one| one.pool == *key && one.staker == pool.owner);
        let shares = own.map_or(0, |own| own.shares);
        // Nobody is slashed here, so a share is a token.
        checks.holds("I06", pool.locked <= shares, || {
            format!("{} is more than the owner's {shares}", of())
        })?;
    }
    for (key, attester) in &sight.attesters {
        let live = sight.sets.values().filter(|set| {
            let members = set.keys.iter().take(set.count.into());
            let mut places = (0..16u16).zip(members);
            places.any(|(place, key)| *key == attester.key && set.live >> place & 1 == 1)
        });
        let bits = usize::try_from(attester.live_bits)?;
        checks.same("I06", &bits, &live.count(), || {
            format!("sets in which attester {key} is live")
        })?;
    }
    for (key, set) in &sight.sets {
        checks.holds("I14", set.live & !set.entered == 0, || {
            format!("set {key} has members that never entered")
        })?;
    }
    Ok(())
}

/// Slots in use are active jobs, nodes of a provider are nodes, and slots of an offer are not more than there were.
fn counters(sight: &Sight, checks: &mut Checks) -> Result<()> {
    for (key, node) in &sight.nodes {
        let jobs = active(sight, |job| job.node == *key).count();
        checks.same("slots", &usize::from(node.slots_used), &jobs, || {
            format!("slots in use of node {key}")
        })?;
        checks.holds("slots", node.slots_used <= node.slots_total, || {
            format!("node {key} works on more than it has slots for")
        })?;
    }
    for (key, provider) in &sight.providers {
        let nodes = sight.nodes.values().filter(|node| node.provider == *key);
        let count = usize::try_from(provider.nodes)?;
        checks.same("nodes", &count, &nodes.count(), || {
            format!("nodes of provider {key}")
        })?;
    }
    for (key, offer) in &sight.offers {
        checks.holds("slots", offer.slots_left <= offer.slots_total, || {
            format!("offer {key} has more slots than it had")
        })?;
    }
    Ok(())
}

/// I12: all token accounts together hold what was minted.
fn supplies(sight: &Sight, checks: &mut Checks) -> Result<()> {
    for (mint, supply) in &sight.supplies {
        let accounts = sight.tokens.values().filter(|one| one.mint == *mint);
        checks.same("I12", &sum(accounts.map(|one| one.amount)), supply, || {
            format!("tokens of mint {mint}")
        })?;
    }
    Ok(())
}
