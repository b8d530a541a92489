//! `cargo xtask demo`: the main job on the embedded engine.

use {
    crate::{
        debian, kernels, program,
        workspace::{Workspace, cargo, run},
    },
    anyhow::Result,
    clap::Args,
    sluice_elf::deployed,
    std::{path::Path, process::Command},
};

/// The kernel that computes the demo's frames.
const KERNEL: &str = "fractal";

/// Run the main job on the embedded engine: a film computed by a kernel, its escrow, its attesters and a reward stream
#[derive(Args)]
pub struct Demo {}

impl Demo {
    pub fn run(self, workspace: &Workspace) -> Result<()> {
        debian::ensure_openssl()?;
        println!("1 of 3: the program, and the work. {}", program::FIRST);
        program::build(workspace, None)?;
        kernels::build_elf(workspace, KERNEL)?;
        println!("2 of 3: the demo. The first time 430 crates, 6 minutes of processor time");
        let mut build = cargo();
        build.current_dir(&workspace.root);
        run(build.args(["build", "--locked", "--package", "sluice-demo"]))?;
        println!("3 of 3: the job");
        demo(workspace, Command::new(workspace.built("sluice-demo")))
    }
}

/// Runs the demo by `command` with the program and the kernel that were built; its pictures go to target/demo.
pub fn demo(workspace: &Workspace, mut command: Command) -> Result<()> {
    command
        .current_dir(&workspace.root)
        .arg("--elf")
        .arg(deployed(&workspace.root))
        .arg("--kernel")
        .arg(kernels::elf(workspace, KERNEL))
        .arg("--out")
        .arg(Path::new("target").join("demo"));
    run(&mut command)
}
