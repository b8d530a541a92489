//! Which WebAssembly modules are kernels. Both engines take what this admits and nothing else.
//!
//! A kernel imports at most `sluice.input (to, from, len: i32) -> i32`, which copies a part of the input to its memory and gives the
//! input's length, and `sluice.output (from, len: i32)`, which names the output in its memory; it exports its one `memory` and a function
//! `run` without parameters and results. It has no start function: nothing runs before `run`.

use {
    crate::{core::WASM_KERNEL_LEN, undone::Undone},
    wasmparser::{
        BlockType, ExternalKind, FuncType, Operator, Parser, Payload, TypeRef, ValType, Validator,
        WasmFeatures, types::TypesRef,
    },
};

/// The module that imports come from.
pub const MODULE: &str = "sluice";
/// Copies a part of the input: `(to, from, len) -> length of the whole input`.
pub const INPUT: &str = "input";
/// Names the output: `(from, len)`.
pub const OUTPUT: &str = "output";
/// What is run.
pub const RUN: &str = "run";
/// The kernel's memory.
pub const MEMORY: &str = "memory";

/// Most elements of a table.
pub const TABLE_ELEMENTS: usize = 65_536;
/// Bytes of the stack that calls and locals of a kernel have.
pub const STACK_LEN: usize = 512 << 10;

/// What a kernel may use of WebAssembly: the first version, and what compilers take for granted today.
pub const FEATURES: WasmFeatures = WasmFeatures::WASM1
    .union(WasmFeatures::MUTABLE_GLOBAL)
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::SATURATING_FLOAT_TO_INT)
    .union(WasmFeatures::BULK_MEMORY)
    .union(WasmFeatures::MULTI_VALUE)
    .union(WasmFeatures::REFERENCE_TYPES)
    .difference(WasmFeatures::GC_TYPES);

/// Refuses what is no kernel.
///
/// # Errors
/// [`Undone::Code`] for what is no module of these features, or has no `run` and `memory`, or a start function, or a block that takes
/// parameters, of which the interpreter loses some; [`Undone::Import`] for an import that kernels are not given.
pub fn admit(code: &[u8]) -> Result<(), Undone> {
    let fits = u32::try_from(code.len()).is_ok_and(|len| len <= WASM_KERNEL_LEN);
    if !fits || !Parser::is_core_wasm(code) {
        return Err(Undone::Code);
    }
    let mut validator = Validator::new_with_features(FEATURES);
    let types = validator.validate_all(code).map_err(|_| Undone::Code)?;
    let types = types.as_ref();
    let (mut run, mut memory) = (false, false);
    for payload in Parser::new(0).parse_all(code) {
        match payload.map_err(|_| Undone::Code)? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import.map_err(|_| Undone::Code)?;
                    let TypeRef::Func(index) = import.ty else {
                        return Err(Undone::Import);
                    };
                    let ty = types
                        .get(types.core_type_at_in_module(index))
                        .map(|ty| ty.unwrap_func());
                    let wanted = wanted(import.module, import.name).ok_or(Undone::Import)?;
                    if ty != Some(&wanted) {
                        return Err(Undone::Import);
                    }
                }
            }
            Payload::StartSection { .. } => return Err(Undone::Code),
            Payload::CodeSectionEntry(body) => {
                let operators = body.get_operators_reader().map_err(|_| Undone::Code)?;
                for operator in operators {
                    if takes(&operator.map_err(|_| Undone::Code)?, types) {
                        return Err(Undone::Code);
                    }
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export.map_err(|_| Undone::Code)?;
                    match (export.kind, export.name) {
                        (ExternalKind::Func, RUN) => {
                            let id = types.core_function_at(export.index);
                            let ty = types.get(id).map(|ty| ty.unwrap_func());
                            run = ty == Some(&FuncType::new([], []));
                        }
                        (ExternalKind::Memory, MEMORY) => memory = true,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    if run && memory {
        Ok(())
    } else {
        Err(Undone::Code)
    }
}

/// Whether it begins a block with parameters, which no compiler writes.
fn takes(operator: &Operator, types: TypesRef) -> bool {
    let (Operator::Block { blockty } | Operator::Loop { blockty } | Operator::If { blockty }) =
        operator
    else {
        return false;
    };
    let BlockType::FuncType(index) = *blockty else {
        return false;
    };
    let ty = types.get(types.core_type_at_in_module(index));
    ty.is_none_or(|ty| !ty.unwrap_func().params().is_empty())
}

/// The type of an import that kernels are given.
fn wanted(module: &str, name: &str) -> Option<FuncType> {
    let i32s = |count| std::iter::repeat_n(ValType::I32, count);
    match (module, name) {
        (MODULE, INPUT) => Some(FuncType::new(i32s(3), i32s(1))),
        (MODULE, OUTPUT) => Some(FuncType::new(i32s(2), [])),
        _ => None,
    }
}
