//! What the tests of engines share: kernels by hand, the chain as an engine, and the kernels that were built.

pub mod assembled;
pub mod chain;

use {
    sluice_work::engine::Limits,
    std::{fs, path::Path},
};

/// What a kernel for the chain's VM is given.
pub const SBPF: Limits = Limits {
    memory: 0,
    output: 1_024,
    millis: 10_000,
};

/// What a WebAssembly kernel is given here, if a test says nothing else.
pub const WASM: Limits = Limits {
    memory: 16 << 20,
    output: 1 << 20,
    millis: 10_000,
};

/// A kernel as `cargo xtask kernels` leaves it: `fractal.so`.
///
/// # Panics
/// If it is not there.
pub fn built(file: &str) -> Vec<u8> {
    let kernels = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/kernels");
    let read = fs::read(kernels.join(file));
    read.unwrap_or_else(|error| panic!("target/kernels/{file}: {error}; run `cargo xtask kernels`"))
}
