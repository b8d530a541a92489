//! The local chain, met as a client, a command and a clock would meet it.

mod addresses;
mod client;
mod command;
mod faults;
mod kill;
mod life;
mod proxy;
mod readme;
mod migrating;
mod shell;
mod subscription;
mod time;
