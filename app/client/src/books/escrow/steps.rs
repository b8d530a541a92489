//! What instructions do to an escrow, and what follows of the transactions before them that are not told.

use {
    super::{Escrow, Life, Movement, UnseenEnd},
    crate::{
        books::{Kind, Row, Totals, act::Act, doubt::Side},
        ledger::history::Past,
    },
    sluice::events::{EscrowMoved, JobClosed},
    std::rc::Rc,
};

impl Escrow {
    /// Takes in what an instruction did: by which door how much moved, or nothing. `None` when it does not follow from what went
    /// before.
    pub(super) fn step(&mut self, past: &Rc<Past>, act: &Act) -> Option<Option<(Kind, u64)>> {
        match *act {
            Act::Opened { funded, event } => {
                let agrees = event
                    .is_none_or(|event| event.incarnation == past.slot && event.funded == funded);
                self.opened(past.slot, funded).filter(|()| agrees)?;
                Some(Some((Kind::Funded, funded)))
            }
            Act::ToppedUp {
                incarnation,
                amount,
                funded,
            } => {
                self.topped_up(incarnation, amount, funded)?;
                Some(Some((Kind::ToppedUp, amount)))
            }
            Act::Moved {
                kind,
                amount,
                event,
                ..
            } => {
                self.moved(kind, amount, event.as_ref())?;
                Some(Some((kind, amount)))
            }
            Act::Closed { event } => self.closed(event.as_ref()).map(|()| None),
        }
    }

    fn opened(&mut self, slot: u64, funded: u64) -> Option<()> {
        if self.open.is_some() {
            // Its closing is not told.
            self.is_in_doubt().then_some(())?;
            self.end()?;
        }
        self.doubts.clear();
        self.begin(slot, false);
        self.is_funded = true;
        self.open.as_mut()?.funded = funded;
        Some(())
    }

    fn topped_up(&mut self, incarnation: u64, amount: u64, funded: Option<u64>) -> Option<()> {
        self.be(incarnation)?;
        if let Some(funded) = funded.filter(|_| self.doubts.is_open(Side::In)) {
            let before = funded.checked_sub(amount)?;
            self.bridge_in(before)?;
        }
        let totals = self.open.as_mut()?;
        totals.funded = totals.funded.checked_add(amount)?;
        let agrees = funded.is_none_or(|funded| funded == totals.funded);
        agrees.then_some(())
    }

    fn moved(&mut self, kind: Kind, amount: u64, event: Option<&EscrowMoved>) -> Option<()> {
        if self.doubts.is_open(Side::Out) {
            let follows = |open: Totals| match event {
                Some(event) => open.grown_to(&open.after(event).before(kind, amount)?),
                None => Some(vec![]),
            };
            if self.open.and_then(follows).is_none() {
                // Another job, whose opening is not told.
                self.begin_in_doubt()?;
            }
            if let Some(event) = event {
                let before = self.open?.after(event).before(kind, amount)?;
                self.bridge_out(&before)?;
            }
        }
        let after = self.open?.after_door(kind, amount)?;
        let agrees = event.is_none_or(|event| after == after.after(event));
        self.open = Some(after);
        self.cover()?;
        agrees.then_some(())
    }

    /// More cannot leave than came in: what is lacking came in unseen, if anything can have.
    fn cover(&mut self) -> Option<()> {
        let open = self.open?;
        if open.left().is_some() {
            return Some(());
        }
        self.doubts.is_open(Side::In).then_some(())?;
        self.raise(open.out()?)
    }

    fn closed(&mut self, event: Option<&JobClosed>) -> Option<()> {
        if self.open.is_none() && self.is_in_doubt() {
            self.begin_in_doubt()?;
        }
        if let Some(event) = event {
            self.be(event.incarnation)?;
            if self.doubts.is_open(Side::In) {
                self.bridge_in(event.funded)?;
            }
            (self.open?.funded == event.funded).then_some(())?;
        }
        self.end()
    }

    /// Begins a job at the address.
    fn begin(&mut self, incarnation: u64, is_guess: bool) {
        self.is_funded = false;
        self.lives.push(Life {
            incarnation,
            is_guess,
            end: None,
        });
        self.open = Some(Totals {
            incarnation,
            ..Totals::default()
        });
    }

