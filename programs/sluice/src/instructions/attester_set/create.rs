#![allow(
    unused_variables,
    reason = "the seeds of `init` read the arguments, which the derive does not see"
)]

use {
    crate::{
        error::SluiceError,
        events::{self, AttesterSetCreated},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
#[instruction(digest: [u8; 32])]
pub struct CreateAttesterSet {
    /// Pays rent; may be any of the other signers.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub network: Account<Network>,
    #[account(init, payer = payer, seeds = [AttesterSet::SEED, network.account().address().as_ref(), &digest], bump)]
    pub set: Account<AttesterSet>,
    pub system_program: Program<System>,
}

#[inline(never)]
pub fn handler(
    ctx: &mut Context<CreateAttesterSet>,
    digest: [u8; 32],
    args: SetArgs,
) -> Result<()> {
    let a = &mut ctx.accounts;
    args.validate()?;
    require!(args.digest() == digest, SluiceError::WrongSetDigest);

    let set = &mut a.set;
    let at = (Clock::get()?.slot, ctx.bumps.set);
    set.create(*a.network.account().address(), digest, &args, at);
    events::emit(AttesterSetCreated {
        network: set.network,
        set: *set.account().address(),
        digest,
    });
    Ok(())
}
