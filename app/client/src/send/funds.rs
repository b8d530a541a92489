//! Token accounts that a plan takes from or pays to, checked before anything is sent.

use {
    super::{Error, Irreversible, Plan, Result},
    crate::{
        address,
        instruction::token::{self, Mint, TOKEN_ACCOUNT_LEN, create_token_account, wrap_sol},
        ledger::Ledger,
    },
    solana_address::Address,
};

/// Where token accounts are looked at, and who pays for those that are missing.
pub struct Funds<'a, L, P> {
    /// Where accounts are read.
    pub ledger: &'a L,
    /// Asked for only when there is something to pay: its key may have to be fetched.
    pub payer: P,
    /// True for plans that are executed later, by when an owner may hold more.
    pub may_lack: bool,
}

impl<L: Ledger, E: From<Error>, P: Fn() -> std::result::Result<Address, E>> Funds<'_, L, P> {
    /// A plan that takes `base` units out of the signing `owner`'s associated account; SOL is wrapped as far as it lacks.
    pub fn cover(&self, owner: &Address, mint: &Mint, base: u64) -> std::result::Result<Plan, E> {
        let plan = Plan::default().irreversible(Irreversible::Takes {
            owner: *owner,
            mint: mint.address,
            decimals: mint.decimals,
            base,
        });
        if !mint.is_wrapped_sol() {
            self.require_tokens(owner, mint, base)?;
            return Ok(plan);
        }
        let lacking = self.lacking_sol(owner, mint, base)?;
        if lacking == 0 {
            return Ok(plan);
        }
        let mut plan = self.ensure_token_account(plan, owner, mint)?;
        plan.first = std::mem::take(&mut plan.instructions);
        plan.first.extend(wrap_sol(owner, mint, lacking));
        if (self.payer)()? == *owner {
            plan.wraps = lacking;
        }
        Ok(plan)
    }

    /// Creates the associated account of `owner` in the same transaction when it is missing. When it is another's, `owner` is paid in
    /// an account that stands in for it, which is created too.
    pub fn ensure_token_account(
        &self,
        mut plan: Plan,
        owner: &Address,
        mint: &Mint,
    ) -> std::result::Result<Plan, E> {
        let account = address::token_account(owner, &mint.address, &mint.token_program);
        match self.ledger.account(&account).map_err(Error::from)? {
            Some(found) if token::is_held_by(&found, owner) => Ok(plan),
            Some(_) => Ok(self.ensure_stand_in(plan, &(self.payer)()?, owner, mint)?),
            None => {
                plan.push(create_token_account(&(self.payer)()?, owner, mint));
                Ok(plan.creating(mint.account_len()))
            }
        }
    }

    /// Pays `owner` in an account of the payer's making, because its associated one is another's.
    fn ensure_stand_in(
        &self,
        mut plan: Plan,
        payer: &Address,
        owner: &Address,
        mint: &Mint,
    ) -> Result<Plan> {
        let associated = address::token_account(owner, &mint.address, &mint.token_program);
        let account = token::stand_in(payer, owner, mint);
        match self.ledger.account(&account)? {
            Some(found) if token::is_held_alone_by(&found, owner) => {}
            Some(_) => {
                return Err(Error::SharedStandIn {
                    owner: *owner,
                    associated,
                    account,
                });
            }
            None => {
                let rent = self.ledger.minimum_balance(TOKEN_ACCOUNT_LEN)?;
                for step in token::create_stand_in(payer, owner, mint, rent) {
                    plan.push(step);
                }
                plan = plan.creating(TOKEN_ACCOUNT_LEN);
            }
        }
        plan.elsewhere.push((associated, account));
        Ok(plan)
    }

    /// Refuses a deposit that `owner`'s associated account does not cover.
    fn require_tokens(&self, owner: &Address, mint: &Mint, needed: u64) -> Result<()> {
        if self.may_lack {
            return Ok(());
        }
        let held = self.held(owner, mint)?;
        if held >= needed {
            return Ok(());
        }
        Err(Error::LacksTokens {
            owner: *owner,
            mint: mint.address,
            decimals: mint.decimals,
            held,
            needed,
        })
    }

    /// Lamports that have to be wrapped, which `owner` has.
    fn lacking_sol(&self, owner: &Address, mint: &Mint, base: u64) -> Result<u64> {
        let needed = base.saturating_sub(self.held(owner, mint)?);
        if needed == 0 {
            return Ok(0);
        }
        let found = self.ledger.account(owner)?;
        let held = found.map_or(0, |found| found.lamports);
        if held >= needed || self.may_lack {
            return Ok(needed);
        }
        Err(Error::LacksToWrap {
            owner: *owner,
            held,
            needed,
        })
    }

    fn held(&self, owner: &Address, mint: &Mint) -> Result<u64> {
        let account = address::token_account(owner, &mint.address, &mint.token_program);
        Ok(self.ledger.token_balance(&account)?)
    }
}
