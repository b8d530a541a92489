//! Windows: evidence in bytes, what it claims, and the claims that are false.

use {
    crate::{check, claim, hashes, hex, opened, work::Work},
    serde_json::{Value, json},
    sluice_work::{
        check::{Claim, Fault},
        core::Kind,
        evidence::{Evidence, Stop},
        hash,
        undone::Undone,
    },
};

/// Evidence as the vectors write it.
fn fields(evidence: &Evidence) -> Value {
    let outputs: Vec<_> = evidence.outputs.iter().map(|name| name.map(hex)).collect();
    let stop = evidence.stop;
    let stop = stop.map(|stop| json!({ "index": stop.index, "reason": stop.reason as u8 }));
    json!({ "window": evidence.window, "outputs": outputs, "stop": stop })
}

/// An honest window in all of its parts.
fn honest(name: &str, work: &Work, evidence: &Evidence) -> Value {
    let core = &work.spec.core;
    let (bytes, said) = (evidence.to_bytes(), work.claim(evidence));
    assert_eq!(Evidence::from_bytes(&bytes).as_ref(), Some(evidence));
    let chunks = work.check(evidence, &said).unwrap();
    let chunks = chunks.iter().map(|chunk| {
        json!({ "index": chunk.index, "input": hex(chunk.input), "output": hex(chunk.output) })
    });
    // Every place of the tree, behind the window's end, too.
    let places = (0..core.per_window.next_power_of_two()).map(|position| {
        let place = work.opened(evidence, position);
        let mut written = opened(&place);
        written["is_claimed"] = place.is_claimed(core, &said).into();
        assert_eq!(place.convicts(core, &said, None), None);
        written
    });
    json!({
        "name": name,
        "spec": hex(work.spec.to_bytes()),
        "inputs": hex(work.inputs.to_bytes()),
        "evidence": fields(evidence),
        "bytes": hex(&bytes),
        "blob": hex(hash::blob(&bytes)),
        "claim": claim(&said),
        "chunks": chunks.collect::<Vec<_>>(),
        "opened": places.collect::<Vec<_>>(),
    })
}

/// A claim that is not so, and why.
fn false_claim(name: &str, work: &Work, evidence: &Evidence, said: &Claim, fault: Fault) -> Value {
    assert_eq!(work.check(evidence, said), Err(fault), "{name}");
    json!({
        "name": name,
        "spec": hex(work.spec.to_bytes()),
        "inputs": hex(work.inputs.to_bytes()),
        "evidence": hex(evidence.to_bytes()),
        "claim": claim(said),
        "fault": format!("{fault:?}"),
        "message": fault.to_string(),
    })
}

fn stop(index: u32) -> Option<Stop> {
    let reason = Undone::Steps;
    Some(Stop { index, reason })
}

#[test]
fn evidence_is_written_and_opened_so() {
    let [judged, other] = [Kind::Sbpf, Kind::Wasm].map(|kind| Work::of(10, 4, kind));
    let prefix = judged.evidence(1, |position| position < 2);
    let prefix = Evidence {
        stop: stop(6),
        ..prefix
    };
    let nothing = Evidence::of(1, vec![], stop(4));
    let cases = [
        honest("all of a window", &judged, &judged.evidence(1, |_| true)),
        honest("a prefix, and why it ends", &judged, &prefix),
        honest("nothing, and why", &judged, &nothing),
        honest("the last window", &judged, &judged.evidence(2, |_| true)),
        honest("some chunks", &other, &other.evidence(0, |at| at % 2 == 1)),
        honest(
            "a window past the end",
            &other,
            &other.evidence(3, |_| true),
        ),
        {
            let single = Work::of(3, 1, Kind::Wasm);
            honest(
                "windows of one chunk",
                &single,
                &single.evidence(2, |_| true),
            )
        },
        {
            let wide = Work::of(3, 5, Kind::Sbpf);
            honest(
                "a window wider than the work",
                &wide,
                &wide.evidence(0, |_| true),
            )
        },
    ];
    check("work_windows", &Value::from(cases.to_vec()));
}

