//! A job as its own history: deposits, proofs, pulls and credits. Everything else is worked out from them and a time.

use {
    super::{Id, Key, Terms, disputes::Dispute, proof::Proof},
    std::collections::{BTreeMap, BTreeSet},
};

/// Where a job stands; a closed one stands nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    Open,
    Active,
    Released,
}

/// Why a job ends when it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Its length, or the date until which it could be accepted.
    Length,
    /// The buyer, after the notice.
    Cancelled,
    /// The provider, after the notice and on its record.
    Resigned,
    /// Nobody paid for more: off the record.
    Excused,
    /// Windows that nobody proved.
    Faulted,
    /// Attesters that left.
    QuorumLost,
    /// The provider, that gave it back unproven.
    Waived,
}

/// Who pulls from escrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    Provider,
    Treasury,
    Attesters,
    Buyer,
}

/// Money that left escrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pull {
    /// Unix seconds.
    pub at: i64,
    pub to: Recipient,
    /// Base units.
    pub amount: u64,
}

/// Cumulative earnings, base units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earned {
    pub provider: u128,
    pub treasury: u128,
    pub attesters: u128,
}

/// A job from its opening to its closing.
#[derive(Clone, Debug)]
pub struct Job {
    pub network: Id,
    pub buyer: Key,
    /// Who gets what is returned.
    pub refund_owner: Key,
    pub terms: Terms,
    pub length_secs: u64,
    pub cosigner: Option<Key>,
    pub fee_bps: u16,
    pub attestation_bps: u16,
    /// Who rules its challenges.
    pub resolver: Key,
    pub attestation_owner: Option<Key>,
    /// Opening slot.
    pub incarnation: u64,
    pub state: JobState,
    /// Named at open, or the one that accepted.
    pub provider: Option<Id>,
    pub payee: Option<Key>,
    pub node: Option<Id>,
    pub worker: Option<Key>,
    /// The node's registration when it got the job.
    pub registration: Option<u64>,
    /// The offer it was taken from.
    pub taken: Option<Id>,
    pub cause: Cause,
    /// Unix seconds; 0 until accepted.
    pub start_at: i64,
    pub end_at: i64,
    /// Base units, in order.
    pub deposits: Vec<u64>,
    pub pulls: Vec<Pull>,
    /// Every proof ever accepted, by window.
    pub proofs: BTreeMap<u32, Proof>,
    /// Windows that were ever challenged, and what came of it.
    pub disputes: BTreeMap<u32, Dispute>,
    /// Windows that nobody paid for when somebody looked, and that were over then.
    pub excused: BTreeSet<u32>,
    /// How many windows the provider had missed when it waived the job.
    pub waived: Option<u64>,
    /// What each ruling took of the bond, base units, in order.
    pub slashes: Vec<u64>,
    /// True when the terms are what the set asks of jobs whose units count.
    pub counts: bool,
    /// Quorum units credited to the node, in order.
    pub credits: Vec<u64>,
    /// When an instruction last matured the job: stored counters are as of then.
    pub touched_at: i64,
}

impl Job {
    /// Base units ever deposited.
    pub fn funded(&self) -> u128 {
        self.deposits.iter().copied().map(u128::from).sum()
    }

    /// Base units `to` pulled.
    pub fn pulled(&self, to: Recipient) -> u128 {
        let theirs = self.pulls.iter().filter(|pull| pull.to == to);
        theirs.map(|pull| u128::from(pull.amount)).sum()
    }

    /// Units that the deposits cover.
    pub fn units_funded(&self) -> u128 {
        self.terms.units_for(self.funded())
    }

    /// When window `w` starts, unix seconds.
    pub fn starts(&self, w: u32) -> i128 {
        i128::from(self.start_at) + i128::from(w) * i128::from(self.terms.window_secs)
    }

    /// When window `w` ends, unix seconds, whether or not the job's end cuts it.
    pub fn ends(&self, w: u32) -> i128 {
        self.starts(w) + i128::from(self.terms.window_secs)
    }

    /// From when window `w` cannot be proven any more.
    pub fn closes(&self, w: u32) -> i128 {
        self.ends(w) + i128::from(self.terms.grace_secs)
    }

    /// From when a quorum's proof of window `w` is earned.
    pub fn matures(&self, w: u32) -> i128 {
        self.closes(w) + i128::from(self.terms.challenge_secs)
    }

