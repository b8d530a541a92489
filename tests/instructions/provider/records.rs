//! Offsets that other programs and `getProgramAccounts` filters rely on, as `docs/records.md` states them.

use {
    core::mem::offset_of,
    sluice_client::{Job, Node, Offer, Provider},
};

/// Bytes of the account's type before its fields.
const TYPE_LEN: usize = 8;

macro_rules! table {
    ($($account:ident: $($($field:ident).+ $kind:literal),+;)*) => {
        [$($((stringify!($account), stringify!($($field).+), TYPE_LEN + offset_of!($account, $($field).+), $kind)),+),*]
    };
}

fn documented() -> Vec<(String, String, usize, String)> {
    let text = include_str!("../../../docs/records.md");
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    rows.map(|line| {
        let cells: Vec<_> = line
            .split('|')
            .map(|cell| cell.trim().replace('`', ""))
            .collect();
        (
            cells[1].clone(),
            cells[2].clone(),
            cells[3].parse().unwrap(),
            cells[4].clone(),
        )
    })
    .collect()
}

#[test]
fn the_documented_offsets_are_those_of_the_accounts() {
    let table = table! {
        Provider: network "address", owner "address", operator "address", opened_slot "u64", nodes "u32",
            record.windows_missed "u64", record.windows_proven "u64", record.jobs_accepted "u64", record.jobs_completed "u64",
            record.jobs_resigned "u64", record.jobs_waived "u64", record.jobs_faulted "u64", record.jobs_voided "u64",
            record.slashes "u64";
        Node: network "address", provider "address", worker "address", set "address", opened_slot "u64", units "u64",
            slots_total "u16", slots_used "u16", class "u16", region "u16";
        Offer: network "address", provider "address", node "address", terms "address (mint), then the rest of the terms",
            incarnation "u64", expires_at "i64", slots_left "u32";
        Job: network "address", buyer "address", provider "address", payee "address", node "address", state "u8";
    };
    let table = table.map(|(account, field, at, kind)| {
        let field = field.replace(' ', "");
        (account.to_string(), field, at, kind.to_string())
    });
    for row in &table {
        println!("| `{}` | `{}` | {} | {} |", row.0, row.1, row.2, row.3);
    }
    assert_eq!(documented(), table);
}
