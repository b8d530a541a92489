//! The results of a window, from its members: held against the chain, and against this machine.

use {
    super::done,
    crate::{
        inputs::Folder,
        judge::{Judge, Verdict},
        members::Circle,
        order::Verify,
        store::{By, Proof, Settled},
    },
    sluice_client::{Address, statement::Statement},
    sluice_member::blob::Name,
    sluice_work::{
        check::Claim, evidence::Evidence, hash, inputs::Inputs, sluice_math::work::Shape,
        spec::Spec,
    },
    std::{
        fs::{self, File},
        io::{self, Write},
        path::{Path, PathBuf},
        sync::{
            Arc,
            atomic::{AtomicBool, Ordering},
        },
    },
    tempfile::NamedTempFile,
};

/// What a window is fetched with.
pub struct Fetch {
    pub circle: Arc<Circle>,
    pub job: Address,
    pub incarnation: u64,
    pub window: u32,
    /// What statements of the job begin with; none where the job is closed.
    pub context: Option<[u8; 32]>,
    pub proof: Proof,
    pub spec: Spec,
    pub shape: Shape,
    /// Number and file of every chunk by position.
    pub chunks: Vec<(u32, String)>,
    pub inputs: Arc<Folder>,
    pub judge: Arc<Judge>,
    pub verify: Verify,
    pub seed: u64,
    /// Where outputs are kept until they are held.
    pub cache: PathBuf,
    pub results: PathBuf,
    pub stop: Arc<AtomicBool>,
}

/// What a window came to.
pub struct Fetched {
    /// What of it is false, if anything is.
    pub fault: Option<String>,
    /// What becomes of its chunks, by position in the job.
    pub chunks: Vec<(u32, Settled)>,
}

impl Fetch {
    /// Fetches, holds and writes; a sentence where that cannot be done now.
    pub fn run(&self) -> Result<Fetched, String> {
        let list = self.list()?;
        let (evidence, claim) = self.evidence(&list)?;
        self.outputs(&evidence)?;
        let judged = self
            .judge
            .window(&self.spec, &list, &evidence, &claim, self, self.verify, self.seed, &self.stop)
            .map_err(|error| error.to_string())?;
        let (first, count) = self.shape.due(self.window);
        let mut chunks = vec![];
        for position in first..first.saturating_add(count) {
            let to = self.place(position, &evidence, first, &judged)?;
            chunks.push((position, to));
        }
        // Outputs that are written as results are not kept twice.
        let _ = fs::remove_dir_all(&self.cache);
        Ok(Fetched {
            fault: judged.fault.map(|fault| fault.to_string()),
            chunks,
        })
    }

    /// The job's list of inputs.
    fn list(&self) -> Result<Inputs, String> {
        let names: Option<Vec<_>> = self
            .chunks
            .iter()
            .map(|(number, _)| self.inputs.hash(*number))
            .collect();
        let names = names.ok_or("the folder of inputs has fewer files than the run")?;
        Inputs::of(names).map_err(|error| error.to_string())
    }

    /// The evidence whose statement the chain has: members may tell of others, too.
    fn evidence(&self, list: &Inputs) -> Result<(Evidence, Claim), String> {
        let claims = self
            .circle
            .claims(&self.job, self.incarnation, self.window);
        for claimed in claims {
            if self.is_proven(claimed.units, &claimed.digest) != Some(true) {
                continue;
            }
            let bytes = self.blob(&claimed.evidence)?;
            let Some(evidence) = Evidence::from_bytes(&bytes) else {
                continue;
            };
            let claim = Claim::of(&evidence, &self.shape, list);
            let is_same = |claim: &Claim| {
                claim.window == self.window
                    && (claim.units, claim.digest) == (claimed.units, claimed.digest)
            };
            if let Some(claim) = claim.ok().filter(is_same) {
                return Ok((evidence, claim));
            }
        }
        Err("no member tells what was claimed".to_owned())
    }

