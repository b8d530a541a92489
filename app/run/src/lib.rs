//! The buyer's side of a piece of work: a kernel and a folder of inputs go in, results and a bill come out.
//!
//! - [`order`]: what the buyer wants done, and under which bounds.
//! - [`inputs`]: the files of a folder, in order.
//! - [`plan`]: which offers do which chunks, for how much.
//! - [`members`]: blobs to the members of a set, and results from them.
//! - [`judge`]: results, computed again here.
//! - [`settings`], [`store`]: what was asked and what became of it, written down.
//! - [`begin`], [`runs`]: a run before it begins, and when it goes on.
//! - [`engine`]: a run at work, turn by turn; [`send`]: how it sends.
//! - [`bill`]: what it came to.
//! - [`kernel`]: for people who write kernels: a project, its build, and what engines make of it.

pub mod begin;
pub mod bill;
pub mod engine;
pub mod inputs;
pub mod judge;
pub mod kernel;
mod market;
pub mod members;
pub mod order;
pub mod plan;
pub mod runs;
pub mod send;
pub mod settings;
pub mod store;
