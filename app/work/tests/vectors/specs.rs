//! Cores and specifications: fields, bytes, JSON and hash.

use {
    crate::{check, hex, long, work::Work},
    serde_json::{Value, json},
    sluice_work::{
        core::{Core, Kind},
        hash,
        spec::Spec,
    },
};

/// Specifications by name.
pub fn all() -> Vec<(&'static str, Spec)> {
    let judged = Work::of(10, 4, Kind::Sbpf).spec;
    let other = Work::of(10, 4, Kind::Wasm).spec;
    let mut most_judged = judged.clone();
    most_judged.core = Core {
        units: u64::MAX / 1_024,
        slash: u64::MAX,
        kernel_len: 64 << 10,
        count: 1 << 14,
        per_window: 1_024,
        answer_secs: u32::MAX,
        signers_answer: 1,
        ..judged.core.clone()
    };
    most_judged.rest.note = "x".repeat(1_024);
    most_judged.rest.chunk_millis = 3_600_000;
    let mut most_other = other.clone();
    most_other.core = Core {
        kernel_len: 4 << 20,
        count: 1 << 24,
        per_window: 1,
        units: u64::MAX,
        ..other.core.clone()
    };
    most_other.rest.title = "\u{feff}\u{0}\"\\ä\u{1f980}".to_owned() + &"é".repeat(26);
    most_other.rest.memory = 1 << 30;
    most_other.rest.output = 64 << 20;
    let mut least = judged.clone();
    least.core = Core {
        units: 1,
        slash: 0,
        kernel_len: 1,
        count: 1,
        per_window: 1,
        answer_secs: 0,
        ..judged.core.clone()
    };
    least.rest.title.clear();
    least.rest.output = 1;
    least.rest.chunk_millis = 1;
    vec![
        ("judged work", judged),
        ("judged work, everything at its most", most_judged),
        ("judged work, everything at its least", least),
        ("other work", other),
        ("other work, everything at its most", most_other),
    ]
}

#[test]
fn specifications_are_written_and_named_so() {
    let written: Vec<Value> = all().iter().map(|(name, spec)| write(name, spec)).collect();
    check("work_specs", &written.into());
}

fn write(name: &str, spec: &Spec) -> Value {
    let (Spec { core, rest }, bytes) = (spec, spec.to_bytes());
    let form = serde_json::to_value(spec).unwrap();
    assert_eq!(Spec::from_bytes(&bytes).as_ref(), Ok(spec));
    assert_eq!(
        serde_json::from_value::<Spec>(form.clone()).ok().as_ref(),
        Some(spec)
    );
    json!({
        "name": name,
        "is_judged": core.is_judged(),
        "core": {
            "salt": hex(core.salt),
            "kernel": hex(core.kernel),
            "inputs": hex(core.inputs),
            "units": long(core.units),
            "slash": long(core.slash),
            "kernel_len": core.kernel_len,
            "count": core.count,
            "per_window": core.per_window,
            "answer_secs": core.answer_secs,
            "kind": if core.is_judged() { "sbpf" } else { "wasm" },
            "signers_answer": core.signers_answer,
        },
        "rest": {
            "title": rest.title,
            "note": rest.note,
            "memory": rest.memory,
            "output": rest.output,
            "chunk_millis": rest.chunk_millis,
        },
        "core_bytes": hex(core.to_bytes()),
        "bytes": hex(&bytes),
        "rest_hash": hex(hash::blob(&bytes[136..])),
        "hash": hex(spec.hash()),
        "json": form,
    })
}
