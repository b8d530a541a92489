use {
    crate::{
        error::SluiceError,
        events::{self, AttesterSlashed},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// An attester and the stake that answers for it.
#[derive(Accounts)]
pub struct Bonded {
    #[account(mut)]
    pub attester: Account<Attester>,
    #[account(mut, constraint = pool.subject == *attester.account().address() @ SluiceError::WrongStakePool)]
    pub pool: Account<StakePool>,
}

impl Bonded {
    /// Slashes the attester's bond, or what is left of it at its owner's `position`; it is `standing` from here on.
    pub fn slash(&mut self, position: &AccountView, standing: Standing) -> Result<()> {
        let pool = self.pool.account().address();
        let own_shares = Position::shares_at(position, pool, &self.attester.owner)?;
        let taken = self.attester.slash(&mut self.pool, own_shares, standing)?;
        events::emit(AttesterSlashed {
            attester: *self.attester.account().address(),
            pool: *self.pool.account().address(),
            taken,
            standing: u64::from(self.attester.standing),
        });
        Ok(())
    }
}
