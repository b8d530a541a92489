//! The committed table.

use {
    sha2::{Digest, Sha256},
    sluice_tests::world,
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
}

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
    let elf = fs::read(world::elf()).unwrap();
    let hash = Sha256::digest(&elf)
        .iter()
        .fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        });
    let mut text = format!(
        "# Compute units and transaction sizes\n\n\
         Written by `cargo xtask bench`; `cargo xtask test` fails when an instruction exceeds its ceiling, or differs from this\n\
         table by more than 3 %.\n\n\
         Engine: LiteSVM 0.16.0 (Agave 4.2), its mainnet feature set, precompiles on. Program addresses with bump 255, classic\n\
         token accounts; each missed bump costs about 330 CU more, each address that somebody prefunded about 2,300.\n\n\
         ELF: {} bytes, sha256 `{hash}`\n\n\
         CU are those of the Sluice program, CPIs included, without the ed25519 precompile and compute-budget instructions.\n\
         Bytes are the whole transaction with its usual signers, and with the three compute-budget instructions a wallet may\n\
         add; 1,232 is the limit.\n\n\
         | instruction | CU | ceiling | bytes | with budget |\n|---|---:|---:|---:|---:|\n",
        elf.len()
    );
    for row in rows {
        writeln!(
            text,
            "| {} | {} | {} | {} | {} |",
            row.name,
            row.units,
            row.ceiling,
            row.bytes,
            row.bytes_with_budget()
        )
        .unwrap();
    }
    fs::write(path(), text).unwrap();
}

/// Reads the table.
pub fn read() -> Vec<Row> {
    let text = fs::read_to_string(path()).expect("docs/compute.md: run `cargo xtask bench`");
    text.lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| instruction"))
        .map(|line| {
            let cells: Vec<_> = line.split('|').map(str::trim).collect();
            Row {
                name: cells[1].to_owned(),
                units: cells[2].parse().unwrap(),
                ceiling: cells[3].parse().unwrap(),
                bytes: cells[4].parse().unwrap(),
            }
        })
        .collect()
}
