//! Money of a job, from the deposit to the last base unit.

use super::*;

const PAY_JOB: Action = Action::Pay { job: JOB };
const TREASURY_SWEEP: Action = Action::SweepTreasury { job: JOB };
const ATTESTERS_SWEEP: Action = Action::SweepAttesters { job: JOB };
const REFUND: Action = Action::Refund { job: JOB };
const RELEASE: Action = Action::ReleaseJob { job: JOB };
const CLOSE: Action = Action::CloseJob { job: JOB };

/// 40 base units at 3 for 2 cover 26 units; 250 s hold windows of 10, 10 and (cut in half) 5 units: 25 units, 37 base units.
#[test]
fn a_job_pays_every_base_unit_to_somebody() {
    let mut world = World::new();
    world.start(40, |_| {});
    assert_eq!(world.model.jobs[&JOB].units_funded(), 26);
    assert_eq!(world.model.jobs[&JOB].usable(START), 25);
    assert_eq!(world.moved(START, REFUND), 40 - 37);
    world.refuse(START, REFUND, "NothingDue");

    assert_eq!(world.ok(1_100, world.attest(0, 12)).units, 10);
    world.refuse(1_179, PAY_JOB, "NothingDue");
    world.refuse(1_179, Action::Mature { job: JOB }, "NothingDue");
    // gross(10) = 15, its fees of 5 % round down to 0.
    assert_eq!(world.moved(1_180, PAY_JOB), 15);
    world.refuse(1_180, TREASURY_SWEEP, "NothingDue");

    // gross(17) = 25 (25.5), of which 10 were cosigned: the network's 2 % of them are 0 (0.2).
    assert_eq!(world.ok(1_200, world.attest_cosigned(1, 7)).units, 7);
    assert_eq!(world.moved(1_200, PAY_JOB), 25 - 15);
    world.refuse(1_200, TREASURY_SWEEP, "NothingDue");
    world.refuse(1_200, ATTESTERS_SWEEP, "NothingDue");
    // 17 counted and 5 usable keep gross(22) = 33.
    assert_eq!(world.moved(1_250, REFUND), 40 - 33 - 3);

    assert_eq!(world.ok(1_300, world.attest(2, 9)).units, 5);
    world.refuse(1_379, RELEASE, "NotSettled");
    // A quorum's 15 units are worth 22 whole base units (22.5), which pay for 14 (14.67).
    assert_eq!(
        world
            .ok(
                1_380,
                Action::Credit {
                    job: JOB,
                    node: NODE
                }
            )
            .units,
        14
    );
    assert_eq!(world.ok(1_380, RELEASE).units, 0);
    world.refuse(1_380, CLOSE, "StillOwing");
    // gross(22) = 33, of which a quorum proved 23: fees 1 (1.15), of them 3/5 to the attesters: 0 (0.6).
    assert_eq!(world.moved(1_380, PAY_JOB), 32 - 25);
    assert_eq!(world.moved(1_380, TREASURY_SWEEP), 1);
    world.refuse(1_380, ATTESTERS_SWEEP, "NothingDue");
    world.refuse(1_380, REFUND, "NothingDue");

    let gift = Action::Transfer {
        from: Holder::Wallet(BUYER),
        to: Holder::JobVault(JOB),
        mint: PAY,
        amount: 6,
    };
    world.ok(1_380, gift);
    assert_eq!(world.moved(1_380, CLOSE), 6);
    assert_eq!(world.wallet(OWNER, PAY), 32);
    assert_eq!(world.wallet(TREASURY, PAY), 1);
    assert_eq!(world.wallet(BUYER, PAY), 10_000 - 33);
    let record = world.model.snapshot().providers[&PROVIDER];
    // Both whole windows were worked, one of them proven by a quorum: that does not complete the job.
    assert_eq!(record.record, [0, 1, 1, 0, 0, 0, 0, 0, 0]);
    assert_eq!(world.model.nodes[&NODE].units(), 14);
}

/// 1,000,000 a unit: of the 20,000,000 that a quorum proved 5 % are fees, 3/5 of them the attesters'; of the 5,000,000 that
/// were cosigned 2 % are the treasury's.
#[test]
fn fees_split_between_treasury_and_attesters() {
    let mut world = World::new();
    world.model.mint_to(Holder::Wallet(BUYER), PAY, 100_000_000);
    world.start(30_000_000, |open| open.terms.price = 2_000_000);
    world.ok(1_100, world.attest(0, 10));
    world.ok(1_200, world.attest(1, 10));
    world.ok(1_300, world.attest_cosigned(2, 5));
    assert_eq!(world.moved(1_300, PAY_JOB), 23_900_000);
    assert_eq!(world.moved(1_300, TREASURY_SWEEP), 500_000);
    assert_eq!(world.moved(1_300, ATTESTERS_SWEEP), 600_000);
    assert_eq!(world.moved(1_300, REFUND), 5_000_000);
    world.ok(1_350, RELEASE);
    world.ok(1_350, CLOSE);
    assert_eq!(world.wallet(FEE_OWNER, PAY), 600_000);
}

