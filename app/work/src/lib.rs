//! Work that can be checked: what a job of Sluice asks for, what its worker claims, and what decides between them.
//!
//! A *kernel* is a pure function from input bytes to output bytes. A *specification* ([`spec::Spec`]) names a kernel and a list of
//! *inputs*, one for each *chunk* of work, and a job's account names the specification by its hash. Each window of the job is about
//! a fixed range of chunks ([`sluice_math::work::Shape`]). Its *evidence* ([`evidence::Evidence`]) names the output of each, and
//! its tree's root is the digest of the worker's statement. Whoever has the inputs can run the kernel again ([`check`]), and one
//! leaf of the tree is enough to prove a lie ([`leaf`]).
//!
//! [`engine`] runs kernels, each engine behind a feature of its own, and `sandbox` runs engines where strangers' code can do no harm.
//! Nothing here talks to a chain or a network.

pub mod check;
pub mod core;
pub mod engine;
pub mod evidence;
pub mod hash;
pub mod inputs;
mod json;
pub mod leaf;
#[cfg(all(feature = "sandbox", unix))]
pub mod sandbox;
pub mod spec;
pub mod tree;
pub mod undone;

pub use sluice_math;
