//! Keeps chosen functions as functions, whatever their authors said.
//!
//! `#[inline(always)]` is a good choice where a function is written and a bad one where it is used forty times in one program.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{
    arguments::Arguments,
    llvm::{Function, Module},
};

/// The inputs, with copies in `scratch` in place of those that define outlined functions.
pub fn inputs(arguments: &Arguments, scratch: &Path) -> Result<Vec<PathBuf>> {
    let mut inputs = arguments.inputs.clone();
    if arguments.outlined.is_empty() {
        return Ok(inputs);
    }
    for (index, input) in inputs.iter_mut().enumerate() {
        let is_object = input.extension().is_some_and(|extension| extension == "o");
        // An object that is no bitcode holds no function of ours.
        let Some(mut module) = is_object.then(|| Module::read(input).ok()).flatten() else {
            continue;
        };
        if outline(&module, &arguments.outlined) > 0 {
            *input = scratch.join(format!("{index}.o"));
            module.optimise()?;
            module.write(input)?;
        }
    }
    Ok(inputs)
}

/// Forbids inlining of every function that one of the paths names; returns how many there are.
fn outline(module: &Module, paths: &[String]) -> usize {
    let named = |function: &Function| {
        let name = function.name();
        function.is_defined() && paths.iter().any(|path| is_named(&name, path))
    };
    let mut count = 0;
    for function in module.functions().into_iter().filter(named) {
        function.remove_attribute("alwaysinline");
        function.remove_attribute("inlinehint");
        function.add_attribute("noinline");
        for call in function.direct_calls().unwrap_or_default() {
            call.remove_call_attribute("alwaysinline");
        }
        count += 1;
    }
    count
}

/// Whether a mangled name contains every segment of a path such as `Clock::get`; mangling puts a segment's length before it.
fn is_named(mangled: &str, path: &str) -> bool {
    path.split("::").all(|segment| {
        let segment = format!("{}{segment}", segment.len());
        mangled.match_indices(&segment).any(|(at, _)| {
            let before = mangled[..at].chars().next_back();
            !before.is_some_and(|before| before.is_ascii_digit())
        })
    })
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
    }

    #[test]
    fn an_outlined_function_outlives_the_optimiser() {
        let ir = r#"
            define i64 @entrypoint(i64 %x) {
              %y = call i64 @_R6walk_n(i64 %x) alwaysinline
              ret i64 %y
            }
            define internal i64 @_R6walk_n(i64 %x) alwaysinline {
              %y = add i64 %x, 1
              ret i64 %y
            }"#;
        for (paths, kept) in [(vec![], false), (vec!["walk_n".to_string()], true)] {
            let mut module = Module::parse(ir.as_bytes()).unwrap();
            assert_eq!(outline(&module, &paths), usize::from(kept));
            module.run("default<O3>").unwrap();
            assert_eq!(module.to_string().contains("call"), kept, "{paths:?}");
        }
    }
}
