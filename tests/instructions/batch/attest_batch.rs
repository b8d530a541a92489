use {
    super::{HOUR, whole},
    sluice_client::{
        Event, Receipt, address,
        event::{self, BatchWindow},
        statement::Statement,
    },
    sluice_tests::world::{BatchHandle, JobHandle, Site, TOKEN, same, void},
    solana_address::Address,
    solana_signer::Signer,
};

/// Statements about windows 0, 1 and 2 of the site's job, with these units.
fn said(site: &Site, units: [u64; 3]) -> [Statement; 3] {
    [0, 1, 2].map(|window| {
        site.world
            .statement(&site.job, window, units[window as usize])
    })
}

#[test]
fn a_run_enters_windows_and_units_as_direct_proofs_do_and_moves_no_money() {
    let [mut direct, mut site] = [Site::new(), Site::new()];
    for site in [&mut direct, &mut site] {
        site.at(3 * HOUR);
    }
    for (window, units) in [(0, 100), (1, 40), (2, 101)] {
        direct.prove(window, units);
    }
    let said = said(&site, [100, 40, 101]);
    let batch = site.world.post(&site.set, &said);
    let receipt = site
        .world
        .prove_run(&batch, &site.job, whole(&batch, &said));
    same(&site.state(), &direct.state());
    assert_eq!(site.vault(), 1_000 * TOKEN);
    assert_eq!(site.pull_all(), [0; 4]);
    assert_eq!(
        windows(&receipt),
        [(0, 100), (1, 40), (2, 100)].map(|(window, accepted)| BatchWindow {
            batch: batch.address,
            signers: 0b111,
            job: site.job.address,
            entry: window as u8,
            window,
            accepted,
        })
    );
}

/// The windows that a transaction's one event tells.
fn windows(receipt: &Receipt) -> Vec<BatchWindow> {
    let lines = receipt.logs.iter();
    let lines = lines.filter(|line| line.starts_with("Program data: "));
    assert_eq!(lines.count(), 1);
    let events = event::decode(&receipt.logs).events;
    let windows = events.iter().map(|event| match event {
        Event::BatchProven(window) => *window,
        other => panic!("{}", other.name()),
    });
    windows.collect()
}

#[test]
fn the_event_tells_what_is_new_and_where_it_stands_among_the_entries() {
    let mut site = Site::new();
    site.at(3 * HOUR);
    let said = said(&site, [10, 20, 30]);
    let batch = site.world.post(&site.set, &said);
    let first = batch.run(1, 1, &[(1, said[1])]);
    let receipt = site.world.prove_run(&batch, &site.job, first);
    let place = |window: &BatchWindow| (window.entry, window.window, window.accepted);
    let told: Vec<_> = windows(&receipt).iter().map(place).collect();
    assert_eq!(told, [(0, 1, 20)]);
    let receipt = site
        .world
        .prove_run(&batch, &site.job, whole(&batch, &said));
    let told: Vec<_> = windows(&receipt).iter().map(place).collect();
    assert_eq!(told, [(0, 0, 10), (2, 2, 30)]);
}

#[test]
fn every_live_member_that_signed_answers_for_the_window() {
    let mut site = Site::new();
    site.at(HOUR);
    let said = [site.world.statement(&site.job, 0, 50)];
    let tree = sluice_client::batch::Tree::new(vec![said[0].hash()]).unwrap();
    let batch = site.world.post_tree(&site.set, tree, &[0, 1, 2, 3]);
    site.world.leave(&site.set, 1);
    site.world
        .prove_run(&batch, &site.job, whole(&batch, &said));
    assert_eq!(site.state().ring[0].signers, 0b1101);
}

#[test]
fn members_count_when_a_batch_is_used_not_when_it_is_posted() {
    let mut site = Site::new();
    site.at(HOUR);
    let said = [site.world.statement(&site.job, 0, 50)];
    let batch = site.world.post(&site.set, &said);
    let run = whole(&batch, &said);
    site.world.leave(&site.set, 1);
    site.world
        .run_refused(&batch, &site.job, run.clone(), "BatchBelowThreshold");
    let endorse = site.world.endorse_ixs(&batch, &site.set, &[3]);
    site.world.ok(&endorse, &[]);
    site.world.prove_run(&batch, &site.job, run);
    assert_eq!(site.state().ring[0].signers, 0b1101);
}

