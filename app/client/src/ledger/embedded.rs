//! The embedded engine: LiteSVM with mainnet's features, precompiles and the program's ELF, and a clock under control.

use {
    super::{Ledger, Lifetime, Outcome, Receipt, Service, nonce},
    crate::{
        error::{ClientError, Result},
        foreign::Foreign,
        instruction::token::{Mint, TOKEN_PROGRAM},
    },
    litesvm::{LiteSVM, types::TransactionMetadata},
    solana_account::Account,
    solana_address::Address,
    solana_clock::Clock,
    solana_hash::Hash,
    solana_program_option::COption,
    solana_signature::Signature,
    solana_transaction::Transaction,
    std::{path::Path, time::Duration},
};

/// A chain in this process.
pub struct Embedded {
    svm: LiteSVM,
}

/// When an embedded chain begins: 2026-01-01, unix seconds.
pub const GENESIS: i64 = 1_767_225_600;

impl Embedded {
    /// A fresh chain with the program's ELF at `elf`.
    pub fn new(elf: &Path) -> Result<Self> {
        let mut svm = LiteSVM::new().with_mainnet_features();
        svm.add_program_from_file(sluice::ID, elf)
            .map_err(|error| ClientError::Engine(format!("{}: {error}", elf.display())))?;
        let mut chain = Self { svm };
        chain.set_time(GENESIS);
        chain.advance_slot(1);
        Ok(chain)
    }

    /// The engine itself.
    pub const fn svm(&mut self) -> &mut LiteSVM {
        &mut self.svm
    }

    /// Unix time.
    pub fn now(&self) -> i64 {
        self.svm.get_sysvar::<Clock>().unix_timestamp
    }

    /// Moves the clock to `unix_timestamp` and the chain to a new slot.
    pub fn set_time(&mut self, unix_timestamp: i64) {
        let mut clock: Clock = self.svm.get_sysvar();
        clock.unix_timestamp = unix_timestamp;
        clock.slot += 1;
        self.svm.set_sysvar(&clock);
        self.svm.expire_blockhash();
    }

    /// Moves the clock `secs` on.
    pub fn advance(&mut self, secs: i64) {
        self.set_time(self.now() + secs);
    }

    /// Moves to a later slot at the same time.
    pub fn advance_slot(&mut self, slots: u64) {
        let mut clock: Clock = self.svm.get_sysvar();
        clock.slot += slots;
        self.svm.set_sysvar(&clock);
        self.svm.expire_blockhash();
    }

    /// Gives `address` lamports.
    pub fn airdrop(&mut self, address: &Address, lamports: u64) -> Result<()> {
        Service::airdrop(self, address, lamports).map(drop)
    }

    /// Writes a classic mint without authorities' ceremony; `authority` may mint.
    pub fn create_mint(
        &mut self,
        address: &Address,
        authority: &Address,
        decimals: u8,
    ) -> Result<Mint> {
        use {solana_program_pack::Pack, spl_token_interface::state};
        let mut data = vec![0; state::Mint::LEN];
        state::Mint {
            mint_authority: COption::Some(*authority),
            supply: 0,
            decimals,
            is_initialized: true,
            freeze_authority: COption::None,
        }
        .pack_into_slice(&mut data);
        self.put(address, data, &TOKEN_PROGRAM)?;
        Ok(Mint {
            address: *address,
            token_program: TOKEN_PROGRAM,
            decimals,
        })
    }

    /// True while a transaction with this lifetime can land.
    fn lives(&self, lifetime: &Lifetime) -> bool {
        match lifetime {
            Lifetime::Blockhash { hash, .. } => *hash == self.svm.latest_blockhash(),
            Lifetime::Nonce { account, value, .. } => {
                let found = self.svm.get_account(account);
                found.and_then(|found| nonce::value(&found)) == Some(*value)
            }
        }
    }

