//! Since when this attester knows what it signed.
//!
//! A journal that is new, or was restored from a copy, does not know what its key signed before. So the files of journal and database are
//! known again by device and inode, and a journal never gets shorter; if one of them is another, the attester begins anew.

use {
    super::Store,
    rusqlite::{OptionalExtension, Result, TransactionBehavior, params},
    std::{fs, io, os::unix::fs::MetadataExt, path::Path},
};

pub const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS start (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        device INTEGER NOT NULL,
        inode INTEGER NOT NULL,
        at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS place (
        device INTEGER NOT NULL,
        inode INTEGER NOT NULL,
        len INTEGER NOT NULL,
        PRIMARY KEY (device, inode)
    ) STRICT, WITHOUT ROWID;";

/// A file, as it is known again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    device: i64,
    inode: i64,
    len: i64,
}

impl Place {
    /// The file at `path`.
    ///
    /// # Errors
    /// The system's.
    pub fn at(path: &Path) -> io::Result<Self> {
        let found = fs::metadata(path)?;
        Ok(Self {
            device: found.dev().cast_signed(),
            inode: found.ino().cast_signed(),
            len: found.len().cast_signed(),
        })
    }
}

impl Store {
    /// Since when this attester knows what it signed, unix seconds of the chain: `now`, if the journal's files or this database were not
    /// there before.
    ///
    /// # Errors
    /// The database's; [`rusqlite::Error::InvalidPath`] where its own file is not there.
    pub fn began(&self, journal: &[Place], now: i64) -> Result<i64> {
        let own = Place::at(&self.file);
        let own = own.map_err(|_| rusqlite::Error::InvalidPath(self.file.clone()))?;
        let mut connection = self.lock();
        // Another connection writes to the same file: who reads first and writes then may find that it did, and is not waited for.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let known: Option<i64> = transaction
            .query_row(
                "SELECT at FROM start WHERE device = ?1 AND inode = ?2",
                params![own.device, own.inode],
                |row| row.get(0),
            )
            .optional()?;
        // What one of the journal's files has, the other has: one that stayed is enough.
        let mut is_same = false;
        for place in journal {
            is_same |= transaction
                .prepare("SELECT 1 FROM place WHERE device = ?1 AND inode = ?2 AND len <= ?3")?
                .exists(params![place.device, place.inode, place.len])?;
        }
        let at = known.filter(|_| is_same).unwrap_or(now);
        transaction.execute("DELETE FROM start", [])?;
        transaction.execute(
            "INSERT INTO start (one, device, inode, at) VALUES (1, ?1, ?2, ?3)",
            params![own.device, own.inode, at],
        )?;
        transaction.execute("DELETE FROM place", [])?;
        for place in journal {
            transaction.execute(
                "INSERT OR REPLACE INTO place (device, inode, len) VALUES (?1, ?2, ?3)",
                params![place.device, place.inode, place.len],
            )?;
        }
        transaction.commit()?;
        Ok(at)
    }

    /// Remembers how long the journal's files are now.
    ///
    /// # Errors
    /// The database's.
    pub fn grown(&self, journal: &[Place]) -> Result<()> {
        let connection = self.lock();
        for place in journal {
            connection.execute(
                "UPDATE place SET len = ?3 WHERE device = ?1 AND inode = ?2",
                params![place.device, place.inode, place.len],
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use {super::*, tempfile::TempDir};

    #[test]
    fn the_start_stays_while_database_and_journal_are_the_same_files() {
        let folder = TempDir::new().unwrap();
        let path = |name: &str| folder.path().join(name);
        let (database, journal, other) = (path("db"), path("one"), path("two"));
        fs::write(&journal, "one").unwrap();
        fs::write(&other, "one").unwrap();
        let began = |database: &Path, journals: &[&Path], now| {
            let places: Vec<_> = journals.iter().map(|one| Place::at(one).unwrap()).collect();
            Store::open(database).unwrap().began(&places, now).unwrap()
        };
        assert_eq!(began(&database, &[&journal, &other], 100), 100);
        fs::write(&journal, "one and more").unwrap();
        assert_eq!(began(&database, &[&journal, &other], 200), 100);
        // One of the two was lost: the other has what it had.
        fs::remove_file(&other).unwrap();
        fs::copy(&journal, &other).unwrap();
        assert_eq!(began(&database, &[&journal], 300), 100);
        // A copy over the same file, from before.
        fs::write(&journal, "one").unwrap();
        assert_eq!(began(&database, &[&journal], 400), 400);
        assert_eq!(began(&database, &[&journal], 500), 400);
        // A copy beside it.
        assert_eq!(began(&database, &[&other], 600), 600);
        // And a database that was restored knows of no window.
        let copy = path("copy");
        fs::copy(&database, &copy).unwrap();
        assert_eq!(began(&copy, &[&other], 700), 700);
    }
}
