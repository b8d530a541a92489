use {
    super::Record,
    crate::{checked::Checked, error::SluiceError},
    anchor_lang::prelude::*,
};

/// A machine of a provider: the worker's key, the one attester set that measures it, and its proven units.
///
/// Address: `["node", provider, worker]`.
#[account]
pub struct Node {
    /// Address of the network.
    pub network: Address,
    /// Address of the provider.
    pub provider: Address,
    /// The ed25519 key that signs the machine's statements.
    pub worker: Address,
    /// Fixed for this registration; zero for a node that works for cosigners only.
    pub set: Address,
    /// Hash of the description at `uri`.
    pub metadata_hash: [u8; 32],
    /// Where it is described; UTF-8, zeros to the end.
    pub uri: [u8; 64],
    /// Who paid its rent and gets it back.
    pub rent_payer: Address,
    /// Identifies this registration.
    pub opened_slot: u64,
    /// Quorum units matured in jobs of this node's set.
    pub units: u64,
    /// Of all released jobs since `opened_slot`.
    pub record: Record,
    /// Jobs that it takes at a time.
    pub slots_total: u16,
    /// Jobs that it works on.
    pub slots_used: u16,
    /// Self-declared, for search only.
    pub class: u16,
    /// Where it stands, as its provider says; for search only.
    pub region: u16,
    /// Bump of its address.
    pub bump: u8,
    /// Zero; for later versions.
    pub reserve: [u8; 7],
    /// Zero; for later versions.
    pub reserve_words: [u64; 2],
}

/// What a provider says of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct NodeArgs {
    /// Hash of the description at `uri`.
    pub metadata_hash: [u8; 32],
    /// Where it is described; UTF-8, zeros to the end.
    pub uri: [u8; 64],
    /// Jobs that it takes at a time.
    pub slots_total: u16,
    /// Kind of machine, as its provider says; for search only.
    pub class: u16,
    /// Where it stands, as its provider says; for search only.
    pub region: u16,
}

impl Node {
    /// First seed of its address.
    pub const SEED: &[u8] = b"node";

    /// The node's address and bump.
    pub fn address(provider: &Address, worker: &Address) -> (Address, u8) {
        Address::find_program_address(
            &[Self::SEED, provider.as_ref(), worker.as_ref()],
            &crate::ID,
        )
    }

    /// Writes what the provider says of the machine.
    pub fn describe(&mut self, args: &NodeArgs) -> Result<()> {
        require!(args.slots_total >= 1, SluiceError::NoSlots);
        self.metadata_hash = args.metadata_hash;
        self.uri = args.uri;
        self.slots_total = args.slots_total;
        self.class = args.class;
        self.region = args.region;
        Ok(())
    }

    /// Takes one slot.
    pub fn take_slot(&mut self) -> Result<()> {
        require!(self.slots_used < self.slots_total, SluiceError::NoFreeSlot);
        self.slots_used.raise(1)?;
        Ok(())
    }

    /// Frees one slot.
    pub fn free_slot(&mut self) -> Result<()> {
        self.slots_used.lower(1)?;
        Ok(())
    }

    /// Adds quorum units that matured in a job of this node. A count that reaches the type's end stays there: releasing a
    /// bond must not fail because of a statistic.
    pub const fn credit(&mut self, units: u64) {
        self.units = self.units.saturating_add(units);
    }
}
