//! What was seen of a subject.

use {
    super::{
        change,
        figures::figures,
        tell::{News, Teller},
    },
    crate::{
        failure::{Failure, Result},
        output::{Fields, Value},
        screen::Screen,
        session::Session,
    },
    sluice_client::{ClientError, Ledger, watch::Subject},
    solana_account::Account,
    solana_address::Address,
    std::collections::BTreeMap,
};

/// An account as it was last seen.
struct Seen {
    kind: &'static str,
    figures: Fields,
    data: Vec<u8>,
}

/// A subject as it was last seen, and who tells what is new.
pub struct View<'a, 'b, L> {
    pub session: &'a Session<L>,
    pub subject: Subject,
    teller: Teller<'a, 'b>,
    seen: BTreeMap<[u8; 32], Seen>,
    /// The account that was named, even once it is closed.
    root: Option<(&'static str, Fields)>,
}

impl<'a, 'b, L: Ledger> View<'a, 'b, L> {
    /// Nothing was seen yet.
    pub fn new(session: &'a Session<L>, subject: Subject, screen: &'a mut Screen<'b>) -> Self {
        Self {
            session,
            subject,
            teller: Teller::new(screen),
            seen: BTreeMap::new(),
            root: None,
        }
    }

    /// False once the account that was named is closed.
    pub fn is_there(&self) -> bool {
        self.seen.contains_key(&self.subject.root().to_bytes())
    }

    /// The state of the job that was named.
    pub fn state(&self) -> Option<&'static str> {
        let Some(root) = self.seen.get(&self.subject.root().to_bytes()) else {
            return Some("closed");
        };
        let state = root.figures.get("state")?;
        ["open", "active", "released"]
            .into_iter()
            .find(|name| *state == Value::from(*name))
    }

    /// Reads everything and tells what is new.
    pub fn read(&mut self) -> Result<()> {
        self.teller.clock = self.session.ledger.clock()?;
        let all = self.subject.read(&self.session.ledger)?;
        let there: Vec<[u8; 32]> = all.iter().map(|(address, _)| address.to_bytes()).collect();
        for (address, account) in all {
            self.take(address, account)?;
        }
        let gone = self.seen.keys().filter(|key| !there.contains(key));
        for key in gone.copied().collect::<Vec<_>>() {
            self.closed(Address::from(key))?;
        }
        self.teller.redraw(self.root.as_ref())
    }

    /// [`Self::read`], though the node may not answer for a while.
    pub fn read_again(&mut self) -> Result<()> {
        match self.read() {
            Err(Failure::Client(ClientError::Rpc(cause))) => {
                self.note(&format!("{cause}; reading again"), "unread")
            }
            other => other,
        }
    }

    /// Takes in what the node tells.
    pub fn told(&mut self, address: Address, account: Account) -> Result<()> {
        match self.session.ledger.clock() {
            Ok(clock) => self.teller.clock = clock,
            Err(ClientError::Rpc(_)) => {}
            Err(other) => return Err(other.into()),
        }
        let taken = if account.owner == sluice_client::ID && account.lamports > 0 {
            self.take(address, account)
        } else {
            self.closed(address)
        };
        match taken {
            // Some figures need another read; the next of everything makes up for it.
            Err(Failure::Client(ClientError::Rpc(cause))) => {
                self.note(&format!("{cause}; reading again"), "unread")
            }
            taken => taken.and_then(|()| self.teller.redraw(self.root.as_ref())),
        }
    }

    /// Tells what happened to the watching itself.
    pub fn note(&mut self, text: &str, what: &'static str) -> Result<()> {
        self.teller.note(text, what)?;
        self.teller.redraw(self.root.as_ref())
    }

    fn take(&mut self, address: Address, account: Account) -> Result<()> {
        let now = self.teller.clock.unix_timestamp;
        let figures = figures(self.session, &self.subject, &address, &account, now)?;
        let Some((kind, figures)) = figures else {
            return Ok(());
        };
        if address == self.subject.root() {
            self.root = Some((kind, figures.clone()));
        }
        let now = Seen {
            kind,
            figures,
            data: account.data,
        };
        let before = self.seen.get(&address.to_bytes());
        let changes = before.map(|before| change::between(&before.figures, &now.figures));
        let same = before.is_some_and(|before| before.data == now.data);
        let news = News {
            address,
            kind,
            what: if changes.is_some() { "changed" } else { "seen" },
            because: if same { "time" } else { "account" },
            changes: changes.as_deref().unwrap_or_default(),
            figures: Some(&now.figures),
        };
        if changes.is_none() || !news.changes.is_empty() {
            self.teller.tell(&news)?;
        }
        self.seen.insert(address.to_bytes(), now);
        Ok(())
    }

    fn closed(&mut self, address: Address) -> Result<()> {
        let Some(seen) = self.seen.remove(&address.to_bytes()) else {
            return Ok(());
        };
        self.teller.tell(&News {
            address,
            kind: seen.kind,
            what: "closed",
            because: "account",
            changes: &[],
            figures: None,
        })
    }
}
