//! What is due of a job.

use {
    super::{Due, Later, Payment},
    crate::{instruction, view::job::JobView},
    sluice::state::{Job, JobState, Network},
    solana_address::Address,
    solana_instruction::Instruction,
};

/// What anybody may do to a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Pays the provider what it has earned.
    Pay(Payment),
    /// Pays the network's fee to its treasury.
    SweepTreasury(Payment),
    /// Pays the attestation fee to the set's fee owner.
    SweepAttesters(Payment),
    /// Returns what can no longer be earned.
    Refund(Payment),
    /// Turns ripe proofs into earnings. It only ever comes later: every pull and every credit does it first.
    Mature,
    /// Moves units that count to the node.
    Credit {
        /// How many.
        units: u64,
    },
    /// Frees bond and slot and writes the record; it credits the node too.
    Release,
    /// Closes the job; its rent returns to whoever paid it.
    Close,
}

impl Step {
    /// The step's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Pay(_) => "pay",
            Self::SweepTreasury(_) => "sweep-treasury",
            Self::SweepAttesters(_) => "sweep-attesters",
            Self::Refund(_) => "refund",
            Self::Mature => "mature",
            Self::Credit { .. } => "credit",
            Self::Release => "release",
            Self::Close => "close",
        }
    }

    /// What it pays and to whom, in the job's mint. A [`Self::Close`] pays the refund owner what [`donations`] tells.
    pub const fn payment(&self) -> Option<Payment> {
        match self {
            Self::Pay(payment)
            | Self::SweepTreasury(payment)
            | Self::SweepAttesters(payment)
            | Self::Refund(payment) => payment.of_something(),
            Self::Mature | Self::Credit { .. } | Self::Release | Self::Close => None,
        }
    }

    /// True for the step that ends the account.
    pub const fn ends(&self) -> bool {
        matches!(self, Self::Close)
    }

    /// The instruction. Signer: none.
    pub fn instruction(
        &self,
        key: &Address,
        job: &Job,
        network: &Network,
        token_program: &Address,
    ) -> Instruction {
        match self {
            Self::Pay(_) => instruction::pay(key, job, token_program),
            Self::SweepTreasury(_) => instruction::sweep_treasury(key, job, network, token_program),
            Self::SweepAttesters(_) => instruction::sweep_attesters(key, job, token_program),
            Self::Refund(_) => instruction::refund(key, job, token_program),
            Self::Mature => instruction::mature(key),
            Self::Credit { .. } => instruction::credit(key, job),
            Self::Release => instruction::release_job(key, job),
            Self::Close => instruction::close_job(key, job, token_program),
        }
    }
}

/// What is due of a job of `network` at `now`. `None` when the account's numbers contradict each other.
pub fn due(job: &Job, network: &Network, now: i64) -> Option<Due<Step>> {
    let view = JobView::of(job, now)?;
    let (open, active) = (is(job, JobState::Open), is(job, JobState::Active));
    let pay = |amount, to| Payment { amount, to };
    let pulls = [
        Step::Pay(pay(view.owed, job.payee)),
        Step::SweepTreasury(pay(view.owed_treasury, network.roles.treasury)),
        Step::SweepAttesters(pay(view.owed_attesters, job.attestation_owner)),
        Step::Refund(pay(view.refundable, job.refund_owner)),
    ];
    let mut due = Due::now(pulls.into_iter().filter(|pull| pull.payment().is_some()));
    if view.settles_at.is_some_and(|at| now >= at) {
        due.steps.push(Step::Release);
    } else if active && view.uncredited > 0 {
        let units = view.uncredited;
        due.steps.push(Step::Credit { units });
    }
    let over = is(job, JobState::Released) || (open && now >= job.end_at);
    if over && view.owes_nothing {
        due.steps.push(Step::Close);
    }
    if open && !over {
        let all = job.refundable(job.end_at).ok()?;
        due.add(Step::Refund(pay(all, job.refund_owner)), job.end_at, now);
    }
    if let Some((at, _)) = view.pending_dates {
        let step = Step::Mature;
        due.later.push(Later { step, at });
    }
    if let Some(at) = view.settles_at.filter(|at| now < *at) {
        let step = Step::Release;
        due.later.push(Later { step, at });
    }
    Some(due)
}

/// What strangers sent to a job's vault past the program, base units, if the vault holds `held`. The refund owner gets it when the
/// job closes, and needs a token account if it is not 0.
pub const fn donations(job: &Job, held: u64) -> u64 {
    let gone = job
        .paid
        .saturating_add(job.swept_treasury)
        .saturating_add(job.swept_attesters)
        .saturating_add(job.refunded);
    held.saturating_add(gone).saturating_sub(job.funded)
}

