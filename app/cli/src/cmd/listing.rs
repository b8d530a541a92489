//! What every list takes and does: whose accounts of which network, an order, and pages.

use {
    crate::{
        failure::{Failure, Result},
        output::{Fields, Looks, Value},
        session::Session,
    },
    clap::Args,
    sluice_client::{
        Discriminator, Ledger, Pod,
        account::filter::Filter,
        amount::counted,
        view::parties::{Parties, Party},
    },
    solana_address::Address,
    solana_signer::Signer,
    std::cmp::Ordering,
};

/// The accounts of one type as a list: which are asked for, in which order they stand, and what is told of each.
pub trait Columns {
    type Account: Discriminator + Pod + Parties;

    /// What programs find the rows under.
    const ROWS: &'static str;

    /// What the node finds them by; `key` is the signer's if only its accounts are asked for.
    fn filters(&self, key: Option<&Address>) -> Vec<Filter>;

    /// The smaller stands before the greater; the address decides between equal ones.
    fn order(account: &Self::Account) -> u64;

    /// Accounts that the row is made from too: those of all rows are read in batches.
    fn beside(_address: &Address, _account: &Self::Account) -> Vec<Address> {
        vec![]
    }

    /// False for one that is not asked for, as far as the node cannot tell.
    fn is_asked_for(
        &self,
        _session: &Session<impl Ledger>,
        _account: &Self::Account,
    ) -> Result<bool> {
        Ok(true)
    }

    /// What is told of the account at `address` at `now`.
    fn row(
        session: &Session<impl Ledger>,
        address: &Address,
        account: &Self::Account,
        now: i64,
    ) -> Result<Fields>;
}

/// A list and its options.
#[derive(Args, Debug)]
pub struct List<C: Args> {
    #[command(flatten)]
    columns: C,
    /// Only those that the signer has a part in: that it signs for, is paid by or holds a role in, or its provider.
    #[arg(long)]
    mine: bool,
    #[command(flatten)]
    listing: Listing,
}

impl<C: Args + Columns> List<C> {
    /// Lists the accounts that match every option.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let key = self.mine.then(|| session.signer()).transpose()?;
        let party = key.map(|key| Party::of::<C::Account>(&session.ledger, key.pubkey()));
        let party = party.transpose()?;
        let filters = self.columns.filters(party.as_ref().map(Party::key));
        let mut found = session.ledger.list::<C::Account>(&filters)?;
        if let Some(party) = party {
            found.retain(|(_, account)| party.has_part_in(account));
        }
        found.sort_by_key(|(address, account)| (C::order(account), address.to_bytes()));
        let beside = found
            .iter()
            .flat_map(|(address, account)| C::beside(address, account));
        session.ledger.gather(beside)?;
        let now = session.now()?;
        let mut rows = Vec::with_capacity(found.len());
        for (address, account) in &found {
            if self.columns.is_asked_for(session, account)? {
                rows.push(C::row(session, address, account, now)?);
            }
        }
        self.listing.show(session, C::ROWS, rows)
    }
}

/// The network whose accounts a list holds.
#[derive(Args, Debug)]
pub struct Within {
    /// Only those of this network.
    #[arg(
        long,
        env = "SLUICE_NETWORK",
        hide_env_values = true,
        value_name = "ADDRESS"
    )]
    pub network: Option<Address>,
}

impl Within {
    /// What finds accounts that hold the network's address where `of` says.
    pub fn by(&self, of: fn(&Address) -> Filter) -> Vec<Filter> {
        self.network.iter().map(of).collect()
    }

