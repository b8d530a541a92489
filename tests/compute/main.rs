//! Compute units of every instruction and the size of every transaction, against the table in `docs/compute.md`.
//!
//! Run with `SLUICE_BLESS=1` (`cargo xtask bench`) to rewrite the table.

mod flat;
mod flat_rewards;
mod measure;
mod table;

use table::Row;

#[test]
fn every_instruction_stays_under_its_ceiling_and_near_the_committed_table() {
    let rows = measure::all();
    if std::env::var_os("SLUICE_BLESS").is_some() {
        table::write(&rows);
    }
    for row in &rows {
        assert!(
            row.units <= row.ceiling,
            "{} takes {} CU, over its ceiling of {}",
            row.name,
            row.units,
            row.ceiling
        );
        assert!(
            row.bytes_with_budget() <= sluice_client::ledger::MAX_TRANSACTION,
            "{} takes {} bytes with three compute-budget instructions",
            row.name,
            row.bytes_with_budget()
        );
    }
    let committed = table::read();
    let names = |rows: &[Row]| rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>();
    assert_eq!(
        names(&rows),
        names(&committed),
        "docs/compute.md lists other instructions: run `cargo xtask bench`"
    );
    for (now, then) in rows.iter().zip(&committed) {
        assert!(
            now.units * 100 <= then.units * 103,
            "{} takes {} CU, more than 3 % above the {} in docs/compute.md: run `cargo xtask bench` if that is meant",
            now.name,
            now.units,
            then.units
        );
        assert!(
            now.units * 103 >= then.units * 100,
            "{} takes {} CU, docs/compute.md still says {}: run `cargo xtask bench`",
            now.name,
            now.units,
            then.units
        );
        assert_eq!(now.bytes, then.bytes, "the size of {}", now.name);
    }
}
