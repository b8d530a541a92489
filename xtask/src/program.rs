//! `cargo xtask build`: the program as the ELF a validator runs.

mod platform_tools;
pub mod upstream;

use {
    crate::workspace::{PROGRAM, Workspace},
    anyhow::{Context, Result, bail},
    clap::{Args, ValueEnum},
    sluice_elf::{Sources, deployed, sha256},
    sluice_toolchain::elf::Elf,
    std::{
        fs,
        path::{Path, PathBuf},
        time::Instant,
    },
};

/// The largest program we deploy: rent and the time to upload grow with it.
const SIZE_BUDGET: usize = 512 * 1024;

/// What the first build is, and what it takes, for whoever waits for it.
pub const FIRST: &str = "The first time linker and std, 3 minutes of processor time";

/// The deepest that a function may reach into its stack frame, of the 4,096 bytes that one has on chain: a change that adds a
/// local must not be the one that finds no room.
const FRAME_BUDGET: u64 = 3072;

/// Build the program as an sBPF v3 ELF: target/deploy/sluice.so
#[derive(Args)]
pub struct Build {
    /// Which compiler to use; by default platform-tools if `cargo build-sbf` is installed, else upstream
    #[arg(long, value_enum, env = "SLUICE_ROUTE")]
    route: Option<Route>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Route {
    /// Solana's own compiler, through `cargo build-sbf`
    PlatformTools,
    /// Debian's rustc and LLVM, with the linker of this repository
    Upstream,
}

impl Build {
    pub fn run(self, workspace: &Workspace) -> Result<()> {
        build(workspace, self.route).map(drop)
    }
}

/// Builds the program unless it is up to date, and returns where it is.
pub fn build(workspace: &Workspace, route: Option<Route>) -> Result<PathBuf> {
    let started = Instant::now();
    let deployed = deployed(&workspace.root);
    let route = Route::chosen(route);
    let tools = route.describe()?;
    let sources = Sources::read(&workspace.root).context("cannot read the program's sources")?;

    let last = fs::read(&deployed).ok();
    if let Some(elf) = last.filter(|elf| sources.made_with(&tools, elf)) {
        report(workspace, &deployed, &elf, "up to date")?;
        return Ok(deployed);
    }
    let elf = read(workspace, &route.compile(workspace, &[PROGRAM])?[0])?;
    check(&elf)?;
    install(&elf, &deployed)?;
    sources
        .record(&tools, &elf)
        .context("cannot record what the ELF was made from")?;
    report(
        workspace,
        &deployed,
        &elf,
        &format!("{:.1} s", started.elapsed().as_secs_f64()),
    )?;
    Ok(deployed)
}

impl Route {
    /// The one that was asked for, else what the machine has.
    pub fn chosen(asked: Option<Self>) -> Self {
        asked.unwrap_or_else(|| match platform_tools::version() {
            Some(_) => Self::PlatformTools,
            None => Self::Upstream,
        })
    }

    /// Compiles the libraries of `packages` for sBPF; returns their ELFs, in order.
    pub fn compile(self, workspace: &Workspace, packages: &[&str]) -> Result<Vec<PathBuf>> {
        match self {
            Self::PlatformTools => platform_tools::build(workspace, packages),
            Self::Upstream => upstream::build(workspace, packages),
        }
    }

    /// What the ELF depends on besides the sources.
    fn describe(self) -> Result<String> {
        match self {
            Self::PlatformTools => platform_tools::version().context("`cargo build-sbf` is not installed: install Agave's tools, or use --route upstream"),
            Self::Upstream => Ok(upstream::version()),
        }
    }
}

fn check(elf: &[u8]) -> Result<()> {
    let parsed = Elf::parse(elf)?;
    if parsed.version != 3 {
        bail!(
            "the program is sBPF v{}; clusters take v3 only",
            parsed.version
        );
    }
    let frame = parsed.largest_frame();
    if frame > FRAME_BUDGET {
        bail!("a stack frame has {frame} bytes, more than the budget of {FRAME_BUDGET}");
    }
    if elf.len() > SIZE_BUDGET {
        bail!(
            "the program has {} bytes, {} more than the budget of {SIZE_BUDGET}",
            elf.len(),
            elf.len() - SIZE_BUDGET
        );
    }
    // A linker drops what no code refers to.
    solana_security_txt::find_and_parse(elf).context("the program has no security.txt")?;
    Ok(())
}

/// What the compiler left.
pub fn read(workspace: &Workspace, built: &Path) -> Result<Vec<u8>> {
    fs::read(built).with_context(|| format!("the build left no {}", workspace.relative(built)))
}

/// Puts a file in place at once, so that a test reading it never sees half of it.
pub fn install(bytes: &[u8], path: &Path) -> Result<()> {
    let folder = path.parent().context("no folder to put it in")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let part = path.with_added_extension(std::process::id().to_string());
    fs::write(&part, bytes).with_context(|| format!("cannot write {}", part.display()))?;
    fs::rename(&part, path).with_context(|| format!("cannot write {}", path.display()))
}

fn report(workspace: &Workspace, deployed: &Path, elf: &[u8], how: &str) -> Result<()> {
    let share = elf.len() as f64 * 100.0 / SIZE_BUDGET as f64;
    println!("{}: {how}", workspace.relative(deployed));
    println!("  size    {} bytes, {share:.1} % of the budget", elf.len());
    println!(
        "  frame   {} bytes at most, of {FRAME_BUDGET}",
        Elf::parse(elf)?.largest_frame()
    );
    println!("  sha256  {}", sha256(elf));
    // As explorers count it.
    println!("  hash    {}", sha256(trimmed(elf)));
    Ok(())
}

/// Without the zeros at its end: on chain nobody can tell them from the zeros that fill the account.
fn trimmed(elf: &[u8]) -> &[u8] {
    let end = elf.iter().rposition(|byte| *byte != 0);
    &elf[..end.map_or(0, |last| last + 1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_at_the_end_do_not_count() {
        assert_eq!(trimmed(&[1, 0, 2, 0, 0]), [1, 0, 2]);
        assert_eq!(trimmed(&[1]), [1]);
        assert!(trimmed(&[0, 0]).is_empty());
        let of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256(trimmed(&[0])), of_nothing);
    }
}
