//! The invariants of `docs/protocol.md`, asserted on what the driver observed on chain and on the model's histories.
//!
//! Every function panics with the invariant's number. [`after_step`] runs all that concern one step; those that compare
//! two courses of events (I08, I09, I11) are in [`super::replay`].

use {
    super::{
        Action, Effect, Fail, Holder, Mint, Observed, Reference, Snapshot, Subject,
        job::{Job, Recipient},
        proof::Witness,
        snapshot::{
            JobCounters, NodeCounters, ProviderCounters, RewardPoolCounters, ShareCounters,
        },
    },
    std::collections::BTreeMap,
};

/// Asserts every invariant of one step. `model` has taken the step too; `now` is unix seconds.
pub fn after_step(model: &Reference, before: &Observed, after: &Observed, now: i64) {
    i01_escrow_covers_jobs(model, &after.state);
    i02_stake_vaults_cover_tokens(model, &after.state);
    i03_reward_vaults_cover_pools(model, &after.state);
    i04_no_more_leaves_than_came(&after.state);
    i05_shares_add_up(&after.state);
    i06_bonds_are_backed(model, &after.state);
    i07_totals_never_fall(&before.state, &after.state);
    i12_nothing_is_made_or_lost(before, after);
    i14_proofs_had_their_signers(model);
    i15_units_count_once(model, &after.state);
    i16_nothing_matures_early(model, &after.state, now);
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

/// I01: an escrow vault holds what was funded and has not left, and no more unless somebody donated.
pub fn i01_escrow_covers_jobs(model: &Reference, state: &Snapshot) {
    for (id, job) in &state.jobs {
        let (vault, known) = (Holder::JobVault(*id), &model.jobs[id]);
        let owed = i128::from(job.funded) - out_of(job) as i128;
        let balance = held(state, vault, known.terms.mint);
        assert!(balance >= owed, "I01: job {id} holds {balance} of {owed}");
        let model_owed = known.funded() as i128 - known.pulled_in_all() as i128;
        let gift = donated(model, vault, known.terms.mint, model_owed);
        assert_eq!(
            balance,
            owed + gift,
            "I01: job {id} with {gift} of donations"
        );
    }
}

/// I02: a stake vault holds its pool's tokens.
pub fn i02_stake_vaults_cover_tokens(model: &Reference, state: &Snapshot) {
    for (id, pool) in &state.stake_pools {
        let balance = held(state, Holder::StakeVault(*id), model.stake_pools[id].mint);
        let tokens = pool.tokens;
        assert!(
            balance >= tokens.into(),
            "I02: stake pool {id} holds {balance} of {tokens}"
        );
    }
}

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
pub fn i03_reward_vaults_cover_pools(model: &Reference, state: &Snapshot) {
    let expected = model.snapshot();
    for (id, pool) in &state.reward_pools {
        let (vault, known) = (Holder::RewardVault(*id), &model.reward_pools[id]);
        let owed = owed_by(state, *id, pool, known.terms.rate);
        let balance = held(state, vault, known.mint);
        assert!(balance >= owed, "I03: pool {id} holds {balance} of {owed}");
        let model_owed = owed_by(&expected, *id, &expected.reward_pools[id], known.terms.rate);
        let gift = donated(model, vault, known.mint, model_owed);
        assert_eq!(
            balance,
            owed + gift,
            "I03: pool {id} with {gift} of donations"
        );
    }
}

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
}

/// I04, ahead of time: everything that a job's proofs have earned or will, and what the buyer took, is within its funds.
pub fn i04_promises_are_funded(model: &Reference) {
    for (id, job) in &model.jobs {
        let promised = job.terms.gross(job.counted()) + job.pulled(Recipient::Buyer);
        assert!(promised <= job.funded(), "I04: job {id} owes {promised}");
    }
}

/// I05: a pool's shares are those of its positions and tickets.
pub fn i05_shares_add_up(state: &Snapshot) {
    for (id, pool) in &state.stake_pools {
        let positions = || state.positions.range((*id, 0)..=(*id, u64::MAX));
        let active: u128 = positions().map(|(_, p)| u128::from(p.shares)).sum();
        let thawing: u128 = positions().map(|(_, p)| u128::from(p.thawing)).sum();
        let tickets = || state.tickets.range((*id, 0, 0)..=(*id, u64::MAX, u64::MAX));
        let ticketed: u128 = tickets().map(|(_, t)| u128::from(t.shares)).sum();
        let counted: u64 = positions().map(|(_, p)| p.tickets).sum();
        assert_eq!(u128::from(pool.active_shares), active, "I05: pool {id}");
        assert_eq!(u128::from(pool.thawing_shares), thawing, "I05: pool {id}");
        assert_eq!(thawing, ticketed, "I05: tickets of pool {id}");
        assert_eq!(counted, tickets().count() as u64, "I05: pool {id}");
    }
}

