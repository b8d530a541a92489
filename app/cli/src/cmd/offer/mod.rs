//! `sluice offer`.

mod list;
pub mod market;
pub mod place;
mod post;
pub mod take;

use {
    crate::{
        cmd::{
            listing::List,
            terms::{self, bonds, counting, set_of},
        },
        failure::{Failure, Result, gone},
        output::Fields,
        session::{Plan, Session},
    },
    clap::{Args, Subcommand},
    sluice_client::{Ledger, Offer, Provider, instruction, view},
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Offers a node's slots under whole terms; the provider's operator signs.
    Post(Box<post::Post>),
    /// Withdraws an offer; the provider's operator signs.
    Withdraw(Target),
    /// Clears away an offer that expired or was used up; anyone may send it.
    Clear(Target),
    /// Shows an offer and its terms.
    Show(Target),
    /// Lists offers, the live ones and those that are over.
    List(List<list::Offers>),
}

/// The offer that a verb is about.
#[derive(Args, Debug)]
pub struct Target {
    /// Address of the offer.
    offer: Address,
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Post(verb) => verb.run(session),
            Self::Withdraw(target) => target.withdraw(session),
            Self::Clear(target) => target.clear(session),
            Self::Show(target) => target.show(session),
            Self::List(verb) => verb.run(session),
        }
    }
}

impl Target {
    fn withdraw(&self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let offer: Offer = session.ledger.get(&self.offer)?;
        let provider: Provider = session.ledger.get(&offer.provider)?;
        let operator = session.signer_as("provider's operator", &provider.operator)?;
        let plan = Plan::of(instruction::withdraw_offer(
            &provider.operator,
            &self.offer,
            &offer,
        ));
        session.execute(plan.signed_by(operator), self.closed(&offer))
    }

    fn clear(&self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let offer: Offer = session.ledger.get(&self.offer)?;
        if !offer.is_over(session.now()?) {
            return Err(Failure::input(format!(
                "the offer can still be taken until {}; its operator can withdraw it",
                crate::parse::date(offer.expires_at)
            )));
        }
        let closer = session.signer()?;
        let plan = Plan::of(instruction::clear_offer(
            &closer.pubkey(),
            &self.offer,
            &offer,
        ));
        session.execute(plan.signed_by(closer), self.closed(&offer))
    }

    fn closed(&self, offer: &Offer) -> Fields {
        Fields::new()
            .with("offer", self.offer)
            .with("slots_left", offer.slots_left)
            .with("rent_to", offer.rent_payer)
    }

    fn show(&self, session: &Session<impl Ledger>) -> Result<Fields> {
        let found = session.ledger.get(&self.offer);
        let offer: Offer = found.map_err(gone("offer", &self.offer))?;
        let terms = &offer.terms;
        session
            .ledger
            .gather([terms.mint, terms.set, offer.network])?;
        let mint = session.mint(&terms.mint)?;
        let held = [
            ("bond", terms.bond),
            ("challenge_bond", terms.challenge_bond),
        ];
        let mut fields = Fields::new()
            .with("offer", self.offer)
            .with("live", !offer.is_over(session.now()?))
            .with("provider", offer.provider)
            .with("node", offer.node)
            .with("set", terms.set)
            .unless_nothing()
            .with("slots_left", offer.slots_left)
            .with("slots_total", offer.slots_total)
            .date("expires_at", offer.expires_at)
            .detail("network", offer.network)
            .section("Money")
            .with("mint", terms.mint);
        if let Some(least) = view::job::minimum_deposit(terms) {
            fields = fields.of_mint("least_deposit", least, &mint);
        }
        Ok(fields
            .join(bonds(session, &offer.network, &held)?)
            .data("bond_base_units", terms.bond)
            .data("challenge_bond_base_units", terms.challenge_bond)
            .join(counting(set_of(session, terms)?.as_ref(), terms))
            .unless_nothing()
            .join(terms::figures(terms, mint.decimals))
            .secs("max_length", terms.max_length_secs)
            .in_mint(&terms.mint))
    }
}
