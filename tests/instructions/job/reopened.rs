//! The same buyer opens the same id again: nothing of the earlier job means anything in the later one.
use {
    sluice_client::{Ledger, instruction as ix},
    sluice_tests::world::{Pull, Site, TOKEN},
    solana_instruction::Instruction,
    solana_signer::Signer,
    std::slice::from_ref,
};

const HOUR: i64 = 3_600;

/// Opens the site's job again with the same arguments.
fn open_ix(site: &Site) -> Instruction {
    let terms = site.world.terms(&site.set.address);
    let args = site.world.open_args(1, terms, &site.job.cosigner.pubkey());
    ix::open_job(
        &site.world.payer.pubkey(),
        &site.job.buyer.pubkey(),
        &site.world.network,
        &site.world.pay_mint.token_program,
        args,
    )
}

/// Closes the site's job and opens and accepts it again, onto the same node.
fn reopen(site: &mut Site) {
    site.wind_up();
    let (close, open) = (site.close_ix(), open_ix(site));
    let buyer = site.job.buyer.insecure_clone();
    site.world.ok(&[close], &[]);
    site.world.ok(&[open], &[&buyer]);
    let job = site.job.address;
    site.world.accept(&job, &site.provider, &site.node);
}

#[test]
fn statements_of_the_earlier_job_prove_nothing_in_the_later_one() {
    let mut site = Site::new();
    site.at(10 * HOUR);
    let quorum = site.world.attest_ixs(&site.job, &site.set, 0, 100);
    let unused = site.world.attest_ixs(&site.job, &site.set, 1, 100);
    let cosigned = site.world.cosigned_ixs(&site.job, 2, 100);
    site.world.ok(&quorum, &[]);
    reopen(&mut site);
    site.at(10 * HOUR);
    for proof in [&quorum, &unused, &cosigned] {
        site.world.refused(proof, &[], "WrongStatement");
    }
    site.prove(0, 100);
}

#[test]
fn instructions_that_saw_the_earlier_job_are_refused() {
    let mut site = Site::new();
    let (top_up, cancel) = (site.top_up_ix(TOKEN), site.cancel_ix());
    reopen(&mut site);
    let buyer = site.job.buyer.insecure_clone();
    for stale in [top_up, cancel] {
        site.world.refused(&[stale], &[&buyer], "WrongIncarnation");
    }
}

#[test]
fn an_acceptance_of_the_earlier_job_does_not_take_the_later_one() {
    let mut site = Site::new();
    let earlier = site.state();
    site.wind_up();
    let (close, open) = (site.close_ix(), open_ix(&site));
    let buyer = site.job.buyer.insecure_clone();
    site.world.ok(&[close], &[]);
    site.world.ok(&[open], &[&buyer]);
    let operator = site.provider.operator.insecure_clone();
    let (owner, node) = (site.provider.owner.pubkey(), site.node.address);
    let accept = ix::accept_job(
        &operator.pubkey(),
        &owner,
        &site.job.address,
        &earlier,
        &node,
    );
    site.world
        .refused(&[accept], &[&operator], "WrongIncarnation");
}

#[test]
fn a_close_and_reopen_in_one_transaction_is_another_incarnation_with_nothing_in_it() {
    let mut site = Site::new();
    site.at(HOUR);
    site.prove(0, 100);
    site.wind_up();
    let earlier = site.state();
    let both = [site.close_ix(), open_ix(&site)];
    let buyer = site.job.buyer.insecure_clone();
    site.world.ok(&both, &[&buyer]);
    let job = site.state();
    assert_ne!(job.incarnation, earlier.incarnation);
    assert_eq!((job.paid, job.refunded, job.units_matured), (0, 0, 0));
    assert!(job.ring.iter().all(|entry| entry.window_plus_one == 0));
    assert_eq!(site.vault(), 1_000 * TOKEN);
    site.pull_refused(Pull::Refund, "NothingDue");
}

#[test]
fn a_pull_built_for_the_earlier_job_pays_the_later_ones_parties_only() {
    let mut site = Site::new();
    site.at(HOUR);
    site.prove(0, 100);
    let pay = site.pull_ix(Pull::Pay);
    site.wind_up();
    let (close, open) = (site.close_ix(), open_ix(&site));
    let buyer = site.job.buyer.insecure_clone();
    site.world.ok(&[close], &[]);
    site.world.ok(&[open], &[&buyer]);
    // Nobody has accepted it yet.
    site.world.refused(from_ref(&pay), &[], "NothingDue");
    let other = site.world.provider();
    let node = site.world.node(&other, &site.set.address);
    let job = site.job.address;
    site.world.accept(&job, &other, &node);
    site.job.worker = node.worker.insecure_clone();
    site.at(HOUR);
    site.cosign(0, 100);
    site.world.refused(&[pay], &[], "NotAssociatedAccount");
    assert!(site.world.chain.account(&job).unwrap().is_some());
}
