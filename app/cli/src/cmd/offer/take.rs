//! `sluice job take`: an offer becomes a job.

use {
    crate::{
        cmd::terms::{counting, pays_for, set_of},
        failure::{Failure, Result},
        output::Fields,
        parse::{Bps, Hex32, Secs},
        session::{Session, VAULT_LEN, funds_of, own::Numbered, size},
    },
    clap::Args,
    sluice::constants::NOBODY,
    sluice_client::{
        Job, Ledger, Network, Offer, Provider, TakeArgs, address, amount,
        instruction::{self, token::Mint},
        view::{job::minimum_deposit, offer::order},
    },
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args, Debug)]
pub struct Take {
    /// Address of the offer.
    offer: Address,
    #[command(flatten)]
    order: Order,
}

/// What a buyer adds to the terms of an offer.
#[derive(Args, Debug)]
pub struct Order {
    /// Number of the job among the buyer's; part of its address. By default the lowest that is free.
    #[arg(long)]
    pub id: Option<u64>,
    /// How long the job runs.
    #[arg(long, value_name = "DURATION")]
    pub length: Secs,
    /// Deposit, token units; by default the least that the offer accepts: its notice and one window.
    #[arg(long, value_name = "AMOUNT")]
    pub funds: Option<String>,
    /// Salted hash that names the work, 64 hexadecimal digits.
    #[arg(long, value_name = "HEX")]
    pub spec_hash: Option<Hex32>,
    /// The key that may countersign in the quorum's place.
    #[arg(long, value_name = "KEY")]
    pub cosigner: Option<Address>,
    /// Owner of every refund; by default the buyer.
    #[arg(long, value_name = "KEY")]
    pub refund_to: Option<Address>,
    /// Highest fees to agree to, network's and set's together, basis points or `1.5%`; by default the fees as they are now.
    #[arg(long, value_name = "BPS")]
    pub max_fee_bps: Option<Bps>,
}

impl Take {
    /// Takes the offer.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let offer: Offer = session.ledger.get(&self.offer)?;
        self.order.take(session, &self.offer, &offer)
    }
}

impl Order {
    /// The deposit, base units.
    pub fn deposit(&self, offer: &Offer, mint: &Mint) -> Result<u64> {
        let least = minimum_deposit(&offer.terms)
            .ok_or_else(|| Failure::input("the offer's notice costs more than 64 bits hold"))?;
        let Some(text) = &self.funds else {
            return Ok(least);
        };
        let funds = amount::parse(text, mint.decimals)?;
        if funds >= least {
            return Ok(funds);
        }
        Err(Failure::input(format!(
            "{} is too little: the offer's notice and one window cost {}",
            amount::format(funds, mint.decimals),
            amount::format(least, mint.decimals)
        )))
    }

    /// Reads in one batch what taking `offer` looks at.
    pub fn look_ahead(&self, session: &Session<impl Ledger>, offer: &Offer) -> Result<()> {
        let buyer = session.signer()?.pubkey();
        let wanted = [offer.network, offer.provider, offer.terms.set];
        let funds = funds_of(&buyer, &offer.terms.mint);
        let jobs = self.numbered(offer, &buyer).ahead();
        session.gather(wanted.into_iter().chain(funds).chain(jobs))
    }

    fn numbered(
        &self,
        offer: &Offer,
        buyer: &Address,
    ) -> Numbered<impl Fn(u64) -> Address + use<>> {
        let (network, buyer) = (offer.network, *buyer);
        Numbered::new(self.id, move |id| address::job(&network, &buyer, id))
    }

    /// Takes `offer` at the price that was read.
    pub fn take(
        &self,
        session: &mut Session<impl Ledger>,
        offer_key: &Address,
        offer: &Offer,
    ) -> Result<Fields> {
        let buyer = session.signer()?;
        self.look_ahead(session, offer)?;
        let network: Network = session.ledger.get(&offer.network)?;
        let numbered = self.numbered(offer, &buyer.pubkey());
        let (id, job) = numbered.choose(session, "job", "--id")?;
        if self.length.0 == 0 || self.length.0 > offer.terms.max_length_secs {
            return Err(Failure::input(format!(
                "the offer accepts lengths of 1 to {} seconds",
                offer.terms.max_length_secs
            )));
        }
        let provider: Provider = session.ledger.get(&offer.provider)?;
        let set = set_of(session, &offer.terms)?;
        let mint = session.deposit_mint(&offer.terms.mint)?;
        let funds = self.deposit(offer, &mint)?;
        let order = order(offer, &network, set.as_ref(), id, funds);
        let mut plan = session.cover(&buyer, &mint, funds)?;
        plan.push(instruction::take_offer_with_credential(
            &session.payer()?.pubkey(),
            &buyer.pubkey(),
            offer_key,
            offer,
            &provider.owner,
            &mint.token_program,
            TakeArgs {
                length_secs: self.length.0,
                spec_hash: self.spec_hash.map_or([0; 32], |hash| hash.0),
                cosigner: self.cosigner.unwrap_or(NOBODY),
                refund_owner: self.refund_to.unwrap_or(NOBODY),
                max_fee_bps: self.max_fee_bps.map_or(order.max_fee_bps, |bps| bps.0),
                ..order
            },
            address::credential(&network, &provider.owner),
        ));
        let fields = Fields::new()
            .with("job", job)
            .with("id", id)
            .with("offer", *offer_key)
            .with("node", offer.node)
            .with("network", offer.network)
            .with("set", offer.terms.set)
            .unless_nothing()
            .with("cosigner", self.cosigner)
            .unless_nothing()
            .with("refund_owner", self.refund_to)
            .unless_nothing()
            .of_mint("price", offer.terms.price, &mint)
            .with("per", offer.terms.per)
            .of_mint("funded", funds, &mint)
            .join(pays_for(&offer.terms, funds, self.length.0))
            .join(counting(set.as_ref(), &offer.terms))
            .in_mint(&mint.address);
        session.execute(
            plan.signed_by(buyer)
                .creating(size::<Job>())
                .creating(VAULT_LEN),
            fields,
        )
    }
}
