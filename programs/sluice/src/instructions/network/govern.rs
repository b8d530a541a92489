use {crate::state::*, anchor_lang::prelude::*};

/// A role of a network, or anyone, changes it.
#[derive(Accounts)]
pub struct Govern {
    /// Whose role it must be is for the instruction to say.
    pub authority: Signer,
    #[account(mut)]
    pub network: Account<Network>,
}
