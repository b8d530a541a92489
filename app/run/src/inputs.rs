//! The inputs of a run: the files of a folder, in order.
//!
//! Every regular file directly in the folder is an input, and so is what a symbolic link there leads to if that is a regular file. What
//! begins with a dot is left out. Anything else, a folder above all, is an error: nobody finds out after paying that half of the inputs
//! was not seen. An empty file is an input like others.
//!
//! Inputs stand in the order of their names' bytes, but a number counts by its value: `frame-2` before `frame-10`.

use {
    rayon::iter::{IntoParallelIterator, ParallelIterator},
    sha2::{Digest, Sha256},
    sluice_client::foreign::Foreign,
    sluice_work::{
        core::Kind,
        engine::input_len,
        hash,
        sluice_math::tree::{Hash, MAX_DEPTH},
    },
    std::{
        cmp::Ordering,
        collections::BTreeSet,
        ffi::OsStr,
        fs::{self, DirEntry, File},
        io::{self, Read},
        path::{Path, PathBuf},
    },
    thiserror::Error,
};

/// Most inputs of a run.
const MOST: usize = 1 << MAX_DEPTH;

/// A folder of inputs, as it was read.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    files: Vec<Input>,
}

/// A file of the folder: one chunk of the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The file's name. It may come from a stranger: who shows it shows it as [`Foreign`].
    pub name: String,
    /// Its bytes.
    pub len: u32,
    /// SHA-256 of its bytes.
    pub hash: Hash,
}

/// Why a folder is none of inputs.
#[derive(Debug, Error)]
pub enum BadInputs {
    /// The folder or something in it cannot be read.
    #[error("{0} cannot be read: {1}")]
    Unreadable(Foreign, #[source] io::Error),
    /// There is nothing in it.
    #[error("{0} has no file in it")]
    Empty(Foreign),
    /// There is a folder in it.
    #[error("{0} is a folder: inputs are files directly in the folder that is given")]
    Folder(Foreign),
    /// There is something in it that is neither a file nor a folder.
    #[error("{0} is no regular file")]
    Odd(Foreign),
    /// A name is not UTF-8.
    #[error("the name {0} is not UTF-8")]
    Name(Foreign),
    /// A file is longer than an input of the kernel's kind.
    #[error("{0} has more than {1} bytes, the most that an input of this kind of kernel may have")]
    TooLong(Foreign, u32),
    /// There are more files than a run has chunks.
    #[error("{0} has more than {MOST} files")]
    TooMany(Foreign),
}

/// Why an input cannot be given again as it was.
#[derive(Debug, Error)]
pub enum Changed {
    /// There is none of this number.
    #[error("there is no input of number {0}")]
    Unknown(u32),
    /// The file is gone, or cannot be read any more.
    #[error("the input {0} cannot be read any more: {1}")]
    Gone(Foreign, #[source] io::Error),
    /// The file has other bytes than when the run began.
    #[error("the input {0} has changed since the run began")]
    Other(Foreign),
}

impl Folder {
    /// Reads a folder of inputs of a kernel of this kind. Files are hashed by all cores, and none is held in memory.
    ///
    /// # Errors
    /// See [`BadInputs`]; of several files the first in order is told.
    pub fn read(path: &Path, kind: Kind) -> Result<Self, BadInputs> {
        let mut names = names(path)?;
        if names.is_empty() {
            return Err(BadInputs::Empty(shown(path)));
        }
        names.sort_unstable_by(|one, other| order(one, other));
        let most = input_len(kind);
        let files: Vec<_> = names
            .into_par_iter()
            .map(|name| Input::read(path, name, most))
            .collect();
        Ok(Self {
            path: path.to_owned(),
            files: files.into_iter().collect::<Result<_, _>>()?,
        })
    }

    /// The same folder as it was read before: files that have come since are none of it.
    pub fn of(path: &Path, files: Vec<Input>) -> Self {
        Self {
            path: path.to_owned(),
            files,
        }
    }

    /// The inputs: the chunk's number is the place.
    pub fn files(&self) -> &[Input] {
        &self.files
    }

    /// The input of this number.
    pub fn file(&self, index: u32) -> Option<&Input> {
        self.files.get(usize::try_from(index).ok()?)
    }

