//! Runs kernels for the pool that started it.

use std::process::ExitCode;

fn main() -> ExitCode {
    sluice_work::sandbox::exec()
}
