use {
    sluice_client::{JobState, Ledger, address, instruction as ix},
    sluice_tests::world::{DAY, Pull, Site, TOKEN, Tamper, World},
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::slice::from_ref,
};

const HOUR: i64 = 3_600;

/// A job with earnings, wound up but for its close.
fn wound_up() -> Site {
    let mut site = Site::new();
    site.at(HOUR);
    site.prove(0, 100);
    site.wind_up();
    site
}

fn lamports(world: &World, address: &Address) -> u64 {
    world
        .chain
        .account(address)
        .unwrap()
        .map_or(0, |account| account.lamports)
}

/// A job that a rent payer of its own opened, and its buyer.
fn open(site: &mut Site) -> (Address, Keypair, Keypair) {
    let (buyer, payer) = (site.world.buyer(), site.world.party());
    let terms = site.world.terms(&site.set.address);
    let args = site.world.open_args(1, terms, &site.job.cosigner.pubkey());
    let (network, program) = (site.world.network, site.world.pay_mint.token_program);
    let open = ix::open_job(&payer.pubkey(), &buyer.pubkey(), &network, &program, args);
    site.world.ok(&[open], &[&payer, &buyer]);
    let job = address::job(&network, &buyer.pubkey(), 1);
    (job, buyer, payer)
}

#[test]
fn the_rent_goes_back_to_the_lamport() {
    let mut site = Site::new();
    let rich = site.world.party();
    let before = lamports(&site.world, &rich.pubkey());
    let (job, buyer, payer) = open(&mut site);
    assert_eq!(
        lamports(&site.world, &payer.pubkey()) + rent(&site, &job),
        before
    );
    site.world.advance(i64::from(DAY));
    let refund = site.world.pull(&job, Pull::Refund);
    let program = site.world.pay_mint.token_program;
    let close = ix::close_job(&job, &site.world.job(&job), &program);
    site.world.ok(&[refund, close], &[]);
    assert_eq!(lamports(&site.world, &payer.pubkey()), before);
    for gone in [job, address::vault(&job)] {
        assert!(site.world.chain.account(&gone).unwrap().is_none());
    }
    let mint = site.world.pay_mint;
    assert_eq!(site.world.tokens(&buyer.pubkey(), &mint), 1_000_000 * TOKEN);
}

/// The rent in a job and its vault.
fn rent(site: &Site, job: &Address) -> u64 {
    lamports(&site.world, job) + lamports(&site.world, &address::vault(job))
}

#[test]
fn a_released_job_closes_once_everything_has_left() {
    let mut site = wound_up();
    assert_eq!(site.state().state, JobState::Released.byte());
    let close = site.close_ix();
    site.world.ok(from_ref(&close), &[]);
    assert!(
        site.world
            .chain
            .account(&site.job.address)
            .unwrap()
            .is_none()
    );
    site.world.refused(&[close], &[], "AccountDataTooSmall");
}

#[test]
fn a_job_that_still_owes_anything_does_not_close() {
    for left in Pull::ALL {
        let mut site = Site::new();
        site.at(HOUR);
        site.prove(0, 100);
        site.settle();
        site.release();
        let close = site.close_ix();
        site.world.refused(from_ref(&close), &[], "StillOwing");
        for what in Pull::ALL.into_iter().filter(|what| *what != left) {
            site.pull(what);
        }
        site.world.refused(from_ref(&close), &[], "StillOwing");
        site.pull(left);
        site.world.ok(&[close], &[]);
    }
}

#[test]
fn an_active_or_open_job_does_not_close() {
    let mut site = Site::new();
    site.at(1);
    let close = site.close_ix();
    site.world.refused(from_ref(&close), &[], "WrongJobState");
    site.settle();
    site.world.refused(&[close], &[], "WrongJobState");

    let (job, ..) = open(&mut site);
    let program = site.world.pay_mint.token_program;
    let close = ix::close_job(&job, &site.world.job(&job), &program);
    site.world.advance(i64::from(DAY) - 1);
    site.world.refused(from_ref(&close), &[], "WrongJobState");
    site.world.advance(1);
    site.world.refused(&[close], &[], "StillOwing");
}

