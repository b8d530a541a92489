//! What the chain itself makes of a kernel: it is put there, called on every input, and taken off again.

use {
    super::{
        compare::Given,
        found::{Code, Input},
    },
    sluice_client::{
        ClientError, Ledger,
        loader::{self, LOADER, Rent},
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

/// What became of an input.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// An output.
    Given(Given),
    /// The kernel gave none, and why, in the node's words.
    Failed(String),
    /// The chain was not asked, and why.
    NotAsked(String),
}

/// What the chain makes of an input.
#[derive(Clone, Debug)]
pub struct Said {
    /// The output, or why there is none.
    pub outcome: Outcome,
    /// Compute units that the kernel took.
    pub units: Option<u64>,
}

/// Puts `code` on the chain at the envelope's expense, has every input computed by it, and takes it off again, whatever came of that, and
/// what an earlier call left there. The calls are simulated: they cost nothing.
///
/// # Errors
/// See [`NotAsked`].
pub fn said(
    ledger: &mut impl Ledger,
    envelope: &Envelope,
    code: &Code,
    inputs: &[Input],
    rent: Rent,
) -> Result<Vec<Said>, NotAsked> {
    let payer = envelope.payer.pubkey();
    let room = loader::room(&payer, &LOADER);
    let inputs = inputs.iter().map(Input::read);
    let inputs: Vec<_> = inputs.collect::<super::Result<_>>()?;
    if inputs.iter().all(|input| input.len() > room) {
        return Ok(inputs.iter().map(|input| too_long(input, room)).collect());
    }
    let deployed = loader::deploy(ledger, envelope, &code.bytes, rent)?;
    let asked = loader::await_slot(ledger, &deployed).and_then(|()| {
        let asked = inputs.iter().map(|input| {
            if input.len() > room {
                return Ok(too_long(input, room));
            }
            let called = loader::call(ledger, &payer, &deployed.program, input, UNITS)?;
            Ok(Said {
                outcome: match called.outcome {
                    Ok(Some(output)) => Outcome::Given(Given {
                        len: u64::try_from(output.len()).unwrap_or(u64::MAX),
                        sha256: hash::blob(&output),
                    }),
                    Ok(None) => Outcome::Failed("no output".to_owned()),
                    Err(why) => Outcome::Failed(why),
                },
                units: called.units,
            })
        });
        asked.collect::<Result<Vec<_>, _>>()
    });
    let closed = loader::close(ledger, envelope, &deployed);
    let asked = asked?;
    closed?;
    Ok(asked)
}

fn too_long(input: &[u8], room: usize) -> Said {
    Said {
        outcome: Outcome::NotAsked(format!(
            "it has {} bytes, and a transaction has room for {room}",
            input.len()
        )),
        units: None,
    }
}
