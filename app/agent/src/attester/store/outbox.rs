//! What other members are to be told, until they were.

use {
    super::Store,
    rusqlite::{Result, TransactionBehavior, params},
    solana_address::Address,
};

pub const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS letter (
        id INTEGER PRIMARY KEY,
        member BLOB NOT NULL,
        finding TEXT NOT NULL,
        tries INTEGER NOT NULL,
        due INTEGER NOT NULL,
        until INTEGER NOT NULL
    ) STRICT;";

/// Letters that are kept at once. Each is of a window of a job that somebody funded and whose worker lied.
const MOST: u32 = 10_000;

/// A finding for a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its number.
    pub id: i64,
    /// Who is told.
    pub member: Address,
    /// The finding, JSON.
    pub finding: String,
    /// How often it was sent in vain.
    pub tries: u32,
}

impl Store {
    /// Keeps a finding for these members, until then.
    ///
    /// # Errors
    /// The database's.
    pub fn post(&self, members: &[Address], finding: &str, now: i64, until: i64) -> Result<()> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for member in members {
            transaction.execute(
                "INSERT INTO letter (member, finding, tries, due, until)
                 SELECT ?1, ?2, 0, ?3, ?4 WHERE (SELECT COUNT(*) FROM letter) < ?5",
                params![member.as_array(), finding, now, until, MOST],
            )?;
        }
        transaction.commit()
    }

    /// Some of the letters that are due at `now`.
    ///
    /// # Errors
    /// The database's.
    pub fn letters(&self, now: i64) -> Result<Vec<Letter>> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "SELECT id, member, finding, tries FROM letter WHERE due <= ?1 AND until >= ?1 ORDER BY due LIMIT 64",
        )?;
        let rows = statement.query_map([now], |row| {
            Ok(Letter {
                id: row.get(0)?,
                member: Address::new_from_array(row.get(1)?),
                finding: row.get(2)?,
                tries: row.get(3)?,
            })
        })?;
        rows.collect()
    }

    /// The letter was taken, or will never be.
    ///
    /// # Errors
    /// The database's.
    pub fn posted(&self, id: i64) -> Result<()> {
        self.lock()
            .execute("DELETE FROM letter WHERE id = ?1", [id])?;
        Ok(())
    }

    /// The letter was sent in vain, and is due again then.
    ///
    /// # Errors
    /// The database's.
    pub fn post_again(&self, id: i64, due: i64) -> Result<()> {
        self.lock().execute(
            "UPDATE letter SET tries = tries + 1, due = ?2 WHERE id = ?1",
            params![id, due],
        )?;
        Ok(())
    }
}
