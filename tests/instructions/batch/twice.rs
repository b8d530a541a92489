//! One window more than once: in a tree, in two trees, in a tree and directly, by either path.

use {
    super::HOUR,
    sluice_client::statement::Statement,
    sluice_tests::world::{BatchHandle, Site, same},
};

/// One statement about window 0, alone in a batch.
fn alone(site: &mut Site, units: u64) -> (Statement, BatchHandle) {
    let said = site.world.statement(&site.job, 0, units);
    let batch = site.world.post(&site.set, &[said]);
    (said, batch)
}

#[test]
fn the_same_statement_again_changes_nothing() {
    let mut site = Site::new();
    site.at(2 * HOUR);
    let (said, batch) = alone(&mut site, 60);
    let run = batch.run(0, 1, &[(0, said)]);
    site.world.prove_run(&batch, &site.job, run.clone());
    let before = site.state();
    let receipt = site.world.prove_run(&batch, &site.job, run.clone());
    same(&site.state(), &before);
    assert!(
        !receipt
            .logs
            .iter()
            .any(|line| line.starts_with("Program data: "))
    );
    // In another tree, and twice in one.
    let next = site.world.statement(&site.job, 1, 40);
    let other = site.world.post(&site.set, &[said, said, next]);
    let all = other.run(0, 4, &[(0, said), (1, said), (2, next)]);
    site.world.prove_run(&other, &site.job, all);
    let job = site.state();
    assert_eq!((job.units_pending, job.quorum_windows), (100, 2));
}

#[test]
fn the_same_statement_twice_in_one_run_counts_once() {
    let mut site = Site::new();
    site.at(HOUR);
    let said = site.world.statement(&site.job, 0, 60);
    let batch = site.world.post(&site.set, &[said, said]);
    let run = batch.run(0, 2, &[(0, said), (1, said)]);
    site.world.prove_run(&batch, &site.job, run);
    let job = site.state();
    assert_eq!((job.units_pending, job.worked_windows), (60, 1));
}

#[test]
fn another_statement_about_a_proven_window_is_refused_wherever_it_stands() {
    let mut site = Site::new();
    site.at(HOUR);
    let (first, second) = (
        site.world.statement(&site.job, 0, 60),
        site.world.statement(&site.job, 0, 61),
    );
    let batch = site.world.post(&site.set, &[first, second]);
    let both = batch.run(0, 2, &[(0, first), (1, second)]);
    site.world
        .run_refused(&batch, &site.job, both, "WindowAlreadyProven");
    let one = batch.run(0, 1, &[(0, first)]);
    site.world.prove_run(&batch, &site.job, one);
    let two = batch.run(1, 1, &[(1, second)]);
    site.world
        .run_refused(&batch, &site.job, two, "WindowAlreadyProven");
    let (third, other) = alone(&mut site, 62);
    let run = other.run(0, 1, &[(0, third)]);
    site.world
        .run_refused(&other, &site.job, run, "WindowAlreadyProven");
    assert_eq!(site.state().units_pending, 60);
}

#[test]
fn a_window_that_was_proven_directly_is_passed_over_with_its_own_statement_only() {
    let mut site = Site::new();
    site.at(HOUR);
    site.prove(0, 60);
    let before = site.state();
    let (said, batch) = alone(&mut site, 60);
    let run = batch.run(0, 1, &[(0, said)]);
    site.world.prove_run(&batch, &site.job, run);
    same(&site.state(), &before);
    let (other, batch) = alone(&mut site, 59);
    let run = batch.run(0, 1, &[(0, other)]);
    site.world
        .run_refused(&batch, &site.job, run, "WindowAlreadyProven");
}

#[test]
fn a_window_that_a_batch_proved_is_not_proven_directly_by_either_path() {
    let mut site = Site::new();
    site.at(HOUR);
    let (said, batch) = alone(&mut site, 60);
    let run = batch.run(0, 1, &[(0, said)]);
    site.world.prove_run(&batch, &site.job, run);
    for units in [0, 60, 61] {
        site.proof_refused(0, units, "WindowAlreadyProven");
        site.cosigned_refused(0, units, "WindowAlreadyProven");
    }
}

#[test]
fn a_cosigned_window_is_passed_over_and_stays_cosigned() {
    let mut site = Site::new();
    site.at(HOUR);
    site.cosign(0, 60);
    let before = site.state();
    let (said, batch) = alone(&mut site, 60);
    let run = batch.run(0, 1, &[(0, said)]);
    site.world.prove_run(&batch, &site.job, run);
    same(&site.state(), &before);
    assert_eq!(site.state().ring[0].signers, 0);
}

#[test]
fn units_that_were_claimed_above_the_cap_are_the_same_statement_still() {
    let mut site = Site::new();
    site.at(HOUR);
    let (said, batch) = alone(&mut site, u64::MAX);
    let run = batch.run(0, 1, &[(0, said)]);
    site.world.prove_run(&batch, &site.job, run.clone());
    assert_eq!(site.state().units_pending, 100);
    site.world.prove_run(&batch, &site.job, run);
    assert_eq!(site.state().units_pending, 100);
}
