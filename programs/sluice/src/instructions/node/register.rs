use {
    crate::{
        checked::Checked,
        constants::NOBODY,
        error::SluiceError,
        events::{self, NodeRegistered},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct RegisterNode {
    /// Pays rent; may be any of the other signers.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    #[account(address = provider.owner @ SluiceError::NotOwner)]
    pub owner: Signer,
    /// The worker's key signs, so nobody can register somebody else's machine.
    pub worker: Signer,
    #[account(mut)]
    pub provider: Account<Provider>,
    /// Absent for a node that works for cosigners only.
    #[account(constraint = set.network == provider.network @ SluiceError::WrongNetwork)]
    pub set: Option<Account<AttesterSet>>,
    #[account(init, payer = payer, seeds = [Node::SEED, provider.account().address().as_ref(), worker.address().as_ref()], bump)]
    pub node: Account<Node>,
    pub system_program: Program<System>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<RegisterNode>, args: &NodeArgs) -> Result<()> {
    let a = &mut ctx.accounts;
    require!(a.worker.address().is_on_curve(), SluiceError::KeyOffCurve);
    a.provider.nodes.raise(1)?;
    let node = &mut a.node;
    node.describe(args)?;
    node.opened_slot = Clock::get()?.slot;
    node.bump = ctx.bumps.node;
    node.network = a.provider.network;
    node.provider = *a.provider.account().address();
    node.worker = *a.worker.address();
    node.set = a
        .set
        .as_ref()
        .map_or(NOBODY, |set| *set.account().address());
    node.rent_payer = *a.payer.address();
    events::emit(NodeRegistered {
        network: node.network,
        provider: node.provider,
        node: *node.account().address(),
        worker: node.worker,
        set: node.set,
    });
    Ok(())
}
