//! Every decoder on any bytes: it reads what the layouts say, refuses the rest for the same reason, and what it reads has one form.

use {
    super::{
        layout,
        naive::{Hash, sha256},
        places::*,
    },
    crate::pick::Pick,
    serde_json::Value,
    sluice_work::{
        core::Core,
        evidence::Evidence,
        inputs::Inputs,
        leaf::Opened,
        spec::{Spec, of},
    },
};

/// The input's bytes as they come.
pub fn any(pick: &mut Pick) {
    let bytes = pick.rest();
    core(bytes);
    spec(bytes);
    json(bytes);
    inputs(bytes);
    evidence(bytes);
    opened(bytes);
}

pub fn core(bytes: &[u8]) {
    let decoded = Core::from_bytes(bytes);
    assert_eq!(decoded.as_ref().err(), layout::core(bytes).err().as_ref());
    match decoded {
        Ok(core) => {
            CORE.reach();
            assert!(core.to_bytes() == *bytes);
            let named = sha256(&[b"sluice:spec:v1", bytes, &[7; 32]]);
            assert_eq!(of(&core, &[7; 32]), named);
        }
        Err(_) => NO_CORE.reach(),
    }
}

pub fn spec(bytes: &[u8]) {
    let decoded = Spec::from_bytes(bytes);
    assert_eq!(decoded.as_ref().err(), layout::spec(bytes).err().as_ref());
    match decoded {
        Ok(spec) => {
            SPEC.reach();
            assert!(spec.to_bytes() == bytes);
            let (core, rest) = bytes.split_at(136);
            let named = sha256(&[b"sluice:spec:v1", core, &sha256(&[rest])]);
            assert_eq!(spec.hash(), named);
        }
        Err(_) => NO_SPEC.reach(),
    }
}

/// The specification that a text in JSON is: one that can be, and that says the same in bytes and in JSON again.
pub fn json(text: &[u8]) -> Option<Spec> {
    let Ok(spec) = serde_json::from_slice::<Spec>(text) else {
        NO_JSON.reach();
        return None;
    };
    JSON.reach();
    let bytes = spec.to_bytes();
    assert_eq!(layout::spec(&bytes), Ok(()));
    assert_eq!(Spec::from_bytes(&bytes).as_ref(), Ok(&spec));
    let again = serde_json::to_value(&spec).expect("it can be written");
    assert_eq!(again["core"]["units"], spec.core.units.to_string());
    // A number has one form. Serde takes a struct's fields in their order, without names, too.
    let given: Value = serde_json::from_slice(text).expect("it was read");
    for (part, fields) in [("core", ["units", "slash"]), ("rest", ["title", "note"])] {
        for field in fields.iter().filter(|_| given[part].is_object()) {
            assert_eq!(given[part][field], again[part][field]);
        }
    }
    let read = serde_json::from_value::<Spec>(again).ok();
    assert_eq!(read.as_ref(), Some(&spec));
    read
}

pub fn inputs(bytes: &[u8]) -> Option<(Inputs, Vec<Hash>)> {
    let (decoded, expected) = (Inputs::from_bytes(bytes), layout::inputs(bytes));
    let listed = decoded.as_ref().map(|inputs| inputs.names().to_vec());
    assert_eq!(listed, expected);
    match &decoded {
        Some(inputs) => {
            LIST.reach();
            assert!(inputs.to_bytes() == bytes);
        }
        None => NO_LIST.reach(),
    }
    decoded.zip(expected)
}

pub fn evidence(bytes: &[u8]) {
    let decoded = Evidence::from_bytes(bytes);
    let read = decoded.as_ref().map(|evidence| {
        let stop = evidence.stop.map(|stop| (stop.index, stop.reason as u8));
        (evidence.window, evidence.outputs.clone(), stop)
    });
    assert_eq!(read, layout::evidence(bytes));
    match decoded {
        Some(evidence) => {
            EVIDENCE.reach();
            assert!(evidence.to_bytes() == bytes);
            let whole = evidence.clone();
            let again = Evidence::of(whole.window, whole.outputs, whole.stop);
            assert_eq!(again, evidence);
        }
        None => NO_EVIDENCE.reach(),
    }
}

pub fn opened(bytes: &[u8]) {
    let decoded = Opened::from_bytes(bytes);
    let read = decoded.as_ref().map(|opened| {
        let leaf = opened.leaf;
        let leaf = leaf.map(|leaf| (leaf.index, leaf.input, leaf.output));
        (opened.position, leaf, opened.path.clone())
    });
    assert_eq!(read, layout::opened(bytes));
    match decoded {
        Some(opened) => {
            OPENED.reach();
            assert!(opened.to_bytes() == bytes);
        }
        None => NO_OPENED.reach(),
    }
}
