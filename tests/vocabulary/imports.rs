//! One import style: what a module imports stands in one `use`, sorted by rustfmt.

use {
    super::root,
    std::{
        fs,
        path::{Path, PathBuf},
    },
};

/// The Rust files under `folder` that are written by hand.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !name.starts_with('.') && !["target", "node_modules"].contains(&name.as_str()) {
                files(&path, found);
            }
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// The line of a `use` that follows another one at once.
fn second_import(source: &str) -> Option<usize> {
    let (mut inside, mut after) = (false, false);
    for (index, line) in source.lines().enumerate() {
        if line.starts_with("use ") {
            if after {
                return Some(index + 1);
            }
            inside = true;
        } else if !inside && !line.is_empty() {
            after = false;
        }
        if inside && line.ends_with(';') && !line.starts_with(' ') {
            (inside, after) = (false, true);
        }
    }
    None
}

#[test]
fn a_second_import_is_found_wherever_nothing_stands_between() {
    assert_eq!(
        second_import("use {\n    a,\n    b,\n};\nfn f() {}\n"),
        None
    );
    assert_eq!(second_import("use a;\n\nuse b;\n"), Some(3));
    assert_eq!(second_import("use {\n    a,\n};\nuse b;\n"), Some(4));
    assert_eq!(second_import("use a;\nmod m;\nuse m::*;\n"), None);
    assert_eq!(second_import("use a;\n#[cfg(test)]\nuse b;\n"), None);
}

#[test]
fn a_module_imports_in_one_place() {
    let mut all = vec![];
    files(&root(), &mut all);
    assert!(all.len() > 500, "{}", all.len());
    for path in all {
        let source = fs::read_to_string(&path).unwrap();
        if let Some(line) = second_import(&source) {
            panic!("{}:{line} begins a second `use`", path.display());
        }
    }
}

/// A file fits in one reading; the contract of the program is the one long list.
#[test]
fn no_file_has_more_than_four_hundred_lines() {
    let mut all = vec![];
    files(&root(), &mut all);
    let contract = root().join("programs/sluice/src/lib.rs");
    for path in all.iter().filter(|path| **path != contract) {
        let lines = fs::read_to_string(path).unwrap().lines().count();
        assert!(lines <= 400, "{} has {lines} lines", path.display());
    }
}
