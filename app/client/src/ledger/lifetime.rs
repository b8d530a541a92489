//! Until when a transaction can land, and what has become of it.

use {solana_address::Address, solana_hash::Hash, solana_transaction_error::TransactionError};

/// Slots in which a blockhash surely expires: 150 blocks, with as many slots skipped.
const MAX_AGE_SLOTS: u64 = 300;

/// What a transaction is signed with, and until when it can land.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// A recent blockhash: until the chain is higher than this block.
    Blockhash {
        /// The blockhash.
        hash: Hash,
        /// The last block that it can be in.
        last_valid_block_height: u64,
        /// The slot it was read in.
        slot: u64,
    },
    /// A durable nonce: as long as its account holds this value.
    Nonce {
        /// Address of the nonce account.
        account: Address,
        /// What it holds.
        value: Hash,
        /// The slot it was read in.
        slot: u64,
    },
}

impl Lifetime {
    /// Of a blockhash that was chosen elsewhere, at most as long ago as blockhashes live.
    pub const fn given(hash: Hash, last_valid_block_height: u64, slot: u64) -> Self {
        Self::Blockhash {
            hash,
            last_valid_block_height,
            slot: slot.saturating_sub(MAX_AGE_SLOTS),
        }
    }

    /// What goes where the message has its recent blockhash.
    pub const fn hash(&self) -> Hash {
        match self {
            Self::Blockhash { hash, .. } => *hash,
            Self::Nonce { value, .. } => *value,
        }
    }

    /// No transaction with it is in an earlier slot.
    pub const fn slot(&self) -> u64 {
        match self {
            Self::Blockhash { slot, .. } | Self::Nonce { slot, .. } => *slot,
        }
    }
}

/// What has become of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is in a block, as settled as the ledger waits for.
    Landed,
    /// It is in a block and failed: fees were paid and nothing else changed.
    Failed(TransactionError),
    /// It may still land.
    Pending,
    /// It is in no block and never will be.
    Expired,
}
