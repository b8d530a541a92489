//! A chain for tests.

use {
    sluice_client::{
        Account, Address, Clock, Discriminator, Hash, Ledger, Pod, Receipt, Result, Transaction,
        ledger::{Lifetime, Outcome},
    },
    solana_signature::Signature,
    std::{cell::RefCell, collections::BTreeMap},
};

/// A chain of a few accounts, to which nothing can be sent.
#[derive(Default)]
pub struct Few {
    pub accounts: RefCell<BTreeMap<Address, Account>>,
    pub clock: Clock,
}

impl Few {
    pub fn put<T: Pod + Discriminator>(&self, address: Address, account: &T) {
        let data = [T::DISCRIMINATOR, bytemuck::bytes_of(account)].concat();
        let account = Account {
            lamports: 1,
            data,
            owner: sluice_client::ID,
            ..Account::default()
        };
        self.accounts.borrow_mut().insert(address, account);
    }

    pub fn pay(&self, address: Address, lamports: u64) {
        let account = Account {
            lamports,
            ..Account::default()
        };
        self.accounts.borrow_mut().insert(address, account);
    }
}

impl Ledger for Few {
    fn accounts(&self, addresses: &[Address]) -> Result<Vec<Option<Account>>> {
        let all = self.accounts.borrow();
        Ok(addresses.iter().map(|key| all.get(key).cloned()).collect())
    }

    fn program_accounts(&self, filters: &[(usize, Vec<u8>)]) -> Result<Vec<(Address, Account)>> {
        let all = self.accounts.borrow();
        let matching = all.iter().filter(|(_, account)| {
            filters.iter().all(|(offset, bytes)| {
                account
                    .data
                    .get(*offset..)
                    .is_some_and(|data| data.starts_with(bytes))
            })
        });
        Ok(matching
            .map(|(key, account)| (*key, account.clone()))
            .collect())
    }

    fn clock(&self) -> Result<Clock> {
        Ok(self.clock.clone())
    }

    fn minimum_balance(&self, _: usize) -> Result<u64> {
        Ok(0)
    }

    fn latest(&self) -> Result<Lifetime> {
        unreachable!()
    }

    fn simulate(&self, _: &Transaction) -> Result<Receipt> {
        unreachable!()
    }

    fn submit(&mut self, _: &Transaction, _: &Lifetime) -> Result<Receipt> {
        unreachable!()
    }

    fn settle(&mut self, _: &Transaction, _: &Lifetime) -> Result<Receipt> {
        unreachable!()
    }

    fn outcome(&self, _: &Signature, _: &Lifetime) -> Result<Outcome> {
        unreachable!()
    }

    fn genesis(&self) -> Result<Hash> {
        Ok(Hash::default())
    }
}
