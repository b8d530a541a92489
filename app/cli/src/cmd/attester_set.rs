//! `sluice attester-set`.

use {
    crate::{
        cmd::{
            listing::{Columns, List, Within, tokens},
            step,
        },
        failure::{Result, gone},
        output::{Fields, Value},
        parse::{Bps, Hex32, Secs},
        session::Session,
    },
    clap::{Args, Subcommand},
    sluice_client::{
        AttesterSet, Ledger, Network, Quality, SetArgs,
        account::filter::{self, Filter},
        address, amount,
        found::{Error, Step},
        instruction,
    },
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Creates a set; its address is the hash of its contents, and its members go live by `attester enter`.
    Create(Box<Create>),
    /// Shows a set and which members are live.
    Show(Show),
    /// Lists sets with their live members, and what they ask of jobs that count.
    List(List<Sets>),
}

#[derive(Args, Debug)]
pub struct Create {
    /// Network the set serves.
    #[arg(
        long,
        env = "SLUICE_NETWORK",
        hide_env_values = true,
        value_name = "ADDRESS"
    )]
    network: Address,
    /// A member's key; repeat for each, in any order.
    #[arg(long = "key", value_name = "KEY", required = true)]
    keys: Vec<Address>,
    /// Members that must sign a statement, 1 to 16; `attest submit` takes five at most.
    #[arg(long)]
    threshold: u8,
    /// Hash of what a unit is and how it is measured, 64 hexadecimal digits.
    #[arg(long, value_name = "HEX")]
    meter: Hex32,
    /// Attestation fee on what providers earn, basis points or `1.5%`.
    #[arg(long, value_name = "BPS", default_value = "0")]
    fee_bps: Bps,
    /// Receives the attestation fee; by default the payer.
    #[arg(long, value_name = "KEY")]
    fee_owner: Option<Address>,
    /// May remove members; by default the network's guardian.
    #[arg(long, value_name = "KEY")]
    revoker: Option<Address>,
    #[command(flatten)]
    quality: QualityArgs,
}

/// What a job under the set must offer, so that its units count for rewards and records. One that falls short is paid all the
/// same.
#[derive(Args, Debug)]
struct QualityArgs {
    /// Mint that it pays in.
    #[arg(long, value_name = "ADDRESS")]
    pay_mint: Address,
    /// Least price of --least-price-per units of work, token units of --pay-mint.
    #[arg(long, value_name = "AMOUNT")]
    least_price: String,
    /// Units of work that --least-price buys.
    #[arg(long, value_name = "UNITS", default_value_t = 1)]
    least_price_per: u64,
    /// Least bond of the provider, token units of the stake mint.
    #[arg(long, value_name = "AMOUNT")]
    least_bond: String,
    /// Most bond of a challenger, token units of the stake mint; at most and by default --least-bond.
    #[arg(long, value_name = "AMOUNT")]
    most_challenge_bond: Option<String>,
    /// Least time that a proven window can be challenged.
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    least_challenge_time: Secs,
    /// Least time that the resolver has, a minute or more.
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    least_ruling_time: Secs,
}

impl QualityArgs {
    fn resolve(&self, session: &Session<impl Ledger>, network: &Network) -> Result<Quality> {
        let pay = session.mint(&self.pay_mint)?;
        let stake = session.mint(&network.stake_mint)?;
        let most = self.most_challenge_bond.as_ref();
        let quality = Quality {
            mint: pay.address,
            price: amount::parse(&self.least_price, pay.decimals)?,
            per: self.least_price_per,
            bond: amount::parse(&self.least_bond, stake.decimals)?,
            challenge_bond: amount::parse(most.unwrap_or(&self.least_bond), stake.decimals)?,
            challenge_secs: self.least_challenge_time.short()?,
            ruling_secs: self.least_ruling_time.short()?,
        };
        Ok(quality)
    }
}

#[derive(Args, Debug)]
pub struct Show {
    /// Address of the set.
    set: Address,
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Create(verb) => verb.run(session),
            Self::Show(verb) => verb.run(session),
            Self::List(verb) => verb.run(session),
        }
    }
}

