//! A project's kernel, built for both machines.

use {
    super::{
        Error, Result, file,
        tools::{self, ForSbpf, ForWasm},
    },
    serde_json::Value,
    sluice_toolchain::{
        limits, module,
        remap::{remap, write_changed},
        sbf, wasm,
    },
    sluice_work::{core::Kind, hash},
    std::{
        fs,
        path::{Path, PathBuf},
        process::Command,
    },
};

/// Where kernels are put, below a project's folder.
pub const OUT: &str = "target/kernel";

/// How sBPF is to be had where it is not.
pub const NO_SBPF: &str = "left out: it takes `cargo build-sbf`, which comes with Solana's tools (docs.anza.xyz/cli/install)";

/// A kernel that was built.
#[derive(Clone, Debug)]
pub struct Built {
    /// What runs it.
    pub kind: Kind,
    /// Where it lies.
    pub path: PathBuf,
    /// Its bytes.
    pub len: u64,
    /// Its name in a specification: SHA-256 of its bytes.
    pub sha256: [u8; 32],
}

/// A cargo project that makes one kernel.
#[derive(Debug)]
pub struct Project {
    /// The package's name, which the files have, too.
    pub name: String,
    folder: PathBuf,
    /// The library's name.
    library: String,
    /// The root of the workspace that it belongs to.
    root: PathBuf,
    /// Where everything is compiled.
    target: PathBuf,
}

impl Project {
    /// The one in `folder`.
    ///
    /// # Errors
    /// There is none, its library is no `cdylib`, or there is no cargo.
    pub fn open(folder: &Path) -> Result<Self> {
        let folder = folder.canonicalize().map_err(file("cannot open", folder))?;
        let told = tools::metadata(&folder)?;
        let manifest = folder.join("Cargo.toml");
        let is_it =
            |package: &&Value| text(package, "manifest_path").map(Path::new) == Some(&manifest);
        let packages = told.get("packages").and_then(Value::as_array);
        let package = packages.and_then(|packages| packages.iter().find(is_it));
        let library = package.and_then(|package| {
            let targets = package.get("targets")?.as_array()?;
            let library = targets.iter().find(|target| is_for_machines(target))?;
            text(library, "name")
        });
        let name = package.and_then(|package| text(package, "name"));
        let (Some(name), Some(library)) = (name, library) else {
            return Err(Error::Given(format!(
                "{} has no library of crate-type `cdylib`: `sluice kernel new` makes a project that has",
                manifest.display()
            )));
        };
        let place = |key| text(&told, key).map(PathBuf::from);
        let (Some(root), Some(target)) = (place("workspace_root"), place("target_directory"))
        else {
            return Err(Error::Tool("`cargo metadata` names no folders".to_owned()));
        };
        Ok(Self {
            name: name.to_owned(),
            library: library.replace('-', "_"),
            root,
            // Apart from what cargo makes else: other flags would have it compile everything anew.
            target: target.join("sluice"),
            folder,
        })
    }

    /// Builds it for WebAssembly.
    ///
    /// # Errors
    /// A tool is missing, the sources do not compile, or what they make is no kernel.
    pub fn wasm(&self) -> Result<Built> {
        let mut build = self.cargo()?;
        match tools::for_wasm(&self.folder)? {
            ForWasm::Toolchain => flags(&mut build, &wasm::FLAGS),
            ForWasm::Debian { linker } => {
                flags(tools::by_debian(&mut build), &wasm::FLAGS_WITH_CORE);
                build
                    .arg("-Zbuild-std=core")
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", wasm::LINKER)
                    .env("PATH", tools::first_in_path(&linker)?);
            }
        }
        compile(build.args(["--target", wasm::TARGET]), "WebAssembly")?;
        let left = format!("{}/release/{}.wasm", wasm::TARGET, self.library);
        let bytes = module::stripped(&self.left(&self.target.join(left))?)?;
        limits::check_module(&self.name, &bytes)?;
        self.place(Kind::Wasm, &bytes)
    }

