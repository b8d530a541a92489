//! Statements that were signed in a batch: either, both, in one tree or in two.

use {
    super::{key, still_shown},
    sluice_client::{
        BatchLeaf, Equivocation, Ledger, Standing,
        batch::Tree,
        instruction as ix,
        statement::{Countersignature, Path, Statement, batch_message, equivocation_instruction},
    },
    sluice_tests::world::{Site, error_name},
    solana_instruction::Instruction,
    solana_signer::Signer,
};

/// A change, and what it is refused with.
type Bend = (fn(&mut BatchLeaf), &'static str);

/// Where a statement stands.
type Place<'a> = Option<(&'a Tree, usize)>;

/// What shows that the first member signed `said`, each by itself or in its tree.
fn shown(site: &Site, said: &[Statement; 2], places: [Place; 2]) -> [Instruction; 2] {
    let (member, set) = (key(site, 0), site.set.address);
    let sign = |said: &Statement, place: Place| {
        let message = place.map_or_else(
            || said.message(Path::Quorum),
            |(tree, _)| batch_message(&set, &tree.root()),
        );
        let by = Countersignature {
            key: member.pubkey(),
            signature: member.sign_message(&message),
        };
        (by, message)
    };
    let leaf = |place: Place| {
        place.map(|(tree, index)| BatchLeaf {
            set,
            index: index as u32,
            path: tree.path(index, 0),
        })
    };
    let [first, second] = [sign(&said[0], places[0]), sign(&said[1], places[1])];
    let shown = Equivocation {
        job: site.job.address,
        incarnation: site.state().incarnation,
        node: site.node.address,
        units: said.map(|said| said.units),
        digests: said.map(|said| said.digest),
        window: said[0].window,
        first: leaf(places[0]),
        second: leaf(places[1]),
    };
    let owner = site.world.owner_of(&member.pubkey());
    [
        equivocation_instruction(&[first, second]),
        ix::show_equivocation(&site.world.network, &member.pubkey(), &owner, shown),
    ]
}

/// A tree of this depth with `leaf` at `index`.
fn tree(depth: usize, index: usize, leaf: [u8; 32]) -> Tree {
    let mut leaves = vec![[3; 32]; 1 << depth];
    leaves[index] = leaf;
    Tree::new(leaves).unwrap()
}

#[test]
fn every_pair_of_paths_convicts() {
    let site = Site::new();
    let said = site.contradiction();
    let [first, second] = said.map(|said| said.hash());
    let (one, other) = (tree(3, 5, first), tree(2, 0, second));
    let both = Tree::new(vec![second, [1; 32], first]).unwrap();
    let pairs: [[Place; 2]; 5] = [
        [Some((&one, 5)), None],
        [None, Some((&other, 0))],
        [Some((&one, 5)), Some((&other, 0))],
        // The same signature for both.
        [Some((&both, 2)), Some((&both, 0))],
        [None, None],
    ];
    for places in pairs {
        let mut site = Site::new();
        let shown = shown(&site, &said, places);
        site.world.ok(&shown, &[]);
        let state = site.world.attester_state(&site.set.attesters[0]);
        assert_eq!(state.standing, Standing::Tombstoned.byte());
        assert_eq!(state.bond, 0);
    }
}

#[test]
fn no_batch_need_be_on_the_chain_and_no_time_is_too_late() {
    let mut site = Site::new();
    let said = site.contradiction();
    let both = Tree::new(said.map(|said| said.hash()).to_vec()).unwrap();
    site.settle();
    site.world.advance(365 * 86_400);
    let shown = shown(&site, &said, [Some((&both, 0)), Some((&both, 1))]);
    site.world.ok(&shown, &[]);
}

#[test]
fn the_deepest_tree_fits_beside_a_direct_signature() {
    let mut site = Site::new();
    let said = site.contradiction();
    // A depth of 10 is what a transaction of 1,232 bytes has room for.
    let deep = tree(10, 999, said[1].hash());
    let shown = shown(&site, &said, [None, Some((&deep, 999))]);
    site.world.ok(&shown, &[]);
}

