//! When dividends count: what comes in during one period streams out through the next one.
//!
//! Periods are absolute: a second belongs to period `floor(second / period_secs)`. All that came in during period `p` is
//! one amount `S`, and by second `x` of period `p + 1` the stream has let out `floor(S * x / period_secs)` of it,
//! whatever came in meanwhile and however often somebody asked. A holder of shares gets a part of what streams while it
//! holds them, not of what lies in the vault:
//!
//! - Nothing restarts or stretches a stream, so an addition of dust delays nothing. What comes in waits one period at
//!   most, and is out after two.
//! - No rate is stored, so none is truncated: one period lets out all of `S`.
//! - In `t` seconds of one period a stream lets out at most `S * t / period_secs` and less than one base unit more. Across
//!   the end of a period that holds for the sum of both, since the first one ends without a remainder.
//!
//! A caller that calls [`DividendStream::release`] before each change of shares, and divides what it returns among the
//! shares there were, gives every share its part of every second. What comes out while there are no shares comes in
//! again.

use crate::stream::{epoch_of, streamed};

/// What a pool holds back of its dividends, base units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DividendStream {
    /// The period that `streaming` streams through, counted from 1970. Means nothing while there is nothing to stream.
    pub period: u64,
    /// All that came in during the period before.
    pub streaming: u64,
    /// The part of `streaming` that the stream has let out.
    pub released: u64,
    /// What came in since. It streams through the next period.
    pub next: u64,
}

impl DividendStream {
    /// True when there is nothing to let out, now or later, unless something comes in.
    pub const fn is_idle(&self) -> bool {
        self.streaming == 0 && self.next == 0
    }

    /// What has come in and has not been let out.
    ///
    /// `None` if it does not fit `u64`, which it does while all of it lies in one vault.
    pub fn unreleased(&self) -> Option<u64> {
        self.streaming
            .checked_sub(self.released)?
            .checked_add(self.next)
    }

    /// Moves on to second `now` and returns what the stream lets out on the way. Never takes anything back: a `now` before
    /// the last one lets out nothing.
    ///
    /// `None` if `now` lies before 1970, `period_secs` is zero, or the amount does not fit `u64`, which it does while all of
    /// it lies in one vault.
    pub fn release(&mut self, now: i64, period_secs: u32) -> Option<u64> {
        let (period, elapsed) = epoch_of(now, 0, period_secs)?;
        let mut out = 0_u64;
        if period > self.period {
            out = self.streaming.checked_sub(self.released)?;
            let follows = period.checked_sub(1)? == self.period;
            self.streaming = if follows { self.next } else { 0 };
            if !follows {
                out = out.checked_add(self.next)?;
            }
            (self.period, self.released, self.next) = (period, 0, 0);
        }
        if period == self.period {
            let by_now = streamed(self.streaming, elapsed, u64::from(period_secs))?;
            out = out.checked_add(by_now.saturating_sub(self.released))?;
            self.released = by_now.max(self.released);
        }
        Some(out)
    }

    /// Takes in `amount`, after a [`release`](Self::release) at the same second.
    ///
    /// `None` if what waits does not fit `u64`, which it does while all of it lies in one vault.
    pub fn take_in(&mut self, amount: u64) -> Option<()> {
        self.next = self.next.checked_add(amount)?;
        Some(())
    }
}
