//! `sluice rewards share`.

use {
    super::{shares::view, show::of_share},
    crate::{
        cmd::listing::{Columns, List, Within},
        failure::{Result, gone},
        output::Fields,
        session::Session,
    },
    clap::{Args, Subcommand},
    sluice_client::{
        Ledger, RewardPool, Share,
        account::filter::{self, Filter},
        address,
    },
    solana_address::Address,
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Shows a node's share of a pool: what it earned, can claim, and streams.
    Show(Show),
    /// Lists shares: which node, in which pool, with what to claim.
    List(List<Shares>),
}

#[derive(Args, Debug)]
pub struct Show {
    /// Address of the share.
    share: Address,
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Show(Show { share }) => one(session, &share),
            Self::List(verb) => verb.run(session),
        }
    }
}

/// Shows one share.
fn one(session: &Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let found = session.ledger.get(address);
    let share: Share = found.map_err(gone("share", address))?;
    session.ledger.gather(Shares::beside(address, &share))?;
    let pool: RewardPool = session.ledger.get(&share.pool)?;
    let view = view(session, &pool, address, &share, session.now()?)?;
    Ok(Fields::new()
        .with("share", *address)
        .with("node", share.node)
        .with("pool", share.pool)
        .detail("network", pool.network)
        .join(of_share(&share, &view, pool.decimals))
        .in_mint(&pool.mint))
}

#[derive(Args, Debug)]
pub struct Shares {
    #[command(flatten)]
    within: Within,
    /// Only shares of this pool.
    #[arg(long, value_name = "ADDRESS")]
    pool: Option<Address>,
    /// Only shares whose rewards are this provider's owner's.
    #[arg(long, value_name = "KEY")]
    owner: Option<Address>,
}

impl Columns for Shares {
    type Account = Share;

    const ROWS: &'static str = "shares";

    fn filters(&self, _key: Option<&Address>) -> Vec<Filter> {
        let of_pool = self.pool.as_ref().map(filter::share_pool);
        let of_owner = self.owner.as_ref().map(filter::share_payee);
        of_pool.into_iter().chain(of_owner).collect()
    }

    fn order(share: &Share) -> u64 {
        share.opened_slot
    }

    fn beside(_address: &Address, share: &Share) -> Vec<Address> {
        let open = share.slots.iter().filter_map(|slot| slot.epoch());
        let epochs = open.map(|index| address::epoch(&share.pool, index));
        [share.pool].into_iter().chain(epochs).collect()
    }

    fn is_asked_for(&self, session: &Session<impl Ledger>, share: &Share) -> Result<bool> {
        let pool: RewardPool = session.ledger.get(&share.pool)?;
        Ok(self.within.has(&pool.network))
    }

    fn row(
        session: &Session<impl Ledger>,
        address: &Address,
        share: &Share,
        now: i64,
    ) -> Result<Fields> {
        let pool: RewardPool = session.ledger.get(&share.pool)?;
        let view = view(session, &pool, address, share, now)?;
        Ok(Fields::new()
            .with("share", *address)
            .with("node", share.node)
            .tokens("claimable", view.due.payee, pool.decimals)
            .tokens("streaming", view.to_stream.payee, pool.decimals)
            .tokens("earned", view.earned.payee, pool.decimals)
            .tokens("claimed", share.claimed, pool.decimals)
            .with("pool", share.pool)
            .with("provider", share.provider)
            .with("payee", share.payee)
            .with("network", pool.network)
            .in_mint(&pool.mint))
    }
}
