//! What the buyer's key paid beside tokens.

use {
    super::json,
    serde::Serialize,
    sluice_client::{Address, ledger::history::Past},
};

/// Lamports of the buyer's key. Accounts of jobs and challenges whose rent others pay are not among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Lamports {
    /// Fees of transactions: those that the run sent, failed ones too, and those of the jobs' history.
    #[serde(serialize_with = "json::text")]
    pub fees: u64,
    /// Of all jobs.
    pub rent: Rent,
}

/// Lamports in accounts, which come back when these close.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rent {
    /// Put in when accounts were opened.
    #[serde(serialize_with = "json::text")]
    pub locked: u64,
    /// Got out when they closed, with whatever somebody gave them.
    #[serde(serialize_with = "json::text")]
    pub returned: u64,
}

impl Rent {
    /// Takes in what the transaction did to the accounts.
    pub(super) fn take(&mut self, past: &Past, accounts: &[Address]) {
        for change in accounts.iter().filter_map(|one| past.lamports_of(one)) {
            let (before, after) = (change.before, change.after);
            self.locked = self.locked.saturating_add(after.saturating_sub(before));
            self.returned = self.returned.saturating_add(before.saturating_sub(after));
        }
    }

    /// With another's. Lamports never come to 64 bits.
    pub(super) const fn plus(&self, other: &Self) -> Self {
        Self {
            locked: self.locked.saturating_add(other.locked),
            returned: self.returned.saturating_add(other.returned),
        }
    }
}
