//! The client on the embedded engine: what examples and books make of a job's whole life.

mod books;
mod bridges;
mod damages;
mod examples;
mod gaps;
mod lives;
mod own;
mod recorded;
mod remembered;
mod rewards;
mod watch;
mod world;
