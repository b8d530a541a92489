//! What jobs come to: account bytes and a moment, and the view of them.

use {
    crate::{
        check, hash, job,
        json::{hex, object, record},
        key,
    },
    anchor_lang::Discriminator,
    serde_json::Value,
    sluice::state::RingEntry,
    sluice_client::{Job, job_view::JobView},
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
    job.terms.challenge_secs = 3_600 * u32::try_from(draw.below(5)).unwrap();
    job.terms.fault_windows = 1 + u32::try_from(draw.below(4)).unwrap();
    (job.fee_bps, job.attestation_bps) = (250, if seed.is_multiple_of(3) { 0 } else { 137 });
    job.start_at = START;
    job.length_secs = 7_000 + draw.below(60_000);
    job.end_at = START + i64::try_from(job.length_secs).unwrap();
    job.state = [1, 0, 1, 1, 1, 1, 1, 2][usize::try_from(seed % 8).unwrap()];
    let now = START + i64::try_from(draw.below(90_000)).unwrap();
    job.fund(draw.below(60_000) * (1 + draw.below(200)))
        .unwrap();
    let ended = u32::try_from((now.min(job.end_at) - START) / 3_600).unwrap();
    for window in 0..ended {
        let units = draw
            .below(job.terms.cap + 1)
            .min(job.units_funded - job.units_counted().unwrap());
        let slot = &mut job.ring[usize::try_from(window % 16).unwrap()];
        let pending = job.state == 1 && window + 8 > ended;
        *slot = RingEntry {
            units: if pending { units } else { 0 },
            window_plus_one: window + 1,
            signers: 3,
            reserve: [0; 2],
            statement: [0; 16],
        };
        match draw.below(4) {
            0 => *slot = bytemuck::Zeroable::zeroed(),
            1 if pending => (slot.units, job.units_frozen) = (0, job.units_frozen + units),
            _ if pending => job.units_pending += units,
            _ => {
                (job.units_matured, job.quorum_matured) =
                    (job.units_matured + units, job.quorum_matured + units)
            }
        }
        if slot.window_plus_one != 0 {
            job.last_proven = window + 1;
        }
    }
    let earned = job.earned().unwrap();
    let (left, all) = (job.refundable(now).unwrap(), job.state == 2);
    job.paid = earned.provider / if all { 1 } else { 2 };
    job.swept_treasury = earned.treasury;
    job.swept_attesters = if all { earned.attesters } else { 0 };
    job.quorum_credited = job.quorum_matured / 3;
    job.refunded = left / if all { 1 } else { 1 + draw.below(3) };
    (job, now)
}

#[test]
fn jobs_come_to_this() {
    let cases = (0..32).map(|seed| {
        let (job, now) = drawn(seed);
        let view = JobView::of(&job, now).unwrap();
        let data = [Job::DISCRIMINATOR, bytemuck::bytes_of(&job)].concat();
        object([("data", &hex(&data)), ("now", &now), ("view", &view)])
    });
    check("figures", &cases.collect::<Value>());
}
