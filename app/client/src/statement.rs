//! What workers, attesters and cosigners sign, and the ed25519 instruction that carries their signatures.

mod journal;
mod signed;
mod signed_batch;

use {
    crate::error::{ClientError, Result},
    sluice::{
        attestation::{
            self, Claimed, EQUIVOCATION_KEYS_AT, MESSAGE_LEN, SIGNER_LEN, TAG_BATCH, TAG_COSIGNED,
            TAG_LEN, TAG_QUORUM, statement_hash,
        },
        constants::MAX_THRESHOLD,
        state::{AttesterSet, Batch, Job},
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signature::Signature,
    solana_signer::Signer,
    std::str::FromStr,
};
pub use {
    journal::{Journal, NotJournalled, state_dir},
    signed::{NotSigned, Signed},
    signed_batch::SignedBatch,
};

/// Who countersigns; the worker signs the path it agrees to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// A quorum of the job's attester set.
    Quorum,
    /// The job's cosigner.
    Cosigned,
}

impl Path {
    /// The tag that begins the message.
    pub const fn tag(self) -> [u8; TAG_LEN] {
        match self {
            Self::Quorum => TAG_QUORUM,
            Self::Cosigned => TAG_COSIGNED,
        }
    }

    /// The path's name: what [`Self::from_str`] reads.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quorum => "quorum",
            Self::Cosigned => "cosigned",
        }
    }
}

impl FromStr for Path {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        [Self::Quorum, Self::Cosigned]
            .into_iter()
            .find(|path| path.name() == text)
            .ok_or_else(|| format!("'{text}' is neither quorum nor cosigned"))
    }
}

/// "In this window of this job, so many units were done, whose evidence hashes to this."
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The job's context: domain, job, incarnation and node.
    pub context: [u8; 32],
    /// Number of the window, from 0 on.
    pub window: u32,
    /// Units of work done in it.
    pub units: u64,
    /// Hash of the evidence, chosen by the meter.
    pub digest: [u8; 32],
}

impl Statement {
    /// The statement about `window` of an accepted job.
    pub const fn of(job: &Job, window: u32, units: u64, digest: [u8; 32]) -> Self {
        Self {
            context: job.context,
            window,
            units,
            digest,
        }
    }

    /// The hash that the program recomputes.
    pub fn hash(&self) -> [u8; 32] {
        statement_hash(
            &self.context,
            &Claimed {
                window: self.window,
                units: self.units,
                digest: self.digest,
            },
        )
    }

    /// The bytes to sign: tag and hash.
    pub fn message(&self, path: Path) -> [u8; MESSAGE_LEN] {
        message_of(&path.tag(), &self.hash())
    }

    /// Signs the statement for `path`, whatever the key signed before: an attester that signs two statements about one window loses
    /// its bond. [`Journal::sign`] refuses the second.
    pub fn sign(&self, path: Path, key: &dyn Signer) -> Result<Countersignature> {
        Ok(Countersignature {
            key: key.pubkey(),
            signature: key
                .try_sign_message(&self.message(path))
                .map_err(|error| ClientError::Signing(error.to_string()))?,
        })
    }
}

/// The bytes that members of `set` sign of the tree of statements with this root: tag and hash. An attester signs them by
/// [`Journal::sign_batch`].
pub fn batch_message(set: &Address, root: &[u8; 32]) -> [u8; MESSAGE_LEN] {
    message_of(&TAG_BATCH, &Batch::hash(set, root))
}

fn message_of(tag: &[u8; TAG_LEN], hash: &[u8; 32]) -> [u8; MESSAGE_LEN] {
    let mut message = [0; MESSAGE_LEN];
    let (head, body) = message.split_at_mut(TAG_LEN);
    head.copy_from_slice(tag);
    body.copy_from_slice(hash);
    message
}

/// A key and its signature of a statement, or of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Countersignature {
    /// Who signed.
    pub key: Address,
    /// Of the message.
    pub signature: Signature,
}

/// The ed25519 instruction in the program's canonical layout: `[n, 0]`, `n` records of 14 bytes, the message once, then key
/// and signature of each signer, the worker first.
pub fn ed25519_instruction(
    message: &[u8; MESSAGE_LEN],
    signatures: &[Countersignature],
) -> Result<Instruction> {
    let n = u8::try_from(signatures.len())
        .ok()
        .filter(|n| (1..=MAX_THRESHOLD.saturating_add(1)).contains(n))
        .ok_or(ClientError::SignatureCount(signatures.len()))?;
    let message_at = attestation::message_at(n);
    let first_key_at = message_at + MESSAGE_LEN as u16;
    let mut data = vec![n, 0];
    for index in 0..u16::from(n) {
        let key_at = first_key_at + SIGNER_LEN as u16 * index;
        data.extend(attestation::record(message_at, key_at));
    }
    data.extend_from_slice(message);
    for signed in signatures {
        data.extend_from_slice(signed.key.as_ref());
        data.extend_from_slice(signed.signature.as_ref());
    }
    Ok(Instruction {
        program_id: sluice::constants::ED25519_PROGRAM,
        accounts: vec![],
        data,
    })
}

/// The ed25519 instruction that carries one key's signatures of two messages, as evidence of equivocation: `[2, 0]`, two records of
/// 14 bytes, then key, signature and message twice.
pub fn equivocation_instruction(
    signed: &[(Countersignature, [u8; MESSAGE_LEN]); 2],
) -> Instruction {
    let mut data = vec![2, 0];
    for key_at in EQUIVOCATION_KEYS_AT {
        data.extend(attestation::record(key_at + SIGNER_LEN as u16, key_at));
    }
    for (signature, message) in signed {
        data.extend_from_slice(signature.key.as_ref());
        data.extend_from_slice(signature.signature.as_ref());
        data.extend_from_slice(message);
    }
    Instruction {
        program_id: sluice::constants::ED25519_PROGRAM,
        accounts: vec![],
        data,
    }
}

/// Orders attesters' signatures by their index in `set` and names them as the program expects: four bits each, ascending.
pub fn order_members(
    set: &AttesterSet,
    signatures: &[Countersignature],
) -> Result<(Vec<Countersignature>, u64)> {
    let mut found = Vec::with_capacity(signatures.len());
    for signed in signatures {
        let index = set
            .keys
            .iter()
            .take(usize::from(set.count))
            .position(|key| *key == signed.key)
            .ok_or(ClientError::NotAMember(signed.key))?;
        found.push((index, *signed));
    }
    found.sort_by_key(|(index, _)| *index);
    let mut members = 0u64;
    for (position, (index, _)) in found.iter().enumerate() {
        members |= (*index as u64) << (4 * position);
    }
    Ok((
        found.into_iter().map(|(_, signed)| signed).collect(),
        members,
    ))
}
