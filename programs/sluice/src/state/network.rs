use {
    crate::{checked::Checked, constants::*, error::SluiceError, identity::Identity},
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
    /// Who created it; part of its address.
    pub creator: Address,
    /// 1 to 16 bytes, zeros to the end; part of its address.
    pub name: [u8; 16],
    /// Who may do what.
    pub roles: NetworkRoles,
    /// Candidate of a two-step admin handover; zero when there is none.
    pub pending_admin: Address,
    /// Mint of stake and bonds; never wrapped SOL.
    pub stake_mint: Address,
    /// Mint of the dividends that stake pools can carry.
    pub dividend_mint: Address,
    /// What can change.
    pub params: NetworkParams,
    /// The pending change, which can be applied from `change_at` on; zero when there is none.
    pub change: NetworkChange,
    /// When the pending change can be applied; 0 when there is none.
    pub change_at: i64,
    /// The slot in which it was opened.
    pub opened_slot: u64,
    /// Intake is paused before this time; 0 when it never was.
    pub paused_until: i64,
    /// When the last pause began; bounds the next one.
    pub paused_at: i64,
    /// Floor of `params.unbonding_secs`; immutable.
    pub min_unbonding_secs: u32,
    /// Seconds of a period of dividends: what comes in during one streams out through the next; immutable.
    pub dividend_secs: u32,
    /// Bump of its address.
    pub bump: u8,
    /// Zero; for later versions.
    pub reserve: [u8; 7],
    /// Zero; for later versions.
    pub reserve_words: [u64; 8],
}

/// Who may do what. Any key will do, so that multisig vaults fit.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable, IdlType, SchemaRead, SchemaWrite)]
pub struct NetworkRoles {
    /// Proposes changes, and names the next admin.
    pub admin: Address,
    /// May pause intake, and lift a pause.
    pub guardian: Address,
    /// Rules on challenges.
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
    /// Zero; for later versions.
    pub reserve: [u8; 6],
    /// Who must vouch for a provider's owner before the provider takes a job.
    pub identity: Identity,
}

/// What takes the place of the parameters and of every role but the admin, all at once.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable, IdlType, SchemaRead, SchemaWrite)]
pub struct NetworkChange {
    /// The parameters to be.
    pub params: NetworkParams,
    /// The guardian to be.
    pub guardian: Address,
    /// The resolver to be.
    pub resolver: Address,
    /// The treasury to be.
    pub treasury: Address,
}

impl NetworkRoles {
    /// Refuses roles without an admin, for then nothing could ever change, and without a treasury, for then nobody could
    /// sweep the fees. The other roles may be nobody's.
    pub fn validate(&self) -> Result<()> {
        require!(
            self.admin != NOBODY && self.treasury != NOBODY,
            SluiceError::RoleMissing
        );
        Ok(())
    }
}

impl NetworkParams {
    /// Refuses parameters out of bounds. The bounds are unbonding within `min_unbonding_secs`..=60 days, timelock at
    /// least two days and the unbonding time, fee at most the total allowed, and a whole identity or none.
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
        self.identity.validate()
    }
}

impl Network {
    /// First seed of its address.
    pub const SEED: &[u8] = b"network";

    /// The network's address and bump.
    pub fn address(creator: &Address, name: &[u8; 16]) -> (Address, u8) {
        Address::find_program_address(&[Self::SEED, creator.as_ref(), name], &crate::ID)
    }

    /// Refuses every key but the admin's.
    pub fn require_admin(&self, key: &Address) -> Result<()> {
        require!(*key == self.roles.admin, SluiceError::NotAdmin);
        Ok(())
    }

    /// Refuses during a pause. What takes something in asks this; no exit does.
    pub fn require_intake(&self, now: i64) -> Result<()> {
        require!(!self.is_paused(now), SluiceError::Paused);
        Ok(())
    }

    /// True during a pause.
    pub const fn is_paused(&self, now: i64) -> bool {
        now < self.paused_until
    }

    /// Makes `change` the pending one, in place of any other; it waits for the timelock in force.
    pub fn propose(&mut self, change: NetworkChange, now: i64) -> Result<()> {
        self.change_at = now.plus(i64::from(self.params.timelock_secs))?;
        self.change = change;
        self.changed().map(drop)
    }

    /// Puts the pending change in force.
    pub fn apply(&mut self, now: i64) -> Result<()> {
        require!(self.change_at != 0, SluiceError::NoPendingChange);
        require!(now >= self.change_at, SluiceError::ChangeNotDue);
        require!(now < self.change_lapses_at(), SluiceError::ChangeExpired);
        self.roles = self.changed()?;
        self.params = self.change.params;
        self.drop_change();
        Ok(())
    }

    /// The roles that the pending change leads to, if it is within the bounds.
    fn changed(&self) -> Result<NetworkRoles> {
        self.change.params.validate(self.min_unbonding_secs)?;
        let roles = NetworkRoles {
            admin: self.roles.admin,
            guardian: self.change.guardian,
            resolver: self.change.resolver,
            treasury: self.change.treasury,
        };
        roles.validate()?;
        Ok(roles)
    }

    /// From when on the pending change is void.
    pub const fn change_lapses_at(&self) -> i64 {
        self.change_at.saturating_add(CHANGE_LIFE_SECS)
    }

    /// Makes the candidate the admin, and drops what the old admin had pending.
    pub fn hand_over(&mut self, key: &Address) -> Result<()> {
        require!(*key == self.pending_admin, SluiceError::NotCandidate);
        self.roles.admin = *key;
        self.pending_admin = NOBODY;
        self.drop_change();
        Ok(())
    }

    fn drop_change(&mut self) {
        self.change = NetworkChange::zeroed();
        self.change_at = 0;
    }

    /// Pauses intake for `secs` seconds; 0 lifts the pause that runs.
    pub fn pause(&mut self, secs: u32, now: i64) -> Result<()> {
        if secs == 0 {
            require!(self.is_paused(now), SluiceError::NotPaused);
            self.paused_until = now;
            return Ok(());
        }
        require!(secs <= MAX_PAUSE_SECS, SluiceError::PauseTooLong);
        require!(now >= self.next_pause_at(), SluiceError::PausedTooRecently);
        self.paused_at = now;
        self.paused_until = now.saturating_add(i64::from(secs));
        Ok(())
    }

    /// When the next pause may begin: intake stays open at least as long as it was closed.
    pub const fn next_pause_at(&self) -> i64 {
        let lasted = self.paused_until.saturating_sub(self.paused_at);
        self.paused_until.saturating_add(lasted)
    }
}
