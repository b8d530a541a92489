//! Which permissionless steps are due: what anybody may send now, by noun, and what comes later.
//!
//! Nothing here reads a chain. A function takes decoded accounts and a unix time and returns [`Due`]: typed steps in the order in
//! which to send them. A step knows its name, its amount and its recipient, and builds its instruction. Where a step of a list
//! fails, the others can still be sent. A step that [ends](job::Step::ends) an account waits for the rest: read the
//! account again after them.
//!
//! Who turns the crank of a whole network does it in this order:
//!
//! 1. [`offer`]: an offer that is over hangs on nothing, and nothing hangs on it.
//! 2. [`challenge`], before jobs: a ruling sets held units free. The job then pays them, is released and closes in the same turn.
//! 3. [`job`], before rewards: a credit moves units to a node, and a report counts what the node has.
//! 4. [`rewards`], before stake pools: a share's delegators are paid by a dividend of a stake pool.
//! 5. [`stake`], last: what was slashed above burns, and what was given above streams.

pub mod challenge;
pub mod job;
pub mod offer;
pub mod rewards;
pub mod stake;

use solana_address::Address;

/// What is due of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due<S> {
    /// What can be sent now, in this order.
    pub steps: Vec<S>,
    /// What can be sent later if nothing happens until then.
    pub later: Vec<Later<S>>,
}

/// A step that nobody can send yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Later<S> {
    /// What can be sent then.
    pub step: S,
    /// The first second in which it is due, unix seconds.
    pub at: i64,
}

/// Tokens that a step moves to an account of their owner's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Base units.
    pub amount: u64,
    /// Whose associated token account is paid.
    pub to: Address,
}

impl Payment {
    /// The payment, unless it is of nothing: then it needs no account.
    const fn of_something(self) -> Option<Self> {
        match self.amount {
            0 => None,
            _ => Some(self),
        }
    }
}

impl<S> Default for Due<S> {
    fn default() -> Self {
        Self {
            steps: vec![],
            later: vec![],
        }
    }
}

impl<S> Due<S> {
    /// Adds a step that is due from the second `at` on.
    fn add(&mut self, step: S, at: i64, now: i64) {
        if now >= at {
            self.steps.push(step);
        } else {
            self.later.push(Later { step, at });
        }
    }

    /// One step that is due from the second `at` on.
    fn from(step: S, at: i64, now: i64) -> Self {
        let mut due = Self::default();
        due.add(step, at, now);
        due
    }

    /// Steps that are due now.
    fn now(steps: impl IntoIterator<Item = S>) -> Self {
        Self {
            steps: steps.into_iter().collect(),
            later: vec![],
        }
    }
}
