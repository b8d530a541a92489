//! `dividend_stream` against a list of all that ever came in, and its promises: nothing is lost, nobody gains by when and how
//! often, nobody holds anything back, and who stands for a while gets no more than that while lets out.

mod edges;

use {
    edges::{any_u64, config, partition, positive_u64},
    num_bigint::BigUint,
    proptest::{collection::vec, prelude::*},
    sluice_math::{
        dividend::{accrued, add},
        dividend_stream::DividendStream,
    },
    std::collections::BTreeMap,
};

const MAX: u64 = u64::MAX;
const DAY: u32 = 86_400;

/// Every amount that came in, by the period it came in, with what was let out of it.
#[derive(Clone, Debug, Default)]
struct Book {
    entries: BTreeMap<u64, (u64, u64)>,
}

impl Book {
    /// What the entries have let out by `now` and not given yet.
    fn release(&mut self, now: u64, secs: u32) -> u64 {
        let mut out = 0;
        for (&period, (amount, given)) in &mut self.entries {
            let starts = (period + 1) * u64::from(secs);
            let since = now.saturating_sub(starts).min(secs.into());
            let due = u128::from(*amount) * u128::from(since) / u128::from(secs);
            let due = u64::try_from(due).unwrap();
            out += due.saturating_sub(*given);
            *given = due.max(*given);
        }
        out
    }

    fn take_in(&mut self, now: u64, secs: u32, amount: u64) {
        self.entries.entry(now / u64::from(secs)).or_default().0 += amount;
    }

    fn unreleased(&self) -> u64 {
        let entries = self.entries.values();
        entries.map(|(amount, given)| amount - given).sum()
    }
}

#[derive(Clone, Debug)]
enum Step {
    /// So many seconds pass.
    Wait(u64),
    /// What is let out goes to shares, or, without any, comes in again.
    Release { shares: bool },
    /// An amount comes in.
    TakeIn(u64),
}

/// Seconds of a period: of a network, and a few that make every boundary common.
fn secs() -> impl Strategy<Value = u32> {
    prop_oneof![2 => DAY..=30 * DAY, 2 => 1..=9_u32, 1 => Just(u32::MAX)]
}

/// Seconds to wait, of the order of a period.
fn wait(secs: u32) -> impl Strategy<Value = u64> {
    let secs = u64::from(secs);
    prop_oneof![
        3 => 0..=secs,
        2 => (0..5_u64, 0..=2_u64).prop_map(move |(periods, near)| (periods * secs + near).saturating_sub(1)),
        1 => 0..=9 * secs,
    ]
}

fn steps() -> impl Strategy<Value = (u32, Vec<Step>)> {
    secs().prop_flat_map(|secs| {
        let step = prop_oneof![
            3 => wait(secs).prop_map(Step::Wait),
            3 => prop::bool::weighted(0.8).prop_map(|shares| Step::Release { shares }),
            2 => any_u64().prop_map(Step::TakeIn),
        ];
        (Just(secs), vec(step, 1..32))
    })
}

fn at(now: u64) -> i64 {
    i64::try_from(now).unwrap()
}

