//! A chunk, computed here.

use {
    super::fetch,
    crate::{inputs::Folder, judge::Judge},
    sluice_work::undone::Undone,
    std::path::Path,
};

/// Why a chunk was not computed here.
pub enum NotComputed {
    /// Its kernel gives nothing for it.
    Undone(String),
    /// This machine was too slow or too small for it: it may have been busy.
    Machine(String),
    /// A file cannot be read or written: that may change.
    File(String),
}

/// Computes a chunk and writes its result.
pub fn here(
    inputs: &Folder,
    judge: &Judge,
    results: &Path,
    number: u32,
    name: &str,
) -> Result<(), NotComputed> {
    let input = inputs.read_chunk(number);
    let input = input.map_err(|error| NotComputed::File(error.to_string()))?;
    let output = judge.compute(&input).map_err(|reason| match reason {
        Undone::Time | Undone::Memory | Undone::Died => NotComputed::Machine(reason.to_string()),
        _ => NotComputed::Undone(reason.to_string()),
    })?;
    let written = fetch::write(results, name, &output);
    written.map_err(|error| NotComputed::File(error.to_string()))
}
