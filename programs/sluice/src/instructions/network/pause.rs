use {
    super::govern::*,
    crate::{
        error::SluiceError,
        events::{self, PauseChanged},
    },
    anchor_lang::prelude::*,
};

#[inline(never)]
pub fn handler(ctx: &mut Context<Govern>, secs: u32) -> Result<()> {
    let Govern { authority, network } = &mut ctx.accounts;
    require!(
        *authority.address() == network.roles.guardian,
        SluiceError::NotGuardian
    );
    network.pause(secs, Clock::get()?.unix_timestamp)?;
    events::emit(PauseChanged {
        network: *network.account().address(),
        paused_at: network.paused_at,
        paused_until: network.paused_until,
    });
    Ok(())
}
