//! What the tests share: a world on the embedded engine and the reference ledger.

pub mod reference;
pub mod world;
