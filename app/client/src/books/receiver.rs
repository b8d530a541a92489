//! Where a provider's owner is paid from beside its jobs, and what is not told of it.

use {
    super::{
        Book, Error, Kind, Missing, Result, Row, Subject, Unexplained, Unseen, escrow::is_told,
        payee::Payee,
    },
    crate::{
        Ledger,
        instruction::token::Mint,
        ledger::history::{Past, TokenChange},
    },
    solana_address::Address,
    solana_signature::Signature,
    std::rc::Rc,
};

/// A share or a position, and what pays it.
pub struct Receiver<'a> {
    pub subject: Subject,
    /// The share or the position.
    pub account: Address,
    /// The token account that pays.
    pub vault: Address,
    pub payee: &'a Payee<'a>,
    /// The vault, for its mint, where anything tells it.
    pub token: Option<TokenChange>,
}

impl Receiver<'_> {
    /// Learns the vault's mint from a transaction.
    pub fn see(&mut self, past: &Past) {
        self.token = past.tokens_of(&self.vault).copied().or(self.token);
    }

    /// Learns the vault's mint from the chain, where no transaction told it.
    pub fn ask(&mut self, ledger: &impl Ledger) -> Result<()> {
        if self.token.is_some() {
            return Ok(());
        }
        let vault = ledger.account(&self.vault)?;
        // A token account begins with its mint.
        let mint = vault.and_then(|vault| vault.data.first_chunk().copied());
        let Some(mint) = mint.map(Address::new_from_array) else {
            return Ok(());
        };
        if let Some(found) = ledger.account(&mint)? {
            self.token = Some(TokenChange {
                account: self.vault,
                mint,
                owner: None,
                decimals: Mint::read(&mint, &found)?.decimals,
                before: 0,
                after: 0,
            });
        }
        Ok(())
    }

    /// A row of what the vault paid the owner in one transaction; its balances must show all of it.
    pub fn row(&self, past: &Past, kind: Kind, amount: u64) -> Result<Row> {
        let vault = self.shown(past, amount)?;
        let row = Row::new(past, kind, &self.account, vault, amount);
        Ok(if past.logged().truncated {
            row.bridged()
        } else {
            row
        })
    }

    /// The vault, which paid the owner at least `amount` in this transaction: what it held shows that, or, should somebody have
    /// given it as much at once, what the owner's accounts hold.
    fn shown<'a>(&self, past: &'a Past, amount: u64) -> Result<&'a TokenChange> {
        let owner = self.payee.owner;
        let disagree = || {
            Error::Receipt(Box::new(Unseen {
                signature: past.signature,
                vault: self.vault,
                owner,
            }))
        };
        let vault = past.tokens_of(&self.vault).ok_or_else(disagree)?;
        let owned = past
            .tokens
            .iter()
            .filter(|one| one.owner == Some(owner) && one.mint == vault.mint);
        let rose: i128 = owned.map(change).sum();
        let amount = i128::from(amount);
        if rose >= amount || -change(vault) >= amount {
            Ok(vault)
        } else {
            Err(disagree())
        }
    }

    pub fn gap(&self, missing: Missing) -> Error {
        self.subject.gap(&self.account, missing)
    }
}

fn change(one: &TokenChange) -> i128 {
    i128::from(one.after) - i128::from(one.before)
}

/// The transactions since a total was known that are not told.
#[derive(Default)]
pub struct Unread(Vec<Rc<Past>>);

impl Unread {
    /// Adds the transaction if what it did cannot be known.
    pub fn add(&mut self, past: &Rc<Past>) {
        if !is_told(past) {
            self.0.push(Rc::clone(past));
        }
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn signatures(&self) -> Vec<Signature> {
        self.0.iter().map(|past| past.signature).collect()
    }

    /// Adds a row for what was paid in them: in the last of them that can have paid the owner.
    pub fn bridge(
        &self,
        receiver: &Receiver,
        kind: Kind,
        amount: u64,
        book: &mut Book,
    ) -> Result<()> {
        if amount == 0 {
            return Ok(());
        }
        let Some(token) = &receiver.token else {
            return self.leave_open(receiver, kind, (amount, true), book);
        };
        let able = receiver.payee.able(Some(&token.mint), &self.signatures())?;
        let mut pasts = self.0.iter();
        let past = pasts.rfind(|past| able.contains(&past.signature));
        let past = past.ok_or_else(|| receiver.gap(Missing::Payment(kind)))?;
        let row = Row::new(past, kind, &receiver.account, token, amount);
        book.add([row.bridged()]);
        Ok(())
    }

    /// Names what may have been paid in them: `amount`, and more unless it `is_all`.
    pub fn leave_open(
        &self,
        receiver: &Receiver,
        kind: Kind,
        (amount, is_all): (u64, bool),
        book: &mut Book,
    ) -> Result<()> {
        let mint = receiver.token.map(|token| token.mint);
        let able = receiver.payee.able(mint.as_ref(), &self.signatures())?;
        let may_miss = amount > 0 || !is_all;
        if may_miss && !able.is_empty() {
            book.leave_open(Unexplained {
                account: receiver.account,
                kind,
                mint,
                decimals: receiver.token.map_or(0, |token| token.decimals),
                amount,
                is_all,
                transactions: able,
            });
        }
        Ok(())
    }
}
