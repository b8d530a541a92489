//! What a file asks of its machine, and whether that is what kernels are given.
//!
//! Whether it is a kernel is for the engines to say, in the sandbox. This says to people why.

use {
    super::found::Code,
    sluice_toolchain::elf::Elf,
    sluice_work::{
        core::{Kind, SBPF_KERNEL_LEN, WASM_KERNEL_LEN},
        engine::admission::{FEATURES, INPUT, MEMORY, MODULE, OUTPUT, RUN},
        hash,
    },
    solana_sbpf::ebpf::hash_symbol_name,
    wasmparser::{ExternalKind, Parser, Payload, Validator, WasmFeatures},
};

/// Bytes of a page of WebAssembly.
const PAGE_LEN: u64 = 64 << 10;

/// System calls that a kernel may make.
const CALLS: [&str; 8] = [
    "abort",
    "sol_panic_",
    "sol_memcpy_",
    "sol_memmove_",
    "sol_memset_",
    "sol_memcmp_",
    "sol_sha256",
    "sol_set_return_data",
];

/// Other system calls of the chain, known by name.
const OTHER_CALLS: [&str; 28] = [
    "sol_log_",
    "sol_log_64_",
    "sol_log_compute_units_",
    "sol_log_pubkey",
    "sol_log_data",
    "sol_create_program_address",
    "sol_try_find_program_address",
    "sol_invoke_signed_c",
    "sol_invoke_signed_rust",
    "sol_alloc_free_",
    "sol_get_return_data",
    "sol_get_stack_height",
    "sol_get_clock_sysvar",
    "sol_get_rent_sysvar",
    "sol_get_epoch_schedule_sysvar",
    "sol_get_epoch_rewards_sysvar",
    "sol_get_last_restart_slot",
    "sol_get_sysvar",
    "sol_get_epoch_stake",
    "sol_get_processed_sibling_instruction",
    "sol_remaining_compute_units",
    "sol_keccak256",
    "sol_blake3",
    "sol_poseidon",
    "sol_secp256k1_recover",
    "sol_curve_validate_point",
    "sol_alt_bn128_group_op",
    "sol_big_mod_exp",
];

/// What a kernel may use of WebAssembly over its first version.
const GIVEN: [(&str, WasmFeatures); 6] = [
    ("mutable globals", WasmFeatures::MUTABLE_GLOBAL),
    ("sign extension", WasmFeatures::SIGN_EXTENSION),
    (
        "saturating conversions",
        WasmFeatures::SATURATING_FLOAT_TO_INT,
    ),
    ("bulk memory", WasmFeatures::BULK_MEMORY),
    ("multiple results", WasmFeatures::MULTI_VALUE),
    ("reference types", WasmFeatures::REFERENCE_TYPES),
];

/// What compilers can be told to use, and no kernel may.
const NOT_GIVEN: [(&str, WasmFeatures); 8] = [
    ("vectors (simd128)", WasmFeatures::SIMD),
    ("threads (atomics)", WasmFeatures::THREADS),
    ("tail calls", WasmFeatures::TAIL_CALL),
    ("exceptions", WasmFeatures::EXCEPTIONS),
    ("memory of 64 bits", WasmFeatures::MEMORY64),
    ("several memories", WasmFeatures::MULTI_MEMORY),
    ("extended constants", WasmFeatures::EXTENDED_CONST),
    ("wide arithmetic", WasmFeatures::WIDE_ARITHMETIC),
];

/// What there is to know of a file without running it.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Its bytes.
    pub len: u64,
    /// Most bytes of a kernel of this kind.
    pub most: u64,
    /// Its name in a specification.
    pub sha256: [u8; 32],
    /// What it asks its machine for: imports, or system calls. Names are a stranger's.
    pub asks: Vec<String>,
    /// What it uses of WebAssembly over its first version.
    pub features: Vec<&'static str>,
    /// The version of sBPF, and the deepest stack frame in bytes.
    pub sbpf: Option<(u32, u64)>,
    /// Bytes of WebAssembly's memory: at the beginning, and at most where the module says so.
    pub memory: Option<(u64, Option<u64>)>,
    /// Why it is no kernel, in words, as far as it is told here. They may hold a stranger's.
    pub faults: Vec<String>,
}

/// Looks at `code`.
pub fn inspect(code: &Code) -> Facts {
    let most = match code.kind {
        Kind::Wasm => WASM_KERNEL_LEN,
        Kind::Sbpf => SBPF_KERNEL_LEN,
    };
    let mut facts = Facts {
        len: u64::try_from(code.bytes.len()).unwrap_or(u64::MAX),
        most: most.into(),
        sha256: hash::blob(&code.bytes),
        asks: vec![],
        features: vec![],
        sbpf: None,
        memory: None,
        faults: vec![],
    };
    if facts.len > facts.most {
        let (len, most) = (facts.len, facts.most);
        facts.faults.push(format!(
            "it has {len} bytes, more than the {most} that it may have"
        ));
    }
    match code.kind {
        Kind::Wasm => module(&code.bytes, &mut facts),
        Kind::Sbpf => elf(&code.bytes, &mut facts),
    }
    facts
}

