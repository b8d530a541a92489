//! Runs that are none, paths that lead elsewhere, and hashes in each other's place.

use {
    super::HOUR,
    sluice_client::{BatchRun, batch::Tree, statement::Statement},
    sluice_math::tree::node,
    sluice_tests::world::{BatchHandle, Site, error_name},
    solana_signer::Signer,
};

/// A change, and what it is refused with.
type Bend = (fn(&mut BatchRun), &'static str);

/// A site three hours on, and a batch of seven statements about windows 0 to 6 of its job, in a tree of eight leaves.
fn seven() -> (Site, Vec<Statement>, BatchHandle) {
    let mut site = Site::new();
    let said: Vec<Statement> = (0..7)
        .map(|window| site.world.statement(&site.job, window, 10))
        .collect();
    let batch = site.world.post(&site.set, &said);
    site.at(7 * HOUR);
    (site, said, batch)
}

/// What a bent run is refused with.
#[track_caller]
fn refused(
    site: &mut Site,
    batch: &BatchHandle,
    run: &BatchRun,
    bend: impl Fn(&mut BatchRun),
    name: &str,
) {
    let mut bent = run.clone();
    bend(&mut bent);
    site.world.run_refused(batch, &site.job, bent, name);
}

#[test]
fn a_leaf_is_proven_at_every_index_with_every_length_of_run() {
    for leaves in [1, 2, 4, 8] {
        for index in 0..7usize {
            let (mut site, said, batch) = seven();
            let run = batch.run(index, leaves, &[(index, said[index])]);
            assert_eq!(run.path.len(), 3 - leaves.trailing_zeros() as usize);
            site.world.prove_run(&batch, &site.job, run);
            let ring = site.state().ring;
            assert_eq!(ring[index].window_plus_one, index as u32 + 1);
            assert_eq!(site.state().units_pending, 10);
        }
    }
}

#[test]
fn a_path_that_is_too_short_too_long_bent_or_for_another_index_leads_elsewhere() {
    let (mut site, said, batch) = seven();
    let run = batch.run(2, 1, &[(2, said[2])]);
    let bends: [Bend; 9] = [
        (|run| run.path.truncate(2), "NotInBatch"),
        (|run| run.path = run.path.split_off(1), "NotInBatch"),
        (|run| run.path.clear(), "MalformedRun"),
        (|run| run.path.push([0; 32]), "NotInBatch"),
        (|run| run.path.insert(0, [0; 32]), "NotInBatch"),
        (|run| run.path.swap(0, 1), "NotInBatch"),
        (|run| run.path[1][31] ^= 1, "NotInBatch"),
        (|run| run.first = 3, "NotInBatch"),
        (|run| run.first = 0, "NotInBatch"),
    ];
    for (bend, name) in bends {
        refused(&mut site, &batch, &run, bend, name);
    }
    // Bits of the index that no sibling answers to.
    for first in [10, 2 + (1 << 20), u32::MAX - 5] {
        refused(
            &mut site,
            &batch,
            &run,
            |run| run.first = first,
            "MalformedRun",
        );
    }
    site.world.prove_run(&batch, &site.job, run);
}

#[test]
fn a_run_begins_at_a_multiple_of_its_length() {
    let (mut site, said, batch) = seven();
    // Leaves 1 and 2 are neighbours, and no run.
    let run = BatchRun {
        first: 1,
        ..batch.run(2, 2, &[(2, said[2])])
    };
    site.world
        .run_refused(&batch, &site.job, run, "MalformedRun");
    let good = batch.run(2, 2, &[(2, said[2]), (3, said[3])]);
    for first in [1, 3, 7] {
        refused(
            &mut site,
            &batch,
            &good,
            |run| run.first = first,
            "MalformedRun",
        );
    }
    for first in [0, 4, 6] {
        refused(
            &mut site,
            &batch,
            &good,
            |run| run.first = first,
            "NotInBatch",
        );
    }
    site.world.prove_run(&batch, &site.job, good);
}

#[test]
fn a_run_has_one_to_thirty_two_leaves_and_as_many_statements_as_its_mask() {
    let (mut site, said, batch) = seven();
    let run = batch.run(0, 4, &[(0, said[0]), (2, said[2])]);
    let bends: [Bend; 13] = [
        (|run| run.mask = 0, "MalformedRun"),
        (|run| run.mask = 0b0001, "MalformedRun"),
        (|run| run.mask = 0b0111, "MalformedRun"),
        (|run| run.mask = 0b1_0001, "MalformedRun"),
        (|run| run.mask |= 1 << 31, "MalformedRun"),
        (|run| run.others.truncate(1), "MalformedRun"),
        (|run| run.others.push([0; 32]), "MalformedRun"),
        (|run| run.others.extend([[0; 32]; 3]), "MalformedRun"),
        // A run of eight, whose path is that of four.
        (|run| run.others.extend([[0; 32]; 4]), "NotInBatch"),
        (|run| run.entries.clear(), "MalformedRun"),
        (|run| run.entries[1].job = 1, "MalformedRun"),
        (|run| run.entries[0].job = u8::MAX, "MalformedRun"),
        // The same statements at other leaves.
        (|run| run.mask = 0b1010, "NotInBatch"),
    ];
    for (bend, name) in bends {
        refused(&mut site, &batch, &run, bend, name);
    }
    // Nothing at all, and hashes alone.
    let nothing = BatchRun {
        first: 0,
        mask: 0,
        entries: vec![],
        others: vec![],
        path: vec![],
    };
    refused(&mut site, &batch, &nothing, |_| (), "MalformedRun");
    let hashes = |run: &mut BatchRun| run.others = vec![[1; 32]; 8];
    refused(&mut site, &batch, &nothing, hashes, "MalformedRun");
    site.world.prove_run(&batch, &site.job, run);
}

#[test]
fn runs_of_thirty_two_are_the_longest() {
    let mut site = Site::new();
    let said = site.world.statement(&site.job, 0, 10);
    let leaves = |count: usize| {
        let mut leaves = vec![said.hash()];
        leaves.resize(count, [1; 32]);
        leaves
    };
    site.at(HOUR);
    let tree = Tree::new(leaves(64)).unwrap();
    let batch = site.world.post_tree(&site.set, tree, &[0, 1, 2]);
    assert!(batch.tree.run(0, 64, |_| Some((0, said))).is_none());
    // Nor does the program take the whole tree as one.
    let mut longer = batch.run(0, 32, &[(0, said)]);
    longer.others.extend([[1; 32]; 32]);
    longer.path.clear();
    refused_wide(&mut site, &batch, longer);
    // What fits a transaction of 1,232 bytes.
    let long = batch.run(0, 16, &[(0, said)]);
    assert_eq!((long.others.len(), long.path.len()), (15, 2));
    site.world.prove_run(&batch, &site.job, long);
}

/// Refused as no run, in a transaction of 4,096 bytes.
#[track_caller]
fn refused_wide(site: &mut Site, batch: &BatchHandle, run: BatchRun) {
    let worker = site.job.worker.insecure_clone();
    let attest = batch.attest(&worker.pubkey(), None, &[site.job.address], run);
    let before = site.world.freeze();
    let refused = site.world.send_wide(&[attest], &[&worker]).unwrap_err();
    assert_eq!(error_name(&refused), "MalformedRun");
    assert!(site.world.freeze() == before);
}

#[test]
fn no_tree_is_deeper_than_twenty() {
    let mut site = Site::new();
    let said = site.world.statement(&site.job, 0, 10);
    // A root above that of a tree of the greatest depth, which members signed all the same.
    let mut leaves = vec![[1; 32]; 1 << 20];
    leaves[0] = said.hash();
    let deep = Tree::new(leaves).unwrap();
    let above = Tree::new(vec![deep.root(), [5; 32]]).unwrap();
    let batch = site.world.post_tree(&site.set, above, &[0, 1, 2]);
    site.at(HOUR);
    let mut run = deep.run(0, 1, |at| (at == 0).then_some((0, said))).unwrap();
    run.path.push([5; 32]);
    assert_eq!(run.path.len(), 21);
    refused_wide(&mut site, &batch, run);
}

#[test]
fn other_statements_than_those_that_were_signed_lead_elsewhere() {
    let (mut site, said, batch) = seven();
    let run = batch.run(3, 1, &[(3, said[3])]);
    let bends: [fn(&mut BatchRun); 4] = [
        |run| run.entries[0].units += 1,
        |run| run.entries[0].units = 0,
        |run| run.entries[0].window = 4,
        |run| run.entries[0].digest[0] ^= 1,
    ];
    for bend in bends {
        refused(&mut site, &batch, &run, bend, "NotInBatch");
    }
    // Another job of the same worker, in the same window: its context is another.
    let mut site = Site::new();
    let other = site.another(|_| ());
    let said = site.world.statement(&site.job, 0, 10);
    let batch = site.world.post(&site.set, &[said]);
    site.at(HOUR);
    let run = batch.run(0, 1, &[(0, said)]);
    site.world
        .run_refused(&batch, &other, run.clone(), "NotInBatch");
    site.world.prove_run(&batch, &site.job, run);
}

#[test]
fn a_node_is_no_leaf_a_leaf_no_node_and_padding_nothing() {
    let (mut site, said, batch) = seven();
    let hashes: Vec<_> = said.iter().map(Statement::hash).collect();
    let inner = node(sluice::hash::sha256, &hashes[2], &hashes[3]);
    // The node above leaves 2 and 3 shown as a leaf of a tree that is a level less deep: as a hash it is where it belongs, ...
    let beside = BatchRun {
        first: 0,
        mask: 0b01,
        entries: batch.run(0, 1, &[(0, said[0])]).entries,
        others: vec![inner],
        path: vec![[0; 32]],
    };
    site.world
        .run_refused(&batch, &site.job, beside, "NotInBatch");
    // ... and the statement next to it stands a level too high.
    let mut high = batch.run(0, 1, &[(0, said[0])]);
    high.path[0] = inner;
    site.world
        .run_refused(&batch, &site.job, high, "NotInBatch");
    // A statement is hashed of 76 bytes: none of them gives a node of 65, nor the zeros of padding at leaf 7.
    let padding = BatchRun {
        first: 7,
        ..batch.run(6, 1, &[(6, said[6])])
    };
    site.world
        .run_refused(&batch, &site.job, padding, "NotInBatch");
    assert_eq!(batch.tree.leaf(7), [0; 32]);
    // No depth is signed. Members that sign a leaf without knowing what it is sign all that is below it: they never do.
    let leaves = vec![batch.tree.root(), [5; 32]];
    let blind = Tree::new(leaves).unwrap();
    let blind = site.world.post_tree(&site.set, blind, &[0, 1, 2]);
    let mut run = batch.run(1, 1, &[(1, said[1])]);
    run.path.push([5; 32]);
    site.world.prove_run(&blind, &site.job, run);
    assert_eq!(site.state().units_pending, 10);
}
