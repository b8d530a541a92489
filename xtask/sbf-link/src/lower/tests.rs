use super::*;

/// Lowers a module in which `entrypoint` has the given body and `more` stands beside it.
fn lowered(body: &str, more: &str) -> String {
    let ir = format!(
        "target datalayout = \"e-m:e-p:64:64-i64:64-i128:128-n32:64-S128\"\ntarget triple = \"bpfel\"\n\
         define i64 @entrypoint(ptr %in, i64 %x) {{\n{body}\n}}\n{more}"
    );
    let mut module = Module::parse(ir.as_bytes()).expect("the test module parses");
    lower(&mut module).expect("the test module lowers");
    module.to_string()
}

/// A body that applies a binary operation to two loaded 128-bit numbers and stores the result.
fn binary(operation: &str) -> String {
    format!(
        "%a = load i128, ptr %in\n%at = getelementptr i128, ptr %in, i64 1\n%b = load i128, ptr %at\n\
         %r = {operation}\nstore i128 %r, ptr %in\nret i64 0"
    )
}

/// A body that stores both results of a checked multiplication of two loaded numbers.
fn checked(sign: char, bits: u32) -> String {
    format!(
        "%a = load i{bits}, ptr %in\n%at = getelementptr i{bits}, ptr %in, i64 1\n%b = load i{bits}, ptr %at\n\
         %r = call {{ i{bits}, i1 }} @llvm.{sign}mul.with.overflow.i{bits}(i{bits} %a, i{bits} %b)\n\
         %p = extractvalue {{ i{bits}, i1 }} %r, 0\n%o = extractvalue {{ i{bits}, i1 }} %r, 1\n\
         store i{bits} %p, ptr %in\n%z = zext i1 %o to i64\nret i64 %z"
    )
}

/// Stand-ins for the compiler's division routines, in both shapes.
const BY_POINTER: &str = "define weak hidden void @__udivti3(ptr sret(i128) %r, ptr %a, ptr %b) noinline { ret void }\n\
                        define weak hidden void @__umodti3(ptr sret(i128) %r, ptr %a, ptr %b) noinline { ret void }";

const BY_VALUE: &str = "define void @__udivti3(ptr sret(i128) %r, i128 %a, i128 %b) noinline { ret void }\n\
                        define void @__umodti3(ptr sret(i128) %r, i128 %a, i128 %b) noinline { ret void }";

#[test]
fn wide_multiplication_becomes_narrow() {
    let ir = lowered(&binary("mul i128 %a, %b"), "");
    assert!(!ir.contains("mul i128"), "{ir}");
    assert_eq!(ir.matches("mul i64").count(), 7, "{ir}");
    assert!(!ir.contains("@sbf."), "helpers are inlined and gone: {ir}");
}

#[test]
fn wide_division_calls_the_routines_of_the_compiler() {
    for (operation, routine) in [
        ("udiv", "__udivti3"),
        ("sdiv", "__udivti3"),
        ("urem", "__umodti3"),
        ("srem", "__umodti3"),
    ] {
        for (routines, arguments) in [(BY_POINTER, "ptr"), (BY_VALUE, "i128")] {
            let ir = lowered(&binary(&format!("{operation} i128 %a, %b")), routines);
            assert!(!ir.contains(&format!("{operation} i128")), "{ir}");
            let call = format!("call void @{routine}(ptr %result.at.i, {arguments} ");
            assert!(ir.replace(".i.i", ".i").contains(&call), "{ir}");
        }
    }
}

#[test]
fn wide_division_without_a_routine_is_named() {
    let ir = format!(
        "define void @entrypoint(ptr %in, i64 %x) {{\n{}\n}}",
        binary("udiv i128 %a, %b").replace("ret i64 0", "ret void")
    );
    let mut module = Module::parse(ir.as_bytes()).expect("the test module parses");
    let error = lower(&mut module).expect_err("nothing defines the routine");
    assert!(
        error.to_string().contains("nothing defines __udivti3"),
        "{error}"
    );
}

#[test]
fn wide_division_of_another_calling_convention_is_refused() {
    let ir = format!(
        "define i64 @entrypoint(ptr %in, i64 %x) {{\n{}\n}}\n\
         define i64 @__udivti3(i64 %a, i64 %b) noinline {{ ret i64 %a }}",
        binary("udiv i128 %a, %b")
    );
    let mut module = Module::parse(ir.as_bytes()).expect("the test module parses");
    let error = lower(&mut module).expect_err("the routine has another shape");
    assert!(
        error.to_string().contains("in a way we do not know"),
        "{error}"
    );
}

#[test]
fn wide_shifts_by_a_variable_become_narrow() {
    for operation in ["shl", "lshr", "ashr"] {
        let ir = lowered(&binary(&format!("{operation} i128 %a, %b")), "");
        assert!(!ir.contains(&format!("{operation} i128 %a, %b")), "{ir}");
        assert!(ir.contains(&format!("{operation} i64")), "{ir}");
    }
}

