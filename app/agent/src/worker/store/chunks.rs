//! What became of chunks.

use {
    super::{Result, Store, key, malformed},
    crate::{
        blobs::{JobId, Name},
        windows::WindowId,
    },
    rusqlite::{OptionalExtension, params, types::Type},
    sluice_work::undone::Undone,
    std::{collections::BTreeMap, ops::Range},
};

/// What became of a chunk: the name of its output, or why it is not done.
pub type Chunk = std::result::Result<Name, Undone>;

impl Store {
    /// Writes down what became of a chunk. The output is on the disk by then. What was written first stays: two runs of a kernel that
    /// differ must not change a window that was sealed.
    ///
    /// # Errors
    /// The database's.
    pub fn set_chunk(&self, id: &WindowId, number: u32, chunk: &Chunk) -> Result<()> {
        let (job, incarnation) = key(&id.job);
        let undone = chunk.as_ref().err().and_then(|undone| {
            let byte = byte(*undone)?;
            Some(i64::from(byte))
        });
        self.connection().execute(
            "INSERT OR IGNORE INTO chunk (job, incarnation, number, window, output, undone) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![job, incarnation, number, id.window, chunk.as_ref().ok(), undone],
        )?;
        Ok(())
    }

    /// What became of the chunks with these numbers, as far as it is known.
    ///
    /// # Errors
    /// The database's.
    pub fn chunks(&self, id: &JobId, numbers: Range<u32>) -> Result<BTreeMap<u32, Chunk>> {
        let (job, incarnation) = key(id);
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT number, output, undone FROM chunk
             WHERE job = ?1 AND incarnation = ?2 AND number >= ?3 AND number < ?4",
        )?;
        let rows = statement.query_map(
            params![job, incarnation, numbers.start, numbers.end],
            |row| {
                let chunk = match (row.get::<_, Option<Name>>(1)?, row.get::<_, Option<u8>>(2)?) {
                    (Some(output), None) => Ok(output),
                    (None, Some(byte)) => {
                        Err(undone(byte).ok_or_else(|| malformed(2, Type::Integer))?)
                    }
                    _ => return Err(malformed(1, Type::Blob)),
                };
                Ok((row.get(0)?, chunk))
            },
        )?;
        rows.collect()
    }

    /// True if some chunk has this output.
    ///
    /// # Errors
    /// The database's.
    pub fn names_output(&self, name: &Name) -> Result<bool> {
        let named = self
            .connection()
            .query_row(
                "SELECT 1 FROM chunk WHERE output = ?1 LIMIT 1",
                params![name],
                |_| Ok(()),
            )
            .optional()?;
        Ok(named.is_some())
    }

    /// Forgets the chunks of a window, or of all windows of a job, and names the outputs that nothing needs any more.
    ///
    /// # Errors
    /// The database's.
    pub fn forget_chunks(&self, id: &JobId, window: Option<u32>) -> Result<Vec<Name>> {
        let (job, incarnation) = key(id);
        let of_window = "job = ?1 AND incarnation = ?2 AND (?3 IS NULL OR window = ?3)";
        self.transaction(|transaction| {
            let outputs: Vec<Name> = transaction
                .prepare(&format!(
                    "SELECT DISTINCT output FROM chunk WHERE {of_window} AND output IS NOT NULL"
                ))?
                .query_map(params![job, incarnation, window], |row| row.get(0))?
                .collect::<Result<_>>()?;
            transaction.execute(
                &format!("DELETE FROM chunk WHERE {of_window}"),
                params![job, incarnation, window],
            )?;
            let mut unused = vec![];
            for output in outputs {
                let used = transaction
                    .query_row(
                        "SELECT 1 FROM chunk WHERE output = ?1 LIMIT 1",
                        params![output],
                        |_| Ok(()),
                    )
                    .optional()?;
                if used.is_none() {
                    unused.push(output);
                }
            }
            Ok(unused)
        })
    }
}

/// A reason as it is in the formats that travel: one byte.
fn byte(undone: Undone) -> Option<u8> {
    (1..=u8::MAX).find(|byte| self::undone(*byte) == Some(undone))
}

fn undone(byte: u8) -> Option<Undone> {
    use Undone::*;
    let all = [
        Trap, Stack, Steps, Memory, Time, Import, Code, NoOutput, Output, Input, Died,
    ];
    all.get(usize::from(byte.checked_sub(1)?)).copied()
}
