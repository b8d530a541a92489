use {
    sluice_client::instruction as ix,
    sluice_tests::world::{Site, Tamper},
    std::slice::from_ref,
};

const HOUR: i64 = 3_600;

fn credit(site: &Site) -> solana_instruction::Instruction {
    ix::credit(&site.job.address, &site.state())
}

/// The units of the site's node.
fn units(site: &Site) -> u64 {
    site.world.node_state(&site.node).units
}

#[test]
fn credit_moves_matured_quorum_units_to_the_node_once() {
    let mut site = Site::new();
    site.at(3 * HOUR);
    site.prove(0, 60);
    site.cosign(1, 100);
    site.prove(2, 30);
    let credit = credit(&site);
    site.at(14 * HOUR - 1);
    site.world.refused(from_ref(&credit), &[], "NothingDue");
    site.at(14 * HOUR);
    site.world.ok(from_ref(&credit), &[]);
    assert_eq!(units(&site), 60);
    site.world.refused(from_ref(&credit), &[], "NothingDue");
    site.at(16 * HOUR);
    site.world.ok(from_ref(&credit), &[]);
    assert_eq!(units(&site), 90);
    site.world
        .refused(&[credit.clone(), credit], &[], "NothingDue");
    let job = site.state();
    assert_eq!((job.quorum_matured, job.quorum_credited), (90, 90));
}

#[test]
fn release_credits_only_what_is_left() {
    let mut site = Site::new();
    site.at(2 * HOUR);
    site.prove(0, 60);
    site.prove(1, 30);
    site.at(14 * HOUR);
    let credit = credit(&site);
    site.world.ok(from_ref(&credit), &[]);
    site.settle();
    site.release();
    assert_eq!(units(&site), 90);
    site.world.refused(&[credit], &[], "NothingDue");
}

#[test]
fn units_go_to_the_jobs_own_node() {
    let mut site = Site::new();
    site.at(HOUR);
    site.prove(0, 60);
    site.at(14 * HOUR);
    let other = site.world.node(&site.provider, &site.set.address);
    let credit = credit(&site);
    let bent = credit.with(&site.node.address, &other.address);
    site.world.refused(&[bent], &[], "WrongNode");
    let mut read_only = credit.clone();
    read_only.accounts[1].is_writable = false;
    site.world.refused(&[read_only], &[], "ConstraintMut");
    site.world.ok(&[credit], &[]);
}

#[test]
fn jobs_of_one_node_add_up() {
    let mut site = Site::new();
    let other = site.another(|_| ());
    site.at(HOUR);
    site.prove(0, 60);
    site.world.attest(&other, &site.set, 0, 30);
    site.at(14 * HOUR);
    let credits = [
        credit(&site),
        ix::credit(&other.address, &site.world.job(&other.address)),
    ];
    site.world.ok(&credits, &[]);
    assert_eq!(units(&site), 90);
}
