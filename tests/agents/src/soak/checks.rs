//! What is held, counted: a check that stops checking shows here.

use {
    anyhow::{Result, bail, ensure},
    std::{collections::BTreeMap, fmt::Debug},
};

/// Checks made, by what they are about.
#[derive(Clone, Debug, Default)]
pub struct Checks {
    made: BTreeMap<&'static str, u64>,
}

impl Checks {
    /// Holds that something is so.
    ///
    /// # Errors
    /// With `what` where it is not.
    pub fn holds(
        &mut self,
        about: &'static str,
        is_so: bool,
        what: impl FnOnce() -> String,
    ) -> Result<()> {
        self.count(about);
        ensure!(is_so, "{about}: {}", what());
        Ok(())
    }

    /// Holds that two are the same.
    ///
    /// # Errors
    /// With `what` and both where they are not.
    pub fn same<T: PartialEq + Debug>(
        &mut self,
        about: &'static str,
        found: &T,
        wanted: &T,
        what: impl FnOnce() -> String,
    ) -> Result<()> {
        self.count(about);
        if found != wanted {
            bail!("{about}: {}: {found:?}, and not {wanted:?}", what());
        }
        Ok(())
    }

    fn count(&mut self, about: &'static str) {
        let made = self.made.entry(about).or_default();
        *made = made.saturating_add(1);
    }

    /// How many of each.
    pub const fn made(&self) -> &BTreeMap<&'static str, u64> {
        &self.made
    }

    /// How many in all.
    pub fn sum(&self) -> u64 {
        self.made.values().sum()
    }
}
