//! Views of jobs: account bytes, a moment, and the figures that follow.

use {
    crate::{
        check, hash, job,
        json::{hex, object, record},
        key,
    },
    anchor_lang::Discriminator,
    bytemuck::Zeroable,
    serde_json::Value,
    sluice::state::RingEntry,
    sluice_client::{
        Job, Terms,
        view::job::{JobView, pays_for},
    },
};

record! {
    JobView {
        earned, owed, owed_treasury, owed_attesters, pending, pending_dates, frozen, refundable, at_risk, paid_until,
        settles_at, uncredited, faulted, owes_nothing,
    }
}

const START: i64 = 1_700_000_000;

/// Small numbers that follow from a name.
struct Draw([u8; 32], usize);

impl Draw {
    fn below(&mut self, bound: u64) -> u64 {
        self.1 += 1;
        let [first, second, ..] = hash(&format!("{:?} {}", self.0, self.1));
        u64::from(u16::from_le_bytes([first, second])) % bound
    }
}

/// A job that has been proven, matured, challenged and paid in part, with its last window cut short or not.
fn drawn(seed: u64) -> (Job, i64) {
    let mut draw = Draw(hash(&format!("job {seed}")), 0);
    let mut job = job::job(&key("job"));
    job.terms.price = 1 + draw.below(20_000);
    job.terms.per = 1 + draw.below(9);
    job.terms.cap = 1 + draw.below(200);
    job.terms.grace_secs = 1_800 * u32::try_from(1 + draw.below(5)).unwrap();
    job.terms.challenge_secs = 3_600 * u32::try_from(draw.below(5)).unwrap();
    job.terms.fault_windows = 1 + u32::try_from(draw.below(4)).unwrap();
    (job.fee_bps, job.attestation_bps) = (250, if seed.is_multiple_of(3) { 0 } else { 137 });
    job.start_at = START;
    job.length_secs = 7_000 + 2 * draw.below(60_000);
    job.end_at = START + i64::try_from(job.length_secs).unwrap();
    job.state = [1, 0, 1, 1, 1, 1, 1, 2][usize::try_from(seed % 8).unwrap()];
    // Every second one at a moment when something falls due.
    let step = if seed.is_multiple_of(2) { 1_800 } else { 1 };
    let after = draw.below(65_000) + job.length_secs * draw.below(2);
    let now = START + i64::try_from(after - after % step).unwrap();
    job.fund(draw.below(60_000) * (1 + draw.below(200)))
        .unwrap();
    let ended = u32::try_from((now - START) / 3_600).unwrap();
    for window in 0..ended.min(job.schedule().windows().unwrap()) {
        let room = job.units_funded - job.units_counted().unwrap();
        let units = draw
            .below(job.schedule().cap_of(window).unwrap() + 1)
            .min(room);
        let pending = job.state == 1 && window + 8 > ended;
        let chance = draw.below(4);
        if chance == 0 {
            continue;
        }
        let slot = &mut job.ring[usize::try_from(window % 16).unwrap()];
        *slot = RingEntry {
            units: if pending && chance > 1 { units } else { 0 },
            window_plus_one: window + 1,
            signers: 3,
            reserve: [0; 2],
            statement: [0; 24],
        };
        job.last_proven = window + 1;
        match chance {
            1 if pending => job.units_frozen += units,
            _ if pending => job.units_pending += units,
            // Some of what matured was cosigned.
            _ if seed.is_multiple_of(5) && window.is_multiple_of(2) => {
                let before = job.terms.gross(job.units_matured).unwrap();
                job.units_matured += units;
                job.gross_cosigned += job.terms.gross(job.units_matured).unwrap() - before;
            }
            _ => {
                job.units_matured += units;
                job.quorum_matured += units;
            }
        }
    }
    let earned = job.earned().unwrap();
    let (left, all) = (job.refundable(now).unwrap(), job.state == 2);
    job.paid = earned.provider / if all { 1 } else { 2 };
    job.swept_treasury = earned.treasury;
    job.swept_attesters = if all { earned.attesters } else { 0 };
    job.counts = u8::from(draw.below(4) > 0);
    job.quorum_credited = job.creditable().unwrap() / 3;
    job.refunded = left / if all { 1 } else { 1 + draw.below(3) };
    (job, now)
}

