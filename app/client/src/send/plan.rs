//! What somebody wants to send.

use {
    crate::instruction::paid_elsewhere, solana_address::Address, solana_instruction::Instruction,
    solana_signer::Signer, std::rc::Rc,
};

/// A key that signs, or stands for one that signed or will sign elsewhere.
pub type Key = Rc<dyn Signer>;

/// What somebody wants to send, without fees, limits and signatures.
#[derive(Clone, Default)]
pub struct Plan {
    /// Goes first, in a transaction of its own if the whole does not fit one.
    pub first: Vec<Instruction>,
    /// In their order.
    pub instructions: Vec<Instruction>,
    /// The keys that sign beside the payer's.
    pub signers: Vec<Key>,
    /// Bytes of every account that will be created at the payer's expense.
    pub creates: Vec<usize>,
    /// Lamports that the payer parts with beside fee and rent.
    pub wraps: u64,
    /// What cannot be taken back; somebody who looks on is asked first.
    pub irreversible: Vec<Irreversible>,
    /// Associated accounts that are another's by now, and what their owner is paid in instead.
    pub(super) elsewhere: Vec<(Address, Address)>,
}

/// What cannot be taken back once a plan has landed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Irreversible {
    /// Tokens leave the associated account of `owner`, base units.
    Takes {
        /// Whose account.
        owner: Address,
        /// Of the tokens.
        mint: Address,
        /// Of the mint.
        decimals: u8,
        /// How many, base units.
        base: u64,
    },
    /// Anything else, in the planner's words: "slashes and tombstones the attester".
    Told(String),
}

impl From<String> for Irreversible {
    fn from(what: String) -> Self {
        Self::Told(what)
    }
}

impl From<&str> for Irreversible {
    fn from(what: &str) -> Self {
        Self::Told(what.to_owned())
    }
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

    /// Says what cannot be taken back.
    pub fn irreversible(mut self, what: impl Into<Irreversible>) -> Self {
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
        self.elsewhere.extend(other.elsewhere);
        self
    }

    /// Notes that an account of `bytes` will be created.
    pub fn creating(mut self, bytes: usize) -> Self {
        self.creates.push(bytes);
        self
    }

    /// What goes first and what follows, in order.
    pub fn all(&self) -> impl Iterator<Item = &Instruction> {
        self.first.iter().chain(&self.instructions)
    }
}
