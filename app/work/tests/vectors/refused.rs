//! Bytes and JSON that every decoder refuses, and why.

use {
    crate::{check, hex, specs, work::Work},
    serde_json::{Value, json},
    sluice_work::{
        core::{Core, Kind},
        evidence::{Evidence, Stop},
        inputs::Inputs,
        leaf::{Leaf, Opened},
        spec::Spec,
        undone::Undone,
    },
};

type Change = fn(&mut Vec<u8>);

/// Each change of bytes that `read` takes as they are and refuses so changed: for a reason, or for being something else.
fn each<T, E: ToString>(
    bytes: &[u8],
    changes: &[(&str, Change)],
    read: impl Fn(&[u8]) -> Result<T, Option<E>>,
) -> Vec<Value> {
    assert!(read(bytes).is_ok());
    let refused = changes.iter().map(|(name, change)| {
        let mut bytes = bytes.to_vec();
        change(&mut bytes);
        let why = read(&bytes).err().expect(name);
        json!({ "name": name, "bytes": hex(bytes), "why": why.map(|why| why.to_string()) })
    });
    refused.collect()
}

/// What a decoder says that knows one reason alone.
fn only<T>(read: Option<T>) -> Result<T, Option<String>> {
    read.ok_or(None)
}

/// Writes a number over what stands at `at`.
fn put(bytes: &mut [u8], at: usize, number: u32) {
    bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
}

const CORE: [(&str, Change); 19] = [
    ("nothing", Vec::clear),
    ("a byte too few", |bytes| bytes.truncate(bytes.len() - 1)),
    ("a byte too many", |bytes| bytes.push(0)),
    ("no kind", |bytes| bytes[128] = 0),
    ("an unknown kind", |bytes| bytes[128] = 3),
    ("signers who answer twice", |bytes| bytes[129] = 2),
    ("something in the first reserved byte", |bytes| {
        bytes[130] = 1
    }),
    ("something in the last reserved byte", |bytes| {
        bytes[135] = 1
    }),
    ("no kernel", |bytes| put(bytes, 112, 0)),
    ("a kernel that is too large", |bytes| {
        put(bytes, 112, 65_537)
    }),
    ("a large kernel of the other kind", |bytes| {
        bytes[128] = 1;
        put(bytes, 112, (4 << 20) + 1);
    }),
    ("no units", |bytes| bytes[96..104].fill(0)),
    ("units whose cap is too large", |bytes| {
        bytes[96..104].fill(255)
    }),
    ("no chunks", |bytes| put(bytes, 116, 0)),
    ("too many chunks", |bytes| put(bytes, 116, (1 << 22) + 1)),
    ("no chunks in a window", |bytes| put(bytes, 120, 0)),
    ("too many chunks in a window", |bytes| {
        put(bytes, 120, 1_025)
    }),
    ("a slash without a judge", |bytes| {
        bytes[128] = 1;
        put(bytes, 124, 0);
    }),
    ("an answer without a judge", |bytes| {
        bytes[128] = 1;
        bytes[104..112].fill(0);
    }),
];

/// The title of the work has nine bytes, so the note's length is at 149.
const SPEC: [(&str, Change); 14] = [
    ("nothing", Vec::clear),
    ("no remainder", |bytes| bytes.truncate(136)),
    ("half a core", |bytes| bytes.truncate(135)),
    ("a byte too few", |bytes| bytes.truncate(bytes.len() - 1)),
    ("a byte too many", |bytes| bytes.push(0)),
    ("another core", |bytes| bytes[135] = 1),
    ("a title that is no text", |bytes| bytes[140] = 255),
    ("half a letter", |bytes| bytes[148] = 0xc3),
    ("a surrogate", |bytes| {
        bytes.splice(140..143, [0xed, 0xa0, 0x80]);
    }),
    ("a title longer than all", |bytes| put(bytes, 136, u32::MAX)),
    ("a long title", |bytes| {
        put(bytes, 136, 65);
        bytes.splice(140..149, [b'x'; 65]);
    }),
    ("a long note", |bytes| {
        put(bytes, 149, 1_025);
        bytes.splice(153..153, [b'x'; 1_025]);
    }),
    ("memory of the chain's own VM", |bytes| put(bytes, 153, 1)),
    ("no time for a chunk", |bytes| put(bytes, 161, 0)),
];

const INPUTS: [(&str, Change); 6] = [
    ("nothing", Vec::clear),
    ("half a count", |bytes| bytes.truncate(3)),
    ("a byte too few", |bytes| bytes.truncate(bytes.len() - 1)),
    ("a byte too many", |bytes| bytes.push(0)),
    ("one more than there are", |bytes| bytes[0] += 1),
    ("very many", |bytes| put(bytes, 0, u32::MAX)),
];

