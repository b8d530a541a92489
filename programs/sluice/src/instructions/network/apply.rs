use {
    super::govern::*,
    crate::events::{self, ChangeApplied},
    anchor_lang::prelude::*,
};

#[inline(never)]
pub fn handler(ctx: &mut Context<Govern>) -> Result<()> {
    let network = &mut ctx.accounts.network;
    network.apply(Clock::get()?.unix_timestamp)?;
    events::emit(ChangeApplied {
        network: *network.account().address(),
    });
    Ok(())
}
