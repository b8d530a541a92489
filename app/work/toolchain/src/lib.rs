//! How Rust becomes a kernel, or the program: for `cargo xtask`, which builds those of this workspace, and for `sluice kernel build`,
//! which builds anybody's.
//!
//! - [`sbf`]: a compiler's flags and target for sBPF v3, where it is not Solana's own.
//! - [`wasm`]: the same for WebAssembly.
//! - [`remap`]: no path of the machine in what is compiled.
//! - [`elf`], [`module`]: what compilers leave, read and made smaller.
//! - [`limits`]: what a kernel may have at most.

pub mod elf;
pub mod limits;
pub mod module;
pub mod remap;
pub mod sbf;
pub mod wasm;

use {std::io, thiserror::Error};

/// Why something cannot be built, or is not what it should be.
#[derive(Debug, Error)]
pub enum Error {
    /// What a compiler left, or said, is not what it should be.
    #[error("{0}")]
    Unfit(String),
    /// A file or folder.
    #[error("{what}: {error}")]
    File {
        /// What was to be done with which.
        what: String,
        /// Why it was not.
        error: io::Error,
    },
}

impl Error {
    fn unfit(text: impl Into<String>) -> Self {
        Self::Unfit(text.into())
    }
}

/// What is built, or why not.
pub type Result<T> = std::result::Result<T, Error>;
