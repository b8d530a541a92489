//! `cargo xtask dist`: what a user installs, in one archive.

mod archive;

use {
    self::archive::{Entry, archive, sums},
    crate::{
        debian, program,
        workspace::{PROGRAM, Workspace, cargo, output, run},
    },
    anyhow::{Context, Result, bail, ensure},
    clap::Args,
    sluice_toolchain::remap::remaps,
    std::{
        fs,
        path::{Path, PathBuf},
        process::Command,
        time::Instant,
    },
};

/// The package and the profile of Cargo.toml that the command is built by.
const PACKAGE: &str = "sluice-cli";
const PROFILE: &str = "shipped";

/// The file of checksums, in the archive and beside it.
const SUMS: &str = "SHA256SUMS";

/// What lies in the repository as it lies in the archive.
const DOCUMENTS: [&str; 3] = ["CHANGELOG.md", "LICENSE", "README.md"];

/// Shells, and what their completions are called where each looks for them.
const SHELLS: [(&str, &str); 3] = [
    ("bash", "sluice.bash"),
    ("fish", "sluice.fish"),
    ("zsh", "_sluice"),
];

/// Make an archive of the command, its completions and man pages, the program and its IDL, with checksums: target/dist
#[derive(Args)]
pub struct Dist {
    /// Leave hardware wallets out, even if this machine can build them in
    #[arg(long)]
    no_usb: bool,
}

impl Dist {
    pub fn run(self, workspace: &Workspace) -> Result<()> {
        let started = Instant::now();
        let usb = !self.no_usb && hardware_wallets();
        println!("1 of 3: the program. {}", program::FIRST);
        let elf = program::build(workspace, None)?;
        println!("2 of 3: the command. The first time 430 crates, 9 minutes of processor time");
        let command = build(workspace, usb)?;
        println!("3 of 3: the archive");
        let version = workspace.version(PACKAGE)?;
        let name = format!("{PROGRAM}-{version}-{}", host()?);
        let folder = workspace.target().join("dist");
        let entries = entries(workspace, &command, &elf, &folder.join("man"))?;
        let path = write(&folder, &name, entries)?;
        check(&folder, &name, version)?;
        let wallets = if usb { "with" } else { "without" };
        println!(
            "{}: {:.1} MB, {wallets} hardware wallets, {:.0} s",
            workspace.relative(&path),
            fs::metadata(&path)?.len() as f64 / 1e6,
            started.elapsed().as_secs_f64()
        );
        Ok(())
    }
}

/// True if hardware wallets can be built in: on Linux they need libudev's headers.
fn hardware_wallets() -> bool {
    let ready = debian::ensure_udev();
    if let Err(why) = &ready {
        println!("hardware wallets are left out: {why:#}");
    }
    ready.is_ok()
}

/// Builds the command, whose bytes hold no path of this machine.
fn build(workspace: &Workspace, usb: bool) -> Result<PathBuf> {
    let mut build = cargo();
    build
        .current_dir(&workspace.root)
        .args(["build", "--locked", "--profile", PROFILE])
        .args(["--package", PACKAGE, "--bin", PROGRAM]);
    if usb {
        build.args(["--features", "usb"]);
    }
    let flags = remaps(&workspace.root)?.join("\u{1f}");
    run(build.env("CARGO_ENCODED_RUSTFLAGS", flags))?;
    let built = workspace.target().join(PROFILE).join(PROGRAM);
    Ok(built.with_extension(std::env::consts::EXE_EXTENSION))
}

/// The target triple of this machine.
fn host() -> Result<String> {
    let version = output(Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not name its host")?.to_owned())
}

/// Everything in the archive but its checksums. Pages of an earlier version in `man` go.
fn entries(workspace: &Workspace, command: &Path, elf: &Path, man: &Path) -> Result<Vec<Entry>> {
    let read =
        |path: &Path| fs::read(path).with_context(|| format!("cannot read {}", path.display()));
    let mut entries = vec![
        Entry::command(PROGRAM, read(command)?),
        Entry::file("program/sluice.so", read(elf)?),
        Entry::file(
            "program/sluice.json",
            read(&workspace.root.join("idl/sluice.json"))?,
        ),
    ];
    for document in DOCUMENTS {
        entries.push(Entry::file(document, read(&workspace.root.join(document))?));
    }
    for (shell, file) in SHELLS {
        let script = output(Command::new(command).args(["completions", shell]))?;
        entries.push(Entry::file(
            &format!("completions/{file}"),
            script.into_bytes(),
        ));
    }
    if man.is_dir() {
        fs::remove_dir_all(man)?;
    }
    output(Command::new(command).arg("man").arg(man))?;
    for page in fs::read_dir(man)? {
        let page = page?;
        let name = page.file_name();
        let name = format!("man/man1/{}", name.to_string_lossy());
        entries.push(Entry::file(&name, read(&page.path())?));
    }
    fs::remove_dir_all(man)?;
    Ok(entries)
}

/// Writes the archive `name`, and its checksum beside it.
fn write(folder: &Path, name: &str, mut entries: Vec<Entry>) -> Result<PathBuf> {
    let list = sums(entries.iter().map(|entry| (&*entry.name, &*entry.bytes)));
    entries.push(Entry::file(SUMS, list.into_bytes()));
    let file = format!("{name}.tar.gz");
    let bytes = archive(name, entries).context("cannot write the archive")?;
    fs::create_dir_all(folder)?;
    fs::write(folder.join(SUMS), sums([(&*file, &*bytes)]))?;
    let path = folder.join(file);
    fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// Does as a user does: compares the checksums, unpacks, compares again, runs the command.
fn check(folder: &Path, name: &str, version: &str) -> Result<()> {
    let tool = Command::new("sha256sum").arg("--version").output();
    if !tool.is_ok_and(|run| run.status.success()) {
        bail!("sha256sum is missing, with which users check the archive");
    }
    let compare = |folder: &Path| {
        run(Command::new("sha256sum")
            .args(["--check", "--quiet", SUMS])
            .current_dir(folder))
    };
    compare(folder)?;
    run(Command::new("tar")
        .args(["--extract", "--gzip", "--file"])
        .arg(format!("{name}.tar.gz"))
        .current_dir(folder))?;
    let unpacked = folder.join(name);
    compare(&unpacked)?;
    let told = output(Command::new(unpacked.join(PROGRAM)).arg("--version"))?;
    ensure!(
        told.trim() == format!("{PROGRAM} {version}"),
        "the command in the archive says that it is {}",
        told.trim()
    );
    fs::remove_dir_all(unpacked).context("cannot remove what was unpacked")
}
