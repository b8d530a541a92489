//! A worker that takes a second for each chunk, however quick the machine is: time passes, and no core is busy with it.

use {sluice_agents_tests::wrong, std::process::ExitCode};

fn main() -> ExitCode {
    wrong::agent(|_, output| {
        std::thread::sleep(wrong::STEADY);
        output
    })
}
