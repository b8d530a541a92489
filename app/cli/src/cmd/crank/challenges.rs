//! What is due of challenges: upholding, slashing, settling.

use {
    super::{Crank, Report},
    crate::{
        cmd::{challenge::settle as ruling, job::inconsistent},
        failure::Result,
        output::Fields,
        session::Session,
    },
    sluice_client::{
        AttesterSet, Challenge, Ledger, StakePool, address,
        view::challenge::{Step, settles_at_latest, signers},
    },
    solana_address::Address,
};

impl Crank {
    /// Upholds what nobody ruled on, slashes the signers of void windows, and settles.
    pub(super) fn challenges(
        &self,
        session: &mut Session<impl Ledger>,
        challenges: &[(Address, Challenge)],
        report: &mut Report,
    ) {
        for (key, challenge) in challenges {
            if let Err(failure) = self.challenge(session, key, challenge, report) {
                report.note(key, "read", Err(failure));
            }
        }
    }

    fn challenge(
        &self,
        session: &mut Session<impl Ledger>,
        key: &Address,
        challenge: &Challenge,
        report: &mut Report,
    ) -> Result<()> {
        let now = session.now()?;
        match Step::of(challenge, now) {
            Step::Wait | Step::Rule => report.later(key, "uphold", challenge.rule_until),
            Step::Uphold => {
                let result = ruling::uphold(session, challenge);
                report.note(key, "uphold", result);
            }
            Step::SlashSigners => slash_signers(session, key, challenge, report)?,
            Step::Settle => {}
        }
        if session.is_dry_run() {
            return Ok(());
        }
        let challenge: Challenge = session.ledger.get(key)?;
        match Step::of(&challenge, now) {
            Step::Settle => {
                let result = self.settle(session, key, &challenge);
                report.note(key, "settle", result);
            }
            Step::SlashSigners => report.later(key, "settle", settles_at_latest(&challenge)),
            _ => {}
        }
        Ok(())
    }

    fn settle(
        &self,
        session: &mut Session<impl Ledger>,
        key: &Address,
        challenge: &Challenge,
    ) -> Result<Fields> {
        if challenge.bond > 0 {
            let pool: StakePool = session.ledger.get(&challenge.pool)?;
            let mint = session.mint(&pool.mint)?;
            let winner = challenge.winner().map_err(inconsistent(key))?;
            self.paying(session, winner, &mint)?;
        }
        ruling::settle(session, key)
    }
}

/// Slashes the signers left of a void window whose stake is still there.
fn slash_signers(
    session: &mut Session<impl Ledger>,
    key: &Address,
    challenge: &Challenge,
    report: &mut Report,
) -> Result<()> {
    let set: AttesterSet = session.ledger.get(&challenge.set)?;
    for (index, signer) in signers(challenge, &set) {
        let attester = address::attester(&challenge.network, &signer);
        let pool = address::stake_pool(&attester);
        if session.ledger.account(&pool)?.is_some() {
            let result = ruling::slash_signer(session, challenge, index, &signer);
            report.note(key, "slash-signer", result);
        }
    }
    Ok(())
}
