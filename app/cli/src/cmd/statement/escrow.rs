//! The whole history of a job's escrow, from the transactions that named its vault: no token of it moves in any other.

use {
    super::{
        book::Row,
        events_of, gap,
        totals::{Door, Totals},
    },
    crate::{archive::Archive, failure::Result},
    sluice_client::{
        ClientError, Event, address,
        events::{EscrowMoved, JobClosed, JobOpened, JobToppedUp},
        ledger::history::{Past, TokenChange},
    },
    solana_address::Address,
    std::rc::Rc,
};

/// Tokens that went into a job's escrow or out of it.
pub struct Movement {
    pub past: Rc<Past>,
    pub incarnation: u64,
    pub mint: Address,
    pub decimals: u8,
    pub door: Door,
    /// Base units.
    pub amount: u64,
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

impl Escrow {
    /// Reads the history of the job at `job`. A transaction that is missing shows: totals would jump, or the vault's balance would.
    pub fn read(archive: &Archive, job: &Address) -> Result<Self> {
        let vault = address::vault(job);
        let mut escrow = Self {
            job: *job,
            movements: vec![],
            open: None,
            held: 0,
        };
        for past in archive.all(&vault)? {
            let events = events_of(&past, "job", job)?;
            escrow.apply(&past, &vault, &events)?;
        }
        Ok(escrow)
    }

    fn apply(&mut self, past: &Rc<Past>, vault: &Address, events: &[Event]) -> Result<()> {
        let balance = past.tokens_of(vault).copied();
        let (before, after) = balance.map_or((0, 0), |one| (one.before, one.after));
        if before != self.held {
            let why = format!("the vault's balance jumps before {}", past.signature);
            return Err(gap("job", &self.job, &why).into());
        }
        let mut sum = i128::from(before);
        for event in events {
            let (door, amount) = match self.step(event) {
                Some(Some(step)) => step,
                Some(None) => {
                    // What is left by then was given, and the buyer gets it.
                    if matches!(event, Event::JobClosed(e) if e.job == self.job) {
                        sum = sum.min(0);
                    }
                    continue;
                }
                None => {
                    let why = format!("{} does not follow in {}", event.name(), past.signature);
                    return Err(gap("job", &self.job, &why).into());
                }
            };
            sum += if door.is_in() {
                i128::from(amount)
            } else {
                -i128::from(amount)
            };
            self.note(past, balance.as_ref(), door, amount)?;
        }
        // Whoever likes may give a vault more.
        if sum < 0 || i128::from(after) < sum {
            let signature = past.signature;
            return Err(ClientError::Rpc(format!(
                "the events of {signature} and the balance of the vault {vault} disagree"
            ))
            .into());
        }
        self.held = after;
        Ok(())
    }

    /// Takes in an event: by which door how much went, none by an event of another job or one that moves nothing. `None` when
    /// it does not follow from what went before.
    fn step(&mut self, event: &Event) -> Option<Option<(Door, u64)>> {
        match event {
            Event::JobOpened(e) if e.job == self.job => self.opened(e),
            Event::JobToppedUp(e) if e.job == self.job => self.topped_up(e),
            Event::EscrowMoved(e) if e.job == self.job => self.moved(e),
            Event::JobClosed(e) if e.job == self.job => self.closed(e),
            _ => Some(None),
        }
    }

    fn opened(&mut self, event: &JobOpened) -> Option<Option<(Door, u64)>> {
        if self.open.is_some() {
            return None;
        }
        self.open = Some(Totals {
            incarnation: event.incarnation,
            funded: event.funded,
            ..Totals::default()
        });
        Some(Some((Door::Funded, event.funded)))
    }

    fn topped_up(&mut self, event: &JobToppedUp) -> Option<Option<(Door, u64)>> {
        let totals = self.open.as_mut()?;
        let amount = event.funded.checked_sub(totals.funded)?;
        totals.funded = event.funded;
        Some(Some((Door::ToppedUp, amount)))
    }

    fn moved(&mut self, event: &EscrowMoved) -> Option<Option<(Door, u64)>> {
        let totals = self.open.as_mut()?;
        let after = totals.after(event);
        let (door, amount) = totals.door_to(&after)?;
        after.left()?;
        *totals = after;
        (amount == event.amount).then_some(Some((door, amount)))
    }

    fn closed(&mut self, event: &JobClosed) -> Option<Option<(Door, u64)>> {
        let totals = self.open.take()?;
        let whole = totals.incarnation == event.incarnation
            && totals.funded == event.funded
            && totals.left() == Some(0);
        whole.then_some(None)
    }

    fn note(
        &mut self,
        past: &Rc<Past>,
        balance: Option<&TokenChange>,
        door: Door,
        amount: u64,
    ) -> Result<()> {
        let (Some(balance), Some(totals)) = (balance, &self.open) else {
            let why = format!("{} does not tell the vault's balance", past.signature);
            return Err(gap("job", &self.job, &why).into());
        };
        self.movements.push(Movement {
            past: Rc::clone(past),
            incarnation: totals.incarnation,
            mint: balance.mint,
            decimals: balance.decimals,
            door,
            amount,
        });
        Ok(())
    }
}

impl Movement {
    /// The row of it, in escrow's own eyes.
    pub fn row(&self, job: &Address) -> Row {
        let is_in = self.door.is_in();
        Row {
            past: Rc::clone(&self.past),
            event: self.door.name(),
            account: *job,
            mint: self.mint,
            decimals: self.decimals,
            amount_in: if is_in { self.amount } else { 0 },
            amount_out: if is_in { 0 } else { self.amount },
        }
    }
}
