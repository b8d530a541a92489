//! Trees the plain way: every leaf and every node of every level, and the tags spelled anew.

use sha2::{Digest, Sha256};

pub type Hash = [u8; 32];

/// SHA-256 of the parts, one after the other.
pub fn sha256(parts: &[&[u8]]) -> Hash {
    Sha256::digest(parts.concat()).into()
}

pub fn input_leaf(name: &Hash) -> Hash {
    sha256(&[b"sluice:input:v1", name])
}

pub fn chunk_leaf(index: u32, input: &Hash, output: &Hash) -> Hash {
    sha256(&[b"sluice:chunk:v1", &index.to_le_bytes(), input, output])
}

/// The least number of levels above `count` leaves.
pub fn levels(count: u64) -> u32 {
    let mut levels = 0;
    while 1_u64 << levels < count {
        levels += 1;
    }
    levels
}

/// All levels of a tree, from its leaves, zeros where there are none, to its root.
pub struct Naive(Vec<Vec<Hash>>);

impl Naive {
    /// The tree of `depth` over no more leaves than it has.
    pub fn over(mut leaves: Vec<Hash>, depth: u32) -> Self {
        leaves.resize(1 << depth, [0; 32]);
        let mut all = vec![leaves];
        while let Some(below) = all.last().filter(|level| level.len() > 1) {
            let level = below
                .chunks(2)
                .map(|pair| sha256(&[&[1], &pair[0], &pair[1]]));
            let level = level.collect();
            all.push(level);
        }
        Self(all)
    }

    pub fn root(&self) -> Hash {
        self.0[self.0.len() - 1][0]
    }

    pub fn path(&self, index: u32) -> Vec<Hash> {
        let below = &self.0[..self.0.len() - 1];
        let siblings = below.iter().zip(0..);
        siblings
            .map(|(level, height)| level[(index as usize >> height) ^ 1])
            .collect()
    }

    /// True if `path` leads from `leaf` at `index` to `root`, which no other leaf, place or path does.
    pub fn proves(&self, leaf: &Hash, index: u32, path: &[Hash], root: &Hash) -> bool {
        let place = self.0[0].get(index as usize);
        *root == self.root() && place == Some(leaf) && path == self.path(index)
    }
}
