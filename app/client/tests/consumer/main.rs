//! What a crate outside of this workspace gets that depends on the client.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The example in the README.
const EXAMPLE: &str = include_str!("../../examples/open.rs");

/// A key of a crate that names `solana-keypair` itself, of the version that the README names, is one of the client's.
const SAME_KEY: &str =
    "pub const SAME: fn(solana_keypair::Keypair) -> sluice_client::Keypair = |key| key;";

/// Writes a crate with the example for its program; `features` are asked for beside the default ones.
fn crate_with(name: &str, features: &str) -> PathBuf {
    let client = env!("CARGO_MANIFEST_DIR");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(folder.join("src")).unwrap();
    let manifest = format!(
        r#"[package]
name = "{name}"
edition = "2024"

[dependencies]
sluice-client = {{ path = "{client}", features = [{features}] }}
solana-keypair = "3.1"

[workspace]
"#
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::write(
        folder.join("src/main.rs"),
        format!("{EXAMPLE}\n{SAME_KEY}\n"),
    )
    .unwrap();
    // With the versions that this workspace has downloaded.
    fs::copy(
        Path::new(client).join("../../Cargo.lock"),
        folder.join("Cargo.lock"),
    )
    .unwrap();
    folder
}

/// What Cargo prints in `folder`, without a network.
fn cargo(folder: &Path, args: &[&str]) -> String {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap());
    let ran = cargo
        .args(args)
        .arg("--offline")
        .current_dir(folder)
        .env_remove("RUSTC_WORKSPACE_WRAPPER")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}");
    String::from_utf8(ran.stdout).unwrap()
}

/// The packages that the program of the crate is made of, with their versions.
fn packages(folder: &Path) -> BTreeSet<String> {
    let tree = [
        "tree", "--edges", "normal", "--prefix", "none", "--format", "{p}",
    ];
    let listed = cargo(folder, &tree);
    let words = listed
        .lines()
        .map(|line| line.split(' ').take(2).collect::<Vec<_>>());
    words.map(|words| words.join(" ")).collect()
}

fn has(packages: &BTreeSet<String>, name: &str) -> bool {
    packages
        .iter()
        .any(|one| one.split(' ').next() == Some(name))
}

#[test]
fn the_readme_shows_the_example() {
    let readme = include_str!("../../README.md");
    let (_, code) = EXAMPLE.split_once("\n\n").unwrap();
    assert!(readme.contains(&format!("```rust\n{code}```\n")));
}

#[test]
fn a_crate_outside_has_a_node_to_talk_to_and_neither_an_engine_nor_a_parser_of_manifests() {
    let found = packages(&crate_with("consumer-plain", ""));
    assert!(has(&found, "solana-rpc-client"));
    for absent in ["litesvm", "jiff", "toml", "clap"] {
        assert!(!has(&found, absent), "{absent}");
    }
    // Itself is one of them.
    assert!(found.len() <= 376, "{} packages", found.len());
    let all = packages(&crate_with("consumer-full", r#""embedded", "found""#));
    assert!(has(&all, "litesvm") && has(&all, "jiff"));
}

#[test]
fn a_crate_outside_has_one_keypair_and_one_signer() {
    let found = packages(&crate_with("consumer-keys", ""));
    for name in [
        "solana-keypair",
        "solana-signer",
        "solana-signature",
        "solana-transaction",
    ] {
        let of_name = found
            .iter()
            .filter(|one| one.split(' ').next() == Some(name));
        assert_eq!(of_name.count(), 1, "{name}");
    }
}

/// It compiles every package anew, for a crate outside shares nothing with the workspace: CI does it, by this variable.
#[test]
fn a_crate_outside_compiles_the_example_of_the_readme() {
    if env::var_os("SLUICE_CONSUMER").is_none() {
        return;
    }
    cargo(&crate_with("consumer", ""), &["check", "--quiet"]);
}
