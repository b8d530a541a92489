//! Every account of every instruction of the IDL with everything wrong in its place: refused for what it is, or on the list of
//! what is harmless with the reason.
//!
//! A new instruction needs a scene: a function in `scenes/<noun>.rs` that leads a world to where the instruction succeeds and
//! returns both. The wrong accounts are found from there. `--no-capture` shows how many there were.

mod bend;
mod case;
mod harmless;
mod idl;
mod outcome;
mod refusals;
mod scenes;
mod tally;

use {
    case::{Case, Scene},
    std::collections::BTreeSet,
    tally::Tally,
};

/// Bends every scene in every way.
fn hold(noun: &str, scenes: &[Scene]) {
    let mut tally = Tally::default();
    for scene in scenes {
        tally.add(Case::new(scene));
    }
    tally.close(noun);
}

#[test]
fn no_wrong_account_governs_a_network() {
    hold("network", scenes::network::ALL);
}

#[test]
fn no_wrong_account_is_registered_or_closed() {
    hold("registry", scenes::registry::ALL);
}

#[test]
fn no_wrong_account_moves_stake() {
    hold("stake", scenes::stake::ALL);
}

#[test]
fn no_wrong_account_moves_a_job() {
    hold("job", scenes::job::ALL);
}

#[test]
fn no_wrong_account_proves_from_a_batch() {
    hold("batch", scenes::batch::ALL);
}

#[test]
fn no_wrong_account_pulls_from_escrow() {
    hold("escrow", scenes::escrow::ALL);
}

#[test]
fn no_wrong_account_trades() {
    hold("market", scenes::market::ALL);
}

#[test]
fn no_wrong_account_decides_a_dispute() {
    hold("dispute", scenes::dispute::ALL);
}

#[test]
fn no_wrong_account_moves_a_reward_pool() {
    hold("rewards", scenes::rewards::ALL);
}

#[test]
fn no_wrong_account_draws_on_rewards() {
    hold("shares", scenes::shares::ALL);
}

#[test]
fn every_instruction_of_the_idl_has_a_scene() {
    let shown: BTreeSet<_> = scenes::all().map(|scene| scene.instruction).collect();
    let names: BTreeSet<_> = idl::calls().iter().map(|call| call.name).collect();
    assert_eq!(shown, names);
}

#[test]
fn every_harmless_substitution_names_a_scene_and_an_account_that_exist() {
    for entry in harmless::all() {
        let account = entry.account;
        for name in entry.scenes {
            let scene = scenes::all().find(|scene| scene.name == *name);
            let scene = scene.unwrap_or_else(|| panic!("there is no scene {name}"));
            let mut calls = idl::calls().iter();
            let call = calls.find(|call| call.name == scene.instruction).unwrap();
            let mut slots = call.slots.iter();
            assert!(slots.any(|slot| slot.name == account), "{name}: {account}");
        }
    }
}

#[test]
fn every_scene_has_a_name_of_its_own() {
    let names: BTreeSet<_> = scenes::all().map(|scene| scene.name).collect();
    assert_eq!(names.len(), scenes::all().count());
}
