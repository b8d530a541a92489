//! The target's specification, made from that of the BPF target which rustc knows.

use {
    super::{RUSTC, remap::write_changed},
    crate::workspace::output,
    anyhow::{Context, Result},
    serde_json::{Value, json},
    std::{
        path::{Path, PathBuf},
        process::Command,
    },
};

/// The target's name: that of its specification and of cargo's folder.
pub const TARGET: &str = "sbf";

/// Writes the target specification, made from that of the BPF target this rustc knows.
pub fn write_specification(folder: &Path) -> Result<PathBuf> {
    let mut rustc = Command::new(RUSTC);
    rustc.env("RUSTC_BOOTSTRAP", "1");
    rustc.args([
        "-Zunstable-options",
        "--print=target-spec-json",
        "--target=bpfel-unknown-none",
    ]);
    let specification = adapt(&output(&mut rustc)?)?;
    let path = folder.join(format!("{TARGET}.json"));
    write_changed(&path, &specification)?;
    Ok(path)
}

fn adapt(specification: &str) -> Result<String> {
    let mut specification: Value =
        serde_json::from_str(specification).context("rustc printed no target specification")?;
    let keys = specification
        .as_object_mut()
        .context("rustc printed no target specification")?;
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
        let adapted = adapt(r#"{"arch":"bpf","no-builtins":true,"atomic-cas":false}"#).unwrap();
        let adapted: Value = serde_json::from_str(&adapted).unwrap();
        assert_eq!(adapted["arch"], "bpf");
        assert_eq!(adapted["atomic-cas"], true);
        assert_eq!(adapted["os"], "zkvm");
        assert!(adapted.get("no-builtins").is_none() && adapted.get("linker").is_none());
    }
}
