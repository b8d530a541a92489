//! What became of a buyer's run.

use {
    sluice_client::Address,
    std::{fmt, time::Duration},
};

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Every result is there.
    Done,
    /// It was cancelled.
    Cancelled,
    /// It did not begin: nothing on offer, or the budget is too small.
    TurnedAway,
}

/// A run that has ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// What became of it.
    pub outcome: Outcome,
    /// Index of the buyer's key.
    pub buyer: usize,
    /// Chunks, and how many results are there.
    pub chunks: usize,
    /// Results that are there, and true.
    pub results: usize,
    /// Base units that it cost.
    pub spent: u64,
    /// Kills.
    pub kills: u32,
    /// Times at which the command ended and could be resumed, without a kill.
    pub breaks: u32,
    /// Its jobs, where nothing was done to it: their windows have no excuse.
    pub calm: Vec<Address>,
    /// From its beginning until its money was back.
    pub took: Duration,
}

impl fmt::Display for Outcome {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::TurnedAway => "turned away",
        })
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            to,
            "{}: {} of {} results, {} base units, {} kills, {} breaks, {} s",
            self.outcome,
            self.results,
            self.chunks,
            self.spent,
            self.kills,
            self.breaks,
            self.took.as_secs()
        )
    }
}
