//! A new project: a kernel that works, its test, two inputs, and the crate that kernels are written with.
//!
//! That crate is on no registry, so the project carries it: the very files of `app/work/kernel`.

use {
    super::{Error, Result, file},
    std::{
        fs::{self, OpenOptions},
        io::Write,
        path::Path,
    },
};

/// What stands for the project's name in a template.
const NAME: &str = "{name}";

/// The files of a project: those of its own, then those of the crate.
const FILES: [(&str, &str); 11] = [
    ("Cargo.toml", include_str!("template/manifest.toml")),
    ("src/lib.rs", include_str!("template/kernel.rs")),
    ("README.md", include_str!("template/readme.md")),
    (".gitignore", include_str!("template/gitignore")),
    ("inputs/first.txt", include_str!("template/first.txt")),
    ("inputs/second.txt", include_str!("template/second.txt")),
    (
        "sluice-kernel/src/lib.rs",
        include_str!("../../../work/kernel/src/lib.rs"),
    ),
    (
        "sluice-kernel/src/output.rs",
        include_str!("../../../work/kernel/src/output.rs"),
    ),
    (
        "sluice-kernel/src/sbpf.rs",
        include_str!("../../../work/kernel/src/sbpf.rs"),
    ),
    (
        "sluice-kernel/src/sha256.rs",
        include_str!("../../../work/kernel/src/sha256.rs"),
    ),
    (
        "sluice-kernel/src/wasm.rs",
        include_str!("../../../work/kernel/src/wasm.rs"),
    ),
];

/// The crate's manifest in a project, and within this workspace.
const CRATES: &str = "sluice-kernel/Cargo.toml";
const MANIFEST: &str = include_str!("../../../work/kernel/Cargo.toml");

/// Longest name.
const NAME_LEN: usize = 64;

/// Words that no package can be called: those of the language, and crates that are always there.
const TAKEN: [&str; 56] = [
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "core",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "proc-macro",
    "proc_macro",
    "pub",
    "ref",
    "return",
    "self",
    "sluice-kernel",
    "sluice_kernel",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "use",
    "where",
    "while",
];

/// Makes the project `name` in `folder`, which must not be there yet, or be empty. The names of the files that it has.
///
/// # Errors
/// The name is none that a package can have, something is there already, or a file cannot be written.
pub fn make(name: &str, folder: &Path) -> Result<Vec<&'static str>> {
    check_name(name)?;
    check_free(folder)?;
    for (path, text) in FILES {
        write_new(&folder.join(path), &text.replace(NAME, name))?;
    }
    write_new(&folder.join(CRATES), &standing_alone(MANIFEST))?;
    Ok(names().collect())
}

/// The files of a project.
pub fn names() -> impl Iterator<Item = &'static str> {
    let own = FILES.into_iter().map(|(path, _)| path);
    own.chain([CRATES])
}

/// Refuses a folder in which something is.
///
/// # Errors
/// Something is there.
pub fn check_free(folder: &Path) -> Result<()> {
    let is_free = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(_) => fs::symlink_metadata(folder).is_err(),
    };
    if is_free {
        return Ok(());
    }
    Err(Error::Given(format!(
        "{} is there already: nothing is overwritten; give another folder with --path",
        folder.display()
    )))
}

/// Refuses a name that no package can have.
///
/// # Errors
/// What a name is.
pub fn check_name(name: &str) -> Result<()> {
    let begins = name.starts_with(|letter: char| letter.is_ascii_lowercase());
    let is_fit = |letter: char| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '-' | '_')
    };
    if !begins || !name.chars().all(is_fit) || name.len() > NAME_LEN {
        return Err(Error::Given(format!(
            "{name} is no name for a kernel: it begins with a small letter and goes on with small letters, digits, - and _, \
             {NAME_LEN} at most"
        )));
    }
    if TAKEN.contains(&name) {
        return Err(Error::Given(format!(
            "no package can be called {name}: choose another name"
        )));
    }
    Ok(())
}

