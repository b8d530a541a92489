//! Tables for people.

use comfy_table::{Table, presets::NOTHING};

/// A table without lines, each row in one line however long: addresses stay whole. Empty where there are no rows.
pub fn rows<const N: usize>(
    head: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(head).force_no_tty();
    table.add_rows(rows);
    if table.is_empty() {
        return String::new();
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let lines = table.lines().map(|line| line.trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}
