//! `sluice stake`.

mod deposit;
mod show;
mod unstake;

use {
    crate::{
        failure::{Failure, Result},
        output::Fields,
        session::Session,
    },
    clap::Subcommand,
    sluice_client::{Attester, ClientError, Ledger, Provider},
    solana_address::Address,
};

#[derive(Subcommand)]
pub enum Verb {
    /// Stakes behind a provider or attester that the signer owns; creates pool and position when they are missing.
    Deposit(deposit::Deposit),
    /// Moves stake into a ticket that can be withdrawn after the network's unbonding time.
    Unstake(unstake::Begin),
    /// Pays a ripe ticket to its staker; anyone may send it.
    Withdraw(unstake::Withdraw),
    /// Shows a stake pool, a position and its tickets.
    Show(show::Show),
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
