//! Lists of inputs and the trees over them: streamed, whole in memory and by the plain loop, they have one root and one path.

use {
    super::{
        decode,
        naive::{Hash, Naive, input_leaf, levels, sha256},
        places::*,
        recipe::{Work, flip, name},
    },
    crate::{bend::bend, pick::Pick},
    sluice_work::{
        inputs::is_input,
        sluice_math::tree::{path_to, root_from, root_of},
    },
};

/// A list, bent.
pub fn list(pick: &mut Pick) {
    let count = u32::from(pick.below(40));
    let names: Vec<Hash> = (0..count).map(|_| name(pick)).collect();
    let mut bytes = [count.to_le_bytes().as_slice(), &names.concat()].concat();
    bend(pick, &mut bytes);
    let Some((inputs, names)) = decode::inputs(&bytes) else {
        return;
    };
    let depth = levels(names.len() as u64);
    let leaves: Vec<Hash> = names.iter().map(input_leaf).collect();
    let naive = Naive::over(leaves.clone(), depth);
    assert_eq!(inputs.root(), Ok(naive.root()));
    let tree = inputs.tree().expect("they are few");
    assert_eq!(tree.root(), naive.root());
    // Any place, absent ones too, and a deeper tree than there need be.
    let index = u32::from(pick.byte()) & ((1 << depth) - 1);
    assert_eq!(tree.path(index), Some(naive.path(index)));
    assert_eq!(tree.path(index + (1 << depth)), None);
    let deeper = depth + u32::from(pick.below(4));
    let naive = Naive::over(leaves.clone(), deeper);
    let root = root_of(sha256, deeper as usize, &leaves);
    assert_eq!(root, Some(naive.root()));
    let mut path = vec![[9; 32]; deeper as usize];
    assert!(path_to(sha256, &leaves, index, &mut path).is_some());
    assert_eq!(path, naive.path(index));
    let leaf = leaves.get(index as usize).copied().unwrap_or_default();
    assert_eq!(root_from(sha256, &leaf, index, &path), root);
    // Bits of a place that a tree has not lead nowhere.
    let outside = index | 1_u32 << (deeper + u32::from(pick.byte()) % (32 - deeper));
    assert_eq!(root_from(sha256, &leaf, outside, &path), None);
    path.resize(25, [9; 32]);
    assert_eq!(root_from(sha256, &leaf, index, &path), None);
    if let Some(too_low) = depth.checked_sub(1) {
        assert_eq!(root_of(sha256, too_low as usize, &leaves), None);
    }
}

/// An input at its place, then one bit of it, of its place, its path or the root turned.
pub fn path(pick: &mut Pick) {
    let work = Work::pick(pick);
    let core = &work.spec.core;
    let shape = core.shape().expect("the work is small");
    let naive = Naive::over(
        work.names.iter().map(input_leaf).collect(),
        levels(core.count.into()),
    );
    let mut index = u32::from(pick.byte()) % core.count;
    let (mut input, mut path) = (work.names[index as usize], naive.path(index));
    let mut root = core.inputs;
    assert!(is_input(&shape, &root, index, &input, &path));
    INPUT.reach();
    match pick.below(6) {
        0 => flip(pick, &mut input),
        1 => index ^= 1 << pick.below(32),
        2 => flip(pick, &mut root),
        3 => drop(path.pop()),
        4 => path.push(name(pick)),
        _ => {
            let place = usize::from(pick.byte()) % path.len().max(1);
            if let Some(sibling) = path.get_mut(place) {
                flip(pick, sibling);
            }
        }
    }
    // The same input may stand twice, side by side: then the path to one leads from the other.
    let expected = index < core.count && naive.proves(&input_leaf(&input), index, &path, &root);
    assert_eq!(is_input(&shape, &root, index, &input, &path), expected);
    if !expected {
        NO_INPUT.reach();
    }
}
