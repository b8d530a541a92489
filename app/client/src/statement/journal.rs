//! What a key signs, written down before it signs: an attester that signs two statements about one window loses its bond.
//!
//! A journal is one key's, by its address, however the key was read. It is kept in the state directory and, for a key in a file, in that
//! file's folder as well: whichever of the two moves or is copied, the other has it. One line of JSON for each statement, or for all that are
//! first said by one root, on the disk before the key is asked; a file is held by one process at a time.

#[cfg(test)]
mod crash;
mod error;
mod line;
mod place;
#[cfg(test)]
mod tests;
mod wanted;

pub use error::NotJournalled;
use {
    super::{Countersignature, Path as Way, Statement},
    crate::error::ClientError,
    error::{Result, unusable},
    line::{Book, Said, Stage},
    place::Place,
    solana_address::Address,
    solana_signature::Signature,
    solana_signer::{Signer, SignerError},
    std::{
        env,
        fs::{self, DirBuilder},
        io,
        path::{Path, PathBuf},
    },
    wanted::Wanted,
};

/// The folder of the state directory that the journals are in.
const FOLDER: &str = "signed";

/// The statements that one key was asked to sign.
#[derive(Debug)]
pub struct Journal {
    key: Address,
    /// Each has the whole book.
    places: Vec<Place>,
    book: Book,
}

/// The state directory that the command takes by default: `SLUICE_STATE_DIR`, or else as the XDG base directories have it. `None` where
/// not even `HOME` is set.
pub fn state_dir() -> Option<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    set("SLUICE_STATE_DIR").map(PathBuf::from).or_else(|| {
        set("XDG_STATE_HOME")
            .map(PathBuf::from)
            .or_else(|| set("HOME").map(|home| PathBuf::from(home).join(".local/state")))
            .map(|base| base.join("sluice"))
    })
}

impl Journal {
    /// Opens the journal of `key`, or begins it; nobody else signs with it until this one is dropped. `file` is the key's own, if it
    /// is in one. What only one of the journal's files has is written to the other.
    ///
    /// Fails when another process holds it, when it is damaged or contradicts itself, when others may write it, and when it cannot be
    /// written.
    pub fn open(key: &Address, file: Option<&Path>, state: &Path) -> Result<Self> {
        let own = state.join(FOLDER);
        let mut folders = vec![create(&own).map_err(|cause| unusable(&own, cause))?];
        if let Some(file) = file {
            folders.extend(folder_of(file).map_err(|cause| unusable(file, cause))?);
        }
        // Everybody takes them in one order, so that no two wait for each other.
        folders.sort_unstable();
        folders.dedup();
        let mut journal = Self::in_memory(key);
        let mut found = vec![];
        for folder in folders {
            let path = folder.join(format!("{key}.signed"));
            if !journal.places.iter().any(|place| place.is_also(&path)) {
                let (place, what) = Place::open(&path, key)?;
                journal.learn(&what.book, &path)?;
                journal.places.push(place);
                found.push(what);
            }
        }
        let (book, name) = (&journal.book, key.to_string());
        for (place, found) in journal.places.iter_mut().zip(found) {
            let lacking = || {
                book.iter()
                    .filter(|(subject, _)| !found.book.contains_key(*subject))
                    .map(|(_, said)| said)
            };
            // A line that was cut off is known from the other file, or it is lost.
            if let Some((line, piece)) = found.cut
                && !lacking().any(|said| said.begins_with(&piece, &name))
            {
                return Err(NotJournalled::Damaged {
                    key: *key,
                    path: place.path().to_owned(),
                    line,
                });
            }
            place.clean(found.lacks_end)?;
            let lines: serde_json::Result<Vec<_>> =
                lacking().map(|said| said.line(&name)).collect();
            let lines = lines.map_err(|error| unusable(place.path(), error.into()))?;
            if !lines.is_empty() {
                place.copy(&lines.concat())?;
            }
        }
        Ok(journal)
    }

