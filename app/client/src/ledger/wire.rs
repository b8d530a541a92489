//! Transactions and messages as bytes.

use {
    crate::error::{ClientError, Result},
    solana_address::Address,
    solana_message::Message,
    solana_sanitize::Sanitize,
    solana_signature::Signature,
    solana_transaction::Transaction,
};

/// The identity of a transaction, its first signature: sent twice, it lands once at most.
pub fn signature(transaction: &Transaction) -> Signature {
    transaction.signatures.first().copied().unwrap_or_default()
}

/// The keys that must sign a transaction and have not.
pub fn missing_signatures(transaction: &Transaction) -> Vec<Address> {
    let keys = &transaction.message.account_keys;
    let signed = keys.iter().zip(&transaction.signatures);
    let missing = signed.filter(|(_, signature)| **signature == Signature::default());
    missing.map(|(key, _)| *key).collect()
}

/// A transaction as it travels.
pub fn wire(transaction: &Transaction) -> Result<Vec<u8>> {
    wincode::serialize(transaction).map_err(|error| ClientError::Signing(error.to_string()))
}

/// The transaction that travels as these bytes; `None` if none does.
pub fn from_wire(bytes: &[u8]) -> Option<Transaction> {
    wincode::deserialize(bytes).ok()
}

/// The legacy message with exactly these bytes; `None` if there is none. A versioned message, whose first byte has the highest bit set, could
/// be read as a legacy one with other instructions.
pub fn message_from_wire(bytes: &[u8]) -> Option<Message> {
    let is_versioned = bytes.first().is_none_or(|first| first & 0x80 != 0);
    let message: Message = wincode::deserialize(bytes).ok()?;
    message.sanitize().ok()?;
    (!is_versioned && message.serialize() == bytes).then_some(message)
}
