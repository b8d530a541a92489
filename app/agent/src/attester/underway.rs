//! What is being worked on: each thing once, and not too many at once.

use std::{
    collections::HashSet,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// What is being worked on.
pub struct Underway<K: Copy + Eq + Hash> {
    most: usize,
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
            all: Mutex::default(),
        }
    }

    /// Begins; `None` where another does it, or too much is being done.
    pub fn begin(&self, key: K) -> Option<Begun<'_, K>> {
        let mut all = self.lock();
        if all.len() >= self.most || !all.insert(key) {
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
}
