use {
    crate::{
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
    #[account(init, payer = payer, seeds = [Share::SEED, pool.account().address().as_ref(), node.account().address().as_ref()], bump)]
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
    a.pool.join()?;
    let new = Joining {
        pool: *a.pool.account().address(),
        node: *a.node.account().address(),
        payee: a.provider.owner,
        rent_payer: *a.payer.address(),
        slot: clock.slot,
        bump: ctx.bumps.share,
    };
    let share = &mut a.share;
    share.join(&a.node, &a.pool, &new, clock.unix_timestamp)?;
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
