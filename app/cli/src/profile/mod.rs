//! What a person sets once: a cluster, the accounts that most commands are about, and names for addresses.

mod contents;
mod words;

pub use contents::{ACCOUNTS, Key, Label};
use {
    crate::failure::{Failure, Result},
    contents::Contents,
    solana_address::Address,
    std::{
        collections::BTreeMap,
        env,
        ffi::OsString,
        fs::{self, File},
        io,
        path::{Path, PathBuf},
    },
    tempfile::NamedTempFile,
    toml_edit::DocumentMut,
};

/// The profile that is in use, and the file that it stands in with the others.
#[derive(Default)]
pub struct Profile {
    /// `None` where no folder for it is known.
    path: Option<PathBuf>,
    /// True where the command line or the environment names the file, and there is none.
    is_missing: bool,
    /// True where changes are shown and not written.
    is_shown_only: bool,
    /// Why the file could not be read, where the command goes on without it.
    fault: Option<String>,
    document: DocumentMut,
    contents: Contents,
}

impl Profile {
    /// Reads the file that `args` or the environment name, else the one in the person's folder. One that is not there is empty.
    pub fn load(args: &[OsString]) -> Result<Self> {
        let named = named(args).or_else(|| set("SLUICE_PROFILE"));
        let is_named = named.is_some();
        let Some(path) = named.or_else(own) else {
            return Ok(Self::default());
        };
        let found = read(&path)?;
        let is_missing = found.is_none() && is_named;
        let document = found.unwrap_or_default();
        let contents = Contents::read(&document).map_err(|cause| unusable(&path, cause))?;
        Ok(Self {
            path: Some(path),
            is_missing,
            is_shown_only: false,
            fault: None,
            document,
            contents,
        })
    }

    /// Refuses a file that was named and is not there; the verbs that write it make it.
    pub fn require(&self) -> Result<()> {
        match &self.path {
            Some(path) if self.is_missing => Err(Failure::input(format!(
                "there is no profile file at {}: `sluice config set` makes it",
                path.display()
            ))),
            _ => Ok(()),
        }
    }

    /// The profile of whoever goes on though its file could not be read.
    pub fn without_file(fault: &Failure) -> Self {
        Self {
            fault: Some(fault.to_string()),
            ..Self::default()
        }
    }

    /// Why the file could not be read.
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// Where the file is or would be.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// True where a file gave anything.
    pub const fn is_there(&self) -> bool {
        !self.contents.all.is_empty()
    }

    /// The name of the profile in use.
    pub fn name(&self) -> &str {
        &self.contents.name
    }

    /// The names of all profiles in the file.
    pub fn all(&self) -> Vec<String> {
        self.contents.all.clone()
    }

    /// The cluster, as it was set: it may hold a key.
    pub fn url(&self) -> Option<&str> {
        self.contents.url.as_deref()
    }

    /// The account that commands take where they are told none.
    pub fn account(&self, key: &str) -> Option<Address> {
        self.contents.accounts.get(key).copied()
    }

    /// Addresses by name.
    pub fn names(&self) -> &BTreeMap<String, Address> {
        &self.contents.names
    }

    /// From here on changes are shown and not written.
    pub const fn write_nothing(&mut self) {
        self.is_shown_only = true;
    }

    /// Takes up the profile `name`, which need not be there yet.
    pub fn take_up(&mut self, name: &Label) -> Result<()> {
        self.edit(|document, _| contents::take_up(document, name))
    }

    /// Sets `key` to `text`, in the file.
    pub fn set(&mut self, key: &Key, text: &str) -> Result<()> {
        let value = self.contents.checked(key, text)?;
        self.edit(|document, name| contents::set(document, name, key, &value))
    }

    /// Takes `key` out of the file.
    pub fn unset(&mut self, key: &Key) -> Result<()> {
        self.edit(|document, name| contents::unset(document, name, key))
    }

