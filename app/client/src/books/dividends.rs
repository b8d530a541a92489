//! What the owner of a provider received as dividends of its own stake.

use {
    super::{
        Book, Books, Kind, Missing, Result, Subject,
        escrow::is_told,
        payee::Payee,
        provider::Known,
        receiver::{Receiver, Unread},
    },
    crate::{
        Event, Ledger, account, address,
        ledger::history::{Call, Past},
    },
    anchor_lang::Discriminator,
    sluice::{instruction as ix, state::Position},
    std::rc::Rc,
};

/// Where instructions name the position.
const OF_CLAIM: usize = 6;
const OF_CLOSING: usize = 2;

/// The history of a position.
struct Story<'a> {
    receiver: Receiver<'a>,
    /// What was claimed in all since it was opened, base units modulo 2^64.
    claimed: u64,
    unread: Unread,
}

/// The dividends of the owner's position in the provider's stake pool.
pub fn read(
    books: &Books<impl Ledger>,
    known: &Known,
    payee: &Payee,
    book: &mut Book,
) -> Result<()> {
    let pool = address::stake_pool(&known.provider);
    let position = address::position(&pool, &known.owner);
    let mut story = Story {
        receiver: Receiver {
            subject: Subject::Position,
            account: position,
            vault: address::dividends(&pool),
            payee,
            token: None,
        },
        claimed: 0,
        unread: Unread::default(),
    };
    let pasts = books.archive.all(&position)?;
    if pasts.iter().any(|past| !is_told(past)) {
        story.receiver.ask(books.ledger)?;
    }
    for past in &pasts {
        story.apply(past, book)?;
    }
    let account = books.ledger.account(&position)?;
    let account = account
        .map(|found| account::decode::<Position>(&position, &found))
        .transpose()?;
    story.settle(account.map(|account| account.dividend_claimed), book)?;
    let chain = account.map_or(0, |account| account.dividend_claimed);
    book.compare(Subject::Position, &position, story.claimed, chain);
    Ok(())
}

impl Story<'_> {
    fn apply(&mut self, past: &Rc<Past>, book: &mut Book) -> Result<()> {
        self.receiver.see(past);
        let position = self.receiver.account;
        let logged = past.logged();
        let owner = self.receiver.payee.owner;
        let mut totals = logged.events.iter().filter_map(|event| match event {
            Event::DividendsClaimed(e)
                if e.staker == owner && address::position(&e.pool, &owner) == position =>
            {
                Some(e.claimed)
            }
            _ => None,
        });
        let is_on = |call: &&Call| {
            let named = |index| call.account(index) == Some(position);
            (call.is(ix::ClaimDividends::DISCRIMINATOR) && named(OF_CLAIM))
                || (call.is(ix::ClosePosition::DISCRIMINATOR) && named(OF_CLOSING))
        };
        for call in past.calls.iter().filter(is_on) {
            if call.is(ix::ClosePosition::DISCRIMINATOR) {
                self.open_end(book)?;
                self.end();
                continue;
            }
            let amount = call.taken_from(&self.receiver.vault);
            let total = totals.next();
            let follows = match total {
                Some(total) => self.reach(total.wrapping_sub(amount), book)?,
                None => logged.truncated,
            };
            if !follows {
                let (event, signature) = ("DividendsClaimed", past.signature);
                let missing = Missing::DoesNotFollow { event, signature };
                return Err(self.receiver.gap(missing));
            }
            book.add([self.receiver.row(past, Kind::DividendClaimed, amount)?]);
            self.claimed = self.claimed.wrapping_add(amount);
        }
        self.unread.add(past);
        Ok(())
    }

    /// Bridges what was claimed unseen until the total was `to`; false where nothing can have been. A total that fell began anew with
    /// a position that was closed and opened in transactions that are not told.
    fn reach(&mut self, to: u64, book: &mut Book) -> Result<bool> {
        if self.unread.is_empty() {
            return Ok(to == self.claimed);
        }
        if to < self.claimed {
            self.open_end(book)?;
            self.claimed = 0;
        }
        let unseen = to.saturating_sub(self.claimed);
        self.unread
            .bridge(&self.receiver, Kind::DividendClaimed, unseen, book)?;
        self.unread.clear();
        self.claimed = to;
        Ok(true)
    }

    /// Bridges what was not told by the account's total, or by there being no account.
    fn settle(&mut self, total: Option<u64>, book: &mut Book) -> Result<()> {
        if let Some(total) = total {
            self.reach(total, book)?;
        } else if !self.unread.is_empty() {
            self.open_end(book)?;
            self.end();
        }
        Ok(())
    }

    /// Names what may have been claimed unseen before the position was closed.
    fn open_end(&self, book: &mut Book) -> Result<()> {
        let open = (0, false);
        self.unread
            .leave_open(&self.receiver, Kind::DividendClaimed, open, book)
    }

    fn end(&mut self) {
        self.claimed = 0;
        self.unread.clear();
    }
}
