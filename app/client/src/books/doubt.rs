//! Transactions of an escrow that are not told: what happened in them follows from what is known before and after.

use {super::Kind, crate::ledger::history::Past, solana_signature::Signature, std::rc::Rc};

/// Which way tokens went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    In,
    Out,
}

/// A transaction of which nothing is known but that it named the vault.
struct Doubt {
    past: Rc<Past>,
    /// Before which movement of the escrow it lies.
    at: usize,
    /// The sides whose totals have been read since.
    is_read: [bool; 2],
}

/// The doubts since all totals were known.
#[derive(Default)]
pub struct Doubts {
    all: Vec<Doubt>,
    /// What the vault held beyond the escrow before the first of them: gifts, which only grow.
    gifts: i128,
}

impl Side {
    const fn of(kind: Kind) -> Self {
        if kind.is_in() { Self::In } else { Self::Out }
    }
}

impl Doubt {
    fn is_open(&self, side: Side) -> bool {
        self.is_read.get(side as usize) == Some(&false)
    }
}

impl Doubts {
    pub const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub const fn gifts(&self) -> i128 {
        self.gifts
    }

    /// The latest of them.
    pub fn last(&self) -> Option<&Rc<Past>> {
        self.all.last().map(|doubt| &doubt.past)
    }

    /// Before which movement the latest of them lies, and its slot.
    pub fn last_place(&self) -> Option<(usize, u64)> {
        self.all.last().map(|doubt| (doubt.at, doubt.past.slot))
    }

    pub const fn are_several(&self) -> bool {
        self.all.len() > 1
    }

    /// Those in which tokens can have gone to that side unseen.
    pub fn open(&self, side: Side) -> Vec<Signature> {
        let open = self.all.iter().filter(|doubt| doubt.is_open(side));
        open.map(|doubt| doubt.past.signature).collect()
    }

    /// Adds one that lies before movement `at`, before which the vault held `gifts` beyond the escrow.
    pub fn add(&mut self, past: &Rc<Past>, at: usize, gifts: i128) {
        if self.all.is_empty() {
            self.gifts = gifts;
        }
        self.all.push(Doubt {
            past: Rc::clone(past),
            at,
            is_read: [false; 2],
        });
    }

    /// True while totals of that side may have grown unseen.
    pub fn is_open(&self, side: Side) -> bool {
        self.all.iter().any(|doubt| doubt.is_open(side))
    }

    /// Takes note that the totals of that side are known.
    pub fn read(&mut self, side: Side) {
        for doubt in &mut self.all {
            if let Some(is_read) = doubt.is_read.get_mut(side as usize) {
                *is_read = true;
            }
        }
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Leaves the last of them alone, as one of a job that began in it.
    pub fn begin_in_last(&mut self) {
        let last = self.all.pop();
        self.all = last.into_iter().collect();
        for doubt in &mut self.all {
            doubt.is_read = [false; 2];
        }
        self.gifts = 0;
    }

    /// The transaction in which tokens can have moved that way, and before which movement it lies; what follows it moves on. Of
    /// several it is the first for what came in and the last for what went out, so that the balance between them is no lower than
    /// it was.
    pub fn insert(&mut self, kind: Kind) -> Option<(usize, Rc<Past>)> {
        let side = Side::of(kind);
        let open = |is_open: &dyn Fn(&Doubt) -> bool| match side {
            Side::In => self.all.iter().position(is_open),
            Side::Out => self.all.iter().rposition(is_open),
        };
        // Where none is open, one job was taken for two.
        let index = open(&|doubt| doubt.is_open(side)).or_else(|| open(&|_| true))?;
        let found = self.all.get(index)?;
        let (at, past) = (found.at, Rc::clone(&found.past));
        // What came in goes before what went out of the same transaction.
        let from = match side {
            Side::In => index,
            Side::Out => index.saturating_add(1),
        };
        for doubt in self.all.iter_mut().skip(from) {
            doubt.at = doubt.at.saturating_add(1);
        }
        Some((at, past))
    }
}
