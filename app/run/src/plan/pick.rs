//! Which offers become jobs: the largest or the cheapest, within the slots of offers and nodes.

use {
    super::fit::Fit,
    sluice_client::Address,
    std::{
        cmp::Reverse,
        collections::{BTreeMap, BinaryHeap},
    },
};

/// An offer, and where it stands among the others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// The offer.
    pub fit: Fit,
    /// Offers of the same class cost the same a chunk; a lower class costs less.
    pub class: usize,
}

/// Offers in the order of what a chunk costs, with their classes; those that cost the same stay in their rank.
pub(super) fn classed(mut fits: Vec<Fit>) -> Vec<Entry> {
    fits.sort_by(Fit::by_chunk);
    let mut entries: Vec<Entry> = Vec::with_capacity(fits.len());
    for fit in fits {
        let class = entries.last().map_or(0, |last| {
            let dearer = last.fit.by_chunk(&fit).is_ne();
            last.class.saturating_add(usize::from(dearer))
        });
        entries.push(Entry { fit, class });
    }
    entries
}

/// How jobs are picked.
#[derive(Clone, Copy)]
pub(super) struct Terms {
    /// Jobs, at most.
    pub jobs: usize,
    /// So many of them are those that do most within the time, whatever they cost; the others are the cheapest.
    pub largest: usize,
    /// The time, seconds.
    pub secs: u64,
    /// What all deposits together may come to, base units.
    pub purse: u64,
}

/// What is picked so far.
struct Picked<'a> {
    entries: &'a [Entry],
    jobs: Vec<Entry>,
    of_offer: Vec<u32>,
    of_node: BTreeMap<Address, u32>,
    purse: u64,
}

/// What decides, least first: size, price of a chunk, jobs of the node, rank; then the place among the entries.
type Key = (u64, usize, u32, usize, usize);

/// Picks offers, each as often as its slots, its node's slots and the purse allow. Among equals the node that has the fewest jobs
/// comes first, then the rank.
pub(super) fn pick(entries: &[Entry], terms: &Terms) -> Vec<Entry> {
    let mut picked = Picked {
        entries,
        jobs: Vec::new(),
        of_offer: vec![0; entries.len()],
        of_node: BTreeMap::new(),
        purse: terms.purse,
    };
    picked.fill(terms.largest.min(terms.jobs), terms.secs, true);
    picked.fill(terms.jobs, terms.secs, false);
    picked
        .jobs
        .sort_by_key(|entry| (entry.class, entry.fit.rank));
    picked.jobs
}

impl Picked<'_> {
    fn fill(&mut self, jobs: usize, secs: u64, by_size: bool) {
        if self.jobs.len() >= jobs {
            return;
        }
        let keys = self.entries.iter().enumerate().filter_map(|(at, entry)| {
            let size = entry.fit.capacity(secs);
            let first = if by_size {
                u64::MAX.saturating_sub(size)
            } else {
                0
            };
            let key: Key = (first, entry.class, 0, entry.fit.rank, at);
            (size > 0).then_some(Reverse(key))
        });
        let mut queue: BinaryHeap<Reverse<Key>> = keys.collect();
        while self.jobs.len() < jobs {
            let Some(Reverse(key)) = queue.pop() else {
                return;
            };
            if let Some(again) = self.consider(key) {
                queue.push(Reverse(again));
            }
        }
    }

    /// Takes the offer of this key, or not; says with which key it comes again. One that does not fit now never fits again.
    fn consider(&mut self, (first, class, seen, rank, at): Key) -> Option<Key> {
        let entry = *self.entries.get(at)?;
        let of_offer = self.of_offer.get_mut(at)?;
        let of_node = self.of_node.entry(entry.fit.node).or_default();
        if *of_offer >= entry.fit.slots || *of_node >= entry.fit.node_slots {
            return None;
        }
        if *of_node == seen {
            self.purse = self.purse.checked_sub(entry.fit.deposit)?;
            *of_offer = of_offer.saturating_add(1);
            *of_node = of_node.saturating_add(1);
            self.jobs.push(entry);
        }
        Some((first, class, *of_node, rank, at))
    }
}
