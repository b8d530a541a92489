//! Which jobs count for rewards and records, and how many of their units.

use {
    sluice_client::{OpenArgs, Quality, Terms, instruction as ix},
    sluice_tests::world::{Pull, Site, Stall, TOKEN, World},
    std::slice::from_ref,
};

const HOUR: i64 = 3_600;
/// When everything that the site proves in its first windows has matured.
const RIPE: i64 = 20 * HOUR;

fn credit(site: &Site) -> solana_instruction::Instruction {
    ix::credit(&site.job.address, &site.state())
}

fn units(site: &Site) -> u64 {
    site.world.node_state(&site.node).units
}

/// A site whose set asks what `ask` makes of the usual and whose job offers what `offer` makes of it.
fn site(ask: impl FnOnce(&mut Quality), offer: impl FnOnce(&mut OpenArgs)) -> Site {
    let mut world = World::new();
    let set = world.set_asking(4, 3, ask);
    Site::under(world, set, offer)
}

/// A job that falls short, by one, of what its set asks: it is paid to the base unit and credits nothing, neither at once
/// nor when it is released.
#[track_caller]
fn falls_short(mut site: Site) {
    assert_eq!(site.state().counts, 0);
    site.at(HOUR);
    site.prove(0, 100);
    site.at(RIPE);
    let credit = credit(&site);
    site.world
        .refused(from_ref(&credit), &[], "JobDoesNotCount");
    assert!(site.pull(Pull::Pay) > 0);
    site.settle();
    site.release();
    assert_eq!((units(&site), site.state().quorum_credited), (0, 0));
    assert_eq!(site.state().quorum_matured, 100);
    site.world.refused(&[credit], &[], "JobDoesNotCount");
}

#[test]
fn a_job_that_offers_less_than_its_set_asks_is_paid_and_counts_for_nothing() {
    let short: [fn(&mut Terms); 5] = [
        |terms| terms.price -= 1,
        |terms| terms.bond -= 1,
        |terms| terms.challenge_bond += 1,
        |terms| terms.challenge_secs -= 1,
        |terms| terms.ruling_secs -= 1,
    ];
    // Three tokens for two units is just enough.
    let ask = |quality: &mut Quality| (quality.price, quality.per) = (15 * TOKEN, 10);
    for change in short {
        falls_short(site(ask, |args| change(&mut args.terms)));
    }
    let mut exact = site(ask, |_| ());
    exact.at(HOUR);
    exact.prove(0, 100);
    exact.at(RIPE);
    let credit = credit(&exact);
    exact.world.ok(&[credit], &[]);
    assert_eq!((exact.state().counts, units(&exact)), (1, 100));
}

#[test]
fn a_job_paid_in_another_mint_counts_for_nothing() {
    let mut world = World::new();
    let other = world.reward_mint.address;
    let set = world.set_asking(4, 3, |quality| quality.mint = other);
    falls_short(Site::under(world, set, |_| ()));
}

#[test]
fn nobody_can_challenge_a_job_without_challenge_time_so_it_never_counts() {
    // The least that a set can ask.
    let ask = |quality: &mut Quality| {
        (quality.bond, quality.challenge_bond) = (1, 0);
        (quality.challenge_secs, quality.ruling_secs) = (1, 60);
    };
    let offer: [fn(&mut Terms); 3] = [
        |terms| (terms.challenge_secs, terms.challenge_bond) = (0, 0),
        |terms| (terms.bond, terms.challenge_bond) = (0, 0),
        |terms| terms.challenge_bond = u64::MAX,
    ];
    for change in offer {
        falls_short(site(ask, |args| change(&mut args.terms)));
    }
}

#[test]
fn a_price_in_the_corners_of_the_numbers_is_compared_exactly() {
    let cases = [
        // Asked, offered, whether it counts.
        ((1, 3), (333_333_333, 1_000_000_000), 0),
        ((1, 3), (333_333_334, 1_000_000_000), 1),
        ((1, u64::MAX), (1, u64::MAX), 1),
        ((2, u64::MAX), (1, u64::MAX), 0),
        ((u64::MAX, u64::MAX), (1, 1), 1),
        ((u64::MAX, u64::MAX - 1), (1, 1), 0),
    ];
    for ((asked, asked_per), (price, per), counts) in cases {
        let site = site(
            |quality| (quality.price, quality.per) = (asked, asked_per),
            |args| (args.terms.price, args.terms.per, args.funds) = (price, per, 1),
        );
        assert_eq!(site.state().counts, counts, "{price}/{per}");
    }
}

#[test]
fn a_job_taken_from_an_offer_counts_by_the_offer_s_terms() {
    for (less, counts) in [(0, 1), (1, 0)] {
        let mut stall = Stall::with(|args| args.terms.bond -= less);
        let job = stall.take(1);
        assert_eq!(stall.world.job(&job.address).counts, counts);
    }
}

