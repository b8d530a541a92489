//! The embedded chain under observation: every transaction is weighed, counted and timed on the chain's clock.

use {
    crate::ledger::{Book, Source},
    anyhow::{Context, Result, bail, ensure},
    sluice_client::{
        Ledger,
        ledger::{self, Embedded},
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_sdk_ids::ed25519_program,
    solana_signer::Signer,
    std::collections::BTreeMap,
};

/// Lamports a signature costs, a precompile's signatures included.
const LAMPORTS_PER_SIGNATURE: u64 = 5_000;

/// Calls of one instruction and the compute units they took.
#[derive(Clone, Copy, Debug)]
pub struct Units {
    pub calls: u32,
    pub least: u64,
    pub most: u64,
}

/// The chain, the key that pays fees, the book and the meter.
pub struct Chain {
    pub ledger: Embedded,
    pub keeper: Keypair,
    pub book: Book,
    /// Compute units by instruction.
    pub units: BTreeMap<&'static str, Units>,
    /// Transactions sent once the book was open.
    pub transactions: u32,
    fees: u64,
    start: i64,
}

impl Chain {
    /// Observes `ledger`; `keeper` pays all fees.
    pub fn new(ledger: Embedded, keeper: Keypair) -> Self {
        Self {
            start: ledger.now(),
            ledger,
            keeper,
            book: Book::default(),
            units: BTreeMap::new(),
            transactions: 0,
            fees: 0,
        }
    }

    /// Seconds since the demo began, on the chain's clock.
    pub fn elapsed(&self) -> i64 {
        self.ledger.now() - self.start
    }

    /// Moves the clock to `secs` since the demo began.
    pub fn wait_until(&mut self, secs: i64) {
        self.ledger.set_time(self.start + secs);
    }

    /// The chain's clock as minutes and seconds since the demo began.
    pub fn stamp(&self) -> String {
        let secs = self.elapsed();
        format!("[{:>3}:{:02}]", secs / 60, secs % 60)
    }

    /// Weighs every row for the first time.
    pub fn open_book(&mut self) -> Result<()> {
        self.fees = 0;
        self.transactions = 0;
        let balances = self.weigh()?;
        self.book.open(&balances);
        Ok(())
    }

    /// Weighs every row for the last time.
    pub fn close_book(&mut self) -> Result<()> {
        let balances = self.weigh()?;
        self.book.close(&balances);
        Ok(())
    }

    /// Sends instructions that are not the program's, before the book opens.
    pub fn prepare(&mut self, instructions: &[Instruction], signers: &[&Keypair]) -> Result<()> {
        self.submit(instructions, signers)?;
        Ok(())
    }

    /// Sends the program's instruction `name`, the last of `instructions`, which must succeed.
    pub fn send(
        &mut self,
        name: &'static str,
        instructions: &[Instruction],
        signers: &[&Keypair],
    ) -> Result<()> {
        let before = self.weigh()?;
        let receipt = self
            .submit(instructions, signers)
            .with_context(|| format!("{name} was refused"))?;
        let after = self.weigh()?;
        self.book.record(name, &before, &after);
        let [units] = receipt.program_units()[..] else {
            bail!("{name} did not call the program exactly once");
        };
        let seen = self.units.entry(name).or_insert(Units {
            calls: 0,
            least: units,
            most: units,
        });
        seen.calls += 1;
        seen.least = seen.least.min(units);
        seen.most = seen.most.max(units);
        Ok(())
    }

    /// Sends what the program must refuse with the error `expected`, and makes sure that only the fee moved.
    pub fn send_refused(
        &mut self,
        name: &'static str,
        expected: &str,
        instructions: &[Instruction],
    ) -> Result<()> {
        let before = self.weigh()?;
        match self.submit(instructions, &[]) {
            Ok(_) => bail!("the program accepted a {name} that it had to refuse as {expected}"),
            Err(error) if error.program_error() == Some(expected) => {}
            Err(error) => bail!("{name} had to be refused as {expected}, but: {error}"),
        }
        let after = self.weigh()?;
        for (row, (before, after)) in self.book.rows.iter().zip(before.iter().zip(&after)) {
            let pays_fees = matches!(row.source, Source::Keeper(_) | Source::Validators);
            ensure!(
                before == after || pays_fees,
                "a refused {name} moved {} of {}",
                row.asset.symbol(),
                row.holder
            );
        }
        self.book.record(name, &before, &after);
        Ok(())
    }

    fn submit(
        &mut self,
        instructions: &[Instruction],
        signers: &[&Keypair],
    ) -> sluice_client::Result<sluice_client::Receipt> {
        let signers: Vec<&dyn Signer> = signers.iter().map(|key| *key as &dyn Signer).collect();
        let lifetime = self.ledger.latest()?;
        let transaction = ledger::sign(instructions, &self.keeper, &signers, &lifetime)?;
        let verified: usize = instructions
            .iter()
            .filter(|one| one.program_id == ed25519_program::ID)
            .filter_map(|one| one.data.first())
            .map(|count| usize::from(*count))
            .sum();
        let signatures = (transaction.signatures.len() + verified) as u64;
        self.fees += signatures * LAMPORTS_PER_SIGNATURE;
        self.transactions += 1;
        self.ledger.submit(&transaction, &lifetime)
    }

    /// What every row of the book holds now.
    fn weigh(&self) -> Result<Vec<i128>> {
        self.book
            .rows
            .iter()
            .map(|row| self.balance(&row.source))
            .collect()
    }

    fn balance(&self, source: &Source) -> Result<i128> {
        Ok(match source {
            Source::Tokens(accounts) => {
                let mut sum = 0;
                for account in accounts {
                    sum += i128::from(self.ledger.token_balance(account)?);
                }
                sum
            }
            Source::Burned(mint, issued) => i128::from(*issued) - self.supply(mint)?,
            Source::Lamports(key) | Source::Keeper(key) => self.lamports(key)?,
            Source::Rent(vaults) => {
                let mut sum = 0;
                for (_, account) in self.ledger.program_accounts(&[])? {
                    sum += i128::from(account.lamports);
                }
                for vault in vaults {
                    sum += self.lamports(vault)?;
                }
                sum
            }
            Source::Validators => self.fees.into(),
        })
    }

    fn supply(&self, mint: &Address) -> Result<i128> {
        let account = self.ledger.account(mint)?;
        // A mint's supply stands at byte 36.
        let bytes = account.and_then(|found| found.data.get(36..44)?.try_into().ok());
        let supply = bytes.map(u64::from_le_bytes);
        Ok(supply.context("the stake mint is missing")?.into())
    }

    fn lamports(&self, key: &Address) -> Result<i128> {
        let account = self.ledger.account(key)?;
        Ok(account.map_or(0, |account| account.lamports.into()))
    }
}
