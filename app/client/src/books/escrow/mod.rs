//! The whole history of a job's escrow, from the transactions that named its vault: no token of it moves in any other.

mod order;
mod steps;

use {
    super::{
        Error, Kind, Missing, Result, Row, Subject, Totals,
        act::{Act, acts, closes},
        doubt::{Doubts, Side},
    },
    crate::{
        address,
        ledger::history::{Past, TokenChange},
    },
    solana_address::Address,
    solana_signature::Signature,
    std::{
        collections::{BTreeMap, BTreeSet},
        rc::Rc,
    },
};

/// Tokens that went into a job's escrow or out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Movement {
    /// Slot in which the job was opened: its address may be used again.
    pub incarnation: u64,
    /// What moved.
    pub row: Row,
    /// Whose token account they went to, where the transaction tells.
    pub receiver: Option<Address>,
}

/// One job at the address, from its opening on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    /// Slot in which the job was opened; of a guess, that of a transaction that is not told and may have opened it.
    pub incarnation: u64,
    /// True where only what happened to the job tells that it was another than the one before.
    pub is_guess: bool,
    /// What is unknown of how it ended.
    pub end: Option<UnseenEnd>,
}

/// The end of a job that followed on transactions that are not told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnseenEnd {
    /// What left by doors that nothing tells, base units.
    pub left: u64,
    /// False where more may have come in unseen and left again.
    pub is_all: bool,
    /// The transactions in which it can have left.
    pub transactions: Vec<Signature>,
}

/// The movements of the jobs at an address, one after another.
pub struct Escrow {
    job: Address,
    /// Oldest first.
    pub movements: Vec<Movement>,
    /// Of the job that is open now.
    pub open: Option<Totals>,
    /// Oldest first.
    pub lives: Vec<Life>,
    /// The vault when last seen, for its mint.
    pub token: Option<TokenChange>,
    /// What the vault held after the last transaction, gifts with it; `None` where that is not told.
    held: Option<u64>,
    doubts: Doubts,
    /// True once the deposit that opened the job has its row.
    is_funded: bool,
}

impl Escrow {
    /// The history of the job at `job`, from every transaction that named its vault and succeeded, oldest first. One that is
    /// missing shows: totals would jump, or the vault's balance would. What happened in one that is not told is bridged by what is
    /// known before and after it. `known` are slots in which a job was opened at the address, as others tell.
    pub fn of(
        job: &Address,
        pasts: &[Rc<Past>],
        known: &BTreeSet<u64>,
        token: Option<TokenChange>,
    ) -> Result<Self> {
        let mut escrow = Self {
            job: *job,
            movements: vec![],
            open: None,
            lives: vec![],
            token,
            held: Some(0),
            doubts: Doubts::default(),
            is_funded: false,
        };
        let vault = address::vault(job);
        let pasts = order::in_order(pasts, &vault);
        let mut told = vec![];
        for past in &pasts {
            let acts = is_told(past).then(|| acts(past, job, &vault));
            told.push(
                acts.map(|acts| acts.ok_or_else(|| escrow.disagrees(past)))
                    .transpose()?,
            );
        }
        let openings = hidden_openings(&pasts, &told, known);
        for (index, (past, acts)) in pasts.iter().zip(told).enumerate() {
            match acts {
                Some(acts) => escrow.apply(past, &acts, &vault)?,
                None => escrow.pass(past, openings.get(&index).copied())?,
            }
        }
        Ok(escrow)
    }

    /// True when something that is not told was the last that happened.
    pub(super) const fn is_in_doubt(&self) -> bool {
        !self.doubts.is_empty()
    }

    /// Bridges what was not told last by what the job's account says, or by there being none.
    pub(super) fn settle(&mut self, account: Option<&Totals>) -> Result<()> {
        if !self.is_in_doubt() {
            return Ok(());
        }
        match account {
            // What cannot be bridged is left as it is, and is not what the chain says.
            Some(account) => {
                let _unbridged: Option<()> = self.reach(account);
                self.check_gifts()
            }
            None if self.open.is_some() => self.end().ok_or_else(|| self.unclosed()),
            None => Ok(()),
        }
    }

    /// Takes note of a transaction that is not told, which opened a job if `opened` names its slot.
    fn pass(&mut self, past: &Rc<Past>, opened: Option<u64>) -> Result<()> {
        let gifts = self.gifts();
        self.doubts.add(past, self.movements.len(), gifts);
        self.held = None;
        match opened {
            Some(slot) => self
                .begin_unseen(slot, false)
                .ok_or_else(|| self.unclosed()),
            None => Ok(()),
        }
    }

