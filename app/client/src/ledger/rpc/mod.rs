//! A JSON-RPC cluster.

mod batches;
mod call;
mod endpoint;
mod history;
mod send;
mod sender;
mod service;
mod socket;
mod subscription;
#[cfg(test)]
mod tests;
mod told;

use {
    super::{BATCH, History, Ledger, Lifetime, Outcome, Receipt, Service, decode_clock, signature},
    crate::error::{ClientError, Result},
    sender::{Sender, Silence},
    solana_account::Account,
    solana_account_decoder_client_types::UiAccountEncoding,
    solana_address::Address,
    solana_clock::Clock,
    solana_commitment_config::CommitmentConfig,
    solana_hash::Hash,
    solana_rpc_client::rpc_client::{RpcClient, RpcClientConfig},
    solana_rpc_client_api::{
        config::{RpcAccountInfoConfig, RpcProgramAccountsConfig, RpcSimulateTransactionConfig},
        filter::{Memcmp, RpcFilterType},
        response::RpcSimulateTransactionResult,
    },
    solana_signature::Signature,
    solana_transaction::Transaction,
    std::{
        sync::{
            Arc,
            atomic::{AtomicU64, Ordering},
        },
        time::Duration,
    },
};
pub use {
    endpoint::{Endpoint, hosts_only, ws_url},
    sender::Patience,
    socket::{Notification, Socket},
};

/// A cluster behind an RPC URL.
pub struct Rpc {
    client: RpcClient,
    url: Endpoint,
    /// Where signatures are subscribed to.
    ws_url: Endpoint,
    silence: Arc<Silence>,
    /// The latest slot in which something landed that was sent here: no account is read as it was before.
    floor: AtomicU64,
}

impl Rpc {
    /// Connects lazily: nothing is sent before the first call.
    pub fn new(
        url: impl Into<Endpoint>,
        ws_url: impl Into<Endpoint>,
        commitment: CommitmentConfig,
    ) -> Self {
        Self::patient(url, ws_url, commitment, Patience::default())
    }

    /// [`Self::new`], with as much patience as given.
    pub fn patient(
        url: impl Into<Endpoint>,
        ws_url: impl Into<Endpoint>,
        commitment: CommitmentConfig,
        patience: Patience,
    ) -> Self {
        let url = url.into();
        let silence = Arc::new(Silence::new(patience));
        let sender = Sender::new(url.clone(), Arc::clone(&silence));
        let config = RpcClientConfig::with_commitment(commitment);
        Self {
            client: RpcClient::new_sender(sender, config),
            url,
            ws_url: ws_url.into(),
            silence,
            floor: AtomicU64::new(0),
        }
    }

    /// How accounts are read: a node that is behind this ledger's own transactions is asked again.
    fn reading(&self) -> RpcAccountInfoConfig {
        let floor = self.floor.load(Ordering::Relaxed);
        RpcAccountInfoConfig {
            encoding: Some(UiAccountEncoding::Base64),
            commitment: Some(self.client.commitment()),
            min_context_slot: (floor > 0).then_some(floor),
            ..RpcAccountInfoConfig::default()
        }
    }

    fn simulating(&self) -> RpcSimulateTransactionConfig {
        RpcSimulateTransactionConfig {
            commitment: Some(self.client.commitment()),
            min_context_slot: self.reading().min_context_slot,
            ..RpcSimulateTransactionConfig::default()
        }
    }

    /// What is less than confirmed may be undone, and proves nothing.
    fn settled(&self) -> CommitmentConfig {
        let asked = self.client.commitment();
        if asked.is_finalized() {
            asked
        } else {
            CommitmentConfig::confirmed()
        }
    }
}

/// What a simulation says of `transaction`.
fn simulated(transaction: &Transaction, result: RpcSimulateTransactionResult) -> Result<Receipt> {
    let logs = result.logs.unwrap_or_default();
    match result.err {
        Some(error) => Err(ClientError::of_transaction(error.into(), logs)),
        None => Ok(Receipt {
            signature: signature(transaction),
            compute_units: result.units_consumed.unwrap_or_default(),
            loaded_bytes: result.loaded_accounts_data_size,
            fee: 0,
            logs,
        }),
    }
}