    /// A journal that is written nowhere, for a key that signs in this process alone and never after it.
    pub const fn in_memory(key: &Address) -> Self {
        Self {
            key: *key,
            places: vec![],
            book: Book::new(),
        }
    }

    /// What the key was asked to sign before about the window of `statement` on this path, by itself or in a batch.
    pub fn said(&self, statement: &Statement, way: Way) -> Option<&Statement> {
        let subject = (statement.context, statement.window, way.tag());
        self.book.get(&subject).map(|said| &said.statement)
    }

    /// Signs `statement` for `way`, once it is written down; the same statement again gets the same signature.
    ///
    /// Fails, and signs nothing, when `key` was asked to sign another statement about this window on this path. When `key` itself
    /// fails, the statement stays written down unless it is certain that no signature was made.
    pub fn sign(
        &mut self,
        statement: &Statement,
        way: Way,
        key: &dyn Signer,
    ) -> Result<Countersignature> {
        self.sign_wanted(&Wanted::One(statement, way), key)
    }

    /// Takes a signature of `statement` that the key made elsewhere, once it is verified and written down.
    ///
    /// Fails as [`Self::sign`] does, and writes nothing when the signature is of something else.
    pub fn take(
        &mut self,
        statement: &Statement,
        way: Way,
        signature: Signature,
    ) -> Result<Countersignature> {
        self.take_wanted(&Wanted::One(statement, way), signature)
    }

    /// Signs the root of the tree of `statements`, in the order of its leaves, as a member of `set`, once all of them are written down: the
    /// root, and the signature.
    ///
    /// A window has one statement, whether it is signed by itself or in a batch: this fails, writes nothing and signs nothing when `key`
    /// was asked to sign another statement about one of the windows, or when two of `statements` are about one. Otherwise it fails as
    /// [`Self::sign`] does.
    pub fn sign_batch(
        &mut self,
        set: &Address,
        statements: &[Statement],
        key: &dyn Signer,
    ) -> Result<([u8; 32], Countersignature)> {
        let batch = Wanted::batch(set, statements)?;
        Ok((batch.root(), self.sign_wanted(&batch, key)?))
    }

    /// Takes a signature of the root of the tree of `statements` that the key made elsewhere, once it is verified and all of them are
    /// written down: the root, and the signature.
    ///
    /// Fails as [`Self::sign_batch`] does, and writes nothing when the signature is of something else.
    pub fn take_batch(
        &mut self,
        set: &Address,
        statements: &[Statement],
        signature: Signature,
    ) -> Result<([u8; 32], Countersignature)> {
        let batch = Wanted::batch(set, statements)?;
        Ok((batch.root(), self.take_wanted(&batch, signature)?))
    }

    fn sign_wanted(&mut self, wanted: &Wanted<'_>, key: &dyn Signer) -> Result<Countersignature> {
        let by = key.pubkey();
        if by != self.key {
            return Err(NotJournalled::OfAnother {
                journal: self.key,
                given: by,
            });
        }
        let new = self.note(wanted)?;
        let message = wanted.message();
        match key.try_sign_message(&message) {
            Ok(signature) if signature.verify(by.as_ref(), &message) => {
                self.tell_signed(&new);
                Ok(Countersignature { key: by, signature })
            }
            Ok(signature) => {
                if !key.is_interactive() && signature == Signature::default() {
                    self.retract(&new);
                }
                let what = wanted.name();
                Err(ClientError::Signing(format!("{by} did not sign the {what}")).into())
            }
            Err(error) => {
                if !key.is_interactive() && is_before_signing(&error) {
                    self.retract(&new);
                }
                Err(ClientError::Signing(error.to_string()).into())
            }
        }
    }

    fn take_wanted(
        &mut self,
        wanted: &Wanted<'_>,
        signature: Signature,
    ) -> Result<Countersignature> {
        if !signature.verify(self.key.as_ref(), &wanted.message()) {
            return Err(NotJournalled::NotOfThis(self.key));
        }
        let new = self.note(wanted)?;
        self.tell_signed(&new);
        Ok(Countersignature {
            key: self.key,
            signature,
        })
    }

