//! `sluice-demo`: plays the main job on an embedded chain and accounts for every base unit.

use {
    anyhow::Result,
    clap::Parser,
    sluice_demo::{
        checks::{self, Expected},
        plan::{Options, SIDE},
        progress::{Screen, Tone},
        report,
    },
    std::{path::PathBuf, process::ExitCode, time::Instant},
};

/// Compute a film on three nodes, settle it through escrow and a reward stream, and check every total.
#[derive(Parser)]
struct Args {
    /// The program's ELF
    #[arg(long, default_value = "target/deploy/sluice.so")]
    elf: PathBuf,
    /// The ELF of the kernel that draws tiles
    #[arg(long, default_value = "target/kernels/fractal.so")]
    kernel: PathBuf,
    /// Where frames and contact sheet are written
    #[arg(long, default_value = "target/demo")]
    out: PathBuf,
    /// Side of a tile, pixels; a frame is 30 by 17 tiles
    #[arg(long, default_value_t = SIDE, value_parser = clap::value_parser!(u16).range(1..=i64::from(SIDE)))]
    side: u16,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let options = Options {
        elf: args.elf,
        kernel: args.kernel,
        out: args.out,
        side: args.side,
    };
    match play(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs, prints and judges.
fn play(options: &Options) -> Result<()> {
    let clock = Instant::now();
    let screen = Screen::new(false);
    screen.say("24 frames, three nodes, four attesters:");
    screen.say("one frame is not what it claims to be, and two never arrive");
    let outcome = sluice_demo::run(options, &screen)?;
    let checks = Expected::totals().compare(&outcome.book, &outcome.facts)?;
    print!("{}", report::ledger(&outcome, &screen));
    print!("{}", report::checks(&checks, &screen));
    print!("{}", report::units(&outcome, &screen));
    outcome.book.verify()?;
    checks::verdict(&checks)?;
    let verdict = format!(
        "every total is right: {} frames paid, {} transactions, {} checks",
        outcome.credited,
        outcome.transactions,
        checks.len()
    );
    println!("\n{}", screen.paint(Tone::Good, &verdict));
    println!(
        "pictures in {}, wall time {:.1} s",
        options.out.display(),
        clock.elapsed().as_secs_f64()
    );
    Ok(())
}