/// I06: what is locked is the sum of the bonds of unreleased jobs (or of the live attester), and within the owner's own
/// active stake.
pub fn i06_bonds_are_backed(model: &Reference, state: &Snapshot) {
    for (id, pool) in &state.stake_pools {
        let known = &model.stake_pools[id];
        let bonds: u128 = match known.subject {
            Subject::Provider(provider) => {
                let theirs = |job: &&u64| model.jobs[job].provider == Some(provider);
                let jobs = state.jobs.keys().filter(theirs);
                jobs.map(|job| u128::from(state.jobs[job].bond)).sum()
            }
            Subject::Attester(attester) => state.attesters[&attester].bond.into(),
        };
        assert_eq!(u128::from(pool.locked), bonds, "I06: bonds of pool {id}");
        let own = state.positions.get(&(*id, known.owner));
        let own = own.map_or(0, |own| u128::from(own.shares));
        let all = u128::from(pool.active_shares) + u128::from(pool.thawing_shares);
        let worth = (own * u128::from(pool.tokens)).checked_div(all);
        assert!(
            u128::from(pool.locked) <= worth.unwrap_or(0),
            "I06: pool {id} locks {} of {worth:?}",
            pool.locked
        );
    }
}

/// I07: cumulative totals never fall while an account lives.
pub fn i07_totals_never_fall(before: &Snapshot, after: &Snapshot) {
    each_pair(&before.jobs, &after.jobs, |id, old, new| {
        if old.incarnation == new.incarnation {
            rising("job", id, totals_of_job(old), totals_of_job(new));
            assert!(
                old.state == 0 || new.end_at <= old.end_at,
                "I07: job {id:?} ends later"
            );
        }
    });
    each_pair(&before.reward_pools, &after.reward_pools, |id, old, new| {
        let totals = |p: &RewardPoolCounters| [p.funded, p.claimed, p.returned, p.earned, p.shares];
        rising("reward pool", id, totals(old), totals(new));
    });
    each_pair(&before.epochs, &after.epochs, |id, old, new| {
        rising(
            "epoch",
            id,
            [old.total_units, old.allocated],
            [new.total_units, new.allocated],
        );
    });
    each_pair(&before.shares, &after.shares, |id, old, new| {
        let money = |s: &ShareCounters| [s.earned, s.claimed];
        rising("share", id, money(old), money(new));
        // A node that was registered anew starts from nothing; so does what was seen of it, with a new baseline.
        if old.baseline == 1 {
            rising("share", id, [old.seen], [new.seen]);
        }
    });
    each_pair(&before.nodes, &after.nodes, |id, old, new| {
        let totals = |n: &NodeCounters| [n.units, n.quorum_windows, n.jobs_completed];
        if old.opened_slot == new.opened_slot {
            rising("node", id, totals(old), totals(new));
        }
    });
    each_pair(&before.providers, &after.providers, |id, old, new| {
        let totals = |p: &ProviderCounters| [p.quorum_windows, p.jobs_completed, p.jobs_resigned];
        if old.opened_slot == new.opened_slot {
            rising("provider", id, totals(old), totals(new));
        }
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
        job.quorum_windows.into(),
    ]
}

fn each_pair<K: Ord, V>(old: &BTreeMap<K, V>, new: &BTreeMap<K, V>, check: impl Fn(&K, &V, &V)) {
    for (key, before) in old {
        if let Some(after) = new.get(key) {
            check(key, before, after);
        }
    }
}

fn rising<const N: usize>(kind: &str, id: impl std::fmt::Debug, before: [u64; N], after: [u64; N]) {
    let fell = before.iter().zip(&after).any(|(old, new)| old > new);
    assert!(
        !fell,
        "I07: totals of {kind} {id:?} fell: {before:?} -> {after:?}"
    );
}

/// I12: no token and no lamport appears or vanishes; fees are accounted for, rent stays in the world.
pub fn i12_nothing_is_made_or_lost(before: &Observed, after: &Observed) {
    let supplies = |observed: &Observed| {
        let mut sums = BTreeMap::<Mint, u128>::new();
        for ((_, mint), amount) in &observed.state.balances {
            *sums.entry(*mint).or_default() += u128::from(*amount);
        }
        sums
    };
    assert_eq!(supplies(before), supplies(after), "I12: tokens");
    assert_eq!(
        before.lamports + before.fees,
        after.lamports + after.fees,
        "I12: lamports"
    );
}

fn every_job(model: &Reference) -> impl Iterator<Item = (&u64, &Job)> {
    let closed = model.closed_jobs.iter().map(|(id, job)| (id, job));
    model.jobs.iter().chain(closed)
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

/// I14: every proof ever accepted had the job's worker, and a live quorum or the cosigner.
pub fn i14_proofs_had_their_signers(model: &Reference) {
    for (id, job) in every_job(model) {
        for (window, proof) in &job.proofs {
            assert_eq!(Some(proof.worker), job.worker, "I14: {id}/{window}");
            match &proof.witness {
                Witness::Cosigner(key) => {
                    assert_eq!(Some(*key), job.cosigner, "I14: {id}/{window}");
                    assert_ne!(*key, proof.worker, "I14: {id}/{window}");
                }
                Witness::Quorum {
                    signers,
                    live,
                    threshold,
                } => {
                    let mut distinct = signers.clone();
                    distinct.sort_unstable();
                    distinct.dedup();
                    assert_eq!(
                        distinct.len(),
                        usize::from(*threshold),
                        "I14: {id}/{window}"
                    );
                    let sound = |key: &u64| live.contains(key) && *key != proof.worker;
                    assert!(signers.iter().all(sound), "I14: {id}/{window}");
                }
            }
        }
    }
}

/// I15: proven units are funded, and the chain counts exactly the proofs that were accepted, each window once.
pub fn i15_units_count_once(model: &Reference, state: &Snapshot) {
    for (id, job) in &state.jobs {
        let counted = [job.units_matured, job.units_pending, job.units_frozen];
        let counted: u128 = counted.into_iter().map(u128::from).sum();
        assert!(
            counted <= job.units_funded.into(),
            "I15: job {id} counts {counted}"
        );
        let proven = model.jobs[id].counted();
        assert_eq!(counted, proven, "I15: job {id} against its proofs");
        for (window, proof) in &model.jobs[id].proofs {
            let most = proof.claimed.units.min(model.jobs[id].terms.cap);
            assert!(proof.accepted <= most, "I15: {id}/{window}");
        }
    }
}

/// I16: what a quorum proved is neither matured nor paid before its window's end, grace and challenge time have passed.
pub fn i16_nothing_matures_early(model: &Reference, state: &Snapshot, now: i64) {
    for (id, job) in &state.jobs {
        let known = &model.jobs[id];
        let ripe = known.quorum_matured(now);
        assert!(
            u128::from(job.quorum_matured) <= ripe,
            "I16: job {id} matured {} of {ripe}",
            job.quorum_matured
        );
        let earnings = out_of(job) - u128::from(job.refunded);
        let most = known.terms.gross(known.matured(now));
        assert!(earnings <= most, "I16: job {id} paid {earnings} of {most}");
    }
}

/// I18: a node has exactly the quorum units that jobs of its set credited, and no job credits more than matured.
pub fn i18_nodes_have_what_jobs_credited(model: &Reference, state: &Snapshot) {
    let mut credited = BTreeMap::<u64, u128>::new();
    for (id, job) in every_job(model) {
        assert!(
            job.credited() <= job.quorum_matured(job.touched_at),
            "I18: job {id}"
        );
        // What an earlier registration of the node was credited went with it.
        if let Some(node) = job.node
            && let Some(known) = model.nodes.get(&node)
            && job.registration == Some(known.registration)
        {
            assert!(
                job.credits.is_empty() || job.terms.set == known.set,
                "I18: job {id} of another set"
            );
            *credited.entry(node).or_default() += job.credited();
        }
    }
    for (id, node) in &state.nodes {
        let sum = credited.get(id).copied().unwrap_or(0);
        assert_eq!(u128::from(node.units), sum, "I18: node {id}");
    }
}
