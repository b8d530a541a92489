//! Licences, bans and sources of what the workspace depends on, as deny.toml allows them; advisories where they can be had.

use {
    crate::workspace::{Workspace, cargo, run},
    anyhow::{Context, Result},
    std::{
        path::PathBuf,
        process::{Command, Stdio},
    },
};

const VERSION: &str = "0.20.2";

/// Checks the dependencies by cargo-deny, which it compiles into the target folder if it is not installed.
pub fn check(workspace: &Workspace) -> Result<()> {
    let deny = ensure_deny(workspace)?;
    let mut offline = Command::new(&deny);
    offline.current_dir(&workspace.root);
    run(offline.args([
        "--all-features",
        "--locked",
        "check",
        "licenses",
        "bans",
        "sources",
    ]))?;
    advisories(workspace, &deny)
}

/// The advisories lie in a repository of their own, which not every machine reaches: then this says so.
fn advisories(workspace: &Workspace, deny: &PathBuf) -> Result<()> {
    let mut fetch = Command::new(deny);
    fetch
        .current_dir(&workspace.root)
        .args(["fetch", "db"])
        .stderr(Stdio::null());
    if !fetch.status().is_ok_and(|status| status.success()) {
        println!("advisories: not checked, for their database could not be fetched");
        return Ok(());
    }
    let mut check = Command::new(deny);
    check.current_dir(&workspace.root);
    run(check.args([
        "--all-features",
        "--locked",
        "check",
        "--disable-fetch",
        "advisories",
    ]))
}

fn ensure_deny(workspace: &Workspace) -> Result<PathBuf> {
    let tools = workspace.target().join("tools");
    let own = tools.join("bin").join("cargo-deny");
    for path in [PathBuf::from("cargo-deny"), own.clone()] {
        let version = Command::new(&path).arg("--version").output();
        if version.is_ok_and(|run| run.status.success()) {
            return Ok(path);
        }
    }
    let mut install = cargo();
    install.args([
        "install",
        "cargo-deny",
        "--version",
        VERSION,
        "--locked",
        "--debug",
        "--root",
    ]);
    run(install.arg(&tools)).context("cannot install cargo-deny")?;
    Ok(own)
}
