//! A specification: the core, and what only people and machines off the chain read.

use {
    crate::{
        core::{BadCore, Core, LEN},
        hash,
    },
    borsh::{BorshDeserialize, BorshSerialize},
    serde::{Deserialize, Deserializer, Serialize, de::Error as _},
    sluice_math::tree::Hash,
    thiserror::Error,
};

/// Most bytes of a title.
pub const TITLE_LEN: usize = 64;
/// Most bytes of a note.
pub const NOTE_LEN: usize = 1_024;
/// Most bytes of an input or an output of a WebAssembly kernel.
pub const BLOB_LEN: u32 = 64 << 20;
/// Most bytes of a WebAssembly kernel's memory.
pub const MEMORY_LEN: u32 = 1 << 30;
/// Longest time that a chunk can be given, milliseconds: an hour.
pub const CHUNK_MILLIS: u32 = 3_600_000;

/// What a job asks to be done. It names no place where anything lies: that comes from the attester set.
///
/// In JSON, for people, hashes are hexadecimal digits and numbers of 64 bits text; what no work can be is refused there as it is in
/// bytes.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, Serialize)]
pub struct Spec {
    /// What a dispute needs.
    pub core: Core,
    /// The remainder.
    pub rest: Rest,
}

impl<'de> Deserialize<'de> for Spec {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Parts {
            core: Core,
            rest: Rest,
        }
        let Parts { core, rest } = Parts::deserialize(from)?;
        let spec = Self { core, rest };
        spec.validate().map_err(D::Error::custom)?;
        Ok(spec)
    }
}

/// The part of a specification that no program reads.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Rest {
    /// What people call the work, at most [`TITLE_LEN`] bytes. Text of a stranger.
    pub title: String,
    /// Whatever else people should know, at most [`NOTE_LEN`] bytes. Text of a stranger.
    pub note: String,
    /// Most bytes of a WebAssembly kernel's memory; 0 for the chain's own VM, whose memory is fixed.
    pub memory: u32,
    /// Most bytes of an output; at most 1,024 for the chain's own VM.
    pub output: u32,
    /// Longest time that a chunk may take, milliseconds.
    pub chunk_millis: u32,
}

/// Why bytes or numbers are no specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadSpec {
    /// Its core is none.
    #[error(transparent)]
    Core(#[from] BadCore),
    /// The bytes behind the core are no remainder, or more than one.
    #[error("the bytes behind the core are not those of a specification")]
    Malformed,
    /// Title or note is too long.
    #[error("a title has at most {TITLE_LEN} bytes, a note at most {NOTE_LEN}")]
    Text,
    /// A bound of memory, output or time is none that the kernel's kind allows.
    #[error("memory, output or time of a chunk is outside of what its kernel's kind allows")]
    Limits,
}

/// Most bytes of an output of a kernel for the chain's own VM: what a program can return.
pub const SBPF_OUTPUT_LEN: u32 = 1_024;
/// Most bytes of an input of a kernel for the chain's own VM.
pub const SBPF_INPUT_LEN: u32 = 8 << 10;

impl Spec {
    /// The hash that a job's account names: of the tag, the core and the hash of the remainder.
    pub fn hash(&self) -> Hash {
        let rest = borsh::to_vec(&self.rest).unwrap_or_default();
        of(&self.core, &hash::blob(&rest))
    }

    /// Refuses what no work can be.
    ///
    /// # Errors
    /// See [`BadSpec`].
    pub fn validate(&self) -> Result<(), BadSpec> {
        self.core.validate()?;
        let rest = &self.rest;
        if rest.title.len() > TITLE_LEN || rest.note.len() > NOTE_LEN {
            return Err(BadSpec::Text);
        }
        let fits = if self.core.is_judged() {
            rest.memory == 0 && rest.output <= SBPF_OUTPUT_LEN
        } else {
            rest.memory <= MEMORY_LEN && rest.memory > 0 && rest.output <= BLOB_LEN
        };
        let fits = fits && rest.output > 0 && (1..=CHUNK_MILLIS).contains(&rest.chunk_millis);
        if fits { Ok(()) } else { Err(BadSpec::Limits) }
    }

    /// Its bytes: the core's, then the remainder in borsh.
    pub fn to_bytes(&self) -> Vec<u8> {
        borsh::to_vec(self).unwrap_or_default()
    }

    /// The specification that these bytes are.
    ///
    /// # Errors
    /// See [`BadSpec`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadSpec> {
        let (core, rest) = bytes.split_at_checked(LEN).ok_or(BadCore::Malformed)?;
        let spec = Self {
            core: Core::from_bytes(core)?,
            rest: borsh::from_slice(rest).map_err(|_| BadSpec::Malformed)?,
        };
        spec.validate()?;
        Ok(spec)
    }
}

/// The hash of the specification with this core and a remainder of this hash: what a program computes that has not the remainder.
pub fn of(core: &Core, rest: &Hash) -> Hash {
    hash::sha256(&[hash::SPEC, &core.to_bytes(), rest])
}
