//! Blobs on this machine's disk, in files by their SHA-256.

use {
    crate::blobs::Name,
    sluice_work::hash,
    std::{
        collections::{BTreeMap, HashMap},
        fs::{self, File, Metadata},
        io::{self, Write},
        path::{Path, PathBuf},
        sync::{
            Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
            atomic::{AtomicU64, Ordering},
        },
    },
};

/// How the name of a file begins that is not whole.
const PART: &str = "part-";

/// A folder of blobs. A file has its blob's name only once all of it is on the disk.
pub struct Folder {
    path: PathBuf,
    parts: AtomicU64,
    /// Bytes of the disk that stay free.
    reserve: u64,
    /// Held to write while blobs are removed that nothing names.
    removing: RwLock<()>,
}

/// Bytes of the disk that blobs leave to the database and the journals: without them no window is sealed and no proof is sent.
pub const RESERVE: u64 = 256 << 20;

impl Folder {
    /// The blobs in `path`, which is made if it is not there. What an earlier process left half written is removed.
    ///
    /// # Errors
    /// The disk's.
    pub fn open(path: &Path) -> io::Result<Self> {
        Self::open_with(path, RESERVE)
    }

    /// The same with another number of bytes that stay free on the disk.
    ///
    /// # Errors
    /// The disk's.
    pub fn open_with(path: &Path, reserve: u64) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(PART) {
                absent(fs::remove_file(entry.path()))?;
            }
        }
        Ok(Self {
            path: path.to_owned(),
            parts: AtomicU64::new(0),
            reserve,
            removing: RwLock::default(),
        })
    }

    /// While this is held nothing is removed that only [`Self::removing`] may remove: from a blob's putting until something names it.
    pub fn keeping(&self) -> RwLockReadGuard<'_, ()> {
        self.removing.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// To be held from looking which blobs nothing names until they are removed.
    pub fn removing(&self) -> RwLockWriteGuard<'_, ()> {
        let removing = self.removing.write();
        removing.unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a blob, and gives its name. Once this returns it outlives a crash.
    ///
    /// # Errors
    /// The disk's; [`io::ErrorKind::StorageFull`] also where the reserve would be touched.
    pub fn put(&self, bytes: &[u8]) -> io::Result<Name> {
        let name = hash::blob(bytes);
        // A damaged file must not stand for a good one.
        if self.get(&name).is_some() {
            return Ok(name);
        }
        self.require_room(bytes.len())?;
        let number = self.parts.fetch_add(1, Ordering::Relaxed);
        let part = self.path.join(format!("{PART}{number}"));
        if let Err(error) = self.write(&part, bytes, &name) {
            // Half a blob takes the room that the next try needs.
            let _ = fs::remove_file(&part);
            return Err(error);
        }
        Ok(name)
    }

    fn write(&self, part: &Path, bytes: &[u8], name: &Name) -> io::Result<()> {
        let mut file = File::create(part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(part, self.at(name))?;
        // The name is on the disk once the folder is.
        File::open(&self.path)?.sync_all()
    }

    fn require_room(&self, len: usize) -> io::Result<()> {
        let disk = rustix::fs::statvfs(&self.path)?;
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        let needed = u64::try_from(len).unwrap_or(u64::MAX);
        if free >= self.reserve.saturating_add(needed) {
            return Ok(());
        }
        let why = format!("{} MiB are left", free >> 20);
        Err(io::Error::new(io::ErrorKind::StorageFull, why))
    }

    /// The bytes of a blob; `None` if it is not here, or its file is damaged.
    pub fn get(&self, name: &Name) -> Option<Vec<u8>> {
        let bytes = fs::read(self.at(name)).ok()?;
        (hash::blob(&bytes) == *name).then_some(bytes)
    }

    /// True if a blob is here.
    pub fn has(&self, name: &Name) -> bool {
        self.at(name).is_file()
    }

    /// The blobs that are here.
    ///
    /// # Errors
    /// The disk's.
    pub fn all(&self) -> io::Result<Vec<(Name, Metadata)>> {
        let mut names = vec![];
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let mut name = Name::default();
            if hex::decode_to_slice(entry.file_name().as_encoded_bytes(), &mut name).is_ok() {
                names.push((name, entry.metadata()?));
            }
        }
        Ok(names)
    }

    /// Removes a blob, if it is here.
    ///
    /// # Errors
    /// The disk's.
    pub fn remove(&self, name: &Name) -> io::Result<()> {
        absent(fs::remove_file(self.at(name)))
    }

    fn at(&self, name: &Name) -> PathBuf {
        self.path.join(hex::encode(name))
    }
}

/// What is not there need not be removed.
fn absent(removed: io::Result<()>) -> io::Result<()> {
    removed.or_else(|error| match error.kind() {
        io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    })
}

/// Most files of a cache: the smallest take a block of the disk and a place in its tables, too.
const MOST_FILES: usize = 1 << 18;

