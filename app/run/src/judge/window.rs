//! A window that a worker proved, held against what its kernel gives here.

use {
    super::{Judge, Stopped},
    crate::order::Verify,
    rand::seq::index,
    rand_chacha::{ChaCha20Rng, rand_core::SeedableRng},
    sluice_work::{
        check::{Chunk, Claim, Fault, claimed},
        engine::Limits,
        evidence::Evidence,
        hash,
        inputs::Inputs,
        sluice_math::tree::Hash,
        spec::Spec,
        undone::Undone,
    },
    std::{io, sync::atomic::AtomicBool},
    thiserror::Error,
};

/// What is hashed for a sample begins with this.
const TAG: &[u8] = b"sluice:buyer-sample:v1";

/// What a worker proved, and what it is held against.
#[derive(Clone, Copy, Debug)]
pub struct Window<'a> {
    /// The job's specification, whose hash is the job's.
    pub spec: &'a Spec,
    /// Its list of inputs.
    pub inputs: &'a Inputs,
    /// What the worker says that it computed.
    pub evidence: &'a Evidence,
    /// What the worker signed.
    pub claim: &'a Claim,
}

/// Where the bytes of a window's chunks are. A chunk has its number in the job's own list.
pub trait Blobs: Sync {
    /// The bytes of the chunk's input.
    fn input(&self, chunk: &Chunk) -> Option<Vec<u8>>;

    /// The bytes that are here as the output claimed. They are held to their name.
    fn output(&self, chunk: &Chunk) -> Option<Vec<u8>>;

    /// Takes the right output of a chunk whose claimed output is false, or is true and not here. It comes once for a chunk, from any thread.
    ///
    /// # Errors
    /// Where it cannot be kept.
    fn right(&self, chunk: &Chunk, output: Vec<u8>) -> io::Result<()>;
}

/// What is known of a chunk that a window claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The output is here; it was not computed again.
    Unchecked,
    /// The output is not here, and was not computed again.
    Absent,
    /// It could not be computed again: the bytes of its input are not here.
    NoInput,
    /// It was computed again and is what is claimed. Its bytes are here.
    Right,
    /// It was computed again and is not what is claimed.
    False {
        /// Why.
        fault: Fault,
        /// The name of the right output, which [`Blobs::right`] has; none where the kernel gives none.
        right: Option<Hash>,
        /// True if the other engine says the same; false if it took too long to say anything.
        is_confirmed: bool,
    },
    /// Nobody can say so here.
    Doubt(Doubt),
}

/// Why nobody can say whether a chunk is false.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Doubt {
    /// The engines differ: a compiler or a machine is wrong, not the worker.
    #[error("the engines that run the kernel differ")]
    Engines,
    /// This machine's bounds ended the kernel; another machine may have done it.
    #[error("this machine could not do it: {0}")]
    Machine(Undone),
}

/// A window's chunks, as far as they are judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Every chunk claimed, ascending.
    pub chunks: Vec<(Chunk, Finding)>,
}

/// Why nothing is said of a window's chunks.
#[derive(Debug, Error)]
pub enum Unjudged {
    /// Claim and evidence do not fit each other, or the work.
    #[error("{fault}")]
    Claim {
        /// Why.
        fault: Fault,
        /// True if others can see from the claim, and from evidence that it names, that the worker lied. Else the evidence may be
        /// somebody else's.
        is_provable: bool,
    },
    /// The work has another kernel.
    #[error("the specification names another kernel")]
    Kernel,
    /// A right output could not be kept.
    #[error("an output could not be kept: {0}")]
    Kept(#[source] io::Error),
    /// A stop was asked for.
    #[error("the check was stopped")]
    Stopped,
}

impl From<Stopped> for Unjudged {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

impl Finding {
    /// True if the kernel was run, or could not be.
    const fn is_final(&self) -> bool {
        !matches!(self, Self::Unchecked | Self::Absent)
    }
}

impl Judged {
    /// The first chunk that is false, and why.
    pub fn first_false(&self) -> Option<(&Chunk, Fault)> {
        self.chunks
            .iter()
            .find_map(|(chunk, finding)| match finding {
                Finding::False { fault, .. } => Some((chunk, *fault)),
                _ => None,
            })
    }

    /// True if every output claimed is here, and none that was computed again is anything else.
    pub fn is_held(&self) -> bool {
        let mut findings = self.chunks.iter().map(|(_, finding)| finding);
        findings.all(|finding| matches!(finding, Finding::Unchecked | Finding::Right))
    }
}

impl Judge {
    /// Holds a window to its evidence and to its outputs, and computes as many of its chunks again as `verify` says; all of them if
    /// one is false. The sample follows from `seed` and the claim: a second start looks at the same chunks, and nobody without the seed
    /// knows which.
    ///
    /// # Errors
    /// See [`Unjudged`].
    pub fn window(
        &self,
        window: &Window,
        blobs: &dyn Blobs,
        verify: Verify,
        seed: &[u8; 32],
        stop: &AtomicBool,
    ) -> Result<Judged, Unjudged> {
        let judged = self.sampled(window, blobs, verify, seed, stop)?;
        if judged.first_false().is_some() {
            self.rest(window, blobs, judged, stop)
        } else {
            Ok(judged)
        }
    }

