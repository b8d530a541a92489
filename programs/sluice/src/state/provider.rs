use {super::Record, crate::constants::VERSION, anchor_lang::prelude::*};

/// A seller of compute: a cold owner, a hot operator and a record that other programs may read.
///
/// Address: `["provider", network, owner]`. `network` and `owner` stand at offsets 8 and 40, as in [`super::Attester`].
#[account]
pub struct Provider {
    pub network: Address,
    /// Payee of everything; never changes.
    pub owner: Address,
    /// May accept and resign jobs.
    pub operator: Address,
    pub rent_payer: Address,
    pub opened_slot: u64,
    /// Quorum windows proven in released jobs.
    pub quorum_windows: u64,
    /// Released jobs that reached their full length with work proven by a quorum.
    pub jobs_completed: u64,
    /// Released jobs that the provider resigned from, on the record.
    pub jobs_resigned: u64,
    pub slashes: u64,
    /// When `pending_commission_bps` takes effect; 0 when nothing is pending.
    pub commission_at: i64,
    /// Registered nodes.
    pub nodes: u32,
    /// Part of delegators' earnings that the owner keeps, basis points.
    pub commission_bps: u16,
    pub pending_commission_bps: u16,
    pub version: u8,
    pub bump: u8,
    pub reserve: [u8; 6],
    pub reserve_words: [u64; 7],
}

impl Provider {
    /// The provider's address and bump.
    pub fn address(network: &Address, owner: &Address) -> (Address, u8) {
        Address::find_program_address(&[b"provider", network.as_ref(), owner.as_ref()], &crate::ID)
    }

    /// A new registration.
    pub fn register(
        &mut self,
        network: Address,
        owner: Address,
        operator: Address,
        rent_payer: Address,
        slot: u64,
        bump: u8,
    ) {
        self.network = network;
        self.owner = owner;
        self.operator = operator;
        self.rent_payer = rent_payer;
        self.opened_slot = slot;
        self.version = VERSION;
        self.bump = bump;
    }

    /// Writes the record of a released job. The counts stop at their type's end: a statistic must not hold up a bond.
    pub const fn record(&mut self, job: &Record) {
        self.quorum_windows = self.quorum_windows.saturating_add(job.quorum_windows);
        self.jobs_completed = self.jobs_completed.saturating_add(job.completed);
        self.jobs_resigned = self.jobs_resigned.saturating_add(job.resigned);
    }
}
