//! Fuzz targets: each takes any bytes, runs the program's own code on what they spell, and panics when an oracle disagrees.
//!
//! The functions are ordinary ones: `tests/corpus.rs` runs them on the files in `corpus/` and on random bytes in a plain
//! `cargo test`; the binaries in `src/bin` give them to libFuzzer, which `cargo xtask fuzz` builds and drives.

pub mod accounts;
mod bend;
pub mod job;
mod pick;
pub mod signatures;
mod target;
pub mod work;

pub use target::{Place, Target};

/// Every target.
pub static TARGETS: [&Target; 4] = [
    &signatures::TARGET,
    &job::TARGET,
    &accounts::TARGET,
    &work::TARGET,
];
