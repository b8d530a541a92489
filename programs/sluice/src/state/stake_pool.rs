use {
    super::{Attester, Position, Provider},
    crate::{
        checked::{Checked, Fits},
        constants::NOBODY,
        error::SluiceError,
        vault,
    },
    anchor_lang::{pinocchio::cpi::Seed, prelude::*},
    core::slice,
    sluice_math::{dividend, dividend_stream::DividendStream, shares},
};

/// The stake behind one provider or attester: tokens, and shares of them at one price.
///
/// Address: `["stake_pool", subject]`; its tokens lie in `["vault", pool]`.
#[account]
pub struct StakePool {
    /// Address of the network.
    pub network: Address,
    /// The Provider or Attester account that this stake stands behind.
    pub subject: Address,
    /// Owner of the subject: bonds lock against this staker's position only.
    pub owner: Address,
    /// The stake mint.
    pub mint: Address,
    /// Address of the token account that holds the stake.
    pub vault: Address,
    /// Holds the dividends; zero until somebody adds the first.
    pub dividend_vault: Address,
    /// Who paid its rent and gets it back.
    pub rent_payer: Address,
    /// The slot in which it was opened.
    pub opened_slot: u64,
    /// Base units that the shares are worth.
    pub tokens: u64,
    /// Shares that earn dividends and stand behind bonds.
    pub active_shares: u64,
    /// Shares in unstake tickets.
    pub thawing_shares: u64,
    /// Base units of the owner's active stake that bonds hold.
    pub locked: u64,
    /// Dividends per active share, modulo 2^128: integer part, 64-bit fraction and the remainder carried on.
    pub dividend_index: [u64; 2],
    /// The remainder carried on.
    pub dividend_rem: u64,
    /// Dividends ever added, base units of the dividend mint, modulo 2^64: the same tokens may come again and again.
    pub dividend_total_in: u64,
    /// The period that dividends stream through now, counted from 1970 in `dividend_secs`; stale while none wait.
    pub dividend_period: u64,
    /// Dividends added in the period before, base units of the dividend mint, and what has streamed out of them.
    pub dividend_streaming: u64,
    /// What has streamed out of them, base units.
    pub dividend_released: u64,
    /// Dividends added since: they stream through the period after.
    pub dividend_next: u64,
    /// Slashed so far, base units; never falls.
    pub slashed: u64,
    /// The part of it that is still in the vault and waits to be burned, base units.
    pub to_burn: u64,
    /// Challengers' bonds in the vault, base units, and the challenges they belong to.
    pub challenge_bonds: u64,
    /// Challenges that have a bond in the vault.
    pub challenges: u64,
    /// Open positions.
    pub positions: u64,
    /// Decimals of the mint.
    pub decimals: u8,
    /// 0 for a provider, 1 for an attester.
    pub subject_kind: u8,
    /// Bump of its address.
    pub bump: u8,
    /// Bump of the vault's address.
    pub vault_bump: u8,
    /// Seconds of a period of the dividends, the network's.
    pub dividend_secs: u32,
    /// Zero; for later versions.
    pub reserve_words: [u64; 3],
}

/// What a stake pool stands behind.
pub struct Subject {
    /// Address of the network.
    pub network: Address,
    /// Owner of the provider or attester.
    pub owner: Address,
    /// 0 for a provider, 1 for an attester.
    pub kind: u8,
}

impl Subject {
    /// Reads a Provider or an Attester; anything else is refused.
    pub fn read(view: &AccountView) -> Result<Self> {
        require!(view.owned_by(&crate::ID), SluiceError::NotASubject);
        let data = view.try_borrow()?;
        Self::of(&data)
    }

    /// The subject in the bytes of an account of this program.
    pub fn of(data: &[u8]) -> Result<Self> {
        let (disc, rest) = data
            .split_first_chunk::<8>()
            .ok_or(SluiceError::NotASubject)?;
        let kind = if disc == Provider::DISCRIMINATOR {
            0
        } else if disc == Attester::DISCRIMINATOR {
            1
        } else {
            return Err(SluiceError::NotASubject.into());
        };
        let (network, rest) = rest
            .split_first_chunk::<32>()
            .ok_or(SluiceError::NotASubject)?;
        let (owner, _) = rest
            .split_first_chunk::<32>()
            .ok_or(SluiceError::NotASubject)?;
        Ok(Self {
            network: Address::new_from_array(*network),
            owner: Address::new_from_array(*owner),
            kind,
        })
    }
}