fn elf(bytes: &[u8], facts: &mut Facts) {
    let parsed = match Elf::parse(bytes) {
        Ok(parsed) => parsed,
        Err(error) => return facts.faults.push(error.to_string()),
    };
    facts.sbpf = Some((parsed.version, parsed.largest_frame()));
    if parsed.version != 3 {
        let fault = format!("it is sBPF v{}, and only v3 is taken", parsed.version);
        return facts.faults.push(fault);
    }
    for call in parsed.system_calls() {
        let named = |names: &[&str]| {
            let mut names = names.iter();
            let name = names.find(|name| hash_symbol_name(name.as_bytes()) == call);
            name.map(|name| (*name).to_owned())
        };
        if let Some(name) = named(&CALLS) {
            facts.asks.push(name);
            continue;
        }
        let name = named(&OTHER_CALLS).unwrap_or_else(|| format!("0x{call:08x}"));
        facts.faults.push(format!(
            "it makes the system call {name}, which no kernel is given"
        ));
        facts.asks.push(name);
    }
    facts.asks.sort();
}

fn module(bytes: &[u8], facts: &mut Facts) {
    let is_valid = |features| Validator::new_with_features(features).validate_all(bytes);
    if let Err(error) = is_valid(FEATURES) {
        let lacks = NOT_GIVEN
            .iter()
            .find(|(_, feature)| is_valid(FEATURES.union(*feature)).is_ok());
        facts.faults.push(match lacks {
            Some((name, _)) => format!("it uses {name}, which no kernel is given"),
            None => format!("it is not valid: {}", error.message()),
        });
    } else {
        let used =
            |(_, feature): &&(&str, WasmFeatures)| is_valid(FEATURES.difference(*feature)).is_err();
        facts.features = GIVEN.iter().filter(used).map(|(name, _)| *name).collect();
    }
    let (mut run, mut memory) = (false, false);
    for payload in Parser::new(0).parse_all(bytes) {
        match payload {
            Ok(Payload::ImportSection(imports)) => {
                for import in imports.into_imports().map_while(Result::ok) {
                    let name = format!("{}.{}", import.module, import.name);
                    if import.module != MODULE || ![INPUT, OUTPUT].contains(&import.name) {
                        let fault = format!("it imports {name}, which no kernel is given");
                        facts.faults.push(fault);
                    }
                    facts.asks.push(name);
                }
            }
            Ok(Payload::MemorySection(memories)) => {
                let first = memories.into_iter().map_while(Result::ok).next();
                facts.memory = first.map(|memory| {
                    let bytes = |pages: u64| pages.saturating_mul(PAGE_LEN);
                    (bytes(memory.initial), memory.maximum.map(bytes))
                });
            }
            Ok(Payload::StartSection { .. }) => {
                facts
                    .faults
                    .push("it has a start function: nothing may run before `run`".to_owned());
            }
            Ok(Payload::ExportSection(exports)) => {
                for export in exports.into_iter().map_while(Result::ok) {
                    run |= (export.kind, export.name) == (ExternalKind::Func, RUN);
                    memory |= (export.kind, export.name) == (ExternalKind::Memory, MEMORY);
                }
            }
            Ok(_) => {}
            Err(_) => return,
        }
    }
    for (is_there, name) in [(run, RUN), (memory, MEMORY)] {
        if !is_there {
            facts.faults.push(format!("it does not export `{name}`"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(text: &str) -> Facts {
        inspect(&Code {
            path: "kernel.wasm".into(),
            kind: Kind::Wasm,
            bytes: wat::parse_str(text).unwrap(),
        })
    }

    #[test]
    fn a_kernel_has_no_fault_and_says_what_it_takes() {
        let facts = facts(
            r#"(module
                (import "sluice" "input" (func $input (param i32 i32 i32) (result i32)))
                (memory (export "memory") 1 4)
                (func (export "run") (memory.fill (i32.const 0) (i32.const 1) (i32.const 2))))"#,
        );
        assert_eq!(facts.faults, Vec::<String>::new());
        assert_eq!(facts.asks, ["sluice.input"]);
        assert_eq!(facts.features, ["bulk memory"]);
        assert_eq!(facts.memory, Some((64 << 10, Some(256 << 10))));
    }

    #[test]
    fn each_fault_is_told_in_words() {
        let run = r#"(memory (export "memory") 1) (func (export "run"))"#;
        for (text, says) in [
            (
                r#"(import "wasi" "exit" (func))"#.to_owned() + run,
                "it imports wasi.exit",
            ),
            (
                format!("{run} (func $first) (start $first)"),
                "start function",
            ),
            (
                r#"(memory (export "memory") 1)"#.to_owned(),
                "does not export `run`",
            ),
            (
                r#"(func (export "run"))"#.to_owned(),
                "does not export `memory`",
            ),
            (
                format!("{run} (func (drop (v128.const i64x2 1 2)))"),
                "vectors",
            ),
            (format!("{run} (func $f (return_call $f))"), "tail calls"),
        ] {
            let faults = facts(&format!("(module {text})")).faults;
            assert!(
                faults.iter().any(|fault| fault.contains(says)),
                "{says}: {faults:?}"
            );
        }
    }

    #[test]
    fn whatever_is_in_a_file_is_looked_at_without_harm() {
        let whole =
            wat::parse_str(r#"(module (memory (export "memory") 1) (func (export "run")))"#);
        let whole = whole.unwrap();
        for length in 0..whole.len() {
            for kind in [Kind::Wasm, Kind::Sbpf] {
                let bytes = whole.iter().copied().take(length).collect();
                let path = "cut".into();
                assert!(!inspect(&Code { path, kind, bytes }).faults.is_empty());
            }
        }
    }

    #[test]
    fn the_calls_of_kernels_are_those_that_the_engine_has() {
        let engine = include_str!("../../../work/src/engine/sbpf/syscalls.rs");
        let registered = engine.matches("register_definition::<").count();
        assert_eq!(registered, CALLS.len());
        for call in CALLS {
            assert!(engine.contains(&format!("(\"{call}\")")), "{call}");
        }
    }
}