#[test]
fn wide_shifts_by_a_constant_stay() {
    assert!(lowered(&binary("shl i128 %a, 7"), "").contains("shl i128 %a, 7"));
}

#[test]
fn checked_multiplication_becomes_a_comparison_with_a_quotient() {
    let ir = lowered(
        &checked('u', 64),
        "declare { i64, i1 } @llvm.umul.with.overflow.i64(i64, i64)",
    );
    assert!(!ir.contains("mul.with.overflow"), "{ir}");
    assert!(ir.contains("udiv i64 -1"), "{ir}");
}

#[test]
fn every_checked_multiplication_is_lowered() {
    for (sign, bits) in [('u', 64), ('u', 128), ('s', 64), ('s', 128)] {
        let declaration = format!(
            "declare {{ i{bits}, i1 }} @llvm.{sign}mul.with.overflow.i{bits}(i{bits}, i{bits})"
        );
        let ir = lowered(&checked(sign, bits), &declaration);
        assert!(
            !ir.contains("mul.with.overflow") && !ir.contains("mul i128") && !ir.contains("@sbf."),
            "{ir}"
        );
    }
}

#[test]
fn sret_is_stripped_from_definitions_and_calls() {
    let ir = lowered(
        "%room = alloca i128\ncall void @callee(ptr sret(i128) %room, i64 %x)\nret i64 0",
        "define void @callee(ptr sret(i128) %out, i64 %x) noinline { store i64 %x, ptr %out\nret void }",
    );
    assert!(
        ir.contains("call void @callee(") && !ir.contains("sret"),
        "{ir}"
    );
}

#[test]
fn noinline_is_stripped_from_the_call_and_kept_on_the_function() {
    let ir = lowered(
        "%y = call i64 @callee(i64 %x) noinline\nret i64 %y",
        "define i64 @callee(i64 %x) noinline { ret i64 %x }",
    );
    assert!(ir.contains("call i64 @callee(i64 %x)\n"), "{ir}");
    assert!(ir.contains("attributes #0 = { noinline }"), "{ir}");
}

#[test]
fn a_wide_argument_counts_twice() {
    let ir = lowered(
        "%y = call i64 @wide(i128 1, i128 2, i64 3, i64 4)\nret i64 %y",
        "define i64 @wide(i128 %a, i128 %b, i64 %c, i64 %d) noinline { ret i64 %d }",
    );
    assert!(ir.contains("@wide(i128 %0, i128 %1, ptr %2)"), "{ir}");
}

#[test]
fn functions_returning_aggregates_or_wide_numbers_are_inlined() {
    let ir = lowered(
        "%p = call { i64, i64 } @pair(i64 %x)\n%w = call i128 @wide(i64 %x)\nstore i128 %w, ptr %in\n\
         %y = extractvalue { i64, i64 } %p, 1\nret i64 %y",
        "define { i64, i64 } @pair(i64 %x) noinline { ret { i64, i64 } zeroinitializer }\n\
         define i128 @wide(i64 %x) noinline { %w = zext i64 %x to i128\nret i128 %w }",
    );
    assert!(!ir.contains("@pair") && !ir.contains("@wide"), "{ir}");
}

#[test]
fn functions_that_take_vectors_are_inlined() {
    let ir = lowered(
        "%y = call i64 @first(<8 x i64> zeroinitializer)\nret i64 %y",
        "define i64 @first(<8 x i64> %v) noinline { %y = extractelement <8 x i64> %v, i64 0\nret i64 %y }",
    );
    assert!(!ir.contains("@first"), "{ir}");
}

#[test]
fn only_the_kept_symbols_stay_visible() {
    let ir = lowered(
        "%y = call i64 @callee(i64 %x)\nret i64 %y",
        "define i64 @callee(i64 %x) noinline { ret i64 %x }\ndefine void @unused() { ret void }\n\
         define weak hidden ptr @memcpy(ptr %a, ptr %b, i64 %n) { ret ptr %a }",
    );
    assert!(
        ir.contains("define i64 @entrypoint(") && ir.contains("define weak hidden ptr @memcpy("),
        "{ir}"
    );
    assert!(
        ir.contains("define internal i64 @callee(") && !ir.contains("@unused"),
        "{ir}"
    );
}

#[test]
fn a_module_without_entrypoint_is_lowered_too() {
    let mut module =
        Module::parse(b"define void @other() { ret void }").expect("the test module parses");
    assert!(lower(&mut module).expect("lowers").is_empty());
    assert!(!module.to_string().contains("@other"));
}

