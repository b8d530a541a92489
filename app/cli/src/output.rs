//! Results: ordered fields, shown to people or written as JSON.

mod value;

pub use value::Value;
use {
    crate::config::no_dna,
    clap::ValueEnum,
    serde::{Deserialize, Serialize},
    serde_json::Value as Json,
    std::{borrow::Cow, ffi::OsString, fmt::Write},
};

/// Form of results and errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Display,
    /// JSON over several lines.
    Json,
    /// JSON on one line.
    JsonCompact,
}

impl Format {
    /// The form that a command line asks for, even if the rest of it is malformed.
    pub fn asked_for(args: &[OsString]) -> Self {
        let mut words = args.iter().filter_map(|arg| arg.to_str());
        let mut asked = None;
        while let Some(word) = words.next() {
            if word == "--output" {
                asked = words.next();
            } else if let Some(value) = word.strip_prefix("--output=") {
                asked = Some(value);
            }
        }
        asked
            .and_then(|text| Self::from_str(text, false).ok())
            .unwrap_or_else(Self::by_default)
    }

    /// The form where none is asked for.
    pub fn by_default() -> Self {
        if no_dna() {
            Self::JsonCompact
        } else {
            Self::Display
        }
    }
}

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
            Format::Json => format!("{:#}\n", self.json()),
            Format::Display | Format::JsonCompact => format!("{}\n", self.json()),
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

#[cfg(test)]
mod tests {
    use {super::*, sluice::constants::NOBODY};

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
    fn the_form_of_errors_survives_a_malformed_command_line() {
        let args = ["sluice", "--nonsense", "--output", "json"].map(OsString::from);
        assert_eq!(Format::asked_for(&args), Format::Json);
        assert_eq!(Format::asked_for(&[]), Format::Display);
    }
}
