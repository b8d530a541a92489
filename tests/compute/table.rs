//! The committed tables.

use {
    super::cost::Cost,
    sha2::{Digest, Sha256},
    std::{fmt::Write, fs, path::PathBuf},
};

/// One instruction's cost.
#[derive(Clone, Debug)]
pub struct Row {
    pub name: String,
    /// Compute units of our program, without precompile and compute-budget instructions.
    pub units: u64,
    pub ceiling: u64,
    /// The whole transaction on the wire.
    pub bytes: usize,
    /// What the whole transaction costs, for those that are sent most.
    pub cost: Option<Gated>,
}

/// A transaction's cost, and what it may be.
#[derive(Clone, Copy, Debug)]
pub struct Gated {
    pub cost: Cost,
    pub ceiling: Ceiling,
}

/// The most that a transaction may cost.
#[derive(Clone, Copy, Debug)]
pub struct Ceiling {
    /// Cost units of a block.
    pub units: u64,
    pub lamports: u64,
}

/// What the document says of a transaction: cost units and lamports.
pub type Written = (String, u64, u64);

impl Row {
    /// With the three compute-budget instructions a wallet adds: limit, price and loaded-data limit, and their program.
    pub fn bytes_with_budget(&self) -> usize {
        self.bytes + 32 + (3 + 5) + (3 + 9) + (3 + 5)
    }
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/compute.md")
}

/// Rewrites the table.
pub fn write(rows: &[Row]) {
    let elf = fs::read(sluice_elf::built()).unwrap();
    let hash = Sha256::digest(&elf)
        .iter()
        .fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        });
    let mut text = format!(include_str!("head.md"), bytes = elf.len(), hash = hash);
    text.push_str(
        "| instruction | CU | ceiling | bytes | with budget |\n|---|---:|---:|---:|---:|\n",
    );
    for row in rows {
        let (name, units, ceiling, bytes) = (&row.name, row.units, row.ceiling, row.bytes);
        let with_budget = row.bytes_with_budget();
        writeln!(
            text,
            "| {name} | {units} | {ceiling} | {bytes} | {with_budget} |"
        )
        .unwrap();
    }
    text.push_str(include_str!("costs.md"));
    text.push_str(
        "| transaction | signatures | locks | data | execution | loaded | cost units | ceiling | lamports | ceiling |\n\
         |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    for (name, Gated { cost, ceiling }) in costs(rows) {
        let parts = [
            cost.signatures,
            cost.write_locks,
            cost.data,
            cost.execution,
            cost.loaded,
        ];
        let figures = [cost.units(), ceiling.units, cost.lamports, ceiling.lamports];
        let cells: Vec<_> = parts.iter().chain(&figures).map(u64::to_string).collect();
        writeln!(text, "| {name} | {} |", cells.join(" | ")).unwrap();
    }
    fs::write(path(), text).unwrap();
}

/// The rows whose whole transactions are gated.
pub fn costs(rows: &[Row]) -> impl Iterator<Item = (&str, Gated)> {
    rows.iter()
        .filter_map(|row| Some((row.name.as_str(), row.cost?)))
}

/// Cells of the lines of the table whose first column is `first`.
fn cells(first: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(path()).expect("docs/compute.md: run `cargo xtask bench`");
    let head = format!("| {first} |");
    let lines = text.lines().skip_while(|line| !line.starts_with(&head));
    lines
        .take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| line.split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect()
}

/// Reads the table of instructions.
pub fn read() -> Vec<Row> {
    let row = |cells: Vec<String>| Row {
        name: cells[1].clone(),
        units: cells[2].parse().unwrap(),
        ceiling: cells[3].parse().unwrap(),
        bytes: cells[4].parse().unwrap(),
        cost: None,
    };
    cells("instruction").into_iter().map(row).collect()
}

/// Reads the table of transactions.
pub fn read_costs() -> Vec<Written> {
    let row = |cells: Vec<String>| {
        let number = |index: usize| cells[index].parse().unwrap();
        (cells[1].clone(), number(7), number(9))
    };
    cells("transaction").into_iter().map(row).collect()
}
