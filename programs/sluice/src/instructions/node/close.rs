use {
    crate::{
        checked::Checked,
        error::SluiceError,
        events::{self, NodeClosed},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct CloseNode {
    #[account(address = provider.owner @ SluiceError::NotOwner)]
    pub owner: Signer,
    #[account(mut, address = node.provider @ SluiceError::WrongProvider)]
    pub provider: Account<Provider>,
    #[account(mut, close = rent_payer)]
    pub node: Account<Node>,
    #[account(mut, unsafe(dup), address = node.rent_payer)]
    pub rent_payer: UncheckedAccount,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<CloseNode>) -> Result<()> {
    let a = &mut ctx.accounts;
    require!(
        Clock::get()?.slot > a.node.opened_slot,
        SluiceError::OpeningSlot
    );
    require!(a.node.slots_used == 0, SluiceError::StillInUse);
    a.provider.nodes.lower(1)?;
    events::emit(NodeClosed {
        node: *a.node.account().address(),
        units: a.node.units,
    });
    Ok(())
}
