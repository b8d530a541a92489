//! A worker that flips a bit of one output in fifty, and stands by it.

use {sluice_agents_tests::wrong, std::process::ExitCode};

fn main() -> ExitCode {
    wrong::agent(|input, mut output| {
        if wrong::is_lie(input)
            && let Some(byte) = output.first_mut()
        {
            *byte ^= 1;
        }
        output
    })
}