/// When the histories begin: a date of this century.
const START: u64 = 1_700_000_000;

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_history_lets_out_what_the_list_says_and_loses_nothing((secs, steps) in steps()) {
        let (mut stream, mut book, mut now) = (DividendStream::default(), Book::default(), START);
        let (mut came, mut went) = (0_u128, 0_u128);
        for step in steps {
            let before = stream;
            match step {
                Step::Wait(more) => now += more,
                Step::Release { shares } => {
                    let out = stream.release(at(now), secs).unwrap();
                    prop_assert_eq!(out, book.release(now, secs));
                    if shares {
                        went += u128::from(out);
                    } else {
                        stream.take_in(out).unwrap();
                        book.take_in(now, secs, out);
                    }
                    prop_assert!(before.period <= stream.period);
                }
                Step::TakeIn(amount) => {
                    // As much as there may be in one vault.
                    let amount = amount.min(MAX - u64::try_from(came - went).unwrap());
                    went += u128::from(stream.release(at(now), secs).unwrap());
                    book.release(now, secs);
                    stream.take_in(amount).unwrap();
                    book.take_in(now, secs, amount);
                    came += u128::from(amount);
                }
            }
            prop_assert!(stream.released <= stream.streaming);
            prop_assert_eq!(stream.unreleased(), Some(book.unreleased()));
            prop_assert_eq!(came - went, u128::from(book.unreleased()));
            prop_assert!(!stream.is_idle() || book.unreleased() == 0);
        }
        // Two periods on all of it is out.
        let out = stream.release(at(now + 2 * u64::from(secs)), secs).unwrap();
        prop_assert_eq!(came - went, u128::from(out));
        prop_assert!(stream.is_idle());
    }

    #[test]
    fn asking_often_or_once_lets_out_the_same_and_ends_the_same(
        (secs, waits) in secs().prop_flat_map(|secs| (Just(secs), vec(wait(secs), 1..8))),
        (streaming, next) in (any_u64(), any_u64()),
    ) {
        let next = next.min(MAX - streaming);
        let period = START / u64::from(secs);
        let begun = DividendStream { period, streaming, released: 0, next };
        let (mut often, mut once, mut now) = (begun, begun, START);
        let mut out = 0;
        for more in waits {
            now += more;
            out += often.release(at(now), secs).unwrap();
            // The same second again, and an earlier one, let out nothing.
            prop_assert_eq!(often.release(at(now), secs), Some(0));
            let here = often;
            prop_assert_eq!(often.release(at(START), secs), Some(0));
            prop_assert_eq!(often, here);
        }
        prop_assert_eq!(once.release(at(now), secs), Some(out));
        prop_assert_eq!(often, once);
        prop_assert_eq!(once.unreleased(), Some(streaming + next - out));
    }

    #[test]
    fn no_dust_restarts_stretches_or_holds_back_a_stream(
        (secs, waits) in secs().prop_flat_map(|secs| (Just(secs), vec(wait(secs), 1..16))),
        pile in any_u64(),
        dust in 0..=1_u64,
    ) {
        let pile = pile.min(MAX - 16);
        let mut quiet = DividendStream::default();
        quiet.release(at(START), secs).unwrap();
        quiet.take_in(pile).unwrap();
        let mut dusty = quiet;
        let (mut now, mut rest, mut out) = (START, 0, 0_u64);
        for more in waits {
            now += more;
            rest += dusty.release(at(now), secs).unwrap();
            dusty.take_in(dust).unwrap();
            out += quiet.release(at(now), secs).unwrap();
            // The pile's part in what came out is whole: dust adds its own and less than a base unit a period.
            prop_assert!(rest >= out);
        }
        now += 2 * u64::from(secs);
        prop_assert_eq!(out + quiet.release(at(now), secs).unwrap(), pile);
    }

    #[test]
    fn who_stands_for_a_while_gets_its_part_of_what_that_while_lets_out(
        secs in secs(),
        (others, bought) in (any_u64(), positive_u64()),
        (before, after) in (vec((0..3_u64, any_u64()), 0..4), any_u64()),
        (arrives, stands) in (any_u64(), any_u64()),
    ) {
        let others = others.min(MAX - bought);
        let (mut index, mut rem, mut held) = ([0, 0], 0, 0_u64);
        let (mut stream, mut book, mut now) = (DividendStream::default(), Book::default(), START);
        let span = 3 * u64::from(secs);
        let (arrives, stands) = (arrives % span, stands % span);
        let settle = |stream: &mut DividendStream, now: u64, shares: u64, index: &mut [u64; 2], rem: &mut u64| {
            let out = stream.release(at(now), secs).unwrap();
            if shares == 0 {
                stream.take_in(out).unwrap();
                out
            } else {
                (*index, *rem) = add(*index, *rem, out, shares).unwrap();
                0
            }
        };
        for (periods, amount) in before {
            now += periods * u64::from(secs) / 2;
            let again = settle(&mut stream, now, others, &mut index, &mut rem);
            book.release(now, secs);
            book.take_in(now, secs, again);
            let amount = amount.min(MAX - held);
            stream.take_in(amount).unwrap();
            book.take_in(now, secs, amount);
            held += amount;
        }
        // It arrives, pulls what waits, and leaves.
        now += arrives;
        let again = settle(&mut stream, now, others, &mut index, &mut rem);
        book.release(now, secs);
        book.take_in(now, secs, again);
        let (seen, came, carried) = (index, now, rem);
        let amount = after.min(MAX - held);
        stream.take_in(amount).unwrap();
        book.take_in(now, secs, amount);
        now += stands;
        let all = others + bought;
        settle(&mut stream, now, all, &mut index, &mut rem);
        let (whole, frac) = accrued(index, seen, bought, 0).unwrap();

        // What every amount lets out in the seconds it stood, times the seconds of a period.
        let mut streamed = BigUint::ZERO;
        for (&period, &(amount, _)) in &book.entries {
            let starts = (period + 1) * u64::from(secs);
            let (from, to) = (came.max(starts), now.min(starts + u64::from(secs)));
            streamed += BigUint::from(amount) * to.saturating_sub(from);
        }
        let unit = BigUint::from(secs);
        let earned = ((BigUint::from(whole) << 64) + frac) * &unit * all;
        // Less than a base unit of the stream more, and what was carried over, nobody's and less than a base unit.
        let most = ((&streamed + &unit) << 64) + BigUint::from(carried) * &unit;
        prop_assert!(earned <= most * bought);
        // And no less than that, but for a base unit and what cannot be divided.
        let least = (&streamed << 64) + BigUint::from(carried) * &unit;
        let lost = ((&unit << 64) + &unit * all) * bought;
        prop_assert!(&earned + lost >= least * bought);
        // Who leaves in the second it came in gets nothing, whatever lies there.
        if stands == 0 {
            prop_assert!(whole == 0);
        }
    }

    #[test]
    fn splitting_what_comes_in_within_a_period_changes_nothing(
        secs in secs(),
        total in any_u64(),
        places in vec(any_u64(), 0..6),
        later in 0..4_u64,
    ) {
        let period = START / u64::from(secs);
        let mut at_once = DividendStream { period, ..DividendStream::default() };
        let mut in_parts = at_once;
        at_once.take_in(total).unwrap();
        for part in partition(total, &places) {
            in_parts.take_in(part).unwrap();
        }
        let now = at(START + later * u64::from(secs) / 2);
        prop_assert_eq!(at_once.release(now, secs), in_parts.release(now, secs));
        prop_assert_eq!(at_once, in_parts);
    }
}

