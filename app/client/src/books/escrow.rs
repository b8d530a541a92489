//! The whole history of a job's escrow, from the transactions that named its vault: no token of it moves in any other.

use {
    super::{Error, Kind, Missing, Result, Row, Subject, Totals, events_of},
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
    pub incarnation: u64,
    pub row: Row,
}

/// The movements of a job in all its incarnations.
pub struct Escrow {
    job: Address,
    pub movements: Vec<Movement>,
    /// Of the incarnation that is open now.
    pub open: Option<Totals>,
    /// What the vault held after the last transaction, gifts with it.
    held: u64,
}

/// By which door how much an event moved, if it moved anything.
type Step = Option<(Kind, u64)>;

impl Escrow {
    /// The history of the job at `job`, from every transaction that named its vault and succeeded, oldest first. One that is
    /// missing shows: totals would jump, or the vault's balance would.
    pub fn of(job: &Address, pasts: &[Rc<Past>]) -> Result<Self> {
        let vault = address::vault(job);
        let mut escrow = Self {
            job: *job,
            movements: vec![],
            open: None,
            held: 0,
        };
        for past in pasts {
            let events = events_of(past, Subject::Job, job)?;
            escrow.apply(past, &vault, &events)?;
        }
        Ok(escrow)
    }

    fn apply(&mut self, past: &Past, vault: &Address, events: &[Event]) -> Result<()> {
        let signature = past.signature;
        let balance = past.tokens_of(vault);
        let (before, after) = balance.map_or((0, 0), |one| (one.before, one.after));
        if before != self.held {
            return Err(self.gap(Missing::BalanceJumps(signature)));
        }
        let mut sum = i128::from(before);
        for event in events {
            let step = self.step(event).ok_or_else(|| {
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
        // Anybody may give a vault more.
        if sum < 0 || i128::from(after) < sum {
            let vault = *vault;
            return Err(Error::Vault { signature, vault });
        }
        self.held = after;
        Ok(())
    }

    /// Takes in an event; one of another job moves nothing. `None` when it does not follow from what went before.
    fn step(&mut self, event: &Event) -> Option<Step> {
        match event {
            Event::JobOpened(e) if e.job == self.job => self.opened(e),
            Event::JobToppedUp(e) if e.job == self.job => self.topped_up(e),
            Event::EscrowMoved(e) if e.job == self.job => self.moved(e),
            Event::JobClosed(e) if e.job == self.job => self.closed(e),
            _ => Some(None),
        }
    }

    fn opened(&mut self, event: &JobOpened) -> Option<Step> {
        if self.open.is_some() {
            return None;
        }
        self.open = Some(Totals {
            incarnation: event.incarnation,
            funded: event.funded,
            ..Totals::default()
        });
        Some(Some((Kind::Funded, event.funded)))
    }

    fn topped_up(&mut self, event: &JobToppedUp) -> Option<Step> {
        let totals = self.open.as_mut()?;
        let amount = event.funded.checked_sub(totals.funded)?;
        totals.funded = event.funded;
        Some(Some((Kind::ToppedUp, amount)))
    }

    fn moved(&mut self, event: &EscrowMoved) -> Option<Step> {
        let totals = self.open.as_mut()?;
        let after = totals.after(event);
        let (kind, amount) = totals.moved_to(&after)?;
        after.left()?;
        *totals = after;
        (amount == event.amount).then_some(Some((kind, amount)))
    }

    fn closed(&mut self, event: &JobClosed) -> Option<Step> {
        let totals = self.open.take()?;
        let whole = totals.incarnation == event.incarnation
            && totals.funded == event.funded
            && totals.left() == Some(0);
        whole.then_some(None)
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
