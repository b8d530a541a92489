//! What was seen of a subject, and how a change of it is told.

use {
    super::{
        change::{self, Change},
        subject::Subject,
    },
    crate::{
        failure::{Failure, Result},
        output::{Fields, Format, Value},
        parse,
        screen::Screen,
        session::Session,
    },
    sluice_client::{ClientError, Ledger},
    solana_account::Account,
    solana_address::Address,
    solana_clock::Clock,
    std::collections::BTreeMap,
};

/// Changes that stay below the figures on a terminal.
const REMEMBERED: usize = 6;
/// A job's figures on a terminal: those that move.
const MOVING: [&str; 16] = [
    "state",
    "provider",
    "node",
    "mint",
    "funded",
    "earned",
    "paid",
    "owed",
    "pending",
    "pending_until",
    "challenged",
    "refundable",
    "refunded",
    "at_risk",
    "paid_until",
    "end_at",
];

/// An account as it was last seen.
struct Seen {
    kind: &'static str,
    figures: Fields,
    account: Account,
}

/// A subject on a screen.
pub struct View<'a, 'b, L> {
    pub session: &'a Session<L>,
    pub subject: Subject,
    screen: &'a mut Screen<'b>,
    seen: BTreeMap<[u8; 32], Seen>,
    clock: Clock,
    changes: Vec<String>,
}

impl<'a, 'b, L: Ledger> View<'a, 'b, L> {
    /// Nothing was seen yet.
    pub fn new(session: &'a Session<L>, subject: Subject, screen: &'a mut Screen<'b>) -> Self {
        Self {
            session,
            subject,
            screen,
            seen: BTreeMap::new(),
            clock: Clock::default(),
            changes: vec![],
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
        let states = ["open", "active", "released"];
        let mut items = root.figures.items().iter();
        let (_, state) = items.find(|(name, _)| *name == "state")?;
        states.into_iter().find(|name| *state == Value::from(*name))
    }

    /// Reads everything and tells what is new.
    pub fn read(&mut self) -> Result<()> {
        self.clock = self.session.ledger.clock()?;
        let all = self.subject.read(self.session)?;
        let there: Vec<[u8; 32]> = all.iter().map(|(address, _)| address.to_bytes()).collect();
        for (address, account) in all {
            self.take(address, account)?;
        }
        let gone = self.seen.keys().filter(|key| !there.contains(key));
        for key in gone.copied().collect::<Vec<_>>() {
            self.closed(Address::from(key))?;
        }
        self.redraw()
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
            Ok(clock) => self.clock = clock,
            Err(ClientError::Rpc(_)) => {}
            Err(other) => return Err(other.into()),
        }
        if account.owner == sluice_client::ID && account.lamports > 0 {
            self.take(address, account)?;
        } else {
            self.closed(address)?;
        }
        self.redraw()
    }

    fn take(&mut self, address: Address, account: Account) -> Result<()> {
        let now = self.clock.unix_timestamp;
        let figures = self
            .subject
            .figures(self.session, &address, &account, now)?;
        let Some((kind, figures)) = figures else {
            return Ok(());
        };
        let now = Seen {
            kind,
            figures,
            account,
        };
        let before = self.seen.get(&address.to_bytes());
        let (what, because, changes) = match before {
            None => ("seen", "account", vec![]),
            Some(before) => {
                let because = if before.account.data == now.account.data {
                    "time"
                } else {
                    "account"
                };
                let changes = change::between(&before.figures, &now.figures);
                ("changed", because, changes)
            }
        };
        let is_new = before.is_none();
        let figures = now.figures.clone();
        self.seen.insert(address.to_bytes(), now);
        if !is_new && changes.is_empty() {
            return Ok(());
        }
        self.tell(address, kind, what, because, &changes, Some(figures))
    }

    fn closed(&mut self, address: Address) -> Result<()> {
        match self.seen.remove(&address.to_bytes()) {
            Some(seen) => self.tell(address, seen.kind, "closed", "account", &[], None),
            None => Ok(()),
        }
    }

    /// Tells one change in the form that was asked for.
    fn tell(
        &mut self,
        address: Address,
        kind: &'static str,
        what: &'static str,
        because: &'static str,
        changes: &[Change],
        figures: Option<Fields>,
    ) -> Result<()> {
        if self.screen.format != Format::Display {
            let changed = changes.iter().fold(Fields::new(), |all, change| {
                all.with(change.name, change.fields())
            });
            let line = self
                .moment()
                .with("account", address)
                .with("kind", kind)
                .with("what", what)
                .with("because", because)
                .with("changed", changed)
                .with("figures", figures);
            return self.screen.json_line(&line);
        }
        let said = match (what, &figures) {
            ("changed", _) => {
                let sentences: Vec<_> = changes.iter().map(Change::sentence).collect();
                sentences.join(", ")
            }
            ("seen", Some(figures)) => summary(figures),
            _ => what.to_owned(),
        };
        let time = parse::date(self.clock.unix_timestamp);
        let slot = self.clock.slot;
        let line = format!("{time}  slot {slot}  {kind} {address}  {said}\n");
        if self.screen.redraws() {
            self.changes.push(line);
            return Ok(());
        }
        self.screen.write(&line)
    }

    /// Tells what happened to the watching itself.
    pub fn note(&mut self, text: &str, what: &'static str) -> Result<()> {
        if self.screen.format != Format::Display {
            let line = self.moment().with("what", what).with("note", text);
            return self.screen.json_line(&line);
        }
        if self.screen.redraws() {
            self.changes.push(format!("{text}\n"));
            return self.redraw();
        }
        self.screen.note(text);
        Ok(())
    }

    fn moment(&self) -> Fields {
        Fields::new()
            .with("slot", self.clock.slot)
            .date("time", self.clock.unix_timestamp)
    }

    /// The figures of the account that was named, and the last changes, in the place of the last view.
    fn redraw(&mut self) -> Result<()> {
        if !self.screen.redraws() {
            return Ok(());
        }
        let time = parse::date(self.clock.unix_timestamp);
        let mut text = format!("{time}  slot {}\n", self.clock.slot);
        if let Some(root) = self.seen.get(&self.subject.root().to_bytes()) {
            let moving = |name: &str| root.kind != "job" || name == "job" || MOVING.contains(&name);
            text += &root.figures.only(moving).render(Format::Display);
        }
        let last = self.changes.len().saturating_sub(REMEMBERED);
        self.changes.drain(..last);
        text.extend(self.changes.iter().map(String::as_str));
        self.screen.redraw(&text)
    }
}

/// An account at first sight: state and money, in one line.
fn summary(figures: &Fields) -> String {
    let told = [
        "state",
        "funded",
        "earned",
        "paid",
        "refunded",
        "jobs_completed",
        "claimed",
    ];
    let shown = figures
        .items()
        .iter()
        .filter(|(name, _)| told.contains(name));
    let words: Vec<String> = shown
        .map(|(name, value)| format!("{} {}", name.replace('_', " "), value.display()))
        .collect();
    if words.is_empty() {
        "seen".to_owned()
    } else {
        words.join(", ")
    }
}