    /// Writes an account.
    pub fn put(&mut self, address: &Address, data: Vec<u8>, owner: &Address) -> Result<()> {
        let account = Account {
            lamports: self.svm.minimum_balance_for_rent_exemption(data.len()),
            data,
            owner: *owner,
            executable: false,
            rent_epoch: u64::MAX,
        };
        self.svm
            .set_account(*address, account)
            .map_err(|error| ClientError::Engine(error.to_string()))
    }
}

impl Ledger for Embedded {
    fn accounts(&self, addresses: &[Address]) -> Result<Vec<Option<Account>>> {
        let found = addresses.iter().map(|address| {
            let account = self.svm.get_account(address);
            account.filter(|account| account.lamports > 0)
        });
        Ok(found.collect())
    }

    fn program_accounts(&self, filters: &[(usize, Vec<u8>)]) -> Result<Vec<(Address, Account)>> {
        Ok(self
            .svm
            .get_program_accounts(&sluice::ID)
            .into_iter()
            .filter(|(_, account)| {
                filters.iter().all(|(offset, bytes)| {
                    account
                        .data
                        .get(*offset..)
                        .is_some_and(|rest| rest.starts_with(bytes))
                })
            })
            .collect())
    }

    fn clock(&self) -> Result<Clock> {
        Ok(self.svm.get_sysvar())
    }

    fn minimum_balance(&self, len: usize) -> Result<u64> {
        Ok(self.svm.minimum_balance_for_rent_exemption(len))
    }

    fn latest(&self) -> Result<Lifetime> {
        Ok(Lifetime::Blockhash {
            hash: self.svm.latest_blockhash(),
            last_valid_block_height: u64::MAX,
            slot: self.svm.get_sysvar::<Clock>().slot,
        })
    }

    fn simulate(&self, transaction: &Transaction) -> Result<Receipt> {
        let simulated = if transaction.is_signed() {
            self.svm.simulate_transaction(transaction.clone())
        } else {
            let unverified = self.svm.clone().with_sigverify(false);
            unverified.simulate_transaction(transaction.clone())
        };
        match simulated {
            Ok(info) => Ok(receipt(info.meta)),
            Err(failed) => Err(ClientError::of_transaction(failed.err, failed.meta.logs)),
        }
    }

    fn submit(&mut self, transaction: &Transaction, _: &Lifetime) -> Result<Receipt> {
        let sent = self.svm.send_transaction(transaction.clone());
        self.svm.expire_blockhash();
        match sent {
            Ok(meta) => Ok(receipt(meta)),
            Err(failed) => Err(ClientError::of_transaction(failed.err, failed.meta.logs)),
        }
    }

    fn settle(&mut self, transaction: &Transaction, lifetime: &Lifetime) -> Result<Receipt> {
        self.submit(transaction, lifetime)
    }

    fn service(&mut self) -> Option<&mut dyn Service> {
        Some(self)
    }

    fn outcome(&self, signature: &Signature, lifetime: &Lifetime) -> Result<Outcome> {
        Ok(match self.svm.get_transaction(signature) {
            Some(Ok(_)) => Outcome::Landed,
            Some(Err(failed)) => Outcome::Failed(failed.err.clone()),
            None if self.lives(lifetime) => Outcome::Pending,
            None => Outcome::Expired,
        })
    }

    fn genesis(&self) -> Result<Hash> {
        Ok(Hash::default())
    }
}

impl Service for Embedded {
    fn version(&self) -> Result<Foreign> {
        Ok("the embedded engine".into())
    }

    fn airdrop(&mut self, to: &Address, lamports: u64) -> Result<Signature> {
        self.svm
            .airdrop(to, lamports)
            .map(|given| given.signature)
            .map_err(|failed| ClientError::of_transaction(failed.err, failed.meta.logs))
    }

    /// Whoever is in the same process sees each change at once.
    fn subscription(&self, _: Duration) -> Result<Duration> {
        Ok(Duration::ZERO)
    }
}

fn receipt(meta: TransactionMetadata) -> Receipt {
    Receipt {
        signature: meta.signature,
        compute_units: meta.compute_units_consumed,
        loaded_bytes: None,
        fee: meta.fee,
        logs: meta.logs,
    }
}
