//! The whole worker between a chain in memory and members that are late, silent, lie, refuse and lose what they are given.

mod attacks;
mod attacks_of_buyers;
mod attacks_of_members;
mod attacks_of_nodes;
mod chunks;
mod ends;
mod flow;
mod members;
mod net;
mod odd;
mod peers;
mod rules;
mod work;
pub mod world;
