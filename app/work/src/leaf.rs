//! What one leaf of a window's tree proves against the worker's claim: the chain's rules of judged work, as anybody can apply them,
//! and of other work what can be shown to people.

use {
    crate::{
        check::Claim,
        core::Core,
        evidence::Evidence,
        hash,
        inputs::{Inputs, is_input},
    },
    borsh::{BorshDeserialize, BorshSerialize},
    sluice_math::{
        tree::{ABSENT, Hash, root_from},
        work::{Overclaim, Shape},
    },
};

/// What a leaf is the hash of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Leaf {
    /// Number of the chunk in the whole work.
    pub index: u32,
    /// Name of the input.
    pub input: Hash,
    /// Name of the output.
    pub output: Hash,
}

/// A place of a window's tree, opened: what stands there, and the path from it to the digest.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Opened {
    /// Position from the window's first chunk.
    pub position: u32,
    /// What stands there; `None` where nothing does.
    pub leaf: Option<Leaf>,
    /// Siblings from the leaf upwards.
    pub path: Vec<Hash>,
}

/// Why a claim is false.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conviction {
    /// Units that are no whole number of chunks: core and statement alone prove it.
    Remainder,
    /// Units of more chunks than the window is about: core and statement alone prove it.
    TooMany,
    /// Nothing stands where a chunk is claimed: judged work alone says where that is.
    Padding,
    /// The leaf is of another chunk than the one at this place.
    Index,
    /// The leaf names another input than the tree of inputs has.
    Input,
    /// The kernel gives another output.
    Output,
}

/// What is known of a chunk's true input and output.
#[derive(Clone, Copy, Debug)]
pub struct Truth<'a> {
    /// Name of the input at the chunk's place.
    pub input: Hash,
    /// Its path in the tree of inputs.
    pub path: &'a [Hash],
    /// Name of the output that the kernel gives for it, where it was run.
    pub output: Option<Hash>,
}

/// What core and statement alone prove against `claim`.
pub fn overclaims(core: &Core, claim: &Claim) -> Option<Conviction> {
    let claimed = core.shape().ok()?.claimed(claim.window, claim.units);
    claimed.err().map(|overclaim| match overclaim {
        Overclaim::Remainder => Conviction::Remainder,
        Overclaim::TooMany => Conviction::TooMany,
    })
}

impl Leaf {
    /// Its place in the tree.
    pub fn hash(&self) -> Hash {
        hash::chunk_leaf(self.index, &self.input, &self.output)
    }
}

impl Opened {
    /// The place at `position` of an honest tree; `None` if the window's tree has no such place, or the evidence is of another
    /// shape or other inputs.
    pub fn of(evidence: &Evidence, shape: &Shape, inputs: &Inputs, position: u32) -> Option<Self> {
        let path = evidence.tree(shape, inputs).ok()?.path(position)?;
        let (first, _) = shape.due(evidence.window);
        let index = first.checked_add(position)?;
        let outputs = evidence.outputs.get(usize::try_from(position).ok()?);
        let leaf = match outputs.copied().flatten() {
            Some(output) => Some(Leaf {
                index,
                input: *inputs.name(index)?,
                output,
            }),
            None => None,
        };
        Some(Self {
            position,
            leaf,
            path,
        })
    }

    /// True if this stands in the tree of `claim`'s digest, at a place that it claims: of judged work, as many from the first on as
    /// its units are; of other work, anywhere in the window where something stands.
    pub fn is_claimed(&self, core: &Core, claim: &Claim) -> bool {
        let Ok(shape) = core.shape() else {
            return false;
        };
        let (_, due) = shape.due(claim.window);
        let is_due = match shape.claimed(claim.window, claim.units) {
            Ok(count) if core.is_judged() => self.position < count,
            Ok(count) => count > 0 && self.leaf.is_some() && self.position < due,
            Err(_) => false,
        };
        let leaf = self.leaf.map_or(ABSENT, |leaf| leaf.hash());
        is_due
            && shape.window_depth() == Some(self.path.len())
            && root_from(hash::sha256, &leaf, self.position, &self.path) == Some(claim.digest)
    }

    /// What this proves against `claim`, with what is known of the chunk's truth; `None` if it proves nothing.
    pub fn convicts(
        &self,
        core: &Core,
        claim: &Claim,
        truth: Option<&Truth>,
    ) -> Option<Conviction> {
        if !self.is_claimed(core, claim) {
            return None;
        }
        let Some(leaf) = &self.leaf else {
            return Some(Conviction::Padding);
        };
        let shape = core.shape().ok()?;
        let (first, _) = shape.due(claim.window);
        let index = first.checked_add(self.position)?;
        if leaf.index != index {
            return Some(Conviction::Index);
        }
        let truth = truth?;
        if !is_input(&shape, &core.inputs, index, &truth.input, truth.path) {
            return None;
        }
        if leaf.input != truth.input {
            return Some(Conviction::Input);
        }
        let output = truth.output?;
        (leaf.output != output).then_some(Conviction::Output)
    }

    /// Its bytes: borsh.
    pub fn to_bytes(&self) -> Vec<u8> {
        borsh::to_vec(self).unwrap_or_default()
    }

    /// What these bytes are: `None` if they are nothing of the kind.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let opened: Self = (bytes.len() <= LONGEST).then(|| borsh::from_slice(bytes).ok())??;
        (opened.path.len() <= sluice_math::tree::MAX_DEPTH).then_some(opened)
    }
}

/// Bytes of an opened leaf at the end of the longest path.
const LONGEST: usize = 4 + 1 + 68 + 4 + 32 * sluice_math::tree::MAX_DEPTH;