fn write_new(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(file("cannot create", folder))?;
    }
    let made = OpenOptions::new().write(true).create_new(true).open(path);
    made.and_then(|mut made| made.write_all(text.as_bytes()))
        .map_err(file("cannot write", path))
}

/// The manifest of a crate of this workspace, for one that is in none.
fn standing_alone(manifest: &str) -> String {
    let lints = "\n[lints]\nworkspace = true\n";
    let alone = [
        ("version", env!("CARGO_PKG_VERSION")),
        ("edition", "2024"),
        ("license", env!("CARGO_PKG_LICENSE")),
    ];
    // Platform-tools have a compiler of their own, and cargo would hold its version against this.
    let inherited = "rust-version.workspace = true\n";
    let mut text = manifest.replace(lints, "").replace(inherited, "");
    for (key, value) in alone {
        let inherited = format!("{key}.workspace = true");
        text = text.replace(&inherited, &format!("{key} = \"{value}\""));
    }
    text = text.replace("publish.workspace = true", "publish = false");
    text + "\n[lints.rust]\nunexpected_cfgs = { level = \"warn\", check-cfg = ['cfg(target_os, values(\"solana\"))'] }\n"
}

#[cfg(test)]
mod tests {
    use {super::*, std::collections::BTreeSet};

    #[test]
    fn a_project_has_every_file_of_the_crate_as_it_is_here() {
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join("counter");
        let made = make("counter", &project).unwrap();
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../work/kernel/src");
        let mut names = BTreeSet::new();
        for entry in fs::read_dir(own).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let carried = fs::read(project.join("sluice-kernel/src").join(&name)).unwrap();
            assert_eq!(carried, fs::read(entry.path()).unwrap(), "{name}");
            names.insert(format!("sluice-kernel/src/{name}"));
        }
        let carried = made
            .iter()
            .filter(|name| name.starts_with("sluice-kernel/src"));
        assert_eq!(
            carried
                .map(|name| (*name).to_owned())
                .collect::<BTreeSet<_>>(),
            names
        );
    }

    #[test]
    fn a_project_stands_alone() {
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join("word-count");
        for name in make("word-count", &project).unwrap() {
            let text = fs::read_to_string(project.join(name)).unwrap();
            assert!(!text.contains(NAME) && !text.is_empty(), "{name}");
            if name.ends_with("Cargo.toml") {
                assert!(!text.contains("workspace = true"), "{text}");
                assert!(!text.contains("../"), "{text}");
            }
        }
        let manifest = fs::read_to_string(project.join("Cargo.toml")).unwrap();
        assert!(
            manifest.starts_with("[package]\nname = \"word-count\"\n"),
            "{manifest}"
        );
        let crates = fs::read_to_string(project.join("sluice-kernel/Cargo.toml")).unwrap();
        assert!(!crates.contains("rust-version"), "{crates}");
        assert!(
            crates.contains("publish = false") && crates.contains("sha2 = "),
            "{crates}"
        );
    }

    #[test]
    fn nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let there = folder.path().join("there");
        fs::create_dir(&there).unwrap();
        make("there", &there).unwrap();
        fs::write(there.join("src/lib.rs"), "mine").unwrap();
        assert!(make("there", &there).is_err());
        assert_eq!(
            fs::read_to_string(there.join("src/lib.rs")).unwrap(),
            "mine"
        );
        let file = folder.path().join("file");
        fs::write(&file, "mine").unwrap();
        assert!(make("file", &file).is_err());
        #[cfg(unix)]
        {
            let link = folder.path().join("link");
            std::os::unix::fs::symlink(folder.path().join("nowhere"), &link).unwrap();
            assert!(make("link", &link).is_err());
        }
    }

    #[test]
    fn a_name_is_one_that_a_package_can_have() {
        for name in ["a", "word-count", "fractal_2"] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        let long = "a".repeat(NAME_LEN + 1);
        for name in [
            "",
            "2d",
            "-a",
            "A",
            "a b",
            "a/b",
            "../a",
            "a\n",
            "größe",
            "fn",
            "core",
            "sluice-kernel",
            &long,
        ] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }
}
