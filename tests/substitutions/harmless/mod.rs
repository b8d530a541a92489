//! Substitutions that succeed, each with the reason why nobody is harmed.

mod dispute;
mod job;
mod market;
mod network;
mod purse;
mod registry;
mod rewards;
mod stake;

use crate::{bend::Kind, outcome::Outcome};

/// Scenes in which these substitutions of an account succeed, with this outcome each time.
#[derive(Debug)]
pub struct Harmless {
    pub scenes: &'static [&'static str],
    pub account: &'static str,
    pub kinds: &'static [Kind],
    pub outcome: Outcome,
    pub reason: &'static str,
}

/// Whoever signs, and wallets that need not.
const ANYBODY: &[Kind] = &[
    Kind::System,
    Kind::Sibling,
    Kind::Foreign,
    Kind::WrongOwner,
    Kind::Nothing,
];

impl Harmless {
    /// Every scene with every kind.
    pub fn uses(&self) -> impl Iterator<Item = (&'static str, Kind)> {
        let scenes = self.scenes.iter();
        scenes.flat_map(move |name| self.kinds.iter().map(move |kind| (*name, *kind)))
    }
}

/// The whole list. An entry that does not occur any more fails the tests.
pub fn all() -> impl Iterator<Item = &'static Harmless> {
    let lists = [
        network::ALL,
        registry::ALL,
        market::ALL,
        job::ALL,
        dispute::ALL,
        stake::ALL,
        rewards::ALL,
        purse::ALL,
    ];
    lists.into_iter().flatten()
}

/// The entry of a substitution and its place in the list.
pub fn entry(scene: &str, account: &str, kind: Kind) -> Option<(usize, &'static Harmless)> {
    all().enumerate().find(|(_, entry)| {
        entry.scenes.contains(&scene) && entry.account == account && entry.kinds.contains(&kind)
    })
}
