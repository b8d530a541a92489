//! I04 and I07: cumulative totals never fall, and no more leaves than came.

use {
    super::{each_pair, out_of, rewards::i07_rewards_never_fall, stake::parts},
    crate::reference::{
        Snapshot,
        snapshot::{JobCounters, PositionCounters, StakePoolCounters},
    },
};

/// I04: no more is claimed from a reward pool or leaves an escrow than was funded.
pub fn i04_no_more_leaves_than_came(state: &Snapshot) {
    for (id, pool) in &state.reward_pools {
        let left = u128::from(pool.claimed) + u128::from(pool.returned);
        assert!(left <= pool.funded.into(), "I04: pool {id} paid {left}");
    }
    for (id, job) in &state.jobs {
        let left = out_of(job);
        assert!(left <= job.funded.into(), "I04: job {id} paid {left}");
    }
    for (id, pool) in &state.stake_pools {
        let positions = state.positions.range((*id, 0)..=(*id, u64::MAX));
        let claimed: u128 = positions.map(|(_, p)| u128::from(p.dividend_claimed)).sum();
        let given = pool.dividend_total_in;
        assert!(claimed <= given.into(), "I04: dividends of {id}: {claimed}");
    }
}

/// I07: cumulative totals never fall while an account lives.
pub fn i07_totals_never_fall(before: &Snapshot, after: &Snapshot) {
    each_pair(&before.jobs, &after.jobs, |id, old, new| {
        if old.incarnation == new.incarnation {
            rising("job", id, totals_of_job(old), totals_of_job(new));
            // A ruling makes of a window that counted one that was never proven.
            let voided = |state: &Snapshot| {
                let theirs = state.challenges.range((*id, old.incarnation, 0)..);
                let theirs = theirs.take_while(|(key, _)| (key.0, key.1) == (*id, old.incarnation));
                theirs.filter(|(_, c)| c.verdict == 2).count() as u32
            };
            let void = voided(after).saturating_sub(voided(before));
            assert!(
                new.quorum_windows + void >= old.quorum_windows,
                "I07: job {id:?} lost windows"
            );
            assert!(
                old.state == 0 || new.end_at <= old.end_at,
                "I07: job {id:?} ends later"
            );
        }
    });
    i07_rewards_never_fall(before, after);
    each_pair(&before.nodes, &after.nodes, |id, old, new| {
        if old.opened_slot == new.opened_slot {
            rising("node", id, [old.units], [new.units]);
            rising("record of node", id, old.record, new.record);
        }
    });
    each_pair(&before.providers, &after.providers, |id, old, new| {
        if old.opened_slot == new.opened_slot {
            rising("record of provider", id, old.record, new.record);
        }
    });
    each_pair(&before.stake_pools, &after.stake_pools, |id, old, new| {
        let totals = |p: &StakePoolCounters| [p.slashed, p.dividend_total_in];
        // Closed and opened again, it starts from nothing.
        if old.opened_slot == new.opened_slot {
            rising("stake pool", id, totals(old), totals(new));
            let fell = parts(new.dividend_index) < parts(old.dividend_index);
            assert!(!fell, "I07: the index of stake pool {id:?} fell");
        }
    });
    each_pair(&before.positions, &after.positions, |id, old, new| {
        if old.opened_slot == new.opened_slot {
            let claimed = |p: &PositionCounters| [p.dividend_claimed];
            rising("position", id, claimed(old), claimed(new));
            let fell = parts(new.dividend_seen) < parts(old.dividend_seen);
            assert!(!fell, "I07: what position {id:?} has seen fell");
        }
    });
    each_pair(&before.challenges, &after.challenges, |id, old, new| {
        assert!(old.pieces <= new.pieces, "I07: evidence in {id:?} is gone");
        let again = old.verdict != 0 && old.verdict != new.verdict;
        assert!(!again, "I07: challenge {id:?} was ruled twice");
        let anew = new.signers & !old.signers;
        assert_eq!(anew, 0, "I07: a signer of {id:?} answers again");
    });
    each_pair(&before.offers, &after.offers, |id, old, new| {
        let more = old.incarnation == new.incarnation && new.slots_left > old.slots_left;
        assert!(!more, "I07: offer {id:?} has more slots left");
    });
    each_pair(&before.sets, &after.sets, |id, old, new| {
        let lost = old.entered & !new.entered;
        assert_eq!(lost, 0, "I07: set {id:?} forgot members");
        let returned = old.entered & !old.live & new.live;
        assert_eq!(returned, 0, "I07: a cleared bit of set {id:?} returned");
    });
}

fn totals_of_job(job: &JobCounters) -> [u64; 11] {
    [
        job.funded,
        job.units_funded,
        job.units_matured,
        job.quorum_matured,
        job.quorum_credited,
        job.paid,
        job.swept_treasury,
        job.swept_attesters,
        job.refunded,
        job.last_proven.into(),
        u64::from(job.slashes),
    ]
}

pub(super) fn rising<const N: usize>(
    kind: &str,
    id: impl std::fmt::Debug,
    before: [u64; N],
    after: [u64; N],
) {
    let fell = before.iter().zip(&after).any(|(old, new)| old > new);
    assert!(
        !fell,
        "I07: totals of {kind} {id:?} fell: {before:?} -> {after:?}"
    );
}
