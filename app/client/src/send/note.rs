//! What is in a note, and what became of the transaction in it.

use {
    super::{Error, Journal, Result},
    crate::{
        error::ClientError,
        ledger::{self, Ledger, Lifetime, Outcome},
    },
    base64::{Engine, prelude::BASE64_STANDARD},
    serde::{
        Deserialize, Serialize,
        de::{DeserializeOwned, IgnoredAny},
    },
    solana_signature::Signature,
    solana_transaction::Transaction,
    std::{
        path::Path,
        time::{SystemTime, UNIX_EPOCH},
    },
};

/// Of the form below.
const VERSION: u32 = 1;

/// The note of a transaction on its way, and of the result that its run has once it landed.
#[derive(Serialize, Deserialize)]
pub struct Note<T> {
    version: u32,
    /// For people.
    signature: String,
    /// Unix seconds of this machine.
    noted_at: i64,
    /// The signed transaction, wire format in base64.
    transaction: String,
    lifetime: NotedLifetime,
    /// True when the run is done once this landed.
    is_last: bool,
    /// The run's result.
    #[serde(rename = "fields")]
    result: T,
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
pub struct Left<T> {
    transaction: Transaction,
    lifetime: Lifetime,
    is_last: bool,
    result: T,
    noted_at: i64,
}

/// What became of a transaction that an earlier run left on its way.
pub enum Became<T> {
    /// It landed, and the run was done with it. Its note stays until [`Journal::close`].
    Done {
        /// Of the transaction.
        signature: Signature,
        /// Unix seconds of this machine.
        noted_at: i64,
        /// Seconds since then.
        age: i64,
        /// What the run would have told.
        result: T,
    },
    /// It landed, and more was to follow from what the chain now holds.
    Step,
    /// It failed or expired: it changed nothing.
    Undone,
}

impl<T> Left<T> {
    /// Finds out what became of it; one that can still land is sent until it is settled. When that fails, it stays in doubt.
    pub fn settle(self, ledger: &mut impl Ledger, journal: &mut Journal) -> Result<Became<T>> {
        let signature = ledger::signature(&self.transaction);
        let mut outcome = ledger.outcome(&signature, &self.lifetime)?;
        if outcome == Outcome::Pending {
            outcome = match ledger.settle(&self.transaction, &self.lifetime) {
                Ok(_) => Outcome::Landed,
                Err(unknown @ ClientError::Unknown { .. }) => return Err(unknown.into()),
                // It failed or expired: in any case it changed nothing.
                Err(_) => Outcome::Expired,
            };
        }
        journal.settled();
        let has_landed = outcome == Outcome::Landed;
        if has_landed && self.is_last {
            return Ok(Became::Done {
                signature,
                noted_at: self.noted_at,
                age: now().saturating_sub(self.noted_at),
                result: self.result,
            });
        }
        journal.forget();
        Ok(if has_landed {
            Became::Step
        } else {
            Became::Undone
        })
    }
}

impl<'a, T: Serialize> Note<&'a T> {
    pub fn of(
        transaction: &Transaction,
        lifetime: &Lifetime,
        is_last: bool,
        result: &'a T,
    ) -> Result<Self> {
        Ok(Self {
            version: VERSION,
            signature: ledger::signature(transaction).to_string(),
            noted_at: now(),
            transaction: BASE64_STANDARD.encode(ledger::wire(transaction)?),
            lifetime: lifetime.into(),
            is_last,
            result,
        })
    }

    pub fn text(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self).map_err(Error::Note)
    }
}

/// What is left by the note at `path`; `None` if it is torn.
pub fn read<T: DeserializeOwned>(text: &str, path: &Path) -> Result<Option<Left<T>>> {
    if serde_json::from_str::<serde_json::Value>(text).is_err() {
        return Ok(None);
    }
    let note = serde_json::from_str::<Note<T>>(text).ok();
    note.filter(|note| note.version == VERSION)
        .and_then(Note::left)
        .map(Some)
        .ok_or_else(|| Error::OtherVersion(path.to_owned()))
}

/// The signature in the note and when it was made, whatever the run's result was to be; `None` if it is torn.
pub fn signed(text: &str) -> Option<(Signature, i64)> {
    let note: Note<IgnoredAny> = serde_json::from_str(text).ok()?;
    Some((note.signature.parse().ok()?, note.noted_at))
}

impl<T> Note<T> {
    fn left(self) -> Option<Left<T>> {
        let wire = BASE64_STANDARD.decode(&self.transaction).ok()?;
        Some(Left {
            transaction: ledger::from_wire(&wire)?,
            lifetime: self.lifetime.read()?,
            is_last: self.is_last,
            result: self.result,
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
