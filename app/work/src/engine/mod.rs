//! What runs kernels: the chain's own VM, and WebAssembly by a compiler and, to check it, by an interpreter of other people.
//!
//! Only a normal return is a result: everything else is an [`Undone`]. Code and inputs are strangers': [`crate::sandbox`] runs the
//! engines in processes of their own.

#[cfg(any(feature = "wasm", feature = "wasmi"))]
pub mod admission;
#[cfg(feature = "sbpf")]
pub mod sbpf;
#[cfg(feature = "wasmi")]
mod unfused;
#[cfg(feature = "wasm")]
pub mod wasm;
#[cfg(feature = "wasmi")]
pub mod wasmi;

use {
    crate::{
        core::Kind,
        spec::{BLOB_LEN, Rest, SBPF_INPUT_LEN},
        undone::Undone,
    },
    borsh::{BorshDeserialize, BorshSerialize},
    std::time::Duration,
};

/// What a chunk is given, as a specification says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Limits {
    /// Most bytes of a WebAssembly kernel's memory. The chain's own VM has a memory of fixed size.
    pub memory: u32,
    /// Most bytes of an output.
    pub output: u32,
    /// Longest time, milliseconds. The chain's own VM counts steps in its place.
    pub millis: u32,
}

impl Limits {
    /// The longest time as a duration.
    pub fn time(&self) -> Duration {
        Duration::from_millis(self.millis.into())
    }
}

impl From<&Rest> for Limits {
    fn from(rest: &Rest) -> Self {
        Self {
            memory: rest.memory,
            output: rest.output,
            millis: rest.chunk_millis,
        }
    }
}

/// Something that makes code run.
pub trait Engine: Send + Sync {
    /// Takes a kernel's code in: verifies it and compiles it, where the engine compiles.
    ///
    /// # Errors
    /// [`Undone::Code`], [`Undone::Import`].
    fn load(&self, code: &[u8]) -> Result<Box<dyn Kernel>, Undone>;
}

/// A kernel that can be run.
pub trait Kernel: Send + Sync {
    /// The output for `input`. Each run begins with a memory of its own, so no run knows of another.
    ///
    /// # Errors
    /// Every [`Undone`] but those of code and processes.
    fn run(&self, input: &[u8], limits: &Limits) -> Result<Vec<u8>, Undone>;

    /// What spares compiling the code again, for this very build of the engine on this machine; `None` where nothing does.
    fn compiled(&self) -> Option<Vec<u8>> {
        None
    }
}

/// Most bytes of an input of a kernel of this kind.
pub const fn input_len(kind: Kind) -> u32 {
    match kind {
        Kind::Sbpf => SBPF_INPUT_LEN,
        Kind::Wasm => BLOB_LEN,
    }
}

#[cfg(any(feature = "sbpf", feature = "wasm", feature = "wasmi"))]
fn accept(kind: Kind, input: &[u8]) -> Result<(), Undone> {
    let most = usize::try_from(input_len(kind)).unwrap_or(usize::MAX);
    if input.len() <= most {
        Ok(())
    } else {
        Err(Undone::Input)
    }
}

/// An output as it counts: there is one, it is not empty, and it is not too long.
#[cfg(any(feature = "sbpf", feature = "wasm", feature = "wasmi"))]
fn given(output: Option<Vec<u8>>, limits: &Limits) -> Result<Vec<u8>, Undone> {
    let output = output
        .filter(|output| !output.is_empty())
        .ok_or(Undone::NoOutput)?;
    if u32::try_from(output.len()).is_ok_and(|len| len <= limits.output) {
        Ok(output)
    } else {
        Err(Undone::Output)
    }
}
