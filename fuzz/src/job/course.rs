//! A job and its model, led through the same steps.

mod windows;

use {
    super::{
        actions::{self, Ending, Opening, Parts, Pull},
        model::{Model, Phase, Proven},
        places::*,
    },
    crate::pick::Pick,
    anchor_lang::Result,
    sluice::state::{Job, JobState},
};

/// When the job is opened, and the last moment anything happens: a century later.
pub const OPENED_AT: i64 = 1_700_000_000;
const LAST: i64 = OPENED_AT + 100 * 365 * 86_400;

pub struct Course {
    job: Job,
    model: Model,
    now: i64,
    earned: Parts,
}

/// Whether a number that does not fit is a fair answer: it is where money comes in, and nowhere else.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Overflow {
    MayRefuse,
    IsAFault,
}

impl Course {
    /// A job under terms that the program accepts.
    pub fn open(opening: Opening) -> Option<Self> {
        let now = OPENED_AT;
        let job = actions::open(&opening, now).ok()?;
        let mut course = Self {
            job,
            model: Model::new(opening),
            now,
            earned: Parts::default(),
        };
        if opening.taken {
            course.started();
        }
        course.check();
        Some(course)
    }

    fn started(&mut self) {
        STARTED.reach();
        let (start_at, end_at) = (self.job.start_at, self.job.end_at);
        let length = i128::from(self.model.opening.length_secs);
        assert_eq!(start_at, self.now);
        assert_eq!(i128::from(end_at) - i128::from(start_at), length);
        self.model.dates = Some((start_at, end_at));
    }

    fn is_active(&self) -> bool {
        self.job.state == JobState::Active.byte()
    }

    /// Does one step of the input's choice, and checks everything.
    pub fn step(&mut self, pick: &mut Pick) {
        match pick.below(16) {
            0 | 1 => self.wait_for_a_window(pick),
            2 => self.wait(self.now.saturating_add_unsigned(pick.wide())),
            3 | 4 => self.prove(pick, 0b111),
            5 => self.prove(pick, 0),
            6 => self.challenge(pick),
            7 => self.rule(pick),
            8 => self.top_up(pick.wide()),
            9 => match pick.below(5) {
                0 => self.end(Ending::Cancel),
                1 => self.end(Ending::Resign),
                2 => self.end(Ending::Fault),
                3 => self.end(Ending::QuorumLost),
                _ => self.waive(),
            },
            10 => self.accept(),
            11 => self.credit(),
            12 => self.release(),
            13 => self.mature(),
            _ => self.pull(match pick.below(4) {
                0 => Pull::Refund,
                1 => Pull::Pay,
                2 => Pull::SweepTreasury,
                _ => Pull::SweepAttesters,
            }),
        }
        self.check();
    }

    /// Sends one instruction: a refusal changes nothing.
    fn send<T>(
        &mut self,
        overflow: Overflow,
        act: impl FnOnce(&mut Job, i64) -> Result<T>,
    ) -> Option<T> {
        let mut job = self.job;
        match act(&mut job, self.now) {
            Ok(done) => {
                self.job = job;
                Some(done)
            }
            Err(error) => {
                let fair = overflow == Overflow::MayRefuse || !actions::is_overflow(&error);
                assert!(fair, "a number does not fit: {:?}", self.model.opening);
                REFUSED.reach();
                None
            }
        }
    }

    /// Moves the clock, never back. Maturing on the way, and twice, comes to the same as maturing at the end.
    fn wait(&mut self, until: i64) {
        let until = until.clamp(self.now, LAST);
        let (mut once, mut twice) = (self.job, self.job);
        actions::mature(&mut once, until).expect("a job matures");
        for now in [self.now, until, until] {
            actions::mature(&mut twice, now).expect("a job matures");
        }
        assert!(bytemuck::bytes_of(&once) == bytemuck::bytes_of(&twice));
        self.now = until;
    }

    fn mature(&mut self) {
        let before = self.job.units_matured;
        self.send(Overflow::IsAFault, actions::mature);
        self.model.mature(self.now);
        if self.job.units_matured > before {
            MATURED.reach();
        }
    }

    fn top_up(&mut self, amount: u64) {
        let runs = !self.model.released && self.now < self.job.end_at;
        let done = self.send(Overflow::MayRefuse, |job, now| {
            actions::top_up(job, now, amount)
        });
        if done.is_some() {
            assert!(runs);
            TOPPED_UP.reach();
            self.model.funded += amount;
            self.model.mature(self.now);
        }
    }

    fn end(&mut self, ending: Ending) {
        let before = self.job.end_at;
        let faulted = self.model.is_faulted(self.now);
        let done = self.send(Overflow::IsAFault, |job, now| {
            actions::end(job, now, ending)
        });
        if done.is_none() {
            return;
        }
        ENDED.reach();
        if ending == Ending::Fault {
            assert!(faulted);
            FAULTED.reach();
        }
        let notice = i64::from(self.model.opening.terms.notice_secs);
        assert!(self.job.end_at < before);
        assert!(self.job.end_at == self.now || self.job.end_at == self.now + notice);
        self.model.mature(self.now);
        match &mut self.model.dates {
            Some((_, end_at)) => *end_at = self.job.end_at,
            None => self.model.opening.open_until = self.job.end_at,
        }
    }

