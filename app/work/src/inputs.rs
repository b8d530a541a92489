//! The inputs of a job: their names in order, and the tree over them.

use {
    crate::{
        hash,
        tree::{TooMany, Tree},
    },
    borsh::{BorshDeserialize, BorshSerialize},
    sluice_math::{
        tree::{Hash, MAX_DEPTH, root_from},
        work::Shape,
    },
};

/// The names of a job's inputs, in order. Its borsh form, a count of 32 bits and the names, is a blob that members keep with the
/// inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Inputs(Vec<Hash>);

impl Inputs {
    /// Those of these names.
    ///
    /// # Errors
    /// [`TooMany`] above 2^24.
    pub fn of(names: Vec<Hash>) -> Result<Self, TooMany> {
        if names.len() > 1 << MAX_DEPTH {
            return Err(TooMany);
        }
        Ok(Self(names))
    }

    /// The name of the input at `index`.
    pub fn name(&self, index: u32) -> Option<&Hash> {
        self.0.get(usize::try_from(index).ok()?)
    }

    /// All names.
    pub fn names(&self) -> &[Hash] {
        &self.0
    }

    /// The tree over the inputs' leaves.
    ///
    /// # Errors
    /// [`TooMany`] above 2^24.
    pub fn tree(&self) -> Result<Tree, TooMany> {
        Tree::over(self.0.iter().map(hash::input_leaf).collect())
    }

    /// Its bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        borsh::to_vec(self).unwrap_or_default()
    }

    /// The list that these bytes are: `None` if they are none, or one of more than 2^24 names.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        // The length decides before anything is allocated.
        let (count, names) = bytes.split_first_chunk::<4>()?;
        let count = usize::try_from(u32::from_le_bytes(*count)).ok()?;
        let (names, rest) = names.as_chunks::<32>();
        let is_whole = rest.is_empty() && names.len() == count && count <= 1 << MAX_DEPTH;
        is_whole.then(|| Self(names.to_vec()))
    }
}

/// True if the input of this name stands at `index` of the work of this shape whose inputs have this root.
pub fn is_input(shape: &Shape, root: &Hash, index: u32, input: &Hash, path: &[Hash]) -> bool {
    index < shape.count()
        && shape.input_depth() == Some(path.len())
        && root_from(hash::sha256, &hash::input_leaf(input), index, path) == Some(*root)
}
