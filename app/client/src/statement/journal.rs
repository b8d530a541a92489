//! What keys signed, written down before they sign: an attester that signs two statements about one window loses its bond.
//!
//! One line of JSON for each statement, in a file that one process holds at a time. A line is on the disk before its signature
//! exists, so a torn last line is of a statement that nobody signed.

use {
    super::{Countersignature, Path as Way, Statement},
    crate::{amount::counted, error::ClientError, hex},
    serde::{Deserialize, Serialize},
    sluice::attestation::TAG_LEN,
    solana_address::Address,
    solana_signer::Signer,
    std::{
        collections::HashMap,
        fs::{self, File, OpenOptions, TryLockError},
        io::{self, Read, Seek, SeekFrom, Write},
        path::{Path, PathBuf},
        thread::sleep,
        time::{Duration, Instant},
    },
};

/// How long another process may hold the journal before this one gives up.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum NotJournalled {
    /// The key signed another statement about the window.
    #[error(
        "the key {by} signed another statement about window {} already: {} with digest {}, and now {} with digest {}; \
         two statements about one window cost an attester its bond; what was signed is in {}",
        .given.window, counted(.before.units, "unit"), hex::encode(&.before.digest), counted(.given.units, "unit"), hex::encode(&.given.digest), .path.display()
    )]
    Contradicts {
        /// The key.
        by: Address,
        /// What it signed.
        before: Box<Statement>,
        /// What it was to sign now.
        given: Box<Statement>,
        /// The journal.
        path: PathBuf,
    },
    /// Another process holds the journal.
    #[error("another process signs with the journal {}: wait for it, then try again", .0.display())]
    AtWork(PathBuf),
    /// A line is not what was written.
    #[error(
        "line {line} of {} is no statement as it was written: restore the file from a copy that holds everything signed since, or sign nothing \
         more about windows that are open and then move it away",
        .path.display()
    )]
    Damaged {
        /// The journal.
        path: PathBuf,
        /// Lines count from 1.
        line: usize,
    },
    /// The journal cannot be read or written.
    #[error(
        "nothing is signed, for what is signed cannot be written down in {}: {cause}; let that file be written",
        .path.display()
    )]
    Unusable {
        /// The journal.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// The key did not sign.
    #[error(transparent)]
    Client(#[from] ClientError),
}

type Result<T> = std::result::Result<T, NotJournalled>;

/// Who said something, about which window of which job's context, on which path.
type Subject = (Address, [u8; 32], u32, [u8; TAG_LEN]);

/// The statements that keys signed.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    /// Locked.
    file: File,
    /// Bytes of whole lines.
    len: u64,
    said: HashMap<Subject, Statement>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Line {
    key: String,
    context: String,
    window: u32,
    /// As text: many readers of JSON count to 2^53 only.
    units: String,
    digest: String,
    path: String,
    /// What the program hashes the statement to: a damaged line contradicts it.
    hash: String,
}

impl Journal {
    /// Opens the journal at `path`, or begins it; nobody else signs with it until this one is dropped.
    ///
    /// Fails when another process keeps it, when it is damaged, and when it cannot be written.
    pub fn open(path: &Path) -> Result<Self> {
        let unusable = |cause| unusable(path, cause);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(unusable)?;
        if !file.metadata().map_err(unusable)?.is_file() {
            return Err(unusable(io::Error::other("it is no file")));
        }
        lock(&file, path)?;
        let mut bytes = vec![];
        file.read_to_end(&mut bytes).map_err(unusable)?;
        let (said, len) = read(&bytes).map_err(|line| NotJournalled::Damaged {
            path: path.to_owned(),
            line,
        })?;
        // The process before may have been killed between writing and syncing.
        file.sync_all()
            .and_then(|()| sync_folder(path))
            .map_err(unusable)?;
        Ok(Self {
            path: path.to_owned(),
            file,
            len: len as u64,
            said,
        })
    }

    /// Signs `statement` for `way`, once it is written down; the same statement again gets the same signature.
    ///
    /// Fails, and signs nothing, when `key` signed another statement about this window on this path.
    pub fn sign(
        &mut self,
        statement: &Statement,
        way: Way,
        key: &dyn Signer,
    ) -> Result<Countersignature> {
        let by = key.pubkey();
        let subject = (by, statement.context, statement.window, way.tag());
        match self.said.get(&subject) {
            Some(before) if before == statement => {}
            Some(before) => {
                return Err(NotJournalled::Contradicts {
                    by,
                    before: Box::new(*before),
                    given: Box::new(*statement),
                    path: self.path.clone(),
                });
            }
            None => {
                self.append(&Line::of(&by, statement, way))
                    .map_err(|cause| unusable(&self.path, cause))?;
                self.said.insert(subject, *statement);
            }
        }
        Ok(statement.sign(way, key)?)
    }

    /// On the disk before it returns. What an earlier failure left behind the whole lines goes.
    fn append(&mut self, line: &Line) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.file.set_len(self.len)?;
        self.file.seek(SeekFrom::Start(self.len))?;
        self.file.write_all(&text)?;
        self.file.sync_data()?;
        self.len += text.len() as u64;
        Ok(())
    }
}

/// What the whole lines say, and their bytes; or the number of the first that says nothing.
fn read(bytes: &[u8]) -> std::result::Result<(HashMap<Subject, Statement>, usize), usize> {
    let mut said = HashMap::new();
    let mut len = 0;
    let whole = bytes
        .split_inclusive(|byte| *byte == b'\n')
        .filter(|line| line.ends_with(b"\n"));
    for (index, text) in whole.enumerate() {
        let line = serde_json::from_slice::<Line>(text).ok();
        let (subject, statement) = line.and_then(|line| line.parse()).ok_or(index + 1)?;
        if said.insert(subject, statement).is_some() {
            return Err(index + 1);
        }
        len += text.len();
    }
    Ok((said, len))
}

