//! The whole history of a job's escrow, from the transactions that named its vault: no token of it moves in any other.

use {
    super::{
        Error, Kind, Missing, Result, Row, Subject, Totals,
        doubt::{Doubt, Doubts, Side, doors},
    },
    crate::{
        Event, address,
        ledger::history::{Past, TokenChange},
    },
    sluice::events::{EscrowMoved, JobClosed, JobOpened, JobToppedUp},
    solana_address::Address,
    std::rc::Rc,
};

/// Tokens that went into a job's escrow or out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Movement {
    /// Slot in which the job was opened: its address may be used again.
    pub incarnation: u64,
    /// What moved.
    pub row: Row,
}

/// The movements of a job in all its incarnations.
pub struct Escrow {
    job: Address,
    /// Oldest first.
    pub movements: Vec<Movement>,
    /// Of the incarnation that is open now.
    pub open: Option<Totals>,
    /// What the vault held after the last transaction, gifts with it.
    held: u64,
    /// The vault when last seen, for its mint.
    token: Option<TokenChange>,
    doubts: Doubts,
}

/// What a transaction tells beside its events.
struct Told {
    /// The doors that its instructions opened; none where they are unknown.
    doors: Vec<Kind>,
    /// What came into the vault, escrow and gifts.
    came: u64,
}

/// By which door how much an event moved, if it moved anything.
type Step = Option<(Kind, u64)>;

impl Escrow {
    /// The history of the job at `job`, from every transaction that named its vault and succeeded, oldest first. One that is
    /// missing shows: totals would jump, or the vault's balance would. What happened in one that cannot be read is bridged by the totals
    /// that are read next.
    pub fn of(job: &Address, pasts: &[Rc<Past>]) -> Result<Self> {
        let vault = address::vault(job);
        let mut escrow = Self {
            job: *job,
            movements: vec![],
            open: None,
            held: 0,
            token: None,
            doubts: Doubts::default(),
        };
        for past in pasts {
            escrow.apply(past, &vault)?;
        }
        Ok(escrow)
    }

    /// True when something that cannot be read was the last that happened.
    pub(super) const fn is_in_doubt(&self) -> bool {
        !self.doubts.is_empty()
    }

    /// Bridges what could not be read last by what the job's account says, if there is one.
    pub(super) fn settle(&mut self, account: Option<&Totals>) -> Result<()> {
        match (self.open, account) {
            (Some(open), Some(account)) if open.incarnation == account.incarnation => {
                // What cannot be bridged is left as it is, and is not what the chain says.
                let _unbridged: Option<()> = self.reach(account);
                self.check_gifts()
            }
            (Some(open), _) => {
                // Its closing could not be read.
                self.open = self.open.filter(|_| open.left() != Some(0));
                Ok(())
            }
            (None, _) => Ok(()),
        }
    }

    fn apply(&mut self, past: &Rc<Past>, vault: &Address) -> Result<()> {
        let gifts = self.gifts();
        if past.is_untold {
            let doubt = Doubt::untold(past, self.movements.len());
            self.doubts.add(doubt, gifts);
            return Ok(());
        }
        let (logged, signature) = (past.logged(), past.signature);
        let balance = past.tokens_of(vault);
        self.token = balance.copied().or(self.token);
        let (before, after) = balance.map_or((0, 0), |one| (one.before, one.after));
        if before != self.held && !self.doubts.is_blind() {
            return Err(self.gap(Missing::BalanceJumps(signature)));
        }
        self.doubts.see(i128::from(before) - i128::from(self.held));
        let told = Told {
            doors: doors(past, vault),
            came: self.came(&logged.events, before, after),
        };
        let mut sum = i128::from(before);
        for event in &logged.events {
            let step = self.step(event, &told).ok_or_else(|| {
                let event = event.name();
                self.gap(Missing::DoesNotFollow { event, signature })
            })?;
            if let Some((kind, amount)) = step {
                self.note(past, balance, kind, amount)?;
                let amount = i128::from(amount);
                sum += if kind.is_in() { amount } else { -amount };
            } else if matches!(event, Event::JobClosed(e) if e.job == self.job) {
                // What is left by then was given, and the buyer gets it.
                sum = sum.min(0);
            }
        }
        self.held = after;
        if logged.truncated && past.calls_on(vault).next().is_some() {
            let rest = i128::from(after) - sum;
            let doubt = Doubt::cut(past, vault, rest, self.movements.len());
            self.doubts.add(doubt, gifts);
        } else if sum < 0 || i128::from(after) < sum {
            // Anybody may give a vault more.
            let vault = *vault;
            return Err(Error::Vault { signature, vault });
        }
        self.check_gifts()
    }

