//! The blobs that an attester keeps for the jobs of its sets: specifications, kernels, inputs, outputs, evidence, by their SHA-256.
//!
//! A file has its blob's name only once all of it is on the disk and hashes to that name; until then it is a part. What is held for which
//! job, and until when, is in an index. So whatever instant the machine stops at, a blob is whole or is not there, and an upload goes
//! on where it was.
//!
//! A blob that several jobs have is kept once. But who only knows its name has not got it: a job's parties bring its bytes before they
//! can read them, be they here for another job or not, and a part of one job is no other's.

mod index;

pub use sluice_member::blob::{JobId, MOST, Name};
use {
    index::Index,
    sha2::{Digest, Sha256},
    solana_address::Address,
    std::{
        collections::HashSet,
        fs::{self, File, OpenOptions},
        io::{self, Read, Seek, SeekFrom, Write},
        path::{Path, PathBuf},
        sync::{Mutex, PoisonError},
    },
    thiserror::Error,
};

/// A blob to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Put {
    /// What its bytes hash to.
    pub name: Name,
    /// How many they are.
    pub len: u64,
    /// The job that it is for.
    pub job: JobId,
    /// Who signed that it is to be kept.
    pub by: Address,
    /// Until when, unix seconds of the chain.
    pub until: i64,
    /// Most bytes that the job may have here, this blob's included.
    pub quota: u64,
}

/// How much of a blob is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    /// So many bytes from its beginning.
    Part(u64),
    /// All of it, so many bytes.
    Whole(u64),
}

