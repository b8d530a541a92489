//! Mints and token accounts, checked before anything is sent.

use {
    super::{Plan, Session},
    crate::{
        failure::{Failure, Result},
        keys::Key,
    },
    sluice_client::{
        Ledger,
        instruction::token::Mint,
        ledger::{Remembered, Telling},
        send::Funds,
    },
    solana_account::Account,
    solana_address::Address,
};

impl<L: Ledger> Session<L> {
    /// The mint at `address`.
    pub fn mint(&self, address: &Address) -> Result<Mint> {
        Ok(Mint::read(address, &self.mint_account(address)?)?)
    }

    /// The mint at `address`, which is to be deposited: one that the program would refuse is refused here by name.
    pub fn deposit_mint(&self, address: &Address) -> Result<Mint> {
        let found = self.mint_account(address)?;
        Ok(Mint::read_for_deposit(address, &found)?)
    }

    fn mint_account(&self, address: &Address) -> Result<Account> {
        let found = self.ledger.account(address)?;
        found.ok_or(Failure::NotFound {
            what: "mint",
            address: *address,
        })
    }

    /// A plan that takes `base` units out of the signing `owner`'s associated account; SOL is wrapped as far as it lacks.
    pub fn cover(&self, owner: &Key, mint: &Mint, base: u64) -> Result<Plan> {
        self.funds().cover(&owner.pubkey(), mint, base)
    }

    /// Creates the associated account of `owner` in the same transaction when it is missing. When it is another's, `owner` is paid in
    /// an account that stands in for it, which is created too.
    pub fn ensure_token_account(&self, plan: Plan, owner: &Address, mint: &Mint) -> Result<Plan> {
        self.funds().ensure_token_account(plan, owner, mint)
    }

    const fn funds(&self) -> Funds<'_, Remembered<Telling<L>>, impl Fn() -> Result<Address>> {
        Funds {
            ledger: &self.ledger,
            payer: || Ok(self.payer()?.pubkey()),
            // A proposal is executed later, by when the owner may hold more.
            may_lack: self.is_proposal(),
        }
    }
}
