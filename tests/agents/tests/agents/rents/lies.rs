//! A quorum that signs what is false.

use {
    super::*,
    sluice_agents_tests::wrong::is_plot,
    sluice_client::{
        AttesterSet, Keypair,
        statement::{Path, Statement},
    },
    std::fs,
};

/// Windows that can be challenged for as long as it takes to compute them again.
const CHECKED: Offered = Offered {
    challenge: 30,
    faults: 9,
    ..QUICK
};

#[test]
#[ignore = "it takes minutes: `cargo xtask agents --rents`"]
fn lies_that_a_quorum_signed_are_challenged_and_their_right_outputs_are_the_results() {
    let mut stage = stage_with("rents-lies", vec![vec![(Manner::Honest, 1)]], CHECKED);
    let cheaper = Offered {
        price: 2,
        ..CHECKED
    };
    let liar = stage.plot(cheaper).unwrap();
    for (name, is_ruled) in [("ruled", true), ("lapsed", false)] {
        until_offered(&stage, 2);
        let renter = Renter::new(&stage, name, Kernel::Fractal, Kind::Wasm, 24).unwrap();
        let inputs = fs::read_dir(stage.folder.join(name).join("inputs")).unwrap();
        let inputs = inputs.map(|entry| fs::read(entry.unwrap().path()).unwrap());
        assert!(inputs.filter(|input| is_plot(input)).count() > 2);
        let before = renter.holds(&stage).unwrap();
        let stake = renter.holds_stake(&stage).unwrap();
        let child = begin(&renter, &[&SLOWLY[..], &["--verify", "all"]].concat());
        let mut seen = std::collections::BTreeSet::new();
        let mut voided = std::collections::BTreeSet::new();
        let bill = until_end(&stage, &renter, child, before, || {
            for (key, challenge) in stage.ledger().list::<Challenge>(&[]).unwrap() {
                seen.insert((challenge.job, challenge.window));
                if is_ruled && !voided.contains(&key) && rule_void(&stage, &challenge) {
                    voided.insert(key);
                }
            }
        });
        println!("{name}: {bill:#}\n{}", renter.log());
        assert_eq!(renter.holds_stake(&stage).unwrap(), stake);
        assert!(!seen.is_empty(), "{}", renter.log());
        let jobs = bill["jobs"].as_array().unwrap();
        let of_liar: Vec<_> = jobs
            .iter()
            .filter(|job| job["node"] == liar.to_string())
            .collect();
        let is_one_of = |job: &&Value| seen.iter().any(|(key, _)| job["job"] == key.to_string());
        assert_eq!(
            of_liar.iter().filter(|job| is_one_of(job)).count(),
            of_liar.len()
        );
        // Three windows of four chunks each; those with a lie are not paid where they are ruled void.
        let windows = u64::try_from(if is_ruled { 3 - seen.len() } else { 3 }).unwrap();
        assert_eq!(paid_on(&bill, &liar), windows * 2 * CAP);
        if is_ruled {
            assert_eq!(voided.len(), seen.len());
        }
    }
}

#[test]
#[ignore = "it takes minutes: `cargo xtask agents --rents`"]
fn a_window_that_is_proven_behind_the_last_chunk_is_challenged() {
    let stage = stage_with("rents-behind", vec![vec![(Manner::Honest, 1)]], CHECKED);
    let node = stage.crews[0].nodes[0];
    let renter = Renter::new(&stage, "renter", Kernel::Fractal, Kind::Wasm, 4).unwrap();
    let before = renter.holds(&stage).unwrap();
    let child = begin(&renter, &[&SLOWLY[..], &["--no-settle"]].concat());
    let (key, job) = wait("job", PATIENCE, || job_on(&stage, &node));
    // Its chunks take one window, and the notice and a window are two.
    let ends = job.schedule().window_end(1).unwrap();
    wait("end of the second window", PATIENCE, || {
        (stage.tell_time().unwrap() > ends).then_some(())
    });
    let mut ledger = stage.ledger();
    let set: AttesterSet = ledger.get(&stage.set).unwrap();
    let job: Job = ledger.get(&key).unwrap();
    let statement = Statement::of(&job, 1, CAP, [9; 32]);
    let sign = |key: &Keypair| statement.sign(Path::Quorum, key).unwrap();
    let worker = sign(&stage.providers[0].workers[0]);
    let members: Vec<_> = stage.attesters[..2].iter().map(sign).collect();
    let attest = instruction::attest(&key, &job, &set, &statement, worker, &members).unwrap();
    let anybody = &stage.chain.world().cast.funder;
    ledger.send(&attest, anybody, &[]).unwrap();
    let mut ruled = None;
    let settled = wait("end of the run", PATIENCE, {
        let mut child = child;
        let (stage, ruled) = (&stage, &mut ruled);
        move || {
            let challenges = stage.ledger().list::<Challenge>(&[]).unwrap();
            if let Some((_, challenge)) = challenges.first()
                && ruled.is_none()
                && rule_void(stage, challenge)
            {
                *ruled = Some(challenge.window);
            }
            child.try_wait().unwrap()
        }
    });
    assert!(settled.success(), "{}", renter.log());
    assert_eq!(ruled, Some(1), "{}", renter.log());
    let id = renter.id().unwrap();
    let child = renter.start(&["run", "resume", &id]).unwrap();
    let bill = until_end(&stage, &renter, child, before, || {});
    println!("{bill:#}\n{}", renter.log());
    assert_eq!(gross(&bill), WINDOW);
}
