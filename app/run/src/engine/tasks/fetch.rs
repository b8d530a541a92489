//! The results of a window, from its members: held against the chain, and against this machine.

use {
    crate::{
        engine::follow::positions,
        inputs::Folder,
        judge::{Blobs, Finding, Judge, Unjudged, Window},
        members::Circle,
        order::Verify,
        store::{By, Proof, Settled},
    },
    sluice_client::{Address, statement::Statement},
    sluice_member::{blob::Name, wire::OfWindow},
    sluice_work::{
        check::{self, Chunk, Claim, Fault},
        evidence::Evidence,
        hash,
        inputs::Inputs,
        sluice_math::work::Shape,
        spec::Spec,
    },
    std::{
        collections::HashMap,
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

/// Why a window is not fetched.
pub enum NotFetched {
    /// Members do not give what was claimed.
    Members(String),
    /// This machine could not keep or judge it: nobody else is to blame.
    Here(String),
}

impl From<String> for NotFetched {
    fn from(why: String) -> Self {
        Self::Here(why)
    }
}

impl From<&str> for NotFetched {
    fn from(why: &str) -> Self {
        Self::Here(why.to_owned())
    }
}

/// What a window came to.
pub struct Fetched {
    /// What of it is false, if anything is.
    pub fault: Option<String>,
    /// What becomes of its chunks, by position in the job.
    pub chunks: Vec<(u32, Settled)>,
}

impl Fetch {
    /// Fetches, holds and writes; why not, where that cannot be done now.
    pub fn run(&self) -> Result<Fetched, NotFetched> {
        let list = self.list()?;
        let (evidence, claim) = self.evidence(&list)?;
        self.outputs(&evidence)?;
        let window = Window {
            spec: &self.spec,
            inputs: &list,
            evidence: &evidence,
            claim: &claim,
        };
        let seed = hash::blob(&self.seed.to_le_bytes());
        let judged = self
            .judge
            .window(&window, self, self.verify, &seed, &self.stop);
        let judged = match judged {
            Ok(judged) => judged,
            // What becomes of its chunks follows from the ruling.
            Err(Unjudged::Claim {
                fault,
                is_provable: true,
            }) => {
                return Ok(Fetched {
                    fault: Some(fault.to_string()),
                    chunks: vec![],
                });
            }
            Err(error) => return Err(NotFetched::Here(error.to_string())),
        };
        let is_liar = judged.first_false().is_some();
        let findings: HashMap<_, _> = judged
            .chunks
            .iter()
            .map(|(chunk, finding)| (chunk.index, (chunk, finding)))
            .collect();
        let mut chunks = vec![];
        for position in positions(&self.shape, self.window) {
            let to = match findings.get(&position) {
                Some((chunk, finding)) => self.place(chunk, finding, is_liar)?,
                // Judged work says at which chunk it stopped: only that one failed.
                None => Settled::Waiting {
                    failed: evidence.stop.is_none_or(|stop| stop.index == position),
                },
            };
            chunks.push((position, to));
        }
        // Outputs that are written as results are not kept twice.
        let _ = fs::remove_dir_all(&self.cache);
        let fault = judged.first_false();
        Ok(Fetched {
            fault: fault.map(|(_, fault)| fault.to_string()),
            chunks,
        })
    }

    /// The job's list of inputs.
    fn list(&self) -> Result<Inputs, String> {
        let names: Option<Vec<_>> = self
            .chunks
            .iter()
            .map(|(number, _)| Some(self.inputs.file(*number)?.hash))
            .collect();
        let names = names.ok_or("the folder of inputs has fewer files than the run")?;
        Inputs::of(names).map_err(|error| error.to_string())
    }

    /// The evidence whose statement the chain has: members may tell of others, too.
    fn evidence(&self, list: &Inputs) -> Result<(Evidence, Claim), NotFetched> {
        let asked = OfWindow {
            job: self.job,
            incarnation: self.incarnation,
            window: self.window,
        };
        let claims = self.circle.claims(&asked, &|claimed| {
            self.is_proven(claimed.units, &claimed.digest)
        });
        // Whoever tells of them may name anything as the evidence: one that is none hides no other.
        for claimed in claims {
            let Ok(bytes) = self.blob(&claimed.evidence) else {
                continue;
            };
            let Some(evidence) = Evidence::from_bytes(&bytes) else {
                continue;
            };
            let claim = Claim {
                window: self.window,
                units: claimed.units,
                digest: claimed.digest,
            };
            let tree = evidence.tree(&self.shape, list);
            let is_proven = tree.is_ok_and(|tree| tree.root() == claimed.digest);
            let held = check::claimed(&self.spec, list, &evidence, &claim);
            let is_other = matches!(held, Err(Fault::Stop | Fault::Window));
            if is_proven && !is_other {
                return Ok((evidence, claim));
            }
        }
        Err(NotFetched::Members(
            "no member tells what was claimed".to_owned(),
        ))
    }

    /// True if the chain has the statement of these units and this digest. Of a job that is closed it tells the digest only.
    fn is_proven(&self, units: u64, digest: &[u8; 32]) -> bool {
        match (self.proof, self.context) {
            (Proof::Digest(proven), _) => proven == *digest,
            (Proof::Statement(proven), Some(context)) => {
                let statement = Statement {
                    context,
                    window: self.window,
                    units,
                    digest: *digest,
                };
                statement.hash().first_chunk() == Some(&proven)
            }
            (Proof::Statement(_), None) => false,
        }
    }

    fn blob(&self, name: &Name) -> Result<Vec<u8>, NotFetched> {
        let found = self.circle.blob(&self.job, name);
        let why = || format!("no member gives the blob {}", hex::encode(name));
        found.ok_or_else(|| NotFetched::Members(why()))
    }

    fn cached(&self, name: &Name) -> PathBuf {
        self.cache.join(hex::encode(name))
    }

    /// Every output that is claimed, onto the disk.
    fn outputs(&self, evidence: &Evidence) -> Result<(), NotFetched> {
        fs::create_dir_all(&self.cache)
            .map_err(|error| format!("the cache of outputs: {error}"))?;
        for name in evidence.outputs.iter().flatten() {
            if self.stop.load(Ordering::Relaxed) {
                return Err(NotFetched::Here("stopped".to_owned()));
            }
            if fs::read(self.cached(name)).is_ok_and(|bytes| hash::blob(&bytes) == *name) {
                continue;
            }
            let bytes = self.blob(name)?;
            let written = write(&self.cache, &hex::encode(name), &bytes);
            written.map_err(|error| format!("the cache of outputs: {error}"))?;
        }
        Ok(())
    }

    /// Writes the result of a chunk that is claimed, and says what becomes of it.
    fn place(&self, chunk: &Chunk, finding: &Finding, is_liar: bool) -> Result<Settled, String> {
        let by = match finding {
            // Nothing is believed of one that lies elsewhere.
            Finding::Unchecked | Finding::NoInput | Finding::Doubt(_) if is_liar => {
                return Ok(Settled::Here);
            }
            Finding::Right => By::Both,
            Finding::Unchecked | Finding::NoInput | Finding::Doubt(_) => By::Node,
            Finding::False { right: Some(_), .. } => By::Here,
            // It is tried once more here, and then told.
            Finding::False { right: None, .. } => return Ok(Settled::Here),
            Finding::Absent => return Err("the disk lost an output".to_owned()),
        };
        let from = if by == By::Here {
            self.cached_right(chunk)
        } else {
            self.cached(&chunk.output)
        };
        let bytes = fs::read(from).map_err(|error| format!("the cache of outputs: {error}"))?;
        let index = usize::try_from(chunk.index).unwrap_or(usize::MAX);
        let (_, file) = self.chunks.get(index).ok_or("the job has fewer chunks")?;
        let written = write(&self.results, file, &bytes);
        written.map_err(|error| format!("the folder of results: {error}"))?;
        Ok(Settled::Done(by))
    }

    fn cached_right(&self, chunk: &Chunk) -> PathBuf {
        self.cache.join(format!("right-{}", chunk.index))
    }
}

impl Blobs for Fetch {
    fn input(&self, chunk: &Chunk) -> Option<Vec<u8>> {
        let index = usize::try_from(chunk.index).ok()?;
        let (number, _) = self.chunks.get(index)?;
        self.inputs.read_chunk(*number).ok()
    }

    fn output(&self, chunk: &Chunk) -> Option<Vec<u8>> {
        fs::read(self.cached(&chunk.output)).ok()
    }

    fn right(&self, chunk: &Chunk, output: Vec<u8>) -> io::Result<()> {
        write(&self.cache, &format!("right-{}", chunk.index), &output)
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
