//! The part of a specification that a program can read: fixed in size and place.

use {
    crate::json,
    borsh::{BorshDeserialize, BorshSerialize},
    serde::{Deserialize, Serialize},
    sluice_math::{tree::Hash, work::Shape},
    thiserror::Error,
};

/// Bytes of a core.
pub const LEN: usize = 136;
/// Most bytes of a kernel for the chain's own VM.
pub const SBPF_KERNEL_LEN: u32 = 64 << 10;
/// Most bytes of a WebAssembly kernel.
pub const WASM_KERNEL_LEN: u32 = 4 << 20;

/// What runs a kernel.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Kind {
    /// WebAssembly: people judge a dispute.
    Wasm = 1,
    /// The chain's own VM: the chain judges a dispute by running the chunk again.
    Sbpf = 2,
}

/// What a job's work is, as far as anybody has to judge it. Its borsh form is its fields in this order, [`LEN`] bytes, numbers
/// little-endian; [`Core::from_bytes`] reads it. Neither borsh nor serde alone validates it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Core {
    /// Random bytes, so that nobody finds the work by its hash.
    #[serde(with = "json::hash")]
    pub salt: Hash,
    /// SHA-256 of the kernel's code.
    #[serde(with = "json::hash")]
    pub kernel: Hash,
    /// Root of the tree of inputs.
    #[serde(with = "json::hash")]
    pub inputs: Hash,
    /// Units of work that a chunk counts.
    #[serde(with = "json::number")]
    pub units: u64,
    /// Judged work: most that a conviction takes of the job's bond, base units of the stake mint.
    #[serde(with = "json::number")]
    pub slash: u64,
    /// Bytes of the kernel's code.
    pub kernel_len: u32,
    /// Chunks of the work.
    pub count: u32,
    /// Chunks of a window.
    pub per_window: u32,
    /// Judged work: seconds in which a demand has to be answered.
    pub answer_secs: u32,
    /// What runs the kernel.
    pub kind: Kind,
    /// Judged work: members who signed a window are slashed with the provider when it is convicted, 1, or not, 0.
    pub signers_answer: u8,
    /// Zeros.
    #[serde(skip)]
    pub reserved: [u8; 6],
}

/// Why bytes or numbers are no core.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadCore {
    /// Other than [`LEN`] bytes, an unknown kind, or something in the reserved bytes.
    #[error("these are not the bytes of a core")]
    Malformed,
    /// The kernel is empty or larger than its kind allows.
    #[error("the kernel must have 1 to {0} bytes")]
    KernelLength(u32),
    /// The shape is none: see [`Shape::new`].
    #[error(
        "chunks, chunks a window (at most 1,024) and units a chunk must be at least 1, the cap must fit 64 bits, and both trees \
         together have at most 24 levels"
    )]
    Shape,
    /// What only judged work has stands in a core of work that people judge.
    #[error("slash, answer time and the signers' answer belong to judged work only")]
    NotJudged,
}

impl Core {
    /// True where the chain judges a dispute.
    pub const fn is_judged(&self) -> bool {
        matches!(self.kind, Kind::Sbpf)
    }

    /// How the work is divided.
    ///
    /// # Errors
    /// [`BadCore::Shape`].
    pub fn shape(&self) -> Result<Shape, BadCore> {
        Shape::new(self.count, self.per_window, self.units).ok_or(BadCore::Shape)
    }

    /// Refuses a core that no work can have.
    ///
    /// # Errors
    /// See [`BadCore`].
    pub fn validate(&self) -> Result<(), BadCore> {
        let most = match self.kind {
            Kind::Wasm => WASM_KERNEL_LEN,
            Kind::Sbpf => SBPF_KERNEL_LEN,
        };
        if self.kernel_len == 0 || self.kernel_len > most {
            return Err(BadCore::KernelLength(most));
        }
        self.shape()?;
        if self.reserved != [0; 6] || self.signers_answer > 1 {
            return Err(BadCore::Malformed);
        }
        let is_plain = self.slash == 0 && self.answer_secs == 0 && self.signers_answer == 0;
        if !self.is_judged() && !is_plain {
            return Err(BadCore::NotJudged);
        }
        Ok(())
    }

    /// Its bytes.
    pub fn to_bytes(&self) -> [u8; LEN] {
        let mut bytes = [0; LEN];
        let mut rest = bytes.as_mut_slice();
        // Every field is fixed in size, and together they fill it: a test holds that.
        let written = borsh::to_writer(&mut rest, self).is_ok() && rest.is_empty();
        debug_assert!(written);
        bytes
    }

    /// The core that these bytes are.
    ///
    /// # Errors
    /// See [`BadCore`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadCore> {
        let core: Self = borsh::from_slice(bytes).map_err(|_| BadCore::Malformed)?;
        core.validate()?;
        Ok(core)
    }
}
