//! What the owner of a provider received from reward pools.

use {
    super::{
        Book, Books, Kind, Missing, Result, Subject,
        escrow::is_told,
        payee::Payee,
        provider::Known,
        receiver::{Receiver, Unread},
    },
    crate::{
        Event, Ledger, address,
        ledger::{
            Snapshot,
            history::{Call, Past},
        },
    },
    anchor_lang::Discriminator,
    sluice::{instruction as ix, state::Share},
    solana_address::Address,
    std::rc::Rc,
};

/// Where a claim names the share, and where its tokens go.
const SHARE: usize = 1;
const DESTINATION: usize = 6;

/// What a share was paid in all, base units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Claimed {
    payee: u64,
    delegators: u64,
}

/// Whose total it is.
#[derive(Clone, Copy)]
enum Side {
    Payee,
    Delegators,
}

/// What an instruction did to a share.
enum Act {
    Joined,
    /// Base units, and the total after it, where the log tells.
    Claimed(u64, Option<u64>),
    /// The same, and whether the payee got it.
    Delegated(u64, Option<u64>, bool),
    Closed,
}

/// The history of one share.
struct Story<'a> {
    receiver: Receiver<'a>,
    /// The vault of dividends, where the delegators' part goes while there are any.
    dividends: Address,
    claimed: Option<Claimed>,
    /// What was earned in all as an event said after the last transaction that is not told.
    earned: Option<Claimed>,
    payee: Unread,
    delegators: Unread,
}

/// The claims of every share of the provider's nodes.
pub fn read(
    books: &Books<impl Ledger>,
    known: &Known,
    payee: &Payee,
    book: &mut Book,
) -> Result<()> {
    let mut told = vec![];
    for (share, pool) in &known.shares {
        let mut story = Story {
            receiver: Receiver {
                subject: Subject::Share,
                account: *share,
                vault: address::vault(pool),
                payee,
                token: None,
            },
            dividends: address::dividends(&address::stake_pool(&known.provider)),
            claimed: None,
            earned: None,
            payee: Unread::default(),
            delegators: Unread::default(),
        };
        let pasts = books.archive.all(share)?;
        if pasts.iter().any(|past| !is_told(past)) {
            story.receiver.ask(books.ledger)?;
        }
        for past in pasts {
            story.apply(&past, book)?;
        }
        told.push((share, story));
    }
    let mut accounts = Snapshot::default();
    accounts.gather(books.ledger, known.shares.keys().copied())?;
    for (share, mut story) in told {
        let chain = accounts.find(share)?.map(|share: Share| Claimed {
            payee: share.claimed,
            delegators: share.delegators_claimed,
        });
        story.settle(chain, book)?;
        book.compare(Subject::Share, share, story.claimed, chain);
    }
    Ok(())
}

