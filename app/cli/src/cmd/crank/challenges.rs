//! What is due of challenges: upholding, slashing, settling.

use {
    super::{Crank, Report, moving},
    crate::{failure::Result, output::Fields, session::Session},
    sluice::constants::NOBODY,
    sluice_client::{
        Attester, AttesterSet, Challenge, Ledger, StakePool, address,
        due::challenge::{Signer, Step, due},
        ledger::BATCH,
        view::challenge::{self, signers},
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
    ) -> Result<()> {
        let mut turns = session.counted("looks after the challenges", challenges);
        for batch in challenges.chunks(BATCH) {
            look_ahead(session, batch)?;
            for (key, challenge) in turns.by_ref().take(batch.len()) {
                if let Err(failure) = self.challenge(session, key, challenge, report) {
                    report.note(key, "read", Err(failure));
                }
            }
        }
        Ok(())
    }

    fn challenge(
        &self,
        session: &mut Session<impl Ledger>,
        key: &Address,
        challenge: &Challenge,
        report: &mut Report,
    ) -> Result<()> {
        let now = session.now()?;
        let first = due(
            challenge,
            &to_slash(session, key, challenge, now, report)?,
            now,
        );
        for step in first.steps.iter().filter(|step| !step.ends()) {
            let result = self.challenge_step(session, challenge, step);
            report.note(key, step.name(), result);
        }
        for later in first.later.iter().filter(|later| !later.step.ends()) {
            report.later(key, later.step.name(), later.at);
        }
        if session.is_dry_run() {
            return Ok(());
        }
        let challenge: Challenge = session.ledger.get(key)?;
        let last = due(&challenge, &[], now);
        for step in last.steps.iter().filter(|step| step.ends()) {
            let result = self.challenge_step(session, &challenge, step);
            report.note(key, step.name(), result);
        }
        for later in last.later.iter().filter(|later| later.step.ends()) {
            report.later(key, later.step.name(), later.at);
        }
        Ok(())
    }

    fn challenge_step(
        &self,
        session: &mut Session<impl Ledger>,
        challenge: &Challenge,
        step: &Step,
    ) -> Result<Fields> {
        let pool: StakePool = session.ledger.get(&challenge.pool)?;
        let mint = session.mint(&pool.mint)?;
        let mut plan = self.paying(session, step.payment(), &mint)?;
        let mut sender = NOBODY;
        if *step == Step::Uphold {
            let signer = session.signer()?;
            sender = signer.pubkey();
            plan = plan.signed_by(signer);
        }
        plan.push(step.instruction(&sender, challenge, &pool, &mint.token_program));
        session.execute(plan, moving(step.payment().map(|one| one.amount), &mint))
    }
}

/// Reads in batches what the turns of these challenges look at.
fn look_ahead(session: &Session<impl Ledger>, challenges: &[(Address, Challenge)]) -> Result<()> {
    let (ledger, now) = (&session.ledger, session.now()?);
    let accounts = challenges
        .iter()
        .flat_map(|(key, challenge)| [*key, challenge.pool, challenge.set]);
    ledger.gather(accounts)?;
    let mut wanted = vec![];
    for (_, challenge) in challenges {
        let pool = ledger.get(&challenge.pool);
        wanted.extend(pool.map(|pool: StakePool| pool.mint));
        let set = ledger.get(&challenge.set);
        if let Ok(set) = set
            && challenge::Step::of(challenge, now) == challenge::Step::SlashSigners
        {
            for (_, key) in signers(challenge, &set) {
                let attester = address::attester(&challenge.network, &key);
                wanted.extend([attester, address::stake_pool(&attester)]);
            }
        }
    }
    Ok(ledger.gather(wanted)?)
}

/// The signers left of a void window whose stake is still there; one that cannot be read does not hold up the others.
fn to_slash(
    session: &Session<impl Ledger>,
    key: &Address,
    challenge: &Challenge,
    now: i64,
    report: &mut Report,
) -> Result<Vec<Signer>> {
    let mut left = vec![];
    if challenge::Step::of(challenge, now) != challenge::Step::SlashSigners {
        return Ok(left);
    }
    let set: AttesterSet = session.ledger.get(&challenge.set)?;
    for (index, signer) in signers(challenge, &set) {
        let attester = address::attester(&challenge.network, &signer);
        let pool = address::stake_pool(&attester);
        if session.ledger.account(&pool)?.is_some() {
            match session.ledger.get::<Attester>(&attester) {
                Ok(attester) => left.push(Signer::of(index, &attester)),
                Err(error) => {
                    report.note(key, "slash-signer", Err(error.into()));
                }
            }
        }
    }
    Ok(left)
}