/// Moments at which something falls due, and those just before: three windows and a half, of which the third and the cut one
/// are proven and pend.
fn at_edges() -> Vec<(Job, i64)> {
    let mut job = job::job(&key("job"));
    job.terms.grace_secs = 9_000;
    job.fund(5_000_000).unwrap();
    (job.start_at, job.end_at) = (START, START + 3 * 3_600 + 1_800);
    (job.fee_bps, job.attestation_bps, job.state) = (250, 100, 1);
    for (window, units) in [(2u32, 100), (3, 37)] {
        job.ring[usize::try_from(window).unwrap()] = RingEntry {
            units,
            window_plus_one: window + 1,
            signers: 3,
            reserve: [0; 2],
            statement: [0; 24],
        };
        (job.units_pending, job.last_proven) = (job.units_pending + units, window + 1);
    }
    let grace = i64::from(job.terms.grace_secs);
    let ends = START + 4 * 3_600;
    let open = Job {
        state: 0,
        ..Job {
            ring: Job::zeroed().ring,
            units_pending: 0,
            last_proven: 0,
            ..job
        }
    };
    let never_began = Job {
        end_at: START - 5,
        ..Job { state: 1, ..open }
    };
    // Of the windows past their grace, the last `fault_windows` are unproven, or one fewer.
    let silent = |last_proven| Job {
        last_proven,
        ..Job { state: 1, ..open }
    };
    let past = START + 3 * 3_600 + grace;
    let moments = [
        (job, ends),
        (job, ends - 1),
        (job, ends + grace),
        (job, ends + grace - 1),
        (job, ends - 3_600 + job.terms.maturity_secs()),
        (job, ends + job.terms.maturity_secs()),
        (job, ends + job.terms.maturity_secs() - 1),
        (open, open.end_at),
        (open, open.end_at - 1),
        (never_began, START),
        (silent(1), past),
        (silent(2), past),
        (silent(1), past - 1),
    ];
    moments.into()
}

#[test]
fn jobs_come_to_this() {
    let moments = (0..32).map(drawn).chain(at_edges());
    let cases = moments.map(|(job, now)| {
        let view = JobView::of(&job, now).unwrap();
        let data = [Job::DISCRIMINATOR, bytemuck::bytes_of(&job)].concat();
        object([("data", &hex(&data)), ("now", &now), ("view", &view)])
    });
    check("figures", &cases.collect::<Value>());
}

#[test]
fn deposits_pay_for_so_long() {
    let cases = (0..24).map(|seed| {
        let mut draw = Draw(hash(&format!("deposit {seed}")), 0);
        let mut terms = Terms::zeroed();
        // The first ones have no price or no cap.
        terms.price = draw.below(20_000) * u64::from(seed != 0);
        terms.per = 1 + draw.below(9);
        terms.cap = draw.below(200) * u64::from(seed != 1);
        terms.window_secs = 60 * u32::try_from(1 + draw.below(20)).unwrap();
        let length = draw.below(60_000) * draw.below(60);
        // Some buy more units than 64 bits count.
        let funds = match seed % 8 {
            7 => u64::MAX - draw.below(9),
            _ => draw.below(60_000) * (1 + draw.below(2_000)),
        };
        object([
            ("price", &terms.price),
            ("per", &terms.per),
            ("cap", &terms.cap),
            ("window_secs", &terms.window_secs),
            ("funds", &funds),
            ("length_secs", &length),
            ("secs", &pays_for(&terms, funds, length)),
        ])
    });
    check("deposits", &cases.collect::<Value>());
}
