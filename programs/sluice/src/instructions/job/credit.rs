use {
    super::mature::mature_pending,
    crate::{
        error::SluiceError,
        events::{self, NodeCredited},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct Credit {
    #[account(mut)]
    pub job: Account<Job>,
    #[account(mut, address = job.node @ SluiceError::WrongNode)]
    pub node: Account<Node>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<Credit>) -> Result<()> {
    let a = &mut ctx.accounts;
    require!(a.job.counts == 1, SluiceError::JobDoesNotCount);
    mature_pending(&mut a.job)?;
    let units = a.job.take_credit()?;
    require!(units > 0, SluiceError::NothingDue);
    a.node.credit(units);
    events::emit(NodeCredited {
        node: *a.node.account().address(),
        job: *a.job.account().address(),
        units,
        node_units: a.node.units,
    });
    Ok(())
}
