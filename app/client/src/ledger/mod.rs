//! Where accounts are read and transactions sent: an embedded engine or a JSON-RPC cluster.

mod calls;
#[cfg(feature = "embedded")]
mod embedded;
pub mod history;
mod lifetime;
pub mod nonce;
mod remembered;
#[cfg(feature = "rpc")]
mod rpc;
mod service;
mod snapshot;
mod telling;
mod wire;

#[cfg(feature = "embedded")]
pub use embedded::Embedded;
#[cfg(feature = "rpc")]
pub use rpc::{Endpoint, Notification, Patience, Rpc, Socket, hosts_only, ws_url};
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
    std::{thread::sleep, time::Duration},
};
pub use {
    history::History,
    lifetime::{Lifetime, Outcome},
    remembered::Remembered,
    service::{Service, cluster_name},
    snapshot::Snapshot,
    telling::Telling,
    wire::{from_wire, message_from_wire, missing_signatures, signature, wire},
};

/// Largest transaction that travels, bytes.
pub const MAX_TRANSACTION: usize = 1_232;

/// Accounts that one call reads at most.
pub const BATCH: usize = 100;

/// Calls for accounts that are on their way at once. A node far away is then waited for an eighth of the time, and one that counts calls
/// by the second is not flooded: a call that it refuses for now waits and is made again, as every other call.
pub(crate) const AT_ONCE: usize = 8;

/// How many blockhashes a transaction may outlive before sending is given up.
pub const ATTEMPTS: u32 = 4;

/// Before another blockhash is asked for: a node that is behind may catch up.
pub const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(500);

/// What a transaction did.
#[derive(Clone, Debug, Default)]
pub struct Receipt {
    /// Of the transaction.
    pub signature: Signature,
    /// Compute units of the whole transaction, precompiles included; 0 where the ledger does not tell.
    pub compute_units: u64,
    /// Bytes of all accounts it loaded, where the ledger tells.
    pub loaded_bytes: Option<u32>,
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
    fn account(&self, address: &Address) -> Result<Option<Account>> {
        Ok(self.accounts(&[*address])?.pop().flatten())
    }

    /// The accounts at `addresses`, in their order: every [`BATCH`] of them in one read of one moment.
    fn accounts(&self, addresses: &[Address]) -> Result<Vec<Option<Account>>>;

    /// The program's accounts whose bytes match every `(offset, bytes)`.
    fn program_accounts(&self, filters: &[(usize, Vec<u8>)]) -> Result<Vec<(Address, Account)>>;

    /// Slot and unix time.
    fn clock(&self) -> Result<Clock>;

    /// Lamports that make `len` bytes rent-exempt.
    fn minimum_balance(&self, len: usize) -> Result<u64>;

    /// A blockhash to sign with.
    fn latest(&self) -> Result<Lifetime>;

    /// Executes without committing.
    fn simulate(&self, transaction: &Transaction) -> Result<Receipt>;

    /// Executes without committing, signed by nobody and with the latest blockhash in the place of the transaction's: what it did,
    /// and until when a transaction with that blockhash can land.
    fn simulate_with_latest(&self, unsigned: &Transaction) -> Result<(Receipt, Lifetime)> {
        let latest = self.latest()?;
        let mut transaction = unsigned.clone();
        transaction.message.recent_blockhash = latest.hash();
        Ok((self.simulate(&transaction)?, latest))
    }

    /// Sends until it is confirmed or can no longer land. [`ClientError::Expired`] says that it never will,
    /// [`ClientError::Unknown`] that the ledger fell silent before it could tell.
    fn submit(&mut self, transaction: &Transaction, lifetime: &Lifetime) -> Result<Receipt>;

    /// [`Self::submit`], given up after `patience` with [`ClientError::Unknown`]: for who has other things to do, and asks the chain later
    /// what became of it. A ledger that settles at once, as embedded ones do, is never given up.
    fn submit_within(
        &mut self,
        transaction: &Transaction,
        lifetime: &Lifetime,
        patience: Duration,
    ) -> Result<Receipt> {
        let _ = patience;
        self.submit(transaction, lifetime)
    }

