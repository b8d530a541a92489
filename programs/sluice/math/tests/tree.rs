//! Trees against their definition: all leaves, then all nodes level by level.

use {
    proptest::prelude::*,
    sluice_math::tree::{
        ABSENT, Builder, Hash, MAX_DEPTH, capacity, depth_for, fold, node, path_to, root_from,
        root_of,
    },
};

/// Told apart from its neighbours is all that a hash needs to be here: FNV of 64 bits, four times.
fn hash(slices: &[&[u8]]) -> Hash {
    let mut out = ABSENT;
    for (seed, part) in (0_u64..).zip(out.chunks_exact_mut(8)) {
        let mut state = 0xcbf2_9ce4_8422_2325_u64 ^ seed;
        for byte in slices.iter().copied().flatten() {
            state = (state ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
        part.copy_from_slice(&state.to_le_bytes());
    }
    out
}

fn leaves(count: u32) -> Vec<Hash> {
    (0..count)
        .map(|index| hash(&[b"leaf", &index.to_le_bytes()]))
        .collect()
}

/// The definition: all leaves, then all nodes level by level.
fn plain_root(leaves: &[Hash], depth: usize) -> Hash {
    let mut level = leaves.to_vec();
    level.resize(1 << depth, ABSENT);
    while level.len() > 1 {
        level = level
            .chunks_exact(2)
            .map(|pair| node(hash, &pair[0], &pair[1]))
            .collect();
    }
    level[0]
}

#[test]
fn a_depth_holds_its_leaves_and_no_fewer() {
    for (count, depth) in [
        (0, 0),
        (1, 0),
        (2, 1),
        (3, 2),
        (4, 2),
        (5, 3),
        (1_024, 10),
        (1_025, 11),
    ] {
        assert_eq!(depth_for(count), Some(depth), "{count}");
    }
    assert_eq!(depth_for(1 << 24), Some(24));
    assert_eq!(depth_for((1 << 24) + 1), None);
    assert_eq!(depth_for(u32::MAX), None);
    assert_eq!(
        (capacity(0), capacity(24), capacity(25)),
        (Some(1), Some(1 << 24), None)
    );
    assert_eq!(capacity(usize::MAX), None);
}

#[test]
fn a_node_is_no_leaf_and_has_a_left_and_a_right() {
    let [a, b] = [[2; 32], [3; 32]];
    assert_ne!(node(hash, &a, &b), node(hash, &b, &a));
    assert_eq!(node(hash, &a, &b), hash(&[&[1], &a, &b]));
}

#[test]
fn a_path_of_no_tree_leads_nowhere() {
    let path = [ABSENT; MAX_DEPTH + 1];
    assert_eq!(root_from(hash, &ABSENT, 0, &path), None);
    assert_eq!(root_from(hash, &ABSENT, 4, &path[..2]), None);
    assert_eq!(root_from(hash, &[7; 32], 0, &[]), Some([7; 32]));
    assert_eq!(root_from(hash, &[7; 32], 1, &[]), None);
    let mut short = [ABSENT; 2];
    assert_eq!(path_to(hash, &leaves(5), 0, &mut short), None);
    assert_eq!(path_to(hash, &leaves(3), 4, &mut short), None);
}

#[test]
fn whole_trees_are_folded_in_place_to_the_same_root_and_others_not_at_all() {
    for count in 0..130_u32 {
        let leaves = leaves(count);
        let folded = fold(hash, &mut leaves.clone());
        let root = count
            .is_power_of_two()
            .then(|| plain_root(&leaves, count.trailing_zeros() as usize));
        assert_eq!(folded, root, "{count}");
    }
}

#[test]
fn a_tree_refuses_more_than_it_holds() {
    assert_eq!(root_of(hash, 1, &leaves(3)), None);
    assert_eq!(root_of(hash, MAX_DEPTH + 1, &leaves(3)), None);
    let mut builder = Builder::default();
    for leaf in leaves(5) {
        builder.push(hash, &leaf).unwrap();
    }
    assert_eq!(builder.count(), 5);
    assert_eq!(builder.finish(hash, 2), None);
    assert_eq!(builder.finish(hash, 3), Some(plain_root(&leaves(5), 3)));
}

proptest! {
    #[test]
    fn roots_and_paths_are_those_of_the_definition(count in 0_u32..70, deeper in 0_usize..3) {
        let leaves = leaves(count);
        let depth = depth_for(count).unwrap() + deeper;
        let root = plain_root(&leaves, depth);
        prop_assert_eq!(root_of(hash, depth, &leaves), Some(root));
        let mut path = [ABSENT; MAX_DEPTH];
        for index in 0..capacity(depth).unwrap() {
            let leaf = leaves.get(index as usize).copied().unwrap_or(ABSENT);
            let path = &mut path[..depth];
            path_to(hash, &leaves, index, path).unwrap();
            prop_assert_eq!(root_from(hash, &leaf, index, path), Some(root));
            prop_assert_ne!(root_from(hash, &[9; 32], index, path), Some(root));
            // Elsewhere it leads to another root.
            let other = (index + 1) % capacity(depth).unwrap();
            if other != index && leaf != ABSENT {
                prop_assert_ne!(root_from(hash, &leaf, other, path), Some(root));
            }
        }
    }
}