impl Create {
    fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let payer = session.payer()?.pubkey();
        let network: Network = session.ledger.get(&self.network)?;
        session.gather([network.stake_mint])?;
        let (keys, count) = instruction::set_keys(&self.keys).ok_or(Error::MemberCount)?;
        let args = SetArgs {
            meter: self.meter.0,
            fee_owner: self.fee_owner.unwrap_or(payer),
            revoker: self.revoker.unwrap_or(network.roles.guardian),
            fee_bps: self.fee_bps.0,
            threshold: self.threshold,
            count,
            keys,
            quality: self.quality.resolve(session, &network)?,
        };
        let set = address::attester_set(&self.network, &args.digest());
        session.require_absent("attester set", &set)?;
        let create = Step::CreateSet {
            network: self.network,
            args: Box::new(args),
        };
        let plan = step::plan(session, &create, vec![])?;
        session.execute(plan, Fields::new().with("set", set))
    }
}

impl Show {
    fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let found = session.ledger.get(&self.set);
        let set: AttesterSet = found.map_err(gone("attester set", &self.set))?;
        let members: Vec<Fields> = set
            .keys
            .iter()
            .take(usize::from(set.count))
            .zip(0..)
            .map(|(key, index)| {
                Fields::new()
                    .with("index", index)
                    .with("key", *key)
                    .with("live", set.live_member(index).is_some())
            })
            .collect();
        session.ledger.gather([set.network, set.quality.mint])?;
        let network: Network = session.ledger.get(&set.network)?;
        let quality = asked(session, &set.quality, &network)?;
        Ok(Fields::new()
            .with("set", self.set)
            .with("network", set.network)
            .with("threshold", set.threshold)
            .with("live", set.live.count_ones())
            .with("quorum", set.has_quorum())
            .with("revoker", set.revoker)
            .with("meter", set.meter)
            .section("Fee")
            .with("fee_bps", set.fee_bps)
            .with("fee_owner", set.fee_owner)
            .section("Jobs that count")
            .with("counts_if", quality)
            .section("Members")
            .with("members", Value::Table(members)))
    }
}

/// What a set asks of jobs whose units count.
fn asked(session: &Session<impl Ledger>, quality: &Quality, network: &Network) -> Result<Fields> {
    let stake = session.mint(&network.stake_mint)?.decimals;
    // Nobody checked that there is such a mint.
    let pay = session.mint(&quality.mint).map_or(0, |mint| mint.decimals);
    Ok(Fields::new()
        .with("pay_mint", quality.mint)
        .tokens("least_price", quality.price, pay)
        .with("least_price_per", quality.per)
        .tokens("least_bond", quality.bond, stake)
        .tokens("most_challenge_bond", quality.challenge_bond, stake)
        .secs("least_challenge_time", quality.challenge_secs)
        .secs("least_ruling_time", quality.ruling_secs))
}

#[derive(Args, Debug)]
pub struct Sets {
    #[command(flatten)]
    within: Within,
}

impl Columns for Sets {
    type Account = AttesterSet;

    const ROWS: &'static str = "sets";

    fn filters(&self, _key: Option<&Address>) -> Vec<Filter> {
        self.within.by(filter::attester_set_network)
    }

    fn order(set: &AttesterSet) -> u64 {
        set.opened_slot
    }

    fn beside(_address: &Address, set: &AttesterSet) -> Vec<Address> {
        vec![set.quality.mint]
    }

    fn row(
        session: &Session<impl Ledger>,
        address: &Address,
        set: &AttesterSet,
        _now: i64,
    ) -> Result<Fields> {
        let quality = &set.quality;
        Ok(Fields::new()
            .with("set", *address)
            .with("quorum", set.has_quorum())
            .with("threshold", set.threshold)
            .with("live", set.live.count_ones())
            .with("members", set.count)
            .with("fee_bps", set.fee_bps)
            .with("least_price", tokens(session, &quality.mint, quality.price))
            .with("least_price_per", quality.per)
            .with("pay_mint", quality.mint)
            .with("fee_owner", set.fee_owner)
            .with("revoker", set.revoker)
            .with("meter", set.meter)
            .with("network", set.network))
    }
}