#[test]
fn what_a_direct_proof_refuses_a_run_refuses_by_the_same_name() {
    let mut site = Site::with(|args| args.funds = 225 * TOKEN);
    let said = said(&site, [100, 100, 1]);
    let batch = site.world.post(&site.set, &said);
    let run = |at: usize| batch.run(at, 1, &[(at, said[at])]);
    site.at(HOUR - 1);
    site.world
        .run_refused(&batch, &site.job, run(0), "WindowNotEnded");
    site.at(3 * HOUR);
    site.world.prove_run(&batch, &site.job, run(0));
    site.world.prove_run(&batch, &site.job, run(1));
    assert_eq!(site.state().ring[1].units, 50);
    site.world
        .run_refused(&batch, &site.job, run(2), "NothingWouldCount");

    let mut site = Site::new();
    let far = site.world.statement(&site.job, 10, 1);
    let last = site.world.statement(&site.job, 9, 1);
    let batch = site.world.post(&site.set, &[far, last]);
    site.at(11 * HOUR);
    let run = batch.run(0, 1, &[(0, far)]);
    site.world
        .run_refused(&batch, &site.job, run, "WindowOutOfJob");
    site.at(10 * HOUR + 12 * HOUR);
    let run = batch.run(1, 1, &[(1, last)]);
    site.world
        .run_refused(&batch, &site.job, run, "StatementExpired");
}

#[test]
fn the_set_is_the_batchs_and_the_jobs() {
    let mut site = Site::new();
    site.at(HOUR);
    let other_set = site.world.set(4, 3);
    let said = [site.world.statement(&site.job, 0, 50)];
    // The same statement under a set that the job does not know.
    let foreign = site.world.post(&other_set, &said);
    let run = whole(&foreign, &said);
    site.world.run_refused(&foreign, &site.job, run, "WrongSet");
    let own = site.world.post(&site.set, &said);
    let worker = site.job.worker.insecure_clone();
    let mut attest = own.attest(
        &worker.pubkey(),
        None,
        &[site.job.address],
        whole(&own, &said),
    );
    attest.accounts[2].pubkey = other_set.address;
    site.world
        .refused(&[attest.clone()], &[&worker], "WrongSet");
    attest.accounts[2].pubkey = site.set.address;
    attest.accounts[1].pubkey = foreign.address;
    site.world.refused(&[attest], &[&worker], "WrongSet");
}

#[test]
fn the_leaf_of_a_job_that_was_closed_and_opened_again_proves_nothing() {
    let mut site = Site::with(|args| args.length_secs = 3_600);
    let old = [site.world.statement(&site.job, 0, 50)];
    site.wind_up();
    let close = site.close_ix();
    site.world.ok(&[close], &[]);
    let batch = site.world.post(&site.set, &old);
    let terms = site.world.terms(&site.set.address);
    let args = site.world.open_args(1, terms, &site.job.cosigner.pubkey());
    let buyer = site.job.buyer.insecure_clone();
    let again = site.world.open(&buyer, args);
    assert_eq!(again, site.job.address);
    site.world.accept(&again, &site.provider, &site.node);
    site.at(HOUR);
    let run = whole(&batch, &old);
    site.world.run_refused(&batch, &site.job, run, "NotInBatch");
    let new = [site.world.statement(&site.job, 0, 50)];
    assert_ne!(new[0].context, old[0].context);
    let batch = site.world.post(&site.set, &new);
    site.world.prove_run(&batch, &site.job, whole(&batch, &new));
}