#[test]
fn a_job_of_a_cosigner_alone_counts_for_nothing() {
    let mut world = World::new();
    let provider = world.provider();
    let node = world.node(&provider, &solana_address::Address::default());
    let terms = world.terms(&solana_address::Address::default());
    let job = world.active_job_with(&provider, &node, terms, |_| ());
    let state = world.job(&job.address);
    assert_eq!(state.counts, 0);
    world.refused(&[ix::credit(&job.address, &state)], &[], "JobDoesNotCount");
}

/// All but the last unit of a base unit's worth, as often as one likes: everything comes back, and nothing counts.
#[test]
fn units_that_no_whole_base_unit_paid_for_do_not_count() {
    const PER: u64 = 1_000_000_000_000_000;
    let mut site = Site::with(|args| {
        (args.terms.price, args.terms.per, args.terms.cap) = (1, PER, PER - 1);
        args.terms.max_length_secs = 3_600;
        args.length_secs = 3_600;
        args.funds = 1;
    });
    assert_eq!(site.state().counts, 1);
    site.at(HOUR);
    site.prove(0, PER - 1);
    site.at(RIPE);
    let credit = credit(&site);
    site.world.refused(&[credit], &[], "NothingDue");
    site.settle();
    site.release();
    assert_eq!(site.state().units_matured, PER - 1);
    assert_eq!(site.pull(Pull::Refund), 1);
    assert_eq!(units(&site), 0);
}

/// The units of whole base units so far; they only grow, however often they are credited.
#[test]
fn credits_one_by_one_come_to_what_one_credit_comes_to() {
    let claims = [1, 2, 99, 100, 7, 33, 50, 13, 98, 3];
    let awkward = |args: &mut OpenArgs| {
        (args.terms.price, args.terms.per) = (7, 30);
        args.funds = 2_000;
    };
    let [mut often, mut once] = [0, 1].map(|_| Site::with(awkward));
    for (window, claim) in (0..).zip(claims) {
        for site in [&mut often, &mut once] {
            site.at((i64::from(window) + 1) * HOUR);
            site.prove(window, claim);
        }
    }
    let mut matured = 0;
    for (window, claim) in (0..).zip(claims) {
        often.at((14 + i64::from(window)) * HOUR);
        let before = units(&often);
        let credit = credit(&often);
        matured += claim;
        let whole = matured * 7 / 30 * 30 / 7;
        if whole > before {
            often.world.ok(&[credit], &[]);
        } else {
            often.world.refused(&[credit], &[], "NothingDue");
        }
        assert_eq!(units(&often), whole, "after window {window}");
    }
    once.settle();
    once.release();
    // 406 units earn 94 base units, which pay for 402.
    assert_eq!((units(&often), units(&once)), (402, 402));
}

#[test]
fn base_units_that_the_cosigner_s_windows_took_pay_for_no_quorum_s_units() {
    // One base unit for two units: whichever path proves the second one of a pair has its base unit.
    let mut site = Site::with(|args| {
        (args.terms.price, args.terms.per) = (1, 2);
        args.funds = 100;
    });
    site.at(HOUR);
    site.prove(0, 5);
    site.at(14 * HOUR);
    // Of 5 units two base units pay for 4; the sixth unit is cosigned and takes the third base unit.
    site.cosign(2, 1);
    assert_eq!(site.state().gross_cosigned, 1);
    let first = credit(&site);
    site.world.ok(&[first], &[]);
    assert_eq!(units(&site), 4);
    site.prove(3, 1);
    site.cosign(4, 2);
    site.at(RIPE);
    // Six units of the quorum would be worth three base units, but of four in all two are the cosigner's.
    let second = credit(&site);
    site.world.refused(&[second], &[], "NothingDue");
    let job = site.state();
    assert_eq!((job.quorum_matured, job.units_matured), (5, 8));
    site.settle();
    site.release();
    let job = site.state();
    assert_eq!((job.units_matured, job.quorum_matured), (9, 6));
    assert_eq!((job.gross_cosigned, job.quorum_credited), (2, 4));
    assert_eq!(units(&site), 4);
}

#[test]
fn a_quorum_s_base_units_stay_its_own_whatever_the_cosigner_proves_later() {
    let mut site = Site::with(|args| {
        (args.terms.price, args.terms.per) = (1, 2);
        args.funds = 100;
    });
    site.at(HOUR);
    site.cosign(0, 1);
    assert_eq!(site.state().gross_cosigned, 0);
    site.at(2 * HOUR);
    site.prove(1, 3);
    site.at(15 * HOUR);
    let first = credit(&site);
    site.world.ok(&[first], &[]);
    // Four units earned two base units, but three of a quorum alone are worth one.
    assert_eq!(units(&site), 2);
    site.cosign(5, 7);
    let job = site.state();
    assert_eq!((job.units_matured, job.gross_cosigned), (11, 3));
    let none = credit(&site);
    site.world.refused(&[none], &[], "NothingDue");
    assert_eq!(units(&site), 2);
}