    /// Every window that starts before the end, one by one.
    pub fn windows(&self) -> impl Iterator<Item = u32> + '_ {
        (0..=u32::MAX).take_while(|w| self.starts(*w) < i128::from(self.end_at))
    }

    /// Most units window `w` can count: less if the end cuts it, rounded down.
    pub fn cap_of(&self, w: u32) -> u128 {
        let inside =
            (i128::from(self.end_at) - self.starts(w)).clamp(0, i128::from(self.terms.window_secs));
        u128::from(self.terms.cap) * inside.unsigned_abs() / u128::from(self.terms.window_secs)
    }

    /// True when a quorum's proof of window `w` is earned by `now`: after grace and challenge time, or when the ruling upholds
    /// it if it was challenged.
    fn is_ripe(&self, w: u32, now: i64) -> bool {
        match self.disputes.get(&w) {
            None => self.matures(w) <= i128::from(now),
            Some(dispute) => matches!(dispute, Dispute::Upheld | Dispute::Lapsed),
        }
    }

    /// Units earned by `now`: cosigned ones at once, a quorum's when they are ripe.
    pub fn matured(&self, now: i64) -> u128 {
        self.units(|w, proof| !proof.by_quorum() || self.is_ripe(w, now))
    }

    /// Of those, units that a quorum proved.
    pub fn quorum_matured(&self, now: i64) -> u128 {
        self.units(|w, proof| proof.by_quorum() && self.is_ripe(w, now))
    }

    /// Proven units that can still be challenged at `now`.
    pub fn pending(&self, now: i64) -> u128 {
        self.units(|w, proof| {
            let undisputed = !self.disputes.contains_key(&w);
            proof.by_quorum() && undisputed && self.matures(w) > i128::from(now)
        })
    }

    /// Proven units that wait for a ruling.
    pub fn frozen(&self) -> u128 {
        self.units(|w, _| self.disputes.get(&w) == Some(&Dispute::Open))
    }

    /// True when the window was ruled void: it counts as if it had never been proven.
    pub fn is_void(&self, w: u32) -> bool {
        self.disputes.get(&w) == Some(&Dispute::Void)
    }

    /// The proof of window `w`, if it can be challenged at `now`.
    pub fn challengeable(&self, w: u32, now: i64) -> Option<&Proof> {
        let proof = self.proofs.get(&w)?;
        let disputed = self.disputes.contains_key(&w) || self.terms.challenge_secs == 0;
        let unripe = self.matures(w) > i128::from(now);
        let counts = proof.by_quorum() && proof.accepted > 0;
        (counts && unripe && !disputed).then_some(proof)
    }

    /// What rulings left of the bond, base units.
    pub fn bond_left(&self) -> u64 {
        self.terms.bond - self.slashes.iter().sum::<u64>()
    }

    fn units(&self, counts: impl Fn(u32, &Proof) -> bool) -> u128 {
        let counted = self.proofs.iter().filter(|(w, proof)| counts(**w, proof));
        counted.map(|(_, proof)| u128::from(proof.accepted)).sum()
    }

    /// Units of every proof that was not ruled void: they are matured, pending or frozen.
    pub fn counted(&self) -> u128 {
        self.units(|w, _| !self.is_void(w))
    }

    /// Units that could still be proven at `now` or later.
    pub fn usable(&self, now: i64) -> u128 {
        if self.state != JobState::Active {
            return 0;
        }
        let provable = |w: &u32| self.closes(*w) > i128::from(now) && !self.proofs.contains_key(w);
        self.windows()
            .filter(provable)
            .map(|w| self.cap_of(w))
            .sum()
    }

    /// Base units of the gross pay that cosigned windows brought: each the ones that it added when it came.
    pub fn cosigned_pay(&self) -> u128 {
        let cosigned = self.proofs.values().filter(|proof| !proof.by_quorum());
        cosigned
            .map(|proof| {
                let upto = self.terms.gross(proof.after + u128::from(proof.accepted));
                upto - self.terms.gross(proof.after)
            })
            .sum()
    }

    /// Cumulative earnings at `now`: nobody attested what was cosigned, so only the network has a fee of it.
    pub fn earned(&self, now: i64) -> Earned {
        let gross = self.terms.gross(self.matured(now));
        let cosigned = self.cosigned_pay();
        let (fee, attestation) = (u128::from(self.fee_bps), u128::from(self.attestation_bps));
        let shared = (gross - cosigned) * (fee + attestation) / 10_000;
        let attesters = match attestation {
            0 => 0,
            _ => shared * attestation / (fee + attestation),
        };
        let treasury = shared - attesters + cosigned * fee / 10_000;
        Earned {
            provider: gross - treasury - attesters,
            treasury,
            attesters,
        }
    }

    /// What the provider, the treasury or the attesters can pull at `now`.
    pub fn due(&self, to: Recipient, now: i64) -> u128 {
        let earned = self.earned(now);
        let total = match to {
            Recipient::Provider => earned.provider,
            Recipient::Treasury => earned.treasury,
            Recipient::Attesters => earned.attesters,
            Recipient::Buyer => return self.refundable(now),
        };
        total - self.pulled(to)
    }

    /// What the buyer can pull at `now`: deposits less the most that can ever be earned.
    ///
    /// Units proven and provable are NOT clipped to `units_funded` here. Where they exceed it, the part of a deposit that
    /// covers no whole unit must stay: a later top-up completes that unit, and `units_funded` counts the whole deposit.
    pub fn refundable(&self, now: i64) -> u128 {
        let kept = match self.state {
            JobState::Open if now < self.end_at => return 0,
            JobState::Open => 0,
            JobState::Active | JobState::Released => {
                self.terms.gross(self.counted() + self.usable(now))
            }
        };
        self.funded()
            .saturating_sub(kept)
            .saturating_sub(self.pulled(Recipient::Buyer))
    }

    /// True once no window can be proven, no proof challenged and no ruling is awaited.
    pub fn is_settled(&self, now: i64) -> bool {
        let now_ = i128::from(now);
        let closed = match self.windows().last() {
            Some(last) => now_ >= self.closes(last),
            None => now >= self.end_at,
        };
        closed && self.pending(now) == 0 && self.frozen() == 0
    }

    /// Base units that left escrow.
    pub fn pulled_in_all(&self) -> u128 {
        self.pulls.iter().map(|pull| u128::from(pull.amount)).sum()
    }

    /// Units of all that a quorum proved by `now` that count: those that whole base units paid for, none where the cosigner's
    /// windows took the base units.
    pub fn countable(&self, now: i64) -> u128 {
        if !self.counts {
            return 0;
        }
        let left = self.terms.gross(self.matured(now)) - self.cosigned_pay();
        let alone = self.terms.gross(self.quorum_matured(now));
        self.terms.units_for(alone.min(left))
    }

    /// Quorum units credited to the node.
    pub fn credited(&self) -> u128 {
        self.credits.iter().copied().map(u128::from).sum()
    }

    /// Whole windows of which a quorum proved something, and that were not ruled void.
    pub fn quorum_windows(&self) -> u32 {
        let proven = self.proofs.iter();
        let proven = proven.filter(|(w, proof)| {
            proof.by_quorum() && proof.accepted > 0 && self.is_whole(**w) && !self.is_void(**w)
        });
        u32::try_from(proven.count()).expect("windows fit u32")
    }

    /// How many windows are past their grace at `now`.
    pub fn windows_past(&self, now: i64) -> usize {
        let past = |w: &u32| self.closes(*w) <= i128::from(now);
        self.windows().take_while(past).count()
    }

    /// True when the last windows past their grace, as many as the terms say, and all after them are unproven.
    pub fn is_faulted(&self, now: i64) -> bool {
        let (past, silent) = (self.windows_past(now), self.terms.fault_windows as usize);
        past >= silent && self.proofs.keys().all(|w| (*w as usize) < past - silent)
    }

    /// True when the deposits do not cover one more whole window.
    pub fn is_underfunded(&self) -> bool {
        self.units_funded() - self.counted() < u128::from(self.terms.cap)
    }

    /// True for a window that the end does not cut.
    fn is_whole(&self, w: u32) -> bool {
        self.ends(w) <= i128::from(self.end_at)
    }

    /// Looks at what is free: if nobody pays for one more window, those that are over since the last one with work are excused.
    pub fn excuse(&mut self, now: i64) {
        if self.state != JobState::Active || !self.is_underfunded() {
            return;
        }
        let worked = self.last_worked();
        let dry = |w: &u32| self.is_whole(*w) && self.ends(*w) <= i128::from(now) && *w >= worked;
        let dry: Vec<u32> = self
            .windows()
            .take_while(|w| self.ends(*w) <= i128::from(now))
            .filter(dry)
            .collect();
        self.excused.extend(dry);
    }

    /// One more than the last window with a unit that counted; 0 when there is none.
    pub fn last_worked(&self) -> u32 {
        let worked = self.proofs.iter().filter(|(_, proof)| proof.accepted > 0);
        worked.map(|(w, _)| w + 1).max().unwrap_or(0)
    }

    /// Whole windows in which a unit counted.
    pub fn worked_windows(&self) -> u32 {
        let worked = self.proofs.iter();
        let worked = worked.filter(|(w, proof)| proof.accepted > 0 && self.is_whole(**w));
        u32::try_from(worked.count()).expect("windows fit u32")
    }

    /// Windows that were ruled void.
    pub fn void_windows(&self) -> u32 {
        let void = self.disputes.values().filter(|d| **d == Dispute::Void);
        u32::try_from(void.count()).expect("windows fit u32")
    }

    /// Whole windows that are over at `now`, but for those that are excused.
    pub fn due_windows(&self, now: i64) -> u64 {
        let over = |w: &u32| self.ends(*w) <= i128::from(now.min(self.end_at));
        let due = self.windows().take_while(over);
        due.filter(|w| !self.excused.contains(w)).count() as u64
    }
}
