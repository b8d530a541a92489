//! A worker that flips a bit of one output in four, and attesters that compute the same: their quorum signs it.

use {sluice_agents_tests::wrong, std::process::ExitCode};

fn main() -> ExitCode {
    wrong::agent(|input, mut output| {
        if wrong::is_plot(input)
            && let Some(byte) = output.first_mut()
        {
            *byte ^= 1;
        }
        output
    })
}
