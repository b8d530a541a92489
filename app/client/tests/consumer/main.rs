//! What a crate outside of this workspace gets that depends on the client.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The example in the README.
const EXAMPLE: &str = include_str!("../../examples/open.rs");

const README: &str = include_str!("../../README.md");

/// A crate that names the versions which the README names has the client's types.
const SAME_TYPES: &str = "
pub const KEYPAIR: fn(solana_keypair::Keypair) -> sluice_client::Keypair = |same| same;
pub const ADDRESS: fn(solana_address::Address) -> sluice_client::Address = |same| same;
pub const HASH: fn(solana_hash::Hash) -> sluice_client::Hash = |same| same;
pub const ACCOUNT: fn(solana_account::Account) -> sluice_client::Account = |same| same;
pub const MESSAGE: fn(solana_message::Message) -> sluice_client::Message = |same| same;
pub const SIGNATURE: fn(solana_signature::Signature) -> sluice_client::Signature = |same| same;
pub const INSTRUCTION: fn(solana_instruction::Instruction) -> sluice_client::Instruction = |same| same;
pub const TRANSACTION: fn(solana_transaction::Transaction) -> sluice_client::Transaction = |same| same;
pub const SIGNER: fn(&dyn solana_signer::Signer) -> &dyn sluice_client::Signer = |same| same;
pub const COMMITMENT: fn(solana_commitment_config::CommitmentConfig) -> sluice_client::CommitmentConfig = |same| same;
";

/// The dependencies in the README.
fn versions() -> &'static str {
    let (_, block) = README.split_once("```toml\n").unwrap();
    block.split_once("```").unwrap().0
}

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
{}
[workspace]
"#,
        versions()
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::write(
        folder.join("src/main.rs"),
        format!("{EXAMPLE}\n{SAME_TYPES}\n"),
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
    let (_, code) = EXAMPLE.split_once("\n\n").unwrap();
    assert!(README.contains(&format!("```rust\n{code}```\n")));
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
