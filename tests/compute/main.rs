//! Compute units of every instruction, the size of every transaction and the cost of those sent most, against the tables in
//! `docs/compute.md`.
//!
//! Run with `SLUICE_BLESS=1` (`cargo xtask bench`) to rewrite the tables.

mod batch;
mod cost;
mod flat;
mod flat_rewards;
mod measure;
mod table;

use table::{Gated, Row};

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
        near(&now.name, "CU", now.units, then.units);
        assert_eq!(now.bytes, then.bytes, "the size of {}", now.name);
    }
    costs_stay_under_their_ceilings(&rows);
}

fn costs_stay_under_their_ceilings(rows: &[Row]) {
    let committed = table::read_costs();
    let costs: Vec<_> = table::costs(rows).collect();
    let names: Vec<_> = costs.iter().map(|(name, _)| *name).collect();
    let written: Vec<_> = committed.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(
        names, written,
        "docs/compute.md lists other transactions: run `cargo xtask bench`"
    );
    for ((name, Gated { cost, ceiling }), (_, units, lamports)) in costs.iter().zip(&committed) {
        for (what, now, then, ceiling) in [
            ("cost units", cost.units(), *units, ceiling.units),
            ("lamports", cost.lamports, *lamports, ceiling.lamports),
        ] {
            assert!(
                now <= ceiling,
                "{name} takes {now} {what}, over its ceiling of {ceiling}"
            );
            near(name, what, now, then);
        }
    }
}

/// Refuses a figure that is more than 3 % from the committed one.
fn near(name: &str, what: &str, now: u64, then: u64) {
    assert!(
        now * 100 <= then * 103,
        "{name} takes {now} {what}, more than 3 % above the {then} in docs/compute.md: run `cargo xtask bench` if that is meant"
    );
    assert!(
        now * 103 >= then * 100,
        "{name} takes {now} {what}, docs/compute.md still says {then}: run `cargo xtask bench`"
    );
}
