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
    #[account(constraint = node.set == pool.set @ SluiceError::NodeOfAnotherSet)]
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
    let (index, reported) = if a.pool.is_before_start(now) {
        a.share.set_baseline(&a.node);
        (0, Reported::Baseline)
    } else {
        let index = a.pool.working_epoch(now)?;
        (index, a.share.report(&a.node, index, &a.pool)?)
    };
    let (units, total_units, delegators_bps) = match (reported, a.epoch.as_mut()) {
        (Reported::Baseline, _) => (0, 0, 0),
        (Reported::Units { units, first }, Some(epoch)) if epoch.index == index => {
            if first {
                a.share.delegate(index, &a.pool, &a.provider, now)?;
            }
            epoch.add(units, first)?;
            (units, epoch.total_units, a.share.slot(index).delegators_bps)
        }
        _ => return Err(SluiceError::WrongEpoch.into()),
    };
    events::emit(WorkReported {
        share: *a.share.account().address(),
        epoch: index,
        units,
        total_units,
        seen: a.share.seen,
        delegators_bps: u64::from(delegators_bps),
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
    #[account(constraint = node.set == pool.set @ SluiceError::NodeOfAnotherSet)]
    pub node: Account<Node>,
    /// Its commission counts for the epoch; see [`Provider::commission_of`].
    #[account(address = share.provider @ SluiceError::NotItsProvider)]
    pub provider: UncheckedAccount,
    #[account(init, payer = payer, seeds = [b"epoch", pool.account().address().as_ref(), &index.to_le_bytes()], bump)]
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
    let Reported::Units { units, .. } = a.share.report(&a.node, index, &a.pool)? else {
        return Err(SluiceError::NothingToReport.into());
    };
    a.share.delegate(index, &a.pool, &a.provider, now)?;
    a.pool.reserve_epoch()?;
    a.pool.invariant()?;
    let epoch = &mut a.epoch;
    let payer = *a.payer.address();
    epoch.open(a.share.pool, index, payer, clock.slot, ctx.bumps.epoch);
    epoch.add(units, true)?;
    events::emit(WorkReported {
        share: *a.share.account().address(),
        epoch: index,
        units,
        total_units: epoch.total_units,
        seen: a.share.seen,
        delegators_bps: u64::from(a.share.slot(index).delegators_bps),
    });
    Ok(())
}
