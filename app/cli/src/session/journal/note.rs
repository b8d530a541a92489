//! What is in a note.

use {
    crate::{
        failure::{Failure, Result},
        output::Fields,
    },
    base64::{Engine, prelude::BASE64_STANDARD},
    serde::{Deserialize, Serialize},
    sluice_client::ledger::{self, Lifetime},
    solana_transaction::Transaction,
    std::{
        path::Path,
        time::{SystemTime, UNIX_EPOCH},
    },
};

/// Of the form below.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
pub struct Note {
    version: u32,
    /// For people.
    signature: String,
    /// Unix seconds of this machine.
    noted_at: i64,
    /// The signed transaction, wire format in base64.
    transaction: String,
    lifetime: NotedLifetime,
    /// True when the command is done once this landed.
    is_last: bool,
    /// The command's result.
    fields: Fields,
}

#[derive(Serialize, Deserialize)]
enum NotedLifetime {
    Blockhash {
        hash: String,
        last_valid_block_height: u64,
        slot: u64,
    },
    Nonce {
        account: String,
        value: String,
        slot: u64,
    },
}

/// A transaction that an earlier run left on its way.
pub struct Left {
    pub transaction: Transaction,
    pub lifetime: Lifetime,
    pub is_last: bool,
    pub fields: Fields,
    /// Unix seconds of this machine.
    pub noted_at: i64,
}

impl Left {
    /// Seconds since it was noted.
    pub fn age(&self) -> i64 {
        now().saturating_sub(self.noted_at)
    }
}

impl Note {
    pub fn of(
        transaction: &Transaction,
        lifetime: &Lifetime,
        is_last: bool,
        fields: &Fields,
    ) -> Result<Self> {
        let signature = transaction.signatures.first().copied().unwrap_or_default();
        Ok(Self {
            version: VERSION,
            signature: signature.to_string(),
            noted_at: now(),
            transaction: BASE64_STANDARD.encode(ledger::wire(transaction)?),
            lifetime: lifetime.into(),
            is_last,
            fields: fields.clone(),
        })
    }

    pub fn text(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self)
            .map_err(|error| Failure::input(format!("the note cannot be written: {error}")))
    }

    /// What is left by the note at `path`; `None` if it is torn.
    pub fn read(text: &str, path: &Path) -> Result<Option<Left>> {
        if serde_json::from_str::<serde_json::Value>(text).is_err() {
            return Ok(None);
        }
        let note = serde_json::from_str::<Self>(text).ok();
        note.filter(|note| note.version == VERSION)
            .and_then(Self::left)
            .map(Some)
            .ok_or_else(|| {
                Failure::input(format!(
                    "another version of sluice left a transaction on its way in {}: look up its signature, then remove the file",
                    path.display()
                ))
            })
    }

    fn left(self) -> Option<Left> {
        let wire = BASE64_STANDARD.decode(&self.transaction).ok()?;
        Some(Left {
            transaction: ledger::from_wire(&wire)?,
            lifetime: self.lifetime.read()?,
            is_last: self.is_last,
            fields: self.fields,
            noted_at: self.noted_at,
        })
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}

impl From<&Lifetime> for NotedLifetime {
    fn from(lifetime: &Lifetime) -> Self {
        match *lifetime {
            Lifetime::Blockhash {
                hash,
                last_valid_block_height,
                slot,
            } => Self::Blockhash {
                hash: hash.to_string(),
                last_valid_block_height,
                slot,
            },
            Lifetime::Nonce {
                account,
                value,
                slot,
            } => Self::Nonce {
                account: account.to_string(),
                value: value.to_string(),
                slot,
            },
        }
    }
}

impl NotedLifetime {
    fn read(&self) -> Option<Lifetime> {
        Some(match self {
            Self::Blockhash {
                hash,
                last_valid_block_height,
                slot,
            } => Lifetime::Blockhash {
                hash: hash.parse().ok()?,
                last_valid_block_height: *last_valid_block_height,
                slot: *slot,
            },
            Self::Nonce {
                account,
                value,
                slot,
            } => Lifetime::Nonce {
                account: account.parse().ok()?,
                value: value.parse().ok()?,
                slot: *slot,
            },
        })
    }
}
