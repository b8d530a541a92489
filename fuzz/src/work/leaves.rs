//! One leaf of a liar's tree: what it convicts of by the rules written a second time, and that another bit proves nothing.

use {
    super::{
        naive::{Hash, Naive, chunk_leaf, input_leaf, levels},
        places::*,
        recipe::{Work, flip, name},
    },
    crate::pick::Pick,
    sluice_work::{
        check::Claim,
        core::Core,
        leaf::{Conviction, Leaf, Opened, Truth, overclaims},
    },
};

/// The output that the kernel of this work gives.
fn kernel(input: &Hash) -> Hash {
    input.map(|byte| !byte)
}

/// A window with lies in it, one place of which is opened.
pub fn leaf(pick: &mut Pick) {
    let work = Work::pick(pick);
    let core = &work.spec.core;
    let window = u32::from(pick.below(3));
    let (first, due) = work.due(window);
    let placed: Vec<Option<Leaf>> = (first..first + due)
        .map(|index| {
            let input = work.names[index as usize];
            let mut leaf = Leaf {
                index,
                input,
                output: kernel(&input),
            };
            match pick.below(8) {
                0 => return None,
                1 => leaf.index ^= 1 << pick.below(32),
                2 => leaf.input = name(pick),
                3 => leaf.output = name(pick),
                _ => {}
            }
            Some(leaf)
        })
        .collect();
    let hashed = |leaf: &Option<Leaf>| {
        leaf.map_or([0; 32], |leaf| {
            chunk_leaf(leaf.index, &leaf.input, &leaf.output)
        })
    };
    // A liar may seal a tree that is one level too high.
    let depth = levels(core.per_window.into());
    let sealed = depth + u32::from(pick.below(8) == 7);
    let tree = Naive::over(placed.iter().map(hashed).collect(), sealed);
    let mut claim = Claim {
        window,
        units: u64::from(due) * core.units,
        digest: tree.root(),
    };
    match pick.below(8) {
        0 => claim.units = claim.units.saturating_sub(core.units),
        1 => claim.units = pick.wide(),
        2 => claim.window = pick.secs(u32::MAX),
        _ => {}
    }
    let units_alone = overclaims(core, &claim);
    let expected = match work.claimed(&claim) {
        Some(_) => None,
        None if !claim.units.is_multiple_of(core.units) => Some(Conviction::Remainder),
        None => Some(Conviction::TooMany),
    };
    assert_eq!(units_alone, expected);
    if units_alone.is_some() {
        OVERCLAIM.reach();
    }

    let position = u32::from(pick.byte()) % core.per_window.next_power_of_two();
    let mut opened = Opened {
        position,
        leaf: placed.get(position as usize).copied().flatten(),
        path: tree.path(position),
    };
    assert_eq!(
        Opened::from_bytes(&opened.to_bytes()).as_ref(),
        Some(&opened)
    );
    let is_there = is_claimed(&work, &claim, &opened);
    assert_eq!(opened.is_claimed(core, &claim), is_there);
    judge(pick, &work, &claim, &opened);

    change(pick, &mut opened, &mut claim.digest);
    let hash = hashed(&opened.leaf);
    // Two places of a liar may have one leaf, side by side: then the path to one leads from the other.
    let stands = tree.proves(&hash, opened.position, &opened.path, &claim.digest);
    let expected = stands && is_claimed(&work, &claim, &opened);
    assert_eq!(opened.is_claimed(core, &claim), expected);
    if !expected {
        CHANGED.reach();
        assert_eq!(opened.convicts(core, &claim, None), None);
    }
}

/// Turns one bit of what is shown or of what it is shown against.
fn change(pick: &mut Pick, opened: &mut Opened, digest: &mut Hash) {
    let place = usize::from(pick.byte()) % opened.path.len().max(1);
    match (pick.below(6), &mut opened.leaf, opened.path.get_mut(place)) {
        (0, _, _) => opened.position ^= 1 << pick.below(32),
        (1, Some(leaf), _) => leaf.index ^= 1 << pick.below(32),
        (2, Some(leaf), _) => flip(pick, &mut leaf.input),
        (3, Some(leaf), _) => flip(pick, &mut leaf.output),
        (4, _, Some(sibling)) => flip(pick, sibling),
        _ => flip(pick, digest),
    }
}

/// True if the claim says that something is there, and the path is one of its tree.
fn is_claimed(work: &Work, claim: &Claim, opened: &Opened) -> bool {
    if opened.path.len() != levels(work.spec.core.per_window.into()) as usize {
        return false;
    }
    let (_, due) = work.due(claim.window);
    match work.claimed(claim) {
        None | Some(0) => false,
        Some(count) if work.spec.core.is_judged() => opened.position < count,
        Some(_) => opened.position < due && opened.leaf.is_some(),
    }
}

/// Holds what is proven, with and without the truth at hand, against the rules.
fn judge(pick: &mut Pick, work: &Work, claim: &Claim, opened: &Opened) {
    let core = &work.spec.core;
    let (first, _) = work.due(claim.window);
    let at = u64::from(first) + u64::from(opened.position);
    let inputs = Naive::over(
        work.names.iter().map(input_leaf).collect(),
        levels(core.count.into()),
    );
    // The true input, or one that stands elsewhere.
    let index = match pick.below(4) {
        0 => u32::from(pick.byte()) % core.count,
        _ => u32::try_from(at).unwrap_or(0).min(core.count - 1),
    };
    let input = work.names[index as usize];
    let path = inputs.path(index);
    let truth = Truth {
        input,
        path: &path,
        output: (pick.below(4) > 0).then(|| kernel(&input)),
    };
    let truth = (pick.below(4) > 0).then_some(&truth);
    let found = opened.convicts(core, claim, truth);
    let is_claimed = is_claimed(work, claim, opened);
    let expected = rule(
        core,
        at,
        opened,
        is_claimed,
        truth.map(|truth| (truth, inputs)),
    );
    assert_eq!(found, expected);
    match found {
        Some(Conviction::Padding) => PADDING.reach(),
        Some(Conviction::Index) => INDEX.reach(),
        Some(Conviction::Input) => OTHER_INPUT.reach(),
        Some(Conviction::Output) => OTHER_OUTPUT.reach(),
        Some(other) => panic!("{other:?} needs no leaf"),
        None if is_claimed => HONEST.reach(),
        None => {}
    }
}

fn rule(
    core: &Core,
    at: u64,
    opened: &Opened,
    is_claimed: bool,
    truth: Option<(&Truth, Naive)>,
) -> Option<Conviction> {
    if !is_claimed {
        return None;
    }
    let Some(leaf) = opened.leaf else {
        return core.is_judged().then_some(Conviction::Padding);
    };
    if u64::from(leaf.index) != at {
        return Some(Conviction::Index);
    }
    let (truth, inputs) = truth?;
    let place = u32::try_from(at).ok()?;
    if !inputs.proves(&input_leaf(&truth.input), place, truth.path, &core.inputs) {
        return None;
    }
    if leaf.input != truth.input {
        return Some(Conviction::Input);
    }
    (leaf.output != truth.output?).then_some(Conviction::Output)
}
