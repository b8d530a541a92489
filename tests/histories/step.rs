//! What can happen to reward pools, and to whom.

use sluice_client::RewardTerms;

/// The pools of a history, and the providers that its nodes belong to.
#[derive(Clone, Debug)]
pub struct Cast {
    /// Each pool's terms, and whether it is of the dividend mint.
    pub pools: Vec<(RewardTerms, bool)>,
    pub providers: usize,
    /// Every node's provider.
    pub nodes: Vec<usize>,
    /// Seconds from a commission's announcement to its beginning.
    pub notice: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Fund {
        pool: usize,
        amount: u64,
    },
    /// Work matures.
    Credit {
        node: usize,
        units: u64,
    },
    /// A provider announces the commission it will take.
    Announce {
        provider: usize,
        bps: u16,
    },
    /// A provider's delegators come or go.
    Stake {
        provider: usize,
        active: u64,
    },
    /// A node is registered anew, under the pools' set or another one.
    Register {
        node: usize,
        set: u8,
    },
    Join {
        pool: usize,
        node: usize,
    },
    Report {
        pool: usize,
        node: usize,
    },
    Claim {
        pool: usize,
        node: usize,
    },
    PayDelegators {
        pool: usize,
        node: usize,
    },
    Fold {
        pool: usize,
        node: usize,
        epoch: u64,
    },
    CloseEpoch {
        pool: usize,
        epoch: u64,
    },
    Return {
        pool: usize,
    },
    CloseShare {
        pool: usize,
        node: usize,
        by_payee: bool,
    },
    ClosePool {
        pool: usize,
    },
}

/// A step and its unix second.
pub type Event = (i64, Step);

/// The attester set that every pool pins.
pub const SET: u8 = 1;

impl Step {
    /// The pool that it touches.
    pub const fn pool(&self) -> Option<usize> {
        match *self {
            Self::Fund { pool, .. }
            | Self::Join { pool, .. }
            | Self::Report { pool, .. }
            | Self::Claim { pool, .. }
            | Self::PayDelegators { pool, .. }
            | Self::Fold { pool, .. }
            | Self::CloseEpoch { pool, .. }
            | Self::Return { pool }
            | Self::CloseShare { pool, .. }
            | Self::ClosePool { pool } => Some(pool),
            _ => None,
        }
    }
}
