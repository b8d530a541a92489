use {
    super::govern::*,
    crate::{
        events::{self, ChangeProposed},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[inline(never)]
pub fn handler(ctx: &mut Context<Govern>, change: NetworkChange) -> Result<()> {
    let Govern { authority, network } = &mut ctx.accounts;
    network.require_admin(authority.address())?;
    network.propose(change, Clock::get()?.unix_timestamp)?;
    events::emit(ChangeProposed {
        network: *network.account().address(),
        change_at: network.change_at,
        change,
    });
    Ok(())
}
