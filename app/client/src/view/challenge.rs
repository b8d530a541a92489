//! Where a challenge stands at one moment, from one read of its account.

use {
    sluice::{
        constants::SIGNER_SLASH_SECS,
        state::{AttesterSet, Challenge, Verdict},
    },
    solana_address::Address,
};

/// What comes next for a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Evidence is added; the resolver rules later.
    Wait,
    /// The resolver rules.
    Rule,
    /// Anyone upholds.
    Uphold,
    /// Anyone slashes the signers that are left.
    SlashSigners,
    /// Anyone settles.
    Settle,
}

impl Step {
    /// The step that is due at `now`.
    pub fn of(challenge: &Challenge, now: i64) -> Self {
        if challenge.verdict != Verdict::Open.byte() {
            if challenge.is_over(now) {
                Self::Settle
            } else {
                Self::SlashSigners
            }
        } else if now >= challenge.rule_until {
            Self::Uphold
        } else if now >= challenge.rule_from {
            Self::Rule
        } else {
            Self::Wait
        }
    }

    /// The step in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wait => "evidence is added, the resolver rules later",
            Self::Rule => "the resolver rules",
            Self::Uphold => "anyone upholds it",
            Self::SlashSigners => "anyone slashes the signers left",
            Self::Settle => "anyone settles it",
        }
    }
}

/// When a ruled challenge can be settled whoever is still to be slashed.
pub const fn settles_at_latest(challenge: &Challenge) -> i64 {
    challenge.ruled_at.saturating_add(SIGNER_SLASH_SECS)
}

/// Index and key of the members that signed the window; after the ruling, of those still to be slashed.
pub fn signers(challenge: &Challenge, set: &AttesterSet) -> Vec<(u8, Address)> {
    (0u8..)
        .zip(set.keys.iter().take(usize::from(set.count)))
        .filter(|(index, _)| challenge.signers >> index & 1 == 1)
        .map(|(index, key)| (index, *key))
        .collect()
}

/// A verdict's name.
pub const fn verdict_name(challenge: &Challenge) -> &'static str {
    if challenge.verdict == Verdict::Open.byte() {
        "open"
    } else if challenge.verdict == Verdict::Upheld.byte() {
        "upheld"
    } else if challenge.verdict == Verdict::Void.byte() {
        "void"
    } else {
        "lapsed"
    }
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable};

    #[test]
    fn each_step_begins_at_its_second() {
        let mut challenge = Challenge {
            rule_from: 100,
            rule_until: 200,
            signers: 0b101,
            ..Challenge::zeroed()
        };
        for (now, step) in [
            (99, Step::Wait),
            (100, Step::Rule),
            (199, Step::Rule),
            (200, Step::Uphold),
        ] {
            assert_eq!(Step::of(&challenge, now), step, "{now}");
        }
        challenge.verdict = Verdict::Void.byte();
        challenge.ruled_at = 150;
        let last = settles_at_latest(&challenge);
        assert_eq!(Step::of(&challenge, last - 1), Step::SlashSigners);
        assert_eq!(Step::of(&challenge, last), Step::Settle);
        let set = AttesterSet {
            count: 3,
            ..AttesterSet::zeroed()
        };
        let indices = |challenge| signers(challenge, &set).into_iter().map(|(index, _)| index);
        assert_eq!(indices(&challenge).collect::<Vec<_>>(), [0, 2]);
        challenge.signers = 0;
        assert_eq!(Step::of(&challenge, 150), Step::Settle);
    }
}
