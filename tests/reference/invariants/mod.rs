//! The invariants of `docs/protocol.md`, asserted on what the driver observed on chain and on the model's histories.
//!
//! Every function panics with the invariant's number. [`after_step`] runs all that concern one step; those that compare
//! two courses of events (I08, I09, I11) are in [`super::replay`].

mod rewards;

pub use rewards::*;

use {
    super::{
        Action, Effect, Fail, Holder, Mint, Observed, Reference, Snapshot, Subject,
        disputes::{Challenge, ChallengeKey, Dispute},
        job::{Job, Recipient},
        proof::Witness,
        snapshot::{JobCounters, PositionCounters, StakePoolCounters},
    },
    std::collections::BTreeMap,
};

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

/// What a stake vault owes: its pool's tokens, what waits to be burned and the bonds of challengers.
fn staked(pool: &StakePoolCounters) -> i128 {
    let parts = [pool.tokens, pool.to_burn, pool.challenge_bonds];
    parts.into_iter().map(i128::from).sum()
}

/// I02: a stake vault holds its pool's tokens, what was slashed and not burned yet, and the bonds of the challenges that are
/// not settled, and no more unless somebody donated.
pub fn i02_stake_vaults_cover_pools(model: &Reference, expected: &Snapshot, state: &Snapshot) {
    for (id, pool) in &state.stake_pools {
        let (vault, mint) = (Holder::StakeVault(*id), model.stake_pools[id].mint);
        let (balance, owed) = (held(state, vault, mint), staked(pool));
        assert!(
            balance >= owed,
            "I02: stake pool {id} holds {balance} of {owed}"
        );
        let gift = donated(model, vault, mint, staked(&expected.stake_pools[id]));
        assert_eq!(
            balance,
            owed + gift,
            "I02: stake pool {id} with {gift} of donations"
        );
        let theirs = |key: &&ChallengeKey| model.challenges[key].pool == *id;
        let bonds = state.challenges.keys().filter(theirs);
        let bonds: u128 = bonds
            .map(|key| u128::from(state.challenges[key].bond))
            .sum();
        assert_eq!(u128::from(pool.challenge_bonds), bonds, "I02: pool {id}");
    }
}

/// I02: a dividend vault holds what was given and not claimed, and no more unless somebody donated: in particular all that
/// has not streamed and all that the positions there are can still claim.
pub fn i02_dividend_vaults_cover_pools(model: &Reference, state: &Snapshot) {
    for (id, pool) in &state.stake_pools {
        let known = &model.stake_pools[id];
        let (vault, mint) = (Holder::DividendVault(*id), known.dividend_mint);
        let balance = held(state, vault, mint);
        let owed = i128::from(pool.dividend_total_in) - known.dividends_out() as i128;
        // What went to the owner when a vault closed may have been a gift.
        let swept = known.leftovers.iter().any(|left| *left > 0);
        assert!(
            balance >= owed || swept,
            "I02: dividends of {id}: {balance} of {owed}"
        );
        let positions = state.positions.range((*id, 0)..=(*id, u64::MAX));
        let claimable: i128 = positions
            .map(|(_, position)| i128::from(claimable(pool, position)))
            .sum();
        let unstreamed = i128::from(unstreamed(pool));
        assert!(
            balance >= claimable + unstreamed,
            "I02: dividends of {id}: {balance} of {claimable} and {unstreamed}"
        );
        let model_owed = known.dividends_in() as i128 - known.dividends_out() as i128;
        let gift = donated(model, vault, mint, model_owed);
        assert_eq!(
            balance,
            owed + gift,
            "I02: dividends of {id} with {gift} of donations"
        );
    }
}

/// Base units that a pool holds back of its dividends.
fn unstreamed(pool: &StakePoolCounters) -> u64 {
    let stream = pool.stream;
    assert!(stream.released <= stream.streaming, "I02: {stream:?}");
    stream.streaming - stream.released + stream.next
}

/// An index or fraction as the program stores it, in units of 2^-64.
fn parts([whole, fraction]: [u64; 2]) -> u128 {
    u128::from(whole) << 64 | u128::from(fraction)
}

/// What the position earned since it was last booked and the fraction it kept, in units of 2^-64.
fn unbooked(pool: &StakePoolCounters, position: &PositionCounters) -> u128 {
    let risen = parts(pool.dividend_index) - parts(position.dividend_seen);
    u128::from(position.shares) * risen + u128::from(position.dividend_frac)
}

