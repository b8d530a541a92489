//! The inputs of a job: their names in order, and the tree over them.

use {
    crate::{
        hash,
        tree::{TooMany, Tree},
    },
    borsh::BorshSerialize,
    sluice_math::{
        tree::{Builder, Hash, MAX_DEPTH, depth_for, root_from},
        work::Shape,
    },
};

/// The names of a job's inputs, in order. Its borsh form, a count of 32 bits and the names, is a blob that members keep with the
/// inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize)]
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

    /// The root of the tree over the inputs' leaves: in the memory of one path, where [`Inputs::tree`] needs 64 bytes an input.
    ///
    /// # Errors
    /// [`TooMany`] above 2^24.
    pub fn root(&self) -> Result<Hash, TooMany> {
        let count = u32::try_from(self.0.len()).map_err(|_| TooMany)?;
        let depth = depth_for(count).ok_or(TooMany)?;
        let mut leaves = Builder::default();
        for name in &self.0 {
            let pushed = leaves.push(hash::sha256, &hash::input_leaf(name));
            pushed.ok_or(TooMany)?;
        }
        leaves.finish(hash::sha256, depth).ok_or(TooMany)
    }

    /// The tree over the inputs' leaves, from which paths are read.
    ///
    /// # Errors
    /// [`TooMany`] above 2^24.
    pub fn tree(&self) -> Result<Tree, TooMany> {
        Tree::over(self.0.iter().map(hash::input_leaf).collect())
    }

    /// Its bytes: borsh.
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