impl Story<'_> {
    fn apply(&mut self, past: &Rc<Past>, book: &mut Book) -> Result<()> {
        self.receiver.see(past);
        let logged = past.logged();
        let share = self.receiver.account;
        let mut events = logged.events.iter().filter(|event| is_of(event, &share));
        for call in &past.calls {
            let Some(act) = self.act(call, &mut events) else {
                continue;
            };
            let (event, signature) = (act.name(), past.signature);
            let is_told = logged.truncated || act.is_told();
            let step = is_told.then(|| self.step(past, &act, book)).transpose()?;
            step.flatten().ok_or_else(|| {
                self.receiver
                    .gap(Missing::DoesNotFollow { event, signature })
            })?;
        }
        for event in &logged.events {
            if let Event::RewardFolded(e) = event
                && e.share == share
            {
                self.earned = Some(Claimed {
                    payee: e.earned,
                    delegators: e.delegators_earned,
                });
            }
        }
        self.payee.add(past);
        self.delegators.add(past);
        if !is_told(past) || logged.truncated {
            self.earned = None;
        }
        Ok(())
    }

    /// What the instruction did to this share, with the next of the share's events if the log tells it.
    fn act<'e>(&self, call: &Call, events: &mut impl Iterator<Item = &'e Event>) -> Option<Act> {
        let is_ours = |index| call.account(index) == Some(self.receiver.account);
        let amount = call.taken_from(&self.receiver.vault);
        if call.is(ix::JoinRewardPool::DISCRIMINATOR) && is_ours(5) {
            Some(Act::Joined)
        } else if call.is(ix::CloseShare::DISCRIMINATOR) && is_ours(2) {
            Some(Act::Closed)
        } else if call.is(ix::Claim::DISCRIMINATOR) && is_ours(SHARE) {
            let total = match events.next() {
                Some(Event::RewardClaimed(e)) => Some(e.claimed),
                _ => None,
            };
            Some(Act::Claimed(amount, total))
        } else if call.is(ix::PayDelegators::DISCRIMINATOR) && is_ours(SHARE) {
            let total = match events.next() {
                Some(Event::DelegatorsPaid(e)) => Some(e.claimed),
                _ => None,
            };
            let to_payee = call.account(DESTINATION) != Some(self.dividends);
            Some(Act::Delegated(amount, total, to_payee))
        } else {
            None
        }
    }

    /// Takes in what an instruction did; `None` inside when it does not follow from what went before.
    fn step(&mut self, past: &Rc<Past>, act: &Act, book: &mut Book) -> Result<Option<()>> {
        match *act {
            Act::Joined => {
                if self.claimed.is_some() {
                    if self.payee.is_empty() {
                        return Ok(None);
                    }
                    // Its closing is not told.
                    self.end(book)?;
                }
                self.begin();
                Ok(Some(()))
            }
            Act::Closed => {
                let is_open = self.claimed.is_some() || !self.payee.is_empty();
                self.end(book)?;
                Ok(is_open.then_some(()))
            }
            Act::Claimed(amount, total) => {
                let Some(claimed) = self.before(amount, total, Side::Payee, book)? else {
                    return Ok(None);
                };
                if let Some(total) = total {
                    let unseen = total.saturating_sub(amount).saturating_sub(claimed.payee);
                    self.payee
                        .bridge(&self.receiver, Kind::RewardClaimed, unseen, book)?;
                    self.payee.clear();
                }
                book.add([self.receiver.row(past, Kind::RewardClaimed, amount)?]);
                let payee = total.or_else(|| claimed.payee.checked_add(amount));
                self.claimed = payee.map(|payee| Claimed { payee, ..claimed });
                Ok(self.claimed.map(|_| ()))
            }
            Act::Delegated(amount, total, to_payee) => {
                let Some(claimed) = self.before(amount, total, Side::Delegators, book)? else {
                    return Ok(None);
                };
                if let Some(total) = total {
                    let unseen = total.saturating_sub(amount);
                    self.delegated(unseen.saturating_sub(claimed.delegators), book)?;
                    self.delegators.clear();
                }
                if to_payee {
                    book.add([self.receiver.row(past, Kind::UndelegatedPart, amount)?]);
                }
                let delegators = total.or_else(|| claimed.delegators.checked_add(amount));
                self.claimed = delegators.map(|delegators| Claimed {
                    delegators,
                    ..claimed
                });
                Ok(self.claimed.map(|_| ()))
            }
        }
    }

    fn begin(&mut self) {
        self.claimed = Some(Claimed::default());
        self.payee.clear();
        self.delegators.clear();
    }

    /// The totals before `amount` raised that of a side to `total`. If it fell, the share was closed and joined anew in a transaction
    /// that is not told.
    fn before(
        &mut self,
        amount: u64,
        total: Option<u64>,
        side: Side,
        book: &mut Book,
    ) -> Result<Option<Claimed>> {
        let is_open = !self.unread(side).is_empty();
        let follows = |known: Claimed| match total.map(|total| total.checked_sub(amount)) {
            Some(Some(before)) if is_open => before >= known.of(side),
            Some(before) => before == Some(known.of(side)),
            None => true,
        };
        if self.claimed.is_some_and(follows) {
            return Ok(self.claimed);
        }
        if !is_open {
            return Ok(None);
        }
        self.claimed = match self.claimed {
            Some(known) => {
                self.open_end(book)?;
                // What was told since is of the new share.
                let of = |side| match self.unread(side).is_empty() {
                    true => known.of(side),
                    false => 0,
                };
                Some(Claimed {
                    payee: of(Side::Payee),
                    delegators: of(Side::Delegators),
                })
            }
            None => Some(Claimed::default()),
        };
        Ok(self.claimed)
    }

    const fn unread(&self, side: Side) -> &Unread {
        match side {
            Side::Payee => &self.payee,
            Side::Delegators => &self.delegators,
        }
    }

    /// Notes the delegators' part that was paid unseen: to the owner only if a transaction names its token account, and surely to it
    /// only if none names the vault of dividends.
    fn delegated(&self, unseen: u64, book: &mut Book) -> Result<()> {
        if unseen == 0 {
            return Ok(());
        }
        let payee = self.receiver.payee;
        let all = self.delegators.signatures();
        if payee.naming(&[self.dividends], &all)?.is_empty() {
            return self
                .delegators
                .bridge(&self.receiver, Kind::UndelegatedPart, unseen, book);
        }
        let open = (unseen, true);
        self.delegators
            .leave_open(&self.receiver, Kind::UndelegatedPart, open, book)
    }

    /// Ends the share: by then it had been paid all that it had earned.
    fn end(&mut self, book: &mut Book) -> Result<()> {
        match (self.claimed, self.earned) {
            (Some(_), Some(earned)) => self.settle(Some(earned), book)?,
            _ => self.open_end(book)?,
        }
        self.claimed = None;
        self.payee.clear();
        self.delegators.clear();
        Ok(())
    }

    /// Names what may have been paid unseen where no total tells how much.
    fn open_end(&self, book: &mut Book) -> Result<()> {
        let open = (0, false);
        self.payee
            .leave_open(&self.receiver, Kind::RewardClaimed, open, book)?;
        self.delegators
            .leave_open(&self.receiver, Kind::UndelegatedPart, open, book)
    }

    /// Bridges what was not told by the totals that there are, or by there being no share.
    fn settle(&mut self, totals: Option<Claimed>, book: &mut Book) -> Result<()> {
        if self.payee.is_empty() && self.delegators.is_empty() {
            return Ok(());
        }
        let Some(totals) = totals else {
            self.open_end(book)?;
            self.claimed = None;
            return Ok(());
        };
        let known = self
            .claimed
            .filter(|known| totals.payee >= known.payee && totals.delegators >= known.delegators);
        if known.is_none() && self.claimed.is_some() {
            // It was closed and joined anew in transactions that are not told.
            self.open_end(book)?;
        }
        let known = known.unwrap_or_default();
        if !self.payee.is_empty() {
            let unseen = totals.payee.saturating_sub(known.payee);
            self.payee
                .bridge(&self.receiver, Kind::RewardClaimed, unseen, book)?;
            self.claimed = Some(Claimed {
                payee: totals.payee,
                ..known
            });
        }
        if !self.delegators.is_empty() {
            self.delegated(totals.delegators.saturating_sub(known.delegators), book)?;
            self.claimed = Some(Claimed {
                delegators: totals.delegators,
                ..self.claimed.unwrap_or(known)
            });
        }
        Ok(())
    }
}

impl Claimed {
    const fn of(self, side: Side) -> u64 {
        match side {
            Side::Payee => self.payee,
            Side::Delegators => self.delegators,
        }
    }
}

impl Act {
    const fn is_told(&self) -> bool {
        match self {
            Self::Claimed(_, total) | Self::Delegated(_, total, _) => total.is_some(),
            Self::Joined | Self::Closed => true,
        }
    }

    const fn name(&self) -> &'static str {
        match self {
            Self::Joined => "ShareJoined",
            Self::Claimed(..) => "RewardClaimed",
            Self::Delegated(..) => "DelegatorsPaid",
            Self::Closed => "ShareClosed",
        }
    }
}

/// True for an event that tells what the share was paid.
fn is_of(event: &Event, share: &Address) -> bool {
    match event {
        Event::RewardClaimed(e) => e.share == *share,
        Event::DelegatorsPaid(e) => e.share == *share,
        _ => false,
    }
}
