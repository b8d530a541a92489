use {
    super::HOUR,
    sluice_client::{Ledger, events::BatchClosed, instruction as ix},
    sluice_tests::world::{DAY, Site, logged},
    solana_signer::Signer,
    std::slice::from_ref,
};

#[test]
fn the_payer_closes_from_the_date_on_and_has_the_rent_back() {
    let mut site = Site::new();
    let said = site.world.statement(&site.job, 0, 50);
    let batch = site.world.post(&site.set, &[said]);
    let close = ix::close_batch(&batch.address, &site.world.batch(&batch));
    site.world.advance(i64::from(DAY) - 1);
    site.world
        .refused(from_ref(&close), &[&batch.payer], "BatchNotExpired");
    site.world.advance(1);
    let stranger = site.world.party();
    let mut other = close.clone();
    other.accounts[0].pubkey = stranger.pubkey();
    site.world.refused(&[other], &[&stranger], "NotPayer");
    let mut unsigned = close.clone();
    unsigned.accounts[0].is_signer = false;
    site.world
        .refused(&[unsigned], &[], "MissingRequiredSignature");
    let payer = batch.payer.pubkey();
    let lamports = |site: &Site, key| site.world.chain.account(key).unwrap().unwrap().lamports;
    let (rent, before) = (lamports(&site, &batch.address), lamports(&site, &payer));
    let receipt = site.world.ok(&[close], &[&batch.payer]);
    assert_eq!(lamports(&site, &payer), before + rent);
    assert!(site.world.chain.account(&batch.address).unwrap().is_none());
    logged(
        &receipt,
        &[BatchClosed {
            batch: batch.address,
            set: site.set.address,
            root: batch.tree.root(),
        }],
    );
}

#[test]
fn what_a_closed_batch_proved_stays_and_it_proves_nothing_twice_when_posted_again() {
    let mut site = Site::new();
    let said = [0, 1].map(|window| site.world.statement(&site.job, window, 50));
    let batch = site.world.post(&site.set, &said);
    site.at(HOUR);
    let run = batch.run(0, 1, &[(0, said[0])]);
    site.world.prove_run(&batch, &site.job, run.clone());
    site.at(2 * HOUR);
    let expires_at = site.world.batch(&batch).expires_at;
    let now = site.world.now();
    site.world.advance(expires_at - now);
    let close = ix::close_batch(&batch.address, &site.world.batch(&batch));
    site.world.ok(&[close], &[&batch.payer]);
    assert_eq!(site.state().units_pending, 50);
    let gone = batch.attest(&site.job.worker.pubkey(), None, &[site.job.address], run);
    site.world
        .refused(&[gone], &[&site.job.worker], "UninitializedAccount");
    // Posted again, by the same payer at the same address.
    let post = site.world.post_ixs(
        &batch.payer.pubkey(),
        &site.set,
        batch.tree.root(),
        expires_at + 1_000,
        &[0, 1, 2],
    );
    site.world.ok(&post, &[&batch.payer]);
    let run = batch.run(0, 1, &[(0, said[0])]);
    site.world.prove_run(&batch, &site.job, run);
    let job = site.state();
    assert_eq!(job.units_pending + job.units_matured, 50);
    // The other window's grace is over.
    let run = batch.run(1, 1, &[(1, said[1])]);
    site.world
        .run_refused(&batch, &site.job, run, "StatementExpired");
}
