//! How a job begins: opened with a deposit, then started on a machine.

use {
    super::{AttesterSet, Job, JobState, Network, Terms},
    crate::{
        checked::{Checked, Fits},
        constants::NOBODY,
        error::SluiceError,
    },
    anchor_lang::prelude::*,
};

/// What a buyer asks for.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct OpenArgs {
    /// Number among the buyer's jobs; part of its address.
    pub id: u64,
    /// What it pays, and how it is proven.
    pub terms: Terms,
    /// How long it runs once accepted, seconds.
    pub length_secs: u64,
    /// The job can be accepted before this time, a year ahead at most, and refunded from it on.
    pub open_until: i64,
    /// Deposit, base units.
    pub funds: u64,
    /// Salted hash that names the work.
    pub spec_hash: [u8; 32],
    /// May countersign in the quorum's place; zero for none.
    pub cosigner: Address,
    /// The one provider that may accept; zero for anyone.
    pub provider: Address,
    /// Owner of every refund and donation; zero for the buyer.
    pub refund_owner: Address,
    /// The network's resolver as the buyer saw it.
    pub resolver: Address,
    /// The highest fees the buyer agrees to, the network's and the set's together, basis points.
    pub max_fee_bps: u16,
}

/// Where a job is opened, by whom, and what it draws on.
pub struct Opening<'a> {
    /// Address of the network.
    pub network_key: &'a Address,
    /// The network.
    pub network: &'a Network,
    /// The attester set that the terms name.
    pub set: Option<&'a AttesterSet>,
    /// The key that opened it.
    pub buyer: &'a Address,
    /// Who paid its rent and gets it back.
    pub rent_payer: &'a Address,
    /// Address of the token account that holds its tokens.
    pub vault: &'a Address,
    /// Bump of the vault's address.
    pub vault_bump: u8,
    /// Bump of its address.
    pub bump: u8,
    /// Decimals of the mint.
    pub decimals: u8,
    /// True when it is taken from an offer.
    pub taken: bool,
    /// What the vault received, base units.
    pub received: u64,
    /// The opening slot.
    pub slot: u64,
}

/// The machine that a job is started on.
pub struct Machine<'a> {
    /// Address of the provider.
    pub provider: &'a Address,
    /// Owner of the provider.
    pub payee: &'a Address,
    /// Address of the node.
    pub node: &'a Address,
    /// The key that signs the machine's statements.
    pub worker: &'a Address,
    /// What every statement of the job begins with.
    pub context: [u8; 32],
}

impl Job {
    /// Writes a funded escrow that nobody has accepted. Terms, fees, resolver and recipients are fixed from here on.
    pub fn open(&mut self, args: &OpenArgs, from: &Opening) -> Result<()> {
        self.network = *from.network_key;
        self.buyer = *from.buyer;
        let to_buyer = args.refund_owner == NOBODY;
        self.refund_owner = *if to_buyer {
            from.buyer
        } else {
            &args.refund_owner
        };
        self.provider = args.provider;
        self.cosigner = args.cosigner;
        if let Some(set) = from.set {
            self.attestation_owner = set.fee_owner;
            self.attestation_bps = set.fee_bps;
            self.counts = u8::from(set.quality.shortfall(&args.terms).is_none());
        }
        self.resolver = args.resolver;
        self.vault = *from.vault;
        self.rent_payer = *from.rent_payer;
        self.spec_hash = args.spec_hash;
        self.terms = args.terms;
        self.id = args.id;
        self.incarnation = from.slot;
        self.end_at = args.open_until;
        self.length_secs = args.length_secs;
        self.fee_bps = from.network.params.fee_bps;
        self.decimals = from.decimals;
        self.vault_bump = from.vault_bump;
        self.bump = from.bump;
        self.taken = u8::from(from.taken);
        self.fund(from.received)?;
        require!(self.units_funded >= 1, SluiceError::NothingFunded);
        Ok(())
    }

    /// Starts the windows on a machine, with the bond in the terms locked behind them.
    pub fn start(&mut self, on: &Machine, now: i64) -> Result<()> {
        let length = i64::try_from(self.length_secs).fits()?;
        self.state = JobState::Active.byte();
        self.start_at = now;
        self.end_at = now.plus(length)?;
        self.bond = self.terms.bond;
        self.provider = *on.provider;
        self.payee = *on.payee;
        self.node = *on.node;
        self.worker = *on.worker;
        self.context = on.context;
        Ok(())
    }

    /// Excuses what was dry, ends the job's claim on its provider and returns the bond to unlock, base units. Refuses a
    /// job of which something can be proven, is pending or is frozen. `mature` first.
    pub fn release(&mut self, now: i64) -> Result<u64> {
        self.require_state(JobState::Active)?;
        require!(self.is_settled(now)?, SluiceError::NotSettled);
        self.excuse(now)?;
        self.state = JobState::Released.byte();
        Ok(core::mem::take(&mut self.bond))
    }

    /// Refuses to close what is not over or still owes.
    pub fn require_closable(&self, slot: u64, now: i64) -> Result<()> {
        require!(slot > self.incarnation, SluiceError::OpeningSlot);
        let never_accepted = self.state == JobState::Open.byte() && now >= self.end_at;
        require!(
            never_accepted || self.state == JobState::Released.byte(),
            SluiceError::WrongJobState
        );
        require!(self.owes_nothing(), SluiceError::StillOwing);
        Ok(())
    }
}
