use {
    super::govern::*,
    crate::events::{self, AdminChanged},
    anchor_lang::prelude::*,
};

#[inline(never)]
pub fn handler(ctx: &mut Context<Govern>) -> Result<()> {
    let Govern { authority, network } = &mut ctx.accounts;
    network.hand_over(authority.address())?;
    events::emit(AdminChanged {
        network: *network.account().address(),
        admin: network.roles.admin,
    });
    Ok(())
}