#[test]
fn an_open_job_comes_back_whole_once_it_ends() {
    let mut world = World::new();
    world.open(40, |_| {});
    world.refuse(START, REFUND, "NothingDue");
    world.refuse(START, CLOSE, "OpeningSlot");
    world.slot += 1;
    world.refuse(START, CLOSE, "WrongJobState");
    world.ok(START, cancel());
    world.refuse(START, cancel(), "JobEnded");
    world.refuse(START, accept(), "JobEnded");
    world.refuse(START, top_up(1), "JobEnded");
    world.refuse(START, CLOSE, "StillOwing");
    assert_eq!(world.moved(START, REFUND), 40);
    world.ok(START, CLOSE);
    assert_eq!(world.wallet(BUYER, PAY), 10_000);
}

/// Cancelled at 1,060 with a notice of 150 s: the end is 1,210, so window 2 keeps a tenth of its cap.
#[test]
fn cancelling_cuts_the_last_window() {
    let mut world = World::new();
    world.start(40, |_| {});
    world.ok(START + 60, cancel());
    assert_eq!(world.model.jobs[&JOB].end_at, 1_210);
    assert_eq!(world.model.jobs[&JOB].usable(1_060), 21);
    assert_eq!(world.moved(1_060, REFUND), 40 - 31);
    // Window 0 can be proven until 1,150.
    assert_eq!(world.model.jobs[&JOB].usable(1_149), 21);
    assert_eq!(world.model.jobs[&JOB].usable(1_150), 11);
    assert_eq!(world.ok(1_300, world.attest(2, 9)).units, 1);
    world.ok(1_380, RELEASE);
    assert_eq!(world.model.snapshot().providers[&PROVIDER].record[3], 0);
}

#[test]
fn cancelling_without_notice_at_the_start_leaves_no_window() {
    let mut world = World::new();
    world.start(40, |open| open.terms.notice_secs = 0);
    world.ok(START, cancel());
    assert_eq!(world.moved(START, REFUND), 40);
    world.ok(START, RELEASE);
    world.ok(START, CLOSE);
}

/// 1,999 at 1,000 a unit cover one unit; the other 999 must stay, because 1,001 more make it three units.
#[test]
fn a_refund_leaves_the_part_of_a_unit_that_a_top_up_completes() {
    let mut world = World::new();
    world.start(1_999, |open| {
        (open.terms.price, open.terms.per) = (1_000, 1)
    });
    world.refuse(START, REFUND, "NothingDue");
    world.ok(START, top_up(1_001));
    assert_eq!(world.model.jobs[&JOB].units_funded(), 3);
    world.ok(1_100, world.attest_cosigned(0, 10));
    assert_eq!(world.moved(1_100, PAY_JOB), 2_940);
    assert_eq!(world.moved(1_100, TREASURY_SWEEP), 60);
    world.refuse(1_100, ATTESTERS_SWEEP, "NothingDue");
    world.refuse(1_100, REFUND, "NothingDue");
    world.ok(1_350, RELEASE);
    world.ok(1_350, CLOSE);
}

#[test]
fn a_top_up_needs_the_job_that_was_seen() {
    let mut world = World::new();
    world.start(40, |_| {});
    let stale = Action::TopUpJob {
        job: JOB,
        by: BUYER,
        incarnation: OPENED - 1,
        amount: 5,
    };
    world.refuse(START, stale, "WrongIncarnation");
    world.refuse(START, top_up(0), "AmountTooSmall");
    world.refuse(START, top_up(10_000), SHORT);
    world.refuse(1_250, top_up(5), "JobEnded");
    world.ok(1_249, top_up(5));
    assert_eq!(world.model.jobs[&JOB].units_funded(), 30);
}

#[test]
fn opening_names_the_term_that_is_wrong() {
    let mut world = World::new();
    let now = START - 10;
    let mut refuse = |change: fn(&mut OpenJob), error| {
        let mut open = usual_job(40);
        change(&mut open);
        world.refuse(now, Action::OpenJob(Box::new(open)), error);
    };
    refuse(|open| open.terms.grace_secs = 0, "TermIsZero");
    refuse(|open| open.terms.notice_secs = 30 * DAY + 1, "TermTooLong");
    refuse(
        |open| open.terms.challenge_secs = 1_551,
        "GraceOutlastsRing",
    );
    refuse(
        |open| open.terms.ruling_secs = 864_000 - 179,
        "TermsOutlastUnbonding",
    );
    refuse(|open| open.terms.cap = u64::MAX, "MathOverflow");
    refuse(|open| open.length_secs = 1_001, "LengthOutOfBounds");
    refuse(|open| open.open_until = START - 10, "DateInPast");
    refuse(
        |open| open.open_until = START - 10 + 365 * i64::from(DAY) + 1,
        "DateTooFar",
    );
    refuse(
        |open| open.terms.max_length_secs = 3_650 * u64::from(DAY) + 1,
        "LengthOutOfBounds",
    );
    refuse(|open| open.max_fee_bps = 499, "FeeTooHigh");
    refuse(|open| open.resolver = GUARDIAN, "ResolverChanged");
    refuse(
        |open| (open.terms.set, open.cosigner) = (None, None),
        "NobodyToProve",
    );
    refuse(|open| open.cosigner = Some(102), "KeysNotDistinct");
    refuse(|open| open.funds = 1, "NothingFunded");
    refuse(|open| open.funds = 10_001, SHORT);
}