#[test]
fn false_claims_are_refused_so() {
    let [judged, other] = [Kind::Sbpf, Kind::Wasm].map(|kind| Work::of(10, 4, kind));
    let sparse = other.evidence(1, |position| position != 1);
    let said = other.claim(&sparse);
    let mut shorter = Work::of(10, 4, Kind::Wasm);
    shorter.inputs = Work::of(9, 4, Kind::Wasm).inputs;
    let mut exchanged = Work::of(10, 4, Kind::Wasm);
    exchanged.spec.core.inputs = hash::blob(b"another list");
    let prefix = judged.evidence(1, |position| position < 2);
    let prefix_said = judged.claim(&prefix);
    let stopped = |index| Evidence {
        stop: stop(index),
        ..prefix.clone()
    };
    let whole = judged.evidence(1, |_| true);
    let whole_stopped = Evidence {
        stop: stop(8),
        ..whole.clone()
    };
    let sparse_stopped = Evidence {
        stop: stop(8),
        ..sparse.clone()
    };
    let late = Evidence::of(2, vec![None, None, Some([1; 32])], None);
    let late_said = Claim {
        window: 2,
        units: 2,
        digest: [1; 32],
    };
    let units = |units| Claim { units, ..said };
    let digest = {
        let mut claim = said;
        claim.digest[31] ^= 1;
        claim
    };
    let window = Claim { window: 0, ..said };
    let cases = [
        false_claim("fewer inputs", &shorter, &sparse, &said, Fault::Inputs),
        false_claim("another list", &exchanged, &sparse, &said, Fault::Inputs),
        false_claim("another window", &other, &sparse, &window, Fault::Window),
        false_claim("half a chunk", &other, &sparse, &units(7), Fault::Remainder),
        false_claim(
            "five chunks of four",
            &other,
            &sparse,
            &units(10),
            Fault::TooMany,
        ),
        false_claim(
            "units of all 64 bits",
            &other,
            &sparse,
            &units(u64::MAX - 1),
            Fault::TooMany,
        ),
        false_claim("behind the end", &other, &late, &late_said, Fault::TooMany),
        false_claim(
            "four chunks of three",
            &other,
            &sparse,
            &units(8),
            Fault::Count,
        ),
        false_claim("a gap in judged work", &judged, &sparse, &said, Fault::Gap),
        false_claim(
            "a stop at what is done",
            &judged,
            &stopped(5),
            &prefix_said,
            Fault::Stop,
        ),
        false_claim(
            "a stop further on",
            &judged,
            &stopped(7),
            &prefix_said,
            Fault::Stop,
        ),
        false_claim(
            "a stop at the end",
            &judged,
            &whole_stopped,
            &judged.claim(&whole),
            Fault::Stop,
        ),
        false_claim(
            "a stop of other work",
            &other,
            &sparse_stopped,
            &said,
            Fault::Stop,
        ),
        false_claim("another digest", &other, &sparse, &digest, Fault::Digest),
    ];
    check("work_faults", &Value::from(cases.to_vec()));
}

#[test]
fn reasons_are_numbered_so() {
    let reasons = (0..=u8::MAX).filter_map(|number| {
        let reason: Undone = borsh::from_slice(&[number]).ok()?;
        let (name, message) = (format!("{reason:?}"), reason.to_string());
        Some(json!({ "number": number, "name": name, "message": message }))
    });
    check("work_reasons", &reasons.collect());
}

#[test]
fn an_input_leaf_and_a_chunk_leaf_are_hashed_so() {
    let (input, output) = ([1; 32], [2; 32]);
    check(
        "work_hashes",
        &json!({
            "input": hex(input),
            "output": hex(output),
            "index": 0x0102_0304,
            "input_leaf": hex(hash::input_leaf(&input)),
            "chunk_leaf": hex(hash::chunk_leaf(0x0102_0304, &input, &output)),
            "blobs": hashes(&[hash::blob(b""), hash::blob(b"sluice")]),
        }),
    );
}
