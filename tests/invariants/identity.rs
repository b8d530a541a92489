//! Fields that are no counters: keys, terms and dates that must be those of the model and stay.

use {
    super::{book::Book, execute::disputes::piece, observe::Sight},
    sha2::{Digest, Sha256},
    sluice_tests::reference::{Key, Reference, Snapshot},
    std::{collections::BTreeMap, fmt::Debug},
};

/// Keys in accounts are the model's.
pub fn accounts_are_whose_the_model_says(book: &Book, model: &Reference, sight: &Sight) {
    let known = |address| book.handle_unless_nobody(address);
    for (id, job) in &sight.jobs {
        let expected = &model.jobs[id];
        assert_eq!(known(&job.network), Some(expected.network), "job {id}");
        assert_eq!(known(&job.buyer), Some(expected.buyer), "job {id}");
        assert_eq!(known(&job.provider), expected.provider, "job {id}");
        assert_eq!(known(&job.payee), expected.payee, "job {id}");
        assert_eq!(known(&job.node), expected.node, "job {id}");
        assert_eq!(known(&job.worker), expected.worker, "job {id}");
        assert_eq!(known(&job.cosigner), expected.cosigner, "job {id}");
        let owner = known(&job.attestation_owner);
        assert_eq!(owner, expected.attestation_owner, "job {id}");
        assert_eq!(known(&job.terms.set), expected.terms.set, "job {id}");
        let fees = (job.fee_bps, job.attestation_bps);
        assert_eq!(
            fees,
            (expected.fee_bps, expected.attestation_bps),
            "job {id}"
        );
        assert_eq!(job.length_secs, expected.length_secs, "job {id}");
    }
    for (id, node) in &sight.nodes {
        let expected = &model.nodes[id];
        assert_eq!(known(&node.provider), Some(expected.provider), "node {id}");
        assert_eq!(known(&node.worker), Some(expected.worker), "node {id}");
        assert_eq!(known(&node.set), expected.set, "node {id}");
        assert_eq!(node.opened_slot, expected.registration, "node {id}");
        assert_eq!(node.slots_total, expected.slots, "node {id}");
    }
    for (id, offer) in &sight.offers {
        let expected = &model.offers[id];
        let keys = (known(&offer.network), known(&offer.provider));
        let whose = (Some(expected.network), Some(expected.provider));
        assert_eq!(keys, whose, "offer {id}");
        assert_eq!(known(&offer.node), Some(expected.node), "offer {id}");
        assert_eq!(known(&offer.terms.set), expected.terms.set, "offer {id}");
    }
    for (id, provider) in &sight.providers {
        let expected = &model.providers[id];
        let keys = (known(&provider.owner), known(&provider.operator));
        assert_eq!(keys, (Some(expected.owner), Some(expected.operator)));
    }
    for (id, attester) in &sight.attesters {
        let expected = &model.attesters[id];
        let keys = (known(&attester.owner), known(&attester.key));
        assert_eq!(keys, (Some(expected.owner), Some(expected.key)));
    }
    for (id, batch) in &sight.batches {
        let expected = &model.batches[id];
        let keys = (known(&batch.set), known(&batch.payer));
        assert_eq!(keys, (Some(expected.tree.set), Some(expected.payer)));
        assert_eq!(batch.root, book.root(&expected.tree), "batch {id}");
    }
    for (id, pool) in &sight.stake_pools {
        assert_eq!(known(&pool.owner), Some(model.stake_pools[id].owner));
    }
    for (key, challenge) in &sight.challenges {
        let expected = &model.challenges[key];
        let keys = [
            &challenge.network,
            &challenge.pool,
            &challenge.set,
            &challenge.challenger,
            &challenge.payee,
        ];
        let whose = [
            expected.network,
            expected.pool,
            expected.set,
            expected.challenger,
            expected.payee,
        ];
        assert_eq!(keys.map(known), whose.map(Some), "{key:?}");
        let chain = evidence(book, &expected.evidence);
        assert_eq!(challenge.evidence, chain, "evidence of {key:?}");
    }
    for (id, pool) in &sight.reward_pools {
        let expected = &model.reward_pools[id];
        let keys = [&pool.network, &pool.set, &pool.refund_owner].map(known);
        let whose = [expected.network, expected.set, expected.refund_owner].map(Some);
        assert_eq!(keys, whose, "reward pool {id}");
        assert_eq!(book.mint_at(&pool.mint), Some(expected.mint));
    }
    for (key, share) in &sight.shares {
        let expected = &model.shares[key];
        let keys = [&share.provider, &share.payee].map(known);
        let whose = [expected.provider, expected.payee].map(Some);
        assert_eq!(keys, whose, "share {key:?}");
        assert_eq!(share.registration, expected.registration, "share {key:?}");
    }
}

