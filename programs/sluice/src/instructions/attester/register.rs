use {
    crate::{
        error::SluiceError,
        events::{self, AttesterRegistered},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct RegisterAttester {
    /// Pays rent; may be any of the other signers.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub owner: Signer,
    /// The key itself signs, so nobody can register somebody else's.
    pub key: Signer,
    pub network: Account<Network>,
    #[account(init, payer = payer, seeds = [Attester::SEED, network.account().address().as_ref(), key.address().as_ref()], bump)]
    pub attester: Account<Attester>,
    pub system_program: Program<System>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<RegisterAttester>) -> Result<()> {
    let a = &mut ctx.accounts;
    require!(a.key.address().is_on_curve(), SluiceError::KeyOffCurve);
    let attester = &mut a.attester;
    attester.register(&NewAttester {
        network: *a.network.account().address(),
        owner: *a.owner.address(),
        key: *a.key.address(),
        rent_payer: *a.payer.address(),
        slot: Clock::get()?.slot,
        bump: ctx.bumps.attester,
    });
    events::emit(AttesterRegistered {
        network: attester.network,
        attester: *attester.account().address(),
        owner: attester.owner,
        key: attester.key,
    });
    Ok(())
}
