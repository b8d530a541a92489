//! Substitutions that succeed, each with the reason why nobody is harmed.

use crate::{bend::Kind, outcome::Outcome};

/// Instructions in which these substitutions of an account succeed, with this outcome each time.
#[derive(Debug)]
pub struct Harmless {
    pub instructions: &'static [&'static str],
    pub account: &'static str,
    pub kinds: &'static [Kind],
    pub outcome: Outcome,
    pub reason: &'static str,
}

/// The list. An entry that does not occur any more fails the tests.
pub const ALL: &[Harmless] = &[];

impl Harmless {
    /// Every instruction with every kind.
    pub fn uses(&self) -> impl Iterator<Item = (&'static str, Kind)> {
        let instructions = self.instructions.iter();
        instructions.flat_map(move |name| self.kinds.iter().map(move |kind| (*name, *kind)))
    }
}

/// The entry of a substitution and its place in the list.
pub fn entry(instruction: &str, account: &str, kind: Kind) -> Option<(usize, &'static Harmless)> {
    ALL.iter().enumerate().find(|(_, entry)| {
        entry.instructions.contains(&instruction)
            && entry.account == account
            && entry.kinds.contains(&kind)
    })
}
