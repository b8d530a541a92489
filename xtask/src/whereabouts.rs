//! `cargo xtask where`: the files of one instruction, by its noun and name.

use {
    crate::workspace::Workspace,
    anyhow::{Context, Result, bail},
    clap::Args,
    std::{
        fs,
        path::{Path, PathBuf},
    },
};

/// Print where an instruction lives: program, client, command, tests and vectors
#[derive(Args)]
pub struct Where {
    /// Its name, with or without its noun: `job/pay`, `pay`
    instruction: String,
}

impl Where {
    pub fn run(self, workspace: &Workspace) -> Result<()> {
        let contract = read(&workspace.root.join("programs/sluice/src/lib.rs"))?;
        let (home, file, name) = find(&contract, &self.instruction)?;
        let client = format!("app/client/src/instruction/{home}.rs");
        let tests = workspace.root.join("tests/instructions").join(home);
        let (command, call) = (workspace.root.join("app/cli/src"), format!("{name}("));
        let line = |path: &str, word: &str| line_of(&workspace.root.join(path), word);
        show(
            "program",
            &format!("programs/sluice/src/instructions/{home}/{file}.rs"),
            None,
        );
        show(
            "contract",
            "programs/sluice/src/lib.rs",
            line("programs/sluice/src/lib.rs", &format!("pub fn {name}(")),
        );
        show("client", &client, line(&client, &format!("fn {name}(")));
        let used = format!("::{name}(");
        let library = workspace.root.join("app/client/src");
        for (what, folder, call) in [("client", library, &used), ("command", command, &call)] {
            for path in mentions(&folder, call)? {
                let shown = workspace.relative(&path).to_string();
                show(what, &shown, line_of(&path, call));
            }
        }
        for path in mentions(&tests, name)? {
            show("tests", &workspace.relative(&path).to_string(), None);
        }
        let vectors = format!("tests/vectors/{home}_instructions.json");
        show(
            "vectors",
            &vectors,
            line(&vectors, &format!("\"name\": \"{name}\"")),
        );
        Ok(())
    }
}

/// The tests of `job/pay`, `pay` or `job`: the binary, and the module where there is one of the instruction's own.
pub fn tests_of(workspace: &Workspace, what: &str) -> Result<(String, Option<String>)> {
    let tests = workspace.root.join("tests/instructions");
    if tests.join(what).join("main.rs").is_file() {
        return Ok((what.to_owned(), None));
    }
    let contract = read(&workspace.root.join("programs/sluice/src/lib.rs"))?;
    let (home, _, name) = find(&contract, what)?;
    let file = |end: &str| tests.join(home).join(format!("{name}{end}")).is_file();
    let own = file(".rs") || file("/mod.rs");
    Ok((home.to_owned(), own.then(|| name.to_owned())))
}

/// The noun, the handler's file and the name of `job/pay` or `pay`.
fn find<'a>(contract: &'a str, what: &'a str) -> Result<(&'a str, &'a str, &'a str)> {
    let (noun, name) = match what.split_once('/') {
        Some((noun, name)) => (Some(noun), name),
        None => (None, what),
    };
    let Some((home, file)) = home(contract, name) else {
        bail!("the program has no instruction {name}");
    };
    if let Some(noun) = noun.filter(|noun| *noun != home) {
        bail!("{name} belongs to {home}, not to {noun}");
    }
    Ok((home, file, name))
}

/// The noun of an instruction and the file of its handler, as the contract names them.
fn home<'a>(contract: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let (_, function) = contract.split_once(&format!("\n    pub fn {name}("))?;
    let (_, handler) = function.split_once("        instructions::")?;
    let mut path = handler.split("::");
    Some((path.next()?, path.next()?))
}

fn show(what: &str, path: &str, line: Option<usize>) {
    let line = line.map_or(String::new(), |line| format!(":{line}"));
    println!("{what:<9} {path}{line}");
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The first line with `word`.
fn line_of(path: &Path, word: &str) -> Option<usize> {
    let text = fs::read_to_string(path).ok()?;
    let at = text.lines().position(|line| line.contains(word))?;
    at.checked_add(1)
}

/// The Rust files under `folder` that are named after `word`; those that have it, if none is.
fn mentions(folder: &Path, word: &str) -> Result<Vec<PathBuf>> {
    let mut files = sources(folder)?;
    files.sort();
    let named: Vec<_> = files
        .iter()
        .filter(|path| path.file_stem().is_some_and(|stem| stem == word))
        .cloned()
        .collect();
    if !named.is_empty() {
        return Ok(named);
    }
    let mut found = vec![];
    for path in files {
        if read(&path)?.contains(word) {
            found.push(path);
        }
    }
    Ok(found)
}

/// The Rust files under `folder`.
fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut files = vec![];
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(sources(&path)?);
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instruction_is_found_by_its_handler() {
        let contract = include_str!("../../programs/sluice/src/lib.rs");
        assert_eq!(home(contract, "pay"), Some(("job", "pay")));
        assert_eq!(home(contract, "stake"), Some(("stake", "deposit")));
        assert_eq!(home(contract, "payout"), None);
    }
}
