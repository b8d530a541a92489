//! Since when this attester knows what it signed.
//!
//! A journal that is new, or was restored from a copy, does not know what its key signed before. So the files of journal and database are
//! known again by device, inode and birth, and a journal never gets shorter; if one of them is another, the attester begins anew.

use {
    super::Store,
    rusqlite::{OptionalExtension, Result, TransactionBehavior, params},
    std::{
        fs::{self, OpenOptions},
        io,
        os::unix::fs::MetadataExt,
        path::Path,
        time::UNIX_EPOCH,
    },
};

pub const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS start (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        device INTEGER NOT NULL,
        inode INTEGER NOT NULL,
        born INTEGER NOT NULL,
        marked INTEGER NOT NULL,
        at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS place (
        device INTEGER NOT NULL,
        inode INTEGER NOT NULL,
        born INTEGER NOT NULL,
        len INTEGER NOT NULL,
        PRIMARY KEY (device, inode)
    ) STRICT, WITHOUT ROWID;";

/// A file, as it is known again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    device: i64,
    inode: i64,
    /// When it was made, nanoseconds; 0 where the file system does not say. Numbers of inodes are given again, to copies most of all.
    born: i64,
    len: i64,
}

/// Seconds that a process that signed before may have been ahead of what a node says now: see [`crate::clock::ChainClock::read`].
const AHEAD: i64 = 60;

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
            born: born(&found).unwrap_or_default(),
            len: found.len().cast_signed(),
        })
    }
}

/// When the mark beside the database was last touched, nanoseconds; it is made if it is not there. Nobody ever writes it but who restores
/// a copy over the files that are there, which keep their inodes then.
fn marked(database: &Path) -> io::Result<i64> {
    let mark = database.with_extension("mark");
    match OpenOptions::new().write(true).create_new(true).open(&mark) {
        Ok(made) => made.sync_all()?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    let found = fs::metadata(&mark)?;
    let secs = found.ctime().saturating_mul(1_000_000_000);
    Ok(secs.saturating_add(found.ctime_nsec()))
}

fn born(found: &fs::Metadata) -> Option<i64> {
    let since = found.created().ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_nanos()).ok()
}

impl Store {
    /// Since when this attester knows what it signed, unix seconds of the chain: a little behind `now`, and never
    /// before what was known earlier, if the journal's files or this database were not there before.
    ///
    /// # Errors
    /// The database's; [`rusqlite::Error::InvalidPath`] where its own file or its mark is not there.
    pub fn began(&self, journal: &[Place], now: i64) -> Result<i64> {
        let own = Place::at(&self.file).and_then(|own| Ok((own, marked(&self.file)?)));
        let own = own.map_err(|_| rusqlite::Error::InvalidPath(self.file.clone()));
        let (own, marked) = own?;
        let mut connection = self.lock();
        // Another connection writes to the same file: who reads first and writes then may find that it did, and is not waited for.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let known: Option<i64> = transaction
            .query_row(
                "SELECT at FROM start WHERE device = ?1 AND inode = ?2 AND born = ?3 AND marked = ?4",
                params![own.device, own.inode, own.born, marked],
                |row| row.get(0),
            )
            .optional()?;
        let earlier: Option<i64> =
            transaction.query_row("SELECT MAX(at) FROM start", [], |row| row.get(0))?;
        // What one of the journal's files has, the other has: one that stayed is enough.
        let mut is_same = false;
        for place in journal {
            is_same |= transaction
                .prepare(
                    "SELECT 1 FROM place WHERE device = ?1 AND inode = ?2 AND born = ?3 AND len <= ?4",
                )?
                .exists(params![place.device, place.inode, place.born, place.len])?;
        }
        let at = known.filter(|_| is_same).unwrap_or_else(|| {
            let anew = now.saturating_add(AHEAD);
            earlier.map_or(anew, |earlier| earlier.max(anew))
        });
        transaction.execute("DELETE FROM start", [])?;
        transaction.execute(
            "INSERT INTO start (one, device, inode, born, marked, at) VALUES (1, ?1, ?2, ?3, ?4, ?5)",
            params![own.device, own.inode, own.born, marked, at],
        )?;
        transaction.execute("DELETE FROM place", [])?;
        for place in journal {
            transaction.execute(
                "INSERT OR REPLACE INTO place (device, inode, born, len) VALUES (?1, ?2, ?3, ?4)",
                params![place.device, place.inode, place.born, place.len],
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
        assert_eq!(began(&database, &[&journal, &other], 100), 160);
        fs::write(&journal, "one and more").unwrap();
        assert_eq!(began(&database, &[&journal, &other], 200), 160);
        // One of the two was lost: the other has what it had.
        fs::remove_file(&other).unwrap();
        fs::copy(&journal, &other).unwrap();
        assert_eq!(began(&database, &[&journal], 300), 160);
        // A copy over the same file, from before.
        fs::write(&journal, "one").unwrap();
        assert_eq!(began(&database, &[&journal], 400), 460);
        assert_eq!(began(&database, &[&journal], 500), 460);
        // A copy beside it.
        assert_eq!(began(&database, &[&other], 600), 660);
        // And a database that was restored knows of no window.
        let copy = path("copy");
        fs::copy(&database, &copy).unwrap();
        assert_eq!(began(&copy, &[&other], 700), 760);
    }

    #[test]
    fn a_copy_that_was_given_the_number_of_the_file_begins_anew_and_never_earlier() {
        let folder = TempDir::new().unwrap();
        let store = Store::open(&folder.path().join("db")).unwrap();
        let journal = Place {
            device: 1,
            inode: 2,
            born: 3,
            len: 4,
        };
        assert_eq!(store.began(&[journal], 1_000).unwrap(), 1_060);
        assert_eq!(store.began(&[journal], 1_500).unwrap(), 1_060);
        let copy = Place { born: 5, ..journal };
        assert_eq!(store.began(&[copy], 1_500).unwrap(), 1_560);
        // A node that lags does not take it back before what is known.
        let next = Place { born: 6, ..journal };
        assert_eq!(store.began(&[next], 900).unwrap(), 1_560);
    }
}
