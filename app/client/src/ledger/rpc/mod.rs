//! A JSON-RPC cluster.

mod socket;

pub use socket::{Notification, Socket, ws_url};

use {
    super::{Ledger, Receipt},
    crate::error::{ClientError, Result},
    solana_account::Account,
    solana_account_decoder_client_types::UiAccountEncoding,
    solana_address::Address,
    solana_clock::Clock,
    solana_commitment_config::CommitmentConfig,
    solana_hash::Hash,
    solana_rpc_client::rpc_client::RpcClient,
    solana_rpc_client_api::{
        client_error::{Error, ErrorKind},
        config::{RpcAccountInfoConfig, RpcProgramAccountsConfig},
        filter::{Memcmp, RpcFilterType},
        request::{RpcError, RpcResponseErrorData},
    },
    solana_transaction::Transaction,
};

/// A cluster behind an RPC URL.
pub struct Rpc {
    client: RpcClient,
}

impl Rpc {
    /// Connects lazily: nothing is sent before the first call.
    pub fn new(url: String, commitment: CommitmentConfig) -> Self {
        Self {
            client: RpcClient::new_with_commitment(url, commitment),
        }
    }
}

/// A failed call: the program's error by name where the node ran the transaction, else what the node said.
fn failed(error: Error) -> ClientError {
    if let ErrorKind::RpcError(RpcError::RpcResponseError {
        data: RpcResponseErrorData::SendTransactionPreflightFailure(result),
        ..
    }) = error.kind()
        && let Some(refused) = result.err.clone()
    {
        return ClientError::of_transaction(
            refused.into(),
            result.logs.clone().unwrap_or_default(),
        );
    }
    match error.get_transaction_error() {
        Some(refused) => ClientError::of_transaction(refused, vec![]),
        None => ClientError::Rpc(cause(&error.to_string()).to_owned()),
    }
}

/// The client library reports every failed read of an account as `AccountNotFound: pubkey=...: cause`, a dead connection too;
/// an account that does not exist is not an error.
fn cause(text: &str) -> &str {
    text.strip_prefix("AccountNotFound: pubkey=")
        .and_then(|rest| rest.split_once(": "))
        .map_or(text, |(_, cause)| cause)
}

impl Ledger for Rpc {
    fn account(&self, address: &Address) -> Result<Option<Account>> {
        self.client
            .get_account_with_commitment(address, self.client.commitment())
            .map(|response| response.value)
            .map_err(failed)
    }

    fn program_accounts(&self, filters: &[(usize, Vec<u8>)]) -> Result<Vec<(Address, Account)>> {
        let filters = filters
            .iter()
            .map(|(offset, bytes)| {
                RpcFilterType::Memcmp(Memcmp::new_raw_bytes(*offset, bytes.clone()))
            })
            .collect();
        let config = RpcProgramAccountsConfig {
            filters: Some(filters),
            account_config: RpcAccountInfoConfig {
                commitment: Some(self.client.commitment()),
                encoding: Some(UiAccountEncoding::Base64),
                ..RpcAccountInfoConfig::default()
            },
            ..RpcProgramAccountsConfig::default()
        };
        self.client
            .get_program_ui_accounts_with_config(&sluice::ID, config)
            .map_err(failed)?
            .into_iter()
            .map(|(address, found)| {
                let account = found.to_account().ok_or_else(|| {
                    ClientError::Rpc(format!("the account {address} is not base64"))
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
        decode_clock(&found.data)
            .ok_or_else(|| ClientError::Rpc("the clock is malformed".to_owned()))
    }

    fn minimum_balance(&self, len: usize) -> Result<u64> {
        self.client
            .get_minimum_balance_for_rent_exemption(len)
            .map_err(failed)
    }

    fn latest_blockhash(&self) -> Result<Hash> {
        self.client.get_latest_blockhash().map_err(failed)
    }

    fn simulate(&self, transaction: &Transaction) -> Result<Receipt> {
        let result = self
            .client
            .simulate_transaction(transaction)
            .map_err(failed)?
            .value;
        let logs = result.logs.unwrap_or_default();
        match result.err {
            Some(error) => Err(ClientError::of_transaction(error.into(), logs)),
            None => Ok(Receipt {
                signature: transaction.signatures.first().copied().unwrap_or_default(),
                compute_units: result.units_consumed.unwrap_or_default(),
                fee: 0,
                logs,
            }),
        }
    }

    fn submit(&mut self, transaction: &Transaction) -> Result<Receipt> {
        let signature = self
            .client
            .send_and_confirm_transaction(transaction)
            .map_err(failed)?;
        Ok(Receipt {
            signature,
            ..Receipt::default()
        })
    }
}

/// Slot, epoch start, epoch, leader schedule epoch and unix time, eight bytes each.
fn decode_clock(data: &[u8]) -> Option<Clock> {
    let (words, _) = data.as_chunks::<8>();
    let word = |index: usize| words.get(index).copied();
    Some(Clock {
        slot: u64::from_le_bytes(word(0)?),
        epoch_start_timestamp: i64::from_le_bytes(word(1)?),
        epoch: u64::from_le_bytes(word(2)?),
        leader_schedule_epoch: u64::from_le_bytes(word(3)?),
        unix_timestamp: i64::from_le_bytes(word(4)?),
    })
}
