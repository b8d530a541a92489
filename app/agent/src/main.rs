//! The `sluice-agent` command.

use std::{env, process::ExitCode};

fn main() -> ExitCode {
    // Strangers' code runs in this program started anew, before anything else is read.
    if env::args_os()
        .nth(1)
        .is_some_and(|argument| argument == sluice_work::sandbox::EXEC)
    {
        return sluice_work::sandbox::exec();
    }
    sluice_agent::command::main()
}
