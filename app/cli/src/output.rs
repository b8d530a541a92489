//! Results: ordered fields, shown to people or written as JSON.

use {
    crate::format::Format,
    serde::{Deserialize, Serialize},
    serde_json::{Value as Json, json},
    sluice::constants::NOBODY,
    sluice_client::{
        amount,
        foreign::{self, Foreign},
        hex, text,
    },
    solana_address::Address,
    std::{borrow::Cow, fmt::Write},
};

/// Named values in the order they are shown.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Fields {
    items: Vec<(Cow<'static, str>, Value)>,
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
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        self.items.push((name.into(), value.into()));
        self
    }

    /// Adds an amount of base units.
    pub fn tokens(self, name: &'static str, base: u64, decimals: u8) -> Self {
        self.with(name, Value::Tokens { base, decimals })
    }

    /// Adds a date.
    pub fn date(self, name: &'static str, unix: i64) -> Self {
        self.with(name, Value::Date(unix))
    }

    /// Adds a duration.
    pub fn secs(self, name: &'static str, secs: impl Into<u64>) -> Self {
        self.with(name, Value::Secs(secs.into()))
    }

    /// The names and their values.
    pub fn items(&self) -> &[(Cow<'static, str>, Value)] {
        &self.items
    }

    /// The fields whose names are `wanted`.
    pub fn only(&self, wanted: impl Fn(&str) -> bool) -> Self {
        let items = self.items.iter().filter(|(name, _)| wanted(name));
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
    pub fn render(&self, format: Format) -> String {
        if let Some(text) = &self.verbatim {
            return text.clone();
        }
        match format {
            Format::Display if !self.always_json => self.display(0),
            Format::Json => format!("{}\n", foreign::in_json(&format!("{:#}", self.json()))),
            Format::Display | Format::JsonCompact => {
                format!("{}\n", foreign::in_json(&self.json().to_string()))
            }
        }
    }

    fn json(&self) -> Json {
        self.items
            .iter()
            .map(|(name, value)| (name.to_string(), value.json()))
            .collect()
    }

    fn display(&self, indent: usize) -> String {
        let width = self
            .items
            .iter()
            .map(|(name, _)| name.len())
            .max()
            .unwrap_or(0);
        // A table at the margin is for screens of any width; one inside something stands under its label.
        let rows = if indent == 0 { 0 } else { indent + 2 };
        let mut text = String::new();
        for (name, value) in &self.items {
            let label = name.replace('_', " ");
            // Writing to a String cannot fail.
            let _ = match value {
                Value::Group(fields) => {
                    write!(
                        text,
                        "{:indent$}{label}\n{}",
                        "",
                        fields.display(indent + 2)
                    )
                }
                Value::List(items) => {
                    let shown: Vec<_> = items.iter().map(|item| item.display(indent + 2)).collect();
                    let count = items.len();
                    writeln!(text, "{:indent$}{label:width$}  {count}", "")
                        .and_then(|()| text.write_str(&shown.join("\n")))
                }
                Value::Table(items) => {
                    writeln!(text, "{:indent$}{label:width$}  {}", "", items.len())
                        .and_then(|()| text.write_str(&table(items, rows)))
                }
                plain => writeln!(text, "{:indent$}{label:width$}  {}", "", plain.display()),
            };
        }
        text
    }
}

/// Rows under the labels of the first one, in columns as wide as their widest cell, behind `indent` spaces.
fn table(items: &[Fields], indent: usize) -> String {
    let Some(first) = items.first() else {
        return String::new();
    };
    let labels = first.items.iter().map(|(name, _)| name.replace('_', " "));
    let mut rows: Vec<Vec<String>> = vec![labels.collect()];
    rows.extend(items.iter().map(|item| {
        let cells = item.items.iter().map(|(_, value)| value.display());
        cells.collect()
    }));
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..first.items.len()).map(width).collect();
    let mut text = String::new();
    for row in &rows {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        let line = format!("{:indent$}{}", "", cells.join("  "));
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// One value of a result.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub enum Value {
    /// Perhaps a stranger's.
    Text(Foreign),
    /// A number of 32 bits at most: every reader of JSON takes it as it is.
    Number(u32),
    /// A number of 64 bits, which is text in JSON: many readers there count to 2^53 only.
    Count(u64),
    Flag(bool),
    Hash([u8; 32]),
    /// Texts, a line each.
    Lines(Vec<String>),
    Absent,
    /// Base units of a mint with these decimals.
    Tokens {
        base: u64,
        decimals: u8,
    },
    /// Unix seconds.
    Date(i64),
    Secs(u64),
    Group(Fields),
    List(Vec<Fields>),
    /// A list whose items have the same fields: for people a table.
    Table(Vec<Fields>),
}

impl Value {
    fn json(&self) -> Json {
        match self {
            Self::Text(text) => json!(text),
            Self::Number(number) => json!(number),
            Self::Count(count) => json!(count.to_string()),
            Self::Secs(secs) => json!(secs),
            Self::Flag(flag) => json!(flag),
            Self::Hash(bytes) => json!(hex::encode(bytes)),
            Self::Lines(lines) => json!(lines),
            Self::Absent => Json::Null,
            Self::Tokens { base, decimals } => {
                json!({ "amount": base.to_string(), "decimals": decimals })
            }
            Self::Date(unix) => json!(unix),
            Self::Group(fields) => fields.json(),
            Self::List(items) | Self::Table(items) => items.iter().map(Fields::json).collect(),
        }
    }

    /// For people.
    pub fn display(&self) -> String {
        match self {
            Self::Text(text) => text.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Count(count) => count.to_string(),
            Self::Flag(true) => "yes".to_owned(),
            Self::Flag(false) => "no".to_owned(),
            Self::Hash(bytes) => hex::encode(bytes),
            Self::Lines(lines) if lines.is_empty() => "none".to_owned(),
            Self::Lines(lines) => foreign::shown(&lines.join(" ")),
            Self::Absent => "none".to_owned(),
            Self::Tokens { base, decimals } => amount::format(*base, *decimals),
            Self::Date(unix) => text::date(*unix),
            Self::Secs(secs) => text::duration(*secs),
            Self::Group(_) | Self::List(_) | Self::Table(_) => String::new(),
        }
    }
}

impl From<Address> for Value {
    /// The zero address is nobody.
    fn from(address: Address) -> Self {
        if address == NOBODY {
            Self::Absent
        } else {
            address.to_string().into()
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<Foreign> for Value {
    fn from(text: Foreign) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<[u8; 32]> for Value {
    fn from(bytes: [u8; 32]) -> Self {
        Self::Hash(bytes)
    }
}

impl From<Vec<Fields>> for Value {
    fn from(items: Vec<Fields>) -> Self {
        Self::List(items)
    }
}

impl From<Fields> for Value {
    fn from(fields: Fields) -> Self {
        Self::Group(fields)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Into::into)
    }
}

macro_rules! number_into_value {
    ($($number:ty),*) => {
        $(impl From<$number> for Value {
            fn from(number: $number) -> Self {
                Self::Number(u32::from(number))
            }
        })*
    };
}

number_into_value!(u8, u16, u32);

impl From<u64> for Value {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_shown_and_written() {
        let fields = Fields::new()
            .with("job", "abc")
            .tokens("at_risk", 1_500_000, 6)
            .with("cosigner", NOBODY);
        assert_eq!(
            fields.render(Format::Display),
            "job       abc\nat risk   1.5\ncosigner  none\n"
        );
        assert_eq!(
            fields.render(Format::JsonCompact),
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
            fields.render(Format::JsonCompact),
            "{\"cap\":\"1\",\"fee_bps\":100,\"notice\":60,\"units\":\"20000000000000001\"}\n"
        );
        assert!(
            fields
                .render(Format::Display)
                .contains("20000000000000001\n")
        );
    }
}
