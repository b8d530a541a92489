//! Who holds connections: no address holds so many that none is left for others.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The connections of each address.
#[derive(Clone)]
pub struct Crowd {
    most_of_one: usize,
    of: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// A connection of an address, until it is dropped.
pub struct Held {
    crowd: Crowd,
    address: IpAddr,
}

impl Crowd {
    /// At most so many of one address.
    pub fn new(most_of_one: usize) -> Self {
        Self {
            most_of_one,
            of: Arc::default(),
        }
    }

    /// Takes one; `None` where the address has too many.
    pub fn take(&self, address: IpAddr) -> Option<Held> {
        let mut of = self.lock();
        let own = of.entry(address).or_default();
        if *own >= self.most_of_one {
            return None;
        }
        *own = own.saturating_add(1);
        Some(Held {
            crowd: self.clone(),
            address,
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.of.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut of = self.crowd.lock();
        let own = of.get(&self.address).copied().unwrap_or_default();
        match own.saturating_sub(1) {
            0 => of.remove(&self.address),
            left => of.insert(self.address, left),
        };
    }
}
