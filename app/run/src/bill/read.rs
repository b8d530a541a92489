//! Reads a bill from the history of a ledger.

use {
    super::{
        Bill, Charge, Error, Lamports, Left, Part, Rate, Result, Unbalanced, Units, story::Story,
    },
    sluice_client::{
        Address, ClientError, Job, Ledger, Signature,
        books::{self, Books, Escrow, Line, Totals},
        ledger::{Snapshot, history::Past},
    },
    std::{
        collections::{BTreeMap, BTreeSet},
        rc::Rc,
        thread::sleep,
        time::Duration,
    },
};

/// How often chain and history are read before they count as at odds: one may be a moment ahead of the other.
const ATTEMPTS: u32 = 3;
const MOMENT: Duration = Duration::from_secs(1);

impl Bill {
    /// What the jobs of `parts`, which `buyer` opened, came to. `signatures` are the transactions that the run sent, whatever came of
    /// them.
    ///
    /// # Errors
    ///
    /// [`Error::Books`] where the history of any of the buyer's jobs is not whole: rows have the balances of the whole statement.
    /// [`Error::Unbalanced`] with the numbers where a job's rows are not what its account says.
    pub fn read(
        ledger: &impl Ledger,
        buyer: &Address,
        parts: &[Part],
        signatures: &[Signature],
    ) -> Result<Self> {
        let books = Books::of(ledger)?;
        let reader = Reader {
            books: &books,
            ledger,
            buyer,
            signatures,
        };
        for _ in 1..ATTEMPTS {
            match reader.read(parts) {
                Err(error) if error.may_pass() => sleep(MOMENT),
                read => return read,
            }
        }
        reader.read(parts)
    }
}

struct Reader<'a, L> {
    books: &'a Books<'a, L>,
    ledger: &'a L,
    buyer: &'a Address,
    signatures: &'a [Signature],
}

/// An address at which the run opened jobs: its rows in the buyer's statement, by their place there, and the life that each is of.
struct Place {
    escrow: Escrow,
    rows: Vec<(usize, u64)>,
}

/// Transactions, each once.
#[derive(Default)]
struct Seen(BTreeMap<[u8; 64], Rc<Past>>);

