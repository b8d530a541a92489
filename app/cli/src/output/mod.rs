//! Results: ordered fields, shown to people or written as JSON.

mod looks;
mod table;
mod value;

use {
    crate::format::Format,
    serde::{Deserialize, Serialize},
    serde_json::Value as Json,
    sluice::constants::WRAPPED_SOL,
    sluice_client::{amount::SOL_DECIMALS, foreign},
    solana_address::Address,
    std::borrow::Cow,
};
pub use {
    looks::{Looks, Mood, Terminal},
    value::Value,
};

/// Who sees a field.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
enum Seen {
    #[default]
    ByAll,
    /// By programs, and by people who asked for everything.
    WhenWide,
    ByPeople,
    ByPrograms,
    /// The title of those that follow, for people.
    AsTitle,
}

/// A named value.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
struct Item {
    name: Cow<'static, str>,
    value: Value,
    seen: Seen,
}

impl Item {
    fn label(&self) -> String {
        self.name.replace('_', " ")
    }

    fn is_shown(&self, looks: &Looks) -> bool {
        match self.seen {
            Seen::ByAll | Seen::ByPeople | Seen::AsTitle => true,
            Seen::WhenWide => !looks.is_narrow(),
            Seen::ByPrograms => false,
        }
    }
}

/// Named values in the order they are shown.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Fields {
    items: Vec<Item>,
    always_json: bool,
    partly: bool,
    /// Stands for everything else, in every form.
    verbatim: Option<String>,
    incomplete: bool,
}

impl Fields {
    /// No fields yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A text that is the result as it is, in every form.
    pub fn verbatim(text: String) -> Self {
        Self {
            verbatim: Some(text),
            ..Self::default()
        }
    }

    /// Adds a field.
    pub fn with(self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        self.put(name, value, Seen::ByAll)
    }

    /// Adds a field that a terminal shows with `--wide` only.
    pub fn detail(self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        self.put(name, value, Seen::WhenWide)
    }

    /// Adds a field that is for people alone: it says in words what others have in fields.
    pub fn said(self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        self.put(name, value, Seen::ByPeople)
    }

    /// Adds a field that is for programs alone.
    pub fn data(self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        self.put(name, value, Seen::ByPrograms)
    }

    /// Begins a section: for people, the fields that follow stand under this title.
    pub fn section(self, title: &'static str) -> Self {
        self.put(title, Value::Absent, Seen::AsTitle)
    }

    fn put(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<Value>,
        seen: Seen,
    ) -> Self {
        self.items.push(Item {
            name: name.into(),
            value: value.into(),
            seen,
        });
        self
    }

    /// Makes the last field a detail if it says nothing: zero, no or none.
    pub fn unless_nothing(mut self) -> Self {
        if let Some(last) = self.items.last_mut()
            && last.seen == Seen::ByAll
            && last.value.is_nothing()
        {
            last.seen = Seen::WhenWide;
        }
        self
    }

    /// Adds an amount of base units.
    pub fn tokens(self, name: &'static str, base: u64, decimals: u8) -> Self {
        let mint = None;
        self.with(
            name,
            Value::Tokens {
                base,
                decimals,
                mint,
            },
        )
    }

    /// Adds an amount of lamports.
    pub fn sol(self, name: &'static str, lamports: u64) -> Self {
        let [mint, _] = WRAPPED_SOL;
        self.with(
            name,
            Value::Tokens {
                base: lamports,
                decimals: SOL_DECIMALS,
                mint: Some(mint),
            },
        )
    }

    /// Says of which mint all amounts are that do not say it themselves.
    pub fn in_mint(mut self, of: &Address) -> Self {
        for item in &mut self.items {
            if let Value::Tokens { mint, .. } = &mut item.value {
                mint.get_or_insert(*of);
            }
        }
        self
    }

    /// Adds a date.
    pub fn date(self, name: &'static str, unix: i64) -> Self {
        self.with(name, Value::Date(unix))
    }

    /// Adds a duration.
    pub fn secs(self, name: &'static str, secs: impl Into<u64>) -> Self {
        self.with(name, Value::Secs(secs.into()))
    }

