//! What is not there any more: a provider, and blobs.

use {
    super::*,
    std::{fs, path::Path},
};

/// Windows that can be challenged for long enough to see that nobody gives what they claim.
const LONG: Offered = Offered {
    challenge: 60,
    faults: 9,
    ..QUICK
};

#[test]
#[ignore = "it takes minutes: `cargo xtask agents --rents`"]
fn a_provider_that_vanishes_is_paid_for_what_it_proved_and_others_do_the_rest() {
    let mut stage = stage_with(
        "rents-vanished",
        vec![vec![(Manner::Honest, 1)], vec![(Manner::Honest, 1)]],
        QUICK,
    );
    let vanishing = stage.crews[0].name.clone();
    let node = stage.crews[0].nodes[0];
    for windows in [0, 1] {
        until_offered(&stage, 2);
        let name = format!("renter-{windows}");
        let renter = Renter::new(&stage, &name, Kernel::Fractal, Kind::Wasm, 24).unwrap();
        let before = renter.holds(&stage).unwrap();
        let child = begin(&renter, &[&SLOWLY[..], &["--verify", "all"]].concat());
        wait("job on the node", PATIENCE, || {
            let (_, job) = job_on(&stage, &node)?;
            (job.last_proven >= windows).then_some(())
        });
        stage.agents.kill(&vanishing).unwrap();
        // Nobody proves for it any more.
        let (_, job) = job_on(&stage, &node).unwrap();
        assert_eq!(job.last_proven, windows, "it was too quick");
        let mut most = 0;
        let bill = until_end(&stage, &renter, child, before, || {
            most = most.max(before.saturating_sub(renter.holds(&stage).unwrap()));
        });
        assert_eq!(paid_on(&bill, &node), WINDOW * u64::from(windows));
        assert_eq!(gross(&bill), WINDOW * 6, "{bill:#}");
        // What is placed again waits for refunds: the budget is what the first plan needed.
        assert!(most <= WINDOW * 6, "{most} base units");
        println!("after {windows} windows: {bill:#}\n{}", renter.log());
        stage.agents.restart(&vanishing).unwrap();
    }
}

#[test]
#[ignore = "it takes minutes: `cargo xtask agents --rents`"]
fn results_that_one_member_has_left_come_from_it_and_what_none_has_is_challenged_and_computed_here()
{
    let mut stage = stage_with(
        "rents-lost",
        vec![vec![(Manner::Honest, 1)], vec![(Manner::Honest, 1)]],
        LONG,
    );
    for (name, left) in [("some", 1), ("none", 0)] {
        until_offered(&stage, 2);
        let renter = Renter::new(&stage, name, Kernel::Fractal, Kind::Wasm, 8).unwrap();
        let before = renter.holds(&stage).unwrap();
        let stake = renter.holds_stake(&stage).unwrap();
        let mut child = begin(&renter, &[&SLOWLY[..], &["--verify", "all"]].concat());
        let nodes: Vec<_> = stage.crews.iter().map(|crew| crew.nodes[0]).collect();
        let jobs: Vec<_> = nodes
            .iter()
            .map(|node| wait("job", PATIENCE, || job_on(&stage, node)))
            .collect();
        // The command is away when its windows are proven.
        let ends = jobs.iter().map(|(_, job)| job.schedule().window_end(0));
        let ends = ends.map(Option::unwrap).min().unwrap();
        wait("end of the window", PATIENCE, || {
            (stage.tell_time().unwrap() >= ends - 1).then_some(())
        });
        child.kill().unwrap();
        child.wait().unwrap();
        for node in &nodes {
            wait("proof", PATIENCE, || {
                let (_, job) = job_on(&stage, node)?;
                (job.last_proven >= 1).then_some(())
            });
        }
        // A member that did not sign gets its outputs, too.
        sleep(Duration::from_secs(3));
        lose_blobs(&mut stage, left);
        let id = renter.id().unwrap();
        let child = renter.start(&["run", "resume", &id]).unwrap();
        let mut ruled = None;
        let mut seen = 0;
        let bill = until_end(&stage, &renter, child, before, || {
            let challenges = stage.ledger().list::<Challenge>(&[]).unwrap();
            seen = seen.max(challenges.len());
            // One of two is ruled void; about the other nobody says anything.
            let first = challenges.iter().find(|(_, one)| one.job == jobs[0].0);
            if let Some((_, first)) = first
                && ruled.is_none()
                && rule_void(&stage, first)
            {
                ruled = Some(first.window);
            }
        });
        println!("{left} members have the blobs: {bill:#}\n{}", renter.log());
        assert_eq!(renter.holds_stake(&stage).unwrap(), stake);
        assert_eq!(gross(&bill), WINDOW * 2);
        let first = job_bill(&bill, &jobs[0].0);
        let second = job_bill(&bill, &jobs[1].0);
        assert_eq!(gross(second), WINDOW);
        if left > 0 {
            assert_eq!((seen, gross(first)), (0, WINDOW));
        } else {
            assert_eq!((seen, ruled, gross(first)), (2, Some(0), 0));
        }
    }
}

/// What the bill has of a job.
fn job_bill<'a>(bill: &'a Value, job: &Address) -> &'a Value {
    let job = job.to_string();
    let mut jobs = bill["jobs"].as_array().unwrap().iter();
    jobs.find(|row| row["job"] == job).unwrap()
}

/// All members but the last `left` lose every blob that they have.
fn lose_blobs(stage: &mut Stage, left: usize) {
    let all = stage.agents.all().iter();
    let members: Vec<_> = all
        .filter(|agent| agent.role() == "attester")
        .map(|agent| (agent.name.clone(), agent.folder.join("state/blobs")))
        .collect();
    let losing = members.len() - left;
    for (name, blobs) in &members[..losing] {
        stage.agents.stop(name).unwrap();
        assert!(lose(blobs) > 0);
    }
    stage.agents.start().unwrap();
}

/// Removes every blob of a folder; the index of what was there stays.
fn lose(blobs: &Path) -> usize {
    let mut lost = 0;
    for entry in fs::read_dir(blobs).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.starts_with("index.sqlite") {
            fs::remove_file(&path).unwrap();
            lost += 1;
        }
    }
    lost
}
