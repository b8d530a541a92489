//! Rows in columns that fit the terminal.

use {
    super::{
        fields::{Fields, Value},
        looks::Looks,
    },
    comfy_table::{Cell, CellAlignment, ColumnConstraint, Table, presets},
    sluice_client::amount::counted,
};

/// Spaces between columns.
const GAP: u16 = 2;

/// Rows under the labels of the first one, behind `indent` spaces. On a terminal the first address is whole, for it names the row;
/// the columns that do not fit are left off from the right, and a last line names them.
pub fn table(items: &[Fields], indent: usize, looks: &Looks) -> String {
    let Some(first) = items.first() else {
        return String::new();
    };
    let labels: Vec<String> = first.shown(looks).map(|item| item.label()).collect();
    let key = first
        .shown(looks)
        .position(|item| matches!(item.value, Value::Address(_)));
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(&labels);
    if looks.colored {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    for item in items {
        let cells = item.shown(looks).enumerate();
        table.add_row(cells.map(|(column, item)| cell(&item.value, Some(column) == key, looks)));
    }
    let mut labelled = first.shown(looks);
    for column in table.column_iter_mut() {
        column.set_padding((0, GAP));
        if labelled.next().is_some_and(|item| item.value.is_number()) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let kept = fitting(&table.column_max_content_widths(), indent, looks.limit());
    for column in table.column_iter_mut().skip(kept) {
        column.set_constraint(ColumnConstraint::Hidden);
    }
    let mut text = String::new();
    for (number, line) in table.lines().enumerate() {
        let line = line.trim_end();
        let line = match number {
            0 => looks.title(line),
            _ => line.to_owned(),
        };
        text.push_str(&format!("{:indent$}{line}\n", ""));
    }
    if let Some(left @ [_, ..]) = labels.get(kept..) {
        let told = format!("{} with --wide", counted(left.len(), "more column"));
        text.push_str(&format!("{:indent$}{}\n", "", looks.dimmed(told)));
    }
    text
}

fn cell(value: &Value, is_key: bool, looks: &Looks) -> Cell {
    match value {
        Value::State { word, mood } => Cell::new(word).fg(mood.in_tables()),
        Value::Address(address) if is_key && looks.names.of(address).is_none() => {
            Cell::new(address.to_string())
        }
        value => Cell::new(value.cell(looks)),
    }
}

/// How many columns of these widths fit; the first one always stands there.
fn fitting(widths: &[u16], indent: usize, limit: Option<usize>) -> usize {
    let Some(limit) = limit else {
        return widths.len();
    };
    let ends = widths.iter().scan(indent, |end, width| {
        let own = usize::from(*width);
        let reached = end.saturating_add(own);
        *end = reached.saturating_add(usize::from(GAP));
        Some(reached)
    });
    ends.take_while(|end| *end <= limit).count().max(1)
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        solana_address::Address,
        std::{iter::repeat_n, rc::Rc},
    };

    fn rows() -> Vec<Fields> {
        let row = |byte: u8, base| {
            Fields::new()
                .with("job", Address::new_from_array([byte; 32]))
                .tokens("owed", base, 2)
                .with("buyer", Address::new_from_array([9; 32]))
                .with("reason", repeat_n('x', 40).collect::<String>())
        };
        vec![row(7, 5), row(8, 12_345)]
    }

    #[test]
    fn columns_that_do_not_fit_are_left_off_and_counted() {
        let looks = Looks {
            columns: Some(80),
            ..Looks::default()
        };
        let shown = table(&rows(), 2, &looks);
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 80));
        let [head, first, second, rest] = lines.as_slice() else {
            panic!("{shown}");
        };
        assert!(head.ends_with("  owed  buyer"), "{head}");
        let ninth = Address::new_from_array([9; 32]).to_string();
        assert!(first.contains("  0.05  ") && !first.contains(&ninth));
        assert!(second.contains(&Address::new_from_array([8; 32]).to_string()));
        assert_eq!(rest.trim(), "1 more column with --wide");
    }

    #[test]
    fn without_a_terminal_everything_is_shown() {
        let shown = table(&rows(), 0, &Looks::default());
        assert!(shown.contains(&"x".repeat(40)));
        assert!(shown.contains(&Address::new_from_array([9; 32]).to_string()));
    }

    #[test]
    fn a_name_stands_in_the_place_of_its_address() {
        let mut looks = Looks {
            columns: Some(80),
            ..Looks::default()
        };
        let address = Address::new_from_array([7; 32]);
        let mut names = crate::output::looks::Names::default();
        names.name(&address, "render");
        looks.names = Rc::new(names);
        let shown = table(&rows(), 0, &looks);
        assert!(shown.contains("\nrender "), "{shown}");
    }
}
