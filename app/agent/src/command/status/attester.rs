//! What an attester has written down.

use {
    anyhow::{Result, bail},
    serde::Serialize,
    std::path::Path,
};

/// What is shown of an attester.
#[derive(Debug, Serialize)]
pub struct View {}

impl View {
    pub fn read(_: &Path) -> Result<Self> {
        bail!("not yet")
    }

    pub fn text(&self) -> String {
        String::new()
    }
}