    /// Changes the file as it is now, unless it could not be read any more: whoever else changes it at the same time loses nothing.
    fn edit(
        &mut self,
        change: impl FnOnce(&mut DocumentMut, &str) -> std::result::Result<(), String>,
    ) -> Result<()> {
        let path = self.path.as_deref().ok_or_else(|| {
            Failure::input("there is no place for a profile: set HOME, or give --profile")
        })?;
        let held = (!self.is_shown_only).then(|| hold(path)).transpose();
        let held = held.map_err(|error| unusable(path, error))?.flatten();
        let mut document = match held {
            Some(_) => read(path)?.unwrap_or_default(),
            None => self.document.clone(),
        };
        change(&mut document, &self.contents.name).map_err(Failure::BadInput)?;
        let contents = Contents::read(&document).map_err(Failure::BadInput)?;
        if !self.is_shown_only {
            save(path, &document.to_string()).map_err(|error| unusable(path, error))?;
        }
        self.document = document;
        self.contents = contents;
        Ok(())
    }
}

/// Waits until nobody else changes the file, and holds it until this is dropped; `None` where what is there is no file. The file itself is
/// replaced by each change, so another one beside it is locked.
fn hold(path: &Path) -> io::Result<Option<File>> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&path).is_ok_and(|found| !found.is_file()) {
        return Ok(None);
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut beside = path.into_os_string();
    beside.push(".lock");
    let file = File::create(beside)?;
    file.lock()?;
    Ok(Some(file))
}

/// What the file says; `None` where there is none.
fn read(path: &Path) -> Result<Option<DocumentMut>> {
    match fs::read_to_string(path) {
        Ok(text) => contents::parse(&text)
            .map(Some)
            .map_err(|cause| unusable(path, cause)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unusable(path, error)),
    }
}

/// All of it or nothing, in a file that nobody else reads, for a URL may hold a key. A link stays one.
fn save(path: &Path, text: &str) -> io::Result<()> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    // Else a device or a pipe would become a file.
    if fs::metadata(&path).is_ok_and(|found| !found.is_file()) {
        return Err(io::Error::other("it is no regular file"));
    }
    fs::create_dir_all(folder)?;
    let file = NamedTempFile::new_in(folder)?;
    fs::write(file.path(), text)?;
    file.as_file().sync_all()?;
    file.persist(&path)?;
    // The name has to last as well as what is in it.
    File::open(folder)?.sync_all()
}

fn unusable(path: &Path, cause: impl std::fmt::Display) -> Failure {
    Failure::input(format!("the profile file {}: {cause}", path.display()))
}

/// The file that the words name, before they are parsed: what they mean depends on it.
fn named(args: &[OsString]) -> Option<PathBuf> {
    let mut words = args.iter().take_while(|word| *word != "--");
    while let Some(word) = words.next() {
        if word == "--profile" {
            return words.next().map(PathBuf::from);
        }
        let value = word
            .to_str()
            .and_then(|word| word.strip_prefix("--profile="));
        if let Some(path) = value {
            return Some(PathBuf::from(path));
        }
    }
    None
}

fn set(name: &str) -> Option<PathBuf> {
    let value = env::var_os(name).filter(|value| !value.is_empty());
    value.map(PathBuf::from)
}

/// As the XDG base directories have it.
fn own() -> Option<PathBuf> {
    let base = set("XDG_CONFIG_HOME").or_else(|| set("HOME").map(|home| home.join(".config")));
    base.map(|base| base.join("sluice/profile.toml"))
}

#[cfg(all(test, unix))]
mod tests {
    use {
        super::*,
        std::os::unix::{fs::symlink, net::UnixListener},
    };

    #[test]
    fn a_link_stays_one_and_what_is_no_file_stays_what_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let [file, link, socket] = ["file", "link", "socket"].map(|name| folder.path().join(name));
        fs::write(&file, "old").unwrap();
        symlink(&file, &link).unwrap();
        save(&link, "new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        let _listener = UnixListener::bind(&socket).unwrap();
        assert!(save(&socket, "new").is_err());
        assert!(socket.exists() && !socket.is_file());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }
}
