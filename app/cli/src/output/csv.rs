//! Rows for spreadsheets: CSV as in RFC 4180.

use {
    super::fields::{Fields, Value},
    csv::{Terminator, WriterBuilder},
    sluice_client::text,
};

/// Signs with which a cell begins that a spreadsheet computes.
const OF_FORMULAS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A header and a record for each row. A spreadsheet shows what is in them as it is: a cell that it would take for a formula begins with
/// an apostrophe, for strangers write names and addresses of pages.
pub fn records<const N: usize>(
    header: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> String {
    let rows = rows.map(|row| row.to_vec());
    written(header.map(str::to_owned).to_vec(), rows)
}

/// The rows of the first table in `fields`, under the names that programs know; empty without a table or rows.
pub fn rows(fields: &Fields) -> String {
    let table = fields.items().find_map(|(_, value)| match value {
        Value::Table(rows) => Some(rows.as_slice()),
        _ => None,
    });
    let Some(rows @ [first, ..]) = table else {
        return String::new();
    };
    let header = first.items().map(|(name, _)| name.to_string());
    let rows = rows
        .iter()
        .map(|row| row.items().map(|(_, value)| value.in_csv()).collect());
    written(header.collect(), rows)
}

fn written(header: Vec<String>, rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .flexible(true)
        .from_writer(vec![]);
    for record in std::iter::once(header).chain(rows) {
        let cells = record.into_iter().map(as_it_is);
        // A vector takes all of it.
        if writer.write_record(cells.collect::<Vec<_>>()).is_err() {
            return String::new();
        }
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// A cell that no spreadsheet computes.
fn as_it_is(cell: String) -> String {
    if cell.starts_with(OF_FORMULAS) {
        return format!("'{cell}");
    }
    cell
}

impl Value {
    /// In a cell of a spreadsheet: amounts in token units, durations in seconds, dates in RFC 3339, and nothing where there is none.
    fn in_csv(&self) -> String {
        match self {
            Self::Absent => String::new(),
            Self::Secs(secs) => secs.to_string(),
            Self::Date(unix) => text::date(*unix),
            other => other.cell(&super::Looks::default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use {super::*, sluice::constants::NOBODY, solana_address::Address};

    #[test]
    fn a_table_is_records_that_a_spreadsheet_takes_for_what_they_are() {
        let address = Address::new_from_array([7; 32]);
        let row = |name: &str| {
            Fields::new()
                .with("provider", address)
                .with("name", name)
                .tokens("owed", 1_500_000, 6)
                .in_mint(&address)
                .secs("window", 5_400_u64)
                .date("end_at", 0)
                .with("live", true)
                .with("set", NOBODY)
        };
        let names = [
            "plain",
            "a, b",
            "\"quoted\"",
            "=HYPERLINK(1)",
            "@SUM(1)",
            "+1",
            "-1",
        ];
        let fields = Fields::new()
            .said("rows", "for people")
            .with("providers", Value::Table(names.map(row).into()));
        let shown = rows(&fields);
        let lines: Vec<&str> = shown.split_terminator("\r\n").collect();
        assert_eq!(lines[0], "provider,name,owed,window,end_at,live,set");
        let rest = "1.5,5400,1970-01-01T00:00:00Z,yes,";
        for (line, cell) in lines[1..].iter().zip([
            "plain",
            "\"a, b\"",
            "\"\"\"quoted\"\"\"",
            "'=HYPERLINK(1)",
            "'@SUM(1)",
            "'+1",
            "'-1",
        ]) {
            assert_eq!(*line, format!("{address},{cell},{rest}"));
        }
        assert_eq!(lines.len(), 8);
    }

    #[test]
    fn without_rows_nothing_is_written() {
        assert_eq!(rows(&Fields::new()), "");
        let none = Fields::new().with("jobs", Value::Table(vec![]));
        assert_eq!(rows(&none), "");
        assert_eq!(
            records(["slot", "time"], std::iter::empty()),
            "slot,time\r\n"
        );
    }
}
