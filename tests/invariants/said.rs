//! What the model says field by field, as it is hashed.

use {
    super::{book::Book, execute::disputes::piece},
    sluice::{attestation, hash::sha256},
    sluice_client::statement::Statement,
    sluice_math::tree,
    sluice_tests::reference::{self, Tree},
};

impl Book {
    /// A statement; of a network that never was, with a domain of zeros.
    pub fn statement(&self, said: &reference::Statement) -> Statement {
        let (job, node) = (self.address(said.job), self.address(said.node));
        let domain = self.domain(said.network);
        Statement {
            context: attestation::context(&domain, &job, said.incarnation, &node),
            window: said.claimed.window,
            units: said.claimed.units,
            digest: piece(said.claimed.digest),
        }
    }

    /// The leaves of a tree, with absent ones behind them up to the tree's capacity.
    pub fn leaves(&self, tree: &Tree) -> Vec<[u8; 32]> {
        let leaves = tree.leaves.iter().map(|said| self.statement(said).hash());
        let mut leaves: Vec<_> = leaves.collect();
        leaves.resize(leaves.len().next_power_of_two(), tree::ABSENT);
        leaves
    }

    /// The root of a tree.
    pub fn root(&self, tree: &Tree) -> [u8; 32] {
        let leaves = self.leaves(tree);
        let depth = leaves.len().trailing_zeros() as usize;
        tree::root_of(sha256, depth, &leaves).expect("a small tree")
    }

    /// The siblings of the node that is `level` above leaf `index`, upwards.
    pub fn path(&self, tree: &Tree, index: u32, level: usize) -> Vec<[u8; 32]> {
        let leaves = self.leaves(tree);
        let mut path = vec![[0; 32]; leaves.len().trailing_zeros() as usize];
        tree::path_to(sha256, &leaves, index, &mut path).expect("a leaf of the tree");
        path.split_off(level)
    }
}
