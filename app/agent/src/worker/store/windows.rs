//! The windows that were sealed, and what members said to them.

use {
    super::{Result, Store, job_id, key, malformed},
    crate::{
        blobs::{JobId, Name},
        windows::WindowId,
    },
    rusqlite::{OptionalExtension, Row, params, types::Type},
    sluice_client::statement::Countersignature,
    solana_address::Address,
    solana_signature::Signature,
    std::{fmt, str::FromStr},
};

/// Codes of refusals that are kept of each member and window; further ones count as the last.
const CODES: i64 = 8;
/// Most letters of a code and of a sentence that are kept.
const CODE_LEN: usize = 32;
const MESSAGE_LEN: usize = 300;

/// How far a window is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowStage {
    /// Its evidence is written down, and nothing is signed.
    Sealed,
    /// The worker signed.
    Signed,
    /// The chain has the proof.
    Proven,
    /// The proof is earned.
    Matured,
    /// Nobody can prove it any more.
    Lost,
}

const STAGES: [(WindowStage, &str); 5] = [
    (WindowStage::Sealed, "sealed"),
    (WindowStage::Signed, "signed"),
    (WindowStage::Proven, "proven"),
    (WindowStage::Matured, "matured"),
    (WindowStage::Lost, "lost"),
];

impl fmt::Display for WindowStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = STAGES.iter().find(|(stage, _)| stage == self);
        f.write_str(name.map_or("", |(_, name)| name))
    }
}

impl FromStr for WindowStage {
    type Err = ();

    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        let stage = STAGES.iter().find(|(_, name)| *name == text);
        stage.map(|(stage, _)| *stage).ok_or(())
    }
}

/// What a window is sealed with. Times are unix seconds of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Units of work.
    pub units: u64,
    /// Root of the window's tree.
    pub digest: Name,
    /// The evidence's bytes.
    pub evidence: Vec<u8>,
    /// When.
    pub sealed_at: i64,
    /// When the window ends: from then on it can be proven ...
    pub ends_at: i64,
    /// ... until then.
    pub closes_at: i64,
    /// When its proof is earned.
    pub matures_at: i64,
    /// Until when a ruling may ask for its outputs.
    pub kept_until: i64,
}

/// A window, as it is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowRow {
    /// Which.
    pub id: WindowId,
    /// How far it is.
    pub stage: WindowStage,
    /// What it is sealed with.
    pub sealed: Sealed,
    /// The worker's signature, once it is made.
    pub signature: Option<Signature>,
    /// Why it is no further. It may hold a stranger's text.
    pub reason: Option<String>,
}

/// A member's refusal, as it is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Who refused.
    pub member: Address,
    /// What machines go by. A stranger's text.
    pub code: String,
    /// One sentence for people. A stranger's text.
    pub message: String,
    /// The chunk that it is about, by its number in the whole work.
    pub chunk: Option<u32>,
    /// This member is not asked again.
    pub is_final: bool,
    /// How often it said so.
    pub times: u64,
    /// When it said so last, unix seconds of the chain.
    pub at: i64,
}

const COLUMNS: &str = "job, incarnation, window, stage, units, digest, evidence, signature, sealed_at, ends_at, closes_at, matures_at, \
                       kept_until, reason";

