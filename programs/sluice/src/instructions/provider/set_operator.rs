use {
    crate::{
        error::SluiceError,
        events::{self, OperatorChanged},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct SetOperator {
    #[account(address = provider.owner @ SluiceError::NotOwner)]
    pub owner: Signer,
    #[account(mut)]
    pub provider: Account<Provider>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<SetOperator>, operator: Address) -> Result<()> {
    let provider = &mut ctx.accounts.provider;
    provider.operator = operator;
    events::emit(OperatorChanged {
        provider: *provider.account().address(),
        operator,
    });
    Ok(())
}
