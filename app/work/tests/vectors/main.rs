//! `tests/vectors/work_*.json` is what this crate computes; clients in other languages are tested on the same files.
//!
//! `SLUICE_BLESS=1 cargo test -p sluice-work --test vectors` rewrites them.

mod inputs;
mod leaves;
mod refused;
mod shapes;
mod specs;
mod windows;
#[path = "../formats/work.rs"]
mod work;

use {
    serde_json::{Value, json},
    sluice_work::{
        check::Claim,
        leaf::{Leaf, Opened},
        sluice_math::tree::Hash,
    },
    std::{env, fs, path::Path},
};

/// Holds the file of this name to `computed`, or writes it.
fn check(name: &str, computed: &Value) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let path = folder.join(name).with_extension("json");
    if env::var_os("SLUICE_BLESS").is_some() {
        let text = serde_json::to_string_pretty(computed).unwrap();
        fs::write(&path, text + "\n").unwrap();
        return;
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        serde_json::from_str(&kept).ok().as_ref() == Some(computed),
        "tests/vectors/{name}.json is stale: run `SLUICE_BLESS=1 cargo test -p sluice-work --test vectors`"
    );
}

/// Bytes as the vectors write them.
fn hex(bytes: impl AsRef<[u8]>) -> Value {
    format!("0x{}", hex::encode(bytes)).into()
}

/// Hashes, one after the other.
fn hashes(list: &[Hash]) -> Value {
    list.iter().map(hex).collect()
}

/// Numbers of 64 bits are text.
fn long(number: u64) -> Value {
    number.to_string().into()
}

fn claim(claim: &Claim) -> Value {
    json!({ "window": claim.window, "units": long(claim.units), "digest": hex(claim.digest) })
}

fn leaf(leaf: &Leaf) -> Value {
    json!({ "index": leaf.index, "input": hex(leaf.input), "output": hex(leaf.output) })
}

/// An opened place in its parts and in bytes, which are read as the same.
fn opened(opened: &Opened) -> Value {
    let bytes = opened.to_bytes();
    assert_eq!(Opened::from_bytes(&bytes).as_ref(), Some(opened));
    json!({
        "position": opened.position,
        "leaf": opened.leaf.as_ref().map(leaf),
        "path": hashes(&opened.path),
        "bytes": hex(bytes),
    })
}
