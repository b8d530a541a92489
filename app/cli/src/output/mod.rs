//! Results: ordered fields, shown to people or written as JSON.

pub mod csv;
mod fields;
mod from;
mod looks;
mod table;
mod value;

use {
    crate::format::Format,
    fields::{Item, Seen},
    sluice_client::foreign,
    std::borrow::Cow,
};
pub use {
    fields::{Fields, Value, label},
    looks::{Looks, Mood, Terminal},
};

impl Fields {
    /// The text for the output stream, with its last line ended.
    pub fn render(&self, format: Format, looks: &Looks) -> String {
        if let Some(text) = &self.verbatim {
            return text.clone();
        }
        match format {
            Format::Display if !self.always_json => self.display(0, looks),
            Format::Csv => csv::rows(self),
            Format::Json => format!("{}\n", foreign::in_json(&format!("{:#}", self.json()))),
            Format::Display | Format::JsonCompact => {
                format!("{}\n", foreign::in_json(&self.json().to_string()))
            }
        }
    }

    fn display(&self, indent: usize, looks: &Looks) -> String {
        let labels = self.shown(looks);
        let labels = labels.filter(|item| item.seen != Seen::AsTitle);
        let width = labels.map(|item| item.label().chars().count()).max();
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
        let counted = |count: usize| {
            let count = match count {
                0 => "none".to_owned(),
                count => count.to_string(),
            };
            format!("{:indent$}{label:width$}  {count}\n", "")
        };
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
                    let line = plain.linked(&line, looks);
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
    use {super::*, looks::Names, sluice::constants::NOBODY, solana_address::Address};

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
    fn shares_are_percentages_for_people_and_basis_points_for_programs() {
        let fields = Fields::new()
            .with("commission_bps", 1_250_u16)
            .with("fee_bps", 0_u16)
            .unless_nothing()
            .with("pending_commission_bps", None::<u16>);
        assert_eq!(
            fields.render(Format::Display, &Looks::default()),
            "commission          12.5 %\nfee                 0 %\npending commission  none\n"
        );
        assert_eq!(
            fields.render(Format::JsonCompact, &Looks::default()),
            "{\"commission_bps\":1250,\"fee_bps\":0,\"pending_commission_bps\":null}\n"
        );
        // A column is asked for as its heading or as JSON names it.
        assert_eq!(fields.get("commission"), fields.get("commission_bps"));
        assert!(fields.get("commission").is_some());
        let [dear, cheap] = [10_000_u16, 500].map(|bps| Value::named("fee_bps", bps));
        assert_eq!(dear.order(&cheap), std::cmp::Ordering::Greater);
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
