//! The `linker` rustc calls on the upstream route.
//!
//! LLVM's BPF backend refuses some of what ordinary Rust compiles to: checked 64-bit multiplication, 128-bit arithmetic,
//! returned aggregates, more than five parameters. So a program is linked in steps: `sbpf-linker` merges and optimises all inputs
//! into one module, [`lower`] rewrites in that module what the backend refuses, and `sbpf-linker` makes the ELF from it.
//! What is inlined is the compiler's to decide.
#![deny(unsafe_code)]

mod arguments;
mod llvm;
mod lower;

use {
    crate::{arguments::Arguments, llvm::Module},
    anyhow::{Context, Result, bail},
    std::{
        env, fs,
        path::{Path, PathBuf},
        process::{Command, ExitCode, Stdio},
    },
};

/// Names the `sbpf-linker` executable; without it the one on `PATH` is used.
const SBPF_LINKER: &str = "SBPF_LINKER";

/// Memory routines that must stay calls, as on other targets, where they take no part in link-time optimisation: code generation
/// expands a call of them into a few loads, and cannot tell what an inlined loop is for.
const KEPT_CALLS: [&str; 5] = ["bcmp", "memcmp", "memcpy", "memmove", "memset"];

/// Names a file that receives the lowered module, for a look at what makes a program large.
const KEEP_BITCODE: &str = "SBF_LINK_KEEP_BITCODE";

fn main() -> ExitCode {
    match link(&Arguments::parse(env::args().skip(1))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sbf-link: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn link(arguments: &Arguments) -> Result<()> {
    let output = arguments
        .output
        .as_deref()
        .context("no -o among the linker arguments")?;
    let scratch = Scratch::beside(output)?;

    let merged = scratch.0.join("merged.bc");
    merge(arguments, &merged)?;

    let mut module = Module::read(&merged)?;
    for remark in lower::lower(&mut module)? {
        eprintln!("sbf-link: {remark}");
    }
    let lowered = scratch.0.join("lowered.bc");
    module.write(&lowered)?;
    if let Some(kept) = env::var_os(KEEP_BITCODE) {
        fs::copy(&lowered, &kept).context("cannot keep the bitcode")?;
    }

    emit(arguments, &lowered, output)
}

/// Step one: every input merged into one optimised bitcode module, no code generated.
///
/// `sbpf-linker` writes the bitcode, then fails because it is not an object it could turn into an ELF; so the file decides.
fn merge(arguments: &Arguments, merged: &Path) -> Result<()> {
    let run = sbpf_linker()
        .args(&arguments.options)
        // Division is rewritten into calls of the 128-bit routines, so they must survive until then.
        .args(KEPT_CALLS.map(|name| format!("--llvm-args=--force-attribute={name}:noinline")))
        .args(["--export", "__udivti3,__umodti3", "--emit", "llvm-bc", "-o"])
        .arg(merged)
        .args(&arguments.inputs)
        .stdin(Stdio::null())
        .output()
        .context("cannot run sbpf-linker")?;
    if !merged.is_file() {
        bail!(
            "sbpf-linker could not merge the inputs:\n{}",
            String::from_utf8_lossy(&run.stderr)
        );
    }
    Ok(())
}

/// Step two: code generation from the lowered module alone.
///
/// The module is optimised again on the way. At level 3 that would replace pointers among the parameters by what they point to,
/// and make functions that the backend cannot call out of those that were lowered; level 2 has everything else.
fn emit(arguments: &Arguments, lowered: &Path, output: &Path) -> Result<()> {
    let options = arguments
        .options
        .iter()
        .map(|option| match option.as_str() {
            "-O3" => "-O2",
            other => other,
        });
    let run = sbpf_linker()
        .args(options)
        .args(["--disable-math-builtins", "-o"])
        .arg(output)
        .arg(lowered)
        .output()
        .context("cannot run sbpf-linker")?;
    if !run.status.success() {
        bail!(
            "sbpf-linker could not generate code:\n{}",
            String::from_utf8_lossy(&run.stderr)
        );
    }
    Ok(())
}

fn sbpf_linker() -> Command {
    let program = env::var_os(SBPF_LINKER).unwrap_or_else(|| "sbpf-linker".into());
    let mut command = Command::new(program);
    // By default it also writes target/deploy/<name>.so, for every dependency that is a cdylib.
    command.arg("--deploy=false");
    command
}

/// A folder of this link alone, removed when the link ends: cargo may run several links at once.
struct Scratch(PathBuf);

impl Scratch {
    fn beside(output: &Path) -> Result<Self> {
        let name = output
            .file_name()
            .context("the output has no file name")?
            .to_string_lossy();
        let folder = output.with_file_name(format!(".{name}.{}", std::process::id()));
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A leftover folder is untidy, not wrong.
        let _ = fs::remove_dir_all(&self.0);
    }
}
