//! How a result looks to people: the width they have, colour, the chain's time, and the names they gave.

use {
    anstream::{AutoStream, ColorChoice},
    anstyle::{AnsiColor, Style},
    console::Term,
    indicatif::TermLike,
    sluice::constants::WRAPPED_SOL,
    sluice_client::explorer::Explorer,
    solana_address::Address,
    std::{collections::BTreeMap, env, fmt::Display, io::stdout, rc::Rc, sync::Arc},
    terminal_size::Width,
};

/// The terminal that results go to, and the one for everything else.
#[derive(Clone, Debug, Default)]
pub struct Terminal {
    /// Columns of the one that results go to; `None` where they go elsewhere.
    pub columns: Option<usize>,
    pub colored: bool,
    /// Where errors and questions go; `None` where that is no terminal.
    pub errors: Option<Arc<dyn TermLike>>,
    /// True where what stands on a line can be replaced.
    pub moves: bool,
}

impl Terminal {
    /// Those behind standard output and standard error, in colour as far as they and the environment allow that.
    pub fn here() -> Self {
        let size = terminal_size::terminal_size_of(stdout());
        let errors = Term::buffered_stderr();
        Self {
            columns: size.map(|(Width(columns), _)| usize::from(columns)),
            colored: AutoStream::choice(&stdout()) != ColorChoice::Never,
            errors: errors.is_term().then(|| Arc::new(errors) as _),
            moves: env::var_os("TERM").is_some_and(|term| term != "dumb"),
        }
    }
}

/// Letters of an address that stay at either end when it is shortened.
const ENDS: usize = 4;

/// What people look at a result with. Without a terminal nothing is shortened, left out or coloured.
#[derive(Clone, Debug, Default)]
pub struct Looks {
    /// Columns of the terminal; `None` where the output is none.
    pub columns: Option<usize>,
    pub colored: bool,
    /// True where everything is to be shown, however long the lines get.
    pub wide: bool,
    /// The chain's clock when it was last read, unix seconds.
    pub now: Option<i64>,
    pub names: Rc<Names>,
    /// Where people look at accounts and transactions.
    pub explorer: Option<Explorer>,
}

impl Looks {
    /// Those of a terminal.
    pub fn on(terminal: &Terminal) -> Self {
        let mut names = Names::default();
        for mint in WRAPPED_SOL {
            names.name(&mint, "SOL");
        }
        Self {
            columns: terminal.columns,
            colored: terminal.colored,
            names: names.into(),
            ..Self::default()
        }
    }

    /// The same with the names that a person gave to addresses.
    pub fn naming(mut self, given: &BTreeMap<String, Address>) -> Self {
        let names = Rc::make_mut(&mut self.names);
        // Wrapped SOL keeps its symbol.
        let given = given
            .iter()
            .filter(|(_, address)| !WRAPPED_SOL.contains(address));
        for (name, address) in given {
            names.name(address, name);
        }
        self
    }

    /// The same where `wide` asks for everything.
    pub fn wide(self, wide: bool) -> Self {
        Self { wide, ..self }
    }

    /// The width that a line must not pass; `None` where it may be of any.
    pub const fn limit(&self) -> Option<usize> {
        if self.wide { None } else { self.columns }
    }

    /// True where details are left out and addresses in tables are short.
    pub const fn is_narrow(&self) -> bool {
        self.limit().is_some()
    }

    /// The explorer, where its links are to be written out: on a terminal that shows everything.
    pub fn written_explorer(&self) -> Option<&Explorer> {
        let is_asked_for = self.wide && self.columns.is_some();
        self.explorer.as_ref().filter(|_| is_asked_for)
    }

    /// The explorer, where it is linked to: on a terminal whose text can be clicked on. Others show the text alone.
    pub fn linked_explorer(&self) -> Option<&Explorer> {
        let links = self.colored && self.columns.is_some();
        self.explorer.as_ref().filter(|_| links)
    }

    /// `text` as a title.
    pub fn title(&self, text: impl Display) -> String {
        self.styled(Style::new().bold(), text)
    }

    /// `text` that matters less.
    pub fn dimmed(&self, text: impl Display) -> String {
        self.styled(Style::new().dimmed(), text)
    }

    /// `text` in the colour of `mood`.
    pub fn in_mood(&self, mood: Mood, text: impl Display) -> String {
        self.styled(Style::new().fg_color(Some(mood.color().into())), text)
    }

    fn styled(&self, style: Style, text: impl Display) -> String {
        if self.colored {
            format!("{style}{text}{style:#}")
        } else {
            text.to_string()
        }
    }
}

/// Whether a state is as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Mood {
    Good,
    Waiting,
    Bad,
}

impl Mood {
    const fn color(self) -> AnsiColor {
        match self {
            Self::Good => AnsiColor::Green,
            Self::Waiting => AnsiColor::Yellow,
            Self::Bad => AnsiColor::Red,
        }
    }

    /// The same in a table's cell.
    pub const fn in_tables(self) -> comfy_table::Color {
        match self {
            Self::Good => comfy_table::Color::DarkGreen,
            Self::Waiting => comfy_table::Color::DarkYellow,
            Self::Bad => comfy_table::Color::DarkRed,
        }
    }
}

/// Names that people gave to addresses; that of a mint is its symbol.
#[derive(Clone, Debug, Default)]
pub struct Names(BTreeMap<[u8; 32], String>);

impl Names {
    /// Names an address.
    pub fn name(&mut self, address: &Address, name: impl Into<String>) {
        self.0.insert(address.to_bytes(), name.into());
    }

    /// The name of `address`, if it has one.
    pub fn of(&self, address: &Address) -> Option<&str> {
        self.0.get(&address.to_bytes()).map(String::as_str)
    }
}

/// The ends of an address or a hash, where there is no place for all of it.
pub fn shortened(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    match (letters.first_chunk::<ENDS>(), letters.last_chunk::<ENDS>()) {
        (Some(first), Some(last)) if letters.len() > 3 * ENDS => {
            let ends = [first, last].map(|end| end.iter().collect::<String>());
            ends.join("\u{2026}")
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shortened_to_its_ends() {
        let address = Address::new_from_array([7; 32]).to_string();
        let short = shortened(&address);
        assert_eq!(short.chars().count(), 9);
        assert!(address.starts_with(short.get(..4).unwrap()));
        assert_eq!(shortened("short"), "short");
        assert_eq!(shortened("\u{e9}\u{e9}"), "\u{e9}\u{e9}");
    }
}
