//! SHA-256, and the tags that keep one kind of hash from being taken for another.

use {
    sha2::{Digest, Sha256},
    sluice_math::tree::Hash,
};

/// What is hashed for a specification begins with this.
pub const SPEC: &[u8] = b"sluice:spec:v1";
/// What is hashed for a leaf of the tree of inputs begins with this.
pub const INPUT: &[u8] = b"sluice:input:v1";
/// What is hashed for a leaf of a window's tree begins with this.
pub const CHUNK: &[u8] = b"sluice:chunk:v1";

/// SHA-256 of the slices, one after the other.
pub fn sha256(slices: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    for slice in slices {
        hasher.update(slice);
    }
    hasher.finalize().into()
}

/// The name of a blob (kernel, input, output, list of inputs, evidence): SHA-256 of its bytes alone.
pub fn blob(bytes: &[u8]) -> Hash {
    sha256(&[bytes])
}

/// The leaf of an input in the tree of inputs, from the input's [`blob`] name.
pub fn input_leaf(input: &Hash) -> Hash {
    sha256(&[INPUT, input])
}

/// The leaf of a chunk in its window's tree: that the input of this name at `index` of the whole work gave the output of that name.
pub fn chunk_leaf(index: u32, input: &Hash, output: &Hash) -> Hash {
    sha256(&[CHUNK, &index.to_le_bytes(), input, output])
}
