//! Two courses of events from one moment of a run: I08, I09, I10 and I11.

use {
    super::{
        choose::{Dice, moments_of_job},
        driver::Run,
    },
    sluice_tests::reference::{
        Action,
        replay::{
            full_claim, full_payment, i08_mature_twice_is_once, i08_split_pulls_pay_the_same,
            i09_many_claims_are_one, i10_refunds_leave_what_can_be_proven,
            i11_order_changes_nothing,
        },
    },
};

/// Compares the courses that begin here.
pub fn compare(run: &Run, dice: &mut Dice) {
    let (model, (now, slot)) = (&run.model, run.moment());
    let (mut actions, mut of_pools) = (Vec::new(), Vec::new());
    for (job, state) in &model.jobs {
        i08_mature_twice_is_once(model, now, slot, *job);
        let dates = moments_of_job(state, now).into_iter();
        let around = dates.flat_map(|date| [date - 1, date]);
        let mut times: Vec<i64> = around.filter_map(|date| i64::try_from(date).ok()).collect();
        times.retain(|date| *date > now && !dice.one_in(3));
        times.push(now);
        times.sort_unstable();
        i08_split_pulls_pay_the_same(model, &times, slot, *job);
        i10_refunds_leave_what_can_be_proven(model, &times, slot, *job);
        actions.extend([Action::Pay { job: *job }, Action::Refund { job: *job }]);
    }
    for (pool, node) in model.shares.keys() {
        let epoch = i64::from(model.reward_pools[pool].terms.epoch_secs);
        let some = 1 + dice.below(epoch as u64) as i64;
        let times = [now, now + 1, now + some, now + epoch, now + 3 * epoch];
        i09_many_claims_are_one(model, &times, slot, *pool, *node);
        actions.push(full_claim(model, *pool, *node));
        of_pools.push(full_claim(model, *pool, *node));
        of_pools.extend(full_payment(model, *pool, *node));
    }
    // What delegators are paid is in the dividends that they claim, so both are not tried together.
    let pools = model.reward_pools.keys();
    of_pools.extend(pools.map(|pool| Action::ReturnUnallocated { pool: *pool }));
    in_any_order(run, dice, &of_pools);
    for (pool, staker) in model.positions.keys() {
        let (pool, staker) = (*pool, *staker);
        actions.push(Action::ClaimDividends { pool, staker });
    }
    let ruled = model.challenges.iter().filter(|(_, c)| c.ruled.is_some());
    actions.extend(ruled.map(|(key, _)| Action::SettleChallenge { challenge: *key }));
    let pools = model.stake_pools.keys();
    actions.extend(pools.map(|pool| Action::BurnSlashed { pool: *pool }));
    in_any_order(run, dice, &actions);
}

/// I11: shuffled, they come to the same.
fn in_any_order(run: &Run, dice: &mut Dice, actions: &[Action]) {
    let mut order: Vec<usize> = (0..actions.len()).collect();
    for place in (1..order.len()).rev() {
        order.swap(place, dice.below(place as u64 + 1) as usize);
    }
    let (now, slot) = run.moment();
    i11_order_changes_nothing(&run.model, now, slot, actions, &order);
}
