//! `sluice stake`.

use {
    crate::{
        failure::{Failure, Result},
        output::Fields,
        session::{Plan, Session, VAULT_LEN, size},
    },
    clap::{Args, Subcommand},
    sluice_client::{
        Attester, ClientError, Ledger, Network, Position, Provider, StakePool, Unstake, address,
        amount, instruction,
    },
    sluice_math::shares,
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Subcommand)]
pub enum Verb {
    /// Stakes behind a provider or attester that the signer owns; creates pool and position when they are missing.
    Deposit(Deposit),
    /// Moves stake into a ticket that can be withdrawn after the network's unbonding time.
    Unstake(Begin),
    /// Pays a ripe ticket to its staker; anyone may send it.
    Withdraw(Withdraw),
    /// Shows a stake pool, a position and its tickets.
    Show(Show),
}

#[derive(Args)]
pub struct Deposit {
    /// Address of the provider's or attester's account.
    subject: Address,
    /// Token units of the network's stake mint.
    amount: String,
}

#[derive(Args)]
pub struct Begin {
    /// Address of the provider's or attester's account.
    subject: Address,
    /// Token units at today's share price, or `all`.
    amount: String,
    /// Number of the ticket; by default the first free one.
    #[arg(long)]
    nonce: Option<u64>,
}

#[derive(Args)]
pub struct Withdraw {
    /// Address of the ticket.
    ticket: Address,
}

#[derive(Args)]
pub struct Show {
    /// Address of the provider's or attester's account.
    subject: Address,
    /// Whose position to show; by default the owner's.
    #[arg(long, value_name = "KEY")]
    staker: Option<Address>,
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Deposit(verb) => verb.run(session),
            Self::Unstake(verb) => verb.run(session),
            Self::Withdraw(verb) => verb.run(session),
            Self::Show(verb) => verb.run(session),
        }
    }
}

