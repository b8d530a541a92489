//! `tests/vectors/*.json` is what this client computes; clients in other languages are tested on the same files.
//!
//! `SLUICE_BLESS=1 cargo test -p sluice-client --test vectors` rewrites them.

mod accounts;
mod addresses;
mod amounts;
mod batches;
mod errors;
mod figures;
mod instructions;
mod job;
mod json;
mod market;
mod statements;

use {
    serde_json::Value,
    sha2::{Digest, Sha256},
    solana_address::Address,
    solana_keypair::Keypair,
    std::{env, fs, path::Path},
};

/// Holds the file of this name to `computed`, or writes it.
fn check(name: &str, computed: &Value) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let path = folder.join(name).with_extension("json");
    if env::var_os("SLUICE_BLESS").is_some() {
        fs::create_dir_all(&folder).unwrap();
        let text = serde_json::to_string_pretty(computed).unwrap();
        fs::write(&path, text + "\n").unwrap();
        return;
    }
    // Not as text: the order of fields depends on what else is built with serde_json.
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        serde_json::from_str(&kept).ok().as_ref() == Some(computed),
        "tests/vectors/{name}.json is stale: run `SLUICE_BLESS=1 cargo test -p sluice-client --test vectors`"
    );
}

/// Bytes that follow from a name.
fn hash(name: &str) -> [u8; 32] {
    Sha256::digest(format!("sluice vectors: {name}")).into()
}

/// An address that follows from a name.
fn key(name: &str) -> Address {
    Address::new_from_array(hash(name))
}

/// A key pair that follows from a name.
fn signer(name: &str) -> Keypair {
    Keypair::new_from_array(hash(name))
}