const fn is(job: &Job, state: JobState) -> bool {
    job.state == state.byte()
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        crate::address,
        bytemuck::Zeroable,
        sluice::state::{RingEntry, Terms},
    };

    const HOUR: i64 = 3_600;

    /// A job of ten hours from second 0, ten units an hour at ten base units each, all of it paid for, with a fee of one tenth for
    /// the network and one for the attesters. A window can be proven for a minute and then challenged for an hour.
    fn active() -> Job {
        let [payee, refund_owner, attestation_owner, mint] =
            [(); 4].map(|()| Address::new_unique());
        Job {
            payee,
            refund_owner,
            attestation_owner,
            terms: Terms {
                mint,
                price: 10,
                per: 1,
                cap: 10,
                window_secs: 3_600,
                grace_secs: 60,
                challenge_secs: 3_600,
                ..Terms::zeroed()
            },
            fee_bps: 1_000,
            attestation_bps: 1_000,
            state: JobState::Active.byte(),
            counts: 1,
            end_at: 10 * HOUR,
            length_secs: 36_000,
            funded: 1_000,
            units_funded: 100,
            ..Job::zeroed()
        }
    }

    /// The job, of which a quorum proved the first hour.
    fn proven() -> Job {
        let mut job = active();
        job.ring[0] = RingEntry {
            units: 10,
            window_plus_one: 1,
            ..RingEntry::zeroed()
        };
        job.units_pending = 10;
        job.last_proven = 1;
        job
    }

    fn network() -> Network {
        let mut network = Network::zeroed();
        network.roles.treasury = Address::new_unique();
        network
    }

    /// The steps that are due at `now`, and what comes later, by name.
    fn at(job: &Job, now: i64) -> (Vec<&'static str>, Vec<(&'static str, i64)>) {
        let Due { steps, later } = due(job, &network(), now).unwrap();
        (
            steps.iter().map(Step::name).collect(),
            later.iter().map(|one| (one.step.name(), one.at)).collect(),
        )
    }

    #[test]
    fn what_a_window_earned_is_due_from_the_second_it_matures() {
        let (job, network) = (proven(), network());
        let ripe = 2 * HOUR + 60;
        let (early, later) = at(&job, ripe - 1);
        assert_eq!(early, Vec::<&str>::new());
        assert_eq!(later, [("mature", ripe), ("release", 10 * HOUR + 60)]);
        let paid = |amount, to| Payment { amount, to };
        // In the same second the next hour can no longer be proven.
        assert_eq!(
            due(&job, &network, ripe).unwrap().steps,
            [
                Step::Pay(paid(80, job.payee)),
                Step::SweepTreasury(paid(10, network.roles.treasury)),
                Step::SweepAttesters(paid(10, job.attestation_owner)),
                Step::Refund(paid(100, job.refund_owner)),
                Step::Credit { units: 10 },
            ]
        );
        assert_eq!(at(&job, ripe).1, [("release", 10 * HOUR + 60)]);
    }

    #[test]
    fn a_job_that_does_not_count_is_not_credited() {
        let job = Job {
            counts: 0,
            ..proven()
        };
        assert!(!at(&job, 3 * HOUR).0.contains(&"credit"));
    }

    #[test]
    fn a_job_is_released_from_the_second_its_last_window_can_no_longer_be_proven() {
        let mut job = active();
        let settled = 10 * HOUR + 60;
        assert_eq!(at(&job, settled - 1).1, [("release", settled)]);
        assert_eq!(at(&job, settled), (vec!["refund", "release"], vec![]));
        // A challenge holds it until the ruling.
        job.units_frozen = 10;
        let (steps, later) = at(&job, settled);
        assert!(!steps.contains(&"release"));
        assert_eq!(later, []);
    }

    #[test]
    fn a_job_that_nobody_accepted_is_refunded_from_its_last_second_on_and_then_closed() {
        let mut job = Job {
            state: JobState::Open.byte(),
            ..active()
        };
        let all = Step::Refund(Payment {
            amount: 1_000,
            to: job.refund_owner,
        });
        let early = due(&job, &network(), job.end_at - 1).unwrap();
        assert_eq!(early.steps, []);
        let at = job.end_at;
        assert_eq!(early.later, [Later { step: all, at }]);
        assert_eq!(due(&job, &network(), at), Some(Due::now([all])));
        job.refunded = 1_000;
        assert_eq!(due(&job, &network(), at), Some(Due::now([Step::Close])));
    }

    #[test]
    fn a_released_job_that_owes_nothing_is_only_closed_and_one_that_owes_is_not() {
        let mut job = Job {
            state: JobState::Released.byte(),
            units_matured: 10,
            quorum_matured: 10,
            quorum_credited: 10,
            paid: 80,
            swept_treasury: 10,
            swept_attesters: 10,
            refunded: 900,
            ..active()
        };
        assert_eq!(at(&job, 11 * HOUR), (vec!["close"], vec![]));
        job.paid = 79;
        assert_eq!(at(&job, 11 * HOUR), (vec!["pay"], vec![]));
    }

    #[test]
    fn nothing_is_due_of_a_job_in_its_first_window() {
        let (steps, later) = at(&active(), 1);
        assert_eq!(steps, Vec::<&str>::new());
        assert_eq!(later, [("release", 10 * HOUR + 60)]);
    }

    #[test]
    fn a_pull_goes_to_the_account_of_the_recipient_that_it_names() {
        let (mut job, network) = (proven(), network());
        job.units_matured = 10;
        let (key, program) = (Address::new_unique(), Address::new_unique());
        let due = due(&job, &network, 3 * HOUR + 60).unwrap();
        let paying = due.steps.iter().filter_map(|step| {
            let payment = step.payment()?;
            Some((step.instruction(&key, &job, &network, &program), payment))
        });
        let mut seen = 0;
        for (pull, payment) in paying {
            let wanted = address::token_account(&payment.to, &job.terms.mint, &program);
            assert!(pull.accounts.iter().any(|meta| meta.pubkey == wanted));
            seen += 1;
        }
        assert_eq!(seen, 4);
    }

    #[test]
    fn what_a_vault_holds_beyond_the_books_is_donated() {
        let job = Job {
            refunded: 100,
            paid: 50,
            ..active()
        };
        assert_eq!(donations(&job, 850), 0);
        assert_eq!(donations(&job, 857), 7);
    }
}
