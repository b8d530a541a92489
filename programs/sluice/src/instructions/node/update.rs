use {
    crate::{
        error::SluiceError,
        events::{self, NodeUpdated},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct UpdateNode {
    #[account(address = provider.operator @ SluiceError::NotOperator)]
    pub operator: Signer,
    #[account(address = node.provider @ SluiceError::WrongProvider)]
    pub provider: Account<Provider>,
    #[account(mut)]
    pub node: Account<Node>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<UpdateNode>, args: &NodeArgs) -> Result<()> {
    let node = &mut ctx.accounts.node;
    node.describe(args)?;
    events::emit(NodeUpdated {
        node: *node.account().address(),
        slots_total: node.slots_total,
        class: node.class,
        region: node.region,
    });
    Ok(())
}
