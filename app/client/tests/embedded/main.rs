//! The client on the embedded engine: what examples and books make of a job's whole life.

mod books;
mod bridges;
mod examples;
mod own;
mod recorded;
mod remembered;
mod watch;
mod world;
