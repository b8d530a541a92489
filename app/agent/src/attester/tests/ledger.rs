//! A chain in memory.

use {
    bytemuck::Pod,
    sluice_client::{
        Account, Address, ClientError, Clock, Discriminator, Hash, ID, Ledger, Receipt, Result,
        Signature, Transaction,
        instruction::token::TOKEN_PROGRAM,
        ledger::{Lifetime, Outcome, signature},
    },
    std::{
        collections::HashMap,
        sync::{Arc, Mutex, MutexGuard},
    },
};

#[derive(Default)]
pub struct Chain {
    pub accounts: HashMap<Address, Account>,
    pub now: i64,
    /// Nobody can read it.
    pub is_down: bool,
    pub reads: usize,
    pub sent: Vec<Transaction>,
}

/// Every clone is of the same chain.
#[derive(Clone, Default)]
pub struct Fake(Arc<Mutex<Chain>>);

impl Fake {
    pub fn chain(&self) -> MutexGuard<'_, Chain> {
        self.0.lock().unwrap()
    }

    pub fn write<T: Pod + Discriminator>(&self, address: &Address, value: &T) {
        let account = Account {
            lamports: 1,
            data: [T::DISCRIMINATOR, bytemuck::bytes_of(value)].concat(),
            owner: ID,
            ..Account::default()
        };
        self.chain().accounts.insert(*address, account);
    }

    pub fn write_mint(&self, address: &Address) {
        let mut data = vec![0; 82];
        (data[44], data[45]) = (6, 1);
        let account = Account {
            lamports: 1,
            data,
            owner: TOKEN_PROGRAM,
            ..Account::default()
        };
        self.chain().accounts.insert(*address, account);
    }

    pub fn write_tokens(&self, address: &Address, owner: &Address, amount: u64) {
        let mut data = vec![0; 165];
        data[32..64].copy_from_slice(owner.as_ref());
        data[64..72].copy_from_slice(&amount.to_le_bytes());
        let account = Account {
            lamports: 1,
            data,
            owner: TOKEN_PROGRAM,
            ..Account::default()
        };
        self.chain().accounts.insert(*address, account);
    }

    fn read(&self) -> Result<MutexGuard<'_, Chain>> {
        let mut chain = self.chain();
        chain.reads += 1;
        if chain.is_down {
            return Err(ClientError::Rpc("the node of secret.example".into()));
        }
        Ok(chain)
    }
}

impl Ledger for Fake {
    fn accounts(&self, addresses: &[Address]) -> Result<Vec<Option<Account>>> {
        let chain = self.read()?;
        let found = addresses
            .iter()
            .map(|address| chain.accounts.get(address).cloned());
        Ok(found.collect())
    }

    fn program_accounts(&self, filters: &[(usize, Vec<u8>)]) -> Result<Vec<(Address, Account)>> {
        let chain = self.read()?;
        let found = chain.accounts.iter().filter(|(_, account)| {
            let matches = |(at, bytes): &(usize, Vec<u8>)| {
                account
                    .data
                    .get(*at..)
                    .is_some_and(|data| data.starts_with(bytes))
            };
            account.owner == ID && filters.iter().all(matches)
        });
        Ok(found
            .map(|(address, account)| (*address, account.clone()))
            .collect())
    }

    fn clock(&self) -> Result<Clock> {
        Ok(Clock {
            unix_timestamp: self.read()?.now,
            ..Clock::default()
        })
    }

    fn minimum_balance(&self, _: usize) -> Result<u64> {
        Ok(1)
    }

    fn latest(&self) -> Result<Lifetime> {
        Ok(Lifetime::Blockhash {
            hash: Hash::new_from_array([1; 32]),
            last_valid_block_height: 150,
            slot: 7,
        })
    }

    fn simulate(&self, _: &Transaction) -> Result<Receipt> {
        Ok(Receipt::default())
    }

    fn submit(&mut self, transaction: &Transaction, _: &Lifetime) -> Result<Receipt> {
        self.read()?.sent.push(transaction.clone());
        Ok(Receipt {
            signature: signature(transaction),
            ..Receipt::default()
        })
    }

    fn settle(&mut self, transaction: &Transaction, lifetime: &Lifetime) -> Result<Receipt> {
        self.submit(transaction, lifetime)
    }

    fn outcome(&self, _: &Signature, _: &Lifetime) -> Result<Outcome> {
        Ok(Outcome::Pending)
    }

    fn genesis(&self) -> Result<Hash> {
        Ok(Hash::new_from_array([2; 32]))
    }
}
