//! `sluice offer post`.

use {
    crate::{
        cmd::terms::{TermArgs, counting, set_of},
        failure::{Failure, Result},
        output::Fields,
        parse::{Secs, When},
        session::{
            Plan, Session,
            own::{Numbered, Part},
            size,
        },
    },
    clap::Args,
    sluice::constants::NOBODY,
    sluice_client::{Ledger, Network, Offer, OfferArgs, Provider, address, instruction},
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args, Debug)]
pub struct Post {
    /// Address of the node; by default the only one of the signer's provider.
    #[arg(
        long,
        env = "SLUICE_NODE",
        hide_env_values = true,
        value_name = "ADDRESS"
    )]
    node: Option<Address>,
    /// Number of the offer among the node's; part of its address. By default the lowest that is free.
    #[arg(long)]
    id: Option<u64>,
    #[command(flatten)]
    terms: TermArgs,
    /// Longest job that it may become.
    #[arg(long, value_name = "DURATION", default_value = "30d")]
    max_length: Secs,
    /// Leaves the node's attester set out: work is proven by the buyer's cosigner alone.
    #[arg(long)]
    cosigner_only: bool,
    /// Jobs that it may become.
    #[arg(long, default_value_t = 1)]
    slots: u32,
    /// Until when it can be taken.
    #[arg(long, value_name = "DATE", default_value = "+7d")]
    expires: When,
}

/// How a node is told.
const ASK: &str = "give one with --node";

impl Post {
    /// Posts the offer.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let (key, node) = session.node(self.node, Part::Operator, None, ASK)?;
        let ids = Numbered::new(self.id, |id| address::offer(&key, id));
        let wanted = [node.provider, node.network, node.set];
        session.gather(wanted.into_iter().chain(ids.ahead()))?;
        let provider: Provider = session.ledger.get(&node.provider)?;
        let operator = session.signer_as("provider's operator", &provider.operator)?;
        let network: Network = session.ledger.get(&node.network)?;
        let (id, offer) = ids.choose(session, "offer", "--id")?;
        if self.slots == 0 {
            return Err(Failure::input("an offer needs at least 1 slot"));
        }
        let set = if self.cosigner_only { NOBODY } else { node.set };
        let (terms, mint) = self
            .terms
            .resolve(session, &network, set, self.max_length.0)?;
        let asked = set_of(session, &terms)?;
        let expires_at = self.expires.within_a_year(session.now()?)?;
        let plan = Plan::of(instruction::post_offer(
            &session.payer()?.pubkey(),
            &provider.operator,
            &key,
            &node,
            OfferArgs {
                id,
                terms,
                slots: self.slots,
                expires_at,
            },
        ));
        let fields = Fields::new()
            .with("offer", offer)
            .with("id", id)
            .with("node", key)
            .with("set", set)
            .of_mint("price", terms.price, &mint)
            .with("per", terms.per)
            .date("expires_at", expires_at)
            .join(counting(asked.as_ref(), &terms));
        session.execute(plan.signed_by(operator).creating(size::<Offer>()), fields)
    }
}
