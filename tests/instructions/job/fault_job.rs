use {
    sluice::state::EndCause,
    sluice_client::{Job, Ledger, Provider, instruction as ix},
    sluice_tests::world::{Pull, Site, TOKEN, Tamper},
    solana_signer::Signer,
};

const HOUR: i64 = 3_600;
/// When the third window's grace of 12 hours has passed.
const THIRD_CLOSED: i64 = 15 * HOUR;

/// A job of thirty hours, of which three windows in a row must be missing.
fn long() -> Site {
    Site::with(|args| args.length_secs = 30 * 3_600)
}

/// Seconds from the start to the end, and why.
fn end(site: &Site) -> (i64, u8) {
    let job = site.state();
    (job.end_at - job.start_at, job.cause)
}

#[test]
fn a_silent_job_is_faulted_when_enough_windows_are_past_their_grace() {
    for early in [0, 1, 3 * HOUR, THIRD_CLOSED - 1] {
        let mut site = long();
        site.at(early);
        site.fault_refused("NotFaulted");
    }
    for late in [THIRD_CLOSED, THIRD_CLOSED + 1] {
        let mut site = long();
        site.at(late);
        site.fault();
        assert_eq!(end(&site), (late, EndCause::Faulted.byte()));
    }
}

#[test]
fn the_terms_say_how_many_windows() {
    for windows in [1, 2, 5] {
        let silent = || {
            Site::with(|args| {
                args.length_secs = 30 * 3_600;
                args.terms.fault_windows = windows;
            })
        };
        let closed = (12 + i64::from(windows)) * HOUR;
        let mut site = silent();
        site.at(closed - 1);
        site.fault_refused("NotFaulted");
        site.at(closed);
        site.fault();
    }
}

#[test]
fn a_sign_of_life_without_units_prevents_it_for_as_many_windows() {
    let mut site = long();
    site.at(HOUR);
    site.prove(0, 0);
    site.at(THIRD_CLOSED);
    site.fault_refused("NotFaulted");
    // Windows 1, 2 and 3 were all unproven when the grace of window 3 has passed.
    site.at(THIRD_CLOSED + HOUR - 1);
    site.fault_refused("NotFaulted");
    site.at(THIRD_CLOSED + HOUR);
    site.fault();
}

#[test]
fn a_proof_in_the_last_second_of_grace_prevents_it() {
    let mut site = long();
    site.at(THIRD_CLOSED - 1);
    site.prove(2, 1);
    site.at(THIRD_CLOSED + 3 * HOUR - 1);
    site.fault_refused("NotFaulted");
    site.at(THIRD_CLOSED + 3 * HOUR);
    site.fault();
}

#[test]
fn a_proof_of_a_later_window_shows_life_too() {
    let mut site = long();
    site.at(THIRD_CLOSED);
    site.cosign(14, 0);
    // Windows 0 to 2 stay unproven, but the machine is back.
    site.fault_refused("NotFaulted");
}

#[test]
fn windows_that_began_before_the_fault_stay_provable_and_the_cut_one_by_its_part() {
    let mut site = long();
    site.at(THIRD_CLOSED + HOUR / 2);
    site.fault();
    site.at(16 * HOUR - 1);
    site.proof_refused(15, 100, "WindowNotEnded");
    site.at(16 * HOUR);
    for window in [4, 9, 14, 15] {
        site.prove(window, 100);
    }
    assert_eq!(site.state().units_pending, 350);
    site.proof_refused(3, 100, "StatementExpired");
    site.at(17 * HOUR);
    site.proof_refused(16, 0, "WindowOutOfJob");
    site.wind_up();
    let job = site.state();
    let earned = job.paid + job.swept_treasury + job.swept_attesters;
    assert_eq!((earned, job.refunded), (525 * TOKEN, 475 * TOKEN));
}

#[test]
fn a_fault_writes_neither_a_completion_nor_a_resignation() {
    let mut site = long();
    site.at(HOUR);
    site.prove(0, 100);
    site.at(THIRD_CLOSED + HOUR);
    site.fault();
    site.wind_up();
    let provider: Provider = site.world.chain.get(&site.provider.address).unwrap();
    assert_eq!(
        (
            provider.record.windows_proven,
            provider.record.jobs_completed,
            provider.record.jobs_resigned
        ),
        (1, 0, 0)
    );
}

#[test]
fn a_fault_moves_no_token() {
    let mut site = long();
    site.at(THIRD_CLOSED);
    let before = Pull::ALL.map(|what| site.held(what));
    site.fault();
    assert_eq!(Pull::ALL.map(|what| site.held(what)), before);
    assert_eq!(site.vault(), 1_000 * TOKEN);
}

#[test]
fn buyer_and_operator_call_a_fault_and_nobody_else_does() {
    let mut site = long();
    site.at(THIRD_CLOSED);
    let (fault, buyer) = (site.fault_ix(), site.job.buyer.pubkey());
    let without = fault.unsigned(&buyer);
    site.world
        .refused(&[without], &[], "MissingRequiredSignature");
    let owner = site.provider.owner.insecure_clone();
    let cosigner = site.job.cosigner.insecure_clone();
    let stranger = site.world.party();
    for other in [owner, cosigner, stranger] {
        let bent = fault.with(&buyer, &other.pubkey());
        site.world.refused(&[bent], &[&other], "NotParty");
    }
    let operator = site.provider.operator.insecure_clone();
    let by_operator = fault.with(&buyer, &operator.pubkey());
    // Without the provider nobody is its operator.
    let unshown = by_operator.with(&site.provider.address, &sluice_client::ID);
    site.world.refused(&[unshown], &[&operator], "NotParty");
    site.world.ok(&[by_operator], &[&operator]);
    assert_eq!(end(&site), (THIRD_CLOSED, EndCause::Faulted.byte()));
}

#[test]
fn a_job_is_faulted_once_and_not_after_its_end() {
    let mut site = long();
    site.at(THIRD_CLOSED);
    site.fault();
    site.fault_refused("JobEnded");
    site.at(THIRD_CLOSED + 1);
    site.fault_refused("JobEnded");
    site.settle();
    site.release();
    site.fault_refused("JobEnded");
    // A job that is shorter than its grace is over before anything can be missing.
    let mut site = Site::new();
    site.at(10 * HOUR - 1);
    site.fault_refused("NotFaulted");
    site.at(THIRD_CLOSED);
    site.fault_refused("JobEnded");
}

#[test]
fn a_fault_during_the_notice_ends_the_job_earlier_and_takes_it_off_the_record() {
    let mut site = long();
    site.at(14 * HOUR);
    site.resign();
    site.at(THIRD_CLOSED);
    site.fault();
    assert_eq!(end(&site), (THIRD_CLOSED, EndCause::Faulted.byte()));
    site.wind_up();
    let provider: Provider = site.world.chain.get(&site.provider.address).unwrap();
    assert_eq!(provider.record.jobs_resigned, 0);
}

#[test]
fn another_incarnation_is_not_faulted() {
    let mut site = long();
    site.at(THIRD_CLOSED);
    let mut seen: Job = site.state();
    let buyer = site.job.buyer.insecure_clone();
    for incarnation in [seen.incarnation - 1, seen.incarnation + 1] {
        seen.incarnation = incarnation;
        let fault = ix::fault_job(&buyer.pubkey(), &site.job.address, &seen);
        site.world.refused(&[fault], &[&buyer], "WrongIncarnation");
    }
}
