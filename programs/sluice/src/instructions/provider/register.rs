use {
    crate::{
        events::{self, ProviderRegistered},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct RegisterProvider {
    /// Pays rent; may be any of the other signers.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub owner: Signer,
    pub network: Account<Network>,
    #[account(init, payer = payer, seeds = [Provider::SEED, network.account().address().as_ref(), owner.address().as_ref()], bump)]
    pub provider: Account<Provider>,
    pub system_program: Program<System>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<RegisterProvider>, operator: Address) -> Result<()> {
    let a = &mut ctx.accounts;
    let provider = &mut a.provider;
    provider.register(
        *a.network.account().address(),
        *a.owner.address(),
        operator,
        *a.payer.address(),
        Clock::get()?.slot,
        ctx.bumps.provider,
    );
    events::emit(ProviderRegistered {
        network: provider.network,
        provider: *provider.account().address(),
        owner: provider.owner,
        operator,
    });
    Ok(())
}
