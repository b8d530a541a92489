use {
    crate::{constants::*, error::SluiceError},
    anchor_lang::prelude::*,
    bytemuck::{Pod, Zeroable},
};

/// A settlement network: its roles, its mints and its parameters. Anyone creates one; it never closes.
///
/// Address: `["network", creator, name]`.
#[account]
pub struct Network {
    /// Hash of address, slot, time and the creator's nonce: statements of one network mean nothing in another.
    pub domain: [u8; 32],
    pub creator: Address,
    pub name: [u8; 16],
    pub roles: NetworkRoles,
    /// Candidate of a two-step admin handover; zero when there is none.
    pub pending_admin: Address,
    /// Mint of stake and bonds; never wrapped SOL.
    pub stake_mint: Address,
    /// Mint of the dividends that stake pools can carry.
    pub dividend_mint: Address,
    pub params: NetworkParams,
    pub opened_slot: u64,
    /// Intake is paused until this time; 0 when it never was.
    pub paused_until: i64,
    /// When the last pause began; bounds the next one.
    pub paused_at: i64,
    /// Floor of `params.unbonding_secs`; immutable.
    pub min_unbonding_secs: u32,
    pub version: u8,
    pub bump: u8,
    pub reserve: [u8; 2],
    pub reserve_words: [u64; 8],
}

/// Who may do what; any key, so that multisig vaults fit.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable, IdlType, SchemaRead, SchemaWrite)]
pub struct NetworkRoles {
    pub admin: Address,
    pub guardian: Address,
    pub resolver: Address,
    /// Owner of the token accounts that receive the network's fees.
    pub treasury: Address,
}

/// What a network may change, always as one whole set.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable, IdlType, SchemaRead, SchemaWrite)]
pub struct NetworkParams {
    /// Own stake a provider needs to accept a job, base units of the stake mint.
    pub min_stake: u64,
    /// Own stake an attester locks while it is live in any set, base units of the stake mint.
    pub min_bond: u64,
    /// Seconds between unstake and withdraw.
    pub unbonding_secs: u32,
    /// Seconds a parameter change waits.
    pub timelock_secs: u32,
    /// Fee on what providers earn, basis points.
    pub fee_bps: u16,
    pub reserve: [u8; 6],
}

impl NetworkParams {
    /// The bounds in code: unbonding within `min_unbonding_secs`..=60 days, timelock at least two days and the unbonding
    /// time, fee at most the total allowed.
    pub fn validate(&self, min_unbonding_secs: u32) -> Result<()> {
        require!(
            (min_unbonding_secs..=MAX_UNBONDING_SECS).contains(&self.unbonding_secs),
            SluiceError::UnbondingOutOfBounds
        );
        require!(
            self.timelock_secs >= MIN_TIMELOCK_SECS.max(self.unbonding_secs),
            SluiceError::TimelockTooShort
        );
        require!(self.fee_bps <= MAX_TOTAL_FEE_BPS, SluiceError::FeeTooHigh);
        require!(self.reserve == [0; 6], SluiceError::ReserveNotZero);
        Ok(())
    }
}

impl Network {
    /// The network's address and bump.
    pub fn address(creator: &Address, name: &[u8; 16]) -> (Address, u8) {
        Address::find_program_address(&[b"network", creator.as_ref(), name], &crate::ID)
    }
}
