//! What becomes true of a batch of statements.

use {
    crate::state::Batch,
    alloc::vec::Vec,
    anchor_lang::prelude::*,
    bytemuck::{Pod, Zeroable, bytes_of},
};

/// A batch was posted, or more members signed it.
#[event(bytemuck)]
pub struct BatchSigned {
    /// Address of the batch.
    pub batch: Address,
    /// Address of the attester set.
    pub set: Address,
    /// Root of the tree of statements.
    pub root: [u8; 32],
    /// Who paid for it and may close it.
    pub payer: Address,
    /// From when on it can be closed, unix seconds.
    pub expires_at: i64,
    /// The members that signed, a bit each.
    pub signers: u64,
}

impl BatchSigned {
    /// The batch as it is now.
    pub fn of(batch: &Account<Batch>) -> Self {
        Self {
            batch: *batch.account().address(),
            set: batch.set,
            root: batch.root,
            payer: batch.payer,
            expires_at: batch.expires_at,
            signers: u64::from(batch.signers),
        }
    }
}

/// A batch was closed.
#[event(bytemuck)]
pub struct BatchClosed {
    /// Address of the batch.
    pub batch: Address,
    /// Address of the attester set.
    pub set: Address,
    /// Root of the tree of statements.
    pub root: [u8; 32],
}

/// Windows were proven from a batch. Their digests are those of the instruction's entries.
#[event]
pub struct BatchProven {
    /// Address of the batch.
    pub batch: Address,
    /// The members that signed it and were live, a bit each.
    pub signers: u16,
    /// The windows that were not proven before, in the order of the entries.
    pub windows: Vec<ProvenWindow>,
}

/// A window that was proven from a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct ProvenWindow {
    /// Address of the job.
    pub job: Address,
    /// Place of the entry in the instruction, from 0 on.
    pub entry: u8,
    /// Number of the window, from 0 on.
    pub window: u32,
    /// Units that were counted.
    pub accepted: u64,
}

/// A [`ProvenWindow`] as it stands in the log.
#[repr(C, packed)]
#[derive(Clone, Copy, Pod, Zeroable)]
struct Logged {
    job: Address,
    entry: u8,
    window: u32,
    accepted: u64,
}

/// A [`BatchProven`] as it is written, window by window.
pub struct BatchLog(Vec<u8>);

/// Bytes before the first window: discriminator, batch, signers, and the number of windows.
const HEAD: usize = 8 + 32 + 2 + 4;

impl BatchProven {
    /// One with room for so many windows.
    pub fn begin(batch: &Address, signers: u16, windows: usize) -> BatchLog {
        let room = windows.saturating_mul(size_of::<Logged>());
        let mut bytes = Vec::with_capacity(room.saturating_add(HEAD));
        bytes.extend_from_slice(Self::DISCRIMINATOR);
        bytes.extend_from_slice(batch.as_ref());
        bytes.extend_from_slice(&signers.to_le_bytes());
        bytes.extend_from_slice(&[0; 4]);
        BatchLog(bytes)
    }
}

impl BatchLog {
    /// Adds a window.
    pub fn push(&mut self, job: &Address, entry: u8, window: u32, accepted: u64) {
        self.0.extend_from_slice(bytes_of(&Logged {
            job: *job,
            entry,
            window,
            accepted,
        }));
    }

    /// Logs it, unless nothing was proven.
    pub fn emit(mut self) {
        let windows = self.0.len().saturating_sub(HEAD) / size_of::<Logged>();
        let count = u32::try_from(windows).unwrap_or_default().to_le_bytes();
        if let Some(place) = self.0.get_mut(HEAD.saturating_sub(4)..HEAD) {
            place.copy_from_slice(&count);
        }
        if windows > 0 {
            anchor_lang::sol_log_data(&[&self.0]);
        }
    }
}
