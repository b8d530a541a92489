use {
    crate::proof::{
        FIRST_THREE, attest, attest_cosigned, honest, ready, signed, statement, still_provable,
        worker_and, worker_and_cosigner,
    },
    sluice_client::statement::Path,
    sluice_tests::world::{Site, Tamper},
    solana_keypair::Keypair,
};

/// These keys sign the honest statement for the quorum, and the members are named so.
#[track_caller]
fn quorum(site: &mut Site, keys: &[Keypair], members: u64, name: &str) {
    let statement = statement(site);
    let proof = [
        signed(&statement, Path::Quorum, keys),
        attest(site, &statement, members),
    ];
    site.world.refused(&proof, &[], name);
}

/// The worker and these members sign, and the members are named so.
#[track_caller]
fn members(site: &mut Site, signing: &[usize], named: u64, name: &str) {
    let keys = worker_and(site, signing);
    quorum(site, &keys, named, name);
}

#[test]
fn any_threshold_of_live_members_proves_and_the_ring_keeps_who_signed() {
    for (signing, named, mask) in [
        ([0, 1, 2], 0x210, 0b0111),
        ([0, 1, 3], 0x310, 0b1011),
        ([0, 2, 3], 0x320, 0b1101),
        ([1, 2, 3], 0x321, 0b1110),
    ] {
        let mut site = ready();
        let statement = statement(&site);
        let keys = worker_and(&site, &signing);
        let proof = [
            signed(&statement, Path::Quorum, &keys),
            attest(&site, &statement, named),
        ];
        site.world.ok(&proof, &[]);
        let entry = site.state().ring[0];
        assert_eq!(entry.signers, mask);
        assert_eq!(entry.statement, statement.hash()[..24]);
    }
}

#[test]
fn the_largest_quorum_fits_a_transaction() {
    let mut site = Site::new();
    let set = site.world.set(16, 5);
    let node = site.world.node(&site.provider, &set.address);
    let terms = site.world.terms(&set.address);
    let job = site
        .world
        .active_job_with(&site.provider, &node, terms, |_| ());
    site.world.advance(3_600);
    site.world.attest(&job, &set, 0, 100);
    assert_eq!(site.world.job(&job.address).units_pending, 100);
}

#[test]
fn threshold_minus_one_and_plus_one_are_refused() {
    let mut site = ready();
    members(&mut site, &[0, 1], 0x10, "WrongSignerCount");
    members(&mut site, &[0, 1], 0x210, "WrongSignerCount");
    members(&mut site, &[0, 1, 2, 3], 0x3210, "WrongSignerCount");
    members(&mut site, &[], 0, "WrongSignerCount");
    still_provable(site);
}

#[test]
fn the_workers_signature_is_never_missing_or_another_nodes() {
    let mut site = ready();
    let other = site.world.node(&site.provider, &site.set.address);
    let mut keys = worker_and(&site, &[0, 1, 2]);
    quorum(&mut site, &keys[1..], FIRST_THREE, "WorkerNotSigned");
    keys[0] = other.worker.insecure_clone();
    quorum(&mut site, &keys, FIRST_THREE, "WorkerNotSigned");
    let keys = worker_and(&site, &[0, 1, 2]);
    let late = [1, 2, 3, 0].map(|index: usize| keys[index].insecure_clone());
    quorum(&mut site, &late, FIRST_THREE, "WorkerNotSigned");

    let statement = statement(&site);
    let ours = attest_cosigned(&site, &statement);
    let keys = [other.worker, site.job.cosigner.insecure_clone()];
    let proof = [signed(&statement, Path::Cosigned, &keys), ours];
    site.world.refused(&proof, &[], "WorkerNotSigned");
    still_provable(site);
}

#[test]
fn a_member_that_left_while_its_signature_was_in_flight_does_not_count() {
    let mut site = ready();
    let in_flight = honest(&site);
    site.world.leave(&site.set, 1);
    site.world.refused(&in_flight, &[], "MemberNotLive");
    // The three that stayed are still a quorum.
    let statement = statement(&site);
    let keys = worker_and(&site, &[0, 2, 3]);
    let proof = [
        signed(&statement, Path::Quorum, &keys),
        attest(&site, &statement, 0x320),
    ];
    site.world.ok(&proof, &[]);
}

#[test]
fn a_set_without_quorum_proves_nothing_and_the_cosigner_still_does() {
    let mut site = ready();
    site.world.leave(&site.set, 0);
    site.world.leave(&site.set, 3);
    members(&mut site, &[0, 1, 2], 0x210, "MemberNotLive");
    members(&mut site, &[1, 2], 0x21, "WrongSignerCount");
    site.cosign(0, 100);
    assert_eq!(site.state().units_matured, 100);
}