    /// True for an account of `network`.
    pub fn has(&self, network: &Address) -> bool {
        self.network.as_ref().is_none_or(|only| only == network)
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
    /// Only rows that show this value in this column, as a cell or whole, or by its name; several must all hold.
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
    /// How many rows of the list's own order it takes to show what was asked for, and whether more follow; `usize::MAX` for all.
    pub fn reach(&self, session: &Session<impl Ledger>) -> usize {
        let in_order = self.sort.is_none() && !self.reverse && self.conditions.is_empty();
        let size = self.size(&session.looks()).filter(|_| in_order);
        let page = usize::try_from(self.page).unwrap_or(usize::MAX);
        size.map_or(usize::MAX, |size| {
            size.saturating_mul(page).saturating_add(1)
        })
    }

    /// Rows of a page; none if there are no pages.
    fn size(&self, looks: &Looks) -> Option<usize> {
        let asked = self.rows.and_then(|count| usize::try_from(count).ok());
        asked.or_else(|| looks.is_narrow().then_some(PAGE))
    }

    /// The rows that were asked for, under `name`.
    pub fn show(
        self,
        session: &Session<impl Ledger>,
        name: &'static str,
        rows: Vec<Fields>,
    ) -> Result<Fields> {
        self.show_first(session, name, rows, Some(0))
    }

    /// The same of the first rows of a list, as many as [`Self::reach`] says; `behind` says how many more the list has, if that is known.
    pub fn show_first(
        self,
        session: &Session<impl Ledger>,
        name: &'static str,
        rows: Vec<Fields>,
        behind: Option<usize>,
    ) -> Result<Fields> {
        self.page(&session.looks(), name, rows, behind)
    }

    fn page(
        self,
        looks: &Looks,
        name: &'static str,
        rows: Vec<Fields>,
        behind: Option<usize>,
    ) -> Result<Fields> {
        let mut rows = self.chosen(looks, rows)?;
        let known = rows.len();
        let all = behind.map(|behind| known.saturating_add(behind));
        let size = self.size(looks).unwrap_or(known.max(1));
        let before = usize::try_from(self.page.saturating_sub(1)).unwrap_or(usize::MAX);
        let start = before.saturating_mul(size).min(known);
        let end = start.saturating_add(size).min(known);
        let page: Vec<Fields> = rows.drain(start..end).collect();
        let is_empty = page.is_empty();
        let fields = Fields::new().with(name, Value::Table(page));
        let shown = end.saturating_sub(start);
        if Some(shown) == all {
            return Ok(fields);
        }
        if is_empty && let Some(all) = all {
            let number = self.page;
            let pages = counted(all.div_ceil(size), "page");
            let rows = counted(all, "row");
            return Ok(fields.said("rows", format!("none on page {number}: {rows} on {pages}")));
        }
        let first = start.saturating_add(1).min(end);
        let of = all.map_or(String::new(), |all| format!(" of {all}"));
        let more = if end < known || all.is_some_and(|all| end < all) {
            format!("; --page {} goes on", self.page.saturating_add(1))
        } else {
            String::new()
        };
        Ok(fields.said("rows", format!("{first} to {end}{of}{more}")))
    }

    /// The rows for which every condition holds, in the order that was asked for.
    fn chosen(&self, looks: &Looks, mut rows: Vec<Fields>) -> Result<Vec<Fields>> {
        let sort = self.sort.as_deref().map(named);
        let columns = self.conditions.iter().map(|(column, _)| column);
        for column in columns.chain(&sort) {
            known(&rows, column)?;
        }
        for (column, wanted) in &self.conditions {
            rows.retain(|row| {
                row.get(column)
                    .is_some_and(|value| value.is_said_as(wanted, looks))
            });
        }
        if let Some(column) = &sort {
            rows.sort_by(|one, other| {
                one.get(column)
                    .zip(other.get(column))
                    .map_or(Ordering::Equal, |(one, other)| one.order(other))
            });
            // Columns are left off from the right; this one is what the reader looks at.
            if looks.is_narrow() {
                let led = rows.into_iter().map(|row| row.led_by(column));
                rows = led.collect();
            }
        }
        if self.reverse {
            rows.reverse();
        }
        Ok(rows)
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
