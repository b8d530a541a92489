use {
    super::Terms,
    crate::{
        attestation::Proof,
        checked::{Checked, Fits, byte_enum},
        constants::*,
        error::SluiceError,
    },
    anchor_lang::{pinocchio::cpi::Seed, prelude::*},
    bytemuck::{Pod, Zeroable, bytes_of},
    core::slice,
    sluice_math::{metering, schedule::Schedule},
};

/// One buyer's escrow for one job: terms, money as cumulative totals, and the ring of proven windows.
///
/// Address: `["job", network, buyer, id]`; its tokens lie in `["vault", job]`.
#[account]
pub struct Job {
    /// `sha256(domain, job, incarnation, node)`, set at accept: what every statement of this job begins with.
    pub context: [u8; 32],
    /// Address of the network.
    pub network: Address,
    /// The buyer, who can cancel the job.
    pub buyer: Address,
    /// Owner of every refund: the buyer, unless it named another, as sponsors and grants do.
    pub refund_owner: Address,
    /// The provider that was named at open or that accepted; zero for anyone.
    pub provider: Address,
    /// The provider's owner: payee of everything earned.
    pub payee: Address,
    /// The node that it runs on; zero before it is accepted.
    pub node: Address,
    /// The key that signs its statements; zero before it is accepted.
    pub worker: Address,
    /// The key that may countersign in the quorum's place; zero for none.
    pub cosigner: Address,
    /// Owner of the token accounts that receive the attestation fee.
    pub attestation_owner: Address,
    /// The network's resolver when the job was funded: rules its challenges.
    pub resolver: Address,
    /// Address of the token account that holds its escrow.
    pub vault: Address,
    /// Who paid its rent and gets it back.
    pub rent_payer: Address,
    /// The token accounts that the last pull of each kind went to; zero before the first. Kept as long as they are their
    /// recipient's, so that later pulls need not derive them.
    pub payee_account: Address,
    /// The last one of the treasury.
    pub treasury_account: Address,
    /// The last one of the set's fee owner.
    pub attestation_account: Address,
    /// The last one of the refund owner.
    pub refund_account: Address,
    /// Salted hash that names the work.
    pub spec_hash: [u8; 32],
    /// What it pays, and how it is proven.
    pub terms: Terms,
    /// Number among the buyer's jobs; part of its address.
    pub id: u64,
    /// Opening slot: tells this job from an earlier one at the same address.
    pub incarnation: u64,
    /// When its first window started, unix seconds; 0 while open.
    pub start_at: i64,
    /// An open job can be accepted before this time. Of an active job, windows that start before it can be proven, and it
    /// only moves earlier.
    pub end_at: i64,
    /// How long it runs once accepted, seconds.
    pub length_secs: u64,
    /// Deposited, base units; never falls.
    pub funded: u64,
    /// Units that `funded` covers.
    pub units_funded: u64,
    /// Units that are earned.
    pub units_matured: u64,
    /// Units that are proven and not yet earned.
    pub units_pending: u64,
    /// Units held by challenges.
    pub units_frozen: u64,
    /// Matured units that a quorum proved.
    pub quorum_matured: u64,
    /// Units credited to the node.
    pub quorum_credited: u64,
    /// What cosigned windows earned of the gross pay of the matured units, base units; never falls.
    pub gross_cosigned: u64,
    /// Paid to the provider, swept to the treasury and to the set's fee owner, refunded; base units, never fall.
    pub paid: u64,
    /// Swept to the network's treasury so far, base units.
    pub swept_treasury: u64,
    /// Swept to the set's fee owner so far, base units.
    pub swept_attesters: u64,
    /// Refunded so far, base units.
    pub refunded: u64,
    /// What is left of the locked bond, base units of the stake mint.
    pub bond: u64,
    /// One more than the latest window proven; 0 when none was.
    pub last_proven: u32,
    /// Whole windows with at least one unit that a quorum proved and no ruling made void.
    pub quorum_windows: u32,
    /// Whole windows with at least one unit accepted, by either path.
    pub worked_windows: u32,
    /// One more than the latest window with at least one unit accepted; 0 when none was.
    pub last_worked: u32,
    /// Whole windows that ended while less than one window's cap was funded and free. They do not count as missed.
    pub excused_windows: u32,
    /// One more than the latest window excused; 0 when none was.
    pub last_excused: u32,
    /// Windows that a ruling made void.
    pub void_windows: u32,
    /// Windows that were missed before the provider waived the job.
    pub missed_windows: u32,
    /// Network fee when the job was opened.
    pub fee_bps: u16,
    /// Attestation fee of the set.
    pub attestation_bps: u16,
    /// A [`JobState`].
    pub state: u8,
    /// Decimals of the mint of the payment.
    pub decimals: u8,
    /// 1 when the job was taken from an offer.
    pub taken: u8,
    /// An [`super::EndCause`].
    pub cause: u8,
    /// Bump of its address.
    pub bump: u8,
    /// Bump of the vault's address.
    pub vault_bump: u8,
    /// Rulings that slashed this job's bond.
    pub slashes: u8,
    /// 1 when the terms are what the set asks of jobs whose units count for rewards and records.
    pub counts: u8,
    /// Zero; for later versions.
    pub reserve: [u8; 4],
    /// The latest windows proven: window `w` in slot `w mod 16`.
    pub ring: [RingEntry; 16],
}

