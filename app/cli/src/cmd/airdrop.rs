//! `sluice airdrop`.

use {
    crate::{
        failure::{Failure, Result},
        output::{Fields, Value},
        session::{Plan, Session, funds_of},
    },
    clap::Args,
    sluice_client::{
        ClientError, Ledger,
        amount::{self, SOL_DECIMALS},
        instruction::token::{mint_authority, mint_to},
    },
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args, Debug)]
pub struct Airdrop {
    /// SOL to ask for, of which faucets of public test clusters give a few at a time; with --mint, token units.
    amount: String,
    /// Who receives it; by default the signer.
    #[arg(long, value_name = "KEY")]
    to: Option<Address>,
    /// Mints tokens of this mint instead; the mint's authority signs, as `admin` does on the local chain.
    #[arg(long, value_name = "ADDRESS")]
    mint: Option<Address>,
}

impl Airdrop {
    /// Gives it and waits until it is there.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        match self.mint {
            Some(mint) => self.tokens(session, &mint),
            None => self.sol(session),
        }
    }

    /// Base units of what is asked for.
    fn base(&self, decimals: u8) -> Result<u64> {
        match amount::parse(&self.amount, decimals)? {
            0 => Err(Failure::input("an airdrop of nothing gives nothing")),
            base => Ok(base),
        }
    }

    fn tokens(&self, session: &mut Session<impl Ledger>, mint: &Address) -> Result<Fields> {
        let signer = session.signer()?;
        let to = self.to.unwrap_or_else(|| signer.pubkey());
        session.gather(funds_of(&to, mint))?;
        let found = session.mint(mint)?;
        let base = self.base(found.decimals)?;
        let account = session.ledger.account(mint)?;
        let account = account.ok_or(ClientError::NoAccount(*mint))?;
        let authority = mint_authority(&account)
            .ok_or_else(|| Failure::input(format!("nobody can mint more of the mint {mint}")))?;
        let key = session.signer_as("mint's authority", &authority)?;
        let mut plan = session.ensure_token_account(Plan::default(), &to, &found)?;
        plan.push(mint_to(&authority, &to, &found, base));
        let fields = Fields::new()
            .with("to", to)
            .tokens("given", base, found.decimals)
            .in_mint(mint);
        session.execute(plan.signed_by(key), fields)
    }

    fn sol(&self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let lamports = self.base(SOL_DECIMALS)?;
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
