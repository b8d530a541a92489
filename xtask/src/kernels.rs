//! `cargo xtask kernels`: each kernel for the machines that it is for, both by default, from one source.

mod wasm;

use {
    crate::{
        program::{Route, install, read},
        workspace::Workspace,
    },
    anyhow::{Result, bail},
    clap::Args,
    sluice_elf::sha256,
    sluice_toolchain::{limits, module},
    std::path::{Path, PathBuf},
};

/// What the names of the kernels' packages begin with.
const PREFIX: &str = "sluice-kernel-";

/// Compile each kernel for sBPF and WebAssembly: target/kernels/<name>.so and .wasm
#[derive(Args)]
pub struct Kernels {
    /// This kernel alone: `fractal`
    name: Option<String>,
    /// Which compiler to use for sBPF; by default platform-tools if `cargo build-sbf` is installed, else upstream
    #[arg(long, value_enum, env = "SLUICE_ROUTE")]
    route: Option<Route>,
}

impl Kernels {
    pub fn run(self, workspace: &Workspace) -> Result<()> {
        build(workspace, self.name.as_deref(), self.route)
    }
}

/// Compiles all kernels, or the one named.
pub fn build(workspace: &Workspace, only: Option<&str>, route: Option<Route>) -> Result<()> {
    let all = workspace.named(PREFIX);
    let names: Vec<_> = all
        .filter(|name| only.is_none_or(|only| only == *name))
        .collect();
    if names.is_empty() {
        let there: Vec<_> = workspace.named(PREFIX).collect();
        bail!("no such kernel; there are {}", there.join(", "));
    }
    let packages: Vec<_> = names.iter().map(|name| format!("{PREFIX}{name}")).collect();
    let packages: Vec<_> = packages.iter().map(String::as_str).collect();

    let route = Route::chosen(route);
    let mut for_sbpf = vec![];
    for (name, package) in names.iter().zip(&packages) {
        if workspace.is_for(package, "sbpf")? {
            for_sbpf.push((*name, *package));
        }
    }
    if !for_sbpf.is_empty() {
        let packages: Vec<_> = for_sbpf.iter().map(|(_, package)| *package).collect();
        let elves = route.compile(workspace, &packages)?;
        for ((name, _), elf) in for_sbpf.iter().zip(&elves) {
            place_elf(workspace, name, elf)?;
        }
    }
    let modules = wasm::build(workspace, &packages, route)?;
    for (name, module) in names.iter().zip(&modules) {
        let module = module::stripped(&read(workspace, module)?)?;
        limits::check_module(name, &module)?;
        place(workspace, &format!("{name}.wasm"), &module)?;
    }
    Ok(())
}

/// Compiles the kernel `name` for sBPF alone, with the std that the program is compiled with.
pub fn build_elf(workspace: &Workspace, name: &str) -> Result<()> {
    let package = format!("{PREFIX}{name}");
    let elves = Route::chosen(None).compile(workspace, &[&package])?;
    place_elf(workspace, name, &elves[0])
}

/// Where the ELF of the kernel `name` lies.
pub fn elf(workspace: &Workspace, name: &str) -> PathBuf {
    folder(workspace).join(format!("{name}.so"))
}

/// Puts in place what the compiler left, if a cluster would take it.
fn place_elf(workspace: &Workspace, name: &str, built: &Path) -> Result<()> {
    let bytes = read(workspace, built)?;
    limits::check_elf(name, &bytes)?;
    place(workspace, &format!("{name}.so"), &bytes)
}

fn place(workspace: &Workspace, file: &str, bytes: &[u8]) -> Result<()> {
    let path = folder(workspace).join(file);
    install(bytes, &path)?;
    println!("{}", workspace.relative(&path));
    println!("  size    {} bytes", bytes.len());
    println!("  sha256  {}", sha256(bytes));
    Ok(())
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target().join("kernels")
}
