//! What follows from where a job stands.

use {
    super::{
        Engine, Error, Look, Result,
        windows::{Past, Said, beyond, last_look_at, matures_at, past, said},
    },
    crate::store::{JobRow, JobStage, Proof, Settled, WindowRow, WindowStage},
    sluice_client::{
        Account, ClientError, Job, JobState, Ledger, account, instruction,
        send::{self, Plan},
        view::job::JobView,
    },
    sluice_work::{core::Core, sluice_math::work::Shape, spec::Spec},
    std::collections::HashMap,
};

impl<L: Ledger> Engine<'_, L> {
    /// Does what follows of one job.
    pub(super) fn follow(
        &mut self,
        look: &Look,
        row: &JobRow,
        found: Option<&Account>,
    ) -> Result<()> {
        let job = found
            .map(|found| account::decode::<Job>(&row.plan.job, found))
            .transpose()?;
        match (row.stage, job) {
            (JobStage::Planned, None) => self.take(look, row),
            (JobStage::Planned, Some(job)) => Ok(self.store.taken(row.number, &job)?),
            (_, Some(job)) if row.incarnation == Some(job.incarnation) => {
                self.store
                    .note_money(row.number, job.funded, job.refunded)?;
                if row.stage == JobStage::Taken {
                    self.work(look, row, &job)?;
                }
                self.settle(look, row, &job)
            }
            (_, _) => self.closed(look, row),
        }
    }

    /// A job whose results are not all settled.
    fn work(&mut self, look: &Look, row: &JobRow, job: &Job) -> Result<()> {
        let contradiction = || Error::Contradiction(row.plan.job);
        if job.state == JobState::Active.byte() && look.now < job.end_at && !row.is_admitted {
            self.bring(row)?;
        }
        let rows = self.rows()?;
        let mut forgotten = None;
        let (mut is_over, mut lost, mut proven) = (true, 0u32, 0u32);
        for window in 0..row.plan.windows {
            if let Some(known) = rows.get(&(row.number, window)) {
                is_over &= known.stage.is_settled();
                match known.stage {
                    WindowStage::Lost => lost = lost.saturating_add(1),
                    _ => proven = proven.saturating_add(1),
                }
                self.window(look, row, Some(job), known)?;
                continue;
            }
            let said = said(job, window, look.now).ok_or_else(contradiction)?;
            let said = match said {
                Said::Forgotten => self.remembered(row, window, &mut forgotten)?,
                said => said,
            };
            match said {
                Said::Proven(proof) => {
                    let at = matures_at(job, window).ok_or_else(contradiction)?;
                    self.store
                        .proven(&proven_row(row.number, window, proof, at))?;
                    is_over = false;
                }
                Said::Lost => {
                    self.lose(row, window, Settled::Waiting { failed: false })?;
                    self.blame(row, job, window);
                }
                // Nobody can say: it may have been paid, and is not paid again.
                Said::Forgotten => self.lose(row, window, Settled::Here)?,
                Said::Open => is_over = false,
            }
        }
        is_over &= self.behind_the_last(look, row, job, &rows)?;
        let until = last_look_at(job).ok_or_else(contradiction)?;
        let is_closed = job.state != JobState::Active.byte() || look.now >= until;
        if is_over && is_closed {
            return Ok(self.store.set_stage(row.number, JobStage::Over)?);
        }
        self.leave(look, row, job, lost > 0 && proven == 0)
    }

    /// Windows that have no chunks, and units all the same: their proof is false whatever it claims. False while one is not settled.
    fn behind_the_last(
        &mut self,
        look: &Look,
        row: &JobRow,
        job: &Job,
        rows: &HashMap<(u32, u32), WindowRow>,
    ) -> Result<bool> {
        for (window, proof) in beyond(job, row.plan.windows) {
            if rows.contains_key(&(row.number, window)) {
                continue;
            }
            let at = matures_at(job, window).ok_or(Error::Contradiction(row.plan.job))?;
            let found = WindowRow {
                stage: WindowStage::False,
                reason: Some("it is proven, and there are no chunks of it".to_owned()),
                ..proven_row(row.number, window, proof, at)
            };
            self.store.settle_window(&found, [])?;
            return Ok(false);
        }
        let mut are_settled = true;
        for known in rows.values() {
            if known.job == row.number && known.window >= row.plan.windows {
                are_settled &= known.stage.is_settled();
                self.window(look, row, Some(job), known)?;
            }
        }
        Ok(are_settled)
    }

    /// What history says of a window that the account forgot; it is read once for a job and turn.
    fn remembered(&self, row: &JobRow, window: u32, forgotten: &mut Option<Past>) -> Result<Said> {
        if forgotten.is_none() {
            let incarnation = row.incarnation.unwrap_or_default();
            *forgotten = Some(past(&*self.ledger, &row.plan.job, incarnation)?);
        }
        let proof = forgotten.as_ref().and_then(|past| past.proven.get(&window));
        Ok(match (proof, &*forgotten) {
            (Some(proof), _) => Said::Proven(*proof),
            (None, Some(past)) if past.is_whole => Said::Lost,
            _ => Said::Forgotten,
        })
    }

    /// A job that somebody closed while nobody looked: what was proven of it, history tells. Nothing is believed of a node that is
    /// behind, and has neither the account nor what closed it.
    fn closed(&mut self, look: &Look, row: &JobRow) -> Result<()> {
        let incarnation = row.incarnation.unwrap_or_default();
        let told = past(&*self.ledger, &row.plan.job, incarnation)?;
        if !told.is_closed {
            return Ok(());
        }
        let rows = self.rows()?;
        let mut forgotten = Some(told);
        let mut is_over = true;
        for window in 0..row.plan.windows {
            if let Some(known) = rows.get(&(row.number, window)) {
                is_over &= known.stage.is_settled();
                self.window(look, row, None, known)?;
                continue;
            }
            match self.remembered(row, window, &mut forgotten)? {
                Said::Proven(proof) => {
                    // Nothing can be challenged any more.
                    self.store
                        .proven(&proven_row(row.number, window, proof, 0))?;
                    is_over = false;
                }
                // What cannot be known may have been paid: nobody is paid for it again.
                Said::Forgotten => self.lose(row, window, Settled::Here)?,
                _ => self.lose(row, window, Settled::Waiting { failed: false })?,
            }
        }
        for known in rows.values() {
            if known.job == row.number && known.window >= row.plan.windows {
                is_over &= known.stage.is_settled();
                self.window(look, row, None, known)?;
            }
        }
        if is_over {
            if let Some(refunded) = forgotten.and_then(|past| past.refunded) {
                self.store.note_money(row.number, row.funded, refunded)?;
            }
            self.store.set_stage(row.number, JobStage::Closed)?;
        }
        Ok(())
    }

    /// A window that nobody proves any more: its chunks are placed again.
    fn lose(&self, row: &JobRow, window: u32, to: Settled) -> Result<()> {
        let (_, shape) = spec_of(row)?;
        let lost = WindowRow {
            job: row.number,
            window,
            stage: WindowStage::Lost,
            proof: None,
            matures_at: 0,
            seed: 0,
            reason: None,
        };
        let chunks = positions(&shape, window).map(|position| (position, to));
        Ok(self.store.settle_window(&lost, chunks)?)
    }

    /// A node that was given everything and let a window pass that began is let alone for a while.
    fn blame(&mut self, row: &JobRow, job: &Job, window: u32) {
        let began = job.schedule().window_start(window);
        if row.is_admitted && began.is_some_and(|at| at < job.end_at) {
            self.market.let_down(row);
        }
    }

    /// Ends a job early that comes to nothing.
    fn leave(&mut self, look: &Look, row: &JobRow, job: &Job, is_idle: bool) -> Result<()> {
        let now = look.now;
        if job.state != JobState::Active.byte() || now >= job.end_at {
            return Ok(());
        }
        let view = JobView::of(job, now).ok_or(Error::Contradiction(row.plan.job))?;
        let is_cancelled = self.store.setting(super::CANCEL)?.is_some();
        // A job of which a window was void ends at once.
        let is_false = job.void_windows > 0;
        let notice = if is_false { 0 } else { job.terms.notice_secs };
        let ends_at = now.saturating_add(notice.into());
        let plan = if view.faulted {
            instruction::fault_job(&self.sender.buyer(), &row.plan.job, job)
        } else if (is_idle || is_cancelled || is_false) && ends_at < job.end_at {
            instruction::cancel_job(&row.plan.job, job)
        } else {
            return Ok(());
        };
        let plan = Plan::of(plan).signed_by(send::Key::clone(&self.sender.buyer));
        self.sender.again(self.ledger, &self.store, now, plan)?;
        Ok(())
    }
}

