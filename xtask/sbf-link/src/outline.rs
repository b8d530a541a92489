//! Keeps chosen functions as functions and inlines others, whatever their authors said.
//!
//! `#[inline(always)]` is a good choice where a function is written and a bad one where it is used forty times in one program.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::{
    arguments::Arguments,
    llvm::{Function, Module, Shape},
};

/// The inputs, with copies in `scratch` in place of those that define functions the arguments name.
pub fn inputs(arguments: &Arguments, scratch: &Path) -> Result<Vec<PathBuf>> {
    let mut inputs = arguments.inputs.clone();
    if arguments.outlined.is_empty() && arguments.emptied.is_empty() && arguments.inlined.is_empty()
    {
        return Ok(inputs);
    }
    for (index, input) in inputs.iter_mut().enumerate() {
        let is_object = input.extension().is_some_and(|extension| extension == "o");
        // An object that is no bitcode holds no function of ours.
        let Some(mut module) = is_object.then(|| Module::read(input).ok()).flatten() else {
            continue;
        };
        let changed = empty(&module, &arguments.emptied)?
            + inline(&module, &arguments.inlined)
            + outline(&module, &arguments.outlined, &arguments.exempt);
        if changed > 0 {
            *input = scratch.join(format!("{index}.o"));
            module.optimise()?;
            module.write(input)?;
        }
    }
    Ok(inputs)
}

/// Forbids inlining of every function that one of the paths names, but into those that `exempt` names; returns how many
/// there are.
fn outline(module: &Module, paths: &[String], exempt: &[String]) -> usize {
    let exempt = named(module, exempt);
    let outlined = named(module, paths);
    for function in &outlined {
        function.remove_attribute("alwaysinline");
        function.remove_attribute("inlinehint");
        function.add_attribute("noinline");
        for call in function.direct_calls().unwrap_or_default() {
            if exempt.iter().any(|exempt| call.is_in(*exempt)) {
                call.add_call_attribute("alwaysinline");
            } else {
                call.remove_call_attribute("alwaysinline");
            }
        }
    }
    outlined.len()
}

/// Has every function that one of the paths names inlined; returns how many there are.
fn inline(module: &Module, paths: &[String]) -> usize {
    let inlined = named(module, paths);
    for function in &inlined {
        function.remove_attribute("noinline");
        function.add_attribute("alwaysinline");
        for call in function.direct_calls().unwrap_or_default() {
            call.remove_call_attribute("noinline");
        }
    }
    inlined.len()
}

/// Takes the body from every function that one of the paths names; returns how many there are.
fn empty(module: &Module, paths: &[String]) -> Result<usize> {
    let emptied = named(module, paths);
    for function in &emptied {
        if function.result() != Shape::Void {
            bail!(
                "`{}` returns something and cannot be emptied",
                function.name()
            );
        }
        function.empty();
    }
    Ok(emptied.len())
}

/// The functions defined here that one of the paths names.
fn named(module: &Module, paths: &[String]) -> Vec<Function> {
    let named = |function: &Function| {
        let name = function.name();
        function.is_defined() && paths.iter().any(|path| is_named(&name, path))
    };
    module.functions().into_iter().filter(named).collect()
}

/// Whether a mangled name contains every segment of a path such as `Clock::get`; mangling puts a segment's length before it, and
/// an underscore between the two if the segment begins with one. A last segment `*` is any function that stands in a module
/// itself, not in a type, a closure or another function.
fn is_named(mangled: &str, path: &str) -> bool {
    let (path, plain) = match path.strip_suffix("::*") {
        Some(path) => (path, true),
        None => (path, false),
    };
    let named = path.split("::").all(|segment| {
        let separator = if segment.starts_with('_') { "_" } else { "" };
        let segment = format!("{}{separator}{segment}", segment.len());
        mangled.match_indices(&segment).any(|(at, _)| {
            let before = mangled[..at].chars().next_back();
            !before.is_some_and(|before| before.is_ascii_digit())
        })
    });
    named && (!plain || mangled.starts_with("_RNvNt"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_mangled_functions_by_whole_segments() {
        let name = "_RNvMNtCsav_11anchor_lang6cursorNtB2_13AccountCursor6walk_n";
        assert!(is_named(name, "walk_n"));
        assert!(is_named(name, "AccountCursor::walk_n"));
        assert!(!is_named(name, "Cursor::walk_n"));
        assert!(!is_named(name, "walk"));
        assert!(
            !is_named("_RNv16walk_n", "walk_n"),
            "part of another number"
        );
        assert!(is_named(
            "_RNvNtCs1_6sluice10___handlers3pay",
            "__handlers::*"
        ));
        assert!(!is_named(
            "_RNCNvNtCs1_6sluice10___handlers3pay0",
            "__handlers::*"
        ));
    }

    #[test]
    fn an_outlined_function_outlives_the_optimiser() {
        let ir = r#"
            define i64 @_R10entrypoint(i64 %x) {
              %y = call i64 @_R6walk_n(i64 %x) alwaysinline
              ret i64 %y
            }
            define internal i64 @_R6walk_n(i64 %x) alwaysinline {
              %y = add i64 %x, 1
              ret i64 %y
            }"#;
        for (outlined, exempt, kept) in [
            ("", "", false),
            ("walk_n", "", true),
            ("walk_n", "entrypoint", false),
        ] {
            let mut module = Module::parse(ir.as_bytes()).unwrap();
            let paths = |path: &str| Vec::from_iter((!path.is_empty()).then(|| path.to_string()));
            outline(&module, &paths(outlined), &paths(exempt));
            module.run("default<O3>").unwrap();
            assert_eq!(
                module.to_string().contains("call"),
                kept,
                "{outlined} {exempt}"
            );
        }
    }

    #[test]
    fn an_inlined_function_is_gone() {
        let ir = r#"
            define i64 @_R5outer(i64 %x) {
              %y = call i64 @_R7handler(i64 %x) noinline
              ret i64 %y
            }
            define internal i64 @_R7handler(i64 %x) noinline {
              %y = add i64 %x, 1
              ret i64 %y
            }"#;
        let mut module = Module::parse(ir.as_bytes()).unwrap();
        assert_eq!(inline(&module, &["handler".to_string()]), 1);
        module.run("default<O3>").unwrap();
        assert!(!module.to_string().contains("call"), "{module}");
    }

    #[test]
    fn an_emptied_function_does_nothing() {
        let ir = r#"
            define void @_R4Slab4drop(ptr %x, i1 %c) {
              br i1 %c, label %a, label %b
            a:
              %y = load i64, ptr %x
              br label %b
            b:
              %z = phi i64 [ %y, %a ], [ 1, %0 ]
              store i64 %z, ptr %x
              ret void
            }
            define i64 @_R4Slab3len(ptr %x) { ret i64 1 }"#;
        let module = Module::parse(ir.as_bytes()).unwrap();
        assert_eq!(empty(&module, &["Slab::drop".to_string()]).unwrap(), 1);
        module.verify().unwrap();
        assert!(!module.to_string().contains("store"), "{module}");
        assert!(
            empty(&module, &["Slab::len".to_string()]).is_err(),
            "it returns something"
        );
    }
}
