//! The local chain, met as a client, a command and a clock would meet it.

mod addresses;
mod cable;
mod client;
mod command;
mod faults;
mod history;
mod kill;
mod life;
mod migrating;
mod proxy;
mod readme;
mod shell;
mod statement;
mod subscription;
mod time;
mod watch;
mod work;