impl<L: Ledger> Reader<'_, L> {
    fn read(&self, parts: &[Part]) -> Result<Bill> {
        let statement = self.books.buyer(self.buyer)?.period(None, None)?.lines;
        let places = self.places(parts, &statement)?;
        let mut accounts = Snapshot::default();
        accounts.gather(self.ledger, places.keys().copied())?;
        let now = self.ledger.clock()?.unix_timestamp;

        let mut bill = Bill::empty(self.buyer);
        let (mut seen, mut chosen) = (Seen::default(), BTreeSet::new());
        for part in parts {
            let place = places.get(&part.job).ok_or(Error::NotOpened(part.job))?;
            let incarnation = self.incarnation(part, place, &statement)?;
            let own: Vec<usize> = place.rows_of(incarnation).collect();
            if own.iter().any(|index| !chosen.insert(*index)) {
                return Err(Error::Twice(part.job));
            }
            let account: Option<Job> = accounts.find(&part.job)?;
            let account = account.filter(|account| account.incarnation == incarnation);
            let lines = own.iter().filter_map(|index| statement.get(*index));
            let mut charge = Charge::new(part, incarnation);
            for line in lines {
                charge.take(line).ok_or(Error::Overflow)?;
                bill.pay_in(line)?;
            }
            charge.hold_against(account.as_ref(), now)?;
            let job = (&part.job, incarnation, place.next(incarnation));
            let story = Story::read(self.books, self.buyer, job)?;
            charge.tell(&story, part, account.as_ref(), now)?;
            story.pasts.into_iter().for_each(|past| seen.add(past));
            bill.add(charge)?;
        }
        let indexed = statement.into_iter().enumerate();
        let own = indexed.filter(|(index, _)| chosen.contains(index));
        bill.lines = own.map(|(_, line)| line).collect();
        let untold = self.gather(&mut seen)?;
        bill.finish(&seen, untold)?;
        Ok(bill)
    }

    /// The addresses of the parts, each read once.
    fn places(&self, parts: &[Part], statement: &[Line]) -> Result<BTreeMap<Address, Place>> {
        let jobs: BTreeSet<Address> = parts.iter().map(|part| part.job).collect();
        let places = jobs.into_iter().map(|job| {
            let escrow = self.books.escrow(&job)?;
            let indexed = statement.iter().enumerate();
            let own = indexed.filter(|(_, line)| line.row.account == job);
            let own: Vec<(usize, &Line)> = own.collect();
            // The statement has the rows of an address in the order of its escrow.
            let both = own.iter().zip(&escrow.movements);
            let agree = own.len() == escrow.movements.len()
                && both.clone().all(|((_, line), moved)| line.row == moved.row);
            if !agree {
                return Err(Error::Changed(job));
            }
            let rows = both.map(|((index, _), moved)| (*index, moved.incarnation));
            let rows = rows.collect();
            Ok((job, Place { escrow, rows }))
        });
        places.collect()
    }

    /// Which of the jobs at the address is the run's: the one it says, or the last one that it opened.
    fn incarnation(&self, part: &Part, place: &Place, statement: &[Line]) -> Result<u64> {
        let mut lives = place.escrow.lives.iter().rev();
        let found = lives.find(|life| match part.incarnation {
            Some(incarnation) => life.incarnation == incarnation,
            None => {
                let first = place.rows_of(life.incarnation).next();
                let opening = first.and_then(|index| statement.get(index));
                opening.is_some_and(|line| self.signatures.contains(&line.row.signature))
            }
        });
        let found = found.map(|life| life.incarnation);
        found.ok_or(Error::NotOpened(part.job))
    }

    /// Adds the transactions that the run sent; tells which the node does not tell.
    fn gather(&self, seen: &mut Seen) -> Result<BTreeSet<Signature>> {
        let mut untold = BTreeSet::new();
        for signature in self.signatures {
            match self.books.transaction(signature) {
                Ok(past) => past.into_iter().for_each(|past| seen.add(past)),
                Err(books::Error::Client(ClientError::Untold(signature))) => {
                    untold.insert(signature);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(untold)
    }
}

impl Place {
    /// Where the statement has the rows of a life, in their order.
    fn rows_of(&self, incarnation: u64) -> impl Iterator<Item = usize> {
        let own = self.rows.iter().filter(move |(_, of)| *of == incarnation);
        own.map(|(index, _)| *index)
    }

    /// The slot in which the next job was opened there.
    fn next(&self, incarnation: u64) -> Option<u64> {
        let lives = self.escrow.lives.iter().map(|life| life.incarnation);
        lives.filter(|slot| *slot > incarnation).min()
    }
}

impl Seen {
    fn add(&mut self, past: Rc<Past>) {
        self.0.insert(past.signature.into(), past);
    }

    /// What `payer` paid for them, lamports.
    fn fees(&self, payer: &Address) -> u64 {
        let own = self
            .0
            .values()
            .filter(|past| past.accounts.first() == Some(payer));
        own.filter_map(|past| past.fee).fold(0, u64::saturating_add)
    }
}

impl Charge {
    fn take(&mut self, line: &Line) -> Option<()> {
        self.figures.take(&line.row)
    }

    /// The rows must come to what is left in escrow.
    fn hold_against(&mut self, account: Option<&Job>, now: i64) -> Result<()> {
        if let Some(account) = account {
            let left = Totals::of(account).left();
            self.figures.in_escrow = left.ok_or(Error::Inconsistent(self.job))?;
            self.left = Some(Left::of(&self.job, account, now)?);
        }
        if self.figures.is_balanced() {
            return Ok(());
        }
        Err(Error::Unbalanced(Box::new(Unbalanced {
            job: self.job,
            figures: self.figures,
        })))
    }

    /// Takes in what happened beside the escrow.
    fn tell(&mut self, story: &Story, part: &Part, account: Option<&Job>, now: i64) -> Result<()> {
        let counted = match account {
            Some(account) => {
                let mut account = *account;
                let matured = account.mature(now).map(|_| account.units_matured);
                matured.map_err(|_| Error::Inconsistent(self.job))?
            }
            None => story.units.proven.saturating_sub(story.units.void),
        };
        let cost = self.figures.cost().ok_or(Error::Overflow)?;
        self.figures.units = Units {
            paid: Units::paid(cost, part.price, counted),
            ..story.units
        };
        self.figures.bonds = story.bonds;
        self.rent = story.rent;
        Ok(())
    }
}

impl Bill {
    fn empty(buyer: &Address) -> Self {
        Self {
            buyer: *buyer,
            mint: None,
            decimals: 0,
            jobs: vec![],
            total: super::Figures::default(),
            chunks_done: 0,
            per_chunk: None,
            lamports: Lamports::default(),
            untold: vec![],
            lines: vec![],
        }
    }

    /// A run pays in one mint.
    fn pay_in(&mut self, line: &Line) -> Result<()> {
        let row = &line.row;
        if *self.mint.get_or_insert(row.mint) != row.mint {
            return Err(Error::Mints(row.account));
        }
        self.decimals = row.decimals;
        Ok(())
    }

    fn add(&mut self, charge: Charge) -> Result<()> {
        let total = self.total.plus(&charge.figures);
        self.total = total.ok_or(Error::Overflow)?;
        self.chunks_done = self.chunks_done.saturating_add(charge.chunks_done.into());
        self.lamports.rent = self.lamports.rent.plus(&charge.rent);
        self.jobs.push(charge);
        Ok(())
    }

    fn finish(&mut self, seen: &Seen, mut untold: BTreeSet<Signature>) -> Result<()> {
        let cost = self.total.cost().ok_or(Error::Overflow)?;
        self.per_chunk = Rate::of(cost, self.chunks_done);
        self.lamports.fees = seen.fees(&self.buyer);
        let unclear = seen
            .0
            .values()
            .filter(|past| past.is_untold || past.logged().truncated || !past.is_traced);
        untold.extend(unclear.map(|past| past.signature));
        self.untold = untold.into_iter().collect();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        crate::{bill::Figures, order::Price},
    };

    #[test]
    fn a_job_that_does_not_balance_is_refused_with_its_numbers() {
        let part = Part {
            job: Address::new_from_array([1; 32]),
            incarnation: None,
            node: Address::default(),
            provider: Address::default(),
            price: Price { price: 1, per: 1 },
            chunks_done: 0,
        };
        let figures = Figures {
            deposited: 100,
            topped_up: 5,
            paid: 60,
            refunded: 44,
            ..Figures::default()
        };
        let mut charge = Charge::new(&part, 7);
        charge.figures = figures;
        let refused = charge.hold_against(None, 0).err().unwrap();
        let told = refused.to_string();
        assert!(
            told.contains("deposited 100 and topped up 5, but paid 60"),
            "{told}"
        );
        assert!(refused.may_pass());
        charge.figures.refunded += 1;
        assert!(charge.hold_against(None, 0).is_ok());
    }
}
