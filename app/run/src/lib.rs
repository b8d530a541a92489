//! The buyer's side of a piece of work: a kernel and a folder of inputs go in, results and a bill come out.
//!
//! - [`order`]: what the buyer wants done, and under which bounds.
//! - [`plan`]: which offers do which chunks, for how much.
//! - [`members`]: blobs to the members of a set, and results from them.
//! - [`judge`]: results, computed again here.
//! - [`bill`]: what it came to.
//! - [`kernel`]: for people who write kernels: a project, its build, and what engines make of it.

pub mod bill;
pub mod judge;
pub mod kernel;
pub mod members;
pub mod order;
pub mod plan;
