//! `sluice rewards epoch`.

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
        Epoch, Ledger, RewardPool,
        account::filter::{self, Filter},
    },
    solana_address::Address,
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Shows an open epoch of a pool: its work, and how many of its shares are folded.
    Show(Show),
    /// Lists epochs that are not closed.
    List(List<Epochs>),
}

#[derive(Args, Debug)]
pub struct Show {
    /// Address of the epoch.
    epoch: Address,
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Show(Show { epoch }) => one(session, &epoch),
            Self::List(verb) => verb.run(session),
        }
    }
}

/// Shows one epoch.
fn one(session: &Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let found = session.ledger.get(address);
    let epoch: Epoch = found.map_err(gone("epoch", address))?;
    let row = Epochs::row(session, address, &epoch, session.now()?)?;
    Ok(row
        .detail("since_slot", epoch.opened_slot)
        .detail("rent_to", epoch.rent_payer))
}

#[derive(Args, Debug)]
pub struct Epochs {
    #[command(flatten)]
    within: Within,
    /// Only epochs of this pool.
    #[arg(long, value_name = "ADDRESS")]
    pool: Option<Address>,
}

impl Columns for Epochs {
    type Account = Epoch;

    const ROWS: &'static str = "epochs";

    fn filters(&self, _key: Option<&Address>) -> Vec<Filter> {
        self.pool.iter().map(filter::epoch_pool).collect()
    }

    fn order(epoch: &Epoch) -> u64 {
        epoch.opened_slot
    }

    fn beside(_address: &Address, epoch: &Epoch) -> Vec<Address> {
        vec![epoch.pool]
    }

    fn is_asked_for(&self, session: &Session<impl Ledger>, epoch: &Epoch) -> Result<bool> {
        let pool: RewardPool = session.ledger.get(&epoch.pool)?;
        Ok(self.within.has(&pool.network))
    }

    fn row(
        session: &Session<impl Ledger>,
        address: &Address,
        epoch: &Epoch,
        _now: i64,
    ) -> Result<Fields> {
        let pool: RewardPool = session.ledger.get(&epoch.pool)?;
        let starts_at = pool
            .epoch_start(epoch.index)
            .map_err(inconsistent(address))?;
        let length = i64::from(pool.terms.epoch_secs);
        Ok(Fields::new()
            .with("epoch", *address)
            .with("number", epoch.index)
            .with("shares", epoch.shares)
            .with("folded", epoch.folded)
            .with("units", epoch.total_units)
            .date("starts_at", starts_at)
            .date("ends_at", starts_at.saturating_add(length))
            .tokens("folded_amount", epoch.allocated, pool.decimals)
            .with("pool", epoch.pool)
            .with("network", pool.network)
            .in_mint(&pool.mint))
    }
}
