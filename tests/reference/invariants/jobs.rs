//! I01, I04, I14, I15, I16 and I18 of jobs: an escrow pays for nothing but units that were proven, once, and in their time.

use {
    super::{donated, every_job, held, out_of},
    crate::reference::{Holder, Reference, Snapshot, job::Recipient, proof::Witness},
    std::collections::BTreeMap,
};

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

/// I04, ahead of time: everything that a job's proofs have earned or will, and what the buyer took, is within its funds.
pub fn i04_promises_are_funded(model: &Reference) {
    for (id, job) in &model.jobs {
        let promised = job.terms.gross(job.counted()) + job.pulled(Recipient::Buyer);
        assert!(promised <= job.funded(), "I04: job {id} owes {promised}");
    }
}

/// I14: every proof ever accepted had the job's worker, or from a batch its operator, and a live quorum or the cosigner.
pub fn i14_proofs_had_their_signers(model: &Reference) {
    for (id, job) in every_job(model) {
        for (window, proof) in &job.proofs {
            let by_worker = Some(proof.worker) == job.worker;
            match &proof.witness {
                Witness::Cosigner(key) => {
                    assert!(by_worker, "I14: {id}/{window}");
                    assert_eq!(Some(*key), job.cosigner, "I14: {id}/{window}");
                    assert_ne!(*key, proof.worker, "I14: {id}/{window}");
                }
                Witness::Quorum {
                    signers,
                    live,
                    threshold,
                    from_batch,
                } => {
                    assert!(by_worker || *from_batch, "I14: {id}/{window}");
                    let mut distinct = signers.clone();
                    distinct.sort_unstable();
                    distinct.dedup();
                    let (signed, asked) = (distinct.len(), usize::from(*threshold));
                    let enough = signed == asked || *from_batch && signed > asked;
                    assert!(enough, "I14: {id}/{window}");
                    let sound = |key: &u64| live.contains(key) && Some(*key) != job.worker;
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
