//! `sluice airdrop`.

use {
    crate::{
        failure::{Failure, Result},
        output::{Fields, Value},
        session::Session,
    },
    clap::Args,
    sluice_client::{
        Ledger,
        amount::{self, SOL_DECIMALS},
    },
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args, Debug)]
pub struct Airdrop {
    /// SOL to ask for; faucets of public test clusters give a few at a time.
    amount: String,
    /// Who receives it; by default the signer.
    #[arg(long, value_name = "KEY")]
    to: Option<Address>,
}

impl Airdrop {
    /// Asks for it and waits until it is there.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let lamports = amount::parse(&self.amount, SOL_DECIMALS)?;
        if lamports == 0 {
            return Err(Failure::input("an airdrop of nothing gives nothing"));
        }
        let settings = session.settings();
        if settings.as_instruction || settings.sign_only {
            return Err(Failure::input(
                "a faucet is asked, and signs itself: there is no instruction and nothing to sign",
            ));
        }
        let to = match self.to {
            Some(to) => to,
            None => session.signer()?.pubkey(),
        };
        let fields = Fields::new().with("to", to).sol("given", lamports);
        if session.is_dry_run() {
            return Ok(Fields::new().with("dry_run", true).join(fields));
        }
        let service = session.ledger.service();
        let service = service.ok_or_else(|| Failure::input("there is no node with a faucet"))?;
        let signature = service.airdrop(&to, lamports)?;
        session.ledger.forget();
        let balance = session.ledger.account(&to)?;
        Ok(Fields::new()
            .with("signature", Value::Signature(signature.to_string()))
            .join(fields)
            .sol("balance", balance.map_or(0, |account| account.lamports)))
    }
}
