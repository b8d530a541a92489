//! One call, made again while the node cannot be reached, is overloaded or does not answer.

use {
    super::Rpc,
    crate::error::{ClientError, Result},
    solana_rpc_client::rpc_client::RpcClient,
    solana_rpc_client_api::{
        client_error::{Error, ErrorKind, Result as CallResult},
        request::{RpcError, RpcResponseErrorData},
    },
    std::{thread::sleep, time::Duration},
};

/// Pauses before a failed call is made again. With 429 the node may name a longer one, which the client library keeps.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(100),
    Duration::from_millis(300),
    Duration::from_millis(900),
    Duration::from_millis(2_700),
];

impl Rpc {
    /// Makes a call that changes nothing when it is made twice.
    pub(super) fn call<T>(&self, make: impl Fn(&RpcClient) -> CallResult<T>) -> Result<T> {
        let mut pauses = PAUSES.iter();
        let _calling = self.silence.calling();
        loop {
            match make(&self.client) {
                Ok(value) => return Ok(value),
                Err(error) if is_passing(&error) => match pauses.next() {
                    Some(pause) => sleep(*pause),
                    None => return Err(self.failed(error)),
                },
                Err(error) => return Err(self.failed(error)),
            }
        }
    }

    /// The program's error by name where the node ran the transaction, else what the node said, without what is secret in its URL.
    pub(super) fn failed(&self, error: Error) -> ClientError {
        let said = match error.kind() {
            ErrorKind::RpcError(RpcError::RpcResponseError {
                data: RpcResponseErrorData::SendTransactionPreflightFailure(result),
                ..
            }) if let Some(refused) = result.err.clone() => {
                let logs = result.logs.clone().unwrap_or_default();
                return ClientError::of_transaction(refused.into(), logs);
            }
            ErrorKind::Custom(why) => why.clone(),
            _ => match error.get_transaction_error() {
                Some(refused) => return ClientError::of_transaction(refused, vec![]),
                None => error.to_string(),
            },
        };
        ClientError::Rpc(self.url.scrub(&said).into())
    }
}

/// True when the same call may succeed a moment later: the way to the node failed, or the node is busy or behind.
pub(super) fn is_passing(error: &Error) -> bool {
    /// The node is behind, does not know yet the state it was asked for, or is shutting down a queue.
    const PASSING: [i64; 4] = [-32_005, -32_016, -32_014, -32_004];
    match error.kind() {
        ErrorKind::Io(_) => true,
        ErrorKind::Reqwest(error) => error
            .status()
            .is_none_or(|status| status.is_server_error() || matches!(status.as_u16(), 408 | 429)),
        ErrorKind::RpcError(RpcError::RpcResponseError { code, .. }) => PASSING.contains(code),
        _ => false,
    }
}
