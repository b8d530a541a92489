//! How a change is told: a line for people or programs, or a view that changes in place.

use {
    super::change::Change,
    crate::{
        failure::Result,
        format::Format,
        output::{Fields, Looks, label},
        parse,
        screen::Screen,
    },
    sluice_client::foreign,
    solana_address::Address,
    solana_clock::Clock,
};

/// Changes that stay below the figures on a terminal.
const REMEMBERED: usize = 6;
/// A job's figures on a terminal: those that move.
const MOVING: [&str; 17] = [
    "job",
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
/// What a line says of an account at first sight: state and money.
const TELLING: [&str; 7] = [
    "state",
    "funded",
    "earned",
    "paid",
    "refunded",
    "jobs_completed",
    "claimed",
];

/// What happened to an account.
pub struct News<'a> {
    pub address: Address,
    pub kind: &'static str,
    /// `seen`, `changed` or `closed`.
    pub what: &'static str,
    /// `account` or `time`.
    pub because: &'static str,
    pub changes: &'a [Change],
    /// As they are now; none once it is closed.
    pub figures: Option<&'a Fields>,
}

/// A screen, and when it is told.
pub struct Teller<'a, 'b> {
    screen: &'a mut Screen<'b>,
    pub clock: Clock,
    /// The last lines, where they stand below a view.
    lines: Vec<String>,
}

impl<'a, 'b> Teller<'a, 'b> {
    pub fn new(screen: &'a mut Screen<'b>) -> Self {
        Self {
            screen,
            clock: Clock::default(),
            lines: vec![],
        }
    }

    /// Tells one change in the form that was asked for.
    pub fn tell(&mut self, news: &News) -> Result<()> {
        if self.screen.format != Format::Display {
            let line = self.object(news);
            return self.screen.json_line(&line);
        }
        let said = match (news.what, news.figures) {
            ("changed", _) => sentences(news.changes),
            ("seen", Some(figures)) => summary(figures),
            (what, _) => what.to_owned(),
        };
        let (time, slot) = (parse::date(self.clock.unix_timestamp), self.clock.slot);
        let line = format!(
            "{time}  slot {slot}  {} {}  {said}\n",
            news.kind, news.address
        );
        if self.screen.redraws() {
            self.lines.push(line);
            return Ok(());
        }
        self.screen.write(&line)
    }

    fn object(&self, news: &News) -> Fields {
        let changed = news.changes.iter().fold(Fields::new(), |all, change| {
            all.with(change.name.clone(), change.fields())
        });
        self.moment()
            .with("account", news.address)
            .with("kind", news.kind)
            .with("what", news.what)
            .with("because", news.because)
            .with("changed", changed)
            .with("figures", news.figures.cloned())
    }

    fn moment(&self) -> Fields {
        Fields::new()
            .with("slot", self.clock.slot)
            .date("time", self.clock.unix_timestamp)
    }

    /// Tells what happened to the watching itself.
    pub fn note(&mut self, text: &str, what: &'static str) -> Result<()> {
        if self.screen.format != Format::Display {
            let line = self.moment().with("what", what).with("note", text);
            return self.screen.json_line(&line);
        }
        if self.screen.redraws() {
            self.lines.push(format!("{text}\n"));
        } else {
            self.screen.note(text);
        }
        Ok(())
    }

    /// Puts these figures and the last lines in the place of the last view, on a terminal.
    pub fn redraw(&mut self, root: Option<&(&'static str, Fields)>) -> Result<()> {
        if !self.screen.redraws() {
            return Ok(());
        }
        let (time, slot) = (parse::date(self.clock.unix_timestamp), self.clock.slot);
        let mut text = format!("{time}  slot {slot}\n");
        if let Some((kind, figures)) = root {
            let shown = figures.only(|name| *kind != "job" || MOVING.contains(&name));
            text += &shown.render(Format::Display, &self.screen.looks);
        }
        let old = self.lines.len().saturating_sub(REMEMBERED);
        self.lines.drain(..old);
        text.extend(self.lines.iter().map(|line| foreign::lines(line)));
        self.screen.redraw(&text)
    }
}

fn sentences(changes: &[Change]) -> String {
    let sentences: Vec<String> = changes.iter().map(Change::sentence).collect();
    sentences.join(", ")
}

fn summary(figures: &Fields) -> String {
    let shown = figures.only(|name| TELLING.contains(&name));
    let words: Vec<String> = shown
        .items()
        .map(|(name, value)| format!("{} {}", label(name), value.display(&Looks::default())))
        .collect();
    if words.is_empty() {
        "seen".to_owned()
    } else {
        words.join(", ")
    }
}
