//! What a buyer wants done, and under which bounds.

use {
    sluice_client::Address,
    sluice_work::{core::Kind, engine::Limits},
};

/// A kernel, as it was read.
#[derive(Clone, Debug)]
pub struct Kernel {
    /// What runs it: told by its first bytes.
    pub kind: Kind,
    /// Its code.
    pub code: Vec<u8>,
}

/// What every chunk is given.
pub type Bounds = Limits;

/// How much of what comes back is computed again here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verify {
    /// Nothing.
    None,
    /// So many chunks of each window, by chance.
    Some(u32),
    /// Everything.
    All,
}

/// A price: base units of the mint for so many units of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// Base units ...
    pub price: u64,
    /// ... for so many units of work.
    pub per: u64,
}

/// What a buyer asks of the market.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The mint that is paid in.
    pub mint: Address,
    /// The highest price of a unit.
    pub most: Price,
    /// Most base units that may be in escrow and paid, together.
    pub budget: u64,
    /// Most jobs at once; as many as help where it is absent.
    pub nodes: Option<u32>,
    /// Only this attester set.
    pub set: Option<Address>,
    /// Only nodes that declare this region.
    pub region: Option<u16>,
}