/// Of three outputs, the second absent: 4 bytes of window, 4 of count, 33, 1, 33, then the stop.
const EVIDENCE: [(&str, Change); 12] = [
    ("nothing", Vec::clear),
    ("half a window", |bytes| bytes.truncate(3)),
    ("a byte too few", |bytes| bytes.truncate(bytes.len() - 1)),
    ("a byte too many", |bytes| bytes.push(0)),
    ("neither an output nor none", |bytes| bytes[8] = 2),
    ("neither a stop nor none", |bytes| bytes[75] = 2),
    ("no reason", |bytes| bytes[80] = 0),
    ("an unknown reason", |bytes| bytes[80] = 12),
    ("one more than there are", |bytes| bytes[4] += 1),
    ("very many", |bytes| put(bytes, 4, u32::MAX)),
    ("an absent one at the end", |bytes| {
        bytes[4] += 1;
        bytes.insert(75, 0);
    }),
    ("absent ones alone", |bytes| {
        bytes[4] = 1;
        bytes.splice(8..75, [0]);
    }),
];

/// A leaf of 68 bytes behind position and tag, then a path of two.
const OPENED: [(&str, Change); 7] = [
    ("nothing", Vec::clear),
    ("a byte too few", |bytes| bytes.truncate(bytes.len() - 1)),
    ("a byte too many", |bytes| bytes.push(0)),
    ("neither a leaf nor none", |bytes| bytes[4] = 2),
    ("one sibling more than there are", |bytes| bytes[73] += 1),
    ("very many siblings", |bytes| put(bytes, 73, u32::MAX)),
    ("25 siblings", |bytes| {
        put(bytes, 73, 25);
        bytes.extend([7; 23 * 32]);
    }),
];

/// Fields of a specification in JSON, and what no specification has there.
fn json_forms() -> Vec<Value> {
    let (_, spec) = specs::all().remove(0);
    let good = serde_json::to_value(spec).unwrap();
    let change = |part: &str, field: &str, value: Option<Value>| {
        let mut form = good.clone();
        match value {
            Some(value) => form[part][field] = value,
            None => drop(form[part].as_object_mut().unwrap().remove(field)),
        }
        assert!(
            serde_json::from_value::<Spec>(form.clone()).is_err(),
            "{form}"
        );
        form
    };
    let number = |text: &str| ("core", "units", Some(text.into()));
    let changes = [
        ("core", "colour", Some("red".into())),
        ("rest", "colour", Some("red".into())),
        ("core", "reserved", Some(json!([0, 0, 0, 0, 0, 0]))),
        ("core", "salt", None),
        ("rest", "note", None),
        ("core", "salt", Some("07".repeat(31).into())),
        (
            "core",
            "salt",
            Some(("0x".to_owned() + &"07".repeat(32)).into()),
        ),
        ("core", "salt", Some("0g".repeat(32).into())),
        ("core", "units", Some(2.into())),
        number(""),
        number("+2"),
        number("-2"),
        number("02"),
        number("2.0"),
        number(" 2"),
        number("18446744073709551616"),
        ("core", "count", Some("10".into())),
        ("core", "count", Some((-1).into())),
        ("core", "count", Some(1.5.into())),
        ("core", "count", Some((1_u64 << 32).into())),
        ("core", "count", Some(0.into())),
        ("core", "kind", Some("Sbpf".into())),
        ("core", "kind", Some(2.into())),
        ("core", "signers_answer", Some(true.into())),
        ("core", "signers_answer", Some(2.into())),
        ("rest", "title", Some(Value::Null)),
        ("rest", "title", Some("x".repeat(65).into())),
        ("rest", "output", Some(0.into())),
    ];
    let mut forms: Vec<Value> = changes
        .map(|(part, field, value)| change(part, field, value))
        .into();
    forms.extend([json!({}), json!([]), Value::Null, "spec".into()]);
    for form in &forms {
        assert!(serde_json::from_value::<Spec>(form.clone()).is_err());
    }
    forms
}

#[test]
fn decoders_refuse_so() {
    let work = Work::of(10, 4, Kind::Sbpf);
    let spec = work.spec.to_bytes();
    let evidence = Evidence {
        window: 1,
        outputs: vec![Some([1; 32]), None, Some([2; 32])],
        stop: Some(Stop {
            index: 7,
            reason: Undone::Steps,
        }),
    };
    let opened = Opened {
        position: 1,
        leaf: Some(Leaf {
            index: 5,
            input: [1; 32],
            output: [2; 32],
        }),
        path: vec![[3; 32], [4; 32]],
    };
    check(
        "work_refused",
        &json!({
            "core": each(&spec[..136], &CORE, |bytes| Core::from_bytes(bytes).map_err(Some)),
            "spec": each(&spec, &SPEC, |bytes| Spec::from_bytes(bytes).map_err(Some)),
            "inputs": each(&work.inputs.to_bytes(), &INPUTS, |bytes| only(Inputs::from_bytes(bytes))),
            "evidence": each(&evidence.to_bytes(), &EVIDENCE, |bytes| only(Evidence::from_bytes(bytes))),
            "opened": each(&opened.to_bytes(), &OPENED, |bytes| only(Opened::from_bytes(bytes))),
            "json": json_forms(),
        }),
    );
}
