//! This machine: room, and walls around kernels.

use {
    super::report::Report,
    sluice_work::{
        engine::Limits,
        sandbox::{Confinement, Options, Package, Pool, Vm},
    },
    std::{
        fs::{self, OpenOptions},
        io,
        path::Path,
    },
};

/// Less room than this, and journals cannot be written any more, bytes.
const LEAST_ROOM: u64 = 256 << 20;

/// A kernel whose output is its memory's first eight bytes. In words:
///
/// ```text
/// (module
///   (import "sluice" "output" (func (param i32 i32)))
///   (memory (export "memory") 1)
///   (func (export "run") i32.const 0 i32.const 8 call 0)
///   (data (i32.const 0) "confined"))
/// ```
const KERNEL: &[u8] = b"\0asm\x01\0\0\0\
    \x01\x09\x02\x60\x02\x7f\x7f\0\x60\0\0\
    \x02\x11\x01\x06sluice\x06output\0\0\
    \x03\x02\x01\x01\
    \x05\x03\x01\0\x01\
    \x07\x10\x02\x06memory\x02\0\x03run\0\x01\
    \x0a\x0a\x01\x08\0\x41\0\x41\x08\x10\0\x0b\
    \x0b\x0e\x01\0\x41\0\x0b\x08confined";

/// The folder of state can be written, and there is room for `wanted` bytes.
pub fn disk(folder: &Path, wanted: u64, report: &mut Report) {
    let shown = folder.display();
    // The daemon makes the folder; until then its parent says what can be done there.
    let here = |path: &Path| path.as_os_str().is_empty();
    let mut parents = folder.ancestors();
    let there = parents.find(|path| here(path) || path.exists());
    let Some(there) = there.map(|path| if here(path) { Path::new(".") } else { path }) else {
        report.fail(
            "disk",
            format!("{shown} cannot be made"),
            "Name another folder as `state`.",
        );
        return;
    };
    if let Err(error) = written(there) {
        report.fail(
            "disk",
            format!("{shown} cannot be written: {error}"),
            format!(
                "Make the user of this process the owner of {}.",
                there.display()
            ),
        );
        return;
    }
    match rustix::fs::statvfs(there) {
        Ok(found) => {
            room(
                found.f_bavail.saturating_mul(found.f_frsize),
                wanted,
                folder,
                report,
            );
        }
        Err(error) => report.warn(
            "disk",
            format!("the room of {shown} is not known: {error}"),
            "See for yourself with `df`.",
        ),
    }
}

/// A file can be made there.
fn written(folder: &Path) -> io::Result<()> {
    let probe = folder.join(format!(".sluice-agent-check-{}", std::process::id()));
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&probe)?;
    fs::remove_file(&probe)
}

/// Says whether `free` bytes are enough.
pub fn room(free: u64, wanted: u64, folder: &Path, report: &mut Report) {
    let (mebibytes, wants) = (free >> 20, wanted >> 20);
    let said = format!("{mebibytes} MiB are free for {}", folder.display());
    let remedy = format!("Make room for {wants} MiB, or name a folder of another disk as `state`.");
    if free < LEAST_ROOM {
        report.fail("disk", said, remedy);
    } else if free < wanted {
        report.warn("disk", said, remedy);
    } else {
        report.ok("disk", said);
    }
}

/// A kernel runs here, shut in.
pub fn sandbox(is_open: bool, report: &mut Report) {
    let limits = Limits {
        memory: 1 << 20,
        output: 8,
        millis: 10_000,
    };
    let run = |least| {
        let pool = Pool::new(Options {
            processes: 1,
            least,
            ..Options::own()
        });
        let package = Package::new(Vm::Wasm, KERNEL.to_vec());
        pool.run(&package, &[], &limits)
            .is_ok_and(|output| output == b"confined")
    };
    if run(Confinement::Calls) {
        report.ok(
            "sandbox",
            "a kernel ran, shut in by limits and a filter of system calls",
        );
    } else if !run(Confinement::Limits) {
        report.fail(
            "sandbox",
            "no kernel runs here",
            "The process has to start itself anew (/proc mounted, no `noexec`), write memory and run it, and set limits on itself: see the units in app/agent/systemd.",
        );
    } else if is_open {
        report.warn(
            "sandbox",
            "kernels run with limits alone: the system filters no system calls",
            "Run this on Linux (x86-64, aarch64, riscv64) with seccomp, and keep no key here that is worth anything until then.",
        );
    } else {
        report.fail(
            "sandbox",
            "the system filters no system calls, so that no kernel is run",
            "Run this on Linux (x86-64, aarch64, riscv64) with seccomp; `without_confinement = true` gives that up.",
        );
    }
}
