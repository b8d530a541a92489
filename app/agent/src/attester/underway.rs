//! What is being worked on: each thing once, and not too many at once.

use std::{
    collections::HashSet,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// What is being worked on.
pub struct Underway<K: Copy + Eq + Hash> {
    most: usize,
    /// Things of one owner are at most half of all.
    is_of_one: fn(&K, &K) -> bool,
    all: Mutex<HashSet<K>>,
}

/// The right to work on one thing, until it is dropped.
pub struct Begun<'a, K: Copy + Eq + Hash> {
    underway: &'a Underway<K>,
    key: K,
}

impl<K: Copy + Eq + Hash> Underway<K> {
    /// Nothing, and at most so many things at once.
    pub fn new(most: usize) -> Self {
        Self {
            most,
            is_of_one: |_, _| false,
            all: Mutex::default(),
        }
    }

    /// Nothing, and at most so many things at once, half of them of one owner.
    pub fn shared(most: usize, is_of_one: fn(&K, &K) -> bool) -> Self {
        Self {
            most,
            is_of_one,
            all: Mutex::default(),
        }
    }

    /// Begins; `None` where another does it, or too much is being done.
    pub fn begin(&self, key: K) -> Option<Begun<'_, K>> {
        let mut all = self.lock();
        let own = all.iter().filter(|other| (self.is_of_one)(&key, other));
        let is_share_used = own.count() >= self.most.div_ceil(2);
        if all.len() >= self.most || is_share_used || !all.insert(key) {
            return None;
        }
        Some(Begun {
            underway: self,
            key,
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<K>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Copy + Eq + Hash> Drop for Begun<'_, K> {
    fn drop(&mut self) {
        self.underway.lock().remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_is_begun_once_and_not_too_many() {
        let underway = Underway::new(2);
        let first = underway.begin(1);
        assert!(first.is_some() && underway.begin(1).is_none());
        // Who was refused ends nothing.
        assert!(underway.begin(1).is_none());
        let second = underway.begin(2);
        assert!(second.is_some() && underway.begin(3).is_none());
        drop(first);
        assert!(underway.begin(2).is_none() && underway.begin(1).is_some());
    }

    #[test]
    fn one_owner_leaves_half_to_the_others() {
        let underway = Underway::shared(4, |one: &(u8, u8), other| one.0 == other.0);
        let own = [(1, 1), (1, 2), (1, 3)].map(|key| underway.begin(key));
        assert!(own[0].is_some() && own[1].is_some() && own[2].is_none());
        let others = [(2, 1), (3, 1), (4, 1)].map(|key| underway.begin(key));
        assert!(others[0].is_some() && others[1].is_some() && others[2].is_none());
        drop(own);
        assert!(underway.begin((1, 3)).is_some());
    }
}
