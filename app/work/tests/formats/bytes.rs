//! What each format is in bytes and in JSON, and what it refuses.

use {
    crate::work::{Work, input},
    proptest::prelude::*,
    sluice_math::tree::ABSENT,
    sluice_work::{
        core::{BadCore, Core, Kind, LEN},
        evidence::{Evidence, Stop},
        hash,
        inputs::{Inputs, is_input},
        leaf::Opened,
        spec::{BadSpec, Rest, Spec},
        undone::Undone,
    },
};

#[test]
fn a_core_is_its_fields_one_after_the_other() {
    let core = Work::of(10, 4, Kind::Sbpf).spec.core;
    let bytes = core.to_bytes();
    assert_eq!(bytes.len(), LEN);
    assert_eq!(bytes[..32], core.salt);
    assert_eq!(bytes[32..64], core.kernel);
    assert_eq!(bytes[64..96], core.inputs);
    assert_eq!(bytes[96..104], 2_u64.to_le_bytes());
    assert_eq!(bytes[104..112], 1_000_u64.to_le_bytes());
    let numbers = [6_u32, 10, 4, 21_600].map(u32::to_le_bytes).concat();
    assert_eq!(bytes[112..128], numbers);
    assert_eq!(bytes[128..], [2, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(Core::from_bytes(&bytes), Ok(core));
}

#[test]
fn a_core_that_no_work_can_have_is_refused() {
    let good = Work::of(10, 4, Kind::Sbpf).spec.core;
    let with = |change: fn(&mut Core)| {
        let mut core = good.clone();
        change(&mut core);
        Core::from_bytes(&core.to_bytes())
    };
    assert_eq!(
        with(|core| core.kernel_len = 0),
        Err(BadCore::KernelLength(65_536))
    );
    assert_eq!(
        with(|core| core.kernel_len = 65_537),
        Err(BadCore::KernelLength(65_536))
    );
    assert_eq!(with(|core| core.count = 0), Err(BadCore::Shape));
    assert_eq!(with(|core| core.per_window = 1_025), Err(BadCore::Shape));
    assert_eq!(with(|core| core.units = u64::MAX), Err(BadCore::Shape));
    assert_eq!(
        with(|core| core.signers_answer = 2),
        Err(BadCore::Malformed)
    );
    assert_eq!(with(|core| core.reserved[5] = 1), Err(BadCore::Malformed));
    assert_eq!(with(|core| core.kind = Kind::Wasm), Err(BadCore::NotJudged));
    let mut bytes = good.to_bytes();
    bytes[128] = 3;
    assert_eq!(Core::from_bytes(&bytes), Err(BadCore::Malformed));
    assert_eq!(
        Core::from_bytes(&good.to_bytes()[1..]),
        Err(BadCore::Malformed)
    );
    assert_eq!(
        Core::from_bytes(&[good.to_bytes().as_slice(), &[0]].concat()),
        Err(BadCore::Malformed)
    );
}

#[test]
fn a_specification_is_named_by_core_and_the_hash_of_the_rest() {
    let spec = Work::of(10, 4, Kind::Wasm).spec;
    let bytes = spec.to_bytes();
    assert_eq!(Spec::from_bytes(&bytes), Ok(spec.clone()));
    let (core, rest) = bytes.split_at(LEN);
    let named = hash::sha256(&[b"sluice:spec:v1", core, &hash::sha256(&[rest])]);
    assert_eq!(spec.hash(), named);
    let mut other = spec.clone();
    other.rest.title.push('!');
    assert_ne!(other.hash(), named);
    let mut other = spec.clone();
    other.core.salt[0] ^= 1;
    assert_ne!(other.hash(), named);
}

#[test]
fn a_specification_for_people_is_json_in_which_no_number_is_lost() {
    let mut spec = Work::of(10, 4, Kind::Sbpf).spec;
    spec.core.slash = u64::MAX;
    let json = serde_json::to_value(&spec).unwrap();
    assert_eq!(json["core"]["slash"], u64::MAX.to_string());
    assert_eq!(json["core"]["kind"], "sbpf");
    assert_eq!(json["core"]["salt"], "07".repeat(32));
    assert_eq!(serde_json::from_value::<Spec>(json.clone()).unwrap(), spec);
    let changed = |part: &str, field: &str, value: serde_json::Value| {
        let mut json = json.clone();
        json[part][field] = value;
        serde_json::from_value::<Spec>(json)
    };
    assert!(changed("core", "colour", "red".into()).is_err());
    assert!(changed("core", "slash", 5.into()).is_err());
    for odd in ["", "+5", "05", "-0", " 5", "5.0", "18446744073709551616"] {
        assert!(changed("core", "slash", odd.into()).is_err(), "{odd}");
    }
    assert!(changed("core", "salt", "07".repeat(31).into()).is_err());
    let large = changed("core", "salt", "AB".repeat(32).into()).unwrap();
    assert_eq!(large.core.salt, [0xab; 32]);
    // What no work can be is none in JSON either.
    for (part, field) in [("core", "count"), ("rest", "output")] {
        assert!(changed(part, field, 0.into()).is_err());
    }
}

#[test]
fn a_specification_outside_of_its_bounds_is_refused() {
    let refused = |kind, change: fn(&mut Rest)| {
        let mut spec = Work::of(10, 4, kind).spec;
        change(&mut spec.rest);
        Spec::from_bytes(&spec.to_bytes()).unwrap_err()
    };
    assert_eq!(refused(Kind::Sbpf, |rest| rest.memory = 1), BadSpec::Limits);
    assert_eq!(
        refused(Kind::Sbpf, |rest| rest.output = 1_025),
        BadSpec::Limits
    );
    assert_eq!(refused(Kind::Wasm, |rest| rest.memory = 0), BadSpec::Limits);
    assert_eq!(
        refused(Kind::Wasm, |rest| rest.output = (64 << 20) + 1),
        BadSpec::Limits
    );
    assert_eq!(
        refused(Kind::Wasm, |rest| rest.chunk_millis = 0),
        BadSpec::Limits
    );
    assert_eq!(
        refused(Kind::Wasm, |rest| rest.title = "x".repeat(65)),
        BadSpec::Text
    );
    assert_eq!(
        refused(Kind::Wasm, |rest| rest.note = "x".repeat(1_025)),
        BadSpec::Text
    );
    let bytes = Work::of(10, 4, Kind::Wasm).spec.to_bytes();
    assert_eq!(
        Spec::from_bytes(&bytes[..bytes.len() - 1]),
        Err(BadSpec::Malformed)
    );
    assert_eq!(
        Spec::from_bytes(&[bytes.as_slice(), &[0]].concat()),
        Err(BadSpec::Malformed)
    );
}

#[test]
fn inputs_are_listed_in_their_order_and_stand_at_their_place() {
    let work = Work::of(10, 4, Kind::Sbpf);
    let bytes = work.inputs.to_bytes();
    assert_eq!(bytes.len(), 4 + 10 * 32);
    assert_eq!(Inputs::from_bytes(&bytes).as_ref(), Some(&work.inputs));
    assert_eq!(Inputs::from_bytes(&bytes[..bytes.len() - 1]), None);
    assert_eq!(Inputs::from_bytes(&[u8::MAX; 36]), None);
    let (shape, tree) = (work.spec.core.shape().unwrap(), work.inputs.tree().unwrap());
    let root = work.spec.core.inputs;
    assert_eq!(work.inputs.root(), Ok(tree.root()));
    assert_eq!(Inputs::default().root(), Ok(ABSENT));
    for index in 0..10 {
        let (name, path) = (hash::blob(&input(index)), tree.path(index).unwrap());
        assert!(is_input(&shape, &root, index, &name, &path));
        assert!(!is_input(&shape, &root, index ^ 1, &name, &path));
        assert!(!is_input(&shape, &root, index, &[1; 32], &path));
        assert!(!is_input(&shape, &root, index, &name, &path[1..]));
    }
    // Behind the end there is nothing, though the tree has leaves there.
    assert!(!is_input(
        &shape,
        &root,
        10,
        &ABSENT,
        &tree.path(10).unwrap()
    ));
    assert_eq!(tree.path(16), None);
}

#[test]
fn evidence_has_one_form_and_a_bound() {
    let evidence = Evidence {
        window: 3,
        outputs: vec![Some([1; 32]), None],
        stop: Some(Stop {
            index: 13,
            reason: Undone::Steps,
        }),
    };
    assert_eq!(
        Evidence::from_bytes(&evidence.to_bytes()),
        None,
        "what is not claimed at the end is not written"
    );
    let shorter = Evidence::of(3, evidence.outputs.clone(), evidence.stop);
    assert_eq!(shorter.outputs, [Some([1; 32])]);
    assert_eq!(Evidence::of(3, vec![None, None], None).outputs, []);
    let mut evidence = Evidence {
        outputs: vec![Some([1; 32])],
        ..evidence
    };
    assert_eq!(
        Evidence::from_bytes(&evidence.to_bytes()).as_ref(),
        Some(&evidence)
    );
    evidence.outputs = vec![Some([1; 32]); 1_024];
    assert!(Evidence::from_bytes(&evidence.to_bytes()).is_some());
    evidence.outputs.push(Some([1; 32]));
    assert_eq!(Evidence::from_bytes(&evidence.to_bytes()), None);
}

proptest! {
    #[test]
    fn no_bytes_make_a_decoder_panic_and_what_is_read_is_what_was_written(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(core) = Core::from_bytes(&bytes) {
            prop_assert_eq!(core.to_bytes().to_vec(), bytes.clone());
        }
        if let Ok(spec) = Spec::from_bytes(&bytes) {
            prop_assert_eq!(spec.to_bytes(), bytes.clone());
        }
        if let Some(inputs) = Inputs::from_bytes(&bytes) {
            prop_assert_eq!(inputs.to_bytes(), bytes.clone());
        }
        if let Some(evidence) = Evidence::from_bytes(&bytes) {
            prop_assert_eq!(evidence.to_bytes(), bytes.clone());
        }
        if let Some(opened) = Opened::from_bytes(&bytes) {
            prop_assert_eq!(opened.to_bytes(), bytes);
        }
    }

    #[test]
    fn a_changed_bit_is_another_specification(place in 0_usize..LEN, bit in 0_u8..8) {
        let spec = Work::of(10, 4, Kind::Sbpf).spec;
        let mut bytes = spec.to_bytes();
        bytes[place] ^= 1 << bit;
        if let Ok(other) = Spec::from_bytes(&bytes) {
            prop_assert_ne!(other.hash(), spec.hash());
        }
    }
}
