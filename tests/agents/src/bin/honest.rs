//! `sluice-agent`, built with the tests that start it.

use std::{env, process::ExitCode};

fn main() -> ExitCode {
    if env::args().nth(1).as_deref() == Some(sluice_work::sandbox::EXEC) {
        return sluice_work::sandbox::exec();
    }
    sluice_agent::command::main()
}
