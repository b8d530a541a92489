//! What the chain itself makes of a kernel: it is put there, called on every input, and taken off again.

use {
    super::{
        compare::Given,
        found::{Code, Input},
    },
    sluice_client::{
        ClientError, Ledger,
        loader::{self, Rent},
        send::{self, Envelope},
    },
    sluice_work::hash,
    thiserror::Error,
};

/// Compute units that a call is given: the most that a transaction has.
const UNITS: u32 = 1_400_000;

/// Why the chain says nothing.
#[derive(Debug, Error)]
pub enum NotAsked {
    /// Something was not sent. What was put on the chain is found again by the next call.
    #[error(transparent)]
    Send(#[from] send::Error),
    /// An input cannot be read.
    #[error(transparent)]
    File(#[from] super::Error),
}

impl From<ClientError> for NotAsked {
    fn from(error: ClientError) -> Self {
        Self::Send(error.into())
    }
}

/// What the chain makes of an input.
#[derive(Clone, Debug)]
pub struct Said {
    /// The output; or why there is none, in the node's words.
    pub outcome: Result<Given, String>,
    /// Compute units that the kernel took.
    pub units: Option<u64>,
}

/// What it takes to ask.
///
/// # Errors
/// The ledger's.
pub fn rent(ledger: &impl Ledger, code: &Code) -> Result<Rent, ClientError> {
    loader::rent(ledger, code.bytes.len())
}

/// Puts `code` on the chain at the envelope's expense, has every input computed by it, and takes it off again, whatever came of that. The
/// calls are simulated: they cost nothing.
///
/// # Errors
/// See [`NotAsked`].
pub fn said(
    ledger: &mut impl Ledger,
    envelope: &Envelope,
    code: &Code,
    inputs: &[Input],
) -> Result<Vec<Said>, NotAsked> {
    let deployed = loader::deploy(ledger, envelope, &code.bytes)?;
    let payer = envelope.payer.pubkey();
    let asked = inputs.iter().map(|input| {
        let room = loader::room(&payer, &deployed.program);
        let bytes = input.read()?;
        if bytes.len() > room {
            return Ok(Said {
                outcome: Err(format!(
                    "it has {} bytes, and a transaction has room for {room}",
                    bytes.len()
                )),
                units: None,
            });
        }
        let called = loader::call(ledger, &payer, &deployed.program, &bytes, UNITS)?;
        Ok(Said {
            outcome: match called.outcome {
                Ok(Some(output)) => Ok(Given {
                    len: u64::try_from(output.len()).unwrap_or(u64::MAX),
                    sha256: hash::blob(&output),
                }),
                Ok(None) => Err("no output".to_owned()),
                Err(why) => Err(why),
            },
            units: called.units,
        })
    });
    let asked: Result<Vec<_>, NotAsked> = asked.collect();
    // What somebody had put there before stays.
    if deployed.is_new {
        loader::close(ledger, envelope, &deployed)?;
    }
    asked
}