impl Ledger for Rpc {
    fn history(&self) -> Option<&dyn History> {
        Some(self)
    }

    fn accounts(&self, addresses: &[Address]) -> Result<Vec<Option<Account>>> {
        self.in_batches(addresses)
    }

    fn program_accounts(&self, filters: &[(usize, Vec<u8>)]) -> Result<Vec<(Address, Account)>> {
        let filters: Vec<_> = filters
            .iter()
            .map(|(offset, bytes)| {
                RpcFilterType::Memcmp(Memcmp::new_raw_bytes(*offset, bytes.clone()))
            })
            .collect();
        let config = RpcProgramAccountsConfig {
            filters: Some(filters),
            account_config: self.reading(),
            ..RpcProgramAccountsConfig::default()
        };
        let get = |client: &RpcClient| {
            client.get_program_ui_accounts_with_config(&sluice::ID, config.clone())
        };
        self.call(get)?
            .into_iter()
            .map(|(address, found)| {
                let account = found.to_account().ok_or_else(|| {
                    ClientError::Rpc(format!("the account {address} is not base64").into())
                })?;
                Ok((address, account))
            })
            .collect()
    }

    fn clock(&self) -> Result<Clock> {
        let address = solana_sdk_ids::sysvar::clock::ID;
        let found = self
            .account(&address)?
            .ok_or(ClientError::NoAccount(address))?;
        decode_clock(&found)
    }

    fn minimum_balance(&self, len: usize) -> Result<u64> {
        self.call(|client| client.get_minimum_balance_for_rent_exemption(len))
    }

    fn latest(&self) -> Result<Lifetime> {
        let latest = self.call(|client| {
            client.get_latest_blockhash_with_commitment_and_context(client.commitment())
        })?;
        Ok(Lifetime::Blockhash {
            hash: latest.value.0,
            last_valid_block_height: latest.value.1,
            slot: latest.context.slot,
        })
    }

    fn simulate(&self, transaction: &Transaction) -> Result<Receipt> {
        let config = RpcSimulateTransactionConfig {
            sig_verify: transaction.is_signed(),
            ..self.simulating()
        };
        let answer = self
            .call(|client| client.simulate_transaction_with_config(transaction, config.clone()))?;
        simulated(transaction, answer.value)
    }

    fn simulate_with_latest(&self, unsigned: &Transaction) -> Result<(Receipt, Lifetime)> {
        let config = RpcSimulateTransactionConfig {
            replace_recent_blockhash: true,
            ..self.simulating()
        };
        let answer =
            self.call(|client| client.simulate_transaction_with_config(unsigned, config.clone()))?;
        let slot = answer.context.slot;
        let latest = answer.value.replacement_blockhash.as_ref();
        let latest = latest.and_then(|latest| {
            Some(Lifetime::Blockhash {
                hash: latest.blockhash.parse().ok()?,
                last_valid_block_height: latest.last_valid_block_height,
                slot,
            })
        });
        let receipt = simulated(unsigned, answer.value)?;
        // Some nodes do not tell.
        Ok((receipt, latest.map_or_else(|| self.latest(), Ok)?))
    }

    fn submit(&mut self, transaction: &Transaction, lifetime: &Lifetime) -> Result<Receipt> {
        self.send_until_settled(transaction, lifetime, false, Duration::MAX)
    }

    fn submit_within(
        &mut self,
        transaction: &Transaction,
        lifetime: &Lifetime,
        patience: Duration,
    ) -> Result<Receipt> {
        self.send_until_settled(transaction, lifetime, false, patience)
    }

    fn settle(&mut self, transaction: &Transaction, lifetime: &Lifetime) -> Result<Receipt> {
        self.send_until_settled(transaction, lifetime, true, Duration::MAX)
    }

    fn service(&mut self) -> Option<&mut dyn Service> {
        Some(self)
    }

    fn outcome(&self, signature: &Signature, lifetime: &Lifetime) -> Result<Outcome> {
        self.look_up(signature, lifetime)
    }

    fn genesis(&self) -> Result<Hash> {
        self.call(RpcClient::get_genesis_hash)
    }
}