#[test]
fn the_same_member_twice_is_refused() {
    let mut site = ready();
    members(&mut site, &[0, 0, 1], 0x100, "MembersNotAscending");
    members(&mut site, &[0, 1, 1], 0x110, "MembersNotAscending");
    members(&mut site, &[0, 0, 1], 0x210, "NotAMember");
    still_provable(site);
}

#[test]
fn wrong_descending_or_extra_indices_are_refused() {
    let mut site = ready();
    members(&mut site, &[0, 1, 2], 0x310, "NotAMember");
    members(&mut site, &[0, 1, 2], 0x410, "MemberNotLive");
    members(&mut site, &[0, 1, 2], 0xf10, "MemberNotLive");
    members(&mut site, &[2, 1, 0], 0x012, "MembersNotAscending");
    members(&mut site, &[1, 0, 2], 0x201, "MembersNotAscending");
    members(&mut site, &[0, 1, 2], 0x3210, "MembersNotAscending");
    members(
        &mut site,
        &[0, 1, 2],
        1 << 63 | 0x210,
        "MembersNotAscending",
    );
    still_provable(site);
}

#[test]
fn strangers_and_members_of_other_sets_are_refused() {
    let mut site = ready();
    let other = site.world.set(4, 3);
    let mut keys = worker_and(&site, &[0, 1, 2]);
    keys[3] = other.attesters[2].key.insecure_clone();
    quorum(&mut site, &keys, FIRST_THREE, "NotAMember");
    keys[3] = site.job.cosigner.insecure_clone();
    quorum(&mut site, &keys, FIRST_THREE, "NotAMember");
    // Their own set does not help them either.
    let statement = statement(&site);
    let theirs: Vec<_> = std::iter::once(&site.job.worker)
        .chain(other.signers())
        .map(Keypair::insecure_clone)
        .collect();
    let ours = attest(&site, &statement, FIRST_THREE).with(&site.set.address, &other.address);
    let proof = [signed(&statement, Path::Quorum, &theirs), ours];
    site.world.refused(&proof, &[], "WrongSet");
    still_provable(site);
}

#[test]
fn the_worker_does_not_countersign_itself() {
    let mut site = ready();
    let worker = site.job.worker.insecure_clone();
    let mut keys = worker_and(&site, &[0, 1, 2]);
    keys[3] = worker.insecure_clone();
    quorum(&mut site, &keys, FIRST_THREE, "NotAMember");
    let statement = statement(&site);
    let twice = [worker.insecure_clone(), worker];
    let proof = [
        signed(&statement, Path::Cosigned, &twice),
        attest_cosigned(&site, &statement),
    ];
    site.world.refused(&proof, &[], "CosignerNotSigned");
    still_provable(site);
}

#[test]
fn nobody_but_the_jobs_cosigner_cosigns() {
    let mut site = ready();
    let other = site.another(|_| ());
    let statement = statement(&site);
    let ours = attest_cosigned(&site, &statement);
    let buyer = site.job.buyer.insecure_clone();
    let member = site.set.attesters[0].key.insecure_clone();
    for impostor in [other.cosigner, buyer, member] {
        let keys = [site.job.worker.insecure_clone(), impostor];
        let proof = [signed(&statement, Path::Cosigned, &keys), ours.clone()];
        site.world.refused(&proof, &[], "CosignerNotSigned");
    }
    let mut keys = worker_and_cosigner(&site);
    keys.reverse();
    let proof = [signed(&statement, Path::Cosigned, &keys), ours.clone()];
    site.world.refused(&proof, &[], "WorkerNotSigned");
    keys.reverse();
    let proof = [signed(&statement, Path::Cosigned, &keys[..1]), ours.clone()];
    site.world.refused(&proof, &[], "WrongSignerCount");
    keys.push(site.set.attesters[0].key.insecure_clone());
    let proof = [signed(&statement, Path::Cosigned, &keys), ours];
    site.world.refused(&proof, &[], "WrongSignerCount");
    still_provable(site);
}

#[test]
fn a_job_without_a_cosigner_is_proven_by_its_quorum_only() {
    let mut site = Site::with(|args| args.cosigner = Default::default());
    site.at(3_600);
    site.cosigned_refused(0, 100, "NoCosigner");
    site.prove(0, 100);
}

#[test]
fn a_job_without_a_set_is_proven_by_its_cosigner_only() {
    let mut site = Site::with(|args| args.terms.set = Default::default());
    site.at(3_600);
    let statement = statement(&site);
    let keys = worker_and(&site, &[0, 1, 2]);
    let mut ours = attest(&site, &statement, FIRST_THREE);
    ours.accounts[1].pubkey = site.set.address;
    let proof = [signed(&statement, Path::Quorum, &keys), ours];
    site.world.refused(&proof, &[], "WrongSet");
    site.cosign(0, 100);
    assert_eq!(site.state().units_matured, 100);
}
