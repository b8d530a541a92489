use {
    crate::{
        error::SluiceError,
        events::{self, StakeChanged},
        mint_policy,
        state::*,
        vault::Transfer,
    },
    anchor_lang::{Space, prelude::*},
};

#[derive(Accounts)]
pub struct Stake {
    /// Pays the rent of a position that is new; may be any of the other signers.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub staker: Signer,
    #[account(address = pool.network @ SluiceError::WrongNetwork)]
    pub network: Account<Network>,
    #[account(mut)]
    pub pool: Account<StakePool>,
    /// The staker's position in the pool, or its address if there is none yet.
    #[account(mut)]
    pub position: UncheckedAccount,
    #[account(mut)]
    pub source: UncheckedAccount,
    #[account(mut, address = pool.vault)]
    pub vault: UncheckedAccount,
    #[account(address = pool.mint)]
    pub mint: UncheckedAccount,
    #[account(constraint = vault.account().owned_by(token_program.address()) @ SluiceError::WrongTokenProgram)]
    pub token_program: UncheckedAccount,
    pub system_program: Program<System>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<Stake>, amount: u64) -> Result<()> {
    let a = &mut ctx.accounts;
    let clock = Clock::get()?;
    a.network.require_intake(clock.unix_timestamp)?;
    require!(amount >= 1, SluiceError::AmountTooSmall);
    mint_policy::check(&a.mint)?;
    if !a.position.account().owned_by(&crate::ID) {
        a.open_position(clock.slot)?;
    }
    let mut view = *a.position.account();
    let mut data = view.try_borrow_mut()?;
    let position = Position::of(&mut data, a.pool.account().address(), a.staker.address())?;
    let received = Transfer {
        from: &a.source,
        to: &a.vault,
        mint: &a.mint,
        authority: &a.staker,
        token_program: &a.token_program,
        amount,
        decimals: a.pool.decimals,
    }
    .deposit()?;
    position.earn(&mut a.pool, clock.unix_timestamp)?;
    let shares = a.pool.deposit(received)?;
    position.add(shares)?;
    events::emit(StakeChanged::of(&a.pool, position));
    a.pool.invariant(&a.vault)
}

impl Stake {
    /// Creates the staker's position at its address.
    #[inline(never)]
    fn open_position(&mut self, slot: u64) -> Result<()> {
        let (pool, staker) = (*self.pool.account().address(), self.staker.address());
        let seeds = Position::seeds(&pool, staker);
        let address = self.position.address();
        let bump = anchor_lang::find_and_verify_program_address(&seeds, &crate::ID, address)
            .map_err(|_| SluiceError::WrongPosition)?;
        let [kind, of, by] = seeds;
        create_account_signed(
            &self.payer,
            &self.position,
            Account::<Position>::INIT_SPACE,
            &crate::ID,
            &[kind, of, by, &[bump]],
        )?;
        let mut view = *self.position.account();
        let mut data = view.try_borrow_mut()?;
        Position::fresh(&mut data)?.open(
            &mut self.pool,
            self.staker.address(),
            self.payer.address(),
            (slot, bump),
        )
    }
}
