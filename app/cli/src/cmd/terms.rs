//! Terms on the command line, the same for a job and for an offer.

use {
    crate::{
        failure::{Failure, Result},
        output::{Fields, Value},
        parse::Secs,
        session::Session,
    },
    clap::Args,
    sluice::constants::NOBODY,
    sluice_client::{
        AttesterSet, Job, Ledger, Network, Terms, TermsBuilder, amount,
        instruction::token::Mint,
        text,
        view::job::{self, shortfall_name},
    },
    solana_address::Address,
};

#[derive(Args, Debug)]
pub struct TermArgs {
    /// Mint of the payment; by default the one in which jobs under the attester set count.
    #[arg(id = "profile_mint", long = "mint", value_name = "MINT")]
    mint: Option<Address>,
    /// Price of --per units of work, token units.
    #[arg(long, value_name = "AMOUNT")]
    price: String,
    /// Units of work that --price buys.
    #[arg(long, value_name = "UNITS", default_value_t = 1)]
    per: u64,
    /// Most units that one window can count.
    #[arg(long, value_name = "UNITS")]
    cap: u64,
    /// Length of a window.
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    window: Secs,
    /// After a window's end: how long it can be proven.
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    grace: Secs,
    /// After the grace: how long it can be challenged.
    #[arg(long, value_name = "DURATION", default_value = "0")]
    challenge_time: Secs,
    /// After the challenge time: how long the resolver has; at least a minute if there is one. Default: as long as that.
    #[arg(long, value_name = "DURATION")]
    ruling_time: Option<Secs>,
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
}

impl TermArgs {
    /// The mint of the payment.
    pub fn mint(&self, set: Option<&AttesterSet>) -> Result<Address> {
        let mint = self.mint.or_else(|| set.map(|set| set.quality.mint));
        mint.ok_or_else(|| {
            Failure::input("without an attester set no mint follows: give one with --mint")
        })
    }

    /// The terms and the mint that they pay in.
    pub fn resolve(
        &self,
        session: &Session<impl Ledger>,
        network: &Network,
        set: Address,
        max_length_secs: u64,
    ) -> Result<(Terms, Mint)> {
        let measured = if set == NOBODY {
            None
        } else {
            Some(session.ledger.get::<AttesterSet>(&set)?)
        };
        let mint = session.deposit_mint(&self.mint(measured.as_ref())?)?;
        let bond = |text: &str| match text {
            // Without a bond nobody has to ask for the decimals of the stake mint.
            "0" => Ok(0),
            text => amount::parse(text, session.mint(&network.stake_mint)?.decimals)
                .map_err(Failure::from),
        };
        let price = amount::parse(&self.price, mint.decimals)?;
        if price == 0 {
            return Err(Failure::input("the price must be more than 0"));
        }
        let terms = TermsBuilder::new(mint.address, price, self.cap)
            .per(self.per)
            .set(set)
            .bond(bond(&self.bond)?)
            .challenge_bond(bond(&self.challenge_bond)?)
            .max_length_secs(max_length_secs)
            .window_secs(self.window.short()?)
            .grace_secs(self.grace.short()?)
            .challenge_secs(self.challenge_time.short()?)
            .ruling_secs(self.ruling_time.unwrap_or(self.challenge_time).short()?)
            .notice_secs(self.notice.short()?)
            .fault_windows(self.fault_windows);
        Ok((terms.build(network)?, mint))
    }
}

/// The set in the terms, if they name one.
pub fn set_of(session: &Session<impl Ledger>, terms: &Terms) -> Result<Option<AttesterSet>> {
    if terms.set == NOBODY {
        return Ok(None);
    }
    Ok(Some(session.ledger.get(&terms.set)?))
}

/// Whether the units of a job under these terms count for rewards and records, and if not, why.
pub fn counting(set: Option<&AttesterSet>, terms: &Terms) -> Fields {
    told(match set {
        None => Some("it has no attester set"),
        Some(set) => set.quality.shortfall(terms).map(shortfall_name),
    })
}

/// The same of a job, in which it stands; only why one does not count is looked up.
pub fn counted(session: &Session<impl Ledger>, job: &Job) -> Result<Fields> {
    if job.counts == 1 {
        return Ok(told(None));
    }
    Ok(counting(set_of(session, &job.terms)?.as_ref(), &job.terms))
}

/// For how long `funds` base units pay if every window is filled, of the `length` of the job, seconds.
pub fn pays_for(terms: &Terms, funds: u64, length: u64) -> Fields {
    let Some(secs) = job::pays_for(terms, funds, length) else {
        return Fields::new();
    };
    let [paid, whole] = [secs, length].map(text::duration);
    let said = if secs < length {
        format!("{paid} of {whole}; `sluice job top-up` adds")
    } else {
        format!("all of {whole}")
    };
    Fields::new()
        .data("pays_for", Value::Secs(secs))
        .said("pays for", said)
}

/// Terms as they stand in a job and in an offer: what work costs, how it is proven, and how it is disputed and ended. `decimals` are
/// those of the mint that they pay in.
pub fn figures(terms: &Terms, decimals: u8) -> Fields {
    Fields::new()
        .section("Terms")
        .tokens("price", terms.price, decimals)
        .with("per", terms.per)
        .with("cap", terms.cap)
        .secs("window", terms.window_secs)
        .secs("grace", terms.grace_secs)
        .secs("challenge_time", terms.challenge_secs)
        .unless_nothing()
        .secs("ruling_time", terms.ruling_secs)
        .unless_nothing()
        .secs("notice", terms.notice_secs)
        .with("fault_windows", terms.fault_windows)
        .in_mint(&terms.mint)
}

fn told(why_not: Option<&str>) -> Fields {
    Fields::new()
        .with("counts", why_not.is_none())
        .with("counts_not_because", why_not)
        .unless_nothing()
}

/// Bonds in tokens of the network's stake mint, for people on a terminal: programs have them in base units, without two more reads.
pub fn bonds(
    session: &Session<impl Ledger>,
    network: &Address,
    bonds: &[(&'static str, u64)],
) -> Result<Fields> {
    let fields = Fields::new();
    if session.looks().columns.is_none() || bonds.iter().all(|(_, base)| *base == 0) {
        return Ok(fields);
    }
    let network: Network = session.ledger.get(network)?;
    let stake = session.mint(&network.stake_mint)?;
    Ok(bonds.iter().fold(fields, |fields, (name, base)| {
        let (base, decimals, mint) = (*base, stake.decimals, Some(stake.address));
        fields.said(
            *name,
            Value::Tokens {
                base,
                decimals,
                mint,
            },
        )
    }))
}
