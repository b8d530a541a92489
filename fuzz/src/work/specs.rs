//! Cores and specifications: the same by offsets worked out anew, in bytes and in JSON.

use {
    super::{
        layout,
        naive::sha256,
        places::*,
        recipe::{self, number},
    },
    crate::{bend::bend, pick::Pick},
    serde_json::Value,
    sluice_work::{
        core::Core,
        spec::{Spec, of},
    },
};

/// A core, bent, or any bytes.
pub fn core(pick: &mut Pick) {
    let mut bytes = recipe::core(pick).to_bytes().to_vec();
    bend(pick, &mut bytes);
    let decoded = Core::from_bytes(&bytes);
    assert_eq!(decoded.as_ref().err(), layout::core(&bytes).err().as_ref());
    match decoded {
        Ok(core) => {
            CORE.reach();
            assert!(core.to_bytes() == *bytes);
            let rest = [number(pick, 1) as u8; 32];
            assert_eq!(
                of(&core, &rest),
                sha256(&[b"sluice:spec:v1", &bytes, &rest])
            );
        }
        Err(_) => NO_CORE.reach(),
    }
}

/// A specification, bent.
pub fn spec(pick: &mut Pick) {
    let mut bytes = recipe::spec(pick).to_bytes();
    bend(pick, &mut bytes);
    let decoded = Spec::from_bytes(&bytes);
    assert_eq!(decoded.as_ref().err(), layout::spec(&bytes).err().as_ref());
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

/// A specification in JSON, bent as text: what is read can be, and says the same in bytes and in JSON again.
pub fn json(pick: &mut Pick) {
    let spec = recipe::spec(pick);
    let written = serde_json::to_vec(&spec).expect("it can be written");
    let mut text = written.clone();
    bend(pick, &mut text);
    let read = serde_json::from_slice::<Spec>(&text).ok();
    if text == written {
        let can_be = layout::spec(&spec.to_bytes()).is_ok();
        assert_eq!(read.as_ref(), can_be.then_some(&spec));
    }
    match read {
        Some(spec) => {
            JSON.reach();
            let bytes = spec.to_bytes();
            assert_eq!(layout::spec(&bytes), Ok(()));
            assert_eq!(Spec::from_bytes(&bytes).as_ref(), Ok(&spec));
            let again = serde_json::to_value(&spec).expect("it can be written");
            assert_eq!(again["core"]["units"], spec.core.units.to_string());
            // A number has one form. Serde takes a struct's fields in their order, without names, too.
            let given: Value = serde_json::from_slice(&text).expect("it was read");
            for (part, fields) in [("core", ["units", "slash"]), ("rest", ["title", "note"])] {
                for field in fields.iter().filter(|_| given[part].is_object()) {
                    assert_eq!(given[part][field], again[part][field]);
                }
            }
            assert_eq!(serde_json::from_value::<Spec>(again).ok(), Some(spec));
        }
        None => NO_JSON.reach(),
    }
}
