//! Kernels in processes of this very program, as the attester runs them.

use {
    sluice_agent::attester::Engines,
    sluice_work::{
        core::Kind,
        engine::Limits,
        sandbox::{Options, Pool},
        undone::Undone,
    },
    std::time::{Duration, Instant},
};

const LIMITS: Limits = Limits {
    memory: 1 << 20,
    output: 64,
    millis: 60_000,
};

fn pool() -> Pool {
    Pool::new(Options {
        program: env!("CARGO_BIN_EXE_sluice-agent").into(),
        ..Options::own()
    })
}

fn wasm(body: &str) -> Vec<u8> {
    let module = format!(
        r#"(module
            (import "sluice" "input" (func $input (param i32 i32 i32) (result i32)))
            (import "sluice" "output" (func $output (param i32 i32)))
            (memory (export "memory") 1)
            (func (export "run") {body}))"#
    );
    wat::parse_str(module).unwrap()
}

#[test]
fn both_engines_load_and_run_a_kernel() {
    let pool = pool();
    let echo =
        "(call $output (i32.const 0) (call $input (i32.const 0) (i32.const 0) (i32.const 5)))";
    let engines = Engines::new(Kind::Wasm, wasm(echo));
    // It traps on the empty input with which it is tried: it loads all the same.
    assert_eq!(engines.load(&pool, &LIMITS), Ok(()));
    for package in [engines.first(), engines.other().unwrap()] {
        assert_eq!(pool.run(package, b"input", &LIMITS).unwrap(), b"input");
    }
}

#[test]
fn a_kernel_that_never_ends_is_tried_for_a_moment_only() {
    let engines = Engines::new(Kind::Wasm, wasm("(loop (br 0))"));
    let began = Instant::now();
    assert_eq!(engines.load(&pool(), &LIMITS), Ok(()));
    assert!(began.elapsed() < Duration::from_secs(15));
}

#[test]
fn what_is_no_kernel_does_not_load() {
    for kind in [Kind::Wasm, Kind::Sbpf] {
        let engines = Engines::new(kind, b"no kernel at all".to_vec());
        assert_eq!(engines.load(&pool(), &LIMITS), Err(Undone::Code));
    }
    let import = r#"(module (import "env" "now" (func)) (memory (export "memory") 1) (func (export "run")))"#;
    let engines = Engines::new(Kind::Wasm, wat::parse_str(import).unwrap());
    assert_eq!(engines.load(&pool(), &LIMITS), Err(Undone::Import));
}
