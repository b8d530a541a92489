//! `cargo xtask agents`: workers and attesters as processes, held to the unit.

use {
    crate::{
        debian, kernels, program,
        workspace::{Workspace, cargo, run},
    },
    anyhow::Result,
    clap::Args,
};

/// Start workers and attesters on a local chain, kill some, and hold what they sign and are paid against the truth
#[derive(Args)]
pub struct Agents {
    /// Two hundred windows of three providers, with a liar, a slow, a silent, a dead and a two-faced one: ten minutes
    #[arg(long)]
    long: bool,
    /// Kill processes at random, a hundred times or as often as SLUICE_KILLS says: five minutes
    #[arg(long)]
    kills: bool,
    /// Rent by the command, killed two hundred times or as often as SLUICE_KILLS says, and from those who vanish, lie and lose: three quarters of an hour
    #[arg(long)]
    rents: bool,
    /// Rent for ten thousand chunks on one node, for thirty on thirty, and for a thousand on eight with what that takes measured: half an hour
    #[arg(long)]
    wide: bool,
    /// Play a day in an hour, or in more minutes as SLUICE_DAY_MINUTES says, and hold every process to what it was
    #[arg(long)]
    day: bool,
}

/// Plays of much work, which are not among the others of the buyer's.
const WIDE: &str = "rents::wide::";

impl Agents {
    pub fn run(self, workspace: &Workspace) -> Result<()> {
        debian::ensure_openssl()?;
        program::build(workspace, None)?;
        kernels::build(workspace, None, None)?;
        if self.rents {
            build_command(workspace)?;
        }
        let mut test = cargo();
        // With the features that the whole workspace asks for, so that `cargo xtask test` uses what this compiled.
        test.current_dir(&workspace.root)
            .args(["test", "--locked", "--workspace", "--test", "agents", "--"])
            .arg("--nocapture");
        let parts = [
            (self.long, "long::"),
            (self.kills, "kills::"),
            (self.rents, "rents::"),
            (self.wide, WIDE),
            (self.day, "day::"),
        ];
        let chosen: Vec<_> = parts.iter().filter(|(chosen, _)| *chosen).collect();
        if chosen.is_empty() {
            test.arg("short::");
        } else {
            // One after the other: each takes all cores there are.
            test.args(["--ignored", "--test-threads", "1"]);
            test.args(chosen.iter().map(|(_, name)| name));
            if !self.wide {
                test.args(["--skip", WIDE]);
            }
        }
        run(&mut test)
    }
}

/// Builds the command, by which buyers rent in plays: a test's build has the programs of its own package alone.
pub fn build_command(workspace: &Workspace) -> Result<()> {
    let mut build = cargo();
    build.current_dir(&workspace.root).args([
        "build",
        "--locked",
        "--workspace",
        "--bin",
        "sluice",
    ]);
    run(&mut build)
}
