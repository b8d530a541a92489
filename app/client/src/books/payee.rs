//! Which transactions can have paid a provider's owner.

use {
    super::{Result, archive::Archive},
    crate::{
        address,
        instruction::token::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
    },
    solana_address::Address,
    solana_signature::Signature,
};

/// The owner of a provider. Every payment to it names its associated token account: it goes there, or shows that somebody else holds
/// that one. So a transaction that does not name it paid nothing, whatever else is unknown of it.
pub struct Payee<'a> {
    pub archive: &'a Archive<'a>,
    pub owner: Address,
}

impl Payee<'_> {
    /// The owner's associated token accounts for a mint: one with each token program, of which at most one exists.
    pub fn accounts(&self, mint: &Address) -> [Address; 2] {
        [TOKEN_PROGRAM, TOKEN_2022_PROGRAM]
            .map(|program| address::token_account(&self.owner, mint, &program))
    }

    /// Those of the transactions that can have paid the owner tokens of the mint; all of them where nothing tells the mint.
    pub fn able(&self, mint: Option<&Address>, among: &[Signature]) -> Result<Vec<Signature>> {
        let Some(mint) = mint else {
            return Ok(among.to_vec());
        };
        self.naming(&self.accounts(mint), among)
    }

    /// Those of the transactions that name one of the accounts.
    pub fn naming(&self, accounts: &[Address], among: &[Signature]) -> Result<Vec<Signature>> {
        if among.is_empty() {
            return Ok(vec![]);
        }
        let mut named = vec![];
        for account in accounts {
            named.push(self.archive.listed(account)?);
        }
        let is_named = |one: &&Signature| {
            named
                .iter()
                .any(|all| all.contains(&<[u8; 64]>::from(**one)))
        };
        Ok(among.iter().filter(is_named).copied().collect())
    }
}
