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
    /// Slashes the attester's bond; it is `standing` from here on.
    pub fn slash(&mut self, standing: Standing) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let taken = self.attester.slash(&mut self.pool, standing, now)?;
        events::emit(AttesterSlashed {
            attester: *self.attester.account().address(),
            pool: *self.pool.account().address(),
            taken,
            standing: u64::from(self.attester.standing),
        });
        Ok(())
    }
}
