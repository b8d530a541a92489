use {
    super::{Job, RingEntry, StakePool},
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
    /// Address of the job.
    pub job: Address,
    /// Address of the network.
    pub network: Address,
    /// The provider's stake pool: holds the challenger's bond, and is what a ruling slashes.
    pub pool: Address,
    /// The job's attester set, whose members signed the window.
    pub set: Address,
    /// Gets the bond back when the window is void, and when nobody ruled.
    pub challenger: Address,
    /// The provider's owner: gets the bond when the resolver upholds the window.
    pub payee: Address,
    /// Who paid its rent and gets it back.
    pub rent_payer: Address,
    /// `h = sha256(h, author, hash)` over all evidence, from zero.
    pub evidence: [u8; 32],
    /// First bytes of the hash of the statement that the window was proven with.
    pub statement: [u8; 24],
    /// Its opening slot: tells it from an earlier one at the same address.
    pub incarnation: u64,
    /// Units held until the ruling.
    pub units: u64,
    /// The challenger's bond, base units of the stake mint.
    pub bond: u64,
    /// What the ruling took from the provider's stake, base units.
    pub slashed: u64,
    /// The resolver rules from `rule_from` on and before `rule_until`. From then on the window is upheld.
    pub rule_from: i64,
    /// From this time on the window is upheld, unix seconds.
    pub rule_until: i64,
    /// 0 before the ruling.
    pub ruled_at: i64,
    /// The slot in which it was opened.
    pub opened_slot: u64,
    /// Number of the window, from 0 on.
    pub window: u32,
    /// Pieces of evidence in the chain.
    pub pieces: u32,
    /// The members that signed the window; after the ruling those still to be slashed for it.
    pub signers: u16,
    /// Why the window is challenged, and why it was ruled so: codes of the network's meter.
    pub reason: u16,
    /// Why it was ruled so: a code of the network's meter.
    pub ruling_reason: u16,
    /// A [`Verdict`].
    pub verdict: u8,
    /// Bump of its address.
    pub bump: u8,
    /// Zero; for later versions.
    pub reserve: [u8; 8],
    /// Zero; for later versions.
    pub reserve_words: [u64; 4],
}

byte_enum! {
    /// What became of a challenged window.
    pub enum Verdict {
        /// Nobody has ruled yet.
        Open = 0,
        /// The resolver ruled that the work counts.
        Upheld = 1,
        /// The work does not count.
        Void = 2,
        /// Nobody ruled in time: the work counts, and the challenger is not to blame.
        Lapsed = 3,
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

/// What a challenge is opened with.
pub struct Objection<'a> {
    /// Number of the window, from 0 on.
    pub window: u32,
    /// The window's entry in the ring as it was before its units were held, and when the window ended.
    pub entry: RingEntry,
    /// When the window ended, unix seconds.
    pub end: i64,
    /// Address of the provider's stake pool.
    pub pool: &'a Address,
    /// Who objects.
    pub challenger: &'a Address,
    /// Who paid its rent and gets it back.
    pub rent_payer: &'a Address,
    /// Why: a code of the network's meter.
    pub reason: u16,
    /// Hash of the evidence.
    pub evidence: &'a [u8; 32],
}

impl Ruling {
    /// Refuses flags other than 0 and 1.
    pub fn validate(&self) -> Result<()> {
        require!(
            self.void <= 1 && self.signers_lied <= 1,
            SluiceError::MalformedRuling
        );
        Ok(())
    }

    /// True when nobody loses anything by it.
    pub const fn is_harmless(&self) -> bool {
        self.slash == 0 && self.signers_lied == 0
    }
}

impl Challenge {
    /// First seed of its address.
    pub const SEED: &[u8] = b"challenge";

    /// The challenge's address and bump.
    pub fn address(job: &Address, incarnation: u64, window: u32) -> (Address, u8) {
        Address::find_program_address(
            &[
                Self::SEED,
                job.as_ref(),
                &incarnation.to_le_bytes(),
                &window.to_le_bytes(),
            ],
            &crate::ID,
        )
    }

    /// Writes a new challenge of a window of `job`. Nobody rules before the window would have matured, nor in the first
    /// half of the ruling time.
    pub fn open(
        &mut self,
        job: &Account<Job>,
        new: &Objection,
        (slot, bump): (u64, u8),
    ) -> Result<()> {
        let ruling = i64::from(job.terms.ruling_secs);
        self.job = *job.account().address();
        self.network = job.network;
        self.set = job.terms.set;
        self.payee = job.payee;
        self.incarnation = job.incarnation;
        self.bond = job.terms.challenge_bond;
        self.pool = *new.pool;
        self.challenger = *new.challenger;
        self.rent_payer = *new.rent_payer;
        self.reason = new.reason;
        self.opened_slot = slot;
        self.bump = bump;
        self.window = new.window;
        self.statement = new.entry.statement;
        self.units = new.entry.units;
        self.signers = new.entry.signers;
        self.rule_until = new
            .end
            .checked_add(job.terms.maturity_secs())
            .and_then(|at| at.checked_add(ruling))
            .fits()?;
        self.rule_from = self.rule_until.saturating_sub(ruling / 2);
        self.extend(new.challenger, new.evidence);
        Ok(())
    }

    /// Ends the dispute as `ruler` says at `now`. The job's resolver rules in the second half of the ruling time; after
    /// that anyone does, and only that the work counts. Ends the freeze of the units and slashes `pool`, the stake behind
    /// the job.
    pub fn rule(
        &mut self,
        job: &mut Job,
        pool: &mut StakePool,
        ruler: &Address,
        ruling: &Ruling,
        now: i64,
    ) -> Result<()> {
        self.require_open()?;
        require!(
            job.incarnation == self.incarnation,
            SluiceError::WrongChallenge
        );
        ruling.validate()?;
        let void = ruling.void == 1;
        let verdict = if now >= self.rule_until {
            require!(!void, SluiceError::MustUphold);
            Verdict::Lapsed
        } else {
            require!(*ruler == job.resolver, SluiceError::NotResolver);
            require!(now >= self.rule_from, SluiceError::RulingTooEarly);
            if void { Verdict::Void } else { Verdict::Upheld }
        };
        require!(void || ruling.is_harmless(), SluiceError::MustUphold);

        job.thaw(self.window, self.units, !void)?;
        self.slashed = job.slash(pool, ruling.slash)?;
        if ruling.signers_lied == 0 {
            self.signers = 0;
        }
        self.verdict = verdict.byte();
        self.ruled_at = now;
        self.ruling_reason = ruling.reason;
        self.extend(ruler, &ruling.evidence);
        Ok(())
    }

    /// Adds a piece of evidence to the chain.
    pub fn extend(&mut self, author: &Address, piece: &[u8; 32]) {
        self.evidence = hash::sha256(&[&self.evidence, author.as_ref(), piece]);
        self.pieces = self.pieces.saturating_add(1);
    }

    /// Refuses a challenge that was ruled.
    pub fn require_open(&self) -> Result<()> {
        require!(
            self.verdict == Verdict::Open.byte(),
            SluiceError::AlreadyRuled
        );
        Ok(())
    }

    /// Who gets the challenger's bond.
    pub fn winner(&self) -> Result<&Address> {
        require!(self.verdict != Verdict::Open.byte(), SluiceError::NotRuled);
        if self.verdict == Verdict::Upheld.byte() {
            Ok(&self.payee)
        } else {
            Ok(&self.challenger)
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