/// A recursive function of the given parameters, and a call of it with the given arguments.
fn recursive(parameters: &str, arguments: &str) -> String {
    lowered(
        &format!("%y = tail call i64 @deep({arguments}) memory(none)\nret i64 %y"),
        &format!(
            "define i64 @deep({parameters}) memory(none) {{\n\
             %room = alloca i64\nstore i64 1, ptr %room\n\
             %more = icmp eq i64 %a, 0\nbr i1 %more, label %again, label %done\n\
             again:\n%y = tail call i64 @deep({arguments})\nret i64 %y\n\
             done:\n%z = load i64, ptr %room\nret i64 %z\n}}"
        )
        .replace("i64 %x", "i64 %a"),
    )
}

#[test]
fn arguments_beyond_the_registers_travel_in_memory() {
    let ir = recursive(
        "i64 %a, ptr noundef %b, i8 %c, i64 %d, ptr %e, i1 %f",
        "i64 %x, ptr null, i8 2, i64 3, ptr null, i1 true",
    );
    let head = "define internal i64 @deep(i64 %0, ptr noundef %1, i8 %2, i64 %3, ptr %4)";
    assert!(ir.contains(head), "{ir}");
    assert_eq!(
        ir.matches("%arguments = alloca [2 x i64], align 8").count(),
        2
    );
    assert_eq!(ir.matches("store i1 true, ptr").count(), 2, "{ir}");
    assert_eq!(ir.matches("= load ptr, ptr %").count(), 1, "{ir}");
    assert_eq!(ir.matches("= load i1, ptr %").count(), 1, "{ir}");
    assert!(ir.contains("%room = alloca i64"), "{ir}");
}

#[test]
fn calls_that_pass_memory_are_neither_tail_calls_nor_free_of_memory() {
    let ir = recursive(
        "i64 %a, i64 %b, i64 %c, i64 %d, i64 %e, i64 %f",
        "i64 %x, i64 1, i64 2, i64 3, i64 4, i64 5",
    );
    assert_eq!(ir.matches("= call i64 @deep(").count(), 2, "{ir}");
    assert!(
        !ir.contains("tail call") && !ir.contains("memory(none)"),
        "{ir}"
    );
}

#[test]
fn a_wide_argument_in_memory_takes_two_slots() {
    let ir = recursive(
        "i64 %a, i64 %b, i64 %c, i128 %d, i128 %e, i64 %f",
        "i64 %x, i64 1, i64 2, i128 3, i128 4, i64 5",
    );
    assert!(ir.contains("@deep(i64 %0, i64 %1, i64 %2, ptr %3)"), "{ir}");
    assert_eq!(
        ir.matches("%arguments = alloca [5 x i64]").count(),
        2,
        "{ir}"
    );
    assert!(
        ir.contains("getelementptr inbounds i64, ptr %3, i64 4"),
        "{ir}"
    );
}

#[test]
fn a_caller_has_one_piece_of_memory_for_all_its_calls_of_a_function() {
    let call = "call void @six(i64 %x, i64 1, i64 2, i64 3, i64 4, ptr %in)\n";
    let ir = lowered(
        &format!("{}ret i64 0", call.repeat(3)),
        "define void @six(i64 %a, i64 %b, i64 %c, i64 %d, i64 %e, ptr %f) noinline { store i64 %e, ptr %f\nret void }",
    );
    let lowered = "call void @six(i64 %x, i64 1, i64 2, i64 3, ptr %arguments)";
    assert_eq!(ir.matches(lowered).count(), 3, "{ir}");
    assert_eq!(ir.matches("%arguments = alloca").count(), 1, "{ir}");
}

#[test]
fn a_function_of_many_arguments_that_is_used_as_a_value_is_inlined_where_it_is_called() {
    let ir = lowered(
        "store ptr @six, ptr %in\n%y = call i64 @six(i64 %x, i64 1, i64 2, i64 3, i64 4, i64 5) noinline\nret i64 %y",
        "define i64 @six(i64 %a, i64 %b, i64 %c, i64 %d, i64 %e, i64 %f) noinline { ret i64 %f }",
    );
    assert!(!ir.contains("call i64 @six"), "{ir}");
}

#[test]
fn what_cannot_be_inlined_is_remarked() {
    let ir = "@table = global ptr @deep\ndefine i64 @entrypoint(ptr %in, i64 %x) {\n\
              %f = load ptr, ptr @table\nstore ptr %f, ptr @table\n\
              %y = call i64 @deep(i64 %x, i64 1, i64 2, i64 3, i64 4, i64 5)\nret i64 %y\n}\n\
              define i64 @deep(i64 %a, i64 %b, i64 %c, i64 %d, i64 %e, i64 %f) {\n\
              %y = call i64 @deep(i64 %f, i64 %b, i64 %c, i64 %d, i64 %e, i64 %a)\nret i64 %y\n}";
    let mut module = Module::parse(ir.as_bytes()).expect("the test module parses");
    let remarks = lower(&mut module).expect("lowers");
    assert_eq!(remarks.len(), 1);
    assert!(
        remarks[0].contains("`deep` takes more than five arguments"),
        "{remarks:?}"
    );
}
