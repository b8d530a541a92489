use {
    super::govern::*,
    crate::events::{self, AdminNamed},
    anchor_lang::prelude::*,
};

#[inline(never)]
pub fn handler(ctx: &mut Context<Govern>, candidate: Address) -> Result<()> {
    let Govern { authority, network } = &mut ctx.accounts;
    network.require_admin(authority.address())?;
    network.pending_admin = candidate;
    events::emit(AdminNamed {
        network: *network.account().address(),
        candidate,
    });
    Ok(())
}