    /// Builds it for sBPF; `None` where the tools are not there ([`NO_SBPF`]).
    ///
    /// # Errors
    /// The sources do not compile, or what they make is no kernel.
    pub fn sbpf(&self) -> Result<Option<Built>> {
        let path = match tools::for_sbpf(&self.folder)? {
            None => return Ok(None),
            Some(ForSbpf::PlatformTools) => self.by_platform_tools()?,
            Some(ForSbpf::Debian { sbpf_linker }) => self.by_debian(&sbpf_linker)?,
        };
        let bytes = self.left(&path)?;
        limits::check_elf(&self.name, &bytes)?;
        self.place(Kind::Sbpf, &bytes).map(Some)
    }

    fn by_platform_tools(&self) -> Result<PathBuf> {
        let folder = self.target.join("platform-tools");
        let mut build = tools::cargo(&self.folder);
        build
            .env("CARGO_TARGET_DIR", &folder)
            .args(["build-sbf", "--arch", "v3", "--manifest-path"])
            .arg(self.folder.join("Cargo.toml"))
            .arg("--sbf-out-dir")
            .arg(&folder);
        compile(&mut build, "sBPF")?;
        Ok(folder.join(format!("{}.so", self.library)))
    }

    fn by_debian(&self, sbpf_linker: &Path) -> Result<PathBuf> {
        let specification = sbf::specification(&tools::bpf_specification(&self.folder)?)?;
        let path = self.target.join(format!("{}.json", sbf::TARGET));
        write_changed(&path, &specification)?;
        let mut build = self.cargo()?;
        flags(tools::by_debian(&mut build), &sbf::FLAGS);
        build
            .args(["-Zjson-target-spec", "-Zbuild-std=core"])
            .arg("-Zbuild-std-features=compiler-builtins-mem")
            .env("CARGO_TARGET_SBF_LINKER", sbf::LINKER)
            .env("SBPF_LINKER", sbpf_linker);
        compile(build.arg("--target").arg(&path), "sBPF")?;
        let left = format!("{}/release/lib{}.so", sbf::TARGET, self.library);
        Ok(self.target.join(left))
    }

    /// Cargo, told to build the library so that no path of this machine is in it.
    fn cargo(&self) -> Result<Command> {
        let mut build = tools::cargo(&self.folder);
        build
            .args(["build", "--quiet", "--release", "--lib", "--target-dir"])
            .arg(&self.target)
            .arg("--manifest-path")
            .arg(self.folder.join("Cargo.toml"));
        remap(&mut build, &self.root, &self.target)?;
        Ok(build)
    }

    fn left(&self, path: &Path) -> Result<Vec<u8>> {
        fs::read(path).map_err(file("the build left no", path))
    }

    /// Puts a kernel in place at once, so that nobody reads half of it.
    fn place(&self, kind: Kind, bytes: &[u8]) -> Result<Built> {
        let folder = self.folder.join(OUT);
        fs::create_dir_all(&folder).map_err(file("cannot create", &folder))?;
        let path = folder.join(format!("{}.{}", self.name, extension(kind)));
        let part = path.with_added_extension(std::process::id().to_string());
        fs::write(&part, bytes)
            .and_then(|()| fs::rename(&part, &path))
            .map_err(file("cannot write", &path))?;
        Ok(Built {
            kind,
            path,
            len: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            sha256: hash::blob(bytes),
        })
    }
}

/// How the name of a kernel's file ends.
pub const fn extension(kind: Kind) -> &'static str {
    match kind {
        Kind::Wasm => "wasm",
        Kind::Sbpf => "so",
    }
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}

/// True for a target of cargo that a machine can load.
fn is_for_machines(target: &Value) -> bool {
    let types = target.get("crate_types").and_then(Value::as_array);
    types.is_some_and(|types| types.iter().any(|one| one == "cdylib"))
}

fn flags(build: &mut Command, flags: &[&str]) {
    build.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
}

fn compile(build: &mut Command, target: &'static str) -> Result<()> {
    let told = tools::ran(build)?;
    if told.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&told.stderr).into_owned();
    Err(Error::Sources { target, said })
}
