//! The steps of windows: proven, challenged and ruled on.

use {
    super::{
        super::{
            actions,
            model::{Phase, Proven},
            places::*,
        },
        Course, LAST, Overflow,
    },
    crate::pick::Pick,
};

impl Course {
    /// Moves the clock to, or a second beside, one of the dates of a window.
    pub(super) fn wait_for_a_window(&mut self, pick: &mut Pick) {
        let window = self.window(pick);
        let terms = self.model.opening.terms;
        let date = self.model.end_of(window).map(|end| {
            let after = match pick.below(5) {
                0 => 0,
                1 => i64::from(terms.grace_secs),
                2 => terms.maturity_secs(),
                3 => terms.maturity_secs() + i64::from(terms.ruling_secs) / 2,
                _ => terms.maturity_secs() + i64::from(terms.ruling_secs),
            };
            end + i128::from(after) + i128::from(pick.below(3)) - 1
        });
        let date =
            date.unwrap_or_else(|| i128::from(self.job.end_at) + i128::from(pick.below(3)) - 1);
        self.wait(i64::try_from(date).unwrap_or(LAST));
    }

    /// A window: one of the next or the latest few, or any.
    fn window(&self, pick: &mut Pick) -> u32 {
        let since = self.now.saturating_sub(self.job.start_at).max(0);
        let current = since / i64::from(self.job.terms.window_secs);
        let window = match pick.below(4) {
            0 => current,
            1 => current - 1 - i64::from(pick.below(20)),
            2 => current + i64::from(pick.below(20)),
            _ => i64::try_from(pick.wide()).unwrap_or(i64::MAX),
        };
        u32::try_from(window.max(0)).unwrap_or(u32::MAX)
    }

    pub(super) fn prove(&mut self, pick: &mut Pick, signers: u16) {
        let window = self.window(pick);
        let units = pick.wide();
        // An instruction matures first; what it refuses then is as if it had not.
        self.model.mature(self.now);
        let expected = self.model.claim(self.now, window, units);
        let accepted = self.send(Overflow::IsAFault, |job, now| {
            actions::prove(job, now, window, units, signers)
        });
        assert_eq!(accepted, expected);
        let Some(units) = accepted else {
            return self.mature();
        };
        let quorum = signers != 0;
        let place = match (units, quorum) {
            (0, _) => &HEARTBEAT,
            (_, true) => &PROVEN,
            (_, false) => &COSIGNED,
        };
        place.reach();
        let phase = if quorum {
            Phase::Pending
        } else {
            Phase::Matured
        };
        self.model.add(Proven {
            window,
            units,
            quorum,
            phase,
        });
    }

    pub(super) fn challenge(&mut self, pick: &mut Pick) {
        let window = self.window(pick);
        let expected = self.model.is_challengeable(self.now, window);
        let entry = self.send(Overflow::IsAFault, |job, now| {
            actions::challenge(job, now, window)
        });
        assert_eq!(entry.is_some(), expected);
        let Some(entry) = entry else { return };
        CHALLENGED.reach();
        for proven in &mut self.model.proven {
            if proven.window == window {
                assert_eq!(proven.units, entry.units);
                proven.phase = Phase::Frozen;
            }
        }
    }

    /// Rules the oldest challenge, as soon as it may be ruled.
    pub(super) fn rule(&mut self, pick: &mut Pick) {
        let frozen = |proven: &&mut Proven| proven.phase == Phase::Frozen;
        let window = self.model.proven.iter_mut().find(frozen);
        let Some(window) = window.map(|proven| proven.window) else {
            return;
        };
        let Some((from, until)) = self.model.ruling_of(window) else {
            return;
        };
        self.wait(i64::try_from(from).unwrap_or(LAST));
        if i128::from(self.now) >= from {
            let upheld = pick.below(2) == 0 || i128::from(self.now) >= until;
            self.ruled(window, upheld);
        }
    }

    pub(super) fn ruled(&mut self, window: u32, upheld: bool) {
        let found = self
            .model
            .proven
            .iter()
            .find(|proven| proven.window == window);
        let units = found.map_or(0, |proven| proven.units);
        let done = self.send(Overflow::IsAFault, |job, _| {
            actions::rule(job, window, units, upheld)
        });
        assert!(done.is_some());
        let (place, phase) = match upheld {
            true => (&UPHELD, Phase::Matured),
            false => (&VOID, Phase::Void),
        };
        place.reach();
        for proven in &mut self.model.proven {
            if proven.window == window {
                proven.phase = phase;
            }
        }
    }
}
