//! What was read of a chain a moment ago, so that strangers cannot make this process call its node for each of their requests.

use {
    crate::http::Unread,
    solana_address::Address,
    std::{
        collections::HashMap,
        sync::{Mutex, MutexGuard, PoisonError},
        time::{Duration, Instant},
    },
};

/// How much is kept and read.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// For how long what was read is good.
    pub fresh: Duration,
    /// Most addresses.
    pub most: usize,
    /// Most reads a second of addresses at which nothing was found before.
    pub strange_a_second: u32,
}

/// What was found at addresses, and that nothing was.
pub struct Cache<V> {
    bounds: Bounds,
    kept: Mutex<Kept<V>>,
}

struct Kept<V> {
    by_address: HashMap<Address, (Option<V>, Instant)>,
    /// Reads of strange addresses since this instant.
    strange: (Instant, u32),
}

impl<V: Clone> Cache<V> {
    /// An empty one.
    pub fn new(bounds: Bounds) -> Self {
        let kept = Kept {
            by_address: HashMap::new(),
            strange: (Instant::now(), 0),
        };
        Self {
            bounds,
            kept: Mutex::new(kept),
        }
    }

    /// What is at the address: as it was read lately, else by `read`. While one caller reads, others are told what was known before.
    ///
    /// # Errors
    /// [`Unread::Busy`] where so many strange addresses are asked for that this one is not read; else those of `read`.
    pub fn get(
        &self,
        address: &Address,
        read: impl FnOnce() -> Result<Option<V>, Unread>,
    ) -> Result<Option<V>, Unread> {
        if let Some(known) = self.known(address)? {
            return Ok(known);
        }
        let found = read();
        let mut kept = self.lock();
        match &found {
            Ok(found) => kept.put(address, found.clone(), &self.bounds),
            Err(_) => drop(kept.by_address.remove(address)),
        }
        found
    }

    /// Keeps what somebody read.
    pub fn put(&self, address: &Address, found: Option<V>) {
        self.lock().put(address, found, &self.bounds);
    }

    /// What is fresh; `None` where the caller has to read.
    fn known(&self, address: &Address) -> Result<Option<Option<V>>, Unread> {
        let mut kept = self.lock();
        let is_known = match kept.by_address.get_mut(address) {
            Some((value, at)) if at.elapsed() < self.bounds.fresh => {
                return Ok(Some(value.clone()));
            }
            Some((Some(_), at)) => {
                *at = Instant::now();
                true
            }
            Some((None, _)) | None => false,
        };
        if is_known || kept.may_read_strange(self.bounds.strange_a_second) {
            Ok(None)
        } else {
            Err(Unread::Busy)
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept<V>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V> Kept<V> {
    fn may_read_strange(&mut self, most: u32) -> bool {
        let (since, reads) = &mut self.strange;
        if since.elapsed() >= Duration::from_secs(1) {
            (*since, *reads) = (Instant::now(), 0);
        }
        let may = *reads < most;
        *reads = reads.saturating_add(u32::from(may));
        may
    }

    fn put(&mut self, address: &Address, found: Option<V>, bounds: &Bounds) {
        let is_full = self.by_address.len() >= bounds.most;
        if is_full && !self.by_address.contains_key(address) {
            // What is good still stays, and then what is there before what is not.
            self.by_address
                .retain(|_, (_, at)| at.elapsed() < bounds.fresh);
            if found.is_some() && self.by_address.len() >= bounds.most {
                self.by_address.retain(|_, (found, _)| found.is_some());
            }
            if self.by_address.len() >= bounds.most {
                return;
            }
        }
        self.by_address.insert(*address, (found, Instant::now()));
    }
}

#[cfg(test)]
mod tests {
    use {super::*, std::cell::Cell};

    const BOUNDS: Bounds = Bounds {
        fresh: Duration::from_secs(60),
        most: 10,
        strange_a_second: 5,
    };

    fn address(number: u8) -> Address {
        Address::new_from_array([number; 32])
    }

    #[test]
    fn the_node_is_asked_once_for_what_is_there_and_for_what_is_not() {
        let cache = Cache::new(BOUNDS);
        let reads = Cell::new(0);
        for found in [Some(7), None] {
            let address = address(u8::from(found.is_some()));
            for _ in 0..100 {
                let told = cache.get(&address, || {
                    reads.set(reads.get() + 1);
                    Ok(found)
                });
                assert_eq!(told, Ok(found));
            }
        }
        assert_eq!(reads.get(), 2);
    }

    #[test]
    fn what_is_old_is_read_again_and_what_fails_is_not_kept() {
        let cache = Cache::new(Bounds {
            fresh: Duration::ZERO,
            ..BOUNDS
        });
        assert_eq!(cache.get(&address(1), || Ok(Some(1))), Ok(Some(1)));
        assert_eq!(cache.get(&address(1), || Ok(Some(2))), Ok(Some(2)));
        let failed = Unread::Failed("down".to_owned());
        assert_eq!(cache.get(&address(1), || Err(failed.clone())), Err(failed));
        assert_eq!(cache.get(&address(1), || Ok(None)), Ok(None));
    }

    #[test]
    fn strangers_make_few_calls_and_fill_no_memory() {
        let cache = Cache::new(BOUNDS);
        let reads = Cell::new(0);
        let read = |found: Option<u8>| {
            reads.set(reads.get() + 1);
            Ok(found)
        };
        assert_eq!(cache.get(&address(255), || read(Some(9))), Ok(Some(9)));
        let told: Vec<_> = (0..200)
            .map(|number| cache.get(&address(number), || read(None)))
            .collect();
        // Two of the bound's seconds at most pass in this test.
        assert!(reads.get() <= 11, "{}", reads.get());
        assert!(told.contains(&Err(Unread::Busy)));
        assert!(cache.lock().by_address.len() <= BOUNDS.most);
        assert_eq!(cache.get(&address(255), || panic!()), Ok(Some(9)));
    }
}
