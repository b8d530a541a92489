//! What a history leaves open.

use {
    super::Kind,
    solana_address::Address,
    solana_signature::Signature,
    std::fmt::{self, Display, Formatter},
};

/// Tokens that moved, or may have moved, in transactions that are not told, and are in no row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unexplained {
    /// The job, share or position.
    pub account: Address,
    /// As what they moved, if they did.
    pub kind: Kind,
    /// Of the tokens; `None` where nothing tells it.
    pub mint: Option<Address>,
    /// Of the mint; 0 where nothing tells the mint.
    pub decimals: u8,
    /// How many there can be, base units.
    pub amount: u64,
    /// False where there can be more.
    pub is_all: bool,
    /// The transactions in which they can have moved.
    pub transactions: Vec<Signature>,
}

impl Display for Unexplained {
    /// Without the amount, which is in base units.
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        let Self { account, kind, .. } = self;
        write!(f, "{} of {account}", kind.name())
    }
}