    /// [`Self::submit`] for a transaction that somebody may have sent before: that this node refuses it proves nothing.
    fn settle(&mut self, transaction: &Transaction, lifetime: &Lifetime) -> Result<Receipt>;

    /// Its past transactions; `None` where it keeps none.
    fn history(&self) -> Option<&dyn History> {
        None
    }

    /// What its node does beside the chain; `None` where nothing does.
    fn service(&mut self) -> Option<&mut dyn Service> {
        None
    }

    /// What has become of the transaction with this signature.
    fn outcome(&self, signature: &Signature, lifetime: &Lifetime) -> Result<Outcome>;

    /// What tells this chain from others.
    fn genesis(&self) -> Result<Hash>;

    /// Signs and submits. Signs anew, with another blockhash, when the first can no longer land.
    fn send(
        &mut self,
        instructions: &[Instruction],
        payer: &dyn Signer,
        signers: &[&dyn Signer],
    ) -> Result<Receipt> {
        let mut attempts = ATTEMPTS;
        loop {
            let lifetime = self.latest()?;
            let transaction = sign(instructions, payer, signers, &lifetime)?;
            attempts -= 1;
            match self.submit(&transaction, &lifetime) {
                Err(ClientError::Expired(_)) if attempts > 0 => sleep(BETWEEN_ATTEMPTS),
                sent => return sent,
            }
        }
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

/// Signs `instructions` with `payer` and `signers`, refusing what would not travel. A `NullSigner` leaves its place empty.
pub fn sign(
    instructions: &[Instruction],
    payer: &dyn Signer,
    signers: &[&dyn Signer],
    lifetime: &Lifetime,
) -> Result<Transaction> {
    let message =
        Message::new_with_blockhash(instructions, Some(&payer.pubkey()), &lifetime.hash());
    let mut keys: Vec<&dyn Signer> = vec![payer];
    for signer in signers {
        if keys.iter().all(|key| key.pubkey() != signer.pubkey()) {
            keys.push(*signer);
        }
    }
    let mut transaction = Transaction::new_unsigned(message);
    let message = &transaction.message;
    let mut required = message.account_keys.iter();
    let count = usize::from(message.header.num_required_signatures);
    let is_there = |key: &Address| keys.iter().any(|one| one.pubkey() == *key);
    if let Some(missing) = required.by_ref().take(count).find(|key| !is_there(key)) {
        return Err(ClientError::Signing(format!("{missing} has to sign too")));
    }
    transaction
        .try_partial_sign(&keys, lifetime.hash())
        .map_err(|error| ClientError::Signing(error.to_string()))?;
    match size(&transaction) {
        len if len > MAX_TRANSACTION => Err(ClientError::TooLarge(len)),
        _ => Ok(transaction),
    }
}

/// Bytes that a transaction of these instructions will take on the wire.
pub fn size_of(instructions: &[Instruction], payer: &Address) -> usize {
    size(&Transaction::new_unsigned(Message::new(
        instructions,
        Some(payer),
    )))
}

/// Slot, epoch start, epoch, leader schedule epoch and unix time, eight bytes each, of the account of the clock.
pub fn decode_clock(account: &Account) -> Result<Clock> {
    let (words, _) = account.data.as_chunks::<8>();
    let decode = || {
        let word = |index: usize| words.get(index).copied();
        Some(Clock {
            slot: u64::from_le_bytes(word(0)?),
            epoch_start_timestamp: i64::from_le_bytes(word(1)?),
            epoch: u64::from_le_bytes(word(2)?),
            leader_schedule_epoch: u64::from_le_bytes(word(3)?),
            unix_timestamp: i64::from_le_bytes(word(4)?),
        })
    };
    decode().ok_or_else(|| ClientError::Rpc("the clock is malformed".into()))
}

/// Bytes a transaction takes on the wire.
pub fn size(transaction: &Transaction) -> usize {
    1 + 64 * transaction.signatures.len() + transaction.message.serialize().len()
}