    /// True if the chain has the statement of these units and this digest; `None` where it tells only of the digest.
    fn is_proven(&self, units: u64, digest: &[u8; 32]) -> Option<bool> {
        match (self.proof, self.context) {
            (Proof::Digest(proven), _) => Some(proven == *digest),
            (Proof::Statement(proven), Some(context)) => {
                let statement = Statement {
                    context,
                    window: self.window,
                    units,
                    digest: *digest,
                };
                Some(statement.hash().first_chunk() == Some(&proven))
            }
            (Proof::Statement(_), None) => None,
        }
    }

    fn blob(&self, name: &Name) -> Result<Vec<u8>, String> {
        let found = self.circle.blob(&self.job, name);
        found.ok_or_else(|| format!("no member gives the blob {}", hex::encode(name)))
    }

    fn cached(&self, name: &Name) -> PathBuf {
        self.cache.join(hex::encode(name))
    }

    /// Every output that is claimed, onto the disk.
    fn outputs(&self, evidence: &Evidence) -> Result<(), String> {
        fs::create_dir_all(&self.cache).map_err(|error| format!("the cache of outputs: {error}"))?;
        for name in evidence.outputs.iter().flatten() {
            if self.stop.load(Ordering::Relaxed) {
                return Err("stopped".to_owned());
            }
            if self.cached(name).is_file() {
                continue;
            }
            let bytes = self.blob(name)?;
            let written = write(&self.cache, &hex::encode(name), &bytes);
            written.map_err(|error| format!("the cache of outputs: {error}"))?;
        }
        Ok(())
    }

    /// Writes the result of a chunk, and says what becomes of it.
    fn place(
        &self,
        position: u32,
        evidence: &Evidence,
        first: u32,
        judged: &Verdict,
    ) -> Result<Settled, String> {
        let index = usize::try_from(position).unwrap_or(usize::MAX);
        let (_, file) = self.chunks.get(index).ok_or("the job has fewer chunks")?;
        if let Some(own) = judged.corrected.get(&position) {
            return match own {
                Ok(output) => {
                    self.write_result(file, output)?;
                    Ok(Settled::Done(By::Here))
                }
                // The chunk is claimed, and its kernel gives nothing: it is tried once more, and then told.
                Err(_) => Ok(Settled::Here),
            };
        }
        let place = usize::try_from(position.saturating_sub(first)).unwrap_or(usize::MAX);
        let Some(Some(name)) = evidence.outputs.get(place) else {
            // Judged work says at which chunk it stopped: only that one failed.
            let failed = evidence.stop.is_none_or(|stop| stop.index == position);
            return Ok(Settled::Waiting { failed });
        };
        let bytes = fs::read(self.cached(name)).map_err(|error| error.to_string())?;
        if hash::blob(&bytes) != *name {
            let _ = fs::remove_file(self.cached(name));
            return Err("the disk gives other bytes than were written".to_owned());
        }
        self.write_result(file, &bytes)?;
        Ok(done(judged.checked.contains(&position)))
    }

    fn write_result(&self, file: &str, bytes: &[u8]) -> Result<(), String> {
        write(&self.results, file, bytes).map_err(|error| format!("the folder of results: {error}"))
    }
}

impl crate::judge::Source for Fetch {
    fn input(&self, position: u32) -> Option<Vec<u8>> {
        let index = usize::try_from(position).ok()?;
        let (number, _) = self.chunks.get(index)?;
        self.inputs.read_chunk(*number).ok()
    }

    fn output(&self, name: &Name) -> Option<Vec<u8>> {
        fs::read(self.cached(name)).ok()
    }
}

/// Writes a file whole or not at all: whatever instant the machine stops at, no half of it is there.
pub fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut file = NamedTempFile::with_prefix_in(".sluice-", folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(folder.join(name))?;
    File::open(folder)?.sync_all()
}
