//! One question to one member, with the blobs that it needs.

use {
    crate::{
        blobs::Name,
        member::{Member, Unasked},
        wire::{Admission, Countersigned, Submission, Told},
        worker::{
            folder::{Cache, Folder},
            members::Members,
            store::Names,
        },
    },
    sluice_work::hash,
    solana_address::Address,
    std::{
        collections::HashSet,
        sync::{
            Arc, Mutex, PoisonError,
            atomic::{AtomicBool, Ordering},
        },
    },
};

/// Blobs whose putting is remembered: more are put twice.
const REMEMBERED: usize = 1 << 17;

/// The blobs that this process has.
#[derive(Clone)]
pub struct Blobs {
    /// Outputs.
    pub outputs: Arc<Folder>,
    /// Inputs, kernels, specifications and lists of inputs.
    pub cache: Arc<Cache>,
    evidence: Vec<u8>,
}

impl Blobs {
    /// Those in these folders.
    pub const fn new(outputs: Arc<Folder>, cache: Arc<Cache>) -> Self {
        Self {
            outputs,
            cache,
            evidence: vec![],
        }
    }

    /// These, and a window's evidence.
    pub fn with(self, evidence: Vec<u8>) -> Self {
        Self { evidence, ..self }
    }

    fn get(&self, name: &Name) -> Option<Vec<u8>> {
        if hash::blob(&self.evidence) == *name {
            return Some(self.evidence.clone());
        }
        self.outputs.get(name).or_else(|| self.cache.get(name))
    }
}

/// Which blobs this process put to whom.
#[derive(Clone, Default)]
pub struct Known(Arc<Mutex<HashSet<(Address, Address, Name)>>>);

impl Known {
    fn has(&self, put: &(Address, Address, Name)) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.contains(put)
    }

    fn add(&self, put: (Address, Address, Name)) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(put);
    }
}

/// Says to a thread that nobody needs its answer any more.
#[derive(Clone, Default)]
pub struct Needless(Arc<AtomicBool>);

impl Needless {
    /// Says so.
    pub fn tell(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// True once it was said.
    pub fn is_told(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A question.
pub struct Asked<'a> {
    pub members: &'a dyn Members,
    pub member: &'a Member,
    pub claim: &'a Submission,
    /// The blobs that the job's work is.
    pub names: Option<Names>,
    pub blobs: &'a Blobs,
    pub known: &'a Known,
    pub needless: &'a Needless,
}

impl Asked<'_> {
    /// Puts a window's outputs and evidence to the member, then asks for its signature; what it says that it lacks is put, and it is asked
    /// again.
    pub fn ask(&self, outputs: Vec<Name>) -> Result<Countersigned, Unasked> {
        for name in outputs.iter().chain([&self.claim.evidence]) {
            if !self.known.has(&self.key(name)) && !self.put(name)? {
                return Err(gone(name));
            }
        }
        match self.giving(|| self.members.submit(self.member, self.claim)) {
            // It did not have time for the job when the others admitted it, and may have some now.
            Err(Unasked::Refused(told)) if told.code == "not_admitted" => {
                self.admit(told)?;
                self.giving(|| self.members.submit(self.member, self.claim))
            }
            answer => answer,
        }
    }

    fn admit(&self, told: Box<Told>) -> Result<(), Unasked> {
        let Some(names) = &self.names else {
            return Err(Unasked::Refused(told));
        };
        let asked = Admission {
            job: self.claim.job,
            node: None,
            spec: Some(names.spec),
            inputs: Some(names.list),
        };
        self.giving(|| self.members.admit(self.member, &asked))
            .map(drop)
    }

    /// Asks, and asks again with each blob that is missing and here. Each blob is given once: a member that loses what it is given is asked
    /// again later.
    fn giving<T>(&self, ask: impl Fn() -> Result<T, Unasked>) -> Result<T, Unasked> {
        let mut given = HashSet::new();
        loop {
            self.require_need()?;
            let refused = match ask() {
                Err(Unasked::Refused(told)) if told.code == "blob_missing" => told,
                answer => return answer,
            };
            let missing = missing(&refused).filter(|name| given.insert(*name));
            let Some(name) = missing else {
                return Err(Unasked::Refused(refused));
            };
            if !self.put(&name)? {
                return Err(Unasked::Refused(refused));
            }
        }
    }

    /// False if the blob is not here.
    fn put(&self, name: &Name) -> Result<bool, Unasked> {
        self.require_need()?;
        let Some(bytes) = self.blobs.get(name) else {
            return Ok(false);
        };
        self.members
            .put(self.member, &self.claim.job, name, &bytes)?;
        self.known.add(self.key(name));
        Ok(true)
    }

    fn require_need(&self) -> Result<(), Unasked> {
        if self.needless.is_told() {
            return Err(Unasked::Silent("nobody needs it any more".to_owned()));
        }
        Ok(())
    }

    const fn key(&self, name: &Name) -> (Address, Address, Name) {
        (self.member.key, self.claim.job, *name)
    }
}

fn missing(told: &Told) -> Option<Name> {
    let mut name = Name::default();
    hex::decode_to_slice(told.blob.as_deref()?, &mut name).ok()?;
    Some(name)
}

/// The disk lost a blob that the window names.
fn gone(name: &Name) -> Unasked {
    Unasked::Silent(format!(
        "the blob {} is not on this machine any more",
        hex::encode(name)
    ))
}
