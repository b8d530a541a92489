//! Strangers' code in a pool: it is stopped within its limits and named, and the pool goes on.

mod processes;
mod strangers;

use {
    sluice_work::{
        engine::Limits,
        sandbox::{Options, Package, Pool, Vm},
    },
    std::time::Duration,
};

/// A pool of so many processes.
fn pool(processes: usize) -> Pool {
    Pool::new(Options {
        program: env!("CARGO_BIN_EXE_sluice-work-exec").into(),
        processes,
        load: Duration::from_secs(20),
        ..Options::own()
    })
}

/// A kernel whose `run` does this.
fn package(vm: Vm, body: &str) -> Package {
    let imports = r#"
        (import "sluice" "input" (func $input (param i32 i32 i32) (result i32)))
        (import "sluice" "output" (func $output (param i32 i32)))"#;
    module(
        vm,
        &format!(r#"{imports} (memory (export "memory") 1) (func $run (export "run") {body})"#),
    )
}

fn module(vm: Vm, parts: &str) -> Package {
    let code = wat::parse_str(format!("(module {parts})")).expect("a module");
    Package::new(vm, code)
}

/// Gives its input of 5 bytes back.
fn echo(vm: Vm) -> Package {
    package(
        vm,
        "(call $output (i32.const 0) (call $input (i32.const 0) (i32.const 0) (i32.const 5)))",
    )
}

fn limits() -> Limits {
    Limits {
        memory: 128 << 20,
        output: 1 << 20,
        millis: 20_000,
    }
}
