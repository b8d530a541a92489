#![allow(
    unused_variables,
    reason = "the seeds of `init` read the arguments, which the derive does not see"
)]

use {
    crate::{
        error::SluiceError,
        events::{self, WorkReported},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct Report {
    pub pool: Account<RewardPool>,
    #[account(mut, constraint = share.pool == *pool.account().address() && share.node == *node.account().address() @ SluiceError::WrongShare)]
    pub share: Account<Share>,
    pub node: Account<Node>,
    /// The current epoch; may be absent while the report only sets a baseline.
    #[account(mut, constraint = epoch.pool == share.pool @ SluiceError::WrongEpoch)]
    pub epoch: Option<Account<Epoch>>,
    /// Its commission counts for the epoch; see [`Provider::commission_of`].
    #[account(address = share.provider @ SluiceError::NotItsProvider)]
    pub provider: UncheckedAccount,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<Report>) -> Result<()> {
    let a = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    let provider = &a.provider;
    let commission = || Provider::commission_of(provider, now);
    let nothing = Counted::default();
    let (index, counted, total_units) = match a.pool.reporting_epoch(now)? {
        None => {
            a.share.report_early(&a.node, &a.pool)?;
            (0, nothing, 0)
        }
        Some(index) => match a.share.report(&a.node, index, &a.pool, commission)? {
            None => (index, nothing, 0),
            Some(counted) => {
                let epoch = a.epoch.as_mut().filter(|epoch| epoch.index == index);
                let epoch = epoch.ok_or(SluiceError::WrongEpoch)?;
                epoch.add(counted.units, counted.first)?;
                (index, counted, epoch.total_units)
            }
        },
    };
    events::emit(WorkReported {
        share: *a.share.account().address(),
        epoch: index,
        units: counted.units,
        total_units,
        seen: a.share.seen,
        delegators_bps: u64::from(counted.delegators_bps),
    });
    Ok(())
}

#[derive(Accounts)]
#[instruction(index: u64)]
pub struct OpenEpoch {
    /// Pays rent; may be any of the other signers.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    #[account(mut)]
    pub pool: Account<RewardPool>,
    #[account(mut, constraint = share.pool == *pool.account().address() && share.node == *node.account().address() @ SluiceError::WrongShare)]
    pub share: Account<Share>,
    pub node: Account<Node>,
    /// Its commission counts for the epoch; see [`Provider::commission_of`].
    #[account(address = share.provider @ SluiceError::NotItsProvider)]
    pub provider: UncheckedAccount,
    #[account(init, payer = payer, seeds = [Epoch::SEED, pool.account().address().as_ref(), &index.to_le_bytes()], bump)]
    pub epoch: Account<Epoch>,
    pub system_program: Program<System>,
}

/// The first positive report of an epoch: opens it and sets its rate aside.
#[inline(never)]
pub fn open_epoch(ctx: &mut Context<OpenEpoch>, index: u64) -> Result<()> {
    let a = &mut ctx.accounts;
    let clock = Clock::get()?;
    let now = clock.unix_timestamp;
    require!(a.pool.working_epoch(now)? == index, SluiceError::WrongEpoch);
    let provider = &a.provider;
    let commission = || Provider::commission_of(provider, now);
    let counted = a.share.report(&a.node, index, &a.pool, commission)?;
    let counted = counted.ok_or(SluiceError::NothingToReport)?;
    a.pool.reserve_epoch()?;
    a.pool.invariant()?;
    let epoch = &mut a.epoch;
    let payer = *a.payer.address();
    epoch.open(a.share.pool, index, payer, clock.slot, ctx.bumps.epoch);
    epoch.add(counted.units, true)?;
    events::emit(WorkReported {
        share: *a.share.account().address(),
        epoch: index,
        units: counted.units,
        total_units: epoch.total_units,
        seen: a.share.seen,
        delegators_bps: u64::from(counted.delegators_bps),
    });
    Ok(())
}
