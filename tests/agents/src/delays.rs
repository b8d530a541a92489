//! How long proofs are awaited.

use std::fmt;

/// Seconds from the ends of windows to their proofs, by the clock of the chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delays(Vec<u64>);

impl Delays {
    /// The least number of seconds within which at least `percent` of all windows were proven; `None` without windows.
    pub fn within(&self, percent: usize) -> Option<u64> {
        let rank = self.0.len().checked_mul(percent)?.div_ceil(100);
        self.0.get(rank.saturating_sub(1)).copied()
    }
}

impl FromIterator<u64> for Delays {
    fn from_iter<I: IntoIterator<Item = u64>>(delays: I) -> Self {
        let mut delays: Vec<_> = delays.into_iter().collect();
        delays.sort_unstable();
        Self(delays)
    }
}

/// As people read it. Blocks tell whole seconds, so each number is up to a second off.
impl fmt::Display for Delays {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [half, most, all] = [50, 95, 100].map(|percent| self.within(percent));
        let (Some(half), Some(most), Some(all)) = (half, most, all) else {
            return to.write_str("no window of honest workers is proven");
        };
        write!(
            to,
            "{} windows of honest workers, seconds from the end to the proof in whole ones: median {half}, 95% within {most}, longest {all}",
            self.0.len()
        )
    }
}
