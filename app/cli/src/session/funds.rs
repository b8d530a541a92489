//! Mints and token accounts, checked before anything is sent.

use {
    super::{Plan, SOL_DECIMALS, Session, VAULT_LEN},
    crate::{
        failure::{Failure, Result},
        keys::Key,
    },
    sluice_client::{
        Ledger, address, amount,
        instruction::token::{self, Mint, create_token_account, wrap_sol},
    },
    solana_address::Address,
};

impl<L: Ledger> Session<L> {
    /// The mint at `address`.
    pub fn mint(&self, address: &Address) -> Result<Mint> {
        let found = self.ledger.account(address)?;
        Ok(Mint::read(
            address,
            &found.ok_or_else(|| no_mint(address))?,
        )?)
    }

    /// The mint at `address`, which is to be deposited: one that the program would refuse is refused here by name.
    pub fn deposit_mint(&self, address: &Address) -> Result<Mint> {
        let found = self.ledger.account(address)?;
        let found = found.ok_or_else(|| no_mint(address))?;
        Ok(Mint::read_for_deposit(address, &found)?)
    }

    /// Refuses a deposit that `owner`'s associated account does not cover.
    fn require_tokens(&self, owner: &Address, mint: &Mint, base: u64) -> Result<()> {
        let account = address::token_account(owner, &mint.address, &mint.token_program);
        // A proposal is executed later, by when the owner may hold more.
        if self.is_proposal() {
            return Ok(());
        }
        let held = self.ledger.token_balance(&account)?;
        if held >= base {
            return Ok(());
        }
        Err(Failure::Unfunded(format!(
            "{owner} holds {} of the mint {} and needs {}",
            amount::format(held, mint.decimals),
            mint.address,
            amount::format(base, mint.decimals),
        )))
    }

    /// A plan that takes `base` units out of the signing `owner`'s associated account; SOL is wrapped as far as it lacks.
    pub fn cover(&self, owner: &Key, mint: &Mint, base: u64) -> Result<Plan> {
        let key = owner.pubkey();
        let plan = Plan::default().irreversible(format!(
            "moves {} of the mint {} out of the account of {key}",
            amount::format(base, mint.decimals),
            mint.address,
        ));
        if !mint.is_wrapped_sol() {
            self.require_tokens(&key, mint, base)?;
            return Ok(plan);
        }
        let account = address::token_account(&key, &mint.address, &mint.token_program);
        let lacking = base.saturating_sub(self.ledger.token_balance(&account)?);
        if lacking == 0 {
            return Ok(plan);
        }
        let held = self.ledger.account(&key)?.map_or(0, |found| found.lamports);
        if held < lacking && !self.is_proposal() {
            return Err(Failure::Unfunded(format!(
                "{key} holds {} SOL and needs {} to wrap",
                amount::format(held, SOL_DECIMALS),
                amount::format(lacking, SOL_DECIMALS),
            )));
        }
        let mut plan = self.ensure_token_account(plan, &key, mint)?;
        plan.first = std::mem::take(&mut plan.instructions);
        plan.first.extend(wrap_sol(&key, mint, lacking));
        if self.payer()?.pubkey() == key {
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
    ) -> Result<Plan> {
        let account = address::token_account(owner, &mint.address, &mint.token_program);
        if let Some(found) = self.ledger.account(&account)? {
            if token::is_held_by(&found, owner) {
                return Ok(plan);
            }
            return self.ensure_stand_in(plan, owner, mint);
        }
        plan.push(create_token_account(&self.payer()?.pubkey(), owner, mint));
        Ok(plan.creating(mint.account_len()))
    }
}

impl<L: Ledger> Session<L> {
    /// Pays `owner` in an account of the payer's making, because its associated one is another's.
    fn ensure_stand_in(&self, mut plan: Plan, owner: &Address, mint: &Mint) -> Result<Plan> {
        let payer = self.payer()?.pubkey();
        let associated = address::token_account(owner, &mint.address, &mint.token_program);
        let account = token::stand_in(&payer, owner, mint);
        let opened = match self.ledger.account(&account)? {
            Some(found) if token::is_held_alone_by(&found, owner) => true,
            Some(_) => {
                return Err(Failure::input(format!(
                    "{owner} gave its token account {associated} away, and shares {account}, which could stand in for it"
                )));
            }
            None => false,
        };
        if !opened {
            let rent = self.ledger.minimum_balance(VAULT_LEN)?;
            for step in token::create_stand_in(&payer, owner, mint, rent) {
                plan.push(step);
            }
            plan = plan.creating(VAULT_LEN);
        }
        plan.elsewhere.push((associated, account));
        Ok(plan)
    }
}

const fn no_mint(address: &Address) -> Failure {
    Failure::NotFound {
        what: "mint",
        address: *address,
    }
}
