//! Invariants that compare two courses of events on copies of the model: I08, I09 and I11.
//!
//! The driver holds the chain against the model step by step; these hold the model against itself, which the chain then
//! inherits.

use {
    super::{
        Action, Effect, Fail, Holder, Id, JobState, Reference, Snapshot, Subject, job::Recipient,
        snapshot::StreamCounters,
    },
    std::collections::BTreeMap,
};

/// Applies `action` and drops the refusal of a pull that finds nothing.
fn pull(model: &mut Reference, now: i64, slot: u64, action: &Action) -> u128 {
    let moved = match model.apply(now, slot, action) {
        Ok(effect) => effect.moves.iter().map(|m| u128::from(m.amount)).sum(),
        Err("NothingDue") => 0,
        Err(refusal) => panic!("I08: {action:?} is refused: {refusal}"),
    };
    assert_eq!(
        model.apply(now, slot, action),
        Err("NothingDue"),
        "I08: {action:?} pays twice at once"
    );
    moved
}

/// I08: to mature twice is to mature once, and changes nobody's payout.
///
/// # Panics
/// If it does.
pub fn i08_mature_twice_is_once(model: &Reference, now: i64, slot: u64, job: Id) {
    let (mut untouched, mut once) = (model.clone(), model.clone());
    let mature = Action::Mature { job };
    let _ = once.apply(now, slot, &mature);
    let mut twice = once.clone();
    assert_eq!(
        twice.apply(now, slot, &mature),
        Err("NothingDue"),
        "I08: job {job} matures twice"
    );
    assert_eq!(once.snapshot(), twice.snapshot(), "I08: job {job}");
    for action in pulls(job) {
        let paid = pull(&mut untouched, now, slot, &action);
        assert_eq!(paid, pull(&mut twice, now, slot, &action), "I08: job {job}");
    }
}

/// I08: however often and whenever `job` is pulled on the way, all four recipients have got the same by the last of
/// `times` (ascending; unix seconds).
///
/// # Panics
/// If somebody gets more or less.
pub fn i08_split_pulls_pay_the_same(model: &Reference, times: &[i64], slot: u64, job: Id) {
    let Some(last) = times.last() else { return };
    let (mut often, mut late) = (model.clone(), model.clone());
    for action in pulls(job) {
        let split: u128 = times
            .iter()
            .map(|now| pull(&mut often, *now, slot, &action))
            .sum();
        let whole = pull(&mut late, *last, slot, &action);
        assert_eq!(split, whole, "I08: {action:?} at {times:?}");
    }
    assert_eq!(often.balances, late.balances, "I08: job {job}");
}

fn pulls(job: Id) -> [Action; 4] {
    [
        Action::Pay { job },
        Action::SweepTreasury { job },
        Action::SweepAttesters { job },
        Action::Refund { job },
    ]
}

/// I10: whatever the buyer of `job` takes back at one of `times`, every window that can be proven in that second still
/// can, to the full, and its money is there: no base unit has two ways out with different recipients at once.
///
/// # Panics
/// If a proof would promise what was refunded.
pub fn i10_refunds_leave_what_can_be_proven(model: &Reference, times: &[i64], slot: u64, id: Id) {
    for now in times {
        let mut after = model.clone();
        pull(&mut after, *now, slot, &Action::Refund { job: id });
        let Some(job) = after.jobs.get(&id) else {
            return;
        };
        let date = i128::from(*now);
        let provable = |w: &u32| {
            let unproven = !job.proofs.contains_key(w);
            unproven && job.ends(*w) <= date && date < job.closes(*w)
        };
        let open = job.state == JobState::Active;
        // Windows before these are past their grace; the filter says exactly which.
        let past = (date - job.closes(0)).max(0) / i128::from(job.terms.window_secs);
        let first = u32::try_from(past).unwrap_or(u32::MAX);
        let ended = (first..).take_while(|w| job.ends(*w) <= date);
        let units: u128 = ended.filter(provable).map(|w| job.cap_of(w)).sum();
        let counted = job.counted() + if open { units } else { 0 };
        // Only what is funded counts.
        let promised = job.terms.gross(counted.min(job.units_funded()));
        let refunded = job.pulled(Recipient::Buyer);
        assert!(
            promised + refunded <= job.funded(),
            "I10: job {id} promises {promised} and refunded {refunded} at {now}"
        );
    }
}

/// The epochs that a share of `pool` draws on: the later one first.
fn drawn(model: &Reference, pool: Id, node: Id) -> [Option<u64>; 2] {
    let share = model.shares.get(&(pool, node));
    let mut held = share.into_iter().flat_map(|share| share.unfolded());
    let ended = held.next().map(|(epoch, _)| epoch);
    let streaming = held.next().map(|(epoch, _)| epoch);
    [streaming, ended]
}

