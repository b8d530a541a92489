//! The whole worker between a chain in memory and members that are late, silent, lie, refuse and lose what they are given.

mod chunks;
mod ends;
mod flow;
mod members;
mod net;
mod peers;
mod rules;
mod work;
pub mod world;
