//! What a command wants to send.

use {
    crate::keys::Key, sluice_client::instruction::paid_elsewhere, solana_address::Address,
    solana_instruction::Instruction,
};

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
    /// Associated accounts that are another's by now, and what their owner is paid in instead.
    pub(super) elsewhere: Vec<(Address, Address)>,
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

    /// Adds an instruction; a pull to an account that was given away is paid elsewhere.
    pub fn push(&mut self, instruction: Instruction) {
        let diverted = self.elsewhere.iter().find_map(|(associated, account)| {
            paid_elsewhere(instruction.clone(), associated, account)
        });
        self.instructions.push(diverted.unwrap_or(instruction));
    }

    /// True when the payer pays for an account.
    pub fn creates_accounts(&self) -> bool {
        !self.creates.is_empty()
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
        self.elsewhere.extend(other.elsewhere);
        self.irreversible.extend(other.irreversible);
        self
    }

    /// Notes that an account of `bytes` will be created.
    pub fn creating(mut self, bytes: usize) -> Self {
        self.creates.push(bytes);
        self
    }
}
