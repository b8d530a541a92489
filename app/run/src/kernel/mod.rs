//! For people who write kernels: a project to begin with, the build for both machines, and what engines make of it.
//!
//! - [`scaffold`]: a new project.
//! - [`build`]: WebAssembly and sBPF from one source.
//! - [`found`]: kernels and inputs, as files.
//! - [`compare`]: each kernel by each engine on each input; who differs.
//! - [`chain`]: what the chain itself makes of one.
//! - [`inspect`]: what a file asks of its machine, and whether that is what kernels are given.

pub mod build;
pub mod chain;
pub mod compare;
pub mod found;
pub mod inspect;
pub mod scaffold;
mod tools;

use {
    std::{io, path::Path},
    thiserror::Error,
};

/// Why nothing can be done with a kernel. A path in it may be a stranger's.
#[derive(Debug, Error)]
pub enum Error {
    /// What was given cannot be used.
    #[error("{0}")]
    Given(String),
    /// A tool is missing or did something else than expected.
    #[error("{0}")]
    Tool(String),
    /// The compiler refuses the sources.
    #[error("the sources do not compile for {target}")]
    Sources {
        /// What they were compiled for, in words.
        target: &'static str,
        /// What the compiler says.
        said: String,
    },
    /// A file or a folder.
    #[error("{what} {path}: {error}")]
    File {
        /// What was to be done.
        what: &'static str,
        /// With which.
        path: String,
        /// Why it was not.
        error: io::Error,
    },
}

impl From<sluice_toolchain::Error> for Error {
    fn from(error: sluice_toolchain::Error) -> Self {
        Self::Given(error.to_string())
    }
}

/// What is done, or why not.
pub type Result<T> = std::result::Result<T, Error>;

/// Says what was to be done with which file.
fn file(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.display().to_string();
    move |error| Error::File { what, path, error }
}
