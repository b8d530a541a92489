//! I03, I04, I05 and I07 of reward pools: every base unit is claimed, claimable, reserved, unallocated or returned.

use {
    super::{donated, each_pair, held, totals::rising},
    crate::reference::{
        Holder, Id, Reference, RewardTerms, Snapshot,
        rewards::{Parts, Share},
        snapshot::{EpochCounters, RewardPoolCounters, ShareCounters},
    },
};

/// What a reward pool owes: unallocated, held by open epochs, and earned but not claimed. Claims may run ahead of folds,
/// out of what epochs hold.
fn owed_by(state: &Snapshot, id: u64, pool: &RewardPoolCounters, rate: u64) -> i128 {
    let open = state.epochs.range((id, 0)..=(id, u64::MAX));
    let epochs: i128 = open
        .map(|(_, epoch)| i128::from(rate) - i128::from(epoch.allocated))
        .sum();
    i128::from(pool.unallocated) + epochs + i128::from(pool.earned) - i128::from(pool.claimed)
}

/// I03: a reward vault holds what is unallocated, reserved and owed, and no more unless somebody donated.
pub fn i03_reward_vaults_cover_pools(model: &Reference, expected: &Snapshot, state: &Snapshot) {
    for (id, pool) in &state.reward_pools {
        let (vault, known) = (Holder::RewardVault(*id), &model.reward_pools[id]);
        let owed = owed_by(state, *id, pool, known.terms.rate);
        let balance = held(state, vault, known.mint);
        assert!(balance >= owed, "I03: pool {id} holds {balance} of {owed}");
        let funded = i128::from(pool.funded) - i128::from(pool.claimed);
        let funded = funded - i128::from(pool.returned);
        assert_eq!(owed, funded, "I03: pool {id} owes what it was funded with");
        // What the account says of itself.
        let held = u128::from(pool.epochs) * u128::from(known.terms.rate);
        let held = held + u128::from(pool.settled);
        let all = held + u128::from(pool.unallocated) + u128::from(pool.returned);
        assert_eq!(all, pool.funded.into(), "I03: the totals of pool {id}");
        assert!(u128::from(pool.claimed) <= held, "I03: pool {id} paid more");
        let model_owed = owed_by(expected, *id, &expected.reward_pools[id], known.terms.rate);
        let gift = donated(model, vault, known.mint, model_owed);
        assert_eq!(
            balance,
            owed + gift,
            "I03: pool {id} with {gift} of donations"
        );
    }
}

/// What `units` earn of an epoch, rounded down, by what the chain says of it.
fn whole(terms: &RewardTerms, epoch: &EpochCounters, units: u64) -> u128 {
    let total = u128::from(epoch.total_units);
    let emission = u128::from(terms.rate).min(total * u128::from(terms.ceiling));
    (emission * u128::from(units))
        .checked_div(total)
        .unwrap_or(0)
}

/// The open epochs in which a share has work, their index, units and the delegators' basis points.
fn slots(share: &ShareCounters) -> impl Iterator<Item = (u64, u64, u16)> + '_ {
    let held = share.slots.iter().filter(|slot| slot.0 > 0);
    held.map(|(next, units, bps)| (next - 1, *units, *bps))
}

/// What a slot has streamed by `now`, parted.
fn streamed(terms: &RewardTerms, whole: u128, index: u64, bps: u16, now: i64) -> Parts {
    let length = i128::from(terms.epoch_secs);
    let since = i128::from(now) - terms.starts(index + 1);
    let amount = whole * since.clamp(0, length).unsigned_abs() / length.unsigned_abs();
    let delegators = amount * u128::from(bps) / 10_000;
    Parts {
        payee: amount - delegators,
        delegators,
    }
}

/// I03: funded = claimed + claimable by payees and delegators, streamed or folded + unallocated + reserved by epochs, to be
/// streamed or given back + returned; and nobody was paid more than what streamed to them.
///
/// # Panics
/// If a base unit is missing, or there twice.
pub fn i03_rewards_are_somebodys(model: &Reference, state: &Snapshot, now: i64) {
    for (id, pool) in &state.reward_pools {
        let terms = &model.reward_pools[id].terms;
        let open = state.epochs.range((*id, 0)..=(*id, u64::MAX));
        let mut reserved: i128 = open
            .map(|(_, epoch)| i128::from(terms.rate) - i128::from(epoch.allocated))
            .sum();
        let mut claimable = 0;
        for (key, share) in state.shares.range((*id, 0)..=(*id, u64::MAX)) {
            let mut earned = Parts {
                payee: share.earned.into(),
                delegators: share.delegators_earned.into(),
            };
            for (index, units, bps) in slots(share) {
                let whole = whole(terms, &state.epochs[&(*id, index)], units);
                let streamed = streamed(terms, whole, index, bps, now);
                reserved -= streamed.whole() as i128;
                earned = [earned, streamed].into_iter().sum();
            }
            let claimed = [share.claimed, share.delegators_claimed].map(u128::from);
            let most = [earned.payee, earned.delegators];
            let sound = claimed[0] <= most[0] && claimed[1] <= most[1];
            assert!(sound, "I03: share {key:?} paid {claimed:?} of {most:?}");
            claimable += (earned.whole() - claimed[0] - claimed[1]) as i128;
        }
        assert!(reserved >= 0, "I03: pool {id} streamed what it lacks");
        let paid = [pool.claimed, pool.returned, pool.unallocated];
        let all: i128 = paid.into_iter().map(i128::from).sum();
        assert_eq!(
            all + claimable + reserved,
            i128::from(pool.funded),
            "I03: pool {id} with {claimable} claimable and {reserved} reserved"
        );
        let vault = held(state, Holder::RewardVault(*id), model.reward_pools[id].mint);
        let owed = claimable + reserved + i128::from(pool.unallocated);
        assert!(vault >= owed, "I03: pool {id} holds {vault} of {owed}");
    }
}