/// One proven window. The entry keeps its window until `window + 16` takes the slot; maturing, cosigning and challenging
/// only zero its units.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable, IdlType)]
pub struct RingEntry {
    /// Units not yet matured.
    pub units: u64,
    /// One more than the window; 0 when the slot was never used.
    pub window_plus_one: u32,
    /// The set's members that signed; 0 for a cosigned window.
    pub signers: u16,
    /// Zero; for later versions.
    pub reserve: [u8; 2],
    /// First bytes of the statement hash.
    pub statement: [u8; 24],
}

byte_enum! {
    /// The states of a job; closed is the absence of the account.
    pub enum JobState {
        /// Funded, and not accepted.
        Open = 0,
        /// Accepted: its windows can be proven, or what was proven waits to mature.
        Active = 1,
        /// Bond and slot are free; what is owed can be pulled still.
        Released = 2,
    }
}

impl Job {
    /// First seed of its address.
    pub const SEED: &[u8] = b"job";

    /// The job's address and bump.
    pub fn address(network: &Address, buyer: &Address, id: u64) -> (Address, u8) {
        Address::find_program_address(
            &[
                Self::SEED,
                network.as_ref(),
                buyer.as_ref(),
                &id.to_le_bytes(),
            ],
            &crate::ID,
        )
    }

    /// What the job signs with.
    pub fn seeds(&self) -> [Seed<'_>; 5] {
        [
            Seed::from(Self::SEED),
            Seed::from(self.network.as_ref()),
            Seed::from(self.buyer.as_ref()),
            Seed::from(bytes_of(&self.id)),
            Seed::from(slice::from_ref(&self.bump)),
        ]
    }

    /// The windows of this job.
    pub fn schedule(&self) -> Schedule {
        Schedule {
            start_at: self.start_at,
            end_at: self.end_at,
            window_secs: self.terms.window_secs,
            cap: self.terms.cap,
        }
    }

    /// Refuses a job in another state.
    pub fn require_state(&self, state: JobState) -> Result<()> {
        require!(self.state == state.byte(), SluiceError::WrongJobState);
        Ok(())
    }

    /// Refuses a job reopened at the same address since the caller looked.
    pub fn require_incarnation(&self, seen: u64) -> Result<()> {
        require!(self.incarnation == seen, SluiceError::WrongIncarnation);
        Ok(())
    }

    /// Turns every proof whose challenge time has passed into earned units.
    // One copy for all that are not called most: it is 640 bytes.
    #[inline(never)]
    pub fn mature(&mut self, now: i64) -> Result<()> {
        self.mature_inline(now)
    }

    /// The same, where the compute units of a call count.
    #[inline(always)]
    pub fn mature_inline(&mut self, now: i64) -> Result<()> {
        if self.units_pending == 0 {
            return Ok(());
        }
        let schedule = self.schedule();
        let after = self.terms.maturity_secs();
        // The ring's units are what is pending, so the last of them ends the search.
        let mut unseen = self.units_pending;
        let mut unripe = 0u64;
        for entry in &mut self.ring {
            if unseen == 0 {
                break;
            }
            if entry.units == 0 {
                continue;
            }
            unseen.lower(entry.units)?;
            let end = entry
                .window_plus_one
                .checked_sub(1)
                .and_then(|window| schedule.window_end(window))
                .fits()?;
            if now >= end.saturating_add(after) {
                entry.units = 0;
            } else {
                unripe.raise(entry.units)?;
            }
        }
        let pending = unripe.plus(unseen)?;
        let matured = self.units_pending.minus(pending)?;
        self.units_pending = pending;
        self.quorum_matured.raise(matured)?;
        self.earn(matured)
    }

    /// Units already spoken for: matured, pending and frozen.
    pub fn units_counted(&self) -> Result<u64> {
        self.units_matured
            .checked_add(self.units_pending)
            .and_then(|units| units.checked_add(self.units_frozen))
            .fits()
    }