    /// What came into the vault in a transaction with these events, as its balance tells.
    fn came(&self, events: &[Event], before: u64, after: u64) -> u64 {
        let went = events.iter().map(|event| match event {
            Event::EscrowMoved(e) if e.job == self.job => e.amount,
            _ => 0,
        });
        let went = went.fold(0, u64::saturating_add);
        after.saturating_add(went).saturating_sub(before)
    }

    /// What the vault holds beyond the escrow.
    fn gifts(&self) -> i128 {
        let left = self.open.and_then(|open| open.left()).unwrap_or_default();
        i128::from(self.held) - i128::from(left)
    }

    /// Once all totals are known again, the vault must hold the escrow and what it was given before.
    fn check_gifts(&mut self) -> Result<()> {
        let Some(signature) = self.doubts.last().filter(|_| self.doubts.are_settled()) else {
            return Ok(());
        };
        let is_whole = self.open.is_none_or(|open| open.left().is_some());
        let is_held = self.doubts.is_blind() || self.gifts() >= self.doubts.gifts();
        if self.open.is_some() && !(is_whole && is_held) {
            let vault = address::vault(&self.job);
            return Err(Error::Vault { signature, vault });
        }
        self.doubts.clear();
        Ok(())
    }

    /// Takes in an event; one of another job moves nothing. `None` when it does not follow from what went before.
    fn step(&mut self, event: &Event, told: &Told) -> Option<Step> {
        match event {
            Event::JobOpened(e) if e.job == self.job => self.opened(e),
            Event::JobToppedUp(e) if e.job == self.job => self.topped_up(e, told),
            Event::EscrowMoved(e) if e.job == self.job => self.moved(e, told),
            Event::JobClosed(e) if e.job == self.job => self.closed(e),
            _ => Some(None),
        }
    }

    fn opened(&mut self, event: &JobOpened) -> Option<Step> {
        if let Some(open) = self.open {
            // Its closing could not be read.
            (self.is_in_doubt() && open.left() == Some(0)).then_some(())?;
        }
        self.doubts.clear();
        self.open = Some(Totals {
            incarnation: event.incarnation,
            funded: event.funded,
            ..Totals::default()
        });
        Some(Some((Kind::Funded, event.funded)))
    }

    fn topped_up(&mut self, event: &JobToppedUp, told: &Told) -> Option<Step> {
        let grown = event.funded.checked_sub(self.open?.funded)?;
        if self.doubts.is_open(Side::In) {
            self.bridge_in(grown.saturating_sub(told.came))?;
        }
        let totals = self.open.as_mut()?;
        let amount = event.funded.checked_sub(totals.funded)?;
        totals.funded = event.funded;
        Some(Some((Kind::ToppedUp, amount)))
    }

    fn moved(&mut self, event: &EscrowMoved, told: &Told) -> Option<Step> {
        if self.doubts.is_open(Side::Out) {
            let after = self.open?.after(event);
            let before = self.before(&after, event.amount, &told.doors)?;
            self.bridge_out(&before)?;
        }
        let totals = self.open.as_mut()?;
        let after = totals.after(event);
        let (kind, amount) = totals.moved_to(&after)?;
        if !self.doubts.is_open(Side::In) {
            after.left()?;
        }
        *totals = after;
        (amount == event.amount).then_some(Some((kind, amount)))
    }

