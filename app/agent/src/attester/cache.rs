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
    /// Most reads at once, a quarter of them of such addresses: each takes a thread for as long as a node takes.
    pub at_once: usize,
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
    /// Reads that are under way, of strange addresses and of others.
    reading: [usize; 2],
}

/// What is known of an address.
enum Known<'a, V> {
    /// What is fresh.
    Fresh(Option<V>),
    /// Nothing: the caller has to read.
    Not(Reading<'a, V>),
}

/// A read that is under way, until it is dropped.
struct Reading<'a, V> {
    cache: &'a Cache<V>,
    place: usize,
}

impl<V> Drop for Reading<'_, V> {
    fn drop(&mut self) {
        let kept = self.cache.kept.lock();
        let mut kept = kept.unwrap_or_else(PoisonError::into_inner);
        if let Some(reading) = kept.reading.get_mut(self.place) {
            *reading = reading.saturating_sub(1);
        }
    }
}

impl<V: Clone> Cache<V> {
    /// An empty one.
    pub fn new(bounds: Bounds) -> Self {
        let kept = Kept {
            by_address: HashMap::new(),
            strange: (Instant::now(), 0),
            reading: [0; 2],
        };
        Self {
            bounds,
            kept: Mutex::new(kept),
        }
    }

    /// What is at the address: as it was read lately, else by `read`. While one caller reads, others are told what was known before.
    ///
    /// # Errors
    /// [`Unread::Busy`] where so many addresses are asked for that this one is not read; else those of `read`.
    pub fn get(
        &self,
        address: &Address,
        read: impl FnOnce() -> Result<Option<V>, Unread>,
    ) -> Result<Option<V>, Unread> {
        let reading = match self.known(address)? {
            Known::Fresh(known) => return Ok(known),
            Known::Not(reading) => reading,
        };
        let found = read();
        drop(reading);
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

    fn known(&self, address: &Address) -> Result<Known<'_, V>, Unread> {
        let mut kept = self.lock();
        let is_room = kept.reading.iter().sum::<usize>() < self.bounds.at_once;
        let is_known = match kept.by_address.get_mut(address) {
            Some((value, at)) if at.elapsed() < self.bounds.fresh => {
                return Ok(Known::Fresh(value.clone()));
            }
            Some((Some(_), at)) => {
                if is_room {
                    *at = Instant::now();
                }
                true
            }
            Some((None, _)) | None => false,
        };
        let place = usize::from(is_known);
        let may = is_known || kept.may_read_strange(&self.bounds);
        let Some(reading) = kept.reading.get_mut(place).filter(|_| is_room && may) else {
            return Err(Unread::Busy);
        };
        *reading = reading.saturating_add(1);
        Ok(Known::Not(Reading { cache: self, place }))
    }

    fn lock(&self) -> MutexGuard<'_, Kept<V>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V> Kept<V> {
    fn may_read_strange(&mut self, bounds: &Bounds) -> bool {
        let [reading, _] = self.reading;
        if reading >= bounds.at_once.div_ceil(4) {
            return false;
        }
        let most = bounds.strange_a_second;
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
        at_once: 8,
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

    /// A node that does not answer: each who asks by it waits on a thread.
    #[test]
    fn few_wait_for_a_node_and_strangers_do_not_take_the_places_of_the_known() {
        let cache = Cache::new(Bounds {
            fresh: Duration::ZERO,
            strange_a_second: 100,
            ..BOUNDS
        });
        assert_eq!(cache.get(&address(255), || Ok(Some(9))), Ok(Some(9)));
        let told = cache.get(&address(1), || {
            cache.get(&address(2), || {
                assert_eq!(cache.get(&address(3), || panic!()), Err(Unread::Busy));
                cache.get(&address(255), || Ok(Some(9)))
            })
        });
        assert_eq!(told, Ok(Some(9)));
        assert_eq!(cache.get(&address(3), || Ok(None)), Ok(None));
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
