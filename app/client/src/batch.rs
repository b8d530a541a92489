//! Trees of statements that members of a set sign by their root, and the runs that windows are proven by.
//!
//! `docs/decisions/0036-batches.md` says what a batch is and what it cannot be made to say.

mod contents;
mod post;
mod provable;

use {
    crate::statement::Statement,
    sluice::{
        BatchEntry, BatchRun,
        constants::{MAX_BATCH_DEPTH, MAX_RUN},
        hash::sha256,
    },
    sluice_math::tree::{self, Hash},
    solana_address::Address,
    std::{num::NonZero, thread},
};
pub use {
    contents::{Contents, Leaf, NotABatch, Unlisted, list},
    post::{lacking, post},
    provable::{Provable, Sorted, Unproven, sort},
};

/// Fewer nodes than these are not worth a thread.
const WORTH_A_THREAD: usize = 4_096;

/// A tree over the hashes of statements: every node of it, two for each leaf.
#[derive(Clone, Debug)]
pub struct Tree {
    /// From the leaves to the root. What lies behind the last node of a level is absent.
    levels: Vec<Vec<Hash>>,
    /// The node of each level under which everything is absent.
    absent: Vec<Hash>,
}

impl Tree {
    /// The tree over `leaves`, as flat as it can be; `None` where there is none or there are more than 1,048,576.
    ///
    /// Levels are built by all processors of this machine.
    pub fn new(leaves: Vec<Hash>) -> Option<Self> {
        let count = u32::try_from(leaves.len())
            .ok()
            .filter(|count| *count > 0)?;
        let depth = tree::depth_for(count).filter(|depth| *depth <= MAX_BATCH_DEPTH)?;
        let mut built = Self {
            levels: vec![leaves],
            absent: vec![tree::ABSENT],
        };
        for _ in 0..depth {
            let (below, absent) = (built.levels.last()?, *built.absent.last()?);
            let above = parents(below, &absent);
            built.levels.push(above);
            built.absent.push(tree::node(sha256, &absent, &absent));
        }
        Some(built)
    }

    /// Leaves that are there.
    pub fn count(&self) -> usize {
        self.levels.first().map_or(0, Vec::len)
    }

    /// How many levels lie above the leaves.
    pub const fn depth(&self) -> usize {
        self.levels.len().saturating_sub(1)
    }

    /// What members sign, together with their set.
    pub fn root(&self) -> Hash {
        self.node(self.depth(), 0)
    }

    /// The leaf at `index`; zeros where there is none.
    pub fn leaf(&self, index: usize) -> Hash {
        self.node(0, index)
    }

    fn node(&self, level: usize, place: usize) -> Hash {
        let found = self.levels.get(level).and_then(|nodes| nodes.get(place));
        let absent = self.absent.get(level).copied().unwrap_or(tree::ABSENT);
        found.copied().unwrap_or(absent)
    }

    /// The siblings on the way from the node that is `level` above leaf `index` to the root.
    pub fn path(&self, index: usize, level: usize) -> Vec<Hash> {
        let siblings = (level..self.depth()).map(|level| {
            let place = index.checked_shr(u32::try_from(level).unwrap_or(u32::MAX));
            self.node(level, place.unwrap_or_default() ^ 1)
        });
        siblings.collect()
    }

    /// The run of `leaves` leaves, a power of two up to 32, that leaf `index` is in: of each the statement that `said` gives, with the
    /// place of its job among the accounts, or its hash. `None` where the tree has no such run, or nothing is said.
    pub fn run(
        &self,
        index: usize,
        leaves: usize,
        said: impl Fn(usize) -> Option<(u8, Statement)>,
    ) -> Option<BatchRun> {
        let is_run = leaves.is_power_of_two() && u32::try_from(leaves).is_ok_and(|n| n <= MAX_RUN);
        let level = usize::try_from(leaves.trailing_zeros()).ok()?;
        if !is_run || level > self.depth() || index >= self.count() {
            return None;
        }
        let first = index.checked_sub(index.checked_rem(leaves)?)?;
        let mut run = BatchRun {
            first: u32::try_from(first).ok()?,
            mask: 0,
            entries: vec![],
            others: vec![],
            path: self.path(first, level),
        };
        for offset in 0..leaves {
            let place = first.checked_add(offset)?;
            let Some((job, statement)) = said(place) else {
                run.others.push(self.leaf(place));
                continue;
            };
            run.mask |= 1_u32.checked_shl(u32::try_from(offset).ok()?)?;
            run.entries.push(BatchEntry {
                job,
                window: statement.window,
                units: statement.units,
                digest: statement.digest,
            });
        }
        (!run.entries.is_empty()).then_some(run)
    }
}

