//! Rewrites a merged module into one that LLVM's BPF backend accepts.

use {
    crate::llvm::{Function, Instruction, Module, Opcode, Shape},
    anyhow::{Context, Result, bail},
};

/// Definitions of the operations the backend refuses.
const ARITHMETIC: &str = include_str!("helpers/arithmetic.ll");

/// Definitions of division by the compiler's routines, in the two shapes these come in.
const DIVISION_BY_POINTER: &str = include_str!("helpers/division_by_pointer.ll");
const DIVISION_BY_VALUE: &str = include_str!("helpers/division_by_value.ll");

/// What stays visible: the program's entry, the routines the backend itself may call, and what explorers read in the ELF.
const KEPT: [&str; 7] = [
    "SECURITY_TXT",
    "entrypoint",
    "memcpy",
    "memset",
    "memmove",
    "memcmp",
    "bcmp",
];

/// Overflow-checked multiplications, as LLVM names them and as the helpers do.
const CHECKED: [(&str, &str); 4] = [
    ("llvm.umul.with.overflow.i64", "sbf.umulo.i64"),
    ("llvm.umul.with.overflow.i128", "sbf.umulo.i128"),
    ("llvm.smul.with.overflow.i64", "sbf.smulo.i64"),
    ("llvm.smul.with.overflow.i128", "sbf.smulo.i128"),
];

/// The compiler's routines behind 128-bit division.
const DIVISION: [&str; 2] = ["__udivti3", "__umodti3"];

/// A call has registers for five arguments.
const ARGUMENT_REGISTERS: u32 = 5;

/// Of the arguments of a call that needs more registers, so many still travel in them; one points to the others.
const KEPT_REGISTERS: u32 = ARGUMENT_REGISTERS - 1;

/// Lowers the module in place. Returns remarks on what could not be lowered, for which code generation will fail.
pub fn lower(module: &mut Module) -> Result<Vec<String>> {
    let takes_values = by_value(module);
    let division = if takes_values {
        DIVISION_BY_VALUE
    } else {
        DIVISION_BY_POINTER
    };
    module
        .link(ARITHMETIC)
        .context("cannot add the helper functions")?;
    module
        .link(division)
        .context("cannot add the helper functions")?;
    for function in module.functions() {
        strip_attributes(function);
        lower_arithmetic(module, function)?;
    }
    for (intrinsic, helper) in CHECKED {
        if let Some(intrinsic) = module.function(intrinsic) {
            intrinsic.replace_by(helper_named(module, helper)?);
        }
    }
    for function in module.functions() {
        if !KEPT.contains(&function.name().as_str()) && needs_memory(function) {
            function.pass_in_memory(parameters_kept(function));
        }
    }
    for function in module.functions() {
        if !KEPT.contains(&function.name().as_str()) && needs_inlining(function) {
            function.remove_attribute("noinline");
            function.remove_attribute("optnone");
            function.add_attribute("alwaysinline");
        }
    }
    module.internalise(|name| KEPT.contains(&name));
    module.run("always-inline,globaldce")?;
    check_division(module, takes_values)?;
    module.verify()?;
    Ok(remarks(module))
}

/// Drops what forbids lowering: `sret` (the backend takes it for a returned aggregate) everywhere, and `noinline` from call
/// sites, where it would outvote `alwaysinline`. A function's own `noinline` stays, so that authors control their frames.
fn strip_attributes(function: Function) {
    function.remove_parameter_attribute("sret");
    for call in function
        .instructions()
        .into_iter()
        .filter(|found| found.opcode() == Opcode::LLVMCall)
    {
        call.remove_call_attribute("noinline");
        call.remove_argument_attribute("sret");
    }
}

fn lower_arithmetic(module: &Module, function: Function) -> Result<()> {
    for instruction in function.instructions() {
        if let Some(helper) = helper_for(instruction) {
            instruction.replace_by_call(helper_named(module, helper)?);
        }
    }
    Ok(())
}