#[test]
fn two_of_the_deepest_trees_fit_a_transaction_of_4096_bytes_and_none_is_deeper() {
    let mut site = Site::new();
    let said = site.contradiction();
    let [first, second] = said.map(|said| said.hash());
    let (one, other) = (tree(20, 1_000_000, first), tree(20, 7, second));
    let pair = shown(&site, &said, [Some((&one, 1_000_000)), Some((&other, 7))]);
    // A root that is a level higher was signed: nobody need look so deep.
    let deeper = |path: &mut Vec<[u8; 32]>| path.push([9; 32]);
    let mut leaf = BatchLeaf {
        set: site.set.address,
        index: 7,
        path: other.path(7, 0),
    };
    deeper(&mut leaf.path);
    let owner = site.world.owner_of(&key(&site, 0).pubkey());
    let too_deep = Equivocation {
        job: site.job.address,
        incarnation: site.state().incarnation,
        node: site.node.address,
        units: said.map(|said| said.units),
        digests: said.map(|said| said.digest),
        window: 0,
        first: None,
        second: Some(leaf),
    };
    let member = key(&site, 0).pubkey();
    let show = ix::show_equivocation(&site.world.network, &member, &owner, too_deep);
    let refused = site.world.send_wide(&[pair[0].clone(), show], &[]);
    assert_eq!(error_name(&refused.unwrap_err()), "MalformedRun");
    site.world.send_wide(&pair, &[]).unwrap();
}

#[test]
fn a_path_that_leads_elsewhere_convicts_nobody() {
    let mut site = Site::new();
    let said = site.contradiction();
    let one = tree(3, 5, said[0].hash());
    let good = shown(&site, &said, [Some((&one, 5)), None]);
    let bends: [Bend; 6] = [
        (|leaf| leaf.index = 4, "WrongStatement"),
        (|leaf| leaf.index = 13, "MalformedRun"),
        (|leaf| leaf.path[0][0] ^= 1, "WrongStatement"),
        (|leaf| leaf.path.truncate(2), "MalformedRun"),
        (|leaf| leaf.path.push([0; 32]), "WrongStatement"),
        (
            |leaf| leaf.set = leaf.set.to_bytes().map(|byte| !byte).into(),
            "WrongStatement",
        ),
    ];
    let owner = site.world.owner_of(&key(&site, 0).pubkey());
    for (bend, name) in bends {
        let mut leaf = BatchLeaf {
            set: site.set.address,
            index: 5,
            path: one.path(5, 0),
        };
        bend(&mut leaf);
        let bent = Equivocation {
            job: site.job.address,
            incarnation: site.state().incarnation,
            node: site.node.address,
            units: said.map(|said| said.units),
            digests: said.map(|said| said.digest),
            window: 0,
            first: Some(leaf),
            second: None,
        };
        let key = key(&site, 0).pubkey();
        let show = ix::show_equivocation(&site.world.network, &key, &owner, bent);
        site.world.refused(&[good[0].clone(), show], &[], name);
    }
    site.world.ok(&good, &[]);
}

#[test]
fn an_honest_member_is_not_convicted_by_its_batches() {
    let mut site = Site::new();
    let [said, other] = site.contradiction();
    let one = tree(3, 5, said.hash());
    let again = Tree::new(vec![said.hash(), said.hash()]).unwrap();
    // The same statement in two trees, in one twice, and in a tree and directly.
    let pairs: [[Place; 2]; 3] = [
        [Some((&one, 5)), Some((&again, 1))],
        [Some((&again, 0)), Some((&again, 1))],
        [None, Some((&one, 5))],
    ];
    for places in pairs {
        let shown = shown(&site, &[said, said], places);
        site.world.refused(&shown, &[], "NotEquivocation");
    }
    // What it signed of a batch is no statement, and the other way round.
    let mixed = shown(&site, &[said, other], [Some((&one, 5)), None]);
    let direct = shown(&site, &[said, other], [None, None]);
    let crossed = [mixed[0].clone(), direct[1].clone()];
    site.world.refused(&crossed, &[], "WrongStatement");
    let crossed = [direct[0].clone(), mixed[1].clone()];
    site.world.refused(&crossed, &[], "WrongStatement");
    still_shown(site);
}

#[test]
fn a_signature_that_a_batch_was_posted_with_convicts() {
    let mut site = Site::new();
    let said = site.contradiction();
    let batch = site.world.post(&site.set, &[said[0]]);
    let state: sluice_client::Batch = site.world.chain.get(&batch.address).unwrap();
    assert_eq!(state.signers & 1, 1);
    let shown = shown(&site, &said, [Some((&batch.tree, 0)), None]);
    site.world.ok(&shown, &[]);
    // Its bit is live until somebody clears it; the batch proves until then.
    let entry = site.world.attester_state(&site.set.attesters[0]);
    assert_eq!(entry.standing, Standing::Tombstoned.byte());
}
