//! `sluice job open`.

use {
    crate::{
        failure::{Failure, Result},
        output::Fields,
        parse::{Hex32, Secs, When},
        session::{Plan, Session, VAULT_LEN, size},
    },
    clap::Args,
    sluice::constants::NOBODY,
    sluice_client::{
        AttesterSet, Job, Ledger, Network, OpenArgs, Provider, Terms, address, amount,
        instruction::{self, token::Mint},
    },
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args)]
pub struct Open {
    /// Network of the job.
    #[arg(
        long,
        env = "SLUICE_NETWORK",
        hide_env_values = true,
        value_name = "ADDRESS"
    )]
    network: Address,
    /// Number of the job among the buyer's; part of its address.
    #[arg(long)]
    id: u64,
    /// Mint of the payment.
    #[arg(long)]
    mint: Address,
    /// Deposit, token units.
    #[arg(long, value_name = "AMOUNT")]
    funds: String,
    /// Price of --per units of work, token units.
    #[arg(long, value_name = "AMOUNT")]
    price: String,
    /// Units of work that --price buys.
    #[arg(long, value_name = "UNITS", default_value_t = 1)]
    per: u64,
    /// Most units that one window can count.
    #[arg(long, value_name = "UNITS")]
    cap: u64,
    /// How long the job runs once accepted.
    #[arg(long, value_name = "DURATION")]
    length: Secs,
    /// Until when it can be accepted; from then on it is refundable.
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
    /// Length of a window.
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    window: Secs,
    /// After a window's end: how long it can be proven.
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    grace: Secs,
    /// After the grace: how long it can be challenged.
    #[arg(long, value_name = "DURATION", default_value = "0")]
    challenge_time: Secs,
    /// After the challenge time: how long the resolver has.
    #[arg(long, value_name = "DURATION", default_value = "0")]
    ruling_time: Secs,
    /// Between a cancel or a resignation and the end.
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    notice: Secs,
    /// Unproven windows in a row that let either side end the job.
    #[arg(long, value_name = "WINDOWS", default_value_t = 3)]
    fault_windows: u32,
    /// Stake that the provider locks, token units of the stake mint.
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    bond: String,
    /// Bond of a challenger, token units of the stake mint.
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    challenge_bond: String,
    /// Salted hash that names the work, 64 hexadecimal digits.
    #[arg(long, value_name = "HEX")]
    spec_hash: Option<Hex32>,
    /// Highest network fee to agree to, basis points; by default the fee as it is now.
    #[arg(long, value_name = "BPS")]
    max_fee_bps: Option<u16>,
}

impl Open {
    /// Opens the job.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let buyer = session.signer()?;
        let payer = session.payer()?.pubkey();
        let network: Network = session.ledger.get(&self.network)?;
        let job = address::job(&self.network, &buyer.pubkey(), self.id);
        session.require_absent("job", &job)?;
        if let Some(set) = &self.set {
            session.ledger.get::<AttesterSet>(set)?;
        }
        if let Some(provider) = &self.provider {
            session.ledger.get::<Provider>(provider)?;
        }
        let mint = session.mint(&self.mint)?;
        let stake = session.mint(&network.stake_mint)?;
        let funds = amount::parse(&self.funds, mint.decimals)?;
        let args = OpenArgs {
            id: self.id,
            terms: self.terms(&mint, &stake)?,
            length_secs: self.length.0,
            open_until: self.open_until.resolve(session.now()?)?,
            funds,
            spec_hash: self.spec_hash.map_or([0; 32], |hash| hash.0),
            cosigner: self.cosigner.unwrap_or(NOBODY),
            provider: self.provider.unwrap_or(NOBODY),
            max_fee_bps: self.max_fee_bps.unwrap_or(network.params.fee_bps),
        };
        session.require_tokens(&buyer.pubkey(), &mint, funds)?;
        let plan = Plan::of(instruction::open_job(
            &payer,
            &buyer.pubkey(),
            &self.network,
            &mint.token_program,
            args,
        ));
        let fields = Fields::new()
            .with("job", job)
            .tokens("funded", funds, mint.decimals)
            .date("open_until", args.open_until);
        session.execute(
            plan.signed_by(buyer)
                .creating(size::<Job>())
                .creating(VAULT_LEN),
            fields,
        )
    }

    fn terms(&self, mint: &Mint, stake: &Mint) -> Result<Terms> {
        let price = amount::parse(&self.price, mint.decimals)?;
        if price == 0 {
            return Err(Failure::input("the price must be more than 0"));
        }
        Ok(Terms {
            mint: mint.address,
            set: self.set.unwrap_or(NOBODY),
            price,
            per: self.per,
            cap: self.cap,
            bond: amount::parse(&self.bond, stake.decimals)?,
            challenge_bond: amount::parse(&self.challenge_bond, stake.decimals)?,
            max_length_secs: self.length.0,
            window_secs: self.window.short()?,
            grace_secs: self.grace.short()?,
            challenge_secs: self.challenge_time.short()?,
            ruling_secs: self.ruling_time.short()?,
            notice_secs: self.notice.short()?,
            fault_windows: self.fault_windows,
        })
    }
}