/// The helper that does what this instruction does, if the backend refuses the instruction.
fn helper_for(instruction: Instruction) -> Option<&'static str> {
    if instruction.result() != Shape::Integer(128) {
        return None;
    }
    let by_variable = || !instruction.operand_is_constant(1);
    match instruction.opcode() {
        Opcode::LLVMMul => Some("sbf.mul.i128"),
        Opcode::LLVMUDiv => Some("sbf.udiv.i128"),
        Opcode::LLVMURem => Some("sbf.urem.i128"),
        Opcode::LLVMSDiv => Some("sbf.sdiv.i128"),
        Opcode::LLVMSRem => Some("sbf.srem.i128"),
        Opcode::LLVMShl if by_variable() => Some("sbf.shl.i128"),
        Opcode::LLVMLShr if by_variable() => Some("sbf.lshr.i128"),
        Opcode::LLVMAShr if by_variable() => Some("sbf.ashr.i128"),
        _ => None,
    }
}

fn helper_named(module: &Module, name: &str) -> Result<Function> {
    module
        .function(name)
        .with_context(|| format!("no helper function {name}"))
}

/// Whether the backend cannot call a function, whichever way.
fn needs_inlining(function: Function) -> bool {
    function.is_defined()
        && (returns_too_much(function) || argument_registers(function) > ARGUMENT_REGISTERS)
}

/// Whether a function is called with more than fits the registers. What it returns must fit one.
fn needs_memory(function: Function) -> bool {
    function.is_defined()
        && !returns_too_much(function)
        && argument_registers(function) > ARGUMENT_REGISTERS
}

/// How many parameters, from the first, fit the registers that are not needed for a pointer.
fn parameters_kept(function: Function) -> u32 {
    let mut registers = 0;
    let fit = function.parameters().into_iter().take_while(|parameter| {
        registers += registers_of(*parameter);
        registers <= KEPT_REGISTERS
    });
    fit.count() as u32
}

fn returns_too_much(function: Function) -> bool {
    match function.result() {
        Shape::Aggregate | Shape::Vector => true,
        Shape::Integer(bits) => bits > 64,
        Shape::Void | Shape::Scalar => false,
    }
}

fn argument_registers(function: Function) -> u32 {
    function.parameters().into_iter().map(registers_of).sum()
}

fn registers_of(shape: Shape) -> u32 {
    match shape {
        Shape::Integer(bits) => bits.div_ceil(64),
        // More than there are: optimisation makes them of pointers to small arrays, in functions that authors keep from being inlined.
        Shape::Vector => ARGUMENT_REGISTERS + 1,
        _ => 1,
    }
}

/// Whether the division routines take numbers, as those of solana-compiler-builtins, or pointers to them, as those of std.
fn by_value(module: &Module) -> bool {
    let routine = module
        .function(DIVISION[0])
        .filter(|routine| routine.is_defined());
    routine.is_some_and(|routine| routine.parameters().contains(&Shape::Integer(128)))
}

/// Opaque pointers let a call disagree with the function it calls, and LLVM would make that unreachable code. So make sure
/// that the division routines are there and shaped as the helpers call them.
fn check_division(module: &Module, takes_values: bool) -> Result<()> {
    let number = if takes_values {
        Shape::Integer(128)
    } else {
        Shape::Scalar
    };
    for name in DIVISION {
        let Some(routine) = module.function(name).filter(|routine| routine.is_used()) else {
            continue;
        };
        if !routine.is_defined() {
            bail!("the program divides 128-bit numbers, but nothing defines {name}");
        }
        if routine.result() != Shape::Void
            || routine.parameters() != [Shape::Scalar, number, number]
        {
            bail!("this compiler passes 128-bit numbers to {name} in a way we do not know");
        }
    }
    Ok(())
}

/// Functions that had to disappear and did not: those called through a pointer, and recursive ones that return too much.
fn remarks(module: &Module) -> Vec<String> {
    let left = |function: &Function| {
        !KEPT.contains(&function.name().as_str()) && needs_inlining(*function)
    };
    let remark = |function: Function| {
        let reason = if returns_too_much(function) {
            "returns more than a register"
        } else {
            "takes more than five arguments"
        };
        format!(
            "`{}` {reason} and cannot be inlined: it is recursive or called through a pointer",
            function.name()
        )
    };
    module
        .functions()
        .into_iter()
        .filter(left)
        .map(remark)
        .collect()
}

#[cfg(test)]
mod tests;
