//! Sending on its own: through a ledger that answers as it is told to, and through the embedded engine.

mod delivery;
#[cfg(feature = "embedded")]
mod embedded;
mod journal;
mod scripted;
