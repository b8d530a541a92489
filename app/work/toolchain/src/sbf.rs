//! A compiler's flags and target for sBPF v3, where it is not Solana's own.
//!
//! The target's specification is made from that of the BPF target which rustc knows.

use {
    crate::{Error, Result, wasm::NO_PATH},
    serde_json::{Value, json},
};

/// The target's name: that of its specification and of cargo's folder.
pub const TARGET: &str = "sbf";

/// The linker's command: the wrapper of `sbpf-linker` in `xtask/sbf-link`.
pub const LINKER: &str = "sbf-link";

/// What has rustc print the specification that [`specification`] takes; `RUSTC_BOOTSTRAP` has to be 1.
pub const PRINT_SPECIFICATION: [&str; 3] = [
    "-Zunstable-options",
    "--print=target-spec-json",
    "--target=bpfel-unknown-none",
];

/// How it is compiled. Cargo keeps what it compiled for as long as these are the same, so none may hold the machine's own
/// paths: a copied checkout would compile std and every dependency anew.
pub const FLAGS: [&str; 13] = [
    // Crates choose their on-chain code by this.
    "--cfg=target_os=\"solana\"",
    // std wants an architecture it knows, for the alignment its allocator promises; nothing else asks.
    "--cfg=target_arch=\"m68k\"",
    "-Aexplicit_builtin_cfgs_in_flags",
    "-Aunexpected_cfgs",
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Clink-arg=--arch=v3",
    "-Clink-arg=--llvm-args=--bpf-stack-size=4096",
    // Instructions of later BPF processors that sBPF lacks.
    "-Clink-arg=--llvm-args=--disable-movsx",
    "-Clink-arg=--llvm-args=--disable-ldsx",
    // What needs a frame of its own stays a function: frames are 4 KiB, and all accounts are checked in one dispatcher, across
    // which the 16 bits of a jump must reach.
    "-Cllvm-args=--inline-max-stacksize=128",
    "-Clink-arg=--llvm-args=--inline-max-stacksize=128",
    // Of no path that is: with one of these cargo keeps all flags out of the hash in every symbol.
    NO_PATH,
];

/// The target's specification, from that of the BPF target.
///
/// # Errors
/// What rustc printed is no specification.
pub fn specification(printed: &str) -> Result<String> {
    let none = || Error::unfit("rustc printed no target specification");
    let mut specification: Value = serde_json::from_str(printed).map_err(|_| none())?;
    let keys = specification.as_object_mut().ok_or_else(none)?;
    keys.remove("no-builtins");
    let changes = [
        // A platform layer of std that compiles, and that no program reaches.
        ("os", json!("zkvm")),
        ("atomic-cas", json!(true)),
        ("min-atomic-width", json!(8)),
        ("panic-strategy", json!("immediate-abort")),
        ("relocation-model", json!("static")),
        // The last BPF processor whose jumps sBPF has.
        ("cpu", json!("v3")),
        ("features", json!("+allows-misaligned-mem-access")),
    ];
    keys.extend(changes.map(|(key, value)| (key.to_string(), value)));
    Ok(format!("{specification:#}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_specification_keeps_what_it_does_not_change() {
        let adapted =
            specification(r#"{"arch":"bpf","no-builtins":true,"atomic-cas":false}"#).unwrap();
        let adapted: Value = serde_json::from_str(&adapted).unwrap();
        assert_eq!(adapted["arch"], "bpf");
        assert_eq!(adapted["atomic-cas"], true);
        assert_eq!(adapted["os"], "zkvm");
        assert!(adapted.get("no-builtins").is_none() && adapted.get("linker").is_none());
    }
}