    /// Begins one that the last transaction opened, which is not told; one that was open before ended by then.
    pub(super) fn begin_unseen(&mut self, incarnation: u64, is_guess: bool) -> Option<()> {
        if self.open.is_some() {
            self.finish()?;
        }
        self.doubts.begin_in_last();
        self.begin(incarnation, is_guess);
        Some(())
    }

    /// Begins one because what follows is not of the one before. The last transaction that is not told must have opened it, or
    /// one before that, and what moved since is its own.
    fn begin_in_doubt(&mut self) -> Option<()> {
        let is_guess = self.doubts.are_several();
        let (at, slot) = self.doubts.last_place()?;
        let own: Vec<(Kind, u64)> = self
            .movements
            .get(at..)?
            .iter()
            .map(|movement| (movement.row.kind, movement.row.amount))
            .collect();
        for (kind, amount) in &own {
            self.open = Some(self.open?.before(*kind, *amount)?);
        }
        self.begin_unseen(slot, is_guess)?;
        for (kind, amount) in &own {
            self.open = Some(self.open?.after_door(*kind, *amount)?);
            self.cover()?;
        }
        for movement in self.movements.iter_mut().rev().take(own.len()) {
            movement.incarnation = slot;
        }
        Some(())
    }

    /// Makes sure that the open job is the one of that incarnation.
    fn be(&self, incarnation: u64) -> Option<()> {
        (self.open?.incarnation == incarnation).then_some(())
    }

    /// Ends the open job, and with it all doubt.
    pub(super) fn end(&mut self) -> Option<()> {
        self.finish()?;
        self.doubts.clear();
        Some(())
    }

    /// Ends the open job. What was left of it left by doors that nothing tells.
    fn finish(&mut self) -> Option<()> {
        let is_all = !self.doubts.is_open(Side::In);
        let left = self.open?.left()?;
        if left > 0 {
            self.bridge(Kind::Unseen, left)?;
        }
        let side = if is_all { Side::Out } else { Side::In };
        if let Some(life) = self.lives.last_mut()
            && (left > 0 || !is_all)
        {
            life.end = Some(UnseenEnd {
                left,
                is_all,
                transactions: self.doubts.open(side),
            });
        }
        self.open = None;
        Some(())
    }

    /// Brings the totals to what the account says.
    pub(super) fn reach(&mut self, account: &Totals) -> Option<()> {
        self.be(account.incarnation)?;
        if self.doubts.is_open(Side::In) {
            self.bridge_in(account.funded)?;
        }
        if self.doubts.is_open(Side::Out) {
            self.bridge_out(account)?;
        }
        Some(())
    }

    /// Notes what came in unseen until so much had been deposited in all, and that no more did.
    fn bridge_in(&mut self, funded: u64) -> Option<()> {
        self.raise(funded)?;
        self.doubts.read(Side::In);
        Some(())
    }

    /// Notes what came in unseen until so much at least had been deposited in all.
    fn raise(&mut self, funded: u64) -> Option<()> {
        let open = self.open?;
        let amount = funded.checked_sub(open.funded)?;
        let first = self.doubts.open(Side::In).first().copied();
        let mut own = self.movements.iter_mut().rev();
        let raised = own.find(|one| {
            let is_own = one.incarnation == open.incarnation && one.row.kind.is_in();
            is_own && Some(one.row.signature) == first
        });
        if let Some(raised) = raised {
            raised.row.amount = raised.row.amount.checked_add(amount)?;
        } else if amount > 0 {
            let kind = if self.is_funded {
                Kind::ToppedUp
            } else {
                Kind::Funded
            };
            self.bridge(kind, amount)?;
            self.is_funded = true;
        }
        self.open.as_mut()?.funded = funded;
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

    /// Adds a row for what happened in a transaction that is not told.
    fn bridge(&mut self, kind: Kind, amount: u64) -> Option<()> {
        let (incarnation, token) = (self.open?.incarnation, self.token?);
        let (at, past) = self.doubts.insert(kind)?;
        let row = Row::new(&past, kind, &self.job, &token, amount).bridged();
        let movement = Movement {
            incarnation,
            row,
            receiver: None,
        };
        self.movements
            .insert(at.min(self.movements.len()), movement);
        Some(())
    }
}
