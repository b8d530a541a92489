//! What a command wants to send.

use {crate::keys::Key, solana_instruction::Instruction};

/// What a command wants to send.
#[derive(Clone, Default)]
pub struct Plan {
    /// Goes first, in a transaction of its own if the whole does not fit one.
    pub(super) first: Vec<Instruction>,
    pub(super) instructions: Vec<Instruction>,
    pub(super) signers: Vec<Key>,
    /// Bytes of every account that will be created at the payer's expense.
    pub(super) creates: Vec<usize>,
    /// Lamports that the payer parts with beside fee and rent.
    pub(super) wraps: u64,
    /// What cannot be taken back, in words; somebody who looks on is asked first.
    pub(super) irreversible: Vec<String>,
}

impl Plan {
    /// A plan of one instruction.
    pub fn of(instruction: Instruction) -> Self {
        let mut plan = Self::default();
        plan.push(instruction);
        plan
    }

    /// Adds an instruction.
    pub fn push(&mut self, instruction: Instruction) {
        self.instructions.push(instruction);
    }

    /// Adds a key that has to sign.
    pub fn signed_by(mut self, key: Key) -> Self {
        self.signers.push(key);
        self
    }

    /// Says what cannot be taken back, as in "moves 5 of the mint M out of the account of K".
    pub fn irreversible(mut self, what: impl Into<String>) -> Self {
        self.irreversible.push(what.into());
        self
    }

    /// This and then `other`, in one transaction.
    pub fn join(mut self, other: Self) -> Self {
        self.first.extend(other.first);
        self.instructions.extend(other.instructions);
        self.signers.extend(other.signers);
        self.creates.extend(other.creates);
        self.wraps = self.wraps.saturating_add(other.wraps);
        self.irreversible.extend(other.irreversible);
        self
    }

    /// Notes that an account of `bytes` will be created.
    pub fn creating(mut self, bytes: usize) -> Self {
        self.creates.push(bytes);
        self
    }
}
