//! `cargo xtask demo`: the main job on the embedded engine.

use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::{
    debian, program,
    workspace::{Workspace, cargo, run},
};

/// Run the main job on the embedded engine: a render farm, its escrow, its attesters and a reward stream
#[derive(Args)]
pub struct Demo {}

impl Demo {
    pub fn run(self, workspace: &Workspace) -> Result<()> {
        let mut command = cargo();
        command.args(["run", "--quiet", "--locked"]);
        command.args(["--package", "sluice-demo", "--"]);
        demo(workspace, command)
    }
}

/// Builds the program if it has changed and runs the demo by `command`; its pictures go to target/demo.
pub fn demo(workspace: &Workspace, mut command: Command) -> Result<()> {
    debian::ensure_openssl()?;
    let elf = program::build(workspace, None)?;
    command
        .current_dir(&workspace.root)
        .arg("--elf")
        .arg(elf)
        .arg("--out")
        .arg(workspace.target().join("demo"));
    run(&mut command)
}
