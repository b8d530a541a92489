//! The rows between two dates, and the balances before and after them.

use {
    super::{Error, Result, Row},
    solana_address::Address,
    std::collections::BTreeMap,
};

/// A row of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// What moved.
    pub row: Row,
    /// The balance of the row's mint after it, base units.
    pub balance: u64,
}

/// What a mint came to in a period, base units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// Of the amounts.
    pub mint: Address,
    /// Of the mint.
    pub decimals: u8,
    /// The balance before the period.
    pub opening: u64,
    /// Sum of what came in.
    pub amount_in: u64,
    /// Sum of what went out.
    pub amount_out: u64,
    /// The balance after the period.
    pub closing: u64,
    /// The balance after every row there is, as the chain says it too.
    pub now: u64,
}

/// The rows between two dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Oldest first.
    pub lines: Vec<Line>,
    /// By mint.
    pub totals: Vec<Total>,
}

/// Where a row lies.
#[derive(Clone, Copy)]
enum Place {
    Before,
    Within,
    After,
}

impl Period {
    /// The period from `from` on and before `to`, unix seconds, of all `rows` there are in their order.
    pub(super) fn of(rows: Vec<Row>, from: Option<i64>, to: Option<i64>) -> Result<Self> {
        let mut totals = BTreeMap::new();
        let mut lines = vec![];
        for row in rows {
            let place = Place::of(&row, from, to)?;
            let total = totals
                .entry(row.mint)
                .or_insert_with(|| Total::new(row.mint));
            total
                .take(&row, place)
                .ok_or(Error::Overflow { mint: row.mint })?;
            if let Place::Within = place {
                let balance = total.now;
                lines.push(Line { row, balance });
            }
        }
        Ok(Self {
            lines,
            totals: totals.into_values().collect(),
        })
    }
}

impl Place {
    fn of(row: &Row, from: Option<i64>, to: Option<i64>) -> Result<Self> {
        if from.is_none() && to.is_none() {
            return Ok(Self::Within);
        }
        let time = row.time.ok_or(Error::Undated(row.signature))?;
        Ok(if to.is_some_and(|to| time >= to) {
            Self::After
        } else if from.is_some_and(|from| time < from) {
            Self::Before
        } else {
            Self::Within
        })
    }
}

impl Total {
    const fn new(mint: Address) -> Self {
        Self {
            mint,
            decimals: 0,
            opening: 0,
            amount_in: 0,
            amount_out: 0,
            closing: 0,
            now: 0,
        }
    }

    /// Takes in a row; `None` when sums overflow, or more goes out than was in.
    fn take(&mut self, row: &Row, place: Place) -> Option<()> {
        self.decimals = row.decimals;
        let now = self.now.checked_add(row.amount_in())?;
        self.now = now.checked_sub(row.amount_out())?;
        match place {
            Place::Before => {
                self.opening = self.now;
                self.closing = self.now;
            }
            Place::Within => {
                self.closing = self.now;
                self.amount_in = self.amount_in.checked_add(row.amount_in())?;
                self.amount_out = self.amount_out.checked_add(row.amount_out())?;
            }
            Place::After => {}
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        crate::books::{Book, Kind},
        solana_signature::Signature,
    };

    const MINT: Address = Address::new_from_array([1; 32]);

    fn row(time: Option<i64>, kind: Kind, amount: u64) -> Row {
        Row {
            slot: 0,
            time,
            signature: Signature::default(),
            kind,
            account: Address::default(),
            mint: MINT,
            decimals: 6,
            amount,
            is_bridged: false,
        }
    }

    fn book() -> Book {
        let mut book = Book::default();
        book.add([
            row(Some(10), Kind::Funded, 100),
            row(Some(20), Kind::PaidToProvider, 30),
            row(Some(20), Kind::ToppedUp, 5),
            row(Some(30), Kind::Refunded, 75),
        ]);
        book
    }

    fn total(period: &Period) -> Total {
        let [total] = period.totals[..] else {
            panic!("{:?}", period.totals);
        };
        total
    }

    #[test]
    fn the_closing_balance_before_a_date_is_the_opening_one_from_it_on() {
        let (book, whole) = (book(), book().period(None, None).unwrap());
        let balances: Vec<u64> = whole.lines.iter().map(|line| line.balance).collect();
        assert_eq!(balances, [100, 70, 75, 0]);
        for date in [9, 10, 11, 20, 29, 30, 31] {
            let early = book.period(None, Some(date)).unwrap();
            let late = book.period(Some(date), None).unwrap();
            let joined = [early.lines.as_slice(), &late.lines].concat();
            assert_eq!(joined, whole.lines, "at {date}");
            assert_eq!(total(&early).closing, total(&late).opening, "at {date}");
            for period in [early, late] {
                let total = total(&period);
                let moved = total.opening + total.amount_in - total.amount_out;
                assert_eq!((moved, total.now), (total.closing, 0), "at {date}");
            }
        }
        let middle = total(&book.period(Some(20), Some(30)).unwrap());
        assert_eq!((middle.opening, middle.closing), (100, 75));
        assert_eq!((middle.amount_in, middle.amount_out), (5, 30));
    }

    #[test]
    fn more_cannot_go_out_than_was_in() {
        let mut book = book();
        book.add([row(Some(40), Kind::Refunded, 1)]);
        let told = book.period(None, None);
        assert!(matches!(told, Err(Error::Overflow { mint }) if mint == MINT));
    }

    #[test]
    fn a_row_without_a_date_is_in_no_period_between_dates() {
        let mut book = book();
        book.add([row(None, Kind::Funded, 1)]);
        assert!(book.period(None, None).is_ok());
        assert!(matches!(book.period(Some(1), None), Err(Error::Undated(_))));
        assert!(matches!(book.period(None, Some(1)), Err(Error::Undated(_))));
    }
}
