//! Engines in processes of their own, for code and inputs of strangers.
//!
//! A program that runs work calls [`exec`] first thing where its first argument is [`EXEC`], and gives work to a [`Pool`], which starts
//! the program anew with that argument. Such a process has an empty environment, no file but the socket to its parent, and limits on
//! memory, files, processor time and processes. On Linux (x86-64, aarch64, riscv64) it can also call the kernel for nothing but memory, time,
//! threads' waiting and that socket (seccomp): it opens, connects, forks and signals nothing. Elsewhere only the limits hold, and a
//! pool refuses to work until [`Options::least`] says that this is enough. Compiling happens there, too.
//!
//! A process serves one kernel, chunk after chunk. It is killed when a chunk's time is up; the pool starts another.

mod cache;
mod child;
mod confine;
mod exec;
mod pool;
mod wire;

pub use {
    confine::{Confinement, limit, shut},
    exec::exec,
    pool::{Options, Package, Pool},
    wire::Vm,
};

/// The argument with which a program is started anew.
pub const EXEC: &str = "exec";
