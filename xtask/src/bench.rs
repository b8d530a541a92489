//! `cargo xtask bench`: the compute-unit table.

use {
    crate::{
        debian, program,
        workspace::{Workspace, cargo, run},
    },
    anyhow::Result,
    clap::Args,
};

/// Measure compute units and transaction sizes and rewrite docs/compute.md
#[derive(Args)]
pub struct Bench {}

impl Bench {
    pub fn run(self, workspace: &Workspace) -> Result<()> {
        debian::ensure_openssl()?;
        program::build(workspace, None)?;
        let mut bench = cargo();
        bench
            .current_dir(&workspace.root)
            .env("SLUICE_BLESS", "1")
            .args(["test", "--quiet", "--locked"])
            .args(["--package", "sluice-tests", "--test", "compute"]);
        run(&mut bench)?;
        println!("docs/compute.md is written");
        Ok(())
    }
}
