//! `sluice stake pool`.

use {
    super::Target,
    crate::{
        cmd::{self, job::inconsistent, listing::List},
        failure::{Failure, Result},
        output::Fields,
        session::{Plan, Session},
    },
    clap::{Args, Subcommand},
    sluice::constants::NOBODY,
    sluice_client::{
        ClientError, Ledger, Network, Provider, StakePool, amount, instruction,
        view::stake::{PRICE_DECIMALS, PoolView},
    },
    solana_address::Address,
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Shows a stake pool: its price, what bonds and challenges hold, what was slashed, and its dividends.
    Show(Pool),
    /// Lists stake pools with the commission of those whom they stand behind.
    List(List<super::list::Pools>),
    /// Burns what was slashed; anyone may send it.
    Burn(Pool),
    /// Closes a pool that nothing hangs on, with its vaults; rent returns to whoever paid it. The pool's owner signs.
    Close(Close),
}

#[derive(Args, Debug)]
pub struct Pool {
    /// Address of the provider's or attester's account, or of its stake pool; by default the signer's only provider.
    #[arg(
        env = "SLUICE_PROVIDER",
        hide_env_values = true,
        value_name = "SUBJECT"
    )]
    subject: Option<Address>,
}

#[derive(Args, Debug)]
pub struct Close {
    /// Address of the provider's or attester's account, or of its stake pool.
    subject: Address,
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Show(pool) => pool.show(session),
            Self::List(verb) => verb.run(session),
            Self::Burn(target) => {
                let target = Target::owned(session, target.subject)?;
                burn(session, &target.key, &target.existing()?)
            }
            Self::Close(verb) => verb.run(session),
        }
    }
}

impl Pool {
    fn show(&self, session: &Session<impl Ledger>) -> Result<Fields> {
        let target = Target::owned(session, self.subject)?;
        let pool = target.existing()?;
        session.ledger.gather([pool.network, pool.subject])?;
        let network: Network = session.ledger.get(&pool.network)?;
        let dividends = session.mint(&network.dividend_mint)?;
        let now = session.now()?;
        let view = PoolView::of(&pool, now).ok_or_else(|| inconsistent(&target.key)(()))?;
        let places = dividends.decimals;
        let streams = Fields::new()
            .section("Dividends")
            .with("dividend_mint", dividends.address)
            .tokens("dividends_in", pool.dividend_total_in, places)
            .tokens("dividends_streaming", view.dividends.streaming, places)
            .unless_nothing()
            .date("streaming_until", view.dividends.until)
            .tokens("dividends_next", view.dividends.next, places)
            .unless_nothing()
            .in_mint(&dividends.address);
        Ok(summary(&target.key, &pool, &view)
            .with("behind", pool.subject)
            .with("kind", kind(&pool))
            .join(commission(session, &pool.subject, now)?)
            .with("network", pool.network)
            .with("positions", pool.positions)
            .section("Stake")
            .tokens("active", view.active, pool.decimals)
            .tokens("thawing", view.thawing, pool.decimals)
            .unless_nothing()
            .tokens("to_burn", pool.to_burn, pool.decimals)
            .unless_nothing()
            .tokens("challenge_bonds", pool.challenge_bonds, pool.decimals)
            .unless_nothing()
            .in_mint(&pool.mint)
            .join(streams))
    }
}

impl Close {
    fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let target = Target::find(session, &self.subject)?;
        let mut pool = target.existing()?;
        let owner = session.signer_as("stake pool's owner", &pool.owner)?;
        let hanging = [
            (pool.positions > 0, "open positions"),
            (pool.locked > 0, "bonds"),
            (pool.challenge_bonds > 0, "challengers' bonds"),
            (pool.to_burn > 0, "slashed stake to burn"),
        ];
        if let Some((_, what)) = hanging.iter().find(|(is_there, _)| *is_there) {
            return Err(Failure::input(format!(
                "the stake pool {} still has {what}",
                target.key
            )));
        }
        let network: Network = session.ledger.get(&pool.network)?;
        let mut plan = Plan::default();
        // The dividend vault closes first, by a call of its own.
        let vaults = [
            (pool.dividend_vault, network.dividend_mint),
            (pool.vault, pool.mint),
        ];
        for (vault, mint) in vaults {
            if vault == NOBODY {
                continue;
            }
            let mint = session.mint(&mint)?;
            if session.ledger.token_balance(&vault)? > 0 {
                plan = session.ensure_token_account(plan, &pool.owner, &mint)?;
            }
            plan.push(instruction::close_stake_pool(
                &pool,
                &network.dividend_mint,
                &mint.token_program,
            ));
            pool.dividend_vault = NOBODY;
        }
        let fields = Fields::new()
            .with("pool", target.key)
            .with("rent_to", pool.rent_payer);
        session.execute(plan.signed_by(owner), fields)
    }
}

/// Burns what was slashed from a pool.
pub fn burn(session: &mut Session<impl Ledger>, key: &Address, pool: &StakePool) -> Result<Fields> {
    let mint = session.mint(&pool.mint)?;
    let plan = Plan::of(instruction::burn_slashed(key, pool, &mint.token_program));
    let fields = Fields::new()
        .with("pool", *key)
        .tokens("burned", pool.to_burn, pool.decimals);
    session.execute(plan, fields)
}

/// What a pool is worth.
pub fn summary(key: &Address, pool: &StakePool, view: &PoolView) -> Fields {
    Fields::new()
        .with("pool", *key)
        .with("owner", pool.owner)
        .with("mint", pool.mint)
        .tokens("tokens", pool.tokens, pool.decimals)
        .with(
            "price_per_share",
            view.price
                .map(|price| amount::format(price, PRICE_DECIMALS)),
        )
        .with("dead", view.dead)
        .unless_nothing()
        .tokens("slashed", pool.slashed, pool.decimals)
        .unless_nothing()
        .tokens("locked", pool.locked, pool.decimals)
        .unless_nothing()
        .in_mint(&pool.mint)
}

/// What a pool stands behind.
pub const fn kind(pool: &StakePool) -> &'static str {
    if pool.subject_kind == 0 {
        "provider"
    } else {
        "attester"
    }
}

/// The provider at `subject`; nothing of an attester, or where the provider is closed.
pub fn provider(session: &Session<impl Ledger>, subject: &Address) -> Result<Option<Provider>> {
    match session.ledger.get::<Provider>(subject) {
        Ok(provider) => Ok(Some(provider)),
        Err(ClientError::NoAccount(_) | ClientError::WrongAccount { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The commission of the provider that a pool stands behind, and the one that follows it; nothing of an attester.
pub fn commission(session: &Session<impl Ledger>, subject: &Address, now: i64) -> Result<Fields> {
    let found = provider(session, subject)?;
    Ok(found.map_or_else(Fields::new, |provider| {
        cmd::provider::commission(&provider, now)
    }))
}
