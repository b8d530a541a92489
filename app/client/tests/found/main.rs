//! From a manifest to a network, on the embedded engine: every step, what differs later, and manifests that say what cannot be.
//!
//! They need the program's ELF: `cargo xtask build`.

mod bad;
mod drift;
mod fixed;
mod nothing;
mod site;
