//! `sluice job open`.

use {
    crate::{
        cmd::terms::{TermArgs, counting, pays_for},
        failure::Result,
        output::Fields,
        parse::{Bps, Hex32, Secs, When},
        session::{Session, VAULT_LEN, own::Numbered, purses, size},
    },
    clap::Args,
    sluice::constants::NOBODY,
    sluice_client::{
        AttesterSet, Job, Ledger, Network, OpenBuilder, Provider, address, amount, instruction,
    },
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args, Debug)]
pub struct Open {
    /// Network of the job.
    #[arg(
        long,
        env = "SLUICE_NETWORK",
        hide_env_values = true,
        value_name = "ADDRESS"
    )]
    network: Address,
    /// Number of the job among the buyer's; part of its address. By default the lowest that is free.
    #[arg(long)]
    id: Option<u64>,
    /// Deposit, token units.
    #[arg(long, value_name = "AMOUNT")]
    funds: String,
    /// How long the job runs once accepted.
    #[arg(long, value_name = "DURATION")]
    length: Secs,
    /// Until when it can be accepted, a year ahead at most; from then on it is refundable.
    #[arg(long, value_name = "DATE", default_value = "+1d")]
    open_until: When,
    /// The attester set whose quorum proves work.
    #[arg(long, value_name = "ADDRESS", required_unless_present = "cosigner")]
    set: Option<Address>,
    /// The key that may countersign in the quorum's place.
    #[arg(long, value_name = "KEY")]
    cosigner: Option<Address>,
    /// The one provider that may accept; by default anyone.
    #[arg(long, value_name = "ADDRESS")]
    provider: Option<Address>,
    #[command(flatten)]
    terms: TermArgs,
    /// Salted hash that names the work, 64 hexadecimal digits.
    #[arg(long, value_name = "HEX")]
    spec_hash: Option<Hex32>,
    /// Owner of every refund; by default the buyer.
    #[arg(long, value_name = "KEY")]
    refund_to: Option<Address>,
    /// Highest fees to agree to, network's and set's together, basis points or `1.5%`; by default the fees as they are now.
    #[arg(long, value_name = "BPS")]
    max_fee_bps: Option<Bps>,
}

impl Open {
    /// Opens the job.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let buyer = session.signer()?;
        let payer = session.payer()?.pubkey();
        let network: Network = session.ledger.get(&self.network)?;
        let (of, key) = (self.network, buyer.pubkey());
        let numbered = Numbered::new(self.id, |id| address::job(&of, &key, id));
        let asked = match &self.set {
            Some(set) => Some(session.ledger.get::<AttesterSet>(set)?),
            None => None,
        };
        let mint = self.terms.mint(asked.as_ref())?;
        let wanted = numbered.ahead().into_iter().chain(purses(&key, &mint));
        session.gather(wanted.chain([mint, network.stake_mint]))?;
        let (id, job) = numbered.choose(session, "job", "--id")?;
        if let Some(provider) = &self.provider {
            session.ledger.get::<Provider>(provider)?;
        }
        let set = self.set.unwrap_or(NOBODY);
        let (terms, mint) = self.terms.resolve(session, &network, set, self.length.0)?;
        let funds = amount::parse(&self.funds, mint.decimals)?;
        let open_until = self.open_until.within_a_year(session.now()?)?;
        let mut asked_for = OpenBuilder::new(id, terms, funds, open_until)
            .length_secs(self.length.0)
            .spec_hash(self.spec_hash.map_or([0; 32], |hash| hash.0))
            .cosigner(self.cosigner.unwrap_or(NOBODY))
            .provider(self.provider.unwrap_or(NOBODY))
            .refund_owner(self.refund_to.unwrap_or(NOBODY));
        if let Some(Bps(most)) = self.max_fee_bps {
            asked_for = asked_for.max_fee_bps(most);
        }
        let args = asked_for.build(&network, asked.as_ref());
        let mut plan = session.cover(&buyer, &mint, funds)?;
        plan.push(instruction::open_job(
            &payer,
            &buyer.pubkey(),
            &self.network,
            &mint.token_program,
            args,
        ));
        let fields = Fields::new()
            .with("job", job)
            .with("id", id)
            .with("network", self.network)
            .with("set", self.set)
            .unless_nothing()
            .with("cosigner", self.cosigner)
            .unless_nothing()
            .with("provider", self.provider)
            .unless_nothing()
            .with("refund_owner", self.refund_to)
            .unless_nothing()
            .of_mint("price", terms.price, &mint)
            .with("per", terms.per)
            .of_mint("funded", funds, &mint)
            .join(pays_for(&terms, funds, args.length_secs))
            .date("open_until", args.open_until)
            .join(counting(asked.as_ref(), &terms))
            .in_mint(&mint.address);
        session.execute(
            plan.signed_by(buyer)
                .creating(size::<Job>())
                .creating(VAULT_LEN),
            fields,
        )
    }
}
