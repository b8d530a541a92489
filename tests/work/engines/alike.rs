//! Where compiler and interpreter of WebAssembly come to the same by different ways: both finish, with the same bytes.

use {
    super::wasm,
    sluice_work::{
        engine::{Engine, Limits, wasm::Wasm, wasmi::Wasmi},
        undone::Undone,
    },
    sluice_work_tests::WASM,
};

const IMPORTS: &str = r#"
    (import "sluice" "input" (func $input (param i32 i32 i32) (result i32)))
    (import "sluice" "output" (func $output (param i32 i32)))"#;

#[test]
fn memory_grows_when_the_interpreter_is_about_to_look_at_its_clock() {
    // A fill takes about a twentieth of what the interpreter does between two looks; so does the growth.
    let module = |fills: u32| {
        format!(
            r#"(module {IMPORTS} (memory (export "memory") 512)
                 (func (export "run") (local i32)
                   (loop
                     (memory.fill (i32.const 0) (i32.const 7) (i32.const 33554432))
                     (br_if 0 (i32.ne (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const {fills}))))
                   (i32.store (i32.const 0) (memory.grow (i32.const 512)))
                   (call $output (i32.const 0) (i32.const 4))))"#
        )
    };
    let limits = Limits {
        memory: 64 << 20,
        ..WASM
    };
    for fills in 17..=21 {
        let code = wat::parse_str(module(fills)).unwrap();
        let run = |engine: &dyn Engine| engine.load(&code)?.run(b"", &limits);
        let grown = Ok(512u32.to_le_bytes().to_vec());
        assert_eq!(run(&Wasm::new().unwrap()), grown, "{fills}");
        assert_eq!(run(&Wasmi::default()), grown, "{fills}");
    }
}

#[test]
fn calls_nest_as_deeply_for_both() {
    let nested = |depth: u32| {
        format!(
            r#"(module {IMPORTS} (memory (export "memory") 1)
                 (func $deeper (param i32) (result i32)
                   (if (result i32) (local.get 0)
                     (then (i32.add (i32.const 1) (call $deeper (i32.sub (local.get 0) (i32.const 1)))))
                     (else (i32.const 0))))
                 (func (export "run")
                   (i32.store (i32.const 0) (call $deeper (i32.const {depth})))
                   (call $output (i32.const 0) (i32.const 4))))"#
        )
    };
    for depth in [900, 1_100, 5_000] {
        assert_eq!(wasm(&nested(depth), b""), Ok(depth.to_le_bytes().to_vec()));
    }
    assert_eq!(wasm(&nested(10_000_000), b""), Err(Undone::Stack));
}

#[test]
fn every_operation_on_a_nan_gives_the_same_bits() {
    const F32: [&str; 6] = [
        "nan:0x200001",
        "-nan:0x200001",
        "nan:0x400003",
        "-nan",
        "-0",
        "1.5",
    ];
    const F64: [&str; 6] = [
        "nan:0x4000000000001",
        "-nan:0x4000000000001",
        "nan:0x8000000000003",
        "-nan",
        "-0",
        "1.5",
    ];
    const ONE: [&str; 7] = ["abs", "neg", "ceil", "floor", "trunc", "nearest", "sqrt"];
    const TWO: [&str; 7] = ["add", "sub", "mul", "div", "min", "max", "copysign"];
    // Once with operands that a compiler knows, once with such that it does not.
    for known in [true, false] {
        let (mut body, mut place) = (String::new(), 0);
        for (ty, wide, values, bits) in [("f32", "i32", F32, 0), ("f64", "i64", F64, 48)] {
            let operand = |at: usize| {
                let value = format!("({ty}.const {})", values[at]);
                let unknown = format!("({ty}.load (i32.const {}))", bits + at * 8);
                if known { value } else { unknown }
            };
            let mut keep = |what: String, store: &str| {
                body += &format!("({store} (i32.const {}) {what})", 1_024 + place);
                place += 8;
            };
            let store = format!("{ty}.store");
            for left in 0..6 {
                for operation in ONE {
                    keep(format!("({ty}.{operation} {})", operand(left)), &store);
                }
                let bits = format!("({wide}.reinterpret_{ty} {})", operand(left));
                keep(bits, &format!("{wide}.store"));
                for into in ["i32", "i64"] {
                    for sign in ["s", "u"] {
                        let what = format!("({into}.trunc_sat_{ty}_{sign} {})", operand(left));
                        keep(what, &format!("{into}.store"));
                    }
                }
                let (other, over) = match ty {
                    "f32" => ("f64", "f64.promote_f32"),
                    _ => ("f32", "f32.demote_f64"),
                };
                keep(
                    format!("({over} {})", operand(left)),
                    &format!("{other}.store"),
                );
                for right in 0..6 {
                    for operation in TWO {
                        let what =
                            format!("({ty}.{operation} {} {})", operand(left), operand(right));
                        keep(what, &store);
                    }
                }
            }
        }
        let module = format!(
            r#"(module {IMPORTS} (memory (export "memory") 1)
                 (func (export "run")
                   (drop (call $input (i32.const 0) (i32.const 0) (i32.const 96)))
                   {body} (call $output (i32.const 1024) (i32.const {place}))))"#
        );
        let mut input = Vec::new();
        for bits in [
            0x7fa0_0001u32,
            0xffa0_0001,
            0x7fc0_0003,
            0xffc0_0000,
            1 << 31,
        ] {
            input.extend(u64::from(bits).to_le_bytes());
        }
        input.extend(u64::from(1.5f32.to_bits()).to_le_bytes());
        for bits in [
            0x7ff4_0000_0000_0001u64,
            0xfff4_0000_0000_0001,
            0x7ff8_0000_0000_0003,
            0xfff8_0000_0000_0000,
            1 << 63,
            1.5f64.to_bits(),
        ] {
            input.extend(bits.to_le_bytes());
        }
        let output = wasm(&module, &input).unwrap();
        assert_eq!(output.len(), place, "known: {known}");
    }
}
