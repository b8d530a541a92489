//! `dividend` against num-bigint, and its promises: nothing is lost, nobody gains by when and how often.

#[path = "../edges/mod.rs"]
mod edges;
mod formulas;
mod histories;
mod pool;
mod promises;
mod wide;
