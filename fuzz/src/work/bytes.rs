//! Evidence and opened leaves as bytes alone.

use {
    super::{
        layout,
        naive::Hash,
        places::*,
        recipe::{name, number},
    },
    crate::{bend::bend, pick::Pick},
    sluice_work::{evidence::Evidence, leaf::Opened},
};

/// A byte that says whether something follows, and what does.
fn maybe(pick: &mut Pick, what: impl Fn(&mut Pick) -> Vec<u8>) -> Vec<u8> {
    match pick.below(2) {
        0 => vec![0],
        _ => [vec![1], what(pick)].concat(),
    }
}

/// Evidence of a few chunks or of very many, bent.
pub fn evidence(pick: &mut Pick) {
    let (window, few) = (number(pick, 1), u32::from(pick.below(12)));
    let (count, filled) = match pick.below(32) {
        31 => (1_020 + few, Some(name(pick))),
        _ => (few, None),
    };
    let mut bytes = [window, count].map(u32::to_le_bytes).concat();
    for _ in 0..count {
        bytes.extend(match filled {
            Some(output) => [vec![1], output.to_vec()].concat(),
            None => maybe(pick, |pick| name(pick).to_vec()),
        });
    }
    bytes.extend(maybe(pick, |pick| {
        let mut stop = number(pick, 1).to_le_bytes().to_vec();
        stop.push(1 + pick.below(12));
        stop
    }));
    bend(pick, &mut bytes);
    let decoded = Evidence::from_bytes(&bytes);
    let read = decoded.as_ref().map(|evidence| {
        let stop = evidence.stop.map(|stop| (stop.index, stop.reason as u8));
        (evidence.window, evidence.outputs.clone(), stop)
    });
    assert_eq!(read, layout::evidence(&bytes));
    match decoded {
        Some(evidence) => {
            EVIDENCE.reach();
            assert!(evidence.to_bytes() == bytes);
            let whole = evidence.clone();
            assert_eq!(
                Evidence::of(whole.window, whole.outputs, whole.stop),
                evidence
            );
        }
        None => NO_EVIDENCE.reach(),
    }
}

/// An opened place, bent.
pub fn opened(pick: &mut Pick) {
    let mut bytes = number(pick, 1).to_le_bytes().to_vec();
    bytes.extend(maybe(pick, |pick| {
        let index = number(pick, 1).to_le_bytes();
        [&index[..], &name(pick), &name(pick)].concat()
    }));
    let count = pick.below(27);
    let path: Vec<Hash> = (0..count).map(|_| name(pick)).collect();
    bytes.extend(u32::from(count).to_le_bytes());
    bytes.extend(path.concat());
    bend(pick, &mut bytes);
    let decoded = Opened::from_bytes(&bytes);
    let read = decoded.as_ref().map(|opened| {
        let leaf = opened
            .leaf
            .map(|leaf| (leaf.index, leaf.input, leaf.output));
        (opened.position, leaf, opened.path.clone())
    });
    assert_eq!(read, layout::opened(&bytes));
    match decoded {
        Some(opened) => {
            OPENED.reach();
            assert!(opened.to_bytes() == bytes);
        }
        None => NO_OPENED.reach(),
    }
}
