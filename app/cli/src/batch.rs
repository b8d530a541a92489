//! Many steps in as few transactions as they fit.

use {
    crate::{
        failure::Result,
        output::{Fields, Value},
        session::{Plan, Session},
    },
    sluice_client::Ledger,
};

/// Sends `steps`, each whole and in their order, in as few transactions as they fit; then `fields` with the signatures before them.
/// A step that fails stops the rest and is reported with what went before it. Of a dry run only the first transaction is
/// simulated, for the others may build on it.
pub fn send_all(
    session: &mut Session<impl Ledger>,
    steps: Vec<Plan>,
    fields: Fields,
) -> Result<Fields> {
    let mut packed = session.pack(steps)?;
    if session.is_proposal() {
        let count = count(packed.len());
        for plan in packed {
            session.execute(plan, Fields::new())?;
        }
        return Ok(Fields::new().with("transactions", count).join(fields));
    }
    let first = if packed.is_empty() {
        Plan::default()
    } else {
        packed.remove(0)
    };
    let count = count(packed.len() + 1);
    if count == 1 || session.is_dry_run() {
        let fields = Fields::new().with("transactions", count).join(fields);
        return session.execute(first, fields);
    }
    let goes_on = session.in_steps();
    let mut sent = vec![session.execute(first, Fields::new())?];
    let last = packed.len();
    for (number, plan) in (1..).zip(packed) {
        let result = Fields::new().with("transactions", count);
        let result = if number == last && !goes_on {
            session.last_step();
            result.join(fields.clone())
        } else {
            result
        };
        match session.execute(plan, result) {
            Ok(receipt) => sent.push(receipt.only(|name| name == "signature")),
            Err(failure) => {
                return Ok(Fields::new()
                    .with("transactions", count)
                    .with("sent", Value::Table(sent))
                    .with("failed", failure.to_string())
                    .join(fields)
                    .partly());
            }
        }
    }
    Ok(Fields::new()
        .with("transactions", count)
        .with("sent", Value::Table(sent))
        .join(fields))
}

/// How many transactions there are.
fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