/// What a stake pool is opened with.
pub struct NewPool {
    /// Address of the provider or attester that the stake is behind.
    pub subject: Address,
    /// What it stands behind.
    pub behind: Subject,
    /// Mint of its tokens.
    pub mint: Address,
    /// Address of the token account that holds its tokens.
    pub vault: Address,
    /// Who paid its rent and gets it back.
    pub rent_payer: Address,
    /// Of the network.
    pub dividend_secs: u32,
    /// The slot of now.
    pub slot: u64,
    /// Decimals of the mint.
    pub decimals: u8,
    /// Of the pool and of its vault.
    pub bumps: (u8, u8),
}

impl Subject {
    /// True for a provider with nodes and an attester with live bits; false when the account is gone.
    pub fn is_in_use(view: &AccountView) -> Result<bool> {
        if !view.owned_by(&crate::ID) {
            return Ok(false);
        }
        let data = view.try_borrow()?;
        let (disc, body) = data
            .split_first_chunk::<8>()
            .ok_or(SluiceError::NotASubject)?;
        if disc == Provider::DISCRIMINATOR {
            let provider: &Provider =
                bytemuck::try_from_bytes(body).map_err(|_| SluiceError::NotASubject)?;
            Ok(provider.nodes > 0)
        } else {
            let attester: &Attester =
                bytemuck::try_from_bytes(body).map_err(|_| SluiceError::NotASubject)?;
            Ok(attester.live_bits > 0)
        }
    }
}

impl StakePool {
    /// First seed of its address.
    pub const SEED: &[u8] = b"stake_pool";

    /// The pool's address and bump.
    pub fn address(subject: &Address) -> (Address, u8) {
        Address::find_program_address(&[Self::SEED, subject.as_ref()], &crate::ID)
    }

