//! Verification of a window from its parts, as an attester or a buyer does it before a signature or a challenge.

use {
    crate::{evidence::Evidence, hash, inputs::Inputs, spec::Spec, tree::TooMany, undone::Undone},
    sluice_math::{
        tree::Hash,
        work::{Overclaim, Shape},
    },
    std::fmt,
    thiserror::Error,
};

/// What the worker's statement says of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The window of the job.
    pub window: u32,
    /// Units of work.
    pub units: u64,
    /// Root of the window's tree.
    pub digest: Hash,
}

impl Claim {
    /// What a worker says that did what `evidence` names.
    ///
    /// # Errors
    /// [`TooMany`] if there are more outputs than the window has chunks, or inputs are missing.
    pub fn of(evidence: &Evidence, shape: &Shape, inputs: &Inputs) -> Result<Self, TooMany> {
        let digest = evidence.tree(shape, inputs)?.root();
        let done = u32::try_from(evidence.done()).map_err(|_| TooMany)?;
        Ok(Self {
            window: evidence.window,
            units: shape.units_of(done).ok_or(TooMany)?,
            digest,
        })
    }
}

/// Why a window is not what its worker claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// The list of inputs is not the one whose root the core names.
    #[error("the list of inputs is not the one that the specification names")]
    Inputs,
    /// The evidence is of another window.
    #[error("the evidence is of another window")]
    Window,
    /// The units are no whole number of chunks.
    #[error("the units are no whole number of chunks")]
    Remainder,
    /// The units or the evidence claim more chunks than the window is about.
    #[error("more chunks are claimed than the window is about")]
    TooMany,
    /// The evidence has another number of chunks than the units claim.
    #[error("the evidence has another number of chunks than the units claim")]
    Count,
    /// Judged work claims chunks behind one that it does not claim.
    #[error("a chunk is claimed behind one that is not")]
    Gap,
    /// The evidence stops where it does not end, or is of work that does not stop.
    #[error("the evidence stops at another chunk than the one behind the last claimed")]
    Stop,
    /// The digest is not the root over the evidence.
    #[error("the digest is not the root over the evidence")]
    Digest,
    /// Nobody has the bytes of this name, of the chunk's input or output.
    #[error("blob missing: the {1} of chunk {0}")]
    Missing(u32, Part),
    /// The bytes given are not those of the name.
    #[error("the bytes given as the {1} of chunk {0} are others")]
    Bytes(u32, Part),
    /// The kernel gives another output.
    #[error("chunk {0} has another output")]
    Output(u32),
    /// The kernel gives none.
    #[error("chunk {0} is claimed and cannot be done: {1}")]
    Undone(u32, Undone),
}

/// One of the two blobs of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What the kernel reads.
    Input,
    /// What it gives.
    Output,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Input => "input",
            Self::Output => "output",
        })
    }
}

impl From<Overclaim> for Fault {
    fn from(overclaim: Overclaim) -> Self {
        match overclaim {
            Overclaim::Remainder => Self::Remainder,
            Overclaim::TooMany => Self::TooMany,
        }
    }
}

/// A chunk that a window claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Its number in the whole work.
    pub index: u32,
    /// Name of its input.
    pub input: Hash,
    /// Name of its output.
    pub output: Hash,
}

/// Holds a claim against everything but the kernel: shape, units, evidence and digest. What it gives is what has to be run.
///
/// # Errors
/// See [`Fault`]; those of blobs and of the kernel do not occur.
pub fn claimed(
    spec: &Spec,
    inputs: &Inputs,
    evidence: &Evidence,
    claim: &Claim,
) -> Result<Vec<Chunk>, Fault> {
    let core = &spec.core;
    let shape = core.shape().map_err(|_| Fault::Inputs)?;
    let is_whole = u32::try_from(inputs.names().len()) == Ok(shape.count());
    if !is_whole || inputs.root() != Ok(core.inputs) {
        return Err(Fault::Inputs);
    }
    if evidence.window != claim.window {
        return Err(Fault::Window);
    }
    let count = shape.claimed(claim.window, claim.units)?;
    if u32::try_from(evidence.done()) != Ok(count) {
        return Err(Fault::Count);
    }
    if core.is_judged() && !evidence.is_prefix() {
        return Err(Fault::Gap);
    }
    let (first, due) = shape.due(claim.window);
    let may_stop = core.is_judged() && count < due;
    let next = first.checked_add(count).filter(|_| may_stop);
    if evidence.stop.is_some_and(|stop| next != Some(stop.index)) {
        return Err(Fault::Stop);
    }
    let tree = evidence.tree(&shape, inputs).map_err(|_| Fault::TooMany)?;
    if tree.root() != claim.digest {
        return Err(Fault::Digest);
    }
    let positions = (first..).zip(&evidence.outputs);
    let chunks = positions.filter_map(|(index, output)| {
        let (input, output) = (*inputs.name(index)?, (*output)?);
        Some(Chunk {
            index,
            input,
            output,
        })
    });
    Ok(chunks.collect())
}

impl Chunk {
    /// Runs the kernel on `input` and holds the output to the claimed one; `output`, where it has to be at hand, too.
    ///
    /// # Errors
    /// [`Fault::Bytes`], [`Fault::Output`], [`Fault::Undone`], with the chunk's number.
    pub fn check(
        &self,
        input: &[u8],
        output: Option<&[u8]>,
        run: impl FnOnce(&[u8]) -> Result<Vec<u8>, Undone>,
    ) -> Result<(), Fault> {
        if hash::blob(input) != self.input {
            return Err(Fault::Bytes(self.index, Part::Input));
        }
        if output.is_some_and(|output| hash::blob(output) != self.output) {
            return Err(Fault::Bytes(self.index, Part::Output));
        }
        let own = run(input).map_err(|reason| Fault::Undone(self.index, reason))?;
        if hash::blob(&own) == self.output {
            Ok(())
        } else {
            Err(Fault::Output(self.index))
        }
    }
}
