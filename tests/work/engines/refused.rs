//! What no engine takes, and what none finishes.

use {
    super::{sbpf, wasm},
    sluice_work::undone::Undone,
    sluice_work_tests::assembled::{elf, kernel},
};

/// A module with these parts beside the memory.
fn module(parts: &str) -> String {
    format!(r#"(module {parts} (memory (export "memory") 1))"#)
}

/// A module whose `run` does this.
fn run(body: &str) -> String {
    let imports = r#"
        (import "sluice" "input" (func $input (param i32 i32 i32) (result i32)))
        (import "sluice" "output" (func $output (param i32 i32)))"#;
    module(&format!(r#"{imports} (func $run (export "run") {body})"#))
}

#[test]
fn a_module_reads_its_input_and_gives_an_output() {
    let echo =
        run("(call $output (i32.const 0) (call $input (i32.const 0) (i32.const 0) (i32.const 5)))");
    assert_eq!(wasm(&echo, b"12345"), Ok(b"12345".to_vec()));
    assert_eq!(wasm(&echo, b"1234"), Err(Undone::Trap));
    assert_eq!(wasm(&echo, b"123456").map(|output| output.len()), Ok(6));
}

#[test]
fn the_last_output_counts_and_an_empty_one_is_none() {
    let twice = "(call $output (i32.const 0) (i32.const 8)) (call $output (i32.const 0) (i32.const";
    assert_eq!(wasm(&run(&format!("{twice} 3))")), b""), Ok(vec![0; 3]));
    assert_eq!(
        wasm(&run(&format!("{twice} 0))")), b""),
        Err(Undone::NoOutput)
    );
    assert_eq!(wasm(&run(""), b""), Err(Undone::NoOutput));
}

#[test]
fn an_output_has_bounds() {
    let of = |pages: u32, len: u32| {
        run(&format!(
            "(drop (memory.grow (i32.const {pages}))) (call $output (i32.const 0) (i32.const {len}))"
        ))
    };
    assert_eq!(
        wasm(&of(16, 1 << 20), b"").map(|output| output.len()),
        Ok(1 << 20)
    );
    assert_eq!(wasm(&of(17, (1 << 20) + 1), b""), Err(Undone::Output));
    assert_eq!(wasm(&of(0, 65_537), b""), Err(Undone::Trap));
    assert_eq!(
        wasm(&run("(call $output (i32.const -1) (i32.const 1))"), b""),
        Err(Undone::Trap)
    );
}

#[test]
fn whatever_else_is_asked_for_is_refused() {
    for import in [
        r#"(import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))"#,
        r#"(import "sluice" "clock" (func (result i64)))"#,
        r#"(import "sluice" "input" (func (param i32 i32) (result i32)))"#,
        r#"(import "sluice" "output" (func (param i64 i32)))"#,
        r#"(import "sluice" "output" (global i32))"#,
        r#"(import "env" "table" (table 1 funcref))"#,
    ] {
        let asking = module(&format!(r#"{import} (func (export "run"))"#));
        assert_eq!(wasm(&asking, b""), Err(Undone::Import), "{import}");
    }
    let memory = r#"(module (import "env" "memory" (memory 1)) (func (export "run")) (export "memory" (memory 0)))"#;
    assert_eq!(wasm(memory, b""), Err(Undone::Import));
}

#[test]
fn what_is_no_kernel_is_refused() {
    for (what, text) in [
        ("without run", module("")),
        (
            "with a run that takes something",
            module(r#"(func (export "run") (param i32))"#),
        ),
        (
            "with a run that gives something",
            module(r#"(func (export "run") (result i32) i32.const 1)"#),
        ),
        (
            "with a run that is no function",
            module(r#"(global (export "run") i32 (i32.const 1))"#),
        ),
        (
            "without a memory",
            r#"(module (func (export "run")))"#.to_owned(),
        ),
        (
            "with a start",
            module(r#"(func $start) (start $start) (func (export "run"))"#),
        ),
        (
            "with two memories",
            module(r#"(memory 1) (func (export "run"))"#),
        ),
        (
            "with 64-bit memory",
            r#"(module (memory (export "memory") i64 1) (func (export "run")))"#.to_owned(),
        ),
        (
            "with shared memory",
            r#"(module (memory (export "memory") 1 2 shared) (func (export "run")))"#.to_owned(),
        ),
        (
            "with vectors",
            module(r#"(func (export "run") (drop (v128.const i64x2 1 2)))"#),
        ),
        (
            "with a tail call",
            module(r#"(func $run (export "run") (return_call $run))"#),
        ),
        (
            "with an exception",
            module(r#"(tag) (func (export "run"))"#),
        ),
        (
            "with references of others",
            module(r#"(func (export "run") (param $unused externref))"#),
        ),
        (
            "with structures",
            module(r#"(type (struct)) (func (export "run"))"#),
        ),
        (
            "with extended constants",
            module(r#"(global i32 (i32.add (i32.const 1) (i32.const 2))) (func (export "run"))"#),
        ),
    ] {
        assert_eq!(wasm(&text, b""), Err(Undone::Code), "{what}");
    }
}

#[test]
fn what_is_never_done_has_its_reason() {
    for (body, reason) in [
        ("unreachable", Undone::Trap),
        (
            "(drop (i32.div_s (i32.const 1) (i32.const 0)))",
            Undone::Trap,
        ),
        ("(drop (i32.load (i32.const -1)))", Undone::Trap),
        ("(drop (i32.trunc_f32_s (f32.const nan)))", Undone::Trap),
        ("(call $run)", Undone::Stack),
        (
            "(loop (drop (memory.grow (i32.const 1))) (br 0))",
            Undone::Memory,
        ),
        ("(drop (memory.grow (i32.const 65535)))", Undone::Memory),
    ] {
        assert_eq!(wasm(&run(body), b""), Err(reason), "{body}");
    }
    let large = r#"(module (memory (export "memory") 1000) (func (export "run")))"#;
    assert_eq!(wasm(large, b""), Err(Undone::Memory));
    let table = module(r#"(table 100000 funcref) (func (export "run"))"#);
    assert_eq!(wasm(&table, b""), Err(Undone::Memory));
}

#[test]
fn growth_that_no_module_may_have_is_an_answer_and_no_trap() {
    let answer = "(i32.store (i32.const 0) (memory.grow (i32.const";
    let given = "(call $output (i32.const 0) (i32.const 4))";
    for (grown, gives) in [
        ("0)))", 1u32),
        ("3)))", 1),
        ("65536)))", u32::MAX),
        ("-1)))", u32::MAX),
    ] {
        let output = wasm(&run(&format!("{answer} {grown} {given}")), b"");
        assert_eq!(output, Ok(gives.to_le_bytes().to_vec()), "{grown}");
    }
    // Its own bound.
    let bounded = run(&format!("{answer} 2))) {given}")).replace(
        r#"(memory (export "memory") 1)"#,
        r#"(memory (export "memory") 1 2)"#,
    );
    assert_eq!(wasm(&bounded, b""), Ok(u32::MAX.to_le_bytes().to_vec()));
    let table = |more: &str| {
        let grow = format!("{answer} {more}))) {given}");
        let grow = grow.replace("(memory.grow", "(table.grow (ref.null func)");
        run(&grow).replace("(memory (", "(table 1 2 funcref) (memory (")
    };
    assert_eq!(wasm(&table("9"), b""), Err(Undone::Memory));
    assert_eq!(wasm(&table("-1"), b""), Ok(u32::MAX.to_le_bytes().to_vec()));
}

#[test]
fn a_loop_is_stopped_when_its_time_is_up() {
    let code = wat::parse_str(run("(loop (br 0))")).unwrap();
    let limits = sluice_work::engine::Limits {
        millis: 200,
        ..sluice_work_tests::WASM
    };
    let engines: [&dyn sluice_work::engine::Engine; 2] = [
        &sluice_work::engine::wasm::Wasm::new().unwrap(),
        &sluice_work::engine::wasmi::Wasmi::default(),
    ];
    for engine in engines {
        let kernel = engine.load(&code).unwrap();
        let began = std::time::Instant::now();
        assert_eq!(kernel.run(b"", &limits), Err(Undone::Time));
        assert!(began.elapsed().as_millis() >= 150);
    }
}

#[test]
fn a_nan_has_one_form() {
    let nan = run(
        "(f32.store (i32.const 0) (f32.div (f32.const 0) (f32.const 0)))
         (f64.store (i32.const 8) (f64.add (f64.const nan:0x123) (f64.const -nan:0x321)))
         (call $output (i32.const 0) (i32.const 16))",
    );
    let bytes = wasm(&nan, b"").unwrap();
    assert_eq!(bytes[..4], 0x7fc0_0000u32.to_le_bytes());
    assert_eq!(bytes[8..], 0x7ff8_0000_0000_0000u64.to_le_bytes());
}

#[test]
fn code_of_the_chain_s_vm_has_its_version_its_size_and_its_verifier() {
    let good = kernel("entrypoint:\nmov64 r0, 0\nexit");
    let with = |at: usize, byte: u8| {
        let mut code = good.clone();
        code[at] = byte;
        code
    };
    for (what, code) in [
        ("nothing", Vec::new()),
        ("text", b"(module)".to_vec()),
        ("version 0", with(48, 0)),
        ("version 2", with(48, 2)),
        ("version 4", with(48, 4)),
        ("another machine", with(18, 62)),
        ("half an instruction", elf(&[0x95, 0, 0, 0])),
        (
            "an unknown instruction",
            elf(&[0xff, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0]),
        ),
        ("no instruction", elf(&[])),
        (
            "65,537 bytes and more",
            elf(&[0x95, 0, 0, 0, 0, 0, 0, 0].repeat(8_192)),
        ),
    ] {
        assert_eq!(sbpf(&code, b""), Err(Undone::Code), "{what}");
    }
    assert_eq!(sbpf(&good, b""), Err(Undone::NoOutput));
    assert_eq!(sbpf(&good, &[0; 8_193]), Err(Undone::Input));
    assert_eq!(sbpf(&good, &[0; 8_192]), Err(Undone::NoOutput));
}
