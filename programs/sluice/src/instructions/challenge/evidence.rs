use {
    crate::{
        error::SluiceError,
        events::{self, EvidenceAdded},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct AddEvidence {
    pub author: Signer,
    #[account(mut)]
    pub challenge: Account<Challenge>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<AddEvidence>, piece: &[u8; 32]) -> Result<()> {
    let a = &mut ctx.accounts;
    a.challenge.require_open()?;
    require!(
        Clock::get()?.unix_timestamp < a.challenge.rule_until,
        SluiceError::EvidenceClosed
    );
    a.challenge.extend(a.author.address(), piece);
    events::emit(EvidenceAdded {
        challenge: *a.challenge.account().address(),
        author: *a.author.address(),
        piece: *piece,
        evidence: a.challenge.evidence,
    });
    Ok(())
}
