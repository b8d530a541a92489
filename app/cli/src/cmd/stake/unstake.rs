//! `sluice stake unstake`, `cancel` and `withdraw`.

use {
    super::Target,
    crate::{
        cmd::job::inconsistent,
        failure::{Failure, Result},
        output::Fields,
        parse::date,
        session::{Plan, Session, funds_of, own::Numbered, size},
    },
    clap::Args,
    sluice_client::{
        Ledger, Network, Position, StakePool, Unstake, account::filter, address, amount,
        instruction, view::stake::shares_worth,
    },
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args, Debug)]
#[command(allow_missing_positional = true)]
pub struct Begin {
    /// Address of the provider's or attester's account, or of its stake pool; by default the only pool of the signer's stake.
    #[arg(
        env = "SLUICE_PROVIDER",
        hide_env_values = true,
        value_name = "SUBJECT"
    )]
    subject: Option<Address>,
    /// Token units at today's share price, or `all`.
    amount: String,
    /// Number of the ticket; by default the first free one.
    #[arg(long)]
    ticket_nonce: Option<u64>,
}

impl Begin {
    /// Moves the shares into a ticket.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let target = Target::held(session, self.subject, None)?;
        let pool = target.existing()?;
        let staker = session.signer()?;
        let key = staker.pubkey();
        let position = address::position(&target.key, &key);
        let tickets = Numbered::from_zero(self.ticket_nonce, |nonce| {
            address::unstake(&position, nonce)
        });
        let wanted = [target.network, position].into_iter();
        session.gather(wanted.chain(tickets.ahead()))?;
        let (_, held) = target.position(session, &key)?;
        let shares = self.shares(&pool, &held)?;
        let (nonce, ticket) = tickets.choose(session, "ticket", "--ticket-nonce")?;
        let parameters: Network = session.ledger.get(&target.network)?;
        let ripe = session
            .now()?
            .saturating_add(i64::from(parameters.params.unbonding_secs));
        let plan = Plan::of(instruction::unstake(
            &session.payer()?.pubkey(),
            &key,
            &target.network,
            &target.key,
            shares,
            nonce,
        ));
        let plan = plan.signed_by(staker).creating(size::<Unstake>());
        let fields = Fields::new()
            .with("ticket", ticket)
            .with("shares", shares)
            .date("withdraw_at", ripe);
        session.execute(plan, fields)
    }

    fn shares(&self, pool: &StakePool, position: &Position) -> Result<u64> {
        if self.amount.eq_ignore_ascii_case("all") {
            return Ok(position.shares);
        }
        let base = amount::parse(&self.amount, pool.decimals)?;
        shares_worth(pool, position, base).ok_or_else(|| {
            let held = pool.worth(position.shares).unwrap_or(0);
            Failure::input(format!(
                "the position is worth {}, less than {}",
                amount::format(held, pool.decimals),
                self.amount
            ))
        })
    }
}

#[derive(Args, Debug)]
pub struct Cancel {
    /// Address of the ticket.
    ticket: Address,
}

impl Cancel {
    /// Makes the ticket's shares active again.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let ticket: Unstake = session.ledger.get(&self.ticket)?;
        let staker = session.signer_as("ticket's staker", &ticket.staker)?;
        let pool: StakePool = session.ledger.get(&ticket.pool)?;
        let worth = pool
            .worth(ticket.shares)
            .map_err(inconsistent(&ticket.pool))?;
        let plan = Plan::of(instruction::cancel_unstake(&ticket));
        let fields = Fields::new()
            .with("position", ticket.position)
            .with("shares", ticket.shares)
            .tokens("worth", worth, pool.decimals)
            .in_mint(&pool.mint);
        session.execute(plan.signed_by(staker), fields)
    }
}

#[derive(Args, Debug)]
pub struct Withdraw {
    /// Address of the ticket; by default the signer's ripe one, where there is one and no other.
    ticket: Option<Address>,
}

impl Withdraw {
    /// Pays the ticket.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let ticket: Unstake = match self.ticket {
            Some(ticket) => session.ledger.get(&ticket)?,
            None => the_ripe_one(session)?,
        };
        let pool: StakePool = session.ledger.get(&ticket.pool)?;
        session.gather(funds_of(&ticket.staker, &pool.mint))?;
        let mint = session.mint(&pool.mint)?;
        let mut plan = session.ensure_token_account(Plan::default(), &ticket.staker, &mint)?;
        plan.push(instruction::withdraw(&pool, &ticket, &mint.token_program));
        let worth = pool.worth(ticket.shares).unwrap_or(0);
        let fields = Fields::new()
            .with("staker", ticket.staker)
            .tokens("withdrawn", worth, pool.decimals)
            .in_mint(&pool.mint);
        session.execute(plan, fields)
    }
}

/// The only ticket of the signer that can be withdrawn now.
fn the_ripe_one(session: &Session<impl Ledger>) -> Result<Unstake> {
    let (staker, now) = (session.signer()?.pubkey(), session.now()?);
    let mut tickets = session
        .ledger
        .list::<Unstake>(&[filter::unstake_staker(&staker)])?;
    tickets.sort_by_key(|(key, ticket)| (ticket.withdraw_at, key.to_bytes()));
    let ripe = |ticket: &Unstake| now >= ticket.withdraw_at;
    let listed = |tickets: &[&(Address, Unstake)]| {
        let each = tickets.iter().map(|(key, ticket)| {
            let worth = session
                .ledger
                .get::<StakePool>(&ticket.pool)
                .map(|pool| amount::format(pool.worth(ticket.shares).unwrap_or(0), pool.decimals));
            worth.map(|worth| format!("{key} of {worth} from {}", date(ticket.withdraw_at)))
        });
        each.collect::<sluice_client::Result<Vec<_>>>()
            .map(|each| each.join(", "))
    };
    let all: Vec<_> = tickets.iter().filter(|(_, ticket)| ripe(ticket)).collect();
    match all.as_slice() {
        [(_, ticket)] => Ok(*ticket),
        [] if tickets.is_empty() => Err(Failure::input(format!(
            "the key {staker} has no ticket: `sluice stake unstake` makes one"
        ))),
        [] => Err(Failure::input(format!(
            "no ticket of the key {staker} can be withdrawn yet: {}",
            listed(&tickets.iter().collect::<Vec<_>>())?
        ))),
        several => Err(Failure::input(format!(
            "several tickets can be withdrawn, give one: {}",
            listed(several)?
        ))),
    }
}
