//! The local chain, met as a client, a command and a clock would meet it.

mod addresses;
mod client;
mod command;
mod faults;
mod kill;
mod life;
mod migrating;
mod proxy;
mod readme;
mod shell;
mod subscription;
mod time;
