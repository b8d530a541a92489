//! Files that one process works on at a time.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::Path,
};

/// Why a file is not this process's to work on.
pub enum NotHeld {
    /// Another process works on it, or did when its name still led to it.
    Taken,
    /// The system does not lock it.
    Failed(io::Error),
}

/// Locks the file at `path`, which has to be the one that is there still.
pub fn hold(file: &File, path: &Path) -> Result<(), NotHeld> {
    match file.try_lock() {
        Ok(()) if is_at(file, path) => Ok(()),
        Ok(()) | Err(TryLockError::WouldBlock) => Err(NotHeld::Taken),
        Err(TryLockError::Error(error)) => Err(NotHeld::Failed(error)),
    }
}

/// True while `path` leads to `file`, which it does no longer once the file was moved, replaced or removed.
#[cfg(unix)]
pub fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let of = |found: io::Result<fs::Metadata>| found.ok().map(|found| (found.dev(), found.ino()));
    of(file.metadata()).is_some_and(|own| of(fs::metadata(path)) == Some(own))
}

/// True while there is something at `path`.
#[cfg(not(unix))]
pub fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}
