//! `sluice stake ticket`.

use {
    crate::{
        cmd::{
            job::inconsistent,
            listing::{Columns, List, Within},
        },
        failure::{Result, gone},
        output::Fields,
        session::Session,
    },
    clap::{Args, Subcommand},
    sluice_client::{
        Ledger, StakePool, Unstake,
        account::filter::{self, Filter},
    },
    solana_address::Address,
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Shows a ticket: what it is worth today, and from when on it can be withdrawn.
    Show(Show),
    /// Lists tickets: whose stake thaws, behind whom, and until when.
    List(List<Tickets>),
}

#[derive(Args, Debug)]
pub struct Show {
    /// Address of the ticket.
    ticket: Address,
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Show(Show { ticket }) => one(session, &ticket),
            Self::List(verb) => verb.run(session),
        }
    }
}

/// Shows one ticket.
fn one(session: &Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let found = session.ledger.get(address);
    let ticket: Unstake = found.map_err(gone("ticket", address))?;
    let row = Tickets::row(session, address, &ticket, session.now()?)?;
    Ok(row
        .detail("shares", ticket.shares)
        .detail("rent_to", ticket.rent_payer))
}

#[derive(Args, Debug)]
pub struct Tickets {
    #[command(flatten)]
    within: Within,
    /// Only tickets of this position.
    #[arg(long, value_name = "ADDRESS")]
    position: Option<Address>,
}

impl Columns for Tickets {
    type Account = Unstake;

    const ROWS: &'static str = "tickets";

    fn filters(&self, key: Option<&Address>) -> Vec<Filter> {
        let of_position = self.position.as_ref().map(filter::unstake_position);
        let of_staker = key.map(filter::unstake_staker);
        of_position.into_iter().chain(of_staker).collect()
    }

    fn order(ticket: &Unstake) -> u64 {
        ticket.withdraw_at.max(0).unsigned_abs()
    }

    fn beside(_address: &Address, ticket: &Unstake) -> Vec<Address> {
        vec![ticket.pool]
    }

    fn is_asked_for(&self, session: &Session<impl Ledger>, ticket: &Unstake) -> Result<bool> {
        let pool: StakePool = session.ledger.get(&ticket.pool)?;
        Ok(self.within.has(&pool.network))
    }

    fn row(
        session: &Session<impl Ledger>,
        address: &Address,
        ticket: &Unstake,
        now: i64,
    ) -> Result<Fields> {
        let pool: StakePool = session.ledger.get(&ticket.pool)?;
        let worth = pool.worth(ticket.shares).map_err(inconsistent(address))?;
        Ok(Fields::new()
            .with("ticket", *address)
            .tokens("worth", worth, pool.decimals)
            .date("withdraw_at", ticket.withdraw_at)
            .with("ripe", now >= ticket.withdraw_at)
            .with("behind", pool.subject)
            .with("staker", ticket.staker)
            .with("position", ticket.position)
            .with("pool", ticket.pool)
            .detail("since_slot", ticket.opened_slot)
            .with("network", pool.network)
            .in_mint(&pool.mint))
    }
}
