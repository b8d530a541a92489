//! Sending until the chain has it or never will.
//!
//! A transaction's signature is its identity: sent twice, it still lands at most once. So it is sent again and again until its
//! status is known, and only when it can no longer land does anybody sign another in its place. What a node says that is behind
//! never counts: an expiry is believed when the status was read from a state that includes the proof of it.

use {
    super::{Rpc, told::Told},
    crate::{
        error::{ClientError, Result},
        ledger::{Lifetime, Outcome, Receipt, nonce, signature},
    },
    solana_commitment_config::CommitmentConfig,
    solana_rpc_client::rpc_client::RpcClient,
    solana_rpc_client_api::{
        client_error::{Error, ErrorKind},
        config::RpcSendTransactionConfig,
        custom_error::{
            JSON_RPC_SERVER_ERROR_TRANSACTION_HISTORY_NOT_AVAILABLE,
            JSON_RPC_SERVER_ERROR_TRANSACTION_SIGNATURE_VERIFICATION_FAILURE,
        },
        request::{RpcError, RpcResponseErrorData},
        response::Response,
    },
    solana_signature::Signature,
    solana_transaction::Transaction,
    solana_transaction_error::TransactionError,
    solana_transaction_status_client_types::TransactionStatus,
    std::{
        sync::atomic::Ordering,
        time::{Duration, Instant},
    },
};

/// Between two sendings of the same transaction.
const RESEND_EVERY: Duration = Duration::from_secs(2);
/// How long a node may be silent, and a nonce unmoved, before the transaction's fate is called unknown.
const PATIENCE: Duration = Duration::from_secs(90);
/// The same for a blockhash, whose end is proven earlier unless the cluster stands still.
const LONG_PATIENCE: Duration = Duration::from_secs(300);
/// Slots for which every node remembers signatures, even one without a history of the ledger.
const REMEMBERED_SLOTS: u64 = 300;

impl Rpc {
    /// Sends every two seconds until the transaction is settled or can no longer land. Once it `maybe_taken` by some node, no
    /// refusal of another means that it will not land. After `patience` it is [`ClientError::Unknown`].
    pub(super) fn send_until_settled(
        &self,
        transaction: &Transaction,
        lifetime: &Lifetime,
        mut maybe_taken: bool,
        patience: Duration,
    ) -> Result<Receipt> {
        let signature = signature(transaction);
        let mut told = Told::of(self, &signature);
        let begun = Instant::now();
        let mut heard = Instant::now();
        loop {
            let config = RpcSendTransactionConfig {
                // What the node simulates first it either takes or refuses for certain.
                skip_preflight: maybe_taken,
                preflight_commitment: Some(self.client.commitment().commitment),
                // Resending is done here, where it is known when to stop.
                max_retries: Some(0),
                ..RpcSendTransactionConfig::default()
            };
            let sent = self
                .client
                .send_transaction_with_config(transaction, config);
            match sent {
                Err(error) if !maybe_taken && is_refusal(&error) => {
                    match error.get_transaction_error() {
                        // A node that is behind says so too, and another behind the same URL may have taken it.
                        Some(
                            TransactionError::AlreadyProcessed
                            | TransactionError::BlockhashNotFound,
                        ) => maybe_taken = true,
                        _ => return Err(self.failed(error)),
                    }
                }
                // Taken, or perhaps: the answer was lost, or made no sense.
                _ => maybe_taken = true,
            }
            let resend_at = Instant::now() + RESEND_EVERY;
            loop {
                let is_over = Instant::now() >= resend_at;
                let looked = if is_over {
                    self.look_up(&signature, lifetime)
                } else {
                    self.status(&signature)
                        .map(|seen| seen.outcome.unwrap_or(Outcome::Pending))
                };
                match looked {
                    Ok(Outcome::Landed) => {
                        return Ok(Receipt {
                            signature,
                            ..Receipt::default()
                        });
                    }
                    Ok(Outcome::Failed(error)) => {
                        return Err(ClientError::of_transaction(error, vec![]));
                    }
                    Ok(Outcome::Expired) => return Err(ClientError::Expired(signature)),
                    Ok(Outcome::Pending) => heard = Instant::now(),
                    Err(unknown @ ClientError::Unknown { .. }) => return Err(unknown),
                    Err(error) if heard.elapsed() >= PATIENCE => {
                        return Err(unknown(&signature, &error.to_string()));
                    }
                    Err(_) => {}
                }
                if begun.elapsed() >= patience {
                    return Err(unknown(&signature, "nobody waits for it any longer"));
                }
                if let Some(why) = gave_up(lifetime, begun.elapsed()) {
                    return Err(unknown(&signature, &why));
                }
                if is_over {
                    break;
                }
                told.wait(resend_at);
            }
        }
    }

