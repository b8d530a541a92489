//! A survey as it is printed.

use {
    crate::output::{Fields, Value},
    sluice_client::found::{Item, State, Step, Survey},
    solana_address::Address,
};

/// The result of a plan.
pub fn survey(survey: &Survey, network: &Address) -> Fields {
    Fields::new()
        .with("network", *network)
        .with("to_do", survey.due().map(|_| 1).sum::<u32>())
        .with("waits_until", survey.waits_until().map(Value::Date))
        .with(
            "steps",
            Value::Table(survey.items.iter().map(row).collect()),
        )
}

/// Step, account and what is or was to be done.
pub fn item(item: &Item) -> Fields {
    Fields::new()
        .with("step", item.stage.to_string())
        .with("account", item.account)
        .with("what", item.what.as_str())
        .with("amount", amount(item))
}

/// What the step takes out of somebody's account, if it is due and takes something.
fn amount(item: &Item) -> Value {
    let deposit = item.step().and_then(Step::deposit);
    deposit.map_or(Value::Absent, |deposit| Value::Tokens {
        base: deposit.base,
        decimals: deposit.mint.decimals,
        mint: Some(deposit.mint.address),
    })
}

fn row(item: &Item) -> Fields {
    let state = match item.state {
        State::Done => "done",
        State::Due(_) => "to do",
        State::Waits(_) => "waits",
    };
    let signers = item.step().map(|step| step.signers()).unwrap_or_default();
    let signers: Vec<String> = signers.iter().map(|(_, key)| key.to_string()).collect();
    let signed_by = (!signers.is_empty()).then(|| signers.join(" "));
    Fields::new()
        .with("step", item.stage.to_string())
        .with("state", state)
        .with("from", item.waits_until().map(Value::Date))
        .with("account", item.account)
        .with("what", item.what.as_str())
        .with("amount", amount(item))
        .with("signed_by", signed_by)
}

/// What a run leaves, from its date on.
pub fn left(survey: &Survey) -> Vec<Fields> {
    let items = survey.items.iter().filter(|item| !item.is_done());
    let from = |one: &Item| one.waits_until().map_or(Value::Absent, Value::Date);
    items.map(|one| item(one).with("from", from(one))).collect()
}