    fn apply(&mut self, past: &Rc<Past>, acts: &[Act], vault: &Address) -> Result<()> {
        let signature = past.signature;
        let balance = past.tokens_of(vault).copied();
        let balance = balance.or_else(|| self.untold(past, vault));
        let balance = balance.as_ref();
        self.token = balance.copied().or(self.token);
        let (before, after) = balance.map_or((0, 0), |one| (one.before, one.after));
        if self.held.is_some_and(|held| held != before) {
            return Err(self.gap(Missing::BalanceJumps(signature)));
        }
        let mut sum = i128::from(before);
        for act in acts {
            let event = act.name();
            let step = self.step(past, act);
            let (kind, amount) = match step {
                Some(Some(moved)) => moved,
                Some(None) => {
                    // What is left when it closes was given, and the refund owner gets it.
                    sum = sum.min(0);
                    continue;
                }
                None => return Err(self.gap(Missing::DoesNotFollow { event, signature })),
            };
            self.note(past, balance, kind, amount, act)?;
            let amount = i128::from(amount);
            sum += if kind.is_in() { amount } else { -amount };
        }
        self.held = Some(after);
        // Anybody may give a vault more.
        if sum < 0 || i128::from(after) < sum {
            return Err(self.disagrees(past));
        }
        self.check_gifts()
    }

    /// What a vault held that the transaction closed, where the node leaves that out: what the last one left. Surfpool 1.6 does so for the
    /// last account of several; whether anything is missing the totals tell.
    fn untold(&self, past: &Past, vault: &Address) -> Option<TokenChange> {
        let (held, token) = self.held.zip(self.token)?;
        closes(past, vault).then_some(TokenChange {
            before: held,
            after: 0,
            ..token
        })
    }

    /// What the vault holds beyond the escrow.
    fn gifts(&self) -> i128 {
        let left = self.open.and_then(|open| open.left()).unwrap_or_default();
        i128::from(self.held.unwrap_or_default()) - i128::from(left)
    }

    /// Once all totals are known again, the vault must hold the escrow and what it was given before.
    fn check_gifts(&mut self) -> Result<()> {
        let is_known = !self.doubts.is_open(Side::In) && !self.doubts.is_open(Side::Out);
        let Some(last) = self.doubts.last().filter(|_| is_known) else {
            return Ok(());
        };
        let is_whole = self.open.is_none_or(|open| open.left().is_some());
        let is_held = self.held.is_none() || self.gifts() >= self.doubts.gifts();
        if self.open.is_some() && !(is_whole && is_held) {
            return Err(self.disagrees(last));
        }
        self.doubts.clear();
        Ok(())
    }

    fn note(
        &mut self,
        past: &Past,
        balance: Option<&TokenChange>,
        kind: Kind,
        amount: u64,
        act: &Act,
    ) -> Result<()> {
        let (Some(balance), Some(totals)) = (balance, &self.open) else {
            return Err(self.gap(Missing::NoBalance(past.signature)));
        };
        let row = Row::new(past, kind, &self.job, balance, amount);
        self.movements.push(Movement {
            incarnation: totals.incarnation,
            row: if past.logged().truncated {
                row.bridged()
            } else {
                row
            },
            receiver: match act {
                Act::Moved { to: Some(to), .. } => past.tokens_of(to).and_then(|to| to.owner),
                _ => None,
            },
        });
        Ok(())
    }

    fn gap(&self, missing: Missing) -> Error {
        Subject::Job.gap(&self.job, missing)
    }

    /// The totals do not allow that the job ended where it must have.
    fn unclosed(&self) -> Error {
        let last = self.doubts.last().map(|past| past.signature);
        let signature = last.unwrap_or_default();
        let event = "JobClosed";
        self.gap(Missing::DoesNotFollow { event, signature })
    }

    fn disagrees(&self, past: &Past) -> Error {
        Error::Vault {
            signature: past.signature,
            vault: address::vault(&self.job),
        }
    }
}

/// True where everything is known that the program did in a transaction.
pub fn is_told(past: &Past) -> bool {
    past.is_traced && !past.is_untold
}

/// Which transactions opened a job unseen, by their place: those in whose slot one was opened, as what is told later says, and
/// others, and no transaction that is told.
fn hidden_openings(
    pasts: &[Rc<Past>],
    told: &[Option<Vec<Act>>],
    known: &BTreeSet<u64>,
) -> BTreeMap<usize, u64> {
    let acts = || told.iter().flatten().flatten();
    let named = acts().filter_map(Act::incarnation);
    let slots: BTreeSet<u64> = named.chain(known.iter().copied()).collect();
    let is_opening = |acts: &[Act]| acts.iter().any(|act| matches!(act, Act::Opened { .. }));
    let both = pasts.iter().zip(told);
    let seen: BTreeSet<u64> = both
        .filter(|(_, told)| told.as_deref().is_some_and(is_opening))
        .map(|(past, _)| past.slot)
        .collect();
    let hidden = slots.difference(&seen).filter_map(|slot| {
        let mut both = pasts.iter().zip(told);
        // Of several in the slot the last: the others may belong to the job before.
        let place = both.rposition(|(past, told)| told.is_none() && past.slot == *slot)?;
        Some((place, *slot))
    });
    hidden.collect()
}
