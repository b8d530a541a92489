//! What a journal is tested with.

mod batches;
mod files;
mod rules;

use {
    super::*,
    solana_keypair::Keypair,
    std::{
        cell::{Cell, RefCell},
        process,
        sync::atomic::{AtomicU32, Ordering},
    },
};

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

const NEXT: Statement = Statement {
    window: 4,
    ..STATEMENT
};

/// A machine of one user: a state directory, and a key in a file.
struct Home {
    folder: PathBuf,
    state: PathBuf,
    file: PathBuf,
    key: Keypair,
}

impl Home {
    fn new() -> Self {
        static HOMES: AtomicU32 = AtomicU32::new(0);
        let number = HOMES.fetch_add(1, Ordering::Relaxed);
        let folder = env::temp_dir().join(format!("sluice-journal-{}-{number}", process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("keys")).unwrap();
        let file = folder.join("keys/key.json");
        fs::write(&file, "").unwrap();
        Self {
            state: folder.join("state"),
            folder,
            file,
            key: Keypair::new(),
        }
    }

    fn open(&self, file: Option<&Path>) -> Result<Journal> {
        Journal::open(&self.key.pubkey(), file, &self.state)
    }

    fn sign_from(&self, file: Option<&Path>, statement: &Statement) -> Result<Countersignature> {
        self.open(file)?.sign(statement, Way::Quorum, &self.key)
    }

    fn sign(&self, statement: &Statement) -> Result<Countersignature> {
        self.sign_from(Some(&self.file), statement)
    }

    /// The files of the journal: beside the key, and in the state directory.
    fn places(&self) -> [PathBuf; 2] {
        let name = format!("{}.signed", self.key.pubkey());
        ["keys", "state/signed"].map(|folder| self.folder.join(folder).join(&name))
    }

    fn forget(&self) {
        for place in self.places() {
            let _ = fs::remove_file(place);
        }
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn is_contradiction<T: std::fmt::Debug>(outcome: Result<T>) -> bool {
    matches!(outcome, Err(NotJournalled::Contradicts { .. }))
}

/// A key that counts how often it is asked, and then does what `answers` says.
struct Asked<'a> {
    key: &'a Keypair,
    times: Cell<u32>,
    is_interactive: bool,
    answers: RefCell<Option<SignerError>>,
}

impl<'a> Asked<'a> {
    fn new(key: &'a Keypair, is_interactive: bool, answers: Option<SignerError>) -> Self {
        Self {
            key,
            times: Cell::new(0),
            is_interactive,
            answers: RefCell::new(answers),
        }
    }
}

impl Signer for Asked<'_> {
    fn try_pubkey(&self) -> std::result::Result<Address, SignerError> {
        self.key.try_pubkey()
    }

    fn try_sign_message(&self, message: &[u8]) -> std::result::Result<Signature, SignerError> {
        self.times.set(self.times.get() + 1);
        match self.answers.take() {
            Some(error) => Err(error),
            None => self.key.try_sign_message(message),
        }
    }

    fn is_interactive(&self) -> bool {
        self.is_interactive
    }
}