/// Why a blob is not kept.
#[derive(Debug, Error)]
pub enum NotKept {
    /// It is larger than blobs are.
    #[error("a blob has at most {MOST} bytes")]
    TooLong,
    /// The job's room here is used up.
    #[error("the job has room for {left} bytes more here")]
    Quota {
        /// Bytes that are left.
        left: u64,
    },
    /// The upload does not go on where it was.
    #[error("the upload goes on at byte {0}")]
    Offset(u64),
    /// More bytes came than were said.
    #[error("more bytes came than were said")]
    TooMany,
    /// The bytes are not those of the name. Nothing of them is kept.
    #[error("the bytes are not those of the name")]
    NotItsHash,
    /// The blob was said to have another length.
    #[error("the blob has {0} bytes here")]
    Length(u64),
    /// Another upload of the same blob is under way.
    #[error("another upload of this blob is under way")]
    Busy,
    /// The disk.
    #[error(transparent)]
    Disk(#[from] io::Error),
    /// The index.
    #[error(transparent)]
    Index(#[from] rusqlite::Error),
}

/// The blobs in a folder, which is this process's alone.
pub struct Blobs {
    folder: PathBuf,
    index: Mutex<Index>,
    coming: Mutex<HashSet<(JobId, Name)>>,
}

impl Blobs {
    /// Those in `folder`, which is made if it is not there. Files that no job holds are removed: a machine that stopped left them.
    ///
    /// # Errors
    /// [`NotKept::Disk`], [`NotKept::Index`].
    pub fn open(folder: &Path) -> Result<Self, NotKept> {
        fs::create_dir_all(folder)?;
        let index = Index::open(&folder.join("index.sqlite"))?;
        let blobs = Self {
            folder: folder.to_owned(),
            index: Mutex::new(index),
            coming: Mutex::default(),
        };
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let stem = path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .unwrap_or_default();
            let digits = stem.split_once('-').map_or(stem, |(digits, _)| digits);
            let mut name = Name::default();
            let is_blob = hex::decode_to_slice(digits, &mut name).is_ok();
            if is_blob && !blobs.index(|index| index.is_held(&name))? {
                fs::remove_file(path)?;
            }
        }
        Ok(blobs)
    }

    /// How much of the blob is here for this job.
    ///
    /// # Errors
    /// [`NotKept::Disk`], [`NotKept::Index`].
    pub fn here(&self, job: &JobId, name: &Name) -> Result<Here, NotKept> {
        let is_for = self.index(|index| index.is_for(job, name))?;
        if is_for && let Some(len) = length(&self.whole(name))? {
            return Ok(Here::Whole(len));
        }
        Ok(Here::Part(
            length(&self.part(job, name))?.unwrap_or_default(),
        ))
    }

    /// The blob's bytes, to be read; `None` if not all of them are here for this job.
    ///
    /// # Errors
    /// [`NotKept::Disk`], [`NotKept::Index`].
    pub fn get(&self, job: &JobId, name: &Name) -> Result<Option<File>, NotKept> {
        if !matches!(self.here(job, name)?, Here::Whole(_)) {
            return Ok(None);
        }
        match File::open(self.whole(name)) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps a blob for a job, with the bytes from `from` on. Where they end early, as when a connection is cut, the part stays, and the
    /// next call goes on behind it. What is whole for this job already needs no bytes.
    ///
    /// # Errors
    /// See [`NotKept`].
    pub fn put(&self, put: &Put, from: u64, bytes: &mut dyn Read) -> Result<Here, NotKept> {
        if put.len > MOST {
            return Err(NotKept::TooLong);
        }
        let _coming = Coming::of(self, (put.job, put.name))?;
        let part = self.part(&put.job, &put.name);
        let received = match self.here(&put.job, &put.name)? {
            Here::Whole(len) if len == put.len => {
                self.index(|index| index.hold(put))?;
                return Ok(Here::Whole(len));
            }
            Here::Whole(len) => return Err(NotKept::Length(len)),
            // Somebody said another length: what came under that is no part of this.
            Here::Part(received) if received > put.len => {
                fs::remove_file(part)?;
                return Err(NotKept::Offset(0));
            }
            Here::Part(received) => received,
        };
        if from != received {
            return Err(NotKept::Offset(received));
        }
        // Until the blob is whole, it is held as a part: it counts, and is nothing to read.
        self.index(|index| index.reserve(put))?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(&part)?;
        let mut hasher = Sha256::new();
        let received = copy(&mut file, &mut io::sink(), &mut hasher, put.len)?;
        file.seek(SeekFrom::Start(received))?;
        let left = put.len.saturating_sub(received);
        let came = copy(bytes, &mut file, &mut hasher, left);
        file.sync_all()?;
        let received = received.saturating_add(came?);
        if received < put.len {
            return Ok(Here::Part(received));
        }
        let is_more = matches!(bytes.read(&mut [0]), Ok(read) if read > 0);
        let is_its = <[u8; 32]>::from(hasher.finalize()) == put.name;
        if is_more || !is_its {
            fs::remove_file(part)?;
            self.index(|index| index.release(put))?;
            return Err(if is_its {
                NotKept::TooMany
            } else {
                NotKept::NotItsHash
            });
        }
        // Nothing of this name is removed in between: other jobs have the same file.
        self.index(|index| {
            fs::rename(part, self.whole(&put.name))?;
            File::open(&self.folder)?.sync_all()?;
            index.hold(put)
        })?;
        Ok(Here::Whole(received))
    }

    /// Removes a blob whose bytes on the disk are not those of its name any more, so that somebody can bring them again.
    ///
    /// # Errors
    /// [`NotKept::Disk`].
    pub fn discard(&self, name: &Name) -> Result<(), NotKept> {
        self.index(|_| Ok(remove(&self.whole(name)).map(drop)?))
    }

    /// Keeps what is held for a job until then.
    ///
    /// # Errors
    /// [`NotKept::Index`].
    pub fn keep(&self, job: &JobId, until: i64) -> Result<(), NotKept> {
        self.index(|index| index.keep(job, until))
    }

    /// Bytes that a job has here.
    ///
    /// # Errors
    /// [`NotKept::Index`].
    pub fn used(&self, job: &JobId) -> Result<u64, NotKept> {
        self.index(|index| index.used(job))
    }

    /// Removes what no job holds any more at `now`, unix seconds of the chain. It gives the number of whole blobs that went.
    ///
    /// # Errors
    /// [`NotKept::Disk`], [`NotKept::Index`].
    pub fn evict(&self, now: i64) -> Result<usize, NotKept> {
        let over = self.index(|index| index.over(now))?;
        let mut gone = 0usize;
        for (job, name) in over {
            // What comes in just now is looked at the next time.
            let Ok(_coming) = Coming::of(self, (job, name)) else {
                continue;
            };
            // The files first: a machine that stops in between finds the rest held, and over, again.
            remove(&self.part(&job, &name))?;
            self.index(|index| {
                if index.is_last(&job, &name)? && remove(&self.whole(&name))? {
                    gone = gone.saturating_add(1);
                }
                index.end(&job, &name, now)
            })?;
        }
        Ok(gone)
    }

    fn whole(&self, name: &Name) -> PathBuf {
        self.folder.join(hex::encode(name))
    }

    fn part(&self, job: &JobId, name: &Name) -> PathBuf {
        let mut of_job = Sha256::new_with_prefix(job.job);
        of_job.update(job.incarnation.to_le_bytes());
        // All of it: two jobs that write into one file would be let into each other's blobs.
        let of_job = hex::encode(of_job.finalize());
        let name = hex::encode(name);
        self.folder.join(format!("{name}-{of_job}.part"))
    }

    fn index<T>(&self, does: impl FnOnce(&mut Index) -> Result<T, NotKept>) -> Result<T, NotKept> {
        does(&mut self.index.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A blob of a job that is being uploaded or removed: one at a time. Nobody waits for the upload of another job.
struct Coming<'a> {
    blobs: &'a Blobs,
    of_job: (JobId, Name),
}

impl<'a> Coming<'a> {
    fn of(blobs: &'a Blobs, of_job: (JobId, Name)) -> Result<Self, NotKept> {
        let mut coming = blobs.coming.lock().unwrap_or_else(PoisonError::into_inner);
        if coming.insert(of_job) {
            Ok(Self { blobs, of_job })
        } else {
            Err(NotKept::Busy)
        }
    }
}

impl Drop for Coming<'_> {
    fn drop(&mut self) {
        let coming = self.blobs.coming.lock();
        coming
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.of_job);
    }
}

fn length(path: &Path) -> io::Result<Option<u64>> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(metadata.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// True if there was something to remove.
fn remove(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Copies at most `most` bytes. What was written before an error of the source stays written.
fn copy(
    from: &mut dyn Read,
    to: &mut dyn Write,
    hasher: &mut Sha256,
    most: u64,
) -> io::Result<u64> {
    let mut buffer = vec![0; 64 << 10];
    let mut copied = 0u64;
    while copied < most {
        let left = usize::try_from(most.saturating_sub(copied)).unwrap_or(usize::MAX);
        let room = buffer.len().min(left);
        let Some(room) = buffer.get_mut(..room) else {
            break;
        };
        let read = match from.read(room) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            // A connection that is cut ends the part.
            Err(_) => break,
        };
        let Some(bytes) = room.get(..read) else {
            break;
        };
        to.write_all(bytes)?;
        hasher.update(bytes);
        copied = copied.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
    }
    Ok(copied)
}

#[cfg(test)]
mod tests;