    /// Enters a proof and returns the units accepted. A cosigned one matures at once.
    pub fn prove(&mut self, now: i64, proof: &Proof) -> Result<u64> {
        let Proof {
            claimed,
            signers,
            statement,
        } = *proof;
        self.require_state(JobState::Active)?;
        let window = claimed.window;
        let schedule = self.schedule();
        let end = schedule
            .window_end(window)
            .ok_or(SluiceError::WindowOutOfJob)?;
        require!(now >= end, SluiceError::WindowNotEnded);
        require!(
            now < end.saturating_add(i64::from(self.terms.grace_secs)),
            SluiceError::StatementExpired
        );
        require!(
            end.saturating_sub(i64::from(self.terms.window_secs)) < self.end_at,
            SluiceError::WindowOutOfJob
        );
        // The end never moves before a window that has ended, so what is whole stays whole.
        let whole = end <= self.end_at;
        let cap = if whole {
            self.terms.cap
        } else {
            schedule.cap_of(window).fits()?
        };
        let room = self.units_funded.minus(self.units_counted()?)?;
        let accepted = claimed.units.min(cap).min(room);
        require!(
            claimed.units == 0 || accepted > 0,
            SluiceError::NothingWouldCount
        );

        let number = window.checked_add(1).ok_or(SluiceError::WindowOutOfJob)?;
        let slot = usize::try_from(window % RING).fits()?;
        let entry = self.ring.get_mut(slot).fits()?;
        require!(
            entry.window_plus_one != number,
            SluiceError::WindowAlreadyProven
        );
        let quorum = signers != 0;
        let (head, _) = statement.split_first_chunk::<24>().fits()?;
        *entry = RingEntry {
            units: if quorum { accepted } else { 0 },
            window_plus_one: number,
            signers,
            reserve: [0; 2],
            statement: *head,
        };
        self.last_proven = self.last_proven.max(number);
        if accepted > 0 {
            self.last_worked = self.last_worked.max(number);
            if whole {
                self.worked_windows = self.worked_windows.saturating_add(1);
                self.quorum_windows = self.quorum_windows.saturating_add(u32::from(quorum));
            }
        }
        if quorum {
            self.units_pending.raise(accepted)?;
        } else {
            self.earn_cosigned(accepted)?;
        }
        Ok(accepted)
    }

    /// Units that may still be proven: the caps of windows neither proven nor past their grace.
    pub fn units_usable(&self, now: i64) -> Result<u64> {
        let schedule = self.schedule();
        let first = schedule.first_open(now, self.terms.grace_secs).fits()?;
        let mut usable = schedule.caps_from(first).fits()?;
        // A window not past its grace that was proven has ended, so these are at most sixteen and mostly one or two.
        let ended = schedule.first_open(now, 0).fits()?;
        let mut window = first;
        while usable > 0 && window < ended {
            if self.is_proven(window) {
                let cap = schedule.cap_of(window).fits()?;
                usable = usable.saturating_sub(cap);
            }
            window = window.saturating_add(1);
        }
        Ok(usable)
    }

    /// True when `window`, of the latest sixteen that ended, was proven.
    fn is_proven(&self, window: u32) -> bool {
        let slot = usize::try_from(window % RING).unwrap_or_default();
        self.ring
            .get(slot)
            .is_some_and(|entry| entry.window_plus_one.checked_sub(1) == Some(window))
    }

    /// True once nothing of this job can be proven, is pending or frozen. `mature` first.
    pub fn is_settled(&self, now: i64) -> Result<bool> {
        let closed_at = self
            .schedule()
            .all_closed_at(self.terms.grace_secs)
            .fits()?;
        Ok(now >= closed_at && self.units_pending == 0 && self.units_frozen == 0)
    }

    /// The matured quorum units that count: those that whole base units paid for, and none in a job that falls short of
    /// what its set asks.
    pub fn creditable(&self) -> Result<u64> {
        if self.counts == 0 {
            return Ok(0);
        }
        // If nothing was cosigned, all that was earned is the quorum's.
        let own = if self.gross_cosigned == 0 {
            u64::MAX
        } else {
            let gross = self.terms.gross(self.units_matured)?;
            gross.minus(self.gross_cosigned)?
        };
        metering::paid_units(self.quorum_matured, own, self.terms.price, self.terms.per).fits()
    }

    /// Takes the units that count and were not credited yet.
    pub fn take_credit(&mut self) -> Result<u64> {
        let total = self.creditable()?;
        let units = total.minus(self.quorum_credited)?;
        self.quorum_credited = total;
        Ok(units)
    }
}
