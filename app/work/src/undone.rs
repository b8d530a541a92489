//! Why a chunk is not done, in the words of every engine that runs kernels.

use {
    borsh::{BorshDeserialize, BorshSerialize},
    thiserror::Error,
};

/// Why a chunk is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Undone {
    /// The kernel stopped itself, or did what it must not: divided by zero, read or wrote where it has nothing.
    #[error("the kernel trapped")]
    Trap = 1,
    /// Calls nest too deeply, or need too much of the stack.
    #[error("the stack is used up")]
    Stack = 2,
    /// More steps than a chunk has: compute units on the chain's VM. WebAssembly counts time alone.
    #[error("the steps are used up")]
    Steps = 3,
    /// More memory than a chunk has.
    #[error("the memory is used up")]
    Memory = 4,
    /// More time than a chunk has.
    #[error("the time is up")]
    Time = 5,
    /// It wants something from its host that kernels are not given.
    #[error("the kernel asks for what no kernel is given")]
    Import = 6,
    /// It is no kernel: not code, or code that the verifier refuses.
    #[error("the kernel is not valid code")]
    Code = 7,
    /// It returned nothing.
    #[error("the kernel returned no output")]
    NoOutput = 8,
    /// Its output is longer than the specification allows.
    #[error("the output is too long")]
    Output = 9,
    /// The input is longer than the engine takes.
    #[error("the input is too long")]
    Input = 10,
    /// The process that ran it ended without an answer.
    #[error("the process that ran it ended without an answer")]
    Died = 11,
}