impl Store {
    /// Seals a window, before anything about it is signed. False, and nothing is written, where it is sealed already.
    ///
    /// # Errors
    /// The database's: then nothing may be signed.
    pub fn seal(&self, id: &WindowId, sealed: &Sealed) -> Result<bool> {
        let (job, incarnation) = key(&id.job);
        let written = self.connection().execute(
            &format!(
                "INSERT OR IGNORE INTO window ({COLUMNS})
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, ?8, ?9, ?10, ?11, ?12, NULL)"
            ),
            params![
                job,
                incarnation,
                id.window,
                WindowStage::Sealed.to_string(),
                sealed.units.cast_signed(),
                sealed.digest,
                sealed.evidence,
                sealed.sealed_at,
                sealed.ends_at,
                sealed.closes_at,
                sealed.matures_at,
                sealed.kept_until
            ],
        )?;
        Ok(written > 0)
    }

    /// Keeps the worker's signature of a sealed window.
    ///
    /// # Errors
    /// The database's.
    pub fn signed(&self, id: &WindowId, signature: &Signature) -> Result<()> {
        let (job, incarnation) = key(&id.job);
        self.connection().execute(
            "UPDATE window SET stage = ?4, signature = ?5
             WHERE job = ?1 AND incarnation = ?2 AND window = ?3 AND stage = ?6",
            params![
                job,
                incarnation,
                id.window,
                WindowStage::Signed.to_string(),
                signature.as_ref(),
                WindowStage::Sealed.to_string()
            ],
        )?;
        Ok(())
    }

    /// Says how far a window is, and why it is no further.
    ///
    /// # Errors
    /// The database's.
    pub fn set_window(
        &self,
        id: &WindowId,
        stage: WindowStage,
        reason: Option<&str>,
    ) -> Result<()> {
        let (job, incarnation) = key(&id.job);
        self.connection().execute(
            "UPDATE window SET stage = ?4, reason = ?5
             WHERE job = ?1 AND incarnation = ?2 AND window = ?3 AND (stage IS NOT ?4 OR reason IS NOT ?5)",
            params![job, incarnation, id.window, stage.to_string(), reason],
        )?;
        Ok(())
    }

    /// A window that was sealed.
    ///
    /// # Errors
    /// The database's.
    pub fn window(&self, id: &WindowId) -> Result<Option<WindowRow>> {
        let (job, incarnation) = key(&id.job);
        self.connection()
            .query_row(
                &format!(
                    "SELECT {COLUMNS} FROM window WHERE job = ?1 AND incarnation = ?2 AND window = ?3"
                ),
                params![job, incarnation, id.window],
                read,
            )
            .optional()
    }

    /// The windows of a job that were sealed, in their order.
    ///
    /// # Errors
    /// The database's.
    pub fn windows(&self, id: &JobId) -> Result<Vec<WindowRow>> {
        let (job, incarnation) = key(id);
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM window WHERE job = ?1 AND incarnation = ?2 ORDER BY window"
        ))?;
        let rows = statement.query_map(params![job, incarnation], read)?;
        rows.collect()
    }

    /// The windows of a job of which something may still become at `now`, unix seconds of the chain, in their order.
    ///
    /// # Errors
    /// The database's.
    pub fn windows_open(&self, id: &JobId, now: i64) -> Result<Vec<WindowRow>> {
        let (job, incarnation) = key(id);
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM window WHERE job = ?1 AND incarnation = ?2
             AND (stage IN ('sealed', 'signed', 'proven') OR closes_at > ?3) ORDER BY window"
        ))?;
        let rows = statement.query_map(params![job, incarnation, now], read)?;
        rows.collect()
    }

    /// Windows whose outputs nobody can ask for any more at `now`, unix seconds of the chain.
    ///
    /// # Errors
    /// The database's.
    pub fn windows_over(&self, now: i64) -> Result<Vec<WindowRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM window WHERE kept_until < ?1 AND stage IN ('matured', 'lost')"
        ))?;
        let rows = statement.query_map(params![now], read)?;
        rows.collect()
    }

    /// Forgets a window, with what members said to it.
    ///
    /// # Errors
    /// The database's.
    pub fn forget_window(&self, id: &WindowId) -> Result<()> {
        let (job, incarnation) = key(&id.job);
        self.transaction(|transaction| {
            for table in ["window", "countersignature", "refusal"] {
                transaction.execute(
                    &format!(
                        "DELETE FROM {table} WHERE job = ?1 AND incarnation = ?2 AND window = ?3"
                    ),
                    params![job, incarnation, id.window],
                )?;
            }
            Ok(())
        })
    }

    /// Keeps a member's signature, which was verified.
    ///
    /// # Errors
    /// The database's.
    pub fn countersigned(&self, id: &WindowId, by: &Countersignature) -> Result<()> {
        let (job, incarnation) = key(&id.job);
        self.connection().execute(
            "INSERT OR IGNORE INTO countersignature (job, incarnation, window, key, signature) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![job, incarnation, id.window, by.key.as_array(), by.signature.as_ref()],
        )?;
        Ok(())
    }

    /// The members' signatures of a window.
    ///
    /// # Errors
    /// The database's.
    pub fn countersignatures(&self, id: &WindowId) -> Result<Vec<Countersignature>> {
        let (job, incarnation) = key(&id.job);
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT key, signature FROM countersignature WHERE job = ?1 AND incarnation = ?2 AND window = ?3",
        )?;
        let rows = statement.query_map(params![job, incarnation, id.window], |row| {
            Ok(Countersignature {
                key: Address::new_from_array(row.get(0)?),
                signature: Signature::from(row.get::<_, [u8; 64]>(1)?),
            })
        })?;
        rows.collect()
    }

    /// Keeps a refusal: how often it came and what it said last. Of each member and window a few codes are kept.
    ///
    /// # Errors
    /// The database's.
    pub fn refused(&self, id: &WindowId, refusal: &Refusal) -> Result<()> {
        let (job, incarnation) = key(&id.job);
        let cut = |text: &str, most| text.chars().take(most).collect::<String>();
        let code = cut(&refusal.code, CODE_LEN);
        self.transaction(|transaction| {
            let others: i64 = transaction.query_row(
                "SELECT count(*) FROM refusal WHERE job = ?1 AND incarnation = ?2 AND window = ?3 AND member = ?4 AND code IS NOT ?5",
                params![job, incarnation, id.window, refusal.member.as_array(), code],
                |row| row.get(0),
            )?;
            let code = if others < CODES { code.as_str() } else { "other" };
            transaction.execute(
                "INSERT INTO refusal (job, incarnation, window, member, code, message, chunk, is_final, times, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, ?9)
                 ON CONFLICT DO UPDATE SET message = excluded.message, chunk = excluded.chunk,
                     is_final = is_final OR excluded.is_final, times = times + 1, at = excluded.at",
                params![
                    job,
                    incarnation,
                    id.window,
                    refusal.member.as_array(),
                    code,
                    cut(&refusal.message, MESSAGE_LEN),
                    refusal.chunk,
                    refusal.is_final,
                    refusal.at
                ],
            )?;
            Ok(())
        })
    }

    /// The refusals of a window, the latest first.
    ///
    /// # Errors
    /// The database's.
    pub fn refusals(&self, id: &WindowId) -> Result<Vec<Refusal>> {
        let (job, incarnation) = key(&id.job);
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT member, code, message, chunk, is_final, times, at FROM refusal
             WHERE job = ?1 AND incarnation = ?2 AND window = ?3 ORDER BY at DESC, member, code",
        )?;
        let rows = statement.query_map(params![job, incarnation, id.window], |row| {
            Ok(Refusal {
                member: Address::new_from_array(row.get(0)?),
                code: row.get(1)?,
                message: row.get(2)?,
                chunk: row.get(3)?,
                is_final: row.get(4)?,
                times: row.get::<_, i64>(5)?.cast_unsigned(),
                at: row.get(6)?,
            })
        })?;
        rows.collect()
    }
}

fn read(row: &Row) -> Result<WindowRow> {
    let stage: String = row.get(3)?;
    Ok(WindowRow {
        id: WindowId {
            job: job_id(row.get(0)?, row.get(1)?),
            window: row.get(2)?,
        },
        stage: stage.parse().map_err(|()| malformed(3, Type::Text))?,
        sealed: Sealed {
            units: row.get::<_, i64>(4)?.cast_unsigned(),
            digest: row.get(5)?,
            evidence: row.get(6)?,
            sealed_at: row.get(8)?,
            ends_at: row.get(9)?,
            closes_at: row.get(10)?,
            matures_at: row.get(11)?,
            kept_until: row.get(12)?,
        },
        signature: row.get::<_, Option<[u8; 64]>>(7)?.map(Signature::from),
        reason: row.get(13)?,
    })
}
