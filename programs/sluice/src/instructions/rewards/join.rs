use {
    crate::{
        checked::Checked,
        error::SluiceError,
        events::{self, ShareJoined},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct JoinRewardPool {
    /// Pays rent; may be any of the other signers.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    #[account(address = provider.operator @ SluiceError::NotOperator)]
    pub operator: Signer,
    pub provider: Account<Provider>,
    #[account(constraint = node.provider == *provider.account().address() @ SluiceError::WrongNode)]
    pub node: Account<Node>,
    #[account(mut, constraint = pool.set == node.set @ SluiceError::NodeOfAnotherSet)]
    pub pool: Account<RewardPool>,
    #[account(init, payer = payer, seeds = [b"share", pool.account().address().as_ref(), node.account().address().as_ref()], bump)]
    pub share: Account<Share>,
    pub system_program: Program<System>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<JoinRewardPool>, incarnation: u64) -> Result<()> {
    let a = &mut ctx.accounts;
    let clock = Clock::get()?;
    require!(
        a.pool.incarnation == incarnation,
        SluiceError::WrongIncarnation
    );
    let epoch = if clock.unix_timestamp < a.pool.terms.start_at {
        0
    } else {
        a.pool.working_epoch(clock.unix_timestamp)?
    };
    a.pool.shares.raise(1)?;
    let share = &mut a.share;
    share.pool = *a.pool.account().address();
    share.node = *a.node.account().address();
    share.provider = a.node.provider;
    share.payee = a.provider.owner;
    share.rent_payer = *a.payer.address();
    share.opened_slot = clock.slot;
    share.registration = a.node.opened_slot;
    share.joined_epoch = epoch;
    share.bump = ctx.bumps.share;
    events::emit(ShareJoined {
        pool: share.pool,
        share: *share.account().address(),
        node: share.node,
        provider: share.provider,
        payee: share.payee,
        registration: share.registration,
    });
    Ok(())
}