impl Line {
    fn of(key: &Address, statement: &Statement, way: Way) -> Self {
        Self {
            key: key.to_string(),
            context: hex::encode(&statement.context),
            window: statement.window,
            units: statement.units.to_string(),
            digest: hex::encode(&statement.digest),
            path: way.name().to_owned(),
            hash: hex::encode(&statement.hash()),
        }
    }

    fn parse(&self) -> Option<(Subject, Statement)> {
        let statement = Statement {
            context: hex::decode32(&self.context)?,
            window: self.window,
            units: self.units.parse().ok()?,
            digest: hex::decode32(&self.digest)?,
        };
        let way: Way = self.path.parse().ok()?;
        let subject = (
            self.key.parse().ok()?,
            statement.context,
            statement.window,
            way.tag(),
        );
        (hex::decode32(&self.hash)? == statement.hash()).then_some((subject, statement))
    }
}

fn lock(file: &File, path: &Path) -> Result<()> {
    let begin = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(cause)) => return Err(unusable(path, cause)),
            Err(TryLockError::WouldBlock) if begin.elapsed() > PATIENCE => {
                return Err(NotJournalled::AtWork(path.to_owned()));
            }
            Err(TryLockError::WouldBlock) => sleep(Duration::from_millis(20)),
        }
    }
}

/// The file's name has to last as well as what is in it.
fn sync_folder(path: &Path) -> io::Result<()> {
    let real = fs::canonicalize(path)?;
    real.parent()
        .map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

fn unusable(path: &Path, cause: io::Error) -> NotJournalled {
    NotJournalled::Unusable {
        path: path.to_owned(),
        cause,
    }
}

#[cfg(test)]
mod tests {
    use {super::*, solana_keypair::Keypair, std::env};

    fn place(name: &str) -> PathBuf {
        let path = env::temp_dir().join(format!("sluice-journal-{name}-{}", std::process::id()));
        let _ = fs::remove_file(&path);
        path
    }

    const STATEMENT: Statement = Statement {
        context: [7; 32],
        window: 3,
        units: 30,
        digest: [9; 32],
    };

    const OTHER: Statement = Statement {
        units: 31,
        ..STATEMENT
    };

    #[test]
    fn a_second_statement_about_a_window_is_refused_and_the_same_one_signed_again() {
        let (path, key) = (place("twice"), Keypair::new());
        let sign = |statement: &Statement, way| {
            Journal::open(&path).and_then(|mut journal| journal.sign(statement, way, &key))
        };
        let first = sign(&STATEMENT, Way::Quorum).unwrap();
        assert_eq!(sign(&STATEMENT, Way::Quorum).unwrap(), first);
        let digest = Statement {
            digest: [8; 32],
            ..STATEMENT
        };
        for other in [OTHER, digest] {
            let refused = sign(&other, Way::Quorum).unwrap_err();
            assert!(matches!(refused, NotJournalled::Contradicts { .. }));
        }
        sign(&OTHER, Way::Cosigned).unwrap();
        let window = Statement { window: 4, ..OTHER };
        // The context tells incarnation and node as well as the job.
        let context = Statement {
            context: [6; 32],
            ..OTHER
        };
        for other in [window, context] {
            sign(&other, Way::Quorum).unwrap();
        }
        Journal::open(&path)
            .unwrap()
            .sign(&OTHER, Way::Quorum, &Keypair::new())
            .unwrap();
        fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_torn_last_line_was_never_signed_and_goes() {
        let (path, key) = (place("torn"), Keypair::new());
        let sign = |statement: &Statement| {
            Journal::open(&path)
                .unwrap()
                .sign(statement, Way::Quorum, &key)
        };
        let window = Statement {
            window: 4,
            ..STATEMENT
        };
        sign(&STATEMENT).unwrap();
        let kept = fs::read(&path).unwrap();
        sign(&window).unwrap();
        let whole = fs::read(&path).unwrap();
        for len in kept.len()..whole.len() {
            fs::write(&path, &whole[..len]).unwrap();
            sign(&window).unwrap();
            assert_eq!(fs::read(&path).unwrap(), whole, "{len}");
        }
        assert!(sign(&OTHER).is_err());
        fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_damaged_line_stops_every_signature() {
        let (path, key) = (place("damaged"), Keypair::new());
        Journal::open(&path)
            .unwrap()
            .sign(&STATEMENT, Way::Quorum, &key)
            .unwrap();
        let text = fs::read_to_string(&path).unwrap();
        for damaged in [
            text.replacen("\"30\"", "\"31\"", 1),
            text.replacen("0909", "0908", 1),
            text.replacen('{', "[", 1),
            text.repeat(2),
        ] {
            fs::write(&path, format!("{damaged}{text}")).unwrap();
            let refused = Journal::open(&path).unwrap_err();
            assert!(
                matches!(refused, NotJournalled::Damaged { .. }),
                "{refused}"
            );
        }
        fs::remove_file(path).unwrap();
    }

    #[test]
    fn nothing_is_signed_that_cannot_be_written_down() {
        let (path, key) = (place("full"), Keypair::new());
        let mut journal = Journal::open(&path).unwrap();
        journal.file = File::open(&path).unwrap();
        for _ in 0..2 {
            let refused = journal.sign(&STATEMENT, Way::Quorum, &key).unwrap_err();
            assert!(matches!(refused, NotJournalled::Unusable { .. }));
        }
        assert!(fs::read(&path).unwrap().is_empty());
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(Journal::open(&path).is_err());
        fs::remove_dir(path).unwrap();
    }
}
