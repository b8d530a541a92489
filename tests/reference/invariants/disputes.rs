//! I16 and I17 of challenges: rulings come in their time, and a slash is bounded, burned and paid to nobody.

use {
    super::{each_pair, every_job},
    crate::reference::{
        Reference, Snapshot, Subject,
        disputes::{Challenge, ChallengeKey, Dispute},
    },
    std::collections::BTreeMap,
};

fn every_challenge(model: &Reference) -> impl Iterator<Item = (&ChallengeKey, &Challenge)> {
    let settled = model
        .settled
        .iter()
        .map(|(key, challenge)| (key, challenge));
    model.challenges.iter().chain(settled)
}

/// I16: a window was challenged before it matured, and ruled on no earlier than that: from the second half of the ruling time
/// on, and void only within it.
pub fn i16_rulings_come_in_their_time(model: &Reference) {
    for (key, challenge) in every_challenge(model) {
        assert!(challenge.at < challenge.matures, "I16: {key:?} came late");
        let halves = challenge.rule_from >= challenge.matures;
        assert!(halves, "I16: {key:?} can be ruled on early");
        if let Some(ruled) = challenge.ruled {
            assert!(ruled.at >= challenge.rule_from, "I16: {key:?} ruled early");
            let late = ruled.ruling.void && ruled.at >= challenge.rule_until;
            assert!(!late, "I16: {key:?} void after its time");
        }
    }
}

/// I17: rulings take no more than a job's bond, once for each challenge and only from void windows, signers answer once, and
/// all that was taken is burned or waits to be.
pub fn i17_slashes_are_bounded_and_burned(model: &Reference, state: &Snapshot) {
    let mut taken = BTreeMap::<(u64, u64), u128>::new();
    for ((job, incarnation, window), challenge) in every_challenge(model) {
        let slashed = challenge.ruled.map_or(0, |ruled| ruled.slashed);
        *taken.entry((*job, *incarnation)).or_default() += u128::from(slashed);
        let void = challenge.verdict() == Dispute::Void;
        assert!(void || slashed == 0, "I17: {job}/{window} not void");
        let mut signers = challenge.slashed.clone();
        signers.sort_unstable();
        signers.dedup();
        assert_eq!(
            signers.len(),
            challenge.slashed.len(),
            "I17: {job}/{window}"
        );
        assert!(void || signers.is_empty(), "I17: {job}/{window} not void");
    }
    for (id, job) in every_job(model) {
        let taken = taken.get(&(*id, job.incarnation)).copied().unwrap_or(0);
        let bond = u128::from(job.terms.bond);
        assert!(taken <= bond, "I17: job {id} lost {taken} of {bond}");
    }
    for (id, job) in &state.jobs {
        let taken = taken.get(&(*id, job.incarnation)).copied().unwrap_or(0);
        let bond = u128::from(model.jobs[id].terms.bond);
        let left = u128::from(job.bond);
        assert!(job.state != 1 || left + taken == bond, "I17: job {id}");
    }
    for (id, pool) in &state.stake_pools {
        let burned: u64 = model.stake_pools[id].burns.iter().sum();
        assert_eq!(pool.slashed, pool.to_burn + burned, "I17: pool {id}");
    }
}

/// I17: a slash moves no token: nobody's balance rises because of it.
pub fn i17_a_slash_enriches_nobody(before: &Snapshot, after: &Snapshot) {
    each_pair(&before.stake_pools, &after.stake_pools, |id, old, new| {
        if old.opened_slot == new.opened_slot && new.slashed > old.slashed {
            assert_eq!(before.balances, after.balances, "I17: pool {id}");
        }
    });
}

/// I17: an attester that is live nowhere loses at most what its owner had left, active and thawing.
pub fn i17_who_left_loses_no_more_than_its_own(
    model: &Reference,
    before: &Snapshot,
    after: &Snapshot,
) {
    each_pair(&before.stake_pools, &after.stake_pools, |id, old, new| {
        let known = model.stake_pools.get(id);
        let Some((Subject::Attester(attester), owner)) = known.map(|p| (p.subject, p.owner)) else {
            return;
        };
        let live = before.attesters.get(&attester).map(|a| a.live_bits);
        if live != Some(0) || old.opened_slot != new.opened_slot {
            return;
        }
        let own = before.positions.get(&(*id, owner));
        let own = own.map_or(0, |p| u128::from(p.shares) + u128::from(p.thawing));
        let all = u128::from(old.active_shares) + u128::from(old.thawing_shares);
        let taken = u128::from(new.slashed.saturating_sub(old.slashed));
        let bounded = taken * all <= own * u128::from(old.tokens);
        assert!(bounded, "I17: pool {id} lost {taken} of others");
    });
}
