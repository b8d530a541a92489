//! Engines against each other and against the chain.

mod alike;
mod refused;
mod tell;

use {
    sluice_work::{
        engine::{
            Engine,
            sbpf::{Mode, Sbpf},
            wasm::Wasm,
            wasmi::Wasmi,
        },
        undone::Undone,
    },
    sluice_work_tests::{SBPF, WASM},
};

/// The chain's VM both ways.
fn sbpf(code: &[u8], input: &[u8]) -> Result<Vec<u8>, Undone> {
    let run = |mode| {
        let engine = Sbpf::new(mode)?;
        engine.load(code)?.run(input, &SBPF)
    };
    let interpreted = run(Mode::Interpreter);
    assert_eq!(
        interpreted,
        run(Mode::Jit),
        "interpreter and compiler differ"
    );
    interpreted
}

/// WebAssembly both ways, of a module as text.
fn wasm(module: &str, input: &[u8]) -> Result<Vec<u8>, Undone> {
    let code = wat::parse_str(module).expect("a module");
    let run = |engine: &dyn Engine| engine.load(&code)?.run(input, &WASM);
    let compiled = run(&Wasm::new().expect("an engine"));
    assert_eq!(
        compiled,
        run(&Wasmi::default()),
        "compiler and interpreter differ"
    );
    compiled
}
