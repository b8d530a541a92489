//! Installing Debian's packages, where we may, after saying what it comes to.

use {
    crate::workspace::{output, run},
    anyhow::{Context, Result, bail},
    std::{env, process::Command},
};

/// What the embedded engine's precompiles link with, besides a C compiler.
const OPENSSL: [&str; 2] = ["pkg-config", "libssl-dev"];

/// What reads of USB devices on Linux.
const UDEV: [&str; 2] = ["pkg-config", "libudev-dev"];

/// Set to `no`, nothing is installed.
const INSTALL: &str = "SLUICE_INSTALL";

/// Makes sure that OpenSSL's headers are there.
pub fn ensure_openssl() -> Result<()> {
    // Elsewhere the build finds it by other means, or says itself what it misses.
    if !cfg!(target_os = "linux") || env::var_os("OPENSSL_DIR").is_some() || has("openssl") {
        return Ok(());
    }
    install(&OPENSSL, "the embedded engine needs OpenSSL's headers")
}

/// Makes sure that libudev's headers are there, which only Linux needs.
pub fn ensure_udev() -> Result<()> {
    if !cfg!(target_os = "linux") || has("libudev") {
        return Ok(());
    }
    let plan = plan(&UDEV, "hardware wallets need libudev's headers")?;
    // Its headers are of one version of systemd, which nobody wants changed for a part that can be left out.
    if upgrades(&plan) {
        bail!("that would upgrade what is installed: install libudev-dev yourself");
    }
    carry_out(&UDEV)
}

/// Makes sure that there is a C++ compiler.
pub fn ensure_cxx() -> Result<()> {
    let compiler = env::var_os("CXX").unwrap_or_else(|| "c++".into());
    let version = Command::new(compiler).arg("--version").output();
    if version.is_ok_and(|run| run.status.success()) {
        return Ok(());
    }
    install(&["g++"], "the fuzzing engine is C++ and is compiled here")
}

/// Installs `packages` by `apt-get` if we are root on Debian and may; else says in one sentence what to install and `why`.
pub fn install(packages: &[&str], why: &str) -> Result<()> {
    plan(packages, why)?;
    carry_out(packages)
}

/// Says what installing `packages` comes to, and returns the words of `apt-get`.
fn plan(packages: &[&str], why: &str) -> Result<String> {
    let list = packages.join(" ");
    let root = output(Command::new("id").arg("-u")).is_ok_and(|user| user.trim() == "0");
    let apt = Command::new("apt-get")
        .arg("--version")
        .output()
        .is_ok_and(|run| run.status.success());
    if !root || !apt || refused() {
        bail!("{why}: install them (on Debian the packages {list})");
    }
    println!("{why}:");
    println!("  apt-get install {list}");
    output(Command::new("apt-get").args(["update", "--quiet"]))?;
    // The answer "no" ends it with a failure, after it has told what it would do.
    let told = apt_install(packages)
        .arg("--assume-no")
        .output()
        .context("cannot run `apt-get`")?;
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    for line in sizes(&told) {
        println!("  {line}");
    }
    println!("  ({INSTALL}=no installs nothing)");
    Ok(told)
}

fn carry_out(packages: &[&str]) -> Result<()> {
    run(apt_install(packages).arg("--yes"))
        .with_context(|| format!("apt-get could not install {}", packages.join(" ")))
}

/// True if pkg-config knows `library`.
fn has(library: &str) -> bool {
    Command::new("pkg-config")
        .args(["--exists", library])
        .status()
        .is_ok_and(|status| status.success())
}

fn refused() -> bool {
    env::var_os(INSTALL).is_some_and(|answer| answer == "no")
}

fn apt_install(packages: &[&str]) -> Command {
    let mut install = Command::new("apt-get");
    install
        .env("DEBIAN_FRONTEND", "noninteractive")
        .env("LC_ALL", "C")
        .args(["install", "--quiet", "--no-install-recommends"])
        .args(packages);
    install
}

/// What apt-get says of how many packages and how many bytes it comes to, in the words of Debian 12 and of 13.
fn sizes(plan: &str) -> impl Iterator<Item = &str> {
    const SAID: [&str; 6] = [
        " newly installed",
        "Need to get ",
        " disk space ",
        "Installing: ",
        "Download size: ",
        "Space needed: ",
    ];
    let lines = plan.lines().map(str::trim);
    lines.filter(|line| SAID.iter().any(|said| line.contains(said)))
}

/// True if the plan changes packages that are there already.
fn upgrades(plan: &str) -> bool {
    let counts = plan.lines().filter_map(|line| {
        let line = line.trim();
        let new = line.strip_prefix("Upgrading: ");
        let new = new.and_then(|rest| rest.split(',').next());
        new.or_else(|| line.split_once(" upgraded, ").map(|(count, _)| count))
    });
    counts.into_iter().any(|count| count != "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_much_will_be_installed_is_taken_from_the_plan() {
        let plan = "Reading package lists...\n\
            The following NEW packages will be installed:\n  libudev-dev pkg-config\n\
            0 upgraded, 2 newly installed, 0 to remove and 3 not upgraded.\n\
            Need to get 98.5 kB of archives.\n\
            After this operation, 324 kB of additional disk space will be used.\n\
            Do you want to continue? [Y/n] N\nAbort.\n";
        assert_eq!(
            sizes(plan).collect::<Vec<_>>(),
            [
                "0 upgraded, 2 newly installed, 0 to remove and 3 not upgraded.",
                "Need to get 98.5 kB of archives.",
                "After this operation, 324 kB of additional disk space will be used.",
            ]
        );
        assert!(!upgrades(plan));
        // apt 2.9 and later, of Debian 13.
        let plan = "Summary:\n  Upgrading: 0, Installing: 2, Removing: 0, Not Upgrading: 3\n\
            \x20 Download size: 98.5 kB\n  Space needed: 324 kB / 77.2 GB available\n";
        assert_eq!(
            sizes(plan).collect::<Vec<_>>(),
            [
                "Upgrading: 0, Installing: 2, Removing: 0, Not Upgrading: 3",
                "Download size: 98.5 kB",
                "Space needed: 324 kB / 77.2 GB available",
            ]
        );
        assert!(!upgrades(plan));
    }

    #[test]
    fn a_plan_that_changes_what_is_installed_is_seen() {
        let old = "8 upgraded, 1 newly installed, 0 to remove and 126 not upgraded.\n";
        let new = "Summary:\n  Upgrading: 8, Installing: 1, Removing: 0, Not Upgrading: 126\n";
        assert!(upgrades(old) && upgrades(new));
        assert!(!upgrades("Reading package lists...\n"));
    }
}
