//! Bytes of every format that were right, bent.

use {
    super::{
        decode, layout,
        naive::Hash,
        recipe::{self, name, number},
    },
    crate::{bend::bend, pick::Pick},
};

pub fn core(pick: &mut Pick) {
    let mut bytes = recipe::core(pick).to_bytes().to_vec();
    bend(pick, &mut bytes);
    decode::core(&bytes);
}

pub fn spec(pick: &mut Pick) {
    let mut bytes = recipe::spec(pick).to_bytes();
    bend(pick, &mut bytes);
    decode::spec(&bytes);
}

/// A specification in JSON, bent as text.
pub fn json(pick: &mut Pick) {
    let spec = recipe::spec(pick);
    let written = serde_json::to_vec(&spec).expect("it can be written");
    let mut text = written.clone();
    bend(pick, &mut text);
    let read = decode::json(&text);
    if text == written {
        let can_be = layout::spec(&spec.to_bytes()).is_ok();
        assert_eq!(read, can_be.then_some(spec));
    }
}

/// Evidence of a few chunks or of very many, most of them alike.
pub fn evidence(pick: &mut Pick) {
    let (window, few) = (number(pick, 1), u32::from(pick.below(12)));
    let (count, filled) = match pick.below(32) {
        31 => (1_020 + few, Some(maybe(pick, |pick| name(pick).to_vec()))),
        _ => (few, None),
    };
    let mut bytes = [window, count].map(u32::to_le_bytes).concat();
    for position in 0..count {
        bytes.extend(match &filled {
            Some(output) if position + 1 < count => output.clone(),
            _ => maybe(pick, |pick| name(pick).to_vec()),
        });
    }
    bytes.extend(maybe(pick, |pick| {
        let mut stop = number(pick, 1).to_le_bytes().to_vec();
        stop.push(1 + pick.below(12));
        stop
    }));
    bend(pick, &mut bytes);
    decode::evidence(&bytes);
}

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
    decode::opened(&bytes);
}

/// A byte that says whether something follows, and what does.
fn maybe(pick: &mut Pick, what: impl Fn(&mut Pick) -> Vec<u8>) -> Vec<u8> {
    match pick.below(2) {
        0 => vec![0],
        _ => [vec![1], what(pick)].concat(),
    }
}