/// The level above `below`.
fn parents(below: &[Hash], absent: &Hash) -> Vec<Hash> {
    let count = below.len().div_ceil(2);
    let mut above = vec![tree::ABSENT; count];
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let each = count.div_ceil(threads).max(WORTH_A_THREAD);
    let parts = above
        .chunks_mut(each)
        .zip(below.chunks(each.saturating_mul(2)));
    let build = |above: &mut [Hash], below: &[Hash]| {
        for (node, pair) in above.iter_mut().zip(below.chunks(2)) {
            let [left, right] = [0, 1].map(|side: usize| pair.get(side).unwrap_or(absent));
            *node = tree::node(sha256, left, right);
        }
    };
    if count <= each {
        parts.for_each(|(above, below)| build(above, below));
    } else {
        thread::scope(|scope| {
            for (above, below) in parts {
                scope.spawn(|| build(above, below));
            }
        });
    }
    above
}

/// Statements of a batch that one transaction proves: the run, and its jobs in the order in which entries name them.
#[derive(Clone, Debug)]
pub struct Packed {
    /// What `attest_batch` is given.
    pub run: BatchRun,
    /// Its job accounts.
    pub jobs: Vec<Address>,
}

/// The runs that prove the statements at `wanted` (index of the leaf, job, statement; ascending), each as long as `fits` lets it be: as few
/// transactions as taking the longest run from the left gives. A statement that fits no transaction alone ends the list.
pub fn pack(
    tree: &Tree,
    wanted: &[(usize, Address, Statement)],
    fits: impl Fn(&Packed) -> bool,
) -> Vec<Packed> {
    let mut packed = vec![];
    let mut rest = wanted;
    while let Some((index, ..)) = rest.first() {
        let lengths = (0..=MAX_RUN.trailing_zeros()).rev();
        let longest = lengths.filter_map(|level| {
            let leaves = 1_usize.checked_shl(level)?;
            let end = index
                .checked_sub(index.checked_rem(leaves)?)?
                .checked_add(leaves)?;
            let count = rest.iter().take_while(|(index, ..)| *index < end).count();
            let own = rest.get(..count)?;
            let mut jobs: Vec<Address> = own.iter().map(|(_, job, _)| *job).collect();
            jobs.sort_unstable();
            jobs.dedup();
            let said = |place| {
                let at = own
                    .binary_search_by_key(&place, |(index, ..)| *index)
                    .ok()?;
                let (_, job, statement) = own.get(at)?;
                let job = jobs.binary_search(job).ok()?;
                Some((u8::try_from(job).ok()?, *statement))
            };
            let run = tree.run(*index, leaves, said)?;
            Some((count, Packed { run, jobs }))
        });
        let Some((count, found)) = longest.into_iter().find(|(_, found)| fits(found)) else {
            break;
        };
        packed.push(found);
        rest = rest.get(count..).unwrap_or_default();
    }
    packed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(number: usize) -> Hash {
        sha256(&[&number.to_le_bytes()])
    }

    fn leaves(count: usize) -> Vec<Hash> {
        (0..count).map(leaf).collect()
    }

    #[test]
    fn a_tree_is_the_one_of_the_program_at_every_size() {
        for count in (1..70).chain([1_000, 9_000, 20_001]) {
            let leaves = leaves(count);
            let built = Tree::new(leaves.clone()).unwrap();
            let depth = tree::depth_for(count as u32).unwrap();
            assert_eq!(built.depth(), depth, "{count}");
            let root = tree::root_of(sha256, depth, &leaves).unwrap();
            assert_eq!(built.root(), root, "{count}");
            for index in [0, count / 2, count - 1] {
                for level in 0..=depth {
                    let mut node = vec![];
                    for place in (index >> level) << level..((index >> level) + 1) << level {
                        node.push(built.leaf(place));
                    }
                    let node = tree::root_of(sha256, level, &node).unwrap();
                    let path = built.path(index, level);
                    let reached =
                        tree::root_from(sha256, &node, (index >> level) as u32, &path).unwrap();
                    assert_eq!(reached, root, "{count}: {index} at {level}");
                }
            }
        }
    }

    #[test]
    fn a_tree_has_a_leaf_and_at_most_a_million() {
        assert!(Tree::new(vec![]).is_none());
        let most = 1 << MAX_BATCH_DEPTH;
        let whole = Tree::new(vec![[1; 32]; most]).unwrap();
        assert_eq!((whole.depth(), whole.count()), (MAX_BATCH_DEPTH, most));
        assert!(Tree::new(vec![[1; 32]; most + 1]).is_none());
    }

    fn statement(number: usize) -> Statement {
        Statement {
            context: [7; 32],
            window: number as u32,
            units: 5,
            digest: [number as u8; 32],
        }
    }

    fn job(number: usize) -> Address {
        Address::new_from_array([number as u8 + 1; 32])
    }

    /// Statements at these indices of a tree of `count`, of three jobs in turn.
    fn wanted(count: usize, indices: &[usize]) -> (Tree, Vec<(usize, Address, Statement)>) {
        let leaves = (0..count).map(|number| statement(number).hash());
        let tree = Tree::new(leaves.collect()).unwrap();
        let wanted = indices.iter().map(|at| (*at, job(at % 3), statement(*at)));
        (tree, wanted.collect())
    }

    /// Every run leads to the root, and says what was wanted, once.
    fn check(tree: &Tree, wanted: &[(usize, Address, Statement)], packed: &[Packed]) {
        let mut said = vec![];
        for Packed { run, jobs } in packed {
            let leaves = run.entries.len() + run.others.len();
            let (mut entries, mut others) = (run.entries.iter(), run.others.iter());
            let mut hashes = vec![];
            for offset in 0..leaves {
                let index = run.first as usize + offset;
                if run.mask >> offset & 1 == 0 {
                    hashes.push(*others.next().unwrap());
                    continue;
                }
                let entry = entries.next().unwrap();
                let statement = Statement {
                    context: [7; 32],
                    window: entry.window,
                    units: entry.units,
                    digest: entry.digest,
                };
                hashes.push(statement.hash());
                said.push((index, jobs[usize::from(entry.job)], statement));
            }
            let level = leaves.trailing_zeros() as usize;
            let own = tree::root_of(sha256, level, &hashes).unwrap();
            let root = tree::root_from(sha256, &own, run.first >> level, &run.path).unwrap();
            assert_eq!(root, tree.root());
        }
        assert_eq!(said, wanted);
    }

    #[test]
    fn runs_are_as_long_as_they_may_be_and_prove_each_statement_once() {
        let all: Vec<usize> = (0..100).collect();
        let (tree, every) = wanted(100, &all);
        let packed = pack(&tree, &every, |_| true);
        // 32, 32, 32, and four at the end.
        assert_eq!(packed.len(), 4);
        check(&tree, &every, &packed);
        let few = pack(&tree, &every, |found| found.run.entries.len() <= 6);
        check(&tree, &every, &few);
        assert_eq!(few.len(), 25);
        let small = pack(&tree, &every, |found| found.run.entries.len() <= 1);
        assert_eq!(small.len(), 100);
        check(&tree, &every, &small);
    }

    #[test]
    fn statements_far_apart_are_proven_with_the_hashes_of_those_between() {
        let (tree, some) = wanted(64, &[0, 5, 31, 32, 63]);
        let packed = pack(&tree, &some, |_| true);
        assert_eq!(packed.len(), 2);
        assert_eq!(packed[0].run.others.len(), 29);
        assert_eq!(packed[0].jobs.len(), 3);
        check(&tree, &some, &packed);
        let no_hashes = |found: &Packed| found.run.others.is_empty();
        let alone = pack(&tree, &some, no_hashes);
        assert_eq!(alone.len(), 5);
        check(&tree, &some, &alone);
    }

    #[test]
    fn what_fits_no_transaction_ends_the_list() {
        let (tree, some) = wanted(8, &[1, 2]);
        assert!(pack(&tree, &some, |_| false).is_empty());
        assert!(pack(&tree, &[], |_| true).is_empty());
        assert!(tree.run(0, 16, |_| None).is_none());
        assert!(tree.run(0, 3, |_| Some((0, statement(0)))).is_none());
        assert!(tree.run(8, 1, |_| Some((0, statement(0)))).is_none());
    }
}