    /// Gives a taken job back: nothing may have been proven, and all of the deposit is free at once.
    fn waive(&mut self) {
        let expected = self.model.waivable(self.now).filter(|_| self.is_active());
        let missed = self.send(Overflow::IsAFault, actions::waive);
        assert_eq!(missed.map(i128::from), expected);
        if missed.is_none() {
            return;
        }
        WAIVED.reach();
        assert_eq!(self.job.end_at, self.job.start_at);
        self.model.dates = Some((self.job.start_at, self.job.start_at));
        let free = self.model.funded - self.model.refunded;
        assert_eq!(self.model.refundable(self.now), i128::from(free));
    }

    fn accept(&mut self) {
        if self.send(Overflow::MayRefuse, actions::accept).is_some() {
            self.started();
        }
    }

    fn credit(&mut self) {
        let before = i128::from(self.job.quorum_credited);
        let units = self.send(Overflow::IsAFault, actions::credit);
        self.model.mature(self.now);
        let expected = self.model.countable() - before;
        assert_eq!(units.map(i128::from), Some(expected));
    }

    fn release(&mut self) {
        self.mature();
        let over = i128::from(self.now) >= self.model.closes_at();
        let expected = self.is_active() && over && self.model.is_quiet();
        let done = self.send(Overflow::IsAFault, actions::release);
        assert_eq!(done.is_some(), expected);
        self.model.released |= expected;
    }

    fn pull(&mut self, pull: Pull) {
        let done = self.send(Overflow::IsAFault, |job, now| actions::pull(job, now, pull));
        let Some(amount) = done else { return };
        self.model.mature(self.now);
        if self.is_active() {
            PULLED.reach();
        }
        if pull == Pull::Refund {
            assert_eq!(i128::from(amount), self.model.refundable(self.now));
            self.model.refunded += amount;
            if self.is_active() && self.now < self.job.end_at {
                REFUNDED.reach();
            }
        }
    }

    /// Holds the job against its model and against itself before the step.
    fn check(&mut self) {
        let job = &self.job;
        self.model.check_units(job);

        let earned = actions::earned(job).expect("what was earned is a number");
        assert_eq!(earned, self.model.earned());
        assert!(earned.provider >= self.earned.provider, "a part falls");
        assert!(earned.treasury >= self.earned.treasury, "a part falls");
        assert!(earned.attesters >= self.earned.attesters, "a part falls");
        self.earned = earned;
        assert!(job.paid <= earned.provider);
        assert!(job.swept_treasury <= earned.treasury);
        assert!(job.swept_attesters <= earned.attesters);

        let refundable = actions::refundable(job, self.now).expect("a refund is a number");
        assert_eq!(i128::from(refundable), self.model.refundable(self.now));
        assert_eq!(
            (job.funded, job.refunded),
            (self.model.funded, self.model.refunded)
        );
        // What was given back was not needed by anything that counts, or may still be proven.
        let back = i128::from(job.refunded) + i128::from(refundable);
        let enough = i128::from(job.funded) - back >= self.model.kept(self.now);
        assert!(back == 0 || self.model.dates.is_none() || enough);

        if self.is_active() {
            let faulted = actions::is_faulted(job, self.now).expect("windows are counted");
            assert_eq!(faulted, self.model.is_faulted(self.now));
        }
        assert!(actions::view(job, self.now).is_some());
    }

    /// Leads the job to its end by steps that anybody, or the buyer alone, may take, and checks that nothing is left.
    pub fn settle(&mut self) {
        if self.job.end_at > self.now
            && self.model.closes_at().max(i128::from(self.job.end_at)) >= LAST.into()
        {
            self.end(Ending::Cancel);
        }
        if self.model.dates.is_none() {
            self.wait(self.job.end_at);
        } else if self.is_active() {
            // Perhaps some weeks past the last moment of steps.
            let settled = i64::try_from(self.model.settles_at()).expect("it settles");
            self.now = self.now.max(settled);
            let frozen = |proven: &&Proven| proven.phase == Phase::Frozen;
            let frozen: Vec<u32> = self
                .model
                .proven
                .iter()
                .filter(frozen)
                .map(|proven| proven.window)
                .collect();
            for window in frozen {
                self.ruled(window, true);
            }
            self.release();
            assert!(self.model.released, "a job that is over is released");
        }
        for pull in [
            Pull::Refund,
            Pull::SweepAttesters,
            Pull::Pay,
            Pull::SweepTreasury,
        ] {
            self.pull(pull);
            self.check();
        }
        let paid = Parts {
            provider: self.job.paid,
            treasury: self.job.swept_treasury,
            attesters: self.job.swept_attesters,
        };
        assert_eq!(paid, self.earned);
        assert!(actions::owes_nothing(&self.job));
    }
}
