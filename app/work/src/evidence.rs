//! The evidence of a window: what a worker claims to have computed, chunk by chunk.

use {
    crate::{
        hash::chunk_leaf,
        inputs::Inputs,
        tree::{TooMany, Tree},
        undone::Undone,
    },
    borsh::{BorshDeserialize, BorshSerialize},
    sluice_math::{
        tree::{ABSENT, Hash},
        work::{MAX_PER_WINDOW, Shape},
    },
};

/// What was computed in a window. Chunk numbers and inputs are not in it: they follow from the specification, so that no evidence
/// can name wrong ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Evidence {
    /// The window of the job.
    pub window: u32,
    /// By position from the window's first chunk: the name of the output, or none where the chunk is not claimed. The last one is.
    pub outputs: Vec<Option<Hash>>,
    /// Judged work that claims less than all: why.
    pub stop: Option<Stop>,
}

/// The chunk behind the last one claimed, and why it is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Stop {
    /// Number of the chunk in the whole work.
    pub index: u32,
    /// Why.
    pub reason: Undone,
}

impl Evidence {
    /// That of these outputs by position, less what is not claimed at the end: no evidence has that.
    pub fn of(window: u32, mut outputs: Vec<Option<Hash>>, stop: Option<Stop>) -> Self {
        let last = outputs.iter().rposition(Option::is_some);
        outputs.truncate(last.map_or(0, |last| last.saturating_add(1)));
        Self {
            window,
            outputs,
            stop,
        }
    }

    /// Chunks that are claimed.
    pub fn done(&self) -> usize {
        self.outputs.iter().flatten().count()
    }

    /// True if nothing is missing before the last chunk claimed.
    pub fn is_prefix(&self) -> bool {
        self.outputs.iter().all(Option::is_some)
    }

    /// The window's tree, whose root is the statement's digest.
    ///
    /// # Errors
    /// [`TooMany`] if there are more outputs than the window has chunks, or inputs are missing.
    pub fn tree(&self, shape: &Shape, inputs: &Inputs) -> Result<Tree, TooMany> {
        let (first, due) = shape.due(self.window);
        if !u32::try_from(self.outputs.len()).is_ok_and(|count| count <= due) {
            return Err(TooMany);
        }
        let leaves = (first..)
            .zip(&self.outputs)
            .map(|(index, output)| match output {
                Some(output) => Ok(chunk_leaf(
                    index,
                    inputs.name(index).ok_or(TooMany)?,
                    output,
                )),
                None => Ok(ABSENT),
            });
        Tree::of_window(leaves.collect::<Result<_, TooMany>>()?, shape.per_window())
    }

    /// Its bytes: borsh.
    pub fn to_bytes(&self) -> Vec<u8> {
        borsh::to_vec(self).unwrap_or_default()
    }

    /// The evidence that these bytes are: `None` if they are none, or of more chunks than a window can have.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        // At most 33 bytes a chunk: what is longer is not looked at.
        let most = usize::try_from(MAX_PER_WINDOW).ok()?;
        let longest = most.checked_mul(33)?.checked_add(32)?;
        let evidence: Self = (bytes.len() <= longest).then(|| borsh::from_slice(bytes).ok())??;
        // One form for one meaning: what is not claimed at the end is not written.
        let is_short = evidence.outputs.last().is_none_or(Option::is_some);
        (evidence.outputs.len() <= most && is_short).then_some(evidence)
    }
}
