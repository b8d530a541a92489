//! `cargo xtask demo`: the main job on the embedded engine.

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
        demo(workspace)
    }
}

/// Builds what is missing and runs the demo; its pictures go to target/demo.
pub fn demo(workspace: &Workspace) -> Result<()> {
    debian::ensure_openssl()?;
    let elf = program::build(workspace, None)?;
    let mut demo = cargo();
    demo.current_dir(&workspace.root)
        .args([
            "run",
            "--quiet",
            "--locked",
            "--package",
            "sluice-demo",
            "--",
        ])
        .arg("--elf")
        .arg(elf)
        .arg("--out")
        .arg(workspace.target().join("demo"));
    run(&mut demo)
}