#[test]
fn one_leaf_that_is_refused_takes_the_run_with_it_and_as_a_hash_it_does_not() {
    let mut site = Site::new();
    let said = said(&site, [10, 20, 30]);
    let batch = site.world.post(&site.set, &said);
    site.at(2 * HOUR);
    // The third window has not ended.
    let run = whole(&batch, &said);
    site.world
        .run_refused(&batch, &site.job, run, "WindowNotEnded");
    assert_eq!(site.state().units_pending, 0);
    let run = batch.run(0, 4, &[(0, said[0]), (1, said[1])]);
    site.world.prove_run(&batch, &site.job, run);
    assert_eq!(site.state().units_pending, 30);
}

#[test]
fn a_run_matures_what_is_ripe_before_it_counts() {
    let mut site = Site::new();
    let said = [
        site.world.statement(&site.job, 0, 10),
        site.world.statement(&site.job, 9, 20),
    ];
    let batch = site.world.post(&site.set, &said);
    site.at(HOUR);
    let run = batch.run(0, 1, &[(0, said[0])]);
    site.world.prove_run(&batch, &site.job, run);
    // Grace and challenge time of the first are over.
    site.at(14 * HOUR);
    let run = batch.run(1, 1, &[(1, said[1])]);
    site.world.prove_run(&batch, &site.job, run);
    let job = site.state();
    assert_eq!((job.units_matured, job.units_pending), (10, 20));
}

#[test]
fn a_batch_is_used_after_its_date_as_long_as_it_is_there() {
    let mut site = Site::new();
    let said = [site.world.statement(&site.job, 0, 10)];
    let payer = site.world.party();
    let tree = sluice_client::batch::Tree::new(vec![said[0].hash()]).unwrap();
    let soon = site.world.now() + 1;
    let post = site
        .world
        .post_ixs(&payer.pubkey(), &site.set, tree.root(), soon, &[0, 1, 2]);
    site.world.ok(&post, &[&payer]);
    let batch = BatchHandle {
        address: address::batch(&payer.pubkey(), &site.set.address, &tree.root()),
        set: site.set.address,
        payer,
        tree,
    };
    site.at(HOUR);
    site.world
        .prove_run(&batch, &site.job, whole(&batch, &said));
}

#[test]
fn a_voided_window_is_not_proven_again_from_a_batch() {
    let mut site = Site::new();
    site.at(HOUR);
    let said = [site.world.statement(&site.job, 0, 50)];
    let batch = site.world.post(&site.set, &said);
    site.world
        .prove_run(&batch, &site.job, whole(&batch, &said));
    let objection = site.challenge(0);
    site.rule(&objection, void(0));
    let before = site.state();
    // It was proven with this statement: passed over, and worth nothing.
    site.world
        .prove_run(&batch, &site.job, whole(&batch, &said));
    same(&site.state(), &before);
    let other = [site.world.statement(&site.job, 0, 49)];
    let batch = site.world.post(&site.set, &other);
    site.world
        .run_refused(&batch, &site.job, whole(&batch, &other), "StatementExpired");
    assert_eq!(site.state().units_pending, 0);
}

#[test]
fn jobs_of_different_buyers_share_a_run() {
    let mut site = Site::new();
    let others: Vec<JobHandle> = (0..3).map(|_| site.another(|_| ())).collect();
    site.at(3 * HOUR);
    let jobs: Vec<&JobHandle> = others.iter().chain([&site.job]).collect();
    let said: Vec<Statement> = jobs
        .iter()
        .enumerate()
        .map(|(number, job)| site.world.statement(job, 0, 10 + number as u64))
        .collect();
    let batch = site.world.post(&site.set, &said);
    let run = batch
        .tree
        .run(0, 4, |at| Some((at as u8, said[at])))
        .unwrap();
    let addresses: Vec<Address> = jobs.iter().map(|job| job.address).collect();
    let worker = site.job.worker.insecure_clone();
    let attest = batch.attest(&worker.pubkey(), None, &addresses, run.clone());
    site.world.ok(&[attest], &[&worker]);
    for (number, address) in addresses.iter().enumerate() {
        assert_eq!(site.world.job(address).units_pending, 10 + number as u64);
    }
}