    /// Adds what a file says.
    fn learn(&mut self, book: &Book, path: &Path) -> Result<()> {
        for (subject, said) in book {
            let known = self.book.entry(*subject).or_insert(*said);
            if known.statement != said.statement {
                return Err(NotJournalled::Disagree {
                    path: path.to_owned(),
                    window: said.statement.window,
                });
            }
            known.stage = known.stage.max(said.stage);
        }
        Ok(())
    }

    /// Writes down that the key is asked to sign what is wanted: the statements of it that were not written down before.
    fn note(&mut self, wanted: &Wanted<'_>) -> Result<Vec<Said>> {
        self.places.iter().try_for_each(Place::require_kept)?;
        let mut new = Book::new();
        for statement in wanted.statements() {
            let said = Said {
                statement: *statement,
                way: wanted.way(),
                stage: Stage::Asking,
            };
            let subject = said.subject();
            match self.book.get(&subject).or_else(|| new.get(&subject)) {
                None => {
                    new.insert(subject, said);
                }
                Some(before) if before.statement == *statement => {}
                Some(before) => return Err(self.contradicts(before, statement)),
            }
        }
        let new: Vec<Said> = new.into_values().collect();
        if let (Some(first), false) = (self.places.first(), new.is_empty()) {
            let line = wanted
                .line(&new, &self.key.to_string())
                .map_err(|error| unusable(first.path(), error.into()))?;
            self.write(&line)?;
        }
        self.book
            .extend(new.iter().map(|said| (said.subject(), *said)));
        Ok(new)
    }

    fn contradicts(&self, before: &Said, given: &Statement) -> NotJournalled {
        let places = self.places.iter();
        NotJournalled::Contradicts {
            by: self.key,
            before: Box::new(before.statement),
            is_signed: before.stage == Stage::Signed,
            given: Box::new(*given),
            places: places.map(|one| one.path().to_owned()).collect(),
        }
    }

    /// The whole line is on the disk everywhere before its word changes anywhere.
    fn write(&mut self, line: &[u8]) -> Result<()> {
        let places = &mut self.places;
        let written = places
            .iter_mut()
            .try_for_each(|place| place.add(line))
            .and_then(|()| places.iter_mut().try_for_each(Place::ask));
        for place in places {
            match written {
                Ok(()) => place.keep(line),
                Err(_) => place.undo(),
            }
        }
        written
    }

    /// Says that the last line's signature was made, if there is anything `new` in it.
    fn tell_signed(&mut self, new: &[Said]) {
        if new.is_empty() {
            return;
        }
        self.places.iter_mut().for_each(Place::tell_signed);
        for said in new {
            let stage = Stage::Signed;
            self.book.insert(said.subject(), Said { stage, ..*said });
        }
    }

    /// Takes the last line back, if there is anything `new` in it.
    fn retract(&mut self, new: &[Said]) {
        if new.is_empty() {
            return;
        }
        self.places.iter_mut().for_each(Place::retract);
        for said in new {
            self.book.remove(&said.subject());
        }
    }
}

/// True of what a signer in this process says before it makes a signature, and never of one that asks elsewhere.
const fn is_before_signing(error: &SignerError) -> bool {
    matches!(
        error,
        SignerError::PresignerError(_)
            | SignerError::KeypairPubkeyMismatch
            | SignerError::NotEnoughSigners
    )
}

/// The real path of `folder`, which this user alone may look into if it is new.
fn create(folder: &Path) -> io::Result<PathBuf> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    fs::canonicalize(folder)
}

/// The real folder of a key's file, after symbolic links; `None` for a pipe, and for a file that has no name any more.
fn folder_of(file: &Path) -> io::Result<Option<PathBuf>> {
    if !fs::metadata(file)?.is_file() {
        return Ok(None);
    }
    match fs::canonicalize(file) {
        Ok(real) => Ok(real.parent().map(Path::to_owned)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
