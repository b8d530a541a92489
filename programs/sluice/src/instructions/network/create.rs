#![allow(
    unused_variables,
    reason = "the seeds of `init` read the arguments, which the derive does not see"
)]

use {
    crate::{
        constants::*,
        error::SluiceError,
        events::{self, NetworkCreated},
        hash, mint_policy,
        state::*,
    },
    anchor_lang::prelude::*,
};

/// What a new network is made of.
#[derive(Clone, Copy, Debug, IdlType, SchemaRead, SchemaWrite)]
pub struct NetworkArgs {
    /// 1 to 16 bytes, zeros to the end; part of the network's address.
    pub name: [u8; 16],
    /// Chosen by the creator; makes the domain unique even if everything else repeats.
    pub nonce: [u8; 32],
    /// Who may do what.
    pub roles: NetworkRoles,
    /// What can change later.
    pub params: NetworkParams,
    /// Floor of the unbonding time for ever, seconds.
    pub min_unbonding_secs: u32,
    /// Seconds of a period of dividends, 1 to 30 days.
    pub dividend_secs: u32,
}

impl NetworkArgs {
    /// Refuses what is out of bounds: what never changes, the parameters and the roles.
    pub fn validate(&self) -> Result<()> {
        require!(self.min_unbonding_secs >= 1, SluiceError::TermIsZero);
        require!(
            (MIN_DIVIDEND_SECS..=MAX_DIVIDEND_SECS).contains(&self.dividend_secs),
            SluiceError::DividendPeriodOutOfBounds
        );
        self.params.validate(self.min_unbonding_secs)?;
        self.roles.validate()
    }
}

#[derive(Accounts)]
#[instruction(args: NetworkArgs)]
pub struct CreateNetwork {
    /// Pays rent; may be any of the other signers.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub creator: Signer,
    #[account(init, payer = payer, seeds = [Network::SEED, creator.address().as_ref(), &args.name], bump)]
    pub network: Account<Network>,
    pub stake_mint: UncheckedAccount,
    pub dividend_mint: UncheckedAccount,
    pub system_program: Program<System>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<CreateNetwork>, args: NetworkArgs) -> Result<()> {
    let a = &mut ctx.accounts;
    let clock = Clock::get()?;
    args.validate()?;
    require!(
        !WRAPPED_SOL.contains(a.stake_mint.address()),
        SluiceError::WrappedSolStake
    );
    mint_policy::check(&a.stake_mint)?;
    mint_policy::check(&a.dividend_mint)?;

    let address = *a.network.account().address();
    let network = &mut a.network;
    network.domain = hash::sha256(&[
        address.as_ref(),
        &clock.slot.to_le_bytes(),
        &clock.unix_timestamp.to_le_bytes(),
        &args.nonce,
    ]);
    network.creator = *a.creator.address();
    network.name = args.name;
    network.roles = args.roles;
    network.stake_mint = *a.stake_mint.address();
    network.dividend_mint = *a.dividend_mint.address();
    network.params = args.params;
    network.opened_slot = clock.slot;
    network.min_unbonding_secs = args.min_unbonding_secs;
    network.dividend_secs = args.dividend_secs;
    network.bump = ctx.bumps.network;
    events::emit(NetworkCreated {
        network: address,
        creator: network.creator,
        stake_mint: network.stake_mint,
        dividend_mint: network.dividend_mint,
    });
    Ok(())
}
