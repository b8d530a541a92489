//! From a manifest to the steps that bring a network about.
//!
//! [`Manifest`] is what a person writes; [`Wanted`] is what it comes to on a chain, addresses derived and amounts in base units;
//! [`Survey`] holds a chain against it, and what differs is a list of [`Step`]s, a transaction each. Whoever has the keys sends
//! them in their order; after an interruption a new survey has the rest.

mod attesters;
mod error;
pub mod manifest;
mod network;
mod rewards;
mod sending;
mod sets;
mod step;
mod survey;
pub mod wanted;

pub use {
    error::{Error, Result},
    manifest::Manifest,
    sending::Sending,
    step::{Deposit, Step},
    survey::{Item, Stage, State, Survey},
    wanted::Wanted,
};
