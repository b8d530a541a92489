use {
    super::{stage::*, *},
    crate::order::Verify,
    sluice_work::{check::Fault, hash},
};

#[test]
fn an_honest_window_is_held_and_no_more_is_computed_than_was_asked_for() {
    for (verify, runs) in [
        (Verify::None, 0),
        (Verify::Some(0), 0),
        (Verify::Some(3), 3),
        (Verify::Some(100), 10),
        (Verify::All, 10),
    ] {
        let (stage, played) = (stage(), Played::both(twice));
        let judged = stage.judge(&played, verify);
        assert!(judged.is_held() && judged.first_false().is_none());
        let checked = findings(&judged).into_iter();
        let checked = checked.filter(|finding| *finding == Finding::Right).count();
        assert_eq!((played.ran().len(), checked), (runs, runs));
        assert!(stage.right().is_empty());
        let names: Vec<_> = judged
            .chunks
            .iter()
            .map(|(chunk, _)| Some(chunk.output))
            .collect();
        assert_eq!(names, stage.claimed);
    }
}

#[test]
fn a_second_start_looks_at_the_same_chunks_and_another_seed_or_claim_at_others() {
    let looked = |stage: &Stage, seed: u8| {
        let played = Played::both(twice);
        let judged = stage.judge_by(&played, Verify::Some(4), &[seed; 32], &GO_ON);
        judged.unwrap();
        let mut ran = played.ran();
        ran.sort();
        ran.dedup();
        assert_eq!(ran.len(), 4);
        ran
    };
    let whole = stage();
    assert_eq!(looked(&whole, 1), looked(&whole, 1));
    let others = (2..20).filter(|seed| looked(&whole, *seed) != looked(&whole, 1));
    assert!(others.count() > 12);
    // What is claimed decides, too: one chunk less is another sample.
    let mut less = stage();
    less.claimed[9] = None;
    let differ = (1..20).filter(|seed| looked(&less, *seed) != looked(&whole, *seed));
    assert!(differ.count() > 12);
}

#[test]
fn a_lie_in_the_sample_has_the_whole_window_computed_and_the_right_outputs_given() {
    let (mut found, mut missed) = (0, 0);
    for seed in 0..16 {
        let (stage, played) = (stage().lying(&[2, 8]), Played::both(twice));
        let judged = stage.judge_by(&played, Verify::Some(3), &[seed; 32], &GO_ON);
        let judged = judged.unwrap();
        let ran = played.ran();
        if let Some((chunk, fault)) = judged.first_false() {
            found += 1;
            assert_eq!((chunk.index, fault), (2, Fault::Output(2)));
            for (place, finding) in findings(&judged).into_iter().enumerate() {
                let index = u8::try_from(place).unwrap();
                let wanted = match index {
                    2 | 8 => Finding::False {
                        fault: Fault::Output(index.into()),
                        right: Some(hash::blob(&twice(&input(index)).unwrap())),
                        is_confirmed: true,
                    },
                    _ => Finding::Right,
                };
                assert_eq!(finding, wanted);
            }
            // Nothing is computed twice by the engine that workers have.
            assert_eq!(ran.len(), 10);
            assert_eq!(stage.right(), [2, 8]);
            let right = stage.here.right.lock().unwrap();
            assert_eq!(right[&8], twice(&input(8)).unwrap());
        } else {
            missed += 1;
            assert!(judged.is_held());
            assert!(ran.len() == 3 && !ran.contains(&input(2)) && !ran.contains(&input(8)));
        }
    }
    assert!(found > 0 && missed > 0);
}

#[test]
fn nobody_is_accused_where_the_engines_differ() {
    let lie = || b"a lie!".to_vec();
    for other in [Ok(lie()), Ok(b"third".to_vec()), Err(Undone::Trap)] {
        let stage = stage().lying(&[4]);
        let played = Played::new(twice, move |_| other.clone());
        let judged = stage.judge(&played, Verify::All);
        assert_eq!(findings(&judged)[4], Finding::Doubt(Doubt::Engines));
        assert!(judged.first_false().is_none() && !judged.is_held());
        assert!(stage.right().is_empty());
    }
    // The same where the engine that workers have gives nothing, and the other gives what is claimed.
    let played = Played::new(|_| Err(Undone::Trap), twice);
    let judged = stage().judge(&played, Verify::Some(2));
    let doubts = findings(&judged).into_iter();
    let doubts = doubts.filter(|finding| *finding == Finding::Doubt(Doubt::Engines));
    assert_eq!(doubts.count(), 2);
}

#[test]
fn an_interpreter_that_is_too_slow_shields_no_lie_and_confirms_none() {
    let stage = stage().lying(&[4]);
    let played = Played::new(twice, |_| Err(Undone::Time));
    let judged = stage.judge(&played, Verify::All);
    let finding = findings(&judged)[4];
    assert!(matches!(
        finding,
        Finding::False {
            is_confirmed: false,
            ..
        }
    ));
    assert_eq!(stage.right(), [4]);
    // It had more time than the chunk has.
    let runs = played.runs.lock().unwrap();
    let other = runs.iter().find(|(vm, ..)| *vm == Vm::Wasmi).unwrap();
    assert_eq!(other.2, 20_000);
}

#[test]
fn a_kernel_that_gives_nothing_is_false_and_a_machine_that_cannot_is_a_doubt() {
    for reason in [
        Undone::Trap,
        Undone::Steps,
        Undone::NoOutput,
        Undone::Output,
    ] {
        let stage = stage();
        let judged = stage.judge(&Played::both(move |_| Err(reason)), Verify::Some(1));
        let (chunk, fault) = judged.first_false().unwrap();
        assert_eq!((chunk.index, fault), (0, Fault::Undone(0, reason)));
        assert!(stage.right().is_empty());
    }
    for reason in [Undone::Time, Undone::Memory, Undone::Died, Undone::Stack] {
        let judged = stage().judge(&Played::both(move |_| Err(reason)), Verify::All);
        assert_eq!(
            findings(&judged),
            [Finding::Doubt(Doubt::Machine(reason)); 10]
        );
    }
}