/// Network and owner of a provider or attester.
fn subject(session: &Session<impl Ledger>, address: &Address) -> Result<(Address, Address)> {
    match session.ledger.get::<Provider>(address) {
        Ok(provider) => Ok((provider.network, provider.owner)),
        Err(ClientError::WrongAccount { .. }) => match session.ledger.get::<Attester>(address) {
            Ok(attester) => Ok((attester.network, attester.owner)),
            Err(ClientError::WrongAccount { .. }) => Err(Failure::input(format!(
                "{address} is neither a provider nor an attester"
            ))),
            Err(error) => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

impl Deposit {
    fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let (network_key, owner) = subject(session, &self.subject)?;
        let staker = session.signer_as("owner of what is staked behind", &owner)?;
        let payer = session.payer()?.pubkey();
        let network: Network = session.ledger.get(&network_key)?;
        let mint = session.mint(&network.stake_mint)?;
        let base = amount::parse(&self.amount, mint.decimals)?;
        session.require_tokens(&owner, &mint, base)?;
        let pool = address::stake_pool(&self.subject);
        let position = address::position(&pool, &owner);
        let mut plan = Plan::default();
        if session.ledger.account(&pool)?.is_none() {
            plan.push(instruction::create_stake_pool(
                &payer,
                &network_key,
                &self.subject,
                &mint.address,
                &mint.token_program,
            ));
            plan = plan.creating(size::<StakePool>()).creating(VAULT_LEN);
        }
        if session.ledger.account(&position)?.is_none() {
            plan.push(instruction::open_position(&payer, &owner, &pool));
            plan = plan.creating(size::<Position>());
        }
        plan.push(instruction::stake(
            &owner,
            &pool,
            &mint.address,
            &mint.token_program,
            base,
        ));
        let fields = Fields::new()
            .with("pool", pool)
            .with("position", position)
            .tokens("staked", base, mint.decimals);
        session.execute(plan.signed_by(staker), fields)
    }
}

impl Begin {
    fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let (network, _) = subject(session, &self.subject)?;
        let staker = session.signer()?;
        let key = staker.pubkey();
        let pool_key = address::stake_pool(&self.subject);
        let pool: StakePool = session.ledger.get(&pool_key)?;
        let position_key = address::position(&pool_key, &key);
        if session.ledger.account(&position_key)?.is_none() {
            return Err(Failure::Key(format!(
                "the key {key} has no stake behind {}",
                self.subject
            )));
        }
        let position: Position = session.ledger.get(&position_key)?;
        let shares = self.shares(&pool, &position)?;
        let nonce = match self.nonce {
            Some(nonce) => nonce,
            None => free_nonce(session, &position_key)?,
        };
        let ticket = address::unstake(&position_key, nonce);
        session.require_absent("ticket", &ticket)?;
        let parameters: Network = session.ledger.get(&network)?;
        let ripe = session
            .now()?
            .saturating_add(i64::from(parameters.params.unbonding_secs));
        let plan = Plan::of(instruction::unstake(
            &session.payer()?.pubkey(),
            &key,
            &network,
            &pool_key,
            shares,
            nonce,
        ));
        let fields = Fields::new()
            .with("ticket", ticket)
            .with("shares", shares)
            .date("withdraw_at", ripe);
        session.execute(plan.signed_by(staker).creating(size::<Unstake>()), fields)
    }

    fn shares(&self, pool: &StakePool, position: &Position) -> Result<u64> {
        if self.amount == "all" {
            return Ok(position.shares);
        }
        let base = amount::parse(&self.amount, pool.decimals)?;
        let total = pool.active_shares.saturating_add(pool.thawing_shares);
        shares::shares_for(base, pool.tokens, total)
            .filter(|shares| *shares <= position.shares)
            .ok_or_else(|| {
                let held = shares::tokens_for(position.shares, pool.tokens, total).unwrap_or(0);
                Failure::input(format!(
                    "the position is worth {}, less than {}",
                    amount::format(held, pool.decimals),
                    self.amount
                ))
            })
    }
}

/// The first number that no ticket of the position has.
fn free_nonce(session: &Session<impl Ledger>, position: &Address) -> Result<u64> {
    let mut nonce = 0;
    while session
        .ledger
        .account(&address::unstake(position, nonce))?
        .is_some()
    {
        nonce += 1;
    }
    Ok(nonce)
}

impl Withdraw {
    fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let ticket: Unstake = session.ledger.get(&self.ticket)?;
        let pool: StakePool = session.ledger.get(&ticket.pool)?;
        let mint = session.mint(&pool.mint)?;
        let mut plan = session.ensure_token_account(Plan::default(), &ticket.staker, &mint)?;
        plan.push(instruction::withdraw(&pool, &ticket, &mint.token_program));
        let total = pool.active_shares.saturating_add(pool.thawing_shares);
        let worth = shares::tokens_for(ticket.shares, pool.tokens, total).unwrap_or(0);
        let fields =
            Fields::new()
                .with("staker", ticket.staker)
                .tokens("withdrawn", worth, pool.decimals);
        session.execute(plan, fields)
    }
}

impl Show {
    fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let pool_key = address::stake_pool(&self.subject);
        let pool: StakePool = session.ledger.get(&pool_key)?;
        let total = pool.active_shares.saturating_add(pool.thawing_shares);
        let worth = |shares| shares::tokens_for(shares, pool.tokens, total).unwrap_or(0);
        let staker = self.staker.unwrap_or(pool.owner);
        let position_key = address::position(&pool_key, &staker);
        let fields = Fields::new()
            .with("pool", pool_key)
            .with("owner", pool.owner)
            .with("mint", pool.mint)
            .tokens("tokens", pool.tokens, pool.decimals)
            .tokens("locked", pool.locked, pool.decimals)
            .with("staker", staker);
        if session.ledger.account(&position_key)?.is_none() {
            return Ok(fields.with("position", None::<Address>));
        }
        let position: Position = session.ledger.get(&position_key)?;
        let mine = [(8, position_key.to_bytes().to_vec())];
        let mut tickets = session.ledger.list::<Unstake>(&mine)?;
        tickets.sort_by_key(|(_, ticket)| (ticket.withdraw_at, ticket.nonce));
        let tickets: Vec<Fields> = tickets
            .into_iter()
            .map(|(key, ticket)| {
                Fields::new()
                    .with("ticket", key)
                    .tokens("worth", worth(ticket.shares), pool.decimals)
                    .date("withdraw_at", ticket.withdraw_at)
            })
            .collect();
        Ok(fields
            .with("position", position_key)
            .tokens("active", worth(position.shares), pool.decimals)
            .tokens("thawing", worth(position.thawing), pool.decimals)
            .with("tickets", tickets))
    }
}
