//! The invariants of `docs/protocol.md`, asserted on what the driver observed on chain and on the model's histories.
//!
//! Every function panics with the invariant's number. [`after_step`] runs all that concern one step; those that compare
//! two courses of events (I08, I09, I11) are in [`super::replay`].

mod disputes;
mod jobs;
mod rewards;
mod stake;
mod totals;

use {
    super::{
        Action, Effect, Fail, Holder, Mint, Observed, Reference, Snapshot, job::Job,
        snapshot::JobCounters,
    },
    std::collections::BTreeMap,
};
pub use {disputes::*, jobs::*, rewards::*, stake::*, totals::*};

/// Asserts every invariant of one step. `model` has taken the step too; `now` is unix seconds.
pub fn after_step(model: &Reference, before: &Observed, after: &Observed, now: i64) {
    i01_escrow_covers_jobs(model, &after.state);
    let expected = model.snapshot();
    i02_stake_vaults_cover_pools(model, &expected, &after.state);
    i02_dividend_vaults_cover_pools(model, &after.state);
    i03_reward_vaults_cover_pools(model, &expected, &after.state);
    i03_rewards_are_somebodys(model, &after.state, now);
    i03_epochs_emit_no_more_than_their_rate(model, &after.state);
    i04_no_more_leaves_than_came(&after.state);
    i05_shares_add_up(&after.state);
    i05_reward_pools_count_what_is_there(model, &after.state);
    i05_dividends_add_up(model, &after.state);
    i06_bonds_are_backed(model, &after.state);
    i07_totals_never_fall(&before.state, &after.state);
    i12_nothing_is_made_or_lost(model, before, after);
    i14_proofs_had_their_signers(model);
    i15_units_count_once(model, &after.state);
    i16_nothing_matures_early(model, &after.state, now);
    i16_rulings_come_in_their_time(model);
    i17_slashes_are_bounded_and_burned(model, &after.state);
    i17_a_slash_enriches_nobody(&before.state, &after.state);
    i17_who_left_loses_no_more_than_its_own(model, &before.state, &after.state);
    i18_nodes_have_what_jobs_credited(model, &after.state);
}

fn held(state: &Snapshot, holder: Holder, mint: Mint) -> i128 {
    let balance = state.balances.get(&(holder, mint));
    balance.copied().unwrap_or(0).into()
}

/// What was sent to a vault past the program, by the model's account of it.
fn donated(model: &Reference, holder: Holder, mint: Mint, owed: i128) -> i128 {
    i128::from(model.balance(holder, mint)) - owed
}

fn out_of(job: &JobCounters) -> u128 {
    let parts = [
        job.paid,
        job.swept_treasury,
        job.swept_attesters,
        job.refunded,
    ];
    parts.into_iter().map(u128::from).sum()
}

fn each_pair<K: Ord, V>(old: &BTreeMap<K, V>, new: &BTreeMap<K, V>, check: impl Fn(&K, &V, &V)) {
    for (key, before) in old {
        if let Some(after) = new.get(key) {
            check(key, before, after);
        }
    }
}

fn every_job(model: &Reference) -> impl Iterator<Item = (&u64, &Job)> {
    let closed = model.closed_jobs.iter().map(|(id, job)| (id, job));
    model.jobs.iter().chain(closed)
}

/// I12: no token and no lamport appears or vanishes but what is burned; fees are accounted for, rent stays in the world.
pub fn i12_nothing_is_made_or_lost(model: &Reference, before: &Observed, after: &Observed) {
    let supplies = |observed: &Observed| {
        let mut sums = BTreeMap::<Mint, u128>::new();
        for ((_, mint), amount) in &observed.state.balances {
            *sums.entry(*mint).or_default() += u128::from(*amount);
        }
        sums
    };
    let mut expected = supplies(before);
    for (id, old) in &before.state.stake_pools {
        // A pool that has something to burn does not close.
        let new = after.state.stake_pools.get(id);
        if let Some(new) = new.filter(|new| new.opened_slot == old.opened_slot) {
            let burned = old.to_burn + (new.slashed - old.slashed) - new.to_burn;
            let mint = model.stake_pools[id].mint;
            *expected.entry(mint).or_default() -= u128::from(burned);
        }
    }
    assert_eq!(expected, supplies(after), "I12: tokens");
    assert_eq!(
        before.lamports + before.fees,
        after.lamports + after.fees,
        "I12: lamports"
    );
}

/// I13: while a network is paused it takes nothing in, and nothing but intake is ever refused for a pause. `outcome` is what
/// came of `action` at `now`, unix seconds.
pub fn i13_pauses_stop_intake_only(
    model: &Reference,
    action: &Action,
    outcome: &Result<Effect, Fail>,
    now: i64,
) {
    let intake = model.intake(action).and_then(|id| model.networks.get(&id));
    let paused = intake.is_some_and(|network| {
        let last = network.pauses.last();
        last.is_some_and(|last| now < last.until)
    });
    match outcome {
        Ok(_) => assert!(!paused, "I13: {action:?} in a pause"),
        Err("Paused") => assert!(paused, "I13: {action:?} outside of a pause"),
        Err(_) => {}
    }
}
