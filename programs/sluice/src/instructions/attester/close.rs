use {
    crate::{error::SluiceError, state::*},
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct CloseAttester {
    #[account(address = attester.owner @ SluiceError::NotOwner)]
    pub owner: Signer,
    #[account(mut, close = rent_payer)]
    pub attester: Account<Attester>,
    #[account(mut, unsafe(dup), address = attester.rent_payer)]
    pub rent_payer: UncheckedAccount,
    /// The address of the attester's stake pool, which must be gone: its stake answers for what the attester signed until
    /// all is withdrawn.
    #[account(seeds = [StakePool::SEED, attester.account().address().as_ref()], bump)]
    pub pool: UncheckedAccount,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<CloseAttester>) -> Result<()> {
    let a = &mut ctx.accounts;
    require!(
        Clock::get()?.slot > a.attester.opened_slot,
        SluiceError::OpeningSlot
    );
    require!(
        a.attester.standing == Standing::Good.byte(),
        SluiceError::StandingNotGood
    );
    require!(
        a.attester.live_bits == 0 && !a.pool.account().owned_by(&crate::ID),
        SluiceError::StillInUse
    );
    Ok(())
}