#[test]
fn a_job_does_not_close_in_its_opening_slot() {
    let mut site = Site::new();
    let (job, buyer, _) = open(&mut site);
    let program = site.world.pay_mint.token_program;
    let cancel = ix::cancel_job(&job, &site.world.job(&job));
    let refund = site.world.pull(&job, Pull::Refund);
    let close = ix::close_job(&job, &site.world.job(&job), &program);
    site.world.ok(&[cancel, refund], &[&buyer]);
    assert_eq!(site.world.job(&job).incarnation, site.world.slot());
    site.world.refused(from_ref(&close), &[], "OpeningSlot");
    site.world.advance_within_slot(10);
    site.world.refused(from_ref(&close), &[], "OpeningSlot");
    site.world.chain.advance_slot(1);
    site.world.ok(&[close], &[]);
}

#[test]
fn a_job_whose_rent_payer_became_a_program_closes() {
    let mut site = Site::new();
    let (job, _, payer) = open(&mut site);
    site.world.advance(i64::from(DAY));
    let refund = site.world.pull(&job, Pull::Refund);
    let program = site.world.pay_mint.token_program;
    let close = ix::close_job(&job, &site.world.job(&job), &program);
    site.world.ok(&[refund], &[]);
    // With a donation too: then two calls come before the rent is paid.
    site.world
        .mint_into(&address::vault(&job), &site.world.pay_mint.clone(), 5);
    site.world.deploy_at(&payer.pubkey());
    let (before, rents) = (lamports(&site.world, &payer.pubkey()), rent(&site, &job));
    site.world.ok(&[close], &[]);
    assert_eq!(lamports(&site.world, &payer.pubkey()), before + rents);
}

#[test]
fn a_donation_and_a_refund_account_that_changed_hands_hold_no_rent_back() {
    let mut site = wound_up();
    let (vault, mint) = (address::vault(&site.job.address), site.world.pay_mint);
    site.world.mint_into(&vault, &mint, 1);
    let (buyer, taker) = (site.job.buyer.insecure_clone(), site.world.party());
    site.world.give_away(&buyer, &mint, &taker.pubkey());
    let close = site.close_ix();
    site.world
        .refused(from_ref(&close), &[], "RecipientChangedOwner");
    let other = site.world.second_account(&buyer.pubkey(), &mint);
    let elsewhere = site.world.elsewhere(&close, &buyer.pubkey(), &mint, &other);
    site.world.ok(&[elsewhere], &[]);
    assert_eq!(site.world.balance_of(&other), 1);
}

#[test]
fn a_donation_goes_to_the_refund_owner() {
    let mut world = World::new();
    let (sponsor, mint) = (world.key().pubkey(), world.pay_mint);
    world.open_account(&sponsor, &mint);
    let mut site = Site::on(world, |args| args.refund_owner = sponsor);
    site.settle();
    site.release();
    let refund = site.pull_ix(Pull::Refund);
    let stolen = refund.with(
        &address::token_account(&sponsor, &mint.address, &mint.token_program),
        &address::token_account(&site.job.buyer.pubkey(), &mint.address, &mint.token_program),
    );
    site.world.refused(&[stolen], &[], "NotAssociatedAccount");
    site.world.ok(&[refund], &[]);
    assert_eq!(site.world.tokens(&sponsor, &mint), 1_000 * TOKEN);
    let vault = address::vault(&site.job.address);
    site.world.mint_into(&vault, &mint, 77);
    let close = site.close_ix();
    site.world.ok(&[close], &[]);
    assert_eq!(site.world.tokens(&sponsor, &mint), 1_000 * TOKEN + 77);
}

#[test]
fn a_donation_goes_to_the_buyer() {
    let mut site = wound_up();
    let (vault, mint) = (address::vault(&site.job.address), site.world.pay_mint);
    site.world.mint_into(&vault, &mint, 77);
    let before = site.held(Pull::Refund);
    let close = site.close_ix();
    site.world.ok(&[close], &[]);
    assert_eq!(site.held(Pull::Refund) - before, 77);
}