    /// What has become of a transaction, now or sent long ago.
    pub(super) fn look_up(&self, signature: &Signature, lifetime: &Lifetime) -> Result<Outcome> {
        if let Some(outcome) = self.status(signature)?.outcome {
            return Ok(outcome);
        }
        let Some(over_at) = self.over_at(lifetime)? else {
            return Ok(Outcome::Pending);
        };
        let from_history = self.status_in_history(signature)?;
        let keeps_history = from_history.is_some();
        let seen = match from_history {
            Some(seen) => seen,
            None => self.status(signature)?,
        };
        if let Some(outcome) = seen.outcome {
            return Ok(outcome);
        }
        if seen.slot < over_at {
            return Ok(Outcome::Pending);
        }
        if seen.slot.saturating_sub(lifetime.slot()) <= REMEMBERED_SLOTS {
            return Ok(Outcome::Expired);
        }
        if !keeps_history {
            let why = "this node keeps no history to look it up in";
            return Err(unknown(signature, why));
        }
        if self.call(RpcClient::minimum_ledger_slot)? > lifetime.slot() {
            let why = "this node's history begins after it may have been sent";
            return Err(unknown(signature, why));
        }
        Ok(Outcome::Expired)
    }

    /// A slot by which nothing signed with this lifetime can land any more, if it has come.
    fn over_at(&self, lifetime: &Lifetime) -> Result<Option<u64>> {
        // On every fork that a node can be on, what is finalized has happened.
        let commitment = CommitmentConfig::finalized();
        match lifetime {
            Lifetime::Blockhash {
                last_valid_block_height,
                ..
            } => {
                let info = self.call(|client| client.get_epoch_info_with_commitment(commitment))?;
                Ok((info.block_height > *last_valid_block_height).then_some(info.absolute_slot))
            }
            Lifetime::Nonce { account, value, .. } => {
                let found = self.call(|client| {
                    client.get_multiple_accounts_with_commitment(&[*account], commitment)
                })?;
                let account = found.value.into_iter().next().flatten();
                let held = account.and_then(|account| nonce::value(&account));
                // A node that is behind may hold a value from before this one.
                let is_later = found.context.slot >= lifetime.slot();
                Ok((is_later && held != Some(*value)).then_some(found.context.slot))
            }
        }
    }

    /// Its status in the node's recent memory.
    pub(super) fn status(&self, signature: &Signature) -> Result<Seen> {
        self.call(|client| {
            let found = client.get_signature_statuses(&[*signature])?;
            Ok(self.seen(found))
        })
    }

    /// Its status in the whole ledger, or `None` from a node that keeps none.
    fn status_in_history(&self, signature: &Signature) -> Result<Option<Seen>> {
        self.call(
            |client| match client.get_signature_statuses_with_history(&[*signature]) {
                Ok(found) => Ok(Some(self.seen(found))),
                Err(error) if keeps_no_history(&error) => Ok(None),
                Err(error) => Err(error),
            },
        )
    }

    fn seen(&self, found: Response<Vec<Option<TransactionStatus>>>) -> Seen {
        let status = found.value.into_iter().next().flatten();
        Seen {
            slot: found.context.slot,
            outcome: status.map(|status| {
                if !status.satisfies_commitment(self.client.commitment()) {
                    return Outcome::Pending;
                }
                // What is read from now on has to include it.
                self.floor.fetch_max(status.slot, Ordering::Relaxed);
                status.err.map_or(Outcome::Landed, Outcome::Failed)
            }),
        }
    }
}

/// A status, and the slot of the state it was read from.
pub(super) struct Seen {
    pub(super) outcome: Option<Outcome>,
    slot: u64,
}

/// True when the node says that it did not take the transaction: it simulated it, or could not read or verify it. Any other error may
/// come from a gateway that passed it on.
fn is_refusal(error: &Error) -> bool {
    const INVALID_PARAMS: i64 = -32_602;
    match error.kind() {
        ErrorKind::RpcError(RpcError::RpcResponseError { code, data, .. }) => {
            matches!(
                data,
                RpcResponseErrorData::SendTransactionPreflightFailure(_)
            ) || matches!(
                *code,
                JSON_RPC_SERVER_ERROR_TRANSACTION_SIGNATURE_VERIFICATION_FAILURE | INVALID_PARAMS
            )
        }
        _ => false,
    }
}

/// Why it is not waited for any longer.
fn gave_up(lifetime: &Lifetime, waited: Duration) -> Option<String> {
    match lifetime {
        Lifetime::Nonce { account, .. } if waited >= PATIENCE => Some(format!(
            "it did not land, and can as long as the nonce account {account} is not advanced"
        )),
        Lifetime::Blockhash { .. } if waited >= LONG_PATIENCE => {
            Some("the cluster stands still".to_owned())
        }
        _ => None,
    }
}

fn keeps_no_history(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::RpcError(RpcError::RpcResponseError {
            code: JSON_RPC_SERVER_ERROR_TRANSACTION_HISTORY_NOT_AVAILABLE,
            ..
        })
    )
}

fn unknown(signature: &Signature, why: &str) -> ClientError {
    ClientError::Unknown {
        signature: *signature,
        why: why.to_owned(),
    }
}