    /// The first part of [`Judge::window`]: the sample alone. Who challenges does so before the rest is computed.
    ///
    /// # Errors
    /// See [`Unjudged`].
    pub fn sampled(
        &self,
        window: &Window,
        blobs: &dyn Blobs,
        verify: Verify,
        seed: &[u8; 32],
        stop: &AtomicBool,
    ) -> Result<Judged, Unjudged> {
        if window.spec.core.kernel != *self.first.name() {
            return Err(Unjudged::Kernel);
        }
        let chunks = window.chunks()?;
        let there = self.each(&chunks, stop, |chunk| match is_there(chunk, blobs) {
            true => Finding::Unchecked,
            false => Finding::Absent,
        })?;
        let mut judged = Judged {
            chunks: chunks.into_iter().zip(there).collect(),
        };
        let places = places(verify, seed, window.claim, judged.chunks.len());
        self.find(window, blobs, &mut judged, places, stop)?;
        Ok(judged)
    }

    /// The second part of [`Judge::window`]: every chunk that was not computed again yet.
    ///
    /// # Errors
    /// See [`Unjudged`].
    pub fn rest(
        &self,
        window: &Window,
        blobs: &dyn Blobs,
        mut judged: Judged,
        stop: &AtomicBool,
    ) -> Result<Judged, Unjudged> {
        let open = |place: &usize| {
            let chunk = judged.chunks.get(*place);
            chunk.is_some_and(|(_, finding)| !finding.is_final())
        };
        let places = (0..judged.chunks.len()).filter(open).collect();
        self.find(window, blobs, &mut judged, places, stop)?;
        Ok(judged)
    }

    /// Computes the chunks at these places again.
    fn find(
        &self,
        window: &Window,
        blobs: &dyn Blobs,
        judged: &mut Judged,
        places: Vec<usize>,
        stop: &AtomicBool,
    ) -> Result<(), Unjudged> {
        let limits = Limits::from(&window.spec.rest);
        let found = self.each(&places, stop, |place| {
            let chunk = judged.chunks.get(*place);
            chunk.map(|(chunk, before)| self.again(chunk, *before, blobs, &limits))
        })?;
        for (place, found) in places.into_iter().zip(found) {
            if let (Some((_, finding)), Some(found)) = (judged.chunks.get_mut(place), found) {
                *finding = found.map_err(Unjudged::Kept)?;
            }
        }
        Ok(())
    }

    /// Computes a chunk again.
    fn again(
        &self,
        chunk: &Chunk,
        before: Finding,
        blobs: &dyn Blobs,
        limits: &Limits,
    ) -> io::Result<Finding> {
        let input = blobs.input(chunk);
        let Some(input) = input.filter(|input| hash::blob(input) == chunk.input) else {
            return Ok(Finding::NoInput);
        };
        let own = self.runner.run(&self.first, &input, limits);
        let fault = match &own {
            Ok(output) if hash::blob(output) == chunk.output => {
                if let (Finding::Absent, Ok(output)) = (before, own) {
                    blobs.right(chunk, output)?;
                }
                return Ok(Finding::Right);
            }
            Ok(_) => Fault::Output(chunk.index),
            Err(reason) if self.is_of_kernel(*reason) => Fault::Undone(chunk.index, *reason),
            Err(reason) => return Ok(Finding::Doubt(Doubt::Machine(*reason))),
        };
        let other = self.by_other(&input, limits, super::PATIENCE);
        let agree = self.agree(&own, &other);
        if agree == Some(false) {
            return Ok(Finding::Doubt(Doubt::Engines));
        }
        let right = own.as_ref().ok().map(|output| hash::blob(output));
        if let Ok(output) = own {
            blobs.right(chunk, output)?;
        }
        Ok(Finding::False {
            fault,
            right,
            is_confirmed: agree.is_some(),
        })
    }
}

impl Window<'_> {
    fn chunks(&self) -> Result<Vec<Chunk>, Unjudged> {
        claimed(self.spec, self.inputs, self.evidence, self.claim).map_err(|fault| {
            Unjudged::Claim {
                fault,
                is_provable: self.is_provable(&fault),
            }
        })
    }

    /// True if others can see the fault, too: from the claim alone, or from evidence whose root the worker signed.
    fn is_provable(&self, fault: &Fault) -> bool {
        let Ok(shape) = self.spec.core.shape() else {
            return false;
        };
        match fault {
            Fault::Remainder | Fault::TooMany => {
                let claimed = shape.claimed(self.claim.window, self.claim.units);
                claimed.is_err()
            }
            Fault::Count | Fault::Gap => {
                let tree = self.evidence.tree(&shape, self.inputs).ok();
                tree.is_some_and(|tree| tree.root() == self.claim.digest)
            }
            _ => false,
        }
    }
}

fn is_there(chunk: &Chunk, blobs: &dyn Blobs) -> bool {
    let output = blobs.output(chunk);
    output.is_some_and(|output| hash::blob(&output) == chunk.output)
}

/// The places of the chunks that are computed again, ascending.
fn places(verify: Verify, seed: &[u8; 32], claim: &Claim, chunks: usize) -> Vec<usize> {
    let size = match verify {
        Verify::None => 0,
        Verify::Some(size) => usize::try_from(size).unwrap_or(usize::MAX).min(chunks),
        Verify::All => chunks,
    };
    let seed = hash::sha256(&[TAG, seed, &claim.window.to_le_bytes(), &claim.digest]);
    let mut random = ChaCha20Rng::from_seed(seed);
    let mut places = index::sample(&mut random, chunks, size).into_vec();
    places.sort_unstable();
    places
}
