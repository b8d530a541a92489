//! Transactions of an escrow that cannot be read to their end, and what can have happened in them.

use {
    super::Kind, crate::ledger::history::Past, anchor_lang::Discriminator,
    sluice::instruction as ix, solana_address::Address, solana_signature::Signature, std::rc::Rc,
};

/// Which way tokens went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    In,
    Out,
}

/// A transaction of which some or all events are unknown.
pub struct Doubt {
    past: Rc<Past>,
    /// By how much the vault changed beyond what the known events tell; `None` where its balance is unknown.
    rest: Option<i128>,
    /// By which doors tokens can have moved; `None` where its instructions are unknown.
    kinds: Option<Vec<Kind>>,
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
    /// True while the vault's balance is unknown.
    is_blind: bool,
}

impl Side {
    const fn of(kind: Kind) -> Self {
        if kind.is_in() { Self::In } else { Self::Out }
    }
}

impl Doubt {
    /// One whose log is cut, after which the vault differs by `rest` from what is known.
    pub fn cut(past: &Rc<Past>, vault: &Address, rest: i128, at: usize) -> Self {
        Self {
            past: Rc::clone(past),
            rest: Some(rest),
            kinds: Some(doors(past, vault)),
            at,
            is_read: [false; 2],
        }
    }

    /// One that is not told.
    pub fn untold(past: &Rc<Past>, at: usize) -> Self {
        Self {
            past: Rc::clone(past),
            rest: None,
            kinds: None,
            at,
            is_read: [false; 2],
        }
    }

    fn is_open(&self, side: Side) -> bool {
        self.is_read.get(side as usize) == Some(&false)
    }

    fn may_move(&self, kind: Kind) -> bool {
        let kinds = self.kinds.as_ref();
        self.is_open(Side::of(kind)) && kinds.is_none_or(|kinds| kinds.contains(&kind))
    }

    /// True when the balance speaks for a movement to that side, or is unknown.
    fn is_likely(&self, side: Side) -> bool {
        self.rest.is_none_or(|rest| match side {
            Side::In => rest > 0,
            Side::Out => rest < 0,
        })
    }
}

impl Doubts {
    pub const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub const fn is_blind(&self) -> bool {
        self.is_blind
    }

    pub const fn gifts(&self) -> i128 {
        self.gifts
    }

    /// The latest of them.
    pub fn last(&self) -> Option<Signature> {
        self.all.last().map(|doubt| doubt.past.signature)
    }

    /// Adds one, before whose transaction the vault held `gifts` beyond the escrow.
    pub fn add(&mut self, doubt: Doubt, gifts: i128) {
        if self.all.is_empty() {
            self.gifts = gifts;
        }
        self.is_blind = doubt.rest.is_none();
        self.all.push(doubt);
    }

    /// Takes note that the vault's balance is known again, and by how much it changed since it was.
    pub fn see(&mut self, change: i128) {
        if self.is_blind {
            let mut unseen = self.all.iter_mut().filter(|doubt| doubt.rest.is_none());
            if let (Some(only), None) = (unseen.next(), unseen.next()) {
                only.rest = Some(change);
            }
            self.is_blind = false;
        }
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

    /// True when all totals are known again.
    pub fn are_settled(&self) -> bool {
        !self.is_open(Side::In) && !self.is_open(Side::Out)
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The transaction in which tokens can have moved by that door, and before which movement it lies: of several the first for
    /// what came in and the last for what went out, so that the balance between them is no lower than it was.
    pub fn place(&self, kind: Kind) -> Option<(usize, Rc<Past>)> {
        let side = Side::of(kind);
        let able = || {
            self.all
                .iter()
                .enumerate()
                .filter(|(_, one)| one.may_move(kind))
        };
        let likely = || able().filter(|(_, one)| one.is_likely(side));
        let found = match side {
            Side::In => likely().next().or_else(|| able().next()),
            Side::Out => likely().next_back().or_else(|| able().next_back()),
        };
        found.map(|(index, one)| (index, Rc::clone(&one.past)))
    }

    /// The only door by which tokens can have gone out, if there is one alone.
    fn only_way_out(&self) -> Option<Kind> {
        let mut only = None;
        for doubt in self.all.iter().filter(|doubt| doubt.is_open(Side::Out)) {
            for kind in doubt.kinds.as_ref()?.iter().filter(|kind| !kind.is_in()) {
                if *only.get_or_insert(*kind) != *kind {
                    return None;
                }
            }
        }
        only
    }

    /// What went out unseen, `left` in all, where every transaction has one way out and its balance tells how much.
    pub fn ways_out(&self, left: u64) -> Option<Vec<(Kind, u64)>> {
        let mut ways = vec![];
        for doubt in self.all.iter().filter(|doubt| doubt.is_open(Side::Out)) {
            let mut out = doubt.kinds.as_ref()?.iter().filter(|kind| !kind.is_in());
            match (out.next(), out.next()) {
                (Some(_), Some(_)) => return None,
                (Some(kind), None) => {
                    ways.push((*kind, u64::try_from(doubt.rest?.checked_neg()?).ok()?));
                }
                (None, _) => {}
            }
        }
        let sum = ways
            .iter()
            .try_fold(0u64, |sum, (_, amount)| sum.checked_add(*amount));
        if sum == Some(left) {
            return Some(ways);
        }
        // Somebody may have given at once: the total is surer than the balance.
        Some(vec![(self.only_way_out()?, left)])
    }

    /// Before which movement one of doubt `index` goes; what follows it moves on.
    pub fn insert(&mut self, index: usize, kind: Kind) -> usize {
        let at = self.all.get(index).map_or(0, |doubt| doubt.at);
        // What came in goes before what went out of the same transaction.
        let from = if kind.is_in() {
            index
        } else {
            index.saturating_add(1)
        };
        for doubt in self.all.iter_mut().skip(from) {
            doubt.at = doubt.at.saturating_add(1);
        }
        at
    }
}

/// The doors of the job with that vault which the transaction's instructions opened.
pub fn doors(past: &Past, vault: &Address) -> Vec<Kind> {
    const DOORS: [(&[u8], Kind); 5] = [
        (ix::TopUpJob::DISCRIMINATOR, Kind::ToppedUp),
        (ix::Pay::DISCRIMINATOR, Kind::PaidToProvider),
        (ix::SweepTreasury::DISCRIMINATOR, Kind::NetworkFee),
        (ix::SweepAttesters::DISCRIMINATOR, Kind::AttestationFee),
        (ix::Refund::DISCRIMINATOR, Kind::Refunded),
    ];
    let calls = past.calls_on(vault);
    calls
        .filter_map(|call| DOORS.iter().find(|(byte, _)| call.is(byte)))
        .map(|(_, kind)| *kind)
        .collect()
}