    fn closed(&mut self, event: &JobClosed) -> Option<Step> {
        if self.doubts.is_open(Side::In) {
            self.bridge_in(event.funded.checked_sub(self.open?.funded)?)?;
        }
        let left = self.open?.left().filter(|left| *left > 0);
        if let Some(left) = left.filter(|_| self.doubts.is_open(Side::Out)) {
            for (kind, amount) in self.doubts.ways_out(left)? {
                self.bridge(kind, amount)?;
                self.open = Some(self.open?.after_door(kind, amount)?);
            }
        }
        self.doubts.clear();
        let totals = self.open.take()?;
        let whole = totals.incarnation == event.incarnation
            && totals.funded == event.funded
            && totals.left() == Some(0);
        whole.then_some(None)
    }

    /// The totals before `amount` went out and left `after`, by one of `doors`: such as leave the least to what cannot be read.
    fn before(&self, after: &Totals, amount: u64, doors: &[Kind]) -> Option<Totals> {
        let open = self.open?;
        let kinds = Kind::OUT.into_iter();
        let told = kinds.filter(|kind| doors.is_empty() || doors.contains(kind));
        let possible = told.filter_map(|kind| {
            let before = after.before(kind, amount)?;
            let grown = open.grown_to(&before)?;
            let mut able = grown.iter().map(|(kind, _)| self.doubts.place(*kind));
            able.all(|place| place.is_some())
                .then_some((grown.len(), before))
        });
        let (_, before) = possible.min_by_key(|(doors, _)| *doors)?;
        Some(before)
    }

    /// Brings the totals to what the account says.
    fn reach(&mut self, account: &Totals) -> Option<()> {
        self.bridge_in(account.funded.checked_sub(self.open?.funded)?)?;
        self.bridge_out(account)
    }

    /// Notes what came in unseen.
    fn bridge_in(&mut self, amount: u64) -> Option<()> {
        if amount > 0 {
            self.bridge(Kind::ToppedUp, amount)?;
        }
        let totals = self.open.as_mut()?;
        totals.funded = totals.funded.checked_add(amount)?;
        self.doubts.read(Side::In);
        Some(())
    }

    /// Notes what went out unseen until the totals were these.
    fn bridge_out(&mut self, to: &Totals) -> Option<()> {
        let open = self.open?;
        for (kind, amount) in open.grown_to(to)? {
            self.bridge(kind, amount)?;
        }
        let funded = open.funded;
        self.open = Some(Totals { funded, ..*to });
        self.doubts.read(Side::Out);
        Some(())
    }

    /// Adds a row for what happened in a transaction that cannot be read.
    fn bridge(&mut self, kind: Kind, amount: u64) -> Option<()> {
        let (index, past) = self.doubts.place(kind)?;
        let row = Row::new(&past, kind, &self.job, &self.token?, amount).bridged();
        let incarnation = self.open?.incarnation;
        let at = self.doubts.insert(index, kind).min(self.movements.len());
        self.movements.insert(at, Movement { incarnation, row });
        Some(())
    }

    fn note(
        &mut self,
        past: &Past,
        balance: Option<&TokenChange>,
        kind: Kind,
        amount: u64,
    ) -> Result<()> {
        let (Some(balance), Some(totals)) = (balance, &self.open) else {
            return Err(self.gap(Missing::NoBalance(past.signature)));
        };
        self.movements.push(Movement {
            incarnation: totals.incarnation,
            row: Row::new(past, kind, &self.job, balance, amount),
        });
        Ok(())
    }

    fn gap(&self, missing: Missing) -> Error {
        Subject::Job.gap(&self.job, missing)
    }
}