/// The claim that names every epoch the share draws on.
pub fn full_claim(model: &Reference, pool: Id, node: Id) -> Action {
    let [streaming, ended] = drawn(model, pool, node);
    Action::Claim {
        pool,
        node,
        streaming,
        ended,
    }
}

/// The payment of delegators that names every epoch the share draws on, to where their part belongs now; none without a stake
/// pool.
pub fn full_payment(model: &Reference, pool: Id, node: Id) -> Option<Action> {
    let share = model.shares.get(&(pool, node))?;
    let behind = Subject::Provider(share.provider);
    let stake = model.pool_ever_of(behind).ok()?;
    let [streaming, ended] = drawn(model, pool, node);
    Some(Action::PayDelegators {
        pool,
        node,
        streaming,
        ended,
        stake,
        to: if model.has_stake(stake) {
            Holder::DividendVault(stake)
        } else {
            Holder::Wallet(share.payee)
        },
    })
}

/// I09: claims at each of `times` (ascending; unix seconds) pay what one claim at the last of them pays, and so do payments of
/// delegators, where their stake pool has a vault; neither takes from the other.
///
/// # Panics
/// If they pay more or less.
pub fn i09_many_claims_are_one(model: &Reference, times: &[i64], slot: u64, pool: Id, node: Id) {
    let Some(last) = times.last() else { return };
    let share = &model.shares[&(pool, node)];
    let due = model.due_to(pool, share, *last);
    let claim = full_claim(model, pool, node);
    let payment = full_payment(model, pool, node);
    let payment = payment.filter(|action| match action {
        Action::PayDelegators {
            stake,
            to: Holder::DividendVault(_),
            ..
        } => model.stake_pools[stake].has_dividends,
        _ => true,
    });
    let pulls = [(Some(claim), due.payee), (payment, due.delegators)];
    let (mut often, mut late) = (model.clone(), model.clone());
    let pulls = pulls
        .iter()
        .filter_map(|(pull, due)| Some((pull.as_ref()?, *due)));
    let pulls: Vec<(&Action, u128)> = pulls.collect();
    let mut split = vec![0; pulls.len()];
    for now in times {
        for ((action, _), sum) in pulls.iter().zip(&mut split) {
            *sum += pull(&mut often, *now, slot, action);
        }
    }
    for ((action, due), split) in pulls.into_iter().zip(split).rev() {
        let whole = pull(&mut late, *last, slot, action);
        assert_eq!(split, whole, "I09: {action:?} at {times:?}");
        assert_eq!(whole, due, "I09: {action:?} at {last}");
    }
    let [often, late] = [&often, &late].map(without_streams);
    assert_eq!(often, late, "I09: pool {pool}");
}

/// All but how far dividends have streamed: those that came earlier are further.
fn without_streams(model: &Reference) -> Snapshot {
    let mut state = model.snapshot();
    for pool in state.stake_pools.values_mut() {
        pool.stream = StreamCounters::default();
        (pool.dividend_index, pool.dividend_rem) = ([0; 2], 0);
    }
    state
}

/// The actions of one course of events and what came of each, by position in the original order.
fn outcomes(
    model: &mut Reference,
    now: i64,
    slot: u64,
    actions: &[Action],
    order: &[usize],
) -> BTreeMap<usize, Result<Effect, Fail>> {
    let apply = |position: &usize| {
        let outcome = model.apply(now, slot, &actions[*position]);
        (*position, outcome)
    };
    order.iter().map(apply).collect()
}

/// I11: `actions` of independent users at one moment have the same outcomes and leave the same state in the given order
/// as in their own. `order` is a permutation of their positions.
///
/// # Panics
/// If an outcome or the state differs.
pub fn i11_order_changes_nothing(
    model: &Reference,
    now: i64,
    slot: u64,
    actions: &[Action],
    order: &[usize],
) {
    let own: Vec<usize> = (0..actions.len()).collect();
    let mut permutation = order.to_vec();
    permutation.sort_unstable();
    assert_eq!(permutation, own, "I11: not a permutation");
    let (mut first, mut second) = (model.clone(), model.clone());
    let expected = outcomes(&mut first, now, slot, actions, &own);
    let got = outcomes(&mut second, now, slot, actions, order);
    assert_eq!(expected, got, "I11: outcomes in order {order:?}");
    assert_eq!(first.snapshot(), second.snapshot(), "I11: {order:?}");
}