    /// The names and values that programs see.
    pub fn items(&self) -> impl Iterator<Item = (&Cow<'static, str>, &Value)> {
        let items = self.items.iter();
        let items = items.filter(|item| !matches!(item.seen, Seen::AsTitle | Seen::ByPeople));
        items.map(|item| (&item.name, &item.value))
    }

    /// The value of the field `name`.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.items()
            .find_map(|(own, value)| (own == name).then_some(value))
    }

    /// The fields whose names are `wanted`.
    pub fn only(&self, wanted: impl Fn(&str) -> bool) -> Self {
        let items = self.items.iter().filter(|item| wanted(&item.name));
        Self {
            items: items.cloned().collect(),
            ..Self::default()
        }
    }

    /// These fields and then `others`.
    pub fn join(mut self, others: Self) -> Self {
        self.items.extend(others.items);
        self
    }

    /// `others` and then these fields.
    pub fn after(mut self, mut others: Self) -> Self {
        others.items.append(&mut self.items);
        self.items = others.items;
        self
    }

    /// Marks a result that other commands read: JSON on one line even where people look on.
    pub const fn always_json(mut self) -> Self {
        self.always_json = true;
        self
    }

    /// Marks a result of which some steps failed; the exit code says so.
    pub const fn partly(mut self) -> Self {
        self.partly = true;
        self
    }

    /// True when some steps failed.
    pub const fn is_partly(&self) -> bool {
        self.partly
    }

    /// Marks a plan of which something is left to do; the exit code says so.
    pub const fn incomplete(mut self) -> Self {
        self.incomplete = true;
        self
    }

    /// True when something is left to do.
    pub const fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    /// The text for the output stream, with its last line ended.
    pub fn render(&self, format: Format, looks: &Looks) -> String {
        if let Some(text) = &self.verbatim {
            return text.clone();
        }
        match format {
            Format::Display if !self.always_json => self.display(0, looks),
            Format::Json => format!("{}\n", foreign::in_json(&format!("{:#}", self.json()))),
            Format::Display | Format::JsonCompact => {
                format!("{}\n", foreign::in_json(&self.json().to_string()))
            }
        }
    }

    fn json(&self) -> Json {
        self.items()
            .map(|(name, value)| (name.to_string(), value.json()))
            .collect()
    }

    fn shown<'a>(&'a self, looks: &'a Looks) -> impl Iterator<Item = &'a Item> {
        self.items.iter().filter(|item| item.is_shown(looks))
    }

    fn display(&self, indent: usize, looks: &Looks) -> String {
        let labels = self.shown(looks);
        let labels = labels.filter(|item| item.seen != Seen::AsTitle);
        let width = labels.map(|item| item.name.chars().count()).max();
        let width = width.unwrap_or(0);
        let mut text = String::new();
        let mut title = None;
        let mut inner = indent;
        for item in self.shown(looks) {
            if item.seen == Seen::AsTitle {
                title = Some(item.label());
                continue;
            }
            // A title without fields is none.
            if let Some(title) = title.take() {
                let gap = if text.is_empty() { "" } else { "\n" };
                text.push_str(&format!("{gap}{:indent$}{}\n", "", looks.title(title)));
                inner = indent.saturating_add(STEP);
            }
            text.push_str(&item.lines(inner, width, looks));
        }
        text
    }
}

/// Spaces by which what is inside of something stands to the right.
const STEP: usize = 2;

impl Item {
    /// The value behind its label, or below it.
    fn lines(&self, indent: usize, width: usize, looks: &Looks) -> String {
        let label = self.label();
        let below = indent.saturating_add(STEP);
        let counted = |count| format!("{:indent$}{label:width$}  {count}\n", "");
        match &self.value {
            Value::Group(fields) => {
                format!(
                    "{:indent$}{}\n{}",
                    "",
                    looks.title(label),
                    fields.display(below, looks)
                )
            }
            Value::List(items) => {
                let shown = items.iter().map(|item| item.display(below, looks));
                let shown: Vec<_> = shown.collect();
                counted(items.len()) + &shown.join("\n")
            }
            Value::Table(items) if items.is_empty() => counted(0),
            Value::Table(items) => {
                // A table at the margin has all of the screen; one inside something stands under its label.
                let rows = if indent == 0 { 0 } else { below };
                counted(items.len()) + &table::table(items, rows, looks)
            }
            plain => {
                let start = indent.saturating_add(width).saturating_add(STEP);
                let mut text = String::new();
                let value = plain.display(looks);
                for (number, line) in folded(&value, start, looks).enumerate() {
                    let label = if number == 0 { &*label } else { "" };
                    text.push_str(&format!("{:indent$}{label:width$}  {line}\n", ""));
                }
                text
            }
        }
    }
}

