//! Values on the command line: the client's texts, and evidence.

pub use sluice_client::{
    hex::encode as hex,
    text::{Bps, Hex32, Secs, When, date},
};
use {
    crate::failure::{Failure, Result},
    std::fs,
};

/// The hash of a piece of evidence: the text itself if it is one, else of the file that it names.
pub fn evidence(text: &str) -> Result<[u8; 32]> {
    if let Ok(Hex32(hash)) = text.parse() {
        return Ok(hash);
    }
    let bytes = fs::read(text).map_err(|error| {
        Failure::input(format!(
            "'{text}' is neither a hash nor a file that can be read: {error}"
        ))
    })?;
    Ok(sluice::hash::sha256(&[&bytes]))
}
