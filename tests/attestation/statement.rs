use {
    crate::proof::{
        FIRST_THREE, attest, attest_cosigned, ready, signed, statement, still_provable, worker_and,
        worker_and_cosigner,
    },
    sluice::attestation::context,
    sluice_client::statement::{Path, Statement},
    sluice_tests::world::Site,
    solana_signer::Signer,
};

/// Worker and members sign `said`, and `claimed` is brought to the program.
#[track_caller]
fn refused(site: &mut Site, said: &Statement, claimed: &Statement) {
    let keys = worker_and(site, &[0, 1, 2]);
    let proof = [
        signed(said, Path::Quorum, &keys),
        attest(site, claimed, FIRST_THREE),
    ];
    site.world.refused(&proof, &[], "WrongStatement");
    let keys = worker_and_cosigner(site);
    let proof = [
        signed(said, Path::Cosigned, &keys),
        attest_cosigned(site, claimed),
    ];
    site.world.refused(&proof, &[], "WrongStatement");
}

/// A statement with another context, brought as if it were this job's.
#[track_caller]
fn of_another_context(site: &mut Site, other: [u8; 32]) {
    let claimed = statement(site);
    assert_ne!(claimed.context, other);
    let said = Statement {
        context: other,
        ..claimed
    };
    refused(site, &said, &claimed);
}

#[test]
fn a_jobs_context_is_its_network_domain_address_incarnation_and_node() {
    let site = ready();
    let (job, domain) = (site.state(), site.world.network_state().domain);
    let expected = context(
        &domain,
        &site.job.address,
        job.incarnation,
        &site.node.address,
    );
    assert_eq!(job.context, expected);
    assert_eq!(job.worker, site.node.worker.pubkey());
}

#[test]
fn the_statement_of_another_job_on_the_same_node_is_refused() {
    let mut site = ready();
    let other = site.another(|_| ());
    let other = site.world.job(&other.address).context;
    of_another_context(&mut site, other);
    still_provable(site);
}

#[test]
fn the_statement_of_another_node_is_refused() {
    let mut site = ready();
    let other = site.world.node(&site.provider, &site.set.address);
    let (job, domain) = (site.state(), site.world.network_state().domain);
    let other = context(&domain, &site.job.address, job.incarnation, &other.address);
    of_another_context(&mut site, other);
    still_provable(site);
}

#[test]
fn the_statement_of_another_incarnation_is_refused() {
    let mut site = ready();
    let (job, domain) = (site.state(), site.world.network_state().domain);
    for incarnation in [job.incarnation - 1, job.incarnation + 1, 0, u64::MAX] {
        let other = context(&domain, &site.job.address, incarnation, &site.node.address);
        of_another_context(&mut site, other);
    }
    still_provable(site);
}

#[test]
fn the_statement_of_another_network_is_refused() {
    let mut site = ready();
    let network = site.world.other_network();
    let domain = site
        .world
        .within(&network, |world| world.network_state().domain);
    let job = site.state();
    let other = context(
        &domain,
        &site.job.address,
        job.incarnation,
        &site.node.address,
    );
    of_another_context(&mut site, other);
    still_provable(site);
}

#[test]
fn a_zero_context_is_refused() {
    let mut site = ready();
    of_another_context(&mut site, [0; 32]);
    still_provable(site);
}

#[test]
fn other_windows_units_or_digests_than_signed_are_refused() {
    let mut site = ready();
    site.at(10_800);
    let said = statement(&site);
    for window in [1, 2, 16, u32::MAX] {
        refused(&mut site, &said, &Statement { window, ..said });
    }
    for units in [0, 1, 99, 101, 100 << 8, u64::MAX] {
        refused(&mut site, &said, &Statement { units, ..said });
    }
    for at in [0, 15, 31] {
        let mut digest = said.digest;
        digest[at] ^= 1;
        refused(&mut site, &said, &Statement { digest, ..said });
    }
    still_provable(site);
}

#[test]
fn fields_cannot_be_shifted_into_each_other() {
    let mut site = ready();
    // window | units | digest, moved by a byte: the hash has fixed widths, so no other split has the same bytes.
    let said = Statement {
        window: 0,
        units: 0x0100,
        ..statement(&site)
    };
    let claimed = Statement {
        window: 0,
        units: 0x01,
        ..said
    };
    refused(&mut site, &said, &claimed);
    still_provable(site);
}

#[test]
fn signatures_for_one_path_mean_nothing_on_the_other() {
    let mut site = ready();
    let statement = statement(&site);
    let keys = worker_and(&site, &[0, 1, 2]);
    let proof = [
        signed(&statement, Path::Cosigned, &keys),
        attest(&site, &statement, FIRST_THREE),
    ];
    site.world.refused(&proof, &[], "WrongStatement");
    let keys = worker_and_cosigner(&site);
    let proof = [
        signed(&statement, Path::Quorum, &keys),
        attest_cosigned(&site, &statement),
    ];
    site.world.refused(&proof, &[], "WrongStatement");
    still_provable(site);
}

#[test]
fn signing_again_changes_nothing() {
    let site = ready();
    let statement = statement(&site);
    let keys = worker_and(&site, &[0, 1, 2]);
    let once = signed(&statement, Path::Quorum, &keys);
    assert_eq!(once, signed(&statement, Path::Quorum, &keys));
    still_provable(site);
}
