//! A whole tree in memory, from which any path is read.

use {
    crate::hash::sha256,
    sluice_math::tree::{ABSENT, Hash, depth_for, node},
    thiserror::Error,
};

/// More leaves than a tree can have: 2^24.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a tree has at most 16,777,216 leaves")]
pub struct TooMany;

/// All nodes of a tree but those over absent leaves alone: 64 bytes a leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    /// From the leaves to the root; each level as far as something is below it.
    levels: Vec<Vec<Hash>>,
    /// The node over absent leaves alone, of each level.
    absent: Vec<Hash>,
}

impl Tree {
    /// The tree over these leaves, of the least depth.
    ///
    /// # Errors
    /// [`TooMany`] above 2^24.
    pub fn over(leaves: Vec<Hash>) -> Result<Self, TooMany> {
        let count = u32::try_from(leaves.len()).map_err(|_| TooMany)?;
        Ok(Self::of_depth(leaves, depth_for(count).ok_or(TooMany)?))
    }

    /// The tree of a window of `per_window` chunks, whatever it claims.
    ///
    /// # Errors
    /// [`TooMany`] if there are more leaves.
    pub fn of_window(leaves: Vec<Hash>, per_window: u32) -> Result<Self, TooMany> {
        let fits = u32::try_from(leaves.len()).is_ok_and(|count| count <= per_window);
        let depth = depth_for(per_window).filter(|_| fits).ok_or(TooMany)?;
        Ok(Self::of_depth(leaves, depth))
    }

    fn of_depth(leaves: Vec<Hash>, depth: usize) -> Self {
        let (mut levels, mut absent) = (vec![leaves], vec![ABSENT]);
        for _ in 0..depth {
            let below = levels.last().map_or(&[][..], Vec::as_slice);
            let nothing = absent.last().copied().unwrap_or(ABSENT);
            let level = below.chunks(2).map(|pair| {
                let [left, right] = [0, 1].map(|side| pair.get(side).unwrap_or(&nothing));
                node(sha256, left, right)
            });
            let level = level.collect();
            levels.push(level);
            absent.push(node(sha256, &nothing, &nothing));
        }
        Self { levels, absent }
    }

    /// Its root.
    pub fn root(&self) -> Hash {
        self.at(self.depth(), 0)
    }

    /// Levels between leaves and root.
    pub fn depth(&self) -> usize {
        self.absent.len().saturating_sub(1)
    }

    /// The siblings from the leaf at `index` upwards; `None` if the tree has no leaf there.
    pub fn path(&self, index: u32) -> Option<Vec<Hash>> {
        let index = usize::try_from(index).ok()?;
        if index >> self.depth() != 0 {
            return None;
        }
        Some(
            (0..self.depth())
                .map(|level| self.at(level, (index >> level) ^ 1))
                .collect(),
        )
    }

    fn at(&self, level: usize, place: usize) -> Hash {
        let kept = self.levels.get(level).and_then(|level| level.get(place));
        kept.or_else(|| self.absent.get(level))
            .copied()
            .unwrap_or(ABSENT)
    }
}
