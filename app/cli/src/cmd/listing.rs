//! What every list takes: an order, and pages.

use {
    crate::{
        failure::{Failure, Result},
        output::{Fields, Value},
        session::Session,
    },
    clap::Args,
    sluice_client::{Ledger, Provider},
    solana_address::Address,
    solana_signer::Signer,
    std::{cmp::Ordering, collections::BTreeSet},
};

/// Which accounts a list holds.
#[derive(Args, Debug)]
pub struct Scope {
    /// Only those of this network.
    #[arg(
        long,
        env = "SLUICE_NETWORK",
        hide_env_values = true,
        value_name = "ADDRESS"
    )]
    pub network: Option<Address>,
    #[command(flatten)]
    pub whose: Whose,
}

/// Whose accounts a list holds.
#[derive(Args, Debug)]
pub struct Whose {
    /// Only those that the signer has a part in.
    #[arg(long)]
    mine: bool,
}

impl Whose {
    /// The signer, if only its accounts are asked for.
    pub fn key(&self, session: &Session<impl Ledger>) -> Result<Option<Address>> {
        let signer = self.mine.then(|| session.signer());
        Ok(signer.transpose()?.map(|key| key.pubkey()))
    }

    /// True for an account in which `parties` have a part, if `key` is all that is asked for.
    pub fn is_asked_for<const N: usize>(key: Option<&Address>, parties: [Address; N]) -> bool {
        key.is_none_or(|key| parties.contains(key))
    }

    /// The providers that the signer owns or operates, if only its accounts are asked for.
    pub fn providers(&self, session: &Session<impl Ledger>) -> Result<Option<BTreeSet<[u8; 32]>>> {
        let Some(key) = self.key(session)? else {
            return Ok(None);
        };
        let all = session.ledger.list::<Provider>(&[])?;
        let own = all
            .iter()
            .filter(|(_, provider)| [provider.owner, provider.operator].contains(&key));
        Ok(Some(own.map(|(address, _)| address.to_bytes()).collect()))
    }
}

/// An amount of a mint that was read with the list's others; nothing where there is no such mint.
pub fn tokens(session: &Session<impl Ledger>, mint: &Address, base: u64) -> Option<Value> {
    let found = session.mint(mint).ok()?;
    Some(Value::Tokens {
        base,
        decimals: found.decimals,
        mint: Some(*mint),
    })
}

/// Rows that a page has on a terminal.
const PAGE: usize = 50;

/// Options of a list.
#[derive(Args, Debug, Default)]
pub struct Listing {
    /// Column to sort by, as its heading or as JSON names it; by default the list's own order.
    #[arg(long, value_name = "COLUMN")]
    sort: Option<String>,
    /// The last rows first.
    #[arg(long)]
    reverse: bool,
    /// Only rows that show this value in this column; several must all hold.
    #[arg(long = "where", value_name = "COLUMN=VALUE", value_parser = condition)]
    conditions: Vec<(String, String)>,
    /// Rows of a page; by default 50 on a terminal and all elsewhere.
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    rows: Option<u32>,
    /// Page to show, from 1.
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    page: u32,
}

fn condition(text: &str) -> std::result::Result<(String, String), String> {
    let (column, value) = text.split_once('=').ok_or("expected COLUMN=VALUE")?;
    Ok((named(column), value.to_owned()))
}

/// As fields are named.
fn named(column: &str) -> String {
    column.trim().replace([' ', '-'], "_")
}

impl Listing {
    /// The rows that were asked for, under `name`.
    pub fn show(
        self,
        session: &Session<impl Ledger>,
        name: &'static str,
        mut rows: Vec<Fields>,
    ) -> Result<Fields> {
        let looks = session.looks();
        for (column, wanted) in &self.conditions {
            known(&rows, column)?;
            rows.retain(|row| {
                row.get(column)
                    .is_some_and(|value| value.is_said_as(wanted, &looks))
            });
        }
        if let Some(column) = &self.sort {
            let column = named(column);
            known(&rows, &column)?;
            rows.sort_by(|one, other| {
                one.get(&column)
                    .zip(other.get(&column))
                    .map_or(Ordering::Equal, |(one, other)| one.order(other))
            });
        }
        if self.reverse {
            rows.reverse();
        }
        let all = rows.len();
        let asked = self.rows.and_then(|count| usize::try_from(count).ok());
        let Some(size) = asked.or_else(|| looks.is_narrow().then_some(PAGE)) else {
            return Ok(Fields::new().with(name, Value::Table(rows)));
        };
        let before = usize::try_from(self.page.saturating_sub(1)).unwrap_or(usize::MAX);
        let start = before.saturating_mul(size).min(all);
        let end = start.saturating_add(size).min(all);
        let page: Vec<Fields> = rows.drain(start..end).collect();
        let fields = Fields::new().with(name, Value::Table(page));
        if end.saturating_sub(start) == all {
            return Ok(fields);
        }
        let first = start.saturating_add(1).min(end);
        let more = if end < all {
            format!("; --page {} goes on", self.page.saturating_add(1))
        } else {
            String::new()
        };
        Ok(fields.said("rows", format!("{first} to {end} of {all}{more}")))
    }
}

/// Refuses a column that the rows have not.
fn known(rows: &[Fields], column: &str) -> Result<()> {
    let Some(first) = rows.first() else {
        return Ok(());
    };
    if first.get(column).is_some() {
        return Ok(());
    }
    let names: Vec<&str> = first.items().map(|(name, _)| name.as_ref()).collect();
    Err(Failure::input(format!(
        "there is no column '{column}': the list has {}",
        names.join(", ")
    )))
}
