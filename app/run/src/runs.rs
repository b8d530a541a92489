//! The runs of a machine: each a folder of its own.

use {
    crate::{
        inputs::{Folder, Input},
        judge::{Judge, NoThreads},
        order::{Kernel, NoKernel},
        settings::Settings,
        store::{Counts, Store},
    },
    sluice_work::{hash, sandbox::Options},
    std::{
        fs::{self, File, TryLockError},
        io,
        path::{Path, PathBuf},
        sync::Arc,
    },
    thiserror::Error,
};

/// Why a run cannot go on.
#[derive(Debug, Error)]
pub enum NotOpened {
    /// There is none of this name.
    #[error("there is no run {0} on this machine: see `sluice run list`")]
    Unknown(String),
    /// Another process works on it.
    #[error("another process works on the run {0}")]
    AtWork(String),
    /// Its folder or its file.
    #[error("the run {id}: {why}")]
    Unusable {
        /// Its name.
        id: String,
        /// What is wrong.
        why: String,
    },
    /// Another run is not done whose results would stand in the same folder.
    #[error(
        "the run {0} writes its results there, and is not done: choose another folder for the results"
    )]
    Results(String),
    /// Another process writes the results of a run there.
    #[error("another run writes its results to {0} just now")]
    Shared(PathBuf),
    /// The kernel's file is gone or another one.
    #[error(transparent)]
    Kernel(#[from] NoKernel),
    /// The kernel's file is another one.
    #[error("{0} is not the kernel any more that the run began with")]
    OtherKernel(PathBuf),
    /// This machine.
    #[error(transparent)]
    Machine(#[from] NoThreads),
}

/// A run that this process works on; no other does as long as this is there.
pub struct Held {
    /// Its memory.
    pub store: Arc<Store>,
    /// What was asked.
    pub settings: Settings,
    /// Its folder.
    pub folder: PathBuf,
    _lock: File,
    /// No other run writes there as long as this one does, wherever its own folder is.
    _results: File,
}

impl Held {
    /// Writes a new run down in `runs`, the folder of all of them.
    ///
    /// # Errors
    /// See [`NotOpened`].
    pub fn create(runs: &Path, settings: &Settings, inputs: &Folder) -> Result<Self, NotOpened> {
        let others = list(runs);
        let other = others.iter().find(|(store, other)| {
            // One whose chunks cannot be counted may be at work.
            let is_done = |counts: Counts| counts.settled() == counts.all();
            other.results == settings.results && !store.counts().is_ok_and(is_done)
        });
        if let Some((_, other)) = other {
            return Err(NotOpened::Results(other.id.clone()));
        }
        let _results = results(settings)?;
        let folder = runs.join(&settings.id);
        let unusable = |why: String| NotOpened::Unusable {
            id: settings.id.clone(),
            why,
        };
        let files = inputs.files().iter();
        let chunks = files.map(|file| (file.name.as_str(), u64::from(file.len), &file.hash));
        let store = Store::create(&folder, settings, chunks);
        let store = store.map_err(|error| unusable(error.to_string()))?;
        Ok(Self {
            _lock: lock(&folder, &settings.id)?,
            store: Arc::new(store),
            settings: settings.clone(),
            folder,
            _results,
        })
    }

    /// The run of this name, or of the only name that begins so.
    ///
    /// # Errors
    /// See [`NotOpened`].
    pub fn open(runs: &Path, name: &str) -> Result<Self, NotOpened> {
        let id = full(runs, name)?;
        let folder = runs.join(&id);
        let _lock = lock(&folder, &id)?;
        let (store, settings) = read(&folder, &id)?;
        Ok(Self {
            _results: results(&settings)?,
            store: Arc::new(store),
            settings,
            folder,
            _lock,
        })
    }

    /// The kernel, as it was when the run began.
    ///
    /// # Errors
    /// See [`NotOpened`].
    pub fn kernel(&self) -> Result<Kernel, NotOpened> {
        let path = &self.settings.kernel;
        let kernel = Kernel::read(path)?;
        if hex::encode(hash::blob(&kernel.code)) == self.settings.kernel_hash {
            Ok(kernel)
        } else {
            Err(NotOpened::OtherKernel(path.clone()))
        }
    }

    /// What computes here.
    ///
    /// # Errors
    /// See [`NotOpened`].
    pub fn judge(&self, kernel: &Kernel) -> Result<Judge, NotOpened> {
        let limits = self.settings.limits();
        Ok(Judge::new(kernel, limits, Options::own())?)
    }

    /// The inputs, as they were when the run began.
    ///
    /// # Errors
    /// See [`NotOpened`].
    pub fn inputs(&self) -> Result<Folder, NotOpened> {
        let chunks = self
            .store
            .chunks()
            .map_err(|error| NotOpened::Unusable {
                id: self.settings.id.clone(),
                why: error.to_string(),
            })?
            .into_iter();
        let files = chunks.map(|chunk| Input {
            len: u32::try_from(chunk.len).unwrap_or(u32::MAX),
            hash: chunk.hash,
            name: chunk.name,
        });
        Ok(Folder::of(&self.settings.inputs, files.collect()))
    }
}

/// Every run in the folder of all of them, oldest first; what cannot be read is left out. Others may work on them.
pub fn list(runs: &Path) -> Vec<(Store, Settings)> {
    let entries = fs::read_dir(runs).into_iter().flatten().flatten();
    let mut all: Vec<_> = entries
        .filter_map(|entry| {
            let id = entry.file_name().into_string().ok()?;
            read(&entry.path(), &id).ok()
        })
        .collect();
    all.sort_by(|(_, one), (_, other)| (one.began_at, &one.id).cmp(&(other.began_at, &other.id)));
    all
}

/// The run of this name, to be looked at while others may work on it.
///
/// # Errors
/// See [`NotOpened`].
pub fn look(runs: &Path, name: &str) -> Result<(Store, Settings), NotOpened> {
    let id = full(runs, name)?;
    read(&runs.join(&id), &id)
}

/// True while a process works on a run.
pub fn is_at_work(runs: &Path, id: &str) -> bool {
    let file = File::open(runs.join(id).join("lock"));
    // Shared, so that nobody who looks keeps anybody from working.
    file.is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

fn read(folder: &Path, id: &str) -> Result<(Store, Settings), NotOpened> {
    let unusable = |error: rusqlite::Error| NotOpened::Unusable {
        id: id.to_owned(),
        why: error.to_string(),
    };
    let store = Store::open(folder).map_err(unusable)?;
    let store = store.ok_or_else(|| NotOpened::Unknown(id.to_owned()))?;
    let settings = store.settings().map_err(unusable)?;
    Ok((store, settings))
}

/// The whole name of the only run that begins so.
fn full(runs: &Path, name: &str) -> Result<String, NotOpened> {
    let unknown = || NotOpened::Unknown(name.chars().take(64).collect());
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(unknown());
    }
    let entries = fs::read_dir(runs).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut found: Vec<_> = names.filter(|one| one.starts_with(name)).collect();
    match (found.pop(), found.is_empty()) {
        (Some(one), true) => Ok(one),
        _ => Err(unknown()),
    }
}

/// The folder of results, held against other runs.
fn results(settings: &Settings) -> Result<File, NotOpened> {
    let folder = &settings.results;
    let unusable = |error: io::Error| NotOpened::Unusable {
        id: settings.id.clone(),
        why: format!("the folder of results {}: {error}", folder.display()),
    };
    let file = File::open(folder).map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(NotOpened::Shared(folder.clone())),
        Err(TryLockError::Error(error)) => Err(unusable(error)),
    }
}

fn lock(folder: &Path, id: &str) -> Result<File, NotOpened> {
    let unusable = |error: io::Error| NotOpened::Unusable {
        id: id.to_owned(),
        why: error.to_string(),
    };
    let path = folder.join("lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(NotOpened::AtWork(id.to_owned())),
        Err(TryLockError::Error(error)) => Err(unusable(error)),
    }
}
