//! `sluice dividends`.

use {
    crate::{
        cmd::{
            job::inconsistent,
            stake::{ANOTHER, Target},
        },
        failure::{Failure, Result},
        output::Fields,
        session::{Plan, Session, VAULT_LEN, funds_of},
    },
    clap::{Args, Subcommand},
    sluice::constants::NOBODY,
    sluice_client::{
        Ledger, Network, StakePool, address, amount,
        due::stake::has_dividends,
        instruction::{self, token::Mint},
        view::stake::{PoolView, PositionView},
    },
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Gives tokens of the network's dividend mint to a pool; they stream to its active stake through the network's next period
    /// of dividends. The signer gives.
    Add(Add),
    /// Pays a position's dividends, as far as they have streamed, to its staker; anyone may send it.
    Claim(Claim),
}

#[derive(Args, Debug)]
#[command(allow_missing_positional = true)]
pub struct Add {
    /// Address of the provider's or attester's account, or of its stake pool; by default the signer's only provider.
    #[arg(
        env = "SLUICE_PROVIDER",
        hide_env_values = true,
        value_name = "SUBJECT"
    )]
    subject: Option<Address>,
    /// Token units of the network's dividend mint.
    amount: String,
}

#[derive(Args, Debug)]
pub struct Claim {
    /// Address of the provider's or attester's account, or of its stake pool; by default the only pool of the signer's stake.
    #[arg(
        env = "SLUICE_PROVIDER",
        hide_env_values = true,
        value_name = "SUBJECT"
    )]
    subject: Option<Address>,
    /// Whose dividends; by default the signer's.
    #[arg(long, value_name = "KEY")]
    staker: Option<Address>,
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Add(verb) => verb.run(session),
            Self::Claim(verb) => verb.run(session),
        }
    }
}

impl Add {
    fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let target = Target::owned(session, self.subject)?;
        let pool = target.existing()?;
        let giver = session.signer()?;
        session.gather([pool.network])?;
        let network: Network = session.ledger.get(&pool.network)?;
        session.gather(funds_of(&giver.pubkey(), &network.dividend_mint))?;
        let mint = session.deposit_mint(&network.dividend_mint)?;
        let base = amount::parse(&self.amount, mint.decimals)?;
        let mut plan = session.cover(&giver, &mint, base)?;
        plan.push(instruction::add_dividends(
            &session.payer()?.pubkey(),
            &giver.pubkey(),
            &target.key,
            &pool.network,
            &mint.address,
            &mint.token_program,
            base,
        ));
        if pool.dividend_vault == NOBODY {
            plan = plan.creating(VAULT_LEN);
        }
        let now = session.now()?;
        let view = PoolView::of(&pool, now).ok_or_else(|| inconsistent(&target.key)(()))?;
        let starts = view.dividends.until;
        let fields = Fields::new()
            .with("pool", target.key)
            .of_mint("added", base, &mint)
            .date("streams_from", starts)
            .date(
                "streams_until",
                starts.saturating_add(pool.dividend_secs.into()),
            );
        session.execute(plan.signed_by(giver), fields)
    }
}

impl Claim {
    fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let target = Target::held(session, self.subject, self.staker)?;
        let pool = target.existing()?;
        let staker = self.staker.map_or_else(|| session.own_key(), Ok)?;
        session.gather([pool.network, address::position(&target.key, &staker)])?;
        let (key, position) = match target.position(session, &staker) {
            Err(Failure::Key(none)) if self.staker.is_none() => {
                return Err(Failure::Key(format!("{none}: {ANOTHER}")));
            }
            found => found?,
        };
        if !has_dividends(&pool) {
            return Err(Failure::input(format!(
                "no dividends yet: nobody has given any to the stake pool {}",
                target.key
            )));
        }
        let view = PositionView::of(&pool, &position, session.now()?)
            .ok_or_else(|| inconsistent(&key)(()))?;
        let network: Network = session.ledger.get(&pool.network)?;
        session.gather(funds_of(&staker, &network.dividend_mint))?;
        let mint = session.mint(&network.dividend_mint)?;
        let mut plan = Plan::default();
        if view.dividends_due > 0 {
            plan = session.ensure_token_account(plan, &staker, &mint)?;
        }
        plan.push(instruction::claim_dividends(
            &position,
            &mint.address,
            &mint.token_program,
        ));
        let fields = Fields::new()
            .with("position", key)
            .with("staker", staker)
            .of_mint("claimed", view.dividends_due, &mint);
        session.execute(plan, fields)
    }
}

/// The mint of a pool's dividends.
pub fn dividend_mint(session: &Session<impl Ledger>, pool: &StakePool) -> Result<Mint> {
    let network: Network = session.ledger.get(&pool.network)?;
    session.mint(&network.dividend_mint)
}