#[test]
fn a_donation_changes_no_pull() {
    let mut site = Site::new();
    let (vault, mint) = (address::vault(&site.job.address), site.world.pay_mint);
    site.world.mint_into(&vault, &mint, 77 * TOKEN);
    site.pull_refused(Pull::Refund, "NothingDue");
    site.at(HOUR);
    site.prove(0, 100);
    site.wind_up();
    assert_eq!(site.vault(), 77 * TOKEN);
    let job = site.state();
    assert_eq!((job.funded, job.refunded), (1_000 * TOKEN, 850 * TOKEN));
}

#[test]
fn a_donation_goes_to_no_stranger_and_holds_up_no_close() {
    let mut site = wound_up();
    let (vault, mint) = (address::vault(&site.job.address), site.world.pay_mint);
    site.world.mint_into(&vault, &mint, 77);
    let thief = site.world.buyer().pubkey();
    let account =
        |owner: &Address| address::token_account(owner, &mint.address, &mint.token_program);
    let close = site.close_ix();
    let own = account(&site.job.buyer.pubkey());
    let bent = close.with(&own, &account(&thief));
    site.world.refused(&[bent], &[], "NotAssociatedAccount");
    let bent = close.with(&own, &vault);
    site.world
        .refused(&[bent], &[], "ConstraintDuplicateMutableAccount");
    site.world.ok(&[close], &[]);
}

#[test]
fn without_a_donation_the_buyers_account_may_be_gone() {
    let mut site = wound_up();
    let (buyer, mint) = (site.job.buyer.insecure_clone(), site.world.pay_mint);
    let all = site.held(Pull::Refund);
    let other = site.world.party().pubkey();
    site.world.open_account(&other, &mint);
    let account =
        |owner: &Address| address::token_account(owner, &mint.address, &mint.token_program);
    let send = spl_token_interface::instruction::transfer_checked(
        &mint.token_program,
        &account(&buyer.pubkey()),
        &mint.address,
        &account(&other),
        &buyer.pubkey(),
        &[],
        all,
        6,
    );
    site.world.ok(&[send.unwrap()], &[&buyer]);
    site.world.close_account(&buyer, &mint);
    let close = site.close_ix();
    site.world.ok(&[close], &[]);
}

#[test]
fn rent_payer_vault_and_mint_are_the_recorded_ones() {
    let mut site = wound_up();
    let other = site.another(|_| ());
    let close = site.close_ix();
    let job = site.state();
    let (thief, reward) = (site.world.party().pubkey(), site.world.reward_mint.address);
    for (account, instead) in [
        (job.rent_payer, thief),
        (job.vault, address::vault(&other.address)),
        (job.terms.mint, reward),
    ] {
        let bent = close.with(&account, &instead);
        site.world.refused(&[bent], &[], "ConstraintAddress");
    }
    site.world.ok(&[close], &[]);
}

#[test]
fn nothing_is_pulled_after_a_close_in_the_same_transaction() {
    let mut site = wound_up();
    let close = site.close_ix();
    for what in Pull::ALL {
        let all = [close.clone(), site.pull_ix(what)];
        site.world.refused(&all, &[], "AccountDataTooSmall");
    }
    let topped = [close.clone(), site.top_up_ix(1)];
    let buyer = site.job.buyer.insecure_clone();
    site.world
        .refused(&topped, &[&buyer], "AccountDataTooSmall");
    site.world.ok(&[close], &[]);
}

#[test]
fn the_last_pulls_and_the_close_fit_one_transaction() {
    let mut site = Site::new();
    site.at(HOUR);
    site.prove(0, 100);
    site.settle();
    let mut all = vec![site.release_ix()];
    all.extend(Pull::ALL.map(|what| site.pull_ix(what)));
    all.push(site.close_ix());
    site.world.ok(&all, &[]);
    assert!(
        site.world
            .chain
            .account(&site.job.address)
            .unwrap()
            .is_none()
    );
}