/// Blobs that can be had again: what was used last stays, as far as there is room.
pub struct Cache {
    folder: Folder,
    most: u64,
    index: Mutex<Index>,
}

#[derive(Default)]
struct Index {
    /// Bytes of each blob, and when it was used.
    used: HashMap<Name, (u64, u64)>,
    by_use: BTreeMap<u64, Name>,
    bytes: u64,
    uses: u64,
}

impl Index {
    fn use_of(&mut self, name: Name, len: u64) {
        self.uses = self.uses.saturating_add(1);
        self.forget(&name);
        self.used.insert(name, (len, self.uses));
        self.by_use.insert(self.uses, name);
        self.bytes = self.bytes.saturating_add(len);
    }

    fn forget(&mut self, name: &Name) {
        if let Some((len, use_)) = self.used.remove(name) {
            self.by_use.remove(&use_);
            self.bytes = self.bytes.saturating_sub(len);
        }
    }

    /// The blob that was not used for the longest time, if there is too much.
    fn surplus(&self, most: u64) -> Option<Name> {
        if self.bytes <= most && self.used.len() <= MOST_FILES {
            return None;
        }
        self.by_use.values().next().copied()
    }
}

impl Cache {
    /// The blobs in `path`, of at most `most` bytes together.
    ///
    /// # Errors
    /// The disk's.
    pub fn open(path: &Path, most: u64) -> io::Result<Self> {
        let folder = Folder::open(path)?;
        let mut index = Index::default();
        for (name, file) in folder.all()? {
            index.use_of(name, file.len());
        }
        let cache = Self {
            folder,
            most,
            index: Mutex::new(index),
        };
        cache.shrink()?;
        Ok(cache)
    }

    /// Keeps a blob while there is room, and gives its name.
    ///
    /// # Errors
    /// The disk's.
    pub fn put(&self, bytes: &[u8]) -> io::Result<Name> {
        let name = self.folder.put(bytes)?;
        let len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.index().use_of(name, len);
        self.shrink()?;
        Ok(name)
    }

    /// The bytes of a blob, if it is here.
    pub fn get(&self, name: &Name) -> Option<Vec<u8>> {
        let found = self.folder.get(name);
        let mut index = self.index();
        match &found {
            Some(bytes) => index.use_of(*name, u64::try_from(bytes.len()).unwrap_or(u64::MAX)),
            None => {
                index.forget(name);
                // A damaged file must not stand in the way of a good one.
                drop(index);
                let _ = self.folder.remove(name);
            }
        }
        found
    }

    /// Gives its room to what cannot be had again.
    pub fn give_way(&self) {
        if let Err(error) = self.shrink_to(0) {
            tracing::warn!(%error, "the cache cannot be cleared");
        }
    }

    fn shrink(&self) -> io::Result<()> {
        self.shrink_to(self.most)
    }

    fn shrink_to(&self, most: u64) -> io::Result<()> {
        let mut index = self.index();
        while let Some(name) = index.surplus(most) {
            self.folder.remove(&name)?;
            index.forget(&name);
        }
        Ok(())
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use {super::*, tempfile::TempDir};

    #[test]
    fn a_blob_is_whole_or_is_not_there() {
        let place = TempDir::new().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        let name = folder.put(b"output").unwrap();
        assert_eq!(folder.get(&name).unwrap(), b"output");
        fs::write(place.path().join("part-7"), b"half").unwrap();
        fs::write(place.path().join(hex::encode([9; 32])), b"other bytes").unwrap();
        let folder = Folder::open(place.path()).unwrap();
        assert!(!place.path().join("part-7").exists());
        assert_eq!(folder.get(&[9; 32]), None);
        assert_eq!(folder.get(&name).unwrap(), b"output");
        folder.remove(&name).unwrap();
        folder.remove(&name).unwrap();
        assert_eq!(folder.get(&name), None);
    }

    #[test]
    fn a_cache_keeps_what_was_used_last() {
        let place = TempDir::new().unwrap();
        let cache = Cache::open(place.path(), 30).unwrap();
        let [first, second, third] = [1, 2, 3].map(|byte| cache.put(&[byte; 10]).unwrap());
        assert!(cache.get(&first).is_some());
        let fourth = cache.put(&[4; 10]).unwrap();
        assert_eq!(cache.get(&second), None);
        for name in [first, third, fourth] {
            assert!(cache.get(&name).is_some());
        }
        // The same blob again takes no more room, and one that fits nowhere is not kept.
        cache.put(&[4; 10]).unwrap();
        assert!(cache.get(&first).is_some());
        cache.put(&[5; 31]).unwrap();
        assert_eq!(cache.get(&hash::blob(&[5; 31])), None);
        let smaller = Cache::open(place.path(), 0).unwrap();
        assert_eq!(smaller.get(&first), None);
    }
}
