//! The files of the command point one way: none imports, by whatever detour, a file that imports it.

use {
    super::root,
    std::{
        collections::{BTreeMap, BTreeSet},
        fs,
        path::Path,
    },
};

/// Modules by their path from the crate's root, with their sources less comments and unit tests.
fn modules(folder: &Path, path: &[String], found: &mut BTreeMap<Vec<String>, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let own = [path, std::slice::from_ref(&name)].concat();
        if file.is_dir() {
            modules(&file, &own, found);
            continue;
        }
        let source = fs::read_to_string(&file).unwrap();
        let code = source.lines().filter(|line| !line.trim().starts_with("//"));
        let code = code.collect::<Vec<_>>().join("\n");
        let code = code.split("#[cfg(test)]\nmod ").next().unwrap().to_owned();
        let module = match name.as_str() {
            "mod" | "lib" => path.to_vec(),
            _ => own,
        };
        found.insert(module, code);
    }
}

/// The paths that a `use` tree spells.
fn spelled(prefix: &[String], tree: &str, paths: &mut Vec<Vec<String>>) {
    let tree = tree.trim();
    let Some((head, inner)) = tree.split_once('{') else {
        let words = tree.split("::").map(|word| word.trim().to_owned());
        paths.push(prefix.iter().cloned().chain(words).collect());
        return;
    };
    let head = head
        .split("::")
        .map(str::trim)
        .filter(|word| !word.is_empty());
    let prefix: Vec<String> = prefix
        .iter()
        .cloned()
        .chain(head.map(String::from))
        .collect();
    let (mut depth, mut branch) = (0, String::new());
    for letter in inner[..inner.rfind('}').unwrap()].chars().chain([',']) {
        match letter {
            ',' if depth == 0 => {
                if !branch.trim().is_empty() {
                    spelled(&prefix, &branch, paths);
                }
                branch.clear();
                continue;
            }
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        branch.push(letter);
    }
}

/// The modules that `module` imports.
fn imports(
    module: &[String],
    code: &str,
    all: &BTreeMap<Vec<String>, String>,
) -> BTreeSet<Vec<String>> {
    let mut paths = vec![];
    // Before the first line, too, there is a line's end.
    let lines = format!("\n{code}").replace("\npub use ", "\nuse ");
    for import in lines.split("\nuse ").skip(1) {
        spelled(&[], import.split(';').next().unwrap(), &mut paths);
    }
    for path in code.split("crate::").skip(1) {
        let end = path.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
        spelled(
            &["crate".to_owned()],
            &path[..end.unwrap_or(path.len())],
            &mut paths,
        );
    }
    let mut found = BTreeSet::new();
    for path in paths {
        let above = path.iter().take_while(|word| *word == "super").count();
        let absolute: Vec<String> = match path.first().map(String::as_str) {
            Some("crate") => path[1..].to_vec(),
            Some("super") if above <= module.len() => {
                [&module[..module.len() - above], &path[above..]].concat()
            }
            _ => [module, &path].concat(),
        };
        let target = (1..=absolute.len()).rev().find_map(|len| {
            let prefix = absolute[..len].to_vec();
            all.contains_key(&prefix).then_some(prefix)
        });
        found.extend(target.filter(|target| target != module));
    }
    found
}

/// A way from a module back to itself.
fn cycle(graph: &BTreeMap<Vec<String>, BTreeSet<Vec<String>>>) -> Option<Vec<Vec<String>>> {
    for start in graph.keys() {
        let mut seen = BTreeSet::new();
        let mut ways = vec![vec![start.clone()]];
        while let Some(way) = ways.pop() {
            for next in &graph[way.last().unwrap()] {
                if next == start {
                    return Some(way);
                }
                if seen.insert(next.clone()) {
                    ways.push([way.as_slice(), std::slice::from_ref(next)].concat());
                }
            }
        }
    }
    None
}

/// What each module of `all` imports.
fn graph(all: &BTreeMap<Vec<String>, String>) -> BTreeMap<Vec<String>, BTreeSet<Vec<String>>> {
    let edges =
        |(module, code): (&Vec<String>, &String)| (module.clone(), imports(module, code, all));
    all.iter().map(edges).collect()
}

#[test]
fn a_cycle_is_found_by_whatever_path_it_goes() {
    let module = |name: &str, code: &str| (vec![name.to_owned()], code.to_owned());
    let straight = BTreeMap::from([
        module("a", "use {\n    crate::{b::B, c},\n    std::fmt,\n};"),
        module("b", "use crate::c::C;"),
        module("c", ""),
    ]);
    assert_eq!(cycle(&graph(&straight)), None);
    for back in ["use super::a::A;", "fn f() { crate::a::f() }"] {
        let mut round = straight.clone();
        round.extend([module("c", back)]);
        assert!(cycle(&graph(&round)).is_some(), "{back}");
    }
}

#[test]
fn the_files_of_the_command_import_each_other_one_way() {
    let mut all = BTreeMap::new();
    modules(&root().join("app/cli/src"), &[], &mut all);
    assert!(all.len() > 80, "{}", all.len());
    // The root declares them all, and what it defines is imported by none.
    all.remove(&Vec::new());
    let graph = graph(&all);
    let edges: usize = graph.values().map(BTreeSet::len).sum();
    assert!(edges > 200, "{edges}");
    assert_eq!(cycle(&graph), None);
}
