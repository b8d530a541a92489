//! `cargo xtask demo`: the main job on the embedded engine.

use {
    crate::{
        debian, program,
        workspace::{Workspace, cargo, run},
    },
    anyhow::Result,
    clap::Args,
    std::process::Command,
};

/// Run the main job on the embedded engine: a render farm, its escrow, its attesters and a reward stream
#[derive(Args)]
pub struct Demo {}

impl Demo {
    pub fn run(self, workspace: &Workspace) -> Result<()> {
        debian::ensure_openssl()?;
        println!(
            "the program: the first build compiles linker and std, about 3 minutes on two cores"
        );
        program::build(workspace, None)?;
        println!("the demo: its first build compiles 430 crates, about 3 minutes on two cores");
        let mut build = cargo();
        build.current_dir(&workspace.root);
        run(build.args(["build", "--locked", "--package", "sluice-demo"]))?;
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
        .arg(workspace.target().join("demo"));
    run(&mut command)
}
