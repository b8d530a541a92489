//! The windows of a job: when each starts and closes, and how many units it may carry.
//!
//! Positions are computed as unsigned distances from the start, which always fit `u64`, so a function
//! fails only when its *result* does not exist.

use crate::wide::mul_div_floor;

/// The timetable of a job. Window `w` covers `[start_at + w * window_secs, start_at + (w + 1) * window_secs)`
/// and belongs to the job if it starts before `end_at`; the last one may be cut short by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Start of window 0, in Unix seconds.
    pub start_at: i64,
    /// End of the job, in Unix seconds; it may fall inside a window or before the start.
    pub end_at: i64,
    /// Length of a window in seconds; not zero.
    pub window_secs: u32,
    /// Units a whole window may carry.
    pub cap: u64,
}

impl Schedule {
    /// When window `w` starts, in Unix seconds; exact, whether or not the job reaches it.
    ///
    /// `None` if that does not fit `i64`.
    pub fn window_start(&self, w: u32) -> Option<i64> {
        self.start_at
            .checked_add_unsigned(self.offset(u64::from(w)))
    }

    /// When window `w` ends, in Unix seconds, not cut by `end_at`; exact.
    ///
    /// `None` if that does not fit `i64`.
    pub fn window_end(&self, w: u32) -> Option<i64> {
        self.start_at
            .checked_add_unsigned(self.offset(u64::from(w).wrapping_add(1)))
    }

    /// How many windows start before `end_at`, the cut one included; 0 if the job ends at or before its start.
    ///
    /// `None` if `window_secs` is zero or the count does not fit `u32`.
    pub fn windows(&self) -> Option<u32> {
        let window = self.window()?;
        u32::try_from(self.length().div_ceil(window)).ok()
    }

    /// How many windows end at or before `at`, and not after the end of the job: none of these is cut.
    ///
    /// `None` if `window_secs` is zero or the count does not fit `u32`.
    pub fn whole_windows(&self, at: i64) -> Option<u32> {
        let passed = distance(self.start_at, at.min(self.end_at));
        u32::try_from(passed.checked_div(self.window()?)?).ok()
    }

    /// Units window `w` may carry: `cap`; for the window `end_at` cuts, `cap` times the part of it before
    /// `end_at`, rounded down; 0 for a window that starts at or after `end_at`.
    ///
    /// `None` if `window_secs` is zero.
    pub fn cap_of(&self, w: u32) -> Option<u64> {
        let window = self.window()?;
        let left = self.left_at(w);
        if left >= window {
            return Some(self.cap);
        }
        mul_div_floor(self.cap, left, window)
    }

    /// Units window `w` and all after it may carry: the sum of [`Self::cap_of`], in closed form.
    ///
    /// It never grows with `w` and never falls as `end_at` moves later. `None` if `window_secs` is zero or
    /// the sum does not fit `u64`.
    pub fn caps_from(&self, w: u32) -> Option<u64> {
        let window = self.window()?;
        let left = self.left_at(w);
        let whole = left.checked_div(window)?.checked_mul(self.cap)?;
        let cut = mul_div_floor(self.cap, left.checked_rem(window)?, window)?;
        whole.checked_add(cut)
    }

    /// The first window that is not past its grace at `now`: the smallest `w` with
    /// `window_end(w) + grace_secs > now`, whether or not the job reaches it. All before it are closed.
    ///
    /// `None` if `window_secs` is zero or the number does not fit `u32`.
    pub fn first_open(&self, now: i64, grace_secs: u32) -> Option<u32> {
        let closed_for = distance(self.start_at, now).saturating_sub(u64::from(grace_secs));
        u32::try_from(closed_for.checked_div(u64::from(self.window_secs))?).ok()
    }

    /// When the last window's grace ends, in Unix seconds: from then on nothing more can be proven. A job
    /// without windows gives `end_at`.
    ///
    /// `None` if `window_secs` is zero, or the count of windows or the time does not fit.
    pub fn all_closed_at(&self, grace_secs: u32) -> Option<i64> {
        match self.windows()?.checked_sub(1) {
            None => Some(self.end_at),
            Some(last) => self.window_end(last)?.checked_add(i64::from(grace_secs)),
        }
    }

    /// Until when `units_funded` pays for a job that fills every window, in Unix seconds: whole windows
    /// only (rounded down), and never past `end_at`.
    ///
    /// `None` if `cap` is zero.
    pub fn paid_until(&self, units_funded: u64) -> Option<i64> {
        // Where this saturates, the true time is past any i64, hence past end_at.
        let paid_secs = units_funded
            .checked_div(self.cap)?
            .saturating_mul(u64::from(self.window_secs));
        Some(
            self.start_at
                .saturating_add_unsigned(paid_secs)
                .min(self.end_at),
        )
    }

    /// Length of a window in seconds; `None` if it is zero.
    fn window(&self) -> Option<u64> {
        Some(u64::from(self.window_secs)).filter(|secs| *secs != 0)
    }

    /// Seconds from the start to the start of window `w`, for `w <= 2^32`: at most 2^32 * (2^32 - 1).
    fn offset(&self, w: u64) -> u64 {
        w.wrapping_mul(u64::from(self.window_secs))
    }

    /// Seconds from the start to `end_at`; 0 if it is not after the start.
    fn length(&self) -> u64 {
        distance(self.start_at, self.end_at)
    }

    /// Seconds from the start of window `w` to `end_at`; 0 if it is not after it.
    fn left_at(&self, w: u32) -> u64 {
        self.length().saturating_sub(self.offset(u64::from(w)))
    }
}

/// Seconds from `from` to `to`; 0 if `to` is earlier. Any two `i64` are less than 2^64 apart.
fn distance(from: i64, to: i64) -> u64 {
    to.max(from).abs_diff(from)
}
