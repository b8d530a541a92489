//! Modules that mean harm.

use {
    super::{echo, limits, module, package, pool},
    sluice_work::{
        engine::Limits,
        sandbox::{Options, Package, Pool, Vm},
        undone::Undone,
    },
    std::{
        env, fs,
        process::{Command, Stdio},
        time::{Duration, Instant},
    },
};

/// Set where a test runs alone in its process.
const ALONE: &str = "SLUICE_ALONE";

/// How many modules in a row leak nothing.
fn rounds() -> usize {
    let wanted = env::var("SLUICE_STRANGERS").ok();
    wanted.map_or(60, |wanted| {
        wanted.parse().expect("SLUICE_STRANGERS is a number")
    })
}

/// A module of a million operations that do not simplify: what takes long to compile.
fn slow_to_compile() -> Package {
    let body = "(local.set 0 (i64.rotl (i64.mul (local.get 0) (local.get 1)) (local.get 1)))
         (local.set 1 (i64.xor (local.get 1) (i64.shr_u (local.get 0) (i64.const 3))))"
        .repeat(100_000);
    module(
        Vm::Wasm,
        &format!(
            r#"(memory (export "memory") 1)
               (func (export "run") (local i64 i64) {body} (i64.store (i32.const 0) (local.get 0)))"#
        ),
    )
}

fn strangers() -> Vec<(&'static str, Package, Undone)> {
    let run = |body| package(Vm::Wasm, body);
    let asking = |import: &str| {
        module(
            Vm::Wasm,
            &format!(r#"{import} (memory (export "memory") 1) (func (export "run"))"#),
        )
    };
    vec![
        ("loops", run("(loop (br 0))"), Undone::Time),
        (
            "grows",
            run("(loop (drop (memory.grow (i32.const 16))) (br 0))"),
            Undone::Memory,
        ),
        ("recurses", run("(call $run)"), Undone::Stack),
        ("traps", run("unreachable"), Undone::Trap),
        (
            "reads outside",
            run("(drop (i64.load (i32.const 65530)))"),
            Undone::Trap,
        ),
        (
            "returns much",
            run(
                "(drop (memory.grow (i32.const 1600))) (call $output (i32.const 0) (i32.const 104857600))",
            ),
            Undone::Output,
        ),
        ("returns nothing", run(""), Undone::NoOutput),
        (
            "opens a file",
            asking(r#"(import "wasi_snapshot_preview1" "path_open" (func (param i32)))"#),
            Undone::Import,
        ),
        (
            "forks",
            asking(r#"(import "env" "fork" (func (result i32)))"#),
            Undone::Import,
        ),
        (
            "reads /proc",
            asking(r#"(import "env" "open" (func (param i32 i32) (result i32)))"#),
            Undone::Import,
        ),
        (
            "signals",
            asking(r#"(import "env" "kill" (func (param i32 i32) (result i32)))"#),
            Undone::Import,
        ),
        (
            "is no code",
            Package::new(Vm::Wasm, vec![0xde; 1_000]),
            Undone::Code,
        ),
        (
            "is no ELF",
            Package::new(Vm::Sbpf, vec![0xde; 1_000]),
            Undone::Code,
        ),
        (
            "loops, interpreted",
            package(Vm::Wasmi, "(loop (br 0))"),
            Undone::Time,
        ),
        (
            "recurses, interpreted",
            package(Vm::Wasmi, "(call $run)"),
            Undone::Stack,
        ),
    ]
}

#[test]
fn each_is_stopped_and_named_and_the_pool_goes_on() {
    let pool = pool(2);
    let short = Limits {
        millis: 300,
        ..limits()
    };
    for (what, package, reason) in strangers() {
        assert_eq!(pool.run(&package, b"", &short), Err(reason), "{what}");
        let good = pool.run(&echo(Vm::Wasm), b"hello", &limits());
        assert_eq!(
            good.as_deref(),
            Ok(b"hello".as_slice()),
            "after one that {what}"
        );
    }
}

#[test]
fn what_takes_minutes_to_compile_is_stopped() {
    let pool = Pool::new(Options {
        program: env!("CARGO_BIN_EXE_sluice-work-exec").into(),
        load: Duration::from_millis(300),
        ..Options::own()
    });
    let slow = slow_to_compile();
    let began = Instant::now();
    assert_eq!(pool.run(&slow, b"", &limits()), Err(Undone::Time));
    assert!(began.elapsed() < Duration::from_secs(5));
    let good = pool.run(&echo(Vm::Wasmi), b"hello", &limits());
    assert_eq!(good.as_deref(), Ok(b"hello".as_slice()));
}

#[test]
fn nothing_gets_out_of_a_process_that_is_shut_in() {
    let ended = Command::new(env!("CARGO_BIN_EXE_sluice-work-stranger"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert_eq!(
        ended.code(),
        Some(0),
        "what went through is told by the code: see stranger.rs"
    );
}

#[test]
fn machine_code_comes_from_the_compiler_s_own_processes() {
    let pool = Pool::new(Options {
        program: env!("CARGO_BIN_EXE_sluice-work-stranger").into(),
        ..Options::own()
    });
    for (vm, kept) in [(Vm::Wasmi, 0), (Vm::Sbpf, 0), (Vm::Wasm, 5)] {
        let lied = pool.run(&echo(vm), b"hello", &limits());
        assert_eq!(lied.as_deref(), Ok(b"lie".as_slice()));
        assert_eq!(pool.cached(), kept, "{vm}");
    }
}

/// In a process of its own: what other tests hold at the same time is no leak of this one's.
#[test]
fn thousands_in_a_row_leak_nothing() {
    if env::var_os(ALONE).is_none() {
        let name = "strangers::thousands_in_a_row_leak_nothing";
        let alone = Command::new(env::current_exe().unwrap())
            .args([name, "--exact", "--nocapture"])
            .env(ALONE, "")
            .status();
        assert!(alone.unwrap().success());
        return;
    }
    let pool = pool(2);
    let short = Limits {
        millis: 50,
        ..limits()
    };
    let strangers = strangers();
    let files = || fs::read_dir("/proc/self/fd").unwrap().count();
    let memory = || {
        let status = fs::read_to_string("/proc/self/statm").unwrap();
        let pages = status.split(' ').nth(1).unwrap();
        pages.parse::<usize>().unwrap() * 4_096
    };
    let mut before = None;
    for round in 0..rounds() {
        let (what, package, reason) = &strangers[round % strangers.len()];
        assert_eq!(pool.run(package, b"", &short), Err(*reason), "{what}");
        assert!(pool.processes() <= 2);
        // Everything was used once: what grows from here on leaks.
        if round == strangers.len() {
            before = Some((files(), memory()));
        }
    }
    let (files_before, memory_before) = before.unwrap();
    assert!(
        files() <= files_before + 8,
        "{files_before} files became {}",
        files()
    );
    let grown = memory().saturating_sub(memory_before);
    assert!(grown < 64 << 20, "{grown} bytes more");
}
