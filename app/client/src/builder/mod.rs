//! Arguments of many fields, of which most callers set few: what is not set has the default that its setter states.
//!
//! What a buyer takes from an offer is [`view::offer::order`](crate::view::offer::order). A whole network, with its attesters, sets and
//! reward pools, is a manifest under the feature `found`.

mod open;
mod terms;

pub use {open::OpenBuilder, terms::TermsBuilder};
