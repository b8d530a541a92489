//! `sluice token`.

use {
    crate::{
        failure::{Failure, Result},
        output::Fields,
        session::{Plan, Session},
    },
    clap::{Args, Subcommand},
    sluice::constants::WRAPPED_SOL,
    sluice_client::{Ledger, address, instruction::token::unwrap_sol},
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Closes the signer's account of wrapped SOL: its SOL and its rent return to the signer.
    Unwrap(Unwrap),
}

#[derive(Args, Debug)]
pub struct Unwrap {
    /// The mint of wrapped SOL; by default the classic token program's.
    #[arg(long, value_name = "ADDRESS")]
    mint: Option<Address>,
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Unwrap(verb) => verb.run(session),
        }
    }
}

impl Unwrap {
    fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let owner = session.signer()?;
        let [classic, _] = WRAPPED_SOL;
        let mint = session.mint(&self.mint.unwrap_or(classic))?;
        if !mint.is_wrapped_sol() {
            return Err(Failure::input(format!(
                "the mint {} is not wrapped SOL",
                mint.address
            )));
        }
        let key = owner.pubkey();
        let account = address::token_account(&key, &mint.address, &mint.token_program);
        let found = session.ledger.account(&account)?.ok_or(Failure::NotFound {
            what: "account of wrapped SOL",
            address: account,
        })?;
        let fields = Fields::new()
            .with("account", account)
            .sol("returned", found.lamports);
        session.execute(Plan::of(unwrap_sol(&key, &mint)).signed_by(owner), fields)
    }
}