fn proven_row(job: u32, window: u32, proof: Proof, matures_at: i64) -> WindowRow {
    WindowRow {
        job,
        window,
        stage: WindowStage::Proven,
        proof: Some(proof),
        matures_at,
        seed: rand::random(),
        reason: None,
    }
}

/// The specification of a job and its shape.
pub(super) fn spec_of(row: &JobRow) -> Result<(Spec, Shape)> {
    let spec = Spec::from_bytes(&row.plan.spec).map_err(|_| Error::Spec)?;
    let shape = Core::shape(&spec.core).map_err(|_| Error::Spec)?;
    Ok((spec, shape))
}

/// The positions of the chunks that a window is about.
pub(super) fn positions(shape: &Shape, window: u32) -> std::ops::Range<u32> {
    let (first, count) = shape.due(window);
    first..first.saturating_add(count)
}

/// True for a failure that says nothing against what was sent.
pub(super) const fn is_of_the_node(error: &send::Error) -> bool {
    matches!(
        error,
        send::Error::Client(
            ClientError::Rpc(_)
                | ClientError::Engine(_)
                | ClientError::Expired(_)
                | ClientError::Unknown { .. }
        ) | send::Error::AtWork
            | send::Error::InDoubt
            | send::Error::LeftBehind
            | send::Error::Unusable { .. }
            | send::Error::Note(_)
    )
}