    /// The pool of `subject` in the bytes of an account of this program.
    pub fn of<'a>(data: &'a mut [u8], subject: &Address) -> Result<&'a mut Self> {
        let (disc, body) = data
            .split_first_chunk_mut::<8>()
            .ok_or(SluiceError::WrongStakePool)?;
        require!(disc == Self::DISCRIMINATOR, SluiceError::WrongStakePool);
        let pool: &mut Self =
            bytemuck::try_from_bytes_mut(body).map_err(|_| SluiceError::WrongStakePool)?;
        require!(pool.subject == *subject, SluiceError::WrongStakePool);
        Ok(pool)
    }

    /// What the pool signs with.
    pub fn seeds(&self) -> [Seed<'_>; 3] {
        [
            Seed::from(Self::SEED),
            Seed::from(self.subject.as_ref()),
            Seed::from(slice::from_ref(&self.bump)),
        ]
    }

    /// Writes a new, empty pool.
    pub fn open(&mut self, new: &NewPool) {
        self.network = new.behind.network;
        self.subject = new.subject;
        self.owner = new.behind.owner;
        self.subject_kind = new.behind.kind;
        self.mint = new.mint;
        self.vault = new.vault;
        self.decimals = new.decimals;
        self.rent_payer = new.rent_payer;
        self.dividend_secs = new.dividend_secs;
        self.opened_slot = new.slot;
        (self.bump, self.vault_bump) = new.bumps;
    }

    /// Refuses to owe more than there is: every share is backed by a token at most, and the vault holds the stake, what
    /// waits to be burned and the challengers' bonds. Call it before a handler that moved stake returns.
    pub fn invariant(&self, vault: &AccountView) -> Result<()> {
        let owed = self.tokens.plus(self.to_burn)?.plus(self.challenge_bonds)?;
        require!(
            self.tokens <= self.shares()? && owed <= vault::balance(vault)?,
            SluiceError::StakeNotBacked
        );
        Ok(())
    }

    /// Active and thawing shares.
    pub fn shares(&self) -> Result<u64> {
        self.active_shares.plus(self.thawing_shares)
    }

    /// Base units that `shares` are worth now, rounded down.
    pub fn worth(&self, shares: u64) -> Result<u64> {
        shares::tokens_for(shares, self.tokens, self.shares()?).fits()
    }

    /// True when it was slashed so far that it takes no stake until all of its shares, thawing ones too, are out. Its
    /// exits stay as they were.
    pub fn is_dead(&self) -> Result<bool> {
        Ok(shares::is_dead(self.tokens, self.shares()?))
    }

    /// Adds `amount` received tokens and returns the shares they buy, rounded down.
    pub fn deposit(&mut self, amount: u64) -> Result<u64> {
        let total = self.shares()?;
        require!(!self.is_dead()?, SluiceError::StakePoolDead);
        let bought = shares::shares_for(amount, self.tokens, total);
        let bought = bought.ok_or(SluiceError::StakePoolFull)?;
        require!(bought >= 1, SluiceError::AmountTooSmall);
        self.tokens.raise(amount)?;
        self.active_shares.raise(bought)?;
        Ok(bought)
    }

    /// Moves `shares` from active to thawing.
    pub fn thaw(&mut self, shares: u64) -> Result<()> {
        self.active_shares.lower(shares)?;
        self.thawing_shares.raise(shares)?;
        Ok(())
    }

    /// Burns thawed `shares` and returns the tokens they are worth, rounded down.
    pub fn burn(&mut self, shares: u64) -> Result<u64> {
        let out = self.worth(shares)?;
        self.thawing_shares.lower(shares)?;
        self.tokens.lower(out)?;
        Ok(out)
    }

    /// Takes in `amount` of the dividend mint: it streams to the active shares through the next period.
    pub fn add_dividends(&mut self, amount: u64, now: i64) -> Result<()> {
        self.release_dividends(now)?;
        self.dividend_total_in = self.dividend_total_in.wrapping_add(amount);
        self.dividend_next.raise(amount)
    }

    /// Divides what has streamed by `now` among the active shares. Call it before every change of the shares.
    pub fn settle_dividends(&mut self, now: i64) -> Result<()> {
        if self.dividend_stream().is_idle() {
            return Ok(());
        }
        self.release_dividends(now)
    }

    // This is a function of its own, so that a pool without dividends pays for a look only.
    #[inline(never)]
    fn release_dividends(&mut self, now: i64) -> Result<()> {
        let mut stream = self.dividend_stream();
        let out = stream.release(now, self.dividend_secs).fits()?;
        if self.active_shares == 0 {
            stream.take_in(out).fits()?;
        } else if out > 0 {
            (self.dividend_index, self.dividend_rem) = dividend::add(
                self.dividend_index,
                self.dividend_rem,
                out,
                self.active_shares,
            )
            .fits()?;
        }
        self.set_dividend_stream(stream);
        Ok(())
    }

    /// One more position.
    pub fn join(&mut self) -> Result<()> {
        self.positions.raise(1)
    }

    /// One position less.
    pub fn leave(&mut self) -> Result<()> {
        self.positions.lower(1)
    }

    /// What the pool holds back of its dividends.
    pub const fn dividend_stream(&self) -> DividendStream {
        DividendStream {
            period: self.dividend_period,
            streaming: self.dividend_streaming,
            released: self.dividend_released,
            next: self.dividend_next,
        }
    }

    const fn set_dividend_stream(&mut self, stream: DividendStream) {
        self.dividend_period = stream.period;
        self.dividend_streaming = stream.streaming;
        self.dividend_released = stream.released;
        self.dividend_next = stream.next;
    }

    /// Forgets the dividends and their vault, whose rest was paid out.
    pub fn end_dividends(&mut self) {
        self.dividend_vault = NOBODY;
        self.set_dividend_stream(DividendStream::default());
    }

    /// Counts a challenger's bond that came in.
    pub fn hold_bond(&mut self, bond: u64) -> Result<()> {
        self.challenges.raise(1)?;
        self.challenge_bonds.raise(bond)?;
        Ok(())
    }

    /// Counts a challenger's bond out.
    pub fn free_bond(&mut self, bond: u64) -> Result<()> {
        self.challenges.lower(1)?;
        self.challenge_bonds.lower(bond)?;
        Ok(())
    }

    /// Takes `amount`, or all there is, from every share alike, to be burned; returns what it took.
    pub fn slash(&mut self, amount: u64) -> Result<u64> {
        let taken = amount.min(self.tokens);
        self.tokens.lower(taken)?;
        self.to_burn.raise(taken)?;
        self.slashed = self.slashed.saturating_add(taken);
        Ok(taken)
    }

    /// Takes out what was slashed and not burned yet, base units.
    pub fn take_slashed(&mut self) -> Result<u64> {
        let amount = core::mem::take(&mut self.to_burn);
        require!(amount >= 1, SluiceError::NothingDue);
        Ok(amount)
    }

    /// Moves `shares` from thawing back to active.
    pub fn refreeze(&mut self, shares: u64) -> Result<()> {
        self.thawing_shares.lower(shares)?;
        self.active_shares.raise(shares)?;
        Ok(())
    }

    /// Locks `bond` against the owner's active stake, which must stay at least `floor`.
    pub fn lock(&mut self, own: &Position, bond: u64, floor: u64) -> Result<()> {
        let locked = self.locked.plus(bond)?;
        require!(
            self.worth(own.shares)? >= locked.max(floor),
            SluiceError::StakeTooLow
        );
        self.locked = locked;
        Ok(())
    }

    /// Frees `bond`.
    pub fn unlock(&mut self, bond: u64) -> Result<()> {
        self.locked.lower(bond)?;
        Ok(())
    }
}
