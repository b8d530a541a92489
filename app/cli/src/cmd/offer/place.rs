//! `sluice job place`: takes the best offer that matches.

use {
    super::{
        market::{Wish, row},
        take::Order,
    },
    crate::{
        failure::{Failure, Result},
        output::Fields,
        session::Session,
    },
    clap::Args,
    sluice_client::{Ledger, amount::counted, market::Look},
};

/// What a buyer is shown of the offer before the question; `sluice market` has the rest.
const CHOSEN: [&str; 6] = [
    "offer",
    "provider",
    "price",
    "per",
    "jobs_completed",
    "windows_missed",
];

#[derive(Args, Debug)]
pub struct Place {
    #[command(flatten)]
    wish: Wish,
    #[command(flatten)]
    order: Order,
}

impl Place {
    /// Takes the first offer in the market's order that can be taken.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let Look { ranked, mints, all } = self.wish.look(session, Some(self.order.length), 1)?;
        // Prices in two mints do not compare: nobody but the buyer can say which is better.
        if self.wish.mint.is_none() && mints > 1 {
            return Err(Failure::input(format!(
                "the offers that match are paid in {mints} mints: choose one with --mint, or set mint in the profile"
            )));
        }
        let first = ranked.into_iter().next();
        let best = first
            .filter(|offer| offer.untakeable.is_none())
            .ok_or_else(|| {
                Failure::input(match all.unwrap_or_default() {
                    0 => "no live offer matches; see `sluice market`".to_owned(),
                    count => format!(
                        "{} found, and none can be taken; see `sluice market`",
                        counted(count, "offer")
                    ),
                })
            })?;
        let offer = best.listing.offer;
        self.order.look_ahead(session, &offer)?;
        let mint = session.deposit_mint(&offer.terms.mint)?;
        let funds = self.order.deposit(&offer, &mint)?;
        let offered = row(&best, 1, mint.decimals);
        let chosen = offered.only(|name| CHOSEN.contains(&name));
        let deposit = chosen.of_mint("deposit", funds, &mint);
        session.show(&deposit.in_mint(&mint.address));
        let fields = self.order.take(session, &best.listing.address, &offer)?;
        Ok(fields.with("reason", best.reason))
    }
}
