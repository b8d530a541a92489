use {
    super::{Job, RingEntry},
    crate::{
        checked::{Fits, byte_enum},
        constants::*,
        error::SluiceError,
        hash,
    },
    anchor_lang::prelude::*,
};

/// A bonded objection to one proven window, and the ruling on it.
///
/// Address: `["challenge", job, incarnation, window]`. Its bond lies in the vault of the provider's stake pool.
#[account]
pub struct Challenge {
    pub job: Address,
    pub network: Address,
    /// The provider's stake pool: holds the challenger's bond, and is what a ruling slashes.
    pub pool: Address,
    /// The job's attester set, whose members signed the window.
    pub set: Address,
    /// Gets the bond back when the window is void.
    pub challenger: Address,
    /// The provider's owner: gets the bond when the window is upheld.
    pub payee: Address,
    pub rent_payer: Address,
    /// `h = sha256(h, author, hash)` over all evidence, from zero.
    pub evidence: [u8; 32],
    /// First bytes of the hash of the statement that the window was proven with.
    pub statement: [u8; 24],
    pub incarnation: u64,
    /// Units held until the ruling.
    pub units: u64,
    /// The challenger's bond, base units of the stake mint.
    pub bond: u64,
    /// What the ruling took from the provider's stake, base units.
    pub slashed: u64,
    /// The resolver rules from here, before `rule_until`; from then on the window is upheld.
    pub rule_from: i64,
    pub rule_until: i64,
    /// 0 before the ruling.
    pub ruled_at: i64,
    pub opened_slot: u64,
    pub window: u32,
    /// Pieces of evidence in the chain.
    pub pieces: u32,
    /// The members that signed the window; after the ruling those still to be slashed for it.
    pub signers: u16,
    /// Why the window is challenged, and why it was ruled so: codes of the network's meter.
    pub reason: u16,
    pub ruling_reason: u16,
    /// A [`Verdict`].
    pub verdict: u8,
    pub bump: u8,
    pub reserve: [u8; 8],
    pub reserve_words: [u64; 4],
}

byte_enum! {
    /// What became of a challenged window.
    pub enum Verdict {
        Open = 0,
        /// The work counts; also what silence means.
        Upheld = 1,
        /// The work does not count.
        Void = 2,
    }
}

/// What a ruling says.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct Ruling {
    /// 1 when the window is void, 0 when it is upheld.
    pub void: u8,
    /// 1 when its signers are to be slashed too; only with `void`.
    pub signers_lied: u8,
    /// A code of the network's meter.
    pub reason: u16,
    /// Taken from the provider's bond, base units; 0 unless `void`.
    pub slash: u64,
    /// Hash of the reasons; joins the evidence.
    pub evidence: [u8; 32],
}

impl Challenge {
    /// The challenge's address and bump.
    pub fn address(job: &Address, incarnation: u64, window: u32) -> (Address, u8) {
        Address::find_program_address(
            &[
                b"challenge",
                job.as_ref(),
                &incarnation.to_le_bytes(),
                &window.to_le_bytes(),
            ],
            &crate::ID,
        )
    }

    /// A new challenge of `window` of `job`, which ended at `end` and was proven as `entry` says. Nobody rules before the
    /// window would have matured, nor in the first half of the ruling time.
    pub fn open(
        &mut self,
        job: &Account<Job>,
        window: u32,
        entry: &RingEntry,
        end: i64,
    ) -> Result<()> {
        let ruling = i64::from(job.terms.ruling_secs);
        self.job = *job.account().address();
        self.network = job.network;
        self.set = job.terms.set;
        self.payee = job.payee;
        self.incarnation = job.incarnation;
        self.bond = job.terms.challenge_bond;
        self.window = window;
        self.statement = entry.statement;
        self.units = entry.units;
        self.signers = entry.signers;
        self.rule_until = end
            .checked_add(job.terms.maturity_secs())
            .and_then(|at| at.checked_add(ruling))
            .fits()?;
        self.rule_from = self.rule_until.saturating_sub(ruling / 2);
        Ok(())
    }

    /// Adds a piece of evidence to the chain.
    pub fn extend(&mut self, author: &Address, piece: &[u8; 32]) {
        self.evidence = hash::sha256(&[&self.evidence, author.as_ref(), piece]);
        self.pieces = self.pieces.saturating_add(1);
    }

    /// Refuses once it was ruled.
    pub fn require_open(&self) -> Result<()> {
        require!(
            self.verdict == Verdict::Open.byte(),
            SluiceError::AlreadyRuled
        );
        Ok(())
    }

    /// Who gets the challenger's bond.
    pub fn winner(&self) -> Result<&Address> {
        if self.verdict == Verdict::Open.byte() {
            Err(SluiceError::NotRuled.into())
        } else if self.verdict == Verdict::Void.byte() {
            Ok(&self.challenger)
        } else {
            Ok(&self.payee)
        }
    }

    /// True once no signer is left to be slashed, or it is too late for that.
    pub fn is_over(&self, now: i64) -> bool {
        self.signers == 0 || now >= self.ruled_at.saturating_add(SIGNER_SLASH_SECS)
    }

    /// Takes the signer at `index` off those still to be slashed.
    pub fn take_signer(&mut self, index: u8) -> Result<()> {
        require!(self.verdict == Verdict::Void.byte(), SluiceError::NotRuled);
        let bit = 1u16.checked_shl(u32::from(index)).unwrap_or(0);
        require!(self.signers & bit != 0, SluiceError::NotASigner);
        self.signers &= !bit;
        Ok(())
    }
}