/// Whole base units that the position can claim.
fn claimable(pool: &StakePoolCounters, position: &PositionCounters) -> u64 {
    let more = u64::try_from(unbooked(pool, position) >> 64).expect("within what was given");
    position.dividend_due + more
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
    for (id, pool) in &state.stake_pools {
        let positions = state.positions.range((*id, 0)..=(*id, u64::MAX));
        let claimed: u128 = positions.map(|(_, p)| u128::from(p.dividend_claimed)).sum();
        let given = pool.dividend_total_in;
        assert!(claimed <= given.into(), "I04: dividends of {id}: {claimed}");
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
        let all = active + thawing;
        assert!(all <= u64::MAX.into(), "I05: pool {id} has {all} shares");
        assert_eq!(counted, tickets().count() as u64, "I05: pool {id}");
        let open = positions().count() as u64;
        assert_eq!(pool.positions, open, "I05: positions of pool {id}");
    }
}

/// I05: every dividend is somebody's, to the last fraction: held back, claimed, due, earned, kept as a fraction, undivided,
/// left by a position that closed, or held back when the vault closed.
pub fn i05_dividends_add_up(model: &Reference, state: &Snapshot) {
    for (id, pool) in &state.stake_pools {
        let known = &model.stake_pools[id];
        let positions = state.positions.range((*id, 0)..=(*id, u64::MAX));
        let theirs: u128 = positions
            .map(|(_, p)| (u128::from(p.dividend_due) << 64) + unbooked(pool, p))
            .sum();
        let claimed: u128 = known.claims.iter().copied().map(u128::from).sum();
        let held_back = u128::from(unstreamed(pool)) + u128::from(known.lapsed);
        let given_out = theirs + (claimed << 64) + u128::from(pool.dividend_rem) + known.forfeited;
        let all = given_out + (held_back << 64);
        let given = u128::from(pool.dividend_total_in) << 64;
        assert_eq!(all, given, "I05: dividends of pool {id}");
    }
}

/// I06: what is locked is the sum of the bonds of unreleased jobs (or of the live attester in good standing), and within the
/// owner's own active stake.
pub fn i06_bonds_are_backed(model: &Reference, state: &Snapshot) {
    for (id, pool) in &state.stake_pools {
        let known = &model.stake_pools[id];
        let bonds: u128 = match known.subject {
            Subject::Provider(provider) => {
                let theirs = |job: &&u64| model.jobs[job].provider == Some(provider);
                let jobs = state.jobs.keys().filter(theirs);
                jobs.map(|job| u128::from(state.jobs[job].bond)).sum()
            }
            Subject::Attester(attester) => {
                let bonded = state.attesters.get(&attester);
                let bonded = bonded.filter(|a| a.live_bits > 0 && a.standing == 0);
                bonded.map_or(0, |attester| attester.bond.into())
            }
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
        let theirs = state.challenges.range((*id, job.incarnation, 0)..);
        let theirs = theirs.take_while(|(key, _)| (key.0, key.1) == (*id, job.incarnation));
        let open = theirs.filter(|(_, challenge)| challenge.verdict == 0);
        let frozen: u64 = open.map(|(_, challenge)| challenge.units).sum();
        assert_eq!(job.units_frozen, frozen, "I15: job {id} and its challenges");
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

/// I18: a node has exactly the units that jobs of its set credited; a job credits nothing if it falls short of what its set
/// asks, and else no more than a quorum proved, nor than what its escrow earned pays for.
pub fn i18_nodes_have_what_jobs_credited(model: &Reference, state: &Snapshot) {
    let mut credited = BTreeMap::<u64, u128>::new();
    for (id, job) in every_job(model) {
        assert!(
            job.credited() <= job.quorum_matured(job.touched_at),
            "I18: job {id}"
        );
        let set = job.terms.set.map(|set| &model.sets[&set].args.quality);
        let counts = set.is_some_and(|quality| quality.is_met_by(&job.terms));
        assert!(counts || job.credits.is_empty(), "I18: job {id} counts");
        let cosigned = job.cosigned_pay();
        let earned = job.terms.gross(job.matured(job.touched_at));
        let worth = job.terms.gross(job.credited()) + cosigned;
        assert!(
            worth <= earned,
            "I18: job {id} credited {worth} of {earned}"
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
