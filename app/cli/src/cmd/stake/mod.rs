//! `sluice stake`.

pub mod deposit;
pub mod dividends;
mod list;
pub mod pool;
mod position;
mod show;
mod ticket;
mod unstake;

use {
    crate::{
        cmd::listing::List,
        failure::{Failure, Result, gone},
        output::Fields,
        session::{
            Session,
            own::{Part, the_only},
        },
    },
    clap::Subcommand,
    sluice_client::{Attester, ClientError, Ledger, Position, Provider, StakePool, address, own},
    solana_address::Address,
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Stakes behind a provider or attester, the signer's own or another's; creates pool and position when they are missing.
    Deposit(deposit::Deposit),
    /// Moves stake into a ticket that can be withdrawn after the network's unbonding time; from then on it earns no dividends.
    Unstake(unstake::Begin),
    /// Makes a ticket's stake active again; the staker signs.
    Cancel(unstake::Cancel),
    /// Pays a ripe ticket to its staker; anyone may send it.
    Withdraw(unstake::Withdraw),
    /// Closes the signer's empty position; rent returns to whoever paid it.
    Close(position::Close),
    /// Shows a stake pool's price, and a position: its stake and tickets, what bonds hold and what a slash can reach, and its
    /// dividends.
    Show(show::Show),
    /// Lists positions: what each staker has behind whom.
    List(List<list::Positions>),
    /// Stake pools as wholes.
    #[command(subcommand)]
    Pool(pool::Verb),
    /// Tickets of stake that thaws.
    #[command(subcommand)]
    Ticket(ticket::Verb),
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Deposit(verb) => verb.run(session),
            Self::Unstake(verb) => verb.run(session),
            Self::Cancel(verb) => verb.run(session),
            Self::Withdraw(verb) => verb.run(session),
            Self::Close(verb) => verb.run(session),
            Self::Show(verb) => verb.run(session),
            Self::List(verb) => verb.run(session),
            Self::Pool(verb) => verb.run(session),
            Self::Ticket(verb) => verb.run(session),
        }
    }
}

/// What stake stands behind, and its pool.
pub struct Target {
    /// Address of the pool, which may not exist yet.
    pub key: Address,
    pub pool: Option<StakePool>,
    pub subject: Address,
    pub network: Address,
    pub owner: Address,
}

/// How to see and serve another key's position than the signer's.
pub const ANOTHER: &str = "another key's is meant with --staker KEY";

/// How stake is told from other stake.
const ASK: &str = "give the address of a provider, an attester or a stake pool";

impl Target {
    /// What was `told`, else the only provider that the signer owns.
    pub fn owned(session: &Session<impl Ledger>, told: Option<Address>) -> Result<Self> {
        Self::find(session, &session.provider(told, Part::Owner, ASK)?)
    }

    /// What was `told`, else the only pool in which the staker, by default the signer, has stake.
    pub fn held(
        session: &Session<impl Ledger>,
        told: Option<Address>,
        staker: Option<Address>,
    ) -> Result<Self> {
        if let Some(subject) = told {
            return Self::find(session, &subject);
        }
        let staker = staker.map_or_else(|| session.own_key_or(ASK), Ok)?;
        let pools = own::stake(&session.ledger, &staker)?
            .into_iter()
            .map(|(_, position)| (position.pool, position));
        let (pool, _) = the_only(own::only(pools.collect()), ASK, |is_none| {
            let places = if is_none {
                "no stake"
            } else {
                "stake in several pools"
            };
            format!("the key {staker} has {places}")
        })?;
        Self::find(session, &pool)
    }

    /// Finds what `address` names: a provider, an attester, or the stake pool of one.
    pub fn find(session: &Session<impl Ledger>, address: &Address) -> Result<Self> {
        session
            .ledger
            .gather([*address, address::stake_pool(address)])?;
        // A provider that was closed leaves its pool behind.
        for key in [*address, address::stake_pool(address)] {
            match session.ledger.get::<StakePool>(&key) {
                Ok(pool) => {
                    return Ok(Self {
                        key,
                        pool: Some(pool),
                        subject: pool.subject,
                        network: pool.network,
                        owner: pool.owner,
                    });
                }
                Err(ClientError::NoAccount(_) | ClientError::WrongAccount { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let (network, owner) = subject(session, address)?;
        Ok(Self {
            key: address::stake_pool(address),
            pool: None,
            subject: *address,
            network,
            owner,
        })
    }

    /// The pool, which must exist.
    pub fn existing(&self) -> Result<StakePool> {
        self.pool.ok_or(Failure::NotFound {
            what: "stake pool",
            address: self.key,
        })
    }

    /// The position of `staker`, which must exist.
    pub fn position(
        &self,
        session: &Session<impl Ledger>,
        staker: &Address,
    ) -> Result<(Address, Position)> {
        let key = address::position(&self.key, staker);
        match session.ledger.get::<Position>(&key) {
            Ok(position) => Ok((key, position)),
            Err(ClientError::NoAccount(_)) => Err(Failure::Key(format!(
                "the key {staker} has no stake behind {}",
                self.subject
            ))),
            Err(error) => Err(error.into()),
        }
    }
}

/// Network and owner of a provider or attester.
fn subject(session: &Session<impl Ledger>, address: &Address) -> Result<(Address, Address)> {
    let what = "provider, attester or stake pool";
    match session.ledger.get::<Provider>(address) {
        Ok(provider) => Ok((provider.network, provider.owner)),
        Err(ClientError::WrongAccount { .. }) => match session.ledger.get::<Attester>(address) {
            Ok(attester) => Ok((attester.network, attester.owner)),
            Err(ClientError::WrongAccount { .. }) => Err(Failure::input(format!(
                "{address} is neither a provider nor an attester nor a stake pool"
            ))),
            Err(error) => Err(error.into()),
        },
        Err(error) => Err(gone(what, address)(error)),
    }
}