/// I03: the floors of an epoch's shares together are no more than what it emits, and that no more than the rate.
///
/// # Panics
/// If they are.
pub fn i03_epochs_emit_no_more_than_their_rate(model: &Reference, state: &Snapshot) {
    for ((pool, index), epoch) in &state.epochs {
        let terms = &model.reward_pools[pool].terms;
        let shares = state.shares.range((*pool, 0)..=(*pool, u64::MAX));
        let held = shares.flat_map(|(_, share)| slots(share).collect::<Vec<_>>());
        let held = held.filter(|(held, _, _)| held == index);
        let (mut units, mut unfolded, mut sum) = (0, 0, u128::from(epoch.allocated));
        for (_, some, bps) in held {
            assert!(bps <= 10_000, "I03: {bps} bps of epoch {pool}/{index}");
            (units, unfolded) = (units + some, unfolded + 1);
            sum += whole(terms, epoch, some);
        }
        let emission = whole(terms, epoch, epoch.total_units);
        assert!(sum <= emission, "I03: epoch {pool}/{index} gives {sum}");
        assert!(emission <= terms.rate.into(), "I03: epoch {pool}/{index}");
        let counted = epoch.shares - epoch.folded;
        assert_eq!(counted, unfolded, "I05: shares of epoch {pool}/{index}");
        let folded = epoch.folded > 0;
        let known = units == epoch.total_units || (folded && units < epoch.total_units);
        assert!(known, "I05: units of epoch {pool}/{index}");
    }
}

/// I05: a reward pool counts the shares and epochs that there are, and sums what its shares, those that closed too, earned
/// and were paid; only those of the dividend mint have a part for delegators; and no address is used twice at once.
///
/// # Panics
/// If a count or sum is wrong.
pub fn i05_reward_pools_count_what_is_there(model: &Reference, state: &Snapshot) {
    for (id, pool) in &state.reward_pools {
        let known = &model.reward_pools[id];
        let shares = || state.shares.range((*id, 0)..=(*id, u64::MAX));
        let epochs = state.epochs.range((*id, 0)..=(*id, u64::MAX));
        assert_eq!(pool.shares, shares().count() as u64, "I05: pool {id}");
        assert_eq!(pool.epochs, epochs.count() as u64, "I05: pool {id}");
        let sum = |part: fn(&ShareCounters) -> [u64; 2], gone: &dyn Fn(&Share) -> u128| {
            let here = shares().flat_map(|(_, share)| part(share)).map(u128::from);
            let left = known.left.iter().map(|(_, share)| gone(share));
            here.chain(left).sum::<u128>()
        };
        let claimed = sum(
            |share| [share.claimed, share.delegators_claimed],
            &|share| share.claimed().whole(),
        );
        assert_eq!(u128::from(pool.claimed), claimed, "I05: paid by {id}");
        // A share that closed was paid what it earned.
        let earned = sum(|share| [share.earned, share.delegators_earned], &|share| {
            share.claimed().whole()
        });
        assert_eq!(u128::from(pool.earned), earned, "I05: earned of {id}");
        let parted = shares().any(|(_, share)| share.slots.iter().any(|slot| slot.2 > 0));
        assert!(pool.delegated == 1 || !parted, "I05: pool {id} parts");
        assert_incarnation(model, *id, pool.incarnation);
    }
}

/// Who comes back is somebody else.
fn assert_incarnation(model: &Reference, id: Id, incarnation: u64) {
    let mut earlier = model.closed_reward_pools.iter();
    let older = earlier.all(|(closed, pool)| *closed != id || pool.incarnation < incarnation);
    assert!(older, "I05: pool {id} came back in slot {incarnation}");
}

/// I07: what a pool, an epoch and a share count never falls while it is the same one.
pub(super) fn i07_rewards_never_fall(before: &Snapshot, after: &Snapshot) {
    each_pair(&before.reward_pools, &after.reward_pools, |id, old, new| {
        let totals = |p: &RewardPoolCounters| {
            let [earned, settled] = [p.earned, p.settled];
            [p.funded, p.claimed, p.returned, earned, settled]
        };
        if old.incarnation == new.incarnation {
            rising("reward pool", id, totals(old), totals(new));
        }
    });
    each_pair(&before.epochs, &after.epochs, |id, old, new| {
        let totals = |e: &EpochCounters| [e.total_units, e.allocated];
        rising("epoch", id, totals(old), totals(new));
    });
    each_pair(&before.shares, &after.shares, |id, old, new| {
        let money = |s: &ShareCounters| {
            let [earned, claimed] = [s.delegators_earned, s.delegators_claimed];
            [s.earned, s.claimed, earned, claimed]
        };
        if old.opened_slot == new.opened_slot {
            rising("share", id, money(old), money(new));
        }
        // A node that was registered anew starts from nothing; so does what was seen of it, with a new baseline.
        let same = (old.opened_slot, old.registration) == (new.opened_slot, new.registration);
        if same && old.baseline == 1 {
            rising("share", id, [old.seen], [new.seen]);
        }
        // The part of an epoch's delegators stays what its first report found.
        for slot in slots(old) {
            let mut same = slots(new).filter(|now| now.0 == slot.0);
            assert!(same.all(|now| now.2 == slot.2), "I07: bps of share {id:?}");
        }
    });
}
