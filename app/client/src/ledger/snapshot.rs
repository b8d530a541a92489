//! Accounts that were read in batches.

use {
    super::Ledger,
    crate::{account, error::Result},
    anchor_lang::Discriminator,
    bytemuck::Pod,
    solana_account::Account,
    solana_address::Address,
    std::collections::{BTreeMap, BTreeSet},
};

/// Accounts by address, each as it was when it was read. It also knows which addresses have none.
#[derive(Clone, Default)]
pub struct Snapshot {
    known: BTreeMap<Address, Option<Account>>,
}

impl Snapshot {
    /// Reads those of `wanted` that are not known yet, each once, in as few calls as the ledger allows.
    pub fn gather(
        &mut self,
        ledger: &impl Ledger,
        wanted: impl IntoIterator<Item = Address>,
    ) -> Result<()> {
        let unknown: BTreeSet<Address> = wanted
            .into_iter()
            .filter(|address| !self.knows(address))
            .collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let unknown: Vec<Address> = unknown.into_iter().collect();
        let found = ledger.accounts(&unknown)?;
        self.known.extend(unknown.into_iter().zip(found));
        Ok(())
    }

    /// True when the address was read, whether or not there was an account.
    pub fn knows(&self, address: &Address) -> bool {
        self.known.contains_key(address)
    }

    /// The account at `address`; `None` if there was none or it was not read.
    pub fn account(&self, address: &Address) -> Option<&Account> {
        self.known.get(address)?.as_ref()
    }

    /// The account at `address`, decoded; `None` if there was none or it was not read.
    pub fn find<T: Pod + Discriminator>(&self, address: &Address) -> Result<Option<T>> {
        self.account(address)
            .map(|found| account::decode(address, found))
            .transpose()
    }

    /// Forgets what was at `address`.
    pub fn forget(&mut self, address: &Address) {
        self.known.remove(address);
    }
}
