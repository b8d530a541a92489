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
    challenge.require_open()?;
    require!(
        job.incarnation == challenge.incarnation,
        SluiceError::WrongChallenge
    );
    require!(
        ruling.void <= 1 && ruling.signers_lied <= 1,
        SluiceError::MalformedRuling
    );
    let void = ruling.void == 1;
    let lied = ruling.signers_lied == 1;
    if now < challenge.rule_until {
        require!(*a.ruler.address() == job.resolver, SluiceError::NotResolver);
        require!(now >= challenge.rule_from, SluiceError::RulingTooEarly);
    } else {
        require!(!void, SluiceError::MustUphold);
    }
    require!(
        void || (ruling.slash == 0 && !lied),
        SluiceError::MustUphold
    );

    job.thaw(challenge.window, challenge.units, !void)?;
    if ruling.slash > 0 {
        job.bond = job
            .bond
            .checked_sub(ruling.slash)
            .ok_or(SluiceError::SlashAboveBond)?;
        a.pool.unlock(ruling.slash)?;
        challenge.slashed = a.pool.slash(ruling.slash)?;
        job.slashes = job.slashes.saturating_add(1);
    }
    if !lied {
        challenge.signers = 0;
    }
    let verdict = if void { Verdict::Void } else { Verdict::Upheld };
    challenge.verdict = verdict.byte();
    challenge.ruled_at = now;
    challenge.ruling_reason = ruling.reason;
    challenge.extend(a.ruler.address(), &ruling.evidence);
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
