//! Who was here before.

use {
    super::{Asked, Nonce, Refused, Signed},
    solana_address::Address,
    std::collections::{BTreeSet, HashMap, HashSet},
};

/// Seconds that a request may be older or younger than the chain's clock says.
pub const SKEW_SECS: u64 = 60;

/// Holds a request to its time and its signature.
///
/// # Errors
/// [`Refused::Time`], [`Refused::Signature`].
pub fn check(signed: &Signed, asked: &Asked, now: i64) -> Result<(), Refused> {
    let apart = now.abs_diff(signed.time);
    if apart > SKEW_SECS {
        return Err(Refused::Time(apart));
    }
    if signed.is_of(asked) {
        Ok(())
    } else {
        Err(Refused::Signature)
    }
}

/// Lets each request through once. It forgets a request when its time alone refuses it.
pub struct Guard {
    /// Most requests remembered, of all keys and of one.
    most: usize,
    most_of_one: usize,
    seen: HashSet<(Address, Nonce)>,
    /// The same in the order of their times.
    by_time: BTreeSet<(i64, Address, Nonce)>,
    of_one: HashMap<Address, usize>,
}

impl Guard {
    /// Remembers at most `most` requests, a tenth of them of one key.
    pub fn new(most: usize) -> Self {
        Self {
            most,
            most_of_one: most.div_ceil(10),
            seen: HashSet::new(),
            by_time: BTreeSet::new(),
            of_one: HashMap::new(),
        }
    }

    /// Accepts a request that its key signed, now, for the first time.
    ///
    /// # Errors
    /// See [`Refused`]. A request that is refused leaves nothing behind.
    pub fn accept(&mut self, signed: &Signed, asked: &Asked, now: i64) -> Result<(), Refused> {
        check(signed, asked, now)?;
        self.remember(signed, now)
    }

    /// Lets through, once, a request that [`check`] let through. Whoever is asked by strangers sees in between that the key may ask: then no
    /// stranger fills the memory.
    ///
    /// # Errors
    /// [`Refused::Again`], [`Refused::Busy`].
    pub fn remember(&mut self, signed: &Signed, now: i64) -> Result<(), Refused> {
        self.forget(now);
        if self.seen.contains(&(signed.key, signed.nonce)) {
            return Err(Refused::Again);
        }
        let own = self.of_one.get(&signed.key).copied().unwrap_or_default();
        if self.seen.len() >= self.most || own >= self.most_of_one {
            return Err(Refused::Busy);
        }
        self.of_one.insert(signed.key, own.saturating_add(1));
        self.seen.insert((signed.key, signed.nonce));
        self.by_time.insert((signed.time, signed.key, signed.nonce));
        Ok(())
    }

    /// Requests that are remembered.
    pub fn remembered(&self) -> usize {
        self.seen.len()
    }

    fn forget(&mut self, now: i64) {
        while let Some((time, key, nonce)) = self.by_time.first().copied() {
            if now.abs_diff(time) <= SKEW_SECS || time > now {
                break;
            }
            self.by_time.pop_first();
            self.seen.remove(&(key, nonce));
            let left = self.of_one.get(&key).map_or(0, |own| own.saturating_sub(1));
            if left == 0 {
                self.of_one.remove(&key);
            } else {
                self.of_one.insert(key, left);
            }
        }
    }
}
