//! Installing Debian's packages, where we may.

use {
    crate::workspace::{output, run},
    anyhow::{Context, Result, bail},
    std::process::Command,
};

/// What the embedded engine's precompiles link with, besides a C compiler.
const OPENSSL: [&str; 2] = ["pkg-config", "libssl-dev"];

/// Makes sure that OpenSSL's headers are there.
pub fn ensure_openssl() -> Result<()> {
    let present = || {
        Command::new("pkg-config")
            .args(["--exists", "openssl"])
            .status()
            .is_ok_and(|status| status.success())
    };
    // Elsewhere the build finds it by other means, or says itself what it misses.
    if !cfg!(target_os = "linux") || std::env::var_os("OPENSSL_DIR").is_some() || present() {
        return Ok(());
    }
    install(&OPENSSL, "the embedded engine needs OpenSSL's headers")
}

/// Makes sure that there is a C++ compiler.
pub fn ensure_cxx() -> Result<()> {
    let compiler = std::env::var_os("CXX").unwrap_or_else(|| "c++".into());
    let version = Command::new(compiler).arg("--version").output();
    if version.is_ok_and(|run| run.status.success()) {
        return Ok(());
    }
    install(&["g++"], "the fuzzing engine is C++ and is compiled here")
}

/// Installs `packages` by `apt-get` if we are root on Debian; else says in one sentence what to install and `why`.
pub fn install(packages: &[&str], why: &str) -> Result<()> {
    let list = packages.join(" ");
    let root = output(Command::new("id").arg("-u")).is_ok_and(|user| user.trim() == "0");
    let apt = Command::new("apt-get")
        .arg("--version")
        .output()
        .is_ok_and(|run| run.status.success());
    if !root || !apt {
        bail!("{why}: install them (on Debian the packages {list})");
    }
    eprintln!("installing {list}");
    run(Command::new("apt-get").args(["update", "--quiet"]))?;
    let mut install = Command::new("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive");
    run(install
        .args(["install", "--yes", "--quiet", "--no-install-recommends"])
        .args(packages))
    .with_context(|| format!("apt-get could not install {list}"))
}
