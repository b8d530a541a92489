//! Counters of a challenge.

use {
    super::{count, mask},
    crate::reference::{Challenge, disputes::Dispute},
};

/// Fields of a `Challenge`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChallengeCounters {
    pub units: u64,
    pub bond: u64,
    pub slashed: u64,
    pub rule_from: i64,
    pub rule_until: i64,
    /// 0 before the ruling.
    pub ruled_at: i64,
    pub pieces: u32,
    /// Members still answerable.
    pub signers: u16,
    pub reason: u16,
    pub ruling_reason: u16,
    /// 0 open, 1 upheld, 2 void.
    pub verdict: u8,
}

impl ChallengeCounters {
    /// What `challenge` stores.
    pub fn of(challenge: &Challenge) -> Self {
        let ruled = challenge.ruled.as_ref();
        Self {
            units: challenge.units,
            bond: challenge.bond,
            slashed: ruled.map_or(0, |ruled| ruled.slashed),
            rule_from: challenge.rule_from,
            rule_until: challenge.rule_until,
            ruled_at: ruled.map_or(0, |ruled| ruled.at),
            pieces: count(challenge.evidence.iter()),
            signers: mask(&challenge.answerable()),
            reason: challenge.reason,
            ruling_reason: ruled.map_or(0, |ruled| ruled.ruling.reason),
            verdict: match challenge.verdict() {
                Dispute::Open => 0,
                Dispute::Upheld => 1,
                Dispute::Void => 2,
                Dispute::Lapsed => 3,
            },
        }
    }
}
