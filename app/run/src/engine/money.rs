//! Windows that are challenged, and money that comes back.

use {
    super::{
        Engine, Error, Look, Result,
        follow::{is_of_the_node, positions, spec_of},
    },
    crate::store::{JobRow, JobStage, Settled, WindowRow, WindowStage},
    sluice_client::{
        Address, Challenge, ClientError, Job, JobState, Ledger, StakePool, Verdict, account,
        address,
        due::{self, challenge::Step as Ruling, job::Step},
        instruction,
        ledger::BATCH,
        send::{self, Funds, Plan},
        view::job::JobView,
    },
    sluice_work::hash,
};

/// What a challenge says: a chunk has another output than was claimed, or none.
pub const REASON_FALSE: u16 = 1;
/// What a challenge says: nobody gives the outputs that were claimed.
pub const REASON_WITHHELD: u16 = 3;

/// Members are asked so often for results before a window counts as withheld.
const DENIED: u32 = 3;
/// Results are asked for until so long before nobody can challenge the window any more, seconds ...
const BEFORE: i64 = 30;
/// ... and, where nobody can, until so long after it was earned.
const AFTER: i64 = 600;

impl<L: Ledger> Engine<'_, L> {
    /// Does what follows of a window of which something became.
    pub(super) fn window(
        &mut self,
        look: &Look,
        row: &JobRow,
        job: Option<&Job>,
        known: &WindowRow,
    ) -> Result<()> {
        match known.stage {
            WindowStage::Proven => self.fetch_or_give_up(look, row, job, known),
            WindowStage::False | WindowStage::Withheld => self.object(look, row, job, known),
            WindowStage::Challenged => self.ruled(look, row, known),
            _ => Ok(()),
        }
    }

    /// Asks for the results of a proven window, for as long as that makes sense.
    pub(super) fn fetch_or_give_up(
        &mut self,
        look: &Look,
        row: &JobRow,
        job: Option<&Job>,
        known: &WindowRow,
    ) -> Result<()> {
        let now = look.now;
        let until = if self.may_challenge(known, now) {
            known.matures_at.saturating_sub(BEFORE)
        } else {
            known.matures_at.saturating_add(AFTER)
        };
        // A window that was found long after its time gets its time, too.
        let is_late = now >= until && self.tasks.is_denied(row.number, known.window, DENIED);
        if !is_late {
            return self.fetch(row, job, known);
        }
        let withheld = WindowRow {
            stage: WindowStage::Withheld,
            reason: Some("no member gives what was claimed".to_owned()),
            ..known.clone()
        };
        Ok(self.store.settle_window(&withheld, [])?)
    }

    fn may_challenge(&self, known: &WindowRow, now: i64) -> bool {
        self.settings.challenges && now < known.matures_at
    }

    /// Challenges a window, once. Where that cannot be done the window is paid.
    fn object(
        &mut self,
        look: &Look,
        row: &JobRow,
        job: Option<&Job>,
        known: &WindowRow,
    ) -> Result<()> {
        let now = look.now;
        let Some(job) = job.filter(|_| self.may_challenge(known, now)) else {
            return self.resolve(row, known, WindowStage::Upheld);
        };
        let window = known.window;
        let number = row.number;
        let intent = self.intent(&format!("challenge {number}"), window);
        let at = address::challenge(&row.plan.job, job.incarnation, window);
        let landed = self.sender.settle(self.ledger, &self.store, &intent)?;
        if landed || self.ledger.account(&at)?.is_some() {
            return self.note_stage(known, WindowStage::Challenged);
        }
        let reason = if known.stage == WindowStage::False {
            REASON_FALSE
        } else {
            REASON_WITHHELD
        };
        let evidence = hash::blob(known.reason.as_deref().unwrap_or_default().as_bytes());
        let sent = self.challenge(look, row, job, window, (reason, evidence), &intent);
        match sent {
            Ok(()) => self.note_stage(known, WindowStage::Challenged),
            Err(Error::Send(error)) if !is_of_the_node(&error) => {
                // It is tried again as long as it can help: stake tokens may come.
                let why = format!("window {window} is not challenged: {error}");
                Ok(self.store.note_reason(number, &why)?)
            }
            Err(error) => Err(error),
        }
    }

    fn challenge(
        &mut self,
        look: &Look,
        row: &JobRow,
        job: &Job,
        window: u32,
        why: (u16, [u8; 32]),
        intent: &str,
    ) -> Result<()> {
        let (buyer, payer) = (self.sender.buyer(), self.sender.payer());
        let mint = self.ledger.mint(&look.network.stake_mint)?;
        let mut plan = self
            .funds(payer)
            .cover(&buyer, &mint, job.terms.challenge_bond)?;
        plan.push(instruction::challenge(
            &payer,
            &buyer,
            &row.plan.job,
            job,
            &mint.address,
            &mint.token_program,
            window,
            why,
        ));
        let plan = plan.creating(account::size::<Challenge>());
        self.sender
            .once(self.ledger, &self.store, (intent, look.now), plan)?;
        Ok(())
    }

    pub(super) fn funds(&self, payer: Address) -> Funds<'_, L, impl Fn() -> send::Result<Address>> {
        Funds {
            ledger: &*self.ledger,
            payer: move || Ok(payer),
            may_lack: false,
        }
    }

    /// What the resolver said of a window, and what follows of it.
    fn ruled(&mut self, look: &Look, row: &JobRow, known: &WindowRow) -> Result<()> {
        let incarnation = row.incarnation.unwrap_or_default();
        let at = address::challenge(&row.plan.job, incarnation, known.window);
        let Some(challenge) = self.find::<Challenge>(&at)? else {
            // Somebody settled it. It may have been paid, and is not paid again.
            return self.resolve(row, known, WindowStage::Upheld);
        };
        // Its bond comes back while the job is settled.
        if challenge.verdict == Verdict::Void.byte() {
            return self.resolve(row, known, WindowStage::Void);
        }
        if challenge.verdict != Verdict::Open.byte() {
            return self.resolve(row, known, WindowStage::Upheld);
        }
        self.send_rulings(look.now, &at, &challenge)
    }

    /// Sends what is due of a challenge, whoever opened it.
    fn send_rulings(&mut self, now: i64, at: &Address, challenge: &Challenge) -> Result<()> {
        let due = due::challenge::due(challenge, &[], now);
        if due.steps.is_empty() || !self.tasks.may_rule(at) {
            return Ok(());
        }
        for step in due.steps {
            self.send_ruling(now, challenge, step)?;
        }
        Ok(())
    }

    fn send_ruling(&mut self, now: i64, challenge: &Challenge, step: Ruling) -> Result<()> {
        let pool: StakePool = self.ledger.get(&challenge.pool)?;
        let mint = self.ledger.mint(&pool.mint)?;
        let payer = self.sender.payer();
        let mut plan = Plan::default();
        if let Some(payment) = step.payment() {
            plan = self
                .funds(payer)
                .ensure_token_account(plan, &payment.to, &mint)?;
        }
        plan.push(step.instruction(&self.sender.buyer(), challenge, &pool, &mint.token_program));
        let plan = plan.signed_by(send::Key::clone(&self.sender.buyer));
        self.sender.again(self.ledger, &self.store, now, plan)?;
        Ok(())
    }

    /// Sends what is due of every challenge of a job: as long as one is open nothing of the job can be settled, and bonds come back by it.
    fn settle_challenges(&mut self, look: &Look, row: &JobRow, job: &Job) -> Result<()> {
        let rows = self.store.windows()?;
        let was_challenged =
            |row: &WindowRow| matches!(row.stage, WindowStage::Void | WindowStage::Upheld);
        let is_ours = rows
            .iter()
            .any(|window| window.job == row.number && was_challenged(window));
        if job.units_frozen == 0 && !is_ours {
            return Ok(());
        }
        let windows = job.schedule().windows().unwrap_or_default();
        let all: Vec<_> = (0..windows)
            .map(|window| address::challenge(&row.plan.job, job.incarnation, window))
            .collect();
        for batch in all.chunks(BATCH) {
            let found = self.ledger.accounts(batch)?;
            for (at, found) in batch.iter().zip(found) {
                let Some(found) = found else { continue };
                let challenge: Challenge = account::decode(at, &found)?;
                self.send_rulings(look.now, at, &challenge)?;
            }
        }
        Ok(())
    }

    /// What becomes of a window that was objected to: chunks that are not here yet are placed again where they are not paid, and else
    /// computed here.
    fn resolve(&self, row: &JobRow, known: &WindowRow, stage: WindowStage) -> Result<()> {
        let (_, shape) = spec_of(row)?;
        let to = if stage == WindowStage::Void {
            Settled::Waiting { failed: false }
        } else {
            Settled::Here
        };
        let settled = WindowRow {
            stage,
            ..known.clone()
        };
        let chunks = positions(&shape, known.window).map(|position| (position, to));
        Ok(self.store.settle_window(&settled, chunks)?)
    }

    fn note_stage(&self, known: &WindowRow, stage: WindowStage) -> Result<()> {
        let row = WindowRow {
            stage,
            ..known.clone()
        };
        Ok(self.store.settle_window(&row, [])?)
    }

    pub(super) fn find<T: sluice_client::Pod + sluice_client::Discriminator>(
        &self,
        at: &Address,
    ) -> Result<Option<T>> {
        let found = self.ledger.account(at)?;
        let found = found.map(|found| account::decode(at, &found));
        Ok(found.transpose()?)
    }

    /// Has everybody of a job paid, and the rest returned, once all of it is due; then the job is closed. Its worker may be
    /// quicker.
    pub(super) fn settle(&mut self, look: &Look, row: &JobRow, job: &Job) -> Result<()> {
        self.settle_challenges(look, row, job)?;
        let view = JobView::of(job, look.now).ok_or(Error::Contradiction(row.plan.job))?;
        let is_released = job.state == JobState::Released.byte();
        let is_ripe = is_released || view.settles_at.is_some_and(|at| look.now >= at);
        if !is_ripe {
            return Ok(());
        }
        let due = due::job::due(job, &look.network, look.now);
        let due = due.ok_or(Error::Contradiction(row.plan.job))?;
        if due.steps.is_empty() || !self.tasks.may_settle(row.number) {
            return Ok(());
        }
        let steps = due.steps;
        let mut all = steps.clone();
        if all.contains(&Step::Release) {
            // Where everything before it is done, nothing keeps the job.
            all.push(Step::Close);
        }
        // All at once, in as few transactions as that takes. Money of others may be held up by their own accounts, and the buyer's by its
        // own: then each goes by itself, and neither waits for the other.
        if self.send_together(look, row, job, &all)? {
            return Ok(());
        }
        let (own, others): (Vec<_>, Vec<_>) = steps.into_iter().partition(|step| {
            let payment = step.payment();
            payment.is_none_or(|payment| payment.to == self.sender.buyer())
        });
        for step in own.into_iter().chain(others) {
            let plan = self.step(row, job, look, &step)?;
            let sent = self.sender.again(self.ledger, &self.store, look.now, plan);
            match sent {
                // Somebody was quicker: the next look tells.
                Err(send::Error::Client(ClientError::Program(_))) => {}
                Err(error) if !is_of_the_node(&error) => {
                    let why = format!("{} is not done yet: {error}", step.name());
                    self.store.note_reason(row.number, &why)?;
                }
                sent => sent?,
            }
        }
        // What others cannot be paid is theirs: nobody waits for them.
        let is_left = is_released && view.refundable == 0;
        if row.stage == JobStage::Over && is_left && self.tasks.settled_in_vain(row.number) {
            self.store.set_stage(row.number, JobStage::Closed)?;
        }
        Ok(())
    }

    /// Sends steps in their order, as many in a transaction as fit; false where one was refused.
    fn send_together(
        &mut self,
        look: &Look,
        row: &JobRow,
        job: &Job,
        steps: &[Step],
    ) -> Result<bool> {
        let plans = steps.iter().map(|step| self.step(row, job, look, step));
        let plans = plans.collect::<Result<Vec<_>>>()?;
        for plan in self.sender.packed(plans) {
            match self.sender.again(self.ledger, &self.store, look.now, plan) {
                Err(error) if !is_of_the_node(&error) => return Ok(false),
                sent => sent?,
            }
        }
        Ok(true)
    }

    fn step(&self, row: &JobRow, job: &Job, look: &Look, step: &Step) -> Result<Plan> {
        let mint = self.mint;
        let mut plan = Plan::default();
        if let Some(payment) = step.payment() {
            let payer = self.sender.payer();
            plan = self
                .funds(payer)
                .ensure_token_account(plan, &payment.to, &mint)?;
        }
        plan.push(step.instruction(&row.plan.job, job, &look.network, &mint.token_program));
        Ok(plan)
    }
}
