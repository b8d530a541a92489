//! A Solana chain on loopback with the program in it: Surfpool embedded, offline, with test mints and a network in business.
//!
//! Keys follow from names, so every address is the same in every run. The clock follows the wall's and can be moved on.

pub mod agents;
mod cast;
mod cheatcodes;
pub mod files;
mod founding;
mod idl;
mod localnet;
mod node;
mod options;
pub mod plan;
mod world;

pub use {
    cast::{Cast, Provider, key},
    cheatcodes::Cheatcodes,
    localnet::Localnet,
    options::{Options, SLOT_MS},
    world::World,
};
