//! What is printed at the end: the ledger, the checks and the compute units.

use {
    crate::{
        Outcome,
        checks::Check,
        ledger::{Asset, Book, Column, Row, Source, plain, signed},
        progress::{Screen, Tone},
    },
    std::fmt::Write,
};

/// Columns of the narrowest terminal that everything fits.
pub const WIDTH: usize = 80;

/// The ledger of every party and vault.
pub fn ledger(outcome: &Outcome, screen: &Screen) -> String {
    let title = screen.paint(Tone::Heading, "LEDGER, in tokens, to the base unit");
    format!("\n{title}\n{}", tables(&outcome.book))
}

/// Every check, and what it expected if it does not hold.
pub fn checks(checks: &[Check], screen: &Screen) -> String {
    let title = "CHECKS, against totals computed from frame counts and prices alone";
    let mut text = format!("\n{}\n", screen.paint(Tone::Heading, title));
    for check in checks {
        let (mark, rest) = if check.holds() {
            (screen.paint(Tone::Good, "ok "), String::new())
        } else {
            let expected = check.text(check.expected);
            (
                screen.paint(Tone::Bad, "OFF"),
                format!("  expected {expected}"),
            )
        };
        let found = check.text(check.found);
        text += &format!("  {mark} {:<44}{found:>22}{rest}\n", check.what);
    }
    text
}

/// Compute units of every instruction used.
pub fn units(outcome: &Outcome, screen: &Screen) -> String {
    let title = screen.paint(Tone::Heading, "COMPUTE UNITS");
    let head = ("instruction", "calls", "least", "most");
    let mut text = format!(
        "\n{title}\n  {:<22}{:>7}{:>9}{:>9}\n",
        head.0, head.1, head.2, head.3
    );
    for (name, units) in &outcome.units {
        let (calls, least, most) = (units.calls, units.least, units.most);
        text += &format!("  {name:<22}{calls:>7}{least:>9}{most:>9}\n");
    }
    text
}

/// One table per asset, each with its sums.
pub fn tables(book: &Book) -> String {
    Asset::ALL.map(|asset| table(book, asset)).join("\n")
}

/// The table of `asset`, its last line the sums; a column in which nothing moved is left out.
fn table(book: &Book, asset: Asset) -> String {
    let mut sum = Row {
        holder: "sum".to_owned(),
        asset,
        source: Source::Validators,
        start: 0,
        flows: [0; 4],
        end: 0,
    };
    let mut columns = Column::ALL.to_vec();
    columns.retain(|column| book.of(asset).any(|row| row.flows[*column as usize] != 0));
    let mut lines = vec![titles(asset, &columns)];
    for row in book.of(asset) {
        lines.push(cells(row, &columns));
        sum.start += row.start;
        sum.end += row.end;
        for (total, flow) in sum.flows.iter_mut().zip(row.flows) {
            *total += flow;
        }
    }
    lines.push(cells(&sum, &columns));
    aligned(&lines)
}

/// The head of the table of `asset`.
fn titles(asset: Asset, columns: &[Column]) -> Vec<String> {
    let mut titles = vec![asset.symbol().to_owned(), "start".to_owned()];
    titles.extend(columns.iter().map(|column| column.title(asset).to_owned()));
    titles.push("end".to_owned());
    titles
}

/// One line of the table; nothing moved is a point, except in the sums.
fn cells(row: &Row, columns: &[Column]) -> Vec<String> {
    let mut cells = vec![row.holder.clone(), plain(row.start, row.asset)];
    let flows = columns.iter().map(|column| row.flows[*column as usize]);
    cells.extend(flows.map(|flow| match flow {
        0 if row.holder != "sum" => ".".to_owned(),
        _ => signed(flow, row.asset),
    }));
    cells.push(plain(row.end, row.asset));
    cells
}

/// The lines with their columns aligned: the first to the left, the others to the right. They stand apart as far as a terminal is
/// wide.
fn aligned(lines: &[Vec<String>]) -> String {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(String::len).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let gaps = columns.saturating_sub(1);
    let spare = WIDTH.saturating_sub(widths.iter().sum());
    let gap = " ".repeat(spare.checked_div(gaps).unwrap_or(0).clamp(1, 2));
    let mut text = String::new();
    for line in lines {
        for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
            let _ = match column {
                0 => write!(text, "{cell:<width$}"),
                _ => write!(text, "{gap}{cell:>width$}"),
            };
        }
        text.push('\n');
    }
    text
}
