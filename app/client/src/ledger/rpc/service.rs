//! A node's version, its faucet and its subscriptions.

use {
    super::{Outcome, Rpc, Service, Socket, told::Told},
    crate::{
        error::{ClientError, Result},
        foreign::Foreign,
    },
    serde_json::json,
    solana_address::Address,
    solana_rpc_client::rpc_client::RpcClient,
    solana_rpc_client_api::{
        client_error::{Error, ErrorKind},
        request::{RpcError, RpcRequest},
    },
    solana_signature::Signature,
    std::{
        sync::mpsc,
        thread,
        time::{Duration, Instant},
    },
};

/// How long what a faucet gave is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a node answers that knows no such method.
const METHOD_NOT_FOUND: i64 = -32_601;

impl Service for Rpc {
    fn version(&self) -> Result<Foreign> {
        let told = self.call(RpcClient::get_version)?;
        Ok(told.solana_core.into())
    }

    fn airdrop(&mut self, to: &Address, lamports: u64) -> Result<Signature> {
        let commitment = self.client.commitment();
        let params = json!([to.to_string(), lamports, commitment]);
        let given = {
            let _calling = self.silence.calling();
            // Made once: each of them that arrives gives. The library's own method hides why none did.
            self.client
                .send::<String>(RpcRequest::RequestAirdrop, params)
        };
        let given = given.map_err(|error| self.refused(error))?;
        let signature: Signature = given.parse().map_err(|_| {
            ClientError::Rpc(format!("{} answered with no signature", self.url).into())
        })?;
        self.wait_for(&signature)?;
        Ok(signature)
    }

    fn subscription(&self, patience: Duration) -> Result<Duration> {
        let (teller, told) = mpsc::channel();
        let url = self.ws_url.clone();
        let begun = Instant::now();
        // Beside this thread, for resolving a name ends when it likes.
        thread::spawn(move || {
            let first = || {
                let mut socket = Socket::connect(url)?;
                socket.subscribe("slotSubscribe", json!([]))?;
                socket.next(patience)
            };
            // Nobody waits any more.
            let _ = teller.send(first());
        });
        match told.recv_timeout(patience) {
            Ok(Ok(Some(_))) => Ok(begun.elapsed()),
            Ok(Err(error)) => Err(error),
            Ok(Ok(None)) | Err(_) => {
                let secs = patience.as_secs();
                Err(ClientError::Rpc(
                    format!("{} told nothing within {secs} s", self.ws_url).into(),
                ))
            }
        }
    }
}

impl Rpc {
    /// Why a faucet gave nothing; a node that could not be reached is told as ever.
    fn refused(&self, error: Error) -> ClientError {
        let why = match error.kind() {
            ErrorKind::RpcError(RpcError::RpcResponseError { code, message, .. }) => match *code {
                METHOD_NOT_FOUND => "it has no faucet".into(),
                _ => self.url.scrub(message).into(),
            },
            ErrorKind::Reqwest(error) => match error.status().map(|status| status.as_u16()) {
                Some(429) => "its faucet has given enough for now".into(),
                Some(code @ (403 | 404 | 405 | 501)) => {
                    format!("it answered with HTTP {code}").into()
                }
                _ => return self.failed(ErrorKind::Custom(error.to_string()).into()),
            },
            _ => return self.failed(error),
        };
        ClientError::NoFaucet {
            url: self.url.to_string(),
            why,
        }
    }

    fn wait_for(&self, signature: &Signature) -> Result<()> {
        let mut told = Told::of(self, signature);
        let begun = Instant::now();
        loop {
            match self.status(signature)?.outcome {
                Some(Outcome::Landed) => return Ok(()),
                Some(Outcome::Failed(error)) => {
                    return Err(ClientError::of_transaction(error, vec![]));
                }
                _ => {}
            }
            if begun.elapsed() >= PATIENCE {
                return Err(ClientError::Rpc(
                    format!(
                        "{} gave with {signature}, which was not confirmed within {} s",
                        self.url,
                        PATIENCE.as_secs()
                    )
                    .into(),
                ));
            }
            told.wait(Instant::now() + Duration::from_secs(1));
        }
    }
}