    /// The bytes of the input of this number, read again and held to what they were.
    ///
    /// # Errors
    /// See [`Changed`].
    pub fn read_chunk(&self, index: u32) -> Result<Vec<u8>, Changed> {
        let input = self.file(index).ok_or(Changed::Unknown(index))?;
        let shown = || shown(input.name.as_ref());
        let mut bytes = Vec::with_capacity(usize::try_from(input.len).unwrap_or_default());
        File::open(self.path.join(&input.name))
            .and_then(|file| {
                file.take(u64::from(input.len).saturating_add(1))
                    .read_to_end(&mut bytes)
            })
            .map_err(|error| Changed::Gone(shown(), error))?;
        if hash::blob(&bytes) == input.hash {
            Ok(bytes)
        } else {
            Err(Changed::Other(shown()))
        }
    }

    /// The first input, the one in the middle and the last one, with their numbers: what a kernel is tried with.
    ///
    /// # Errors
    /// See [`Changed`].
    pub fn sample(&self) -> Result<Vec<(u32, Vec<u8>)>, Changed> {
        let last = u32::try_from(self.files.len())
            .unwrap_or(u32::MAX)
            .saturating_sub(1);
        BTreeSet::from([0, last / 2, last])
            .into_iter()
            .map(|index| Ok((index, self.read_chunk(index)?)))
            .collect()
    }
}

impl Input {
    fn read(folder: &Path, name: String, most: u32) -> Result<Self, BadInputs> {
        let mut hasher = Sha256::new();
        let read = File::open(folder.join(&name)).and_then(|file| {
            // One byte more tells that there is more.
            io::copy(
                &mut file.take(u64::from(most).saturating_add(1)),
                &mut hasher,
            )
        });
        let read = read.map_err(|error| BadInputs::Unreadable(shown(name.as_ref()), error))?;
        match u32::try_from(read).ok().filter(|len| *len <= most) {
            Some(len) => Ok(Self {
                name,
                len,
                hash: hasher.finalize().into(),
            }),
            None => Err(BadInputs::TooLong(shown(name.as_ref()), most)),
        }
    }
}

/// The names of a folder's inputs, in no order.
fn names(path: &Path) -> Result<Vec<String>, BadInputs> {
    let unreadable = |error| BadInputs::Unreadable(shown(path), error);
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name();
        if name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        see_regular(&entry, &name)?;
        if names.len() >= MOST {
            return Err(BadInputs::TooMany(shown(path)));
        }
        let name = name.into_string();
        names.push(name.map_err(|name| BadInputs::Name(shown(name.as_ref())))?);
    }
    Ok(names)
}

/// Refuses what is no regular file, and leads to none.
fn see_regular(entry: &DirEntry, name: &OsStr) -> Result<(), BadInputs> {
    let unreadable = |error| BadInputs::Unreadable(shown(name.as_ref()), error);
    let mut kind = entry.file_type().map_err(unreadable)?;
    if kind.is_symlink() {
        kind = fs::metadata(entry.path()).map_err(unreadable)?.file_type();
    }
    if kind.is_dir() {
        Err(BadInputs::Folder(shown(name.as_ref())))
    } else if kind.is_file() {
        Ok(())
    } else {
        Err(BadInputs::Odd(shown(name.as_ref())))
    }
}

fn shown(path: &Path) -> Foreign {
    Foreign::from(path.to_string_lossy().into_owned())
}

/// The order of two names. Numbers that differ in leading zeros alone are told apart last.
fn order(one: &str, other: &str) -> Ordering {
    let by_parts = parts(one).cmp(parts(other));
    by_parts.then_with(|| one.cmp(other))
}

/// A name's parts, as they are compared: each number is one, a digit's byte with the number's length and digits behind it, and so is
/// each other byte. No other byte lies between digits, so that a number stands among other bytes where its first digit would.
fn parts(name: &str) -> impl Iterator<Item = (u8, usize, &[u8])> {
    let both_digits = |one: &u8, next: &u8| one.is_ascii_digit() && next.is_ascii_digit();
    name.as_bytes().chunk_by(both_digits).map(|part| {
        let first = part.first().copied().unwrap_or_default();
        if !first.is_ascii_digit() {
            return (first, 0, Default::default());
        }
        let zeros = part.iter().take_while(|digit| **digit == b'0').count();
        let number = part.get(zeros..).unwrap_or_default();
        (b'0', number.len(), number)
    })
}

#[cfg(test)]
mod tests;
