//! What compiling kernels gave, so that it is done once.

use {sluice_math::tree::Hash, std::sync::Arc};

/// Machine code by its kernel, at most so many bytes of it; what was not used for longest goes first.
pub struct Cache {
    most: usize,
    /// The one used last is last.
    kept: Vec<(Hash, Arc<Vec<u8>>)>,
}

impl Cache {
    pub const fn new(most: usize) -> Self {
        Self {
            most,
            kept: Vec::new(),
        }
    }

    /// What compiling `kernel` gave.
    pub fn get(&mut self, kernel: &Hash) -> Option<Arc<Vec<u8>>> {
        let at = self.kept.iter().position(|(kept, _)| kept == kernel)?;
        let entry = self.kept.remove(at);
        let compiled = entry.1.clone();
        self.kept.push(entry);
        Some(compiled)
    }

    pub fn put(&mut self, kernel: Hash, compiled: Vec<u8>) {
        self.forget(&kernel);
        if compiled.len() > self.most {
            return;
        }
        self.kept.push((kernel, Arc::new(compiled)));
        while self.bytes() > self.most {
            self.kept.remove(0);
        }
    }

    /// Forgets what could not be used.
    pub fn forget(&mut self, kernel: &Hash) {
        self.kept.retain(|(kept, _)| kept != kernel);
    }

    pub fn bytes(&self) -> usize {
        self.kept.iter().map(|(_, compiled)| compiled.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_the_bound_holds() {
        let mut cache = Cache::new(10);
        let kernel = |number| [number; 32];
        cache.put(kernel(1), vec![1; 4]);
        cache.put(kernel(2), vec![2; 4]);
        assert_eq!(cache.get(&kernel(1)).as_deref(), Some(&vec![1; 4]));
        cache.put(kernel(3), vec![3; 4]);
        assert_eq!(cache.get(&kernel(2)), None);
        assert!(cache.get(&kernel(1)).is_some() && cache.get(&kernel(3)).is_some());
        cache.put(kernel(3), vec![4; 6]);
        assert_eq!(cache.bytes(), 10);
        cache.put(kernel(4), vec![5; 11]);
        assert_eq!((cache.get(&kernel(4)), cache.bytes()), (None, 10));
        cache.put(kernel(5), vec![6; 10]);
        assert_eq!(cache.bytes(), 10);
        assert_eq!(cache.get(&kernel(1)), None);
    }
}