/// A value in lines that fit behind its label. What has no blanks, a signature, is broken where it must be.
fn folded<'a>(
    value: &'a str,
    start: usize,
    looks: &Looks,
) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
    let room = looks
        .limit()
        .map(|limit| limit.saturating_sub(start).max(MIN_ROOM));
    let lines = match room {
        Some(room) => textwrap::wrap(value, room),
        None => vec![Cow::Borrowed(value)],
    };
    lines.into_iter()
}

/// Columns that a value has at least.
const MIN_ROOM: usize = 16;

#[cfg(test)]
mod tests {
    use {super::*, looks::Names, sluice::constants::NOBODY};

    #[test]
    fn fields_are_shown_and_written() {
        let fields = Fields::new()
            .with("job", "abc")
            .tokens("at_risk", 1_500_000, 6)
            .with("cosigner", NOBODY);
        assert_eq!(
            fields.render(Format::Display, &Looks::default()),
            "job       abc\nat risk   1.5\ncosigner  none\n"
        );
        assert_eq!(
            fields.render(Format::JsonCompact, &Looks::default()),
            "{\"at_risk\":{\"amount\":\"1500000\",\"decimals\":6},\"cosigner\":null,\"job\":\"abc\"}\n"
        );
    }

    #[test]
    fn what_may_be_past_2_to_the_53_is_text_in_json() {
        let fields = Fields::new()
            .with("units", 20_000_000_000_000_001_u64)
            .with("cap", 1_u64)
            .with("fee_bps", 100_u16)
            .secs("notice", 60_u32);
        assert_eq!(
            fields.render(Format::JsonCompact, &Looks::default()),
            "{\"cap\":\"1\",\"fee_bps\":100,\"notice\":60,\"units\":\"20000000000000001\"}\n"
        );
        assert!(
            fields
                .render(Format::Display, &Looks::default())
                .contains("20000000000000001\n")
        );
    }

    #[test]
    fn sections_and_details_are_for_people() {
        let fields = Fields::new()
            .with("job", "abc")
            .section("Money")
            .tokens("owed", 0, 6)
            .unless_nothing()
            .tokens("earned", 5, 0)
            .in_mint(&Address::new_from_array([3; 32]))
            .section("Nothing")
            .detail("bump", 3_u8)
            .said("in short", "5 earned")
            .data("raw", 5_u64);
        let mut names = Names::default();
        names.name(&Address::new_from_array([3; 32]), "USDC");
        let looks = Looks {
            columns: Some(40),
            names: names.into(),
            ..Looks::default()
        };
        assert_eq!(
            fields.render(Format::Display, &looks),
            "job       abc\n\nMoney\n  earned    5 USDC\n\nNothing\n  in short  5 earned\n"
        );
        let json = fields.render(Format::JsonCompact, &looks);
        assert!(json.contains("\"owed\"") && json.contains("\"raw\":\"5\""));
        assert!(!json.contains("Money") && !json.contains("in short"));
    }

    #[test]
    fn a_long_value_is_folded_behind_its_label() {
        let looks = Looks {
            columns: Some(30),
            ..Looks::default()
        };
        let fields = Fields::new().with("signature", Value::Signature("x".repeat(40)));
        let shown = fields.render(Format::Display, &looks);
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(
            lines,
            [
                format!("signature  {}", "x".repeat(19)),
                format!("           {}", "x".repeat(19)),
                format!("           {}", "x".repeat(2)),
            ]
        );
    }
}
