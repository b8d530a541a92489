//! Where accounts are read and transactions sent: an embedded engine or a JSON-RPC cluster.

#[cfg(feature = "embedded")]
mod embedded;
#[cfg(feature = "rpc")]
mod rpc;

#[cfg(feature = "embedded")]
pub use embedded::Embedded;
#[cfg(feature = "rpc")]
pub use rpc::{Notification, Rpc, Socket, ws_url};

use {
    crate::{
        account,
        error::{ClientError, Result},
        instruction::token::Mint,
    },
    anchor_lang::Discriminator,
    bytemuck::Pod,
    solana_account::Account,
    solana_address::Address,
    solana_clock::Clock,
    solana_hash::Hash,
    solana_instruction::Instruction,
    solana_message::Message,
    solana_signature::Signature,
    solana_signer::Signer,
    solana_transaction::Transaction,
};

/// Largest transaction that travels, bytes.
pub const MAX_TRANSACTION: usize = 1_232;

/// What became of a transaction.
#[derive(Clone, Debug, Default)]
pub struct Receipt {
    pub signature: Signature,
    /// Compute units of the whole transaction, precompiles included; 0 where the ledger does not tell.
    pub compute_units: u64,
    /// Fee, lamports; 0 where the ledger does not tell.
    pub fee: u64,
    /// Empty where the ledger does not tell: a cluster does in a simulation, not once it has confirmed.
    pub logs: Vec<String>,
}

impl Receipt {
    /// Compute units of each call of the Sluice program, in order.
    pub fn program_units(&self) -> Vec<u64> {
        let prefix = format!("Program {} consumed ", sluice::ID);
        self.logs
            .iter()
            .filter_map(|line| line.strip_prefix(&prefix)?.split(' ').next()?.parse().ok())
            .collect()
    }
}

/// A chain to read from and to send to.
pub trait Ledger {
    /// The account at `address`, if there is one.
    fn account(&self, address: &Address) -> Result<Option<Account>>;

    /// The program's accounts whose bytes match every `(offset, bytes)`.
    fn program_accounts(&self, filters: &[(usize, Vec<u8>)]) -> Result<Vec<(Address, Account)>>;

    /// Slot and unix time.
    fn clock(&self) -> Result<Clock>;

    /// Lamports that make `len` bytes rent-exempt.
    fn minimum_balance(&self, len: usize) -> Result<u64>;

    /// A blockhash to sign with.
    fn latest_blockhash(&self) -> Result<Hash>;

    /// Executes without committing.
    fn simulate(&self, transaction: &Transaction) -> Result<Receipt>;

    /// Sends and waits until it is confirmed.
    fn submit(&mut self, transaction: &Transaction) -> Result<Receipt>;

    /// Signs `instructions` with `payer` and `signers`, refusing what would not travel.
    fn sign(
        &self,
        instructions: &[Instruction],
        payer: &dyn Signer,
        signers: &[&dyn Signer],
    ) -> Result<Transaction> {
        let message = Message::new_with_blockhash(
            instructions,
            Some(&payer.pubkey()),
            &self.latest_blockhash()?,
        );
        let mut keys: Vec<&dyn Signer> = vec![payer];
        for signer in signers {
            if keys.iter().all(|key| key.pubkey() != signer.pubkey()) {
                keys.push(*signer);
            }
        }
        let mut transaction = Transaction::new_unsigned(message);
        transaction
            .try_sign(&keys, transaction.message.recent_blockhash)
            .map_err(|error| ClientError::Signing(error.to_string()))?;
        match size(&transaction) {
            len if len > MAX_TRANSACTION => Err(ClientError::TooLarge(len)),
            _ => Ok(transaction),
        }
    }

    /// Signs and submits.
    fn send(
        &mut self,
        instructions: &[Instruction],
        payer: &dyn Signer,
        signers: &[&dyn Signer],
    ) -> Result<Receipt> {
        let transaction = self.sign(instructions, payer, signers)?;
        self.submit(&transaction)
    }

    /// The account at `address`, decoded.
    fn get<T: Pod + Discriminator>(&self, address: &Address) -> Result<T>
    where
        Self: Sized,
    {
        let found = self
            .account(address)?
            .ok_or(ClientError::NoAccount(*address))?;
        account::decode(address, &found)
    }

    /// Every account of type `T` whose bytes match `filters` (offsets count from the start of the account).
    fn list<T: Pod + Discriminator>(
        &self,
        filters: &[(usize, Vec<u8>)],
    ) -> Result<Vec<(Address, T)>>
    where
        Self: Sized,
    {
        let mut all = vec![(0, T::DISCRIMINATOR.to_vec())];
        all.extend_from_slice(filters);
        self.program_accounts(&all)?
            .iter()
            .map(|(address, found)| Ok((*address, account::decode(address, found)?)))
            .collect()
    }

    /// The mint at `address`.
    fn mint(&self, address: &Address) -> Result<Mint> {
        let found = self
            .account(address)?
            .ok_or(ClientError::NoAccount(*address))?;
        Mint::read(address, &found)
    }

    /// Base units in the token account at `address`; 0 when there is none.
    fn token_balance(&self, address: &Address) -> Result<u64> {
        let amount = self
            .account(address)?
            .and_then(|found| found.data.get(64..72)?.try_into().ok())
            .map_or(0, u64::from_le_bytes);
        Ok(amount)
    }
}

/// Bytes that a transaction of these instructions will take on the wire.
pub fn size_of(instructions: &[Instruction], payer: &Address) -> usize {
    size(&Transaction::new_unsigned(Message::new(
        instructions,
        Some(payer),
    )))
}

/// Bytes a transaction takes on the wire.
pub fn size(transaction: &Transaction) -> usize {
    1 + 64 * transaction.signatures.len() + transaction.message.serialize().len()
}
