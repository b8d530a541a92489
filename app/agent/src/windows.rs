//! What an attester remembers of windows, so that asking twice teaches nobody what it samples.
//!
//! A worker that was refused for what it computed could repair the chunk that was found and ask again, until the sample is satisfied.
//! So the first claim of a window is written down before it is looked at, and after a refusal for content that window is computed again
//! in full whoever asks, and so are the next [`WATCHED`] windows of its provider: a worker's key is changed in a minute.

use {
    crate::blobs::JobId,
    rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params},
    solana_address::Address,
    std::path::Path,
};

/// Windows of a provider that are computed again in full after a refusal for content.
pub const WATCHED: u32 = 100;

/// A window of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WindowId {
    /// The job.
    pub job: JobId,
    /// Its window.
    pub window: u32,
}

/// What a worker claims of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Units.
    pub units: u64,
    /// The statement's digest.
    pub digest: [u8; 32],
}

/// How much of a window has to be computed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// A sample is enough.
    Sample,
    /// All chunks.
    All,
}

const TABLES: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA wal_autocheckpoint = 256;
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS window (
        job BLOB NOT NULL,
        incarnation INTEGER NOT NULL,
        window INTEGER NOT NULL,
        provider BLOB NOT NULL,
        units INTEGER NOT NULL,
        digest BLOB NOT NULL,
        is_full INTEGER NOT NULL,
        ends INTEGER NOT NULL,
        PRIMARY KEY (job, incarnation, window)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS window_ends ON window (ends);
    CREATE TABLE IF NOT EXISTS watched (
        provider BLOB PRIMARY KEY,
        windows INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;";

/// The memory, in a file that is this process's alone.
pub struct Windows(Connection);

impl Windows {
    /// The memory in `file`, which is made if it is not there.
    ///
    /// # Errors
    /// The database's.
    pub fn open(file: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(file)?;
        connection.execute_batch(TABLES)?;
        Ok(Self(connection))
    }

    /// Writes down that a worker of `provider` claims this, and says how much of it has to be computed again. `ends` is when nobody can prove the
    /// window any more, unix seconds of the chain. Another claim of the same window is computed in full: the first one stands.
    ///
    /// # Errors
    /// The database's: then nothing may be signed.
    pub fn claimed(
        &mut self,
        id: &WindowId,
        provider: &Address,
        claimed: &Claimed,
        ends: i64,
    ) -> rusqlite::Result<Depth> {
        let transaction = immediate(&mut self.0)?;
        let (job, incarnation) = key(id);
        let first = transaction
            .query_row(
                "SELECT units, digest, is_full FROM window WHERE job = ?1 AND incarnation = ?2 AND window = ?3",
                params![job, incarnation, id.window],
                |row| {
                    let units = row.get::<_, i64>(0)?.cast_unsigned();
                    let first = Claimed { units, digest: row.get(1)? };
                    Ok((first, row.get::<_, bool>(2)?))
                },
            )
            .optional()?;
        let is_full = match first {
            Some((first, is_full)) => {
                let is_full = is_full || first != *claimed;
                mark(&transaction, id, is_full)?;
                is_full
            }
            None => {
                // Each window counts once against what is watched.
                let is_full = transaction.execute(
                    "UPDATE watched SET windows = windows - 1 WHERE provider = ?1 AND windows > 0",
                    params![provider.as_array()],
                )? > 0;
                transaction.execute(
                    "INSERT INTO window (job, incarnation, window, provider, units, digest, is_full, ends)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                    params![
                        job,
                        incarnation,
                        id.window,
                        provider.as_array(),
                        claimed.units.cast_signed(),
                        claimed.digest,
                        is_full,
                        ends
                    ],
                )?;
                is_full
            }
        };
        transaction.commit()?;
        Ok(if is_full { Depth::All } else { Depth::Sample })
    }

    /// Writes down that a claim of this window was refused for what was computed.
    ///
    /// # Errors
    /// The database's.
    pub fn refused(&mut self, id: &WindowId) -> rusqlite::Result<()> {
        let transaction = immediate(&mut self.0)?;
        let (job, incarnation) = key(id);
        mark(&transaction, id, true)?;
        transaction.execute(
            "INSERT INTO watched (provider, windows)
             SELECT provider, ?4 FROM window WHERE job = ?1 AND incarnation = ?2 AND window = ?3
             ON CONFLICT DO UPDATE SET windows = excluded.windows",
            params![job, incarnation, id.window, WATCHED],
        )?;
        transaction.commit()
    }

    /// Forgets windows that nobody can prove any more at `now`, unix seconds of the chain; what is watched stays.
    ///
    /// # Errors
    /// The database's.
    pub fn forget(&mut self, now: i64) -> rusqlite::Result<usize> {
        self.0
            .execute("DELETE FROM window WHERE ends < ?1", params![now])
    }
}

fn immediate(connection: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

fn mark(transaction: &Transaction, id: &WindowId, is_full: bool) -> rusqlite::Result<()> {
    let (job, incarnation) = key(id);
    transaction.execute(
        "UPDATE window SET is_full = is_full OR ?4 WHERE job = ?1 AND incarnation = ?2 AND window = ?3",
        params![job, incarnation, id.window, is_full],
    )?;
    Ok(())
}

const fn key(id: &WindowId) -> (&[u8; 32], i64) {
    (id.job.job.as_array(), id.job.incarnation.cast_signed())
}

#[cfg(test)]
mod tests {
    use {super::*, tempfile::TempDir};

    const PROVIDER: Address = Address::new_from_array([5; 32]);
    const OTHER: Address = Address::new_from_array([6; 32]);

    fn id(window: u32) -> WindowId {
        let job = JobId {
            job: Address::new_from_array([1; 32]),
            incarnation: u64::MAX,
        };
        WindowId { job, window }
    }

    fn claimed(digest: u8) -> Claimed {
        Claimed {
            units: u64::MAX,
            digest: [digest; 32],
        }
    }

    fn open() -> (TempDir, Windows) {
        let folder = TempDir::new().unwrap();
        let windows = Windows::open(&folder.path().join("windows.sqlite")).unwrap();
        (folder, windows)
    }

    #[test]
    fn the_same_claim_again_is_sampled_and_another_is_not() {
        let (folder, mut windows) = open();
        for _ in 0..3 {
            assert_eq!(
                windows.claimed(&id(1), &PROVIDER, &claimed(1), 100),
                Ok(Depth::Sample)
            );
        }
        assert_eq!(
            windows.claimed(&id(1), &PROVIDER, &claimed(2), 100),
            Ok(Depth::All)
        );
        // From then on the first one is computed in full, too, whoever sends it, and after a restart.
        drop(windows);
        let mut windows = Windows::open(&folder.path().join("windows.sqlite")).unwrap();
        assert_eq!(
            windows.claimed(&id(1), &OTHER, &claimed(1), 100),
            Ok(Depth::All)
        );
        let fewer = Claimed {
            units: 1,
            ..claimed(1)
        };
        assert_eq!(
            windows.claimed(&id(2), &PROVIDER, &claimed(1), 100),
            Ok(Depth::Sample)
        );
        assert_eq!(
            windows.claimed(&id(2), &PROVIDER, &fewer, 100),
            Ok(Depth::All)
        );
    }

    #[test]
    fn after_a_refusal_the_window_and_the_provider_s_next_hundred_are_computed_in_full() {
        let (_folder, mut windows) = open();
        windows
            .claimed(&id(0), &PROVIDER, &claimed(1), 100)
            .unwrap();
        windows.refused(&id(0)).unwrap();
        assert_eq!(
            windows.claimed(&id(0), &PROVIDER, &claimed(1), 100),
            Ok(Depth::All)
        );
        assert_eq!(
            windows.claimed(&id(1), &OTHER, &claimed(1), 100),
            Ok(Depth::Sample)
        );
        for window in 2..2 + WATCHED {
            for _ in 0..2 {
                let depth = windows.claimed(&id(window), &PROVIDER, &claimed(1), 100);
                assert_eq!(depth, Ok(Depth::All), "{window}");
            }
        }
        let next = id(2 + WATCHED);
        assert_eq!(
            windows.claimed(&next, &PROVIDER, &claimed(1), 100),
            Ok(Depth::Sample)
        );
        // A second refusal begins anew; two do not add up.
        windows.refused(&next).unwrap();
        windows.refused(&next).unwrap();
        let depths = (200..400).map(|window| {
            windows
                .claimed(&id(window), &PROVIDER, &claimed(1), 100)
                .unwrap()
        });
        let full = depths.filter(|depth| *depth == Depth::All).count();
        assert_eq!(full, usize::try_from(WATCHED).unwrap());
    }

    #[test]
    fn a_job_at_the_same_address_is_another() {
        let (_folder, mut windows) = open();
        windows
            .claimed(&id(1), &PROVIDER, &claimed(1), 100)
            .unwrap();
        windows.refused(&id(1)).unwrap();
        let mut later = id(1);
        later.job.incarnation = 0;
        assert_eq!(
            windows.claimed(&later, &OTHER, &claimed(9), 100),
            Ok(Depth::Sample)
        );
    }

    #[test]
    fn what_is_over_is_forgotten_and_what_is_watched_is_not() {
        let (_folder, mut windows) = open();
        windows
            .claimed(&id(1), &PROVIDER, &claimed(1), 100)
            .unwrap();
        windows.refused(&id(1)).unwrap();
        assert_eq!((windows.forget(100), windows.forget(101)), (Ok(0), Ok(1)));
        assert_eq!(
            windows.claimed(&id(2), &PROVIDER, &claimed(1), 200),
            Ok(Depth::All)
        );
        // Nothing is known of a window that was forgotten.
        windows.refused(&id(1)).unwrap();
    }
}