/// The chain of hashes of who added what.
fn evidence(book: &Book, pieces: &[(Key, u64)]) -> [u8; 32] {
    pieces.iter().fold([0; 32], |chain, (author, added)| {
        let mut hash = Sha256::new();
        hash.update(chain);
        hash.update(book.address(*author));
        hash.update(piece(*added));
        hash.finalize().into()
    })
}

/// I19: nothing alters the terms of an open job or of a reward pool.
pub fn i19_terms_stay(before: &Sight, after: &Sight) {
    for (id, old) in &before.jobs {
        if let Some(new) = after.jobs.get(id)
            && new.incarnation == old.incarnation
        {
            assert_eq!(new.terms, old.terms, "I19: job {id}");
            let fixed = |job: &sluice_client::Job| {
                let keys = (job.network, job.buyer, job.cosigner, job.attestation_owner);
                let rest = (job.vault, job.rent_payer, job.spec_hash, job.length_secs);
                (keys, rest, job.fee_bps, job.attestation_bps)
            };
            assert_eq!(fixed(new), fixed(old), "I19: job {id}");
            if old.state > 0 {
                let worked = |job: &sluice_client::Job| {
                    let who = (job.provider, job.payee, job.node, job.worker);
                    (who, job.context, job.start_at, job.taken)
                };
                assert_eq!(worked(new), worked(old), "I19: job {id}");
            }
        }
    }
    for (id, old) in &before.offers {
        if let Some(new) = after.offers.get(id)
            && new.incarnation == old.incarnation
        {
            assert_eq!(new.terms, old.terms, "I19: offer {id}");
        }
    }
    for (id, old) in &before.reward_pools {
        let fixed = |pool: &sluice_client::RewardPool| {
            let keys = (pool.network, pool.set, pool.mint, pool.refund_owner);
            let rest = (pool.creator, pool.vault, pool.rent_payer, pool.delegated);
            (keys, rest, pool.terms)
        };
        if let Some(new) = after.reward_pools.get(id)
            && new.incarnation == old.incarnation
        {
            assert_eq!(fixed(new), fixed(old), "I19: reward pool {id}");
        }
    }
    for (key, old) in &before.shares {
        let fixed = |share: &sluice_client::Share| {
            let keys = (share.pool, share.node, share.provider, share.payee);
            (keys, share.rent_payer)
        };
        if let Some(new) = after.shares.get(key)
            && new.opened_slot == old.opened_slot
        {
            assert_eq!(fixed(new), fixed(old), "I19: share {key:?}");
        }
    }
}

/// Every entry in which two snapshots differ.
pub fn differences(model: &Snapshot, chain: &Snapshot) -> String {
    [
        differing("network", &model.networks, &chain.networks),
        differing("attester", &model.attesters, &chain.attesters),
        differing("set", &model.sets, &chain.sets),
        differing("provider", &model.providers, &chain.providers),
        differing("node", &model.nodes, &chain.nodes),
        differing("offer", &model.offers, &chain.offers),
        differing("stake pool", &model.stake_pools, &chain.stake_pools),
        differing("position", &model.positions, &chain.positions),
        differing("ticket", &model.tickets, &chain.tickets),
        differing("job", &model.jobs, &chain.jobs),
        differing("challenge", &model.challenges, &chain.challenges),
        differing("reward pool", &model.reward_pools, &chain.reward_pools),
        differing("epoch", &model.epochs, &chain.epochs),
        differing("share", &model.shares, &chain.shares),
        differing("balance", &model.balances, &chain.balances),
        differing("supply", &model.supplies, &chain.supplies),
    ]
    .concat()
}

fn differing<K, V>(kind: &str, model: &BTreeMap<K, V>, chain: &BTreeMap<K, V>) -> String
where
    K: Ord + Debug,
    V: PartialEq + Debug,
{
    let mut keys: Vec<&K> = model.keys().chain(chain.keys()).collect();
    keys.sort();
    keys.dedup();
    let differ = keys.iter().filter(|key| model.get(key) != chain.get(key));
    differ
        .map(|key| {
            let (expected, got) = (model.get(key), chain.get(key));
            format!("\n{kind} {key:?}:\n  model {expected:?}\n  chain {got:?}")
        })
        .collect()
}
