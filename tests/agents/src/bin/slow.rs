//! A worker that now and then takes so long over a chunk that its window is over.

use {sluice_agents_tests::wrong, std::process::ExitCode};

fn main() -> ExitCode {
    wrong::agent(|input, output| {
        if wrong::is_delay(input) {
            std::thread::sleep(wrong::DELAY);
        }
        output
    })
}
