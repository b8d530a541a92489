use {
    crate::{
        error::SluiceError,
        events::{self, ChallengeRuled},
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct RuleChallenge {
    /// The job's resolver; anyone once the ruling time is over.
    pub ruler: Signer,
    #[account(mut, address = challenge.job @ SluiceError::WrongChallenge)]
    pub job: Account<Job>,
    #[account(mut)]
    pub challenge: Account<Challenge>,
    #[account(mut, address = challenge.pool @ SluiceError::WrongStakePool)]
    pub pool: Account<StakePool>,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<RuleChallenge>, ruling: &Ruling) -> Result<()> {
    let a = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    let (job, challenge) = (&mut a.job, &mut a.challenge);
    challenge.rule(job, &mut a.pool, a.ruler.address(), ruling, now)?;
    events::emit(ChallengeRuled {
        challenge: *challenge.account().address(),
        job: challenge.job,
        evidence: challenge.evidence,
        units: challenge.units,
        slashed: challenge.slashed,
        window: challenge.window,
        signers: challenge.signers,
        reason: challenge.ruling_reason,
        verdict: u64::from(challenge.verdict),
    });
    Ok(())
}
