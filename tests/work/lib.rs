//! What the tests of engines share: kernels by hand, the chain as an engine, and the kernels that were built.

pub mod assembled;
pub mod chain;

use sluice_work::engine::Limits;

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
