use {
    sluice_client::Job,
    sluice_tests::world::{DAY, Pull, Site, TOKEN},
    solana_signer::Signer,
    std::slice::from_ref,
};

const HOUR: i64 = 3_600;
const GRACE: i64 = 12 * HOUR;

/// What the vault needs to hold whatever else happens: what was earned or is pending and has not left.
fn owed(job: &Job) -> u64 {
    let units = job.units_matured + job.units_pending;
    let gross = u128::from(units) * u128::from(job.terms.price) / u128::from(job.terms.per);
    gross as u64 - job.paid - job.swept_treasury - job.swept_attesters
}

#[test]
fn nothing_is_refunded_while_every_base_unit_can_still_be_earned() {
    let mut site = Site::new();
    for secs in [0, HOUR, 10 * HOUR, HOUR + GRACE - 1] {
        site.at(secs);
        site.pull_refused(Pull::Refund, "NothingDue");
    }
}

#[test]
fn a_windows_money_is_refundable_from_the_second_its_grace_ends() {
    // 1,000 units and 1,500 tokens: exactly what ten windows can count.
    let mut site = Site::with(|args| args.funds = 1_500 * TOKEN);
    for window in 0..10 {
        let grace_end = (window + 1) * HOUR + GRACE;
        site.at(grace_end - 1);
        site.pull_refused(Pull::Refund, "NothingDue");
        site.at(grace_end);
        assert_eq!(site.pull(Pull::Refund), 150 * TOKEN);
        site.pull_refused(Pull::Refund, "NothingDue");
    }
    assert_eq!(site.vault(), 0);
}

#[test]
fn what_no_window_can_count_is_refundable_at_once() {
    let mut site = Site::with(|args| args.funds = 1_501 * TOKEN);
    assert_eq!(site.pull(Pull::Refund), TOKEN);
    site.at(HOUR);
    // A window proven below its cap leaves the rest of it.
    site.prove(0, 40);
    assert_eq!(site.pull(Pull::Refund), 90 * TOKEN);
    site.pull_refused(Pull::Refund, "NothingDue");
}

#[test]
fn pending_units_are_not_refunded() {
    let mut site = Site::with(|args| args.funds = 1_500 * TOKEN);
    site.at(10 * HOUR);
    for window in 0..10 {
        site.prove(window, 100);
    }
    site.at(10 * HOUR + GRACE + HOUR - 1);
    site.pull_refused(Pull::Refund, "NothingDue");
    site.wind_up();
    assert_eq!(site.state().refunded, 0);
    assert_eq!(site.vault(), 0);
}

#[test]
fn an_open_job_is_refundable_from_its_last_moment_by_anyone() {
    let mut site = Site::new();
    let buyer = site.world.buyer();
    let args = {
        let terms = site.world.terms(&site.set.address);
        site.world.open_args(1, terms, &site.job.cosigner.pubkey())
    };
    let job = site.world.open(&buyer, args);
    let refund = site.world.pull(&job, Pull::Refund);
    site.world.refused(from_ref(&refund), &[], "NothingDue");
    site.world.advance(i64::from(DAY) - 1);
    site.world.refused(from_ref(&refund), &[], "NothingDue");
    site.world.advance(1);
    site.world.ok(from_ref(&refund), &[]);
    let mint = site.world.pay_mint;
    assert_eq!(site.world.tokens(&buyer.pubkey(), &mint), 1_000_000 * TOKEN);
    site.world.refused(&[refund], &[], "NothingDue");
    assert_eq!(site.world.vault(&job), 0);
}

#[test]
fn a_cancel_frees_what_lies_beyond_the_notice() {
    let mut site = Site::with(|args| args.funds = 1_500 * TOKEN);
    site.at(HOUR);
    site.cancel();
    // Windows 0, 1 and 2 remain.
    assert_eq!(site.pull(Pull::Refund), 1_050 * TOKEN);
    site.at(3 * HOUR);
    for window in 0..3 {
        site.prove(window, 100);
    }
    site.pull_refused(Pull::Refund, "NothingDue");
    site.wind_up();
    let job = site.state();
    assert_eq!(
        job.paid + job.swept_treasury + job.swept_attesters,
        450 * TOKEN
    );
    assert_eq!(site.vault(), 0);
}

#[test]
fn a_cancel_in_the_second_of_accept_frees_everything() {
    let mut site = Site::with(|args| args.terms.notice_secs = 0);
    site.cancel();
    assert_eq!(site.pull(Pull::Refund), 1_000 * TOKEN);
    site.release();
    site.world.chain.advance_slot(1);
    let close = site.close_ix();
    site.world.ok(&[close], &[]);
}

#[test]
fn dust_below_a_unit_is_kept_while_a_top_up_could_complete_it() {
    // 1,999 at 1,000 a unit, and two windows of a unit each.
    let mut site = dusty(1_999, 2);
    assert_eq!(site.state().units_funded, 1);
    site.pull_refused(Pull::Refund, "NothingDue");
    site.at(HOUR);
    site.cosign(0, 1);
    site.pull_refused(Pull::Refund, "NothingDue");
    site.top_up(1);
    assert_eq!(site.state().units_funded, 2);
    site.at(2 * HOUR);
    site.cosign(1, 1);
    site.wind_up();
    assert_eq!((site.state().refunded, site.vault()), (0, 0));
}

#[test]
fn a_top_up_after_dust_was_refunded_never_leaves_the_vault_short() {
    let mut site = dusty(1_999, 2);
    // Window 0 passed its grace of a second: one unit remains provable, and the dust goes back.
    site.at(HOUR + 1);
    assert_eq!(site.pull(Pull::Refund), 999);
    site.top_up(1);
    let job = site.state();
    assert_eq!(
        (job.funded, job.units_funded, job.refunded),
        (2_000, 2, 999)
    );
    site.at(2 * HOUR);
    site.cosign(1, 2);
    assert_eq!(site.state().units_matured, 1);
    assert!(site.vault() >= owed(&site.state()));
    site.wind_up();
    let job = site.state();
    assert_eq!(job.paid + job.swept_treasury + job.swept_attesters, 1_000);
    assert_eq!((job.refunded, site.vault()), (1_000, 0));
}

/// A job of base-unit dust: 1,000 a unit, one unit a window, a second's grace.
fn dusty(funds: u64, windows: u64) -> Site {
    Site::with(|args| {
        (args.terms.price, args.terms.per, args.terms.cap) = (1_000, 1, 1);
        (args.terms.grace_secs, args.terms.challenge_secs) = (1, 0);
        args.length_secs = windows * 3_600;
        args.funds = funds;
    })
}

#[test]
fn refund_pays_the_buyer_and_nobody_else_whoever_sends_it() {
    let mut site = Site::with(|args| args.funds = 1_501 * TOKEN);
    let before: Vec<_> = Pull::ALL.iter().map(|what| site.held(*what)).collect();
    assert_eq!(site.pull(Pull::Refund), TOKEN);
    for (what, before) in Pull::ALL.into_iter().zip(before).take(3) {
        assert_eq!(site.held(what), before);
    }
}
