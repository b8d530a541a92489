//! Who proves from a batch, and whose jobs.

use {
    super::{HOUR, whole},
    sluice_client::{Ledger, address, instruction as ix, statement::Statement},
    sluice_tests::world::Site,
    solana_address::Address,
    solana_signer::Signer,
};

#[test]
fn the_operator_proves_for_all_its_workers_at_once_and_nobody_else_does() {
    let mut site = Site::new();
    let other_node = site.world.node(&site.provider, &site.set.address);
    let terms = site.world.terms(&site.set.address);
    let second = site
        .world
        .active_job_with(&site.provider, &other_node, terms, |_| ());
    site.at(2 * HOUR);
    let jobs = [&site.job, &second];
    let said = jobs.map(|job| site.world.statement(job, 0, 50));
    let batch = site.world.post(&site.set, &said);
    let run = batch
        .tree
        .run(0, 2, |at| Some((at as u8, said[at])))
        .unwrap();
    let addresses = jobs.map(|job| job.address);
    let attest = |by: Address, provider| batch.attest(&by, provider, &addresses, run.clone());
    let [first, other] = jobs.map(|job| job.worker.insecure_clone());
    let stranger = site.world.party();
    let operator = site.provider.operator.insecure_clone();
    let own = Some(site.provider.address);
    let rival = site.world.provider();

    // A worker speaks for its own job alone.
    let by_first = attest(first.pubkey(), None);
    site.world.refused(&[by_first], &[&first], "NotTheWorkers");
    let by_other = attest(other.pubkey(), None);
    site.world.refused(&[by_other], &[&other], "NotTheWorkers");
    let by_stranger = attest(stranger.pubkey(), None);
    site.world
        .refused(&[by_stranger], &[&stranger], "NotTheWorkers");
    let passed = attest(stranger.pubkey(), own);
    site.world.refused(&[passed], &[&stranger], "NotOperator");
    let alone = attest(operator.pubkey(), None);
    site.world.refused(&[alone], &[&operator], "NotTheWorkers");
    let by_rival = attest(rival.operator.pubkey(), Some(rival.address));
    site.world
        .refused(&[by_rival], &[&rival.operator], "NotTheWorkers");
    let owner = site.provider.owner.insecure_clone();
    let by_owner = attest(owner.pubkey(), own);
    site.world.refused(&[by_owner], &[&owner], "NotOperator");
    let mut unsigned = attest(operator.pubkey(), own);
    unsigned.accounts[0].is_signer = false;
    site.world
        .refused(&[unsigned], &[], "MissingRequiredSignature");

    let by_operator = attest(operator.pubkey(), own);
    site.world.ok(&[by_operator], &[&operator]);
    for address in addresses {
        assert_eq!(site.world.job(&address).units_pending, 50);
    }
}

#[test]
fn an_operator_that_was_replaced_proves_no_more() {
    let mut site = Site::new();
    site.at(HOUR);
    let said = [site.world.statement(&site.job, 0, 50)];
    let batch = site.world.post(&site.set, &said);
    let (old, new) = (site.provider.operator.insecure_clone(), site.world.party());
    let provider: sluice_client::Provider = site.world.chain.get(&site.provider.address).unwrap();
    let set = ix::set_operator(&site.provider.address, &provider, &new.pubkey());
    site.world
        .ok(&[set], &[&site.provider.owner.insecure_clone()]);
    let own = Some(site.provider.address);
    let attest = |by: Address| batch.attest(&by, own, &[site.job.address], whole(&batch, &said));
    let (by_old, by_new) = (attest(old.pubkey()), attest(new.pubkey()));
    site.world.refused(&[by_old], &[&old], "NotOperator");
    site.world.ok(&[by_new], &[&new]);
}

#[test]
fn a_job_that_is_not_accepted_yet_is_the_provider_s_in_name_only() {
    let mut site = Site::new();
    let buyer = site.world.buyer();
    let terms = site.world.terms(&site.set.address);
    let mut args = site.world.open_args(1, terms, &Address::default());
    args.provider = site.provider.address;
    let open = site.world.open(&buyer, args);
    let said = Statement {
        context: [0; 32],
        window: 0,
        units: 10,
        digest: [0; 32],
    };
    let batch = site.world.post(&site.set, &[said]);
    let operator = site.provider.operator.insecure_clone();
    let attest = batch.attest(
        &operator.pubkey(),
        Some(site.provider.address),
        &[open],
        whole(&batch, &[said]),
    );
    site.world.refused(&[attest], &[&operator], "WrongJobState");
}

#[test]
fn what_is_no_job_of_the_program_is_refused() {
    let mut site = Site::new();
    site.at(HOUR);
    let said = [site.world.statement(&site.job, 0, 50)];
    let batch = site.world.post(&site.set, &said);
    let worker = site.job.worker.insecure_clone();
    let by = worker.pubkey();
    let run = whole(&batch, &said);
    let with = |address: Address| batch.attest(&by, None, &[address], run.clone());
    // A copy of the job that another program owns.
    let mut copy = site
        .world
        .chain
        .account(&site.job.address)
        .unwrap()
        .unwrap();
    copy.owner = Address::new_from_array([8; 32]);
    let fake = site.world.key_address();
    site.world.chain.svm().set_account(fake, copy).unwrap();
    let vault = address::vault(&site.job.address);
    let other = site
        .world
        .post(&site.set, &[site.world.statement(&site.job, 1, 1)]);
    let nowhere = site.world.key_address();
    for (address, name) in [
        (fake, "IllegalOwner"),
        (vault, "IllegalOwner"),
        (nowhere, "IllegalOwner"),
        (site.node.address, "InvalidAccountData"),
        (other.address, "InvalidAccountData"),
        // Those that the instruction reads cannot be written beside.
        (batch.address, "AccountBorrowFailed"),
        (site.set.address, "AccountBorrowFailed"),
    ] {
        site.world.refused(&[with(address)], &[&worker], name);
    }
    let mut readonly = with(site.job.address);
    readonly.accounts[4].is_writable = false;
    site.world
        .refused(&[readonly], &[&worker], "ReadonlyDataModified");
    site.world.ok(&[with(site.job.address)], &[&worker]);
}
