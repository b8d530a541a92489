//! `sluice-agent attester`: signs what it has computed itself.
//!
//! - `admission`: whether it will check a job's windows.
//! - `submission`: a worker's claim of a window, checked and signed. `judge` is what it thinks of a claim once it looked.
//! - `finding`: what is false, told to the other members by `teller` and heard from them.
//! - `guard`: windows that others proved and that are false, challenged by `challenger`.
//! - `jobs`, `cache`: what it knows of the chain; `work`: of a job's work; `store`, `secret`, `signatory`: of what it did before.
//! - `keeper`: what it does again and again; `run`, `serve`: the process.

mod admission;
mod cache;
mod challenger;
mod crowd;
mod desk;
mod finding;
mod guard;
mod jobs;
mod judge;
mod keeper;
mod kernels;
mod paced;
mod run;
mod secret;
mod serve;
mod signatory;
pub(crate) mod store;
mod submission;
mod teller;
#[cfg(test)]
mod tests;
mod underway;
mod work;

pub use {
    challenger::{Challenger, Opened},
    desk::{Attester, Parts, Policy},
    guard::{Guard, Lie, REASON_CHUNK, REASON_CLAIM},
    jobs::Room,
    kernels::{Engines, Kernels},
    run::{run, run_with},
    teller::Teller,
};
