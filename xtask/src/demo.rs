//! `cargo xtask demo`: the main job on the embedded engine.

use {
    crate::{
        debian, program,
        workspace::{Workspace, cargo, run},
    },
    anyhow::Result,
    clap::Args,
    std::{path::Path, process::Command},
};

/// Run the main job on the embedded engine: a render farm, its escrow, its attesters and a reward stream
#[derive(Args)]
pub struct Demo {}

impl Demo {
    pub fn run(self, workspace: &Workspace) -> Result<()> {
        debian::ensure_openssl()?;
        println!("1 of 3: the program. {}", program::FIRST);
        program::build(workspace, None)?;
        println!("2 of 3: the demo. The first time 430 crates, 6 minutes of processor time");
        let mut build = cargo();
        build.current_dir(&workspace.root);
        run(build.args(["build", "--locked", "--package", "sluice-demo"]))?;
        println!("3 of 3: the job");
        demo(workspace, Command::new(workspace.built("sluice-demo")))
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
        .arg(Path::new("target").join("demo"));
    run(&mut command)
}
