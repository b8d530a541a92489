//! What is not here, what is not claimed, and what ends a check.

use {
    super::{stage::*, *},
    crate::order::Verify,
    sluice_work::{
        check::{Claim, Fault},
        evidence::Evidence,
        hash,
    },
};

#[test]
fn an_output_that_is_not_here_or_has_other_bytes_is_absent_until_it_is_computed() {
    let mut stage = stage();
    let (gone, other) = (stage.claimed[3].unwrap(), stage.claimed[6].unwrap());
    stage.here.blobs.remove(&gone);
    stage.here.blobs.insert(other, b"other bytes".to_vec());
    let judged = stage.judge(&Played::both(twice), Verify::None);
    let absent = [3, 6].map(|place| findings(&judged)[place]);
    assert_eq!(absent, [Finding::Absent; 2]);
    assert!(!judged.is_held());
    let judged = stage.judge(&Played::both(twice), Verify::All);
    assert!(judged.is_held());
    assert_eq!(stage.right(), [3, 6]);
}

#[test]
fn a_lie_that_hides_its_bytes_is_found_all_the_same() {
    let mut stage = stage().lying(&[1]);
    stage.here.blobs.remove(&hash::blob(b"a lie!"));
    let judged = stage.judge(&Played::both(twice), Verify::All);
    assert_eq!(judged.first_false().unwrap().1, Fault::Output(1));
    assert_eq!(stage.right(), [1]);
}

#[test]
fn an_input_that_changed_here_is_nobody_elses_fault_and_hides_no_other_lie() {
    let mut stage = stage().lying(&[2, 5]);
    stage
        .here
        .blobs
        .insert(hash::blob(&input(2)), b"changed".to_vec());
    stage.here.blobs.remove(&hash::blob(&input(9)));
    let judged = stage.judge(&Played::both(twice), Verify::All);
    assert_eq!(
        [2, 9].map(|place| findings(&judged)[place]),
        [Finding::NoInput; 2]
    );
    assert_eq!(judged.first_false().unwrap().1, Fault::Output(5));
}

#[test]
fn chunks_that_are_not_claimed_are_not_judged() {
    let mut stage = stage();
    (stage.claimed[0], stage.claimed[5]) = (None, None);
    let played = Played::both(twice);
    let judged = stage.judge(&played, Verify::All);
    let indexes: Vec<_> = judged.chunks.iter().map(|(chunk, _)| chunk.index).collect();
    assert_eq!(indexes, [1, 2, 3, 4, 6, 7, 8, 9]);
    stage.claimed = vec![None; 10];
    assert!(stage.judge(&played, Verify::Some(3)).chunks.is_empty());
}

#[test]
fn only_what_the_worker_signed_proves_a_claim_false() {
    let stage = stage();
    let (evidence, claim) = (stage.evidence(), stage.claim());
    let judge = judge(Kind::Wasm, Played::both(twice));
    let unjudged = |evidence: &Evidence, claim: Claim| {
        let window = Window {
            spec: &stage.spec,
            inputs: &stage.inputs,
            evidence,
            claim: &claim,
        };
        let judged = judge.window(&window, &stage.here, Verify::All, &SEED, &GO_ON);
        match judged.unwrap_err() {
            Unjudged::Claim { fault, is_provable } => (fault, is_provable),
            other => panic!("{other}"),
        }
    };
    let units = |units| Claim { units, ..claim };
    assert_eq!(unjudged(&evidence, units(49)), (Fault::Remainder, true));
    assert_eq!(unjudged(&evidence, units(55)), (Fault::TooMany, true));
    assert_eq!(unjudged(&evidence, units(45)), (Fault::Count, true));
    let mut less = stage.claimed.clone();
    less[3] = None;
    let less = Evidence::of(0, less, None);
    assert_eq!(unjudged(&less, claim), (Fault::Count, false));
    let digest = [1; 32];
    let other = Claim { digest, ..claim };
    assert_eq!(unjudged(&evidence, other), (Fault::Digest, false));
    let window = Evidence {
        window: 1,
        ..evidence
    };
    assert_eq!(unjudged(&window, claim), (Fault::Window, false));
}

#[test]
fn work_of_another_kernel_is_not_judged_by_this_one() {
    let mut stage = stage();
    stage.spec.core.kernel = [1; 32];
    let judged = stage.judge_by(&Played::both(twice), Verify::All, &SEED, &GO_ON);
    assert!(matches!(judged, Err(Unjudged::Kernel)));
}

#[test]
fn a_stop_ends_the_check_between_chunks() {
    let stop = Arc::new(AtomicBool::new(false));
    let stops = {
        let stop = stop.clone();
        move |input: &[u8]| {
            stop.store(true, Ordering::Relaxed);
            twice(input)
        }
    };
    let played = Played::both(stops);
    let judged = stage().judge_by(&played, Verify::All, &SEED, &stop);
    assert!(matches!(judged, Err(Unjudged::Stopped)));
    assert!(played.ran().len() <= 4, "one chunk a thread");
}

#[test]
fn a_right_output_that_cannot_be_kept_is_an_error() {
    let mut stage = stage().lying(&[1]);
    stage.here.is_full = true;
    let judged = stage.judge_by(&Played::both(twice), Verify::All, &SEED, &GO_ON);
    assert!(matches!(judged, Err(Unjudged::Kept(_))));
}

#[test]
fn chunks_run_at_once_and_never_more_than_there_are_threads() {
    let played = Played::both(|input| {
        std::thread::sleep(std::time::Duration::from_millis(5));
        twice(input)
    });
    stage().judge(&played, Verify::All);
    let at_once = played.at_once.load(Ordering::SeqCst);
    assert!((2..=4).contains(&at_once), "{at_once}");
}
