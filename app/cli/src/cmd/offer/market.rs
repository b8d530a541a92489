//! `sluice market`: the offers that live, ranked.

use {
    crate::{
        cmd::listing::Listing,
        failure::{Failure, Result},
        output::{Fields, Value},
        parse::Secs,
        session::Session,
    },
    clap::Args,
    sluice_client::{
        Ledger, amount,
        market::{self, Filter, Look, Ranked},
    },
    solana_address::Address,
    std::collections::BTreeMap,
};

#[derive(Args, Debug)]
pub struct Market {
    #[command(flatten)]
    pub wish: Wish,
    /// Least length that the offer accepts.
    #[arg(long, value_name = "DURATION")]
    length: Option<Secs>,
    #[command(flatten)]
    listing: Listing,
}

/// What a buyer asks of an offer.
#[derive(Args, Debug)]
pub struct Wish {
    /// Network to look in.
    #[arg(
        long,
        env = "SLUICE_NETWORK",
        hide_env_values = true,
        value_name = "ADDRESS"
    )]
    pub network: Address,
    /// Only offers paid in this mint.
    #[arg(long, value_name = "ADDRESS")]
    pub mint: Option<Address>,
    /// Only offers measured by this attester set.
    #[arg(long, value_name = "ADDRESS")]
    set: Option<Address>,
    /// Only nodes that declare this region.
    #[arg(long)]
    region: Option<u16>,
    /// Only nodes that declare this class.
    #[arg(long)]
    class: Option<u16>,
    /// Highest price of --per units, token units of --mint.
    #[arg(long, value_name = "AMOUNT", requires = "mint")]
    max_price: Option<String>,
    /// Units that --max-price buys.
    #[arg(long, value_name = "UNITS", default_value_t = 1)]
    per: u64,
    /// Least units that one window can count.
    #[arg(long)]
    units: Option<u64>,
}

impl Market {
    /// Lists the offers in their order.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let reach = self.listing.reach(session);
        let Look { ranked, all, .. } = self.wish.look(session, self.length, reach)?;
        let behind = all.map(|all| all.saturating_sub(ranked.len()));
        let mints = ranked.iter().map(|offer| offer.listing.offer.terms.mint);
        session.ledger.gather(mints)?;
        let mut decimals = BTreeMap::new();
        let mut rows = Vec::with_capacity(ranked.len());
        for (offer, number) in ranked.iter().zip(1u32..) {
            let mint = offer.listing.offer.terms.mint;
            let places = match decimals.get(&mint.to_bytes()) {
                Some(places) => *places,
                None => {
                    let places = session.mint(&mint)?.decimals;
                    decimals.insert(mint.to_bytes(), places);
                    places
                }
            };
            rows.push(row(offer, number, places));
        }
        self.listing.show_first(session, "offers", rows, behind)
    }
}

/// One offer as people and scripts see it.
pub fn row(ranked: &Ranked, number: u32, decimals: u8) -> Fields {
    let listing = &ranked.listing;
    let (offer, record) = (&listing.offer, listing.record());
    let node = listing.node.as_ref();
    Fields::new()
        .with("rank", number)
        .with("offer", listing.address)
        .tokens("price", offer.terms.price, decimals)
        .with("per", offer.terms.per)
        .with("takeable", ranked.untakeable.is_none())
        .with("free_slots", listing.free_slots())
        .with("cap", offer.terms.cap)
        .with("mint", offer.terms.mint)
        .with("counts", listing.counts())
        .with("quorum_margin", Value::Signed(listing.quorum_margin()))
        .with("jobs_completed", record.jobs_completed)
        .with("windows_proven", record.windows_proven)
        .with("windows_missed", record.windows_missed)
        .with("jobs_resigned", record.jobs_resigned)
        .with("slashes", record.slashes)
        .with("class", node.map(|node| node.class))
        .with("region", node.map(|node| node.region))
        .with("node", offer.node)
        .with("provider", offer.provider)
        .with("set", offer.terms.set)
        .date("expires_at", offer.expires_at)
        .with("reason", ranked.reason.as_str())
        .in_mint(&offer.terms.mint)
}

impl Wish {
    /// The first `rows` offers of the network that meet the wish, best first.
    pub fn look(
        &self,
        session: &Session<impl Ledger>,
        length: Option<Secs>,
        rows: usize,
    ) -> Result<Look> {
        let filter = self.filter(session, length)?;
        let now = session.now()?;
        let network = &self.network;
        Ok(market::look(&session.ledger, network, &filter, now, rows)?)
    }

    fn filter(&self, session: &Session<impl Ledger>, length: Option<Secs>) -> Result<Filter> {
        if self.per == 0 {
            return Err(Failure::input("--per must be at least 1"));
        }
        let max_price = match (&self.max_price, &self.mint) {
            (Some(text), Some(mint)) => {
                let decimals = session.mint(mint)?.decimals;
                Some((amount::parse(text, decimals)?, self.per))
            }
            _ => None,
        };
        Ok(Filter {
            mint: self.mint,
            set: self.set,
            region: self.region,
            class: self.class,
            max_price,
            units: self.units,
            length_secs: length.map(|length| length.0),
        })
    }
}
