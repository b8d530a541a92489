//! Rules that need no worker: what the chain says of windows.

use {
    super::world::*,
    crate::worker::{
        prove::{CHALLENGED, CONTRADICTED, found},
        store::{Sealed, WindowRow, WindowStage},
    },
    proptest::prelude::*,
    sluice_client::{Job, statement::Statement},
    sluice_work::core::Kind,
};

fn row(stage: WindowStage, units: u64) -> WindowRow {
    WindowRow {
        id: id(0),
        stage,
        sealed: Sealed {
            units,
            digest: [1; 32],
            evidence: vec![],
            sealed_at: START,
            ends_at: START + 100,
            closes_at: START + 180,
            matures_at: START + 480,
            kept_until: START + 1_480,
        },
        signature: Some([1; 64].into()),
        reason: None,
    }
}

fn proven(job: &Job) -> Job {
    let mut job = *job;
    prove(&mut job, 0, 40, [1; 32], 3, START + 100).unwrap();
    job
}

fn stage(job: &Job, row: &WindowRow, secs: i64) -> Option<(WindowStage, Option<String>)> {
    found(job, row, START + secs).map(|found| (found.stage, found.reason))
}

#[test]
fn what_the_ring_says_decides_how_far_a_window_is() {
    use WindowStage::*;
    let job = World::new(Kind::Wasm).net.job();
    let (signed, with) = (row(Signed, 40), proven(&job));
    // Not proven: lost a little after its grace, and not a second before.
    assert_eq!(stage(&job, &signed, 209), None);
    assert_eq!(stage(&job, &signed, 210).unwrap().0, Lost);
    // Proven, also if it was thought lost.
    assert_eq!(stage(&with, &signed, 100), Some((Proven, None)));
    assert_eq!(stage(&with, &row(Lost, 40), 300), Some((Proven, None)));
    assert_eq!(stage(&with, &row(Proven, 40), 479), None);
    // Earned.
    let mut ripe = with;
    ripe.mature(START + 480).unwrap();
    assert_eq!(stage(&ripe, &row(Proven, 40), 480), Some((Matured, None)));
    // Its place in the ring is another's: that happens once it is earned.
    let mut later = ripe;
    later.ring[0].window_plus_one = 17;
    assert_eq!(
        stage(&later, &row(Proven, 40), 1_700),
        Some((Matured, None))
    );
    assert_eq!(stage(&later, &row(Matured, 40), 1_700), None);
    // Challenged: its units left the ring before they could be earned.
    let mut held = with;
    (held.ring[0].units, held.units_frozen) = (0, 40);
    let challenged = Some((Proven, Some(CHALLENGED.to_owned())));
    assert_eq!(stage(&held, &row(Proven, 40), 300), challenged);
    let mut known = row(Proven, 40);
    known.reason = Some(CHALLENGED.to_owned());
    assert_eq!(stage(&held, &known, 500), None);
    // By the cosigner it is earned at once.
    let mut cosigned = held;
    cosigned.ring[0].signers = 0;
    assert_eq!(stage(&cosigned, &signed, 100), Some((Matured, None)));
    // Another statement.
    let other = Statement::of(&job, 0, 30, [1; 32]).hash();
    let mut contradicted = with;
    contradicted.ring[0].statement.copy_from_slice(&other[..24]);
    let lost = stage(&contradicted, &signed, 100);
    assert_eq!(lost, Some((Lost, Some(CONTRADICTED.to_owned()))));
    let mut known = row(Lost, 40);
    known.reason = Some(CONTRADICTED.to_owned());
    assert_eq!(stage(&contradicted, &known, 170), None);
}

#[test]
fn a_window_of_nothing_is_proven_and_then_over() {
    use WindowStage::*;
    let mut job = World::new(Kind::Wasm).net.job();
    prove(&mut job, 0, 0, [1; 32], 3, START + 100).unwrap();
    assert_eq!(stage(&job, &row(Signed, 0), 100), Some((Proven, None)));
    assert_eq!(stage(&job, &row(Proven, 0), 479), None);
    assert_eq!(stage(&job, &row(Proven, 0), 480), Some((Matured, None)));
}

proptest! {
    /// Whatever the escrow holds and whenever the job ends, no more is given out than is free, and no window more than its cap.
    #[test]
    fn windows_are_given_no_more_than_is_funded_and_their_caps_allow(
        funded in 0u64..900, end in 1i64..1_000, now in 0i64..1_100, pending in 0u64..200,
    ) {
        use crate::worker::{fetch::Work, seal, store::Names};
        use sluice_work::{engine::Limits, inputs::Inputs, sandbox::{Package, Vm}};
        let spec = spec(Kind::Wasm);
        let work = Work {
            id: id(0).job,
            node: JOB,
            shape: spec.core.shape().unwrap(),
            inputs: Inputs::default(),
            package: Package::new(Vm::Wasm, vec![]),
            limits: Limits::from(&spec.rest),
            names: Names { spec: [0; 32], list: [0; 32], kernel: [0; 32] },
            spec,
        };
        let mut job = bare();
        job.end_at = START + end;
        job.units_funded = funded;
        job.units_pending = pending.min(funded);
        let signed = row(WindowStage::Signed, 30);
        let due = seal::due(&job, &work, std::slice::from_ref(&signed), START + now).unwrap();
        let held = if now < 180 { 30 } else { 0 };
        let units: u64 = due.iter().map(|one| u64::from(one.span.most) * UNITS).sum();
        prop_assert!(units <= (funded - job.units_pending).saturating_sub(held));
        for one in &due {
            let cap = job.schedule().cap_of(one.span.window).unwrap();
            prop_assert!(u64::from(one.span.most) * UNITS <= cap);
            prop_assert!(one.span.window != 0);
            prop_assert!(one.span.ends_at + i64::from(GRACE_SECS) > START + now);
        }
    }
}