#[test]
fn a_stream_by_hand() {
    let day = i64::from(DAY);
    let stream = |period, streaming, released, next| DividendStream {
        period,
        streaming,
        released,
        next,
    };
    for (before, now, out, after) in [
        // What came in during day 10 begins to stream with day 11 and is out with day 12.
        (stream(10, 0, 0, 100), 10 * day, 0, stream(10, 0, 0, 100)),
        (
            stream(10, 0, 0, 100),
            11 * day - 1,
            0,
            stream(10, 0, 0, 100),
        ),
        (stream(10, 0, 0, 100), 11 * day, 0, stream(11, 100, 0, 0)),
        (
            stream(10, 0, 0, 100),
            11 * day + day / 2,
            50,
            stream(11, 100, 50, 0),
        ),
        (
            stream(11, 100, 50, 7),
            12 * day - 1,
            49,
            stream(11, 100, 99, 7),
        ),
        (stream(11, 100, 99, 7), 12 * day, 1, stream(12, 7, 0, 0)),
        // The rest of the old and the part of the new one.
        (
            stream(11, 100, 20, 8),
            12 * day + day / 4,
            82,
            stream(12, 8, 2, 0),
        ),
        // Two periods on, all of it.
        (stream(11, 100, 20, 8), 13 * day, 88, stream(13, 0, 0, 0)),
        (stream(11, 100, 20, 8), 99 * day, 88, stream(99, 0, 0, 0)),
        // A clock that went back.
        (stream(11, 100, 20, 8), 10 * day, 0, stream(11, 100, 20, 8)),
        (stream(11, 100, 20, 8), 11 * day, 0, stream(11, 100, 20, 8)),
        // All there can be.
        (
            stream(11, MAX, 0, 0),
            12 * day - 1,
            MAX / 86_400 * 86_399 + MAX % 86_400 * 86_399 / 86_400,
            {
                stream(
                    11,
                    MAX,
                    MAX / 86_400 * 86_399 + MAX % 86_400 * 86_399 / 86_400,
                    0,
                )
            },
        ),
    ] {
        let mut moved = before;
        assert_eq!(moved.release(now, DAY), Some(out), "{before:?} at {now}");
        assert_eq!(moved, after, "{before:?} at {now}");
    }
}

#[test]
fn what_contradicts_itself_is_refused() {
    let mut stream = DividendStream::default();
    assert_eq!(stream.release(-1, DAY), None);
    assert_eq!(stream.release(0, 0), None);
    stream.take_in(MAX).unwrap();
    assert_eq!(stream.take_in(1), None);
    let over = DividendStream {
        streaming: 5,
        released: 6,
        ..DividendStream::default()
    };
    assert_eq!(over.unreleased(), None);
    assert_eq!({ over }.release(i64::from(DAY), DAY), None);
    let full = DividendStream {
        streaming: MAX,
        next: 1,
        ..DividendStream::default()
    };
    assert_eq!(full.unreleased(), None);
    assert_eq!({ full }.release(i64::from(2 * DAY), DAY), None);
}
