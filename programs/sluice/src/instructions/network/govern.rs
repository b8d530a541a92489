use {crate::state::*, anchor_lang::prelude::*};

/// A role of a network, or anyone, changes it.
#[derive(Accounts)]
pub struct Govern {
    /// The instruction says whose role it must be.
    pub authority: Signer,
    #[account(mut)]
    pub network: Account<Network>,
}
