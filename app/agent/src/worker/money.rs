//! What a worker pulls in its owner's interest: pay of its jobs, credits of its nodes, and rewards of their shares.
//!
//! Fees of the network and of the set, refunds and closings are left to those whose they are. Nothing of 0 is pulled.

mod shares;
#[cfg(test)]
mod tests;

pub use shares::{Rules, Stand};
use {
    super::send::{Done, Paid, Priority, Purse, Step, Steps},
    sluice_client::{
        Address, Job, Ledger, Network, address,
        due::{self, Payment, job},
        instruction::token::Mint,
        ledger::Snapshot,
        send::{self, Funds, Plan},
    },
    std::collections::BTreeMap,
    tracing::warn,
};

/// What did not answer is asked again after so many seconds.
const AFTER_FAILURE_SECS: i64 = 60;

/// What is pulled for whom.
#[derive(Clone, Copy)]
pub struct Mine<'a> {
    /// The provider's owner, who is paid.
    pub owner: &'a Address,
    /// All jobs on the nodes that work here, as they are now and whatever their state.
    pub jobs: &'a [(Address, Job)],
    /// The worker leaves: what streams is claimed and what is unreported is reported without waiting for the time that is cheapest.
    pub is_leaving: bool,
}

/// Pulls what is due.
pub struct Money {
    every_secs: i64,
    /// The chain's time of the last turn and of the next one.
    turned: Option<(i64, i64)>,
    steps: Steps,
}

impl Money {
    /// Pulls no more often than every so many seconds.
    pub fn new(every_secs: u64) -> Self {
        Self {
            every_secs: i64::try_from(every_secs).unwrap_or(i64::MAX),
            turned: None,
            steps: Steps::default(),
        }
    }

    /// What was not sent, and why.
    pub const fn steps(&self) -> &Steps {
        &self.steps
    }

    /// Pulls what is due, unless it did so a short while ago: then nothing is read. When the node does not answer it tries again after a
    /// minute; what it had done by then is returned. `now` is the chain's time, unix seconds.
    pub fn turn(
        &mut self,
        ledger: &mut impl Ledger,
        purse: &mut Purse,
        now: i64,
        mine: &Mine<'_>,
    ) -> Vec<Done> {
        if self.is_time(now) {
            self.pull(ledger, purse, now, mine)
        } else {
            vec![]
        }
    }

    /// The same whenever the last turn was: for a worker that leaves.
    pub fn pull(
        &mut self,
        ledger: &mut impl Ledger,
        purse: &mut Purse,
        now: i64,
        mine: &Mine<'_>,
    ) -> Vec<Done> {
        let mut done = vec![];
        let mut pulled = self.pull_jobs(ledger, purse, now, mine.jobs, &mut done);
        // The rest follows in the next turn: proofs have less time.
        if pulled.is_ok() && !self.steps.is_unfinished() {
            pulled = self.pull_shares(ledger, purse, now, mine, &mut done);
        }
        let wait = match pulled {
            Ok(()) if self.steps.is_unfinished() => 0,
            Ok(()) => self.every_secs,
            Err(error) => {
                warn!(%error, "the pull of what is due broke off");
                self.every_secs.min(AFTER_FAILURE_SECS)
            }
        };
        self.turned = Some((now, now.saturating_add(wait)));
        done
    }

    /// True for the first turn, and where the clock went back.
    fn is_time(&self, now: i64) -> bool {
        self.turned
            .is_none_or(|(last, next)| now < last || now >= next)
    }

    fn pull_jobs(
        &mut self,
        ledger: &mut impl Ledger,
        purse: &mut Purse,
        now: i64,
        jobs: &[(Address, Job)],
        done: &mut Vec<Done>,
    ) -> sluice_client::Result<()> {
        let mut known = Snapshot::default();
        let wanted = jobs
            .iter()
            .flat_map(|(_, job)| [job.network, job.terms.mint]);
        known.gather(ledger, wanted)?;
        let mut payments = Payments::new(purse.payer());
        for (key, job) in jobs {
            let network = known.find::<Network>(&job.network).ok().flatten();
            let mint = mint(&known, &job.terms.mint);
            let due = network.and_then(|network| Some((of_job(job, &network, now)?, network)));
            let (Some((due, network)), Some(mint)) = (due, mint) else {
                warn!(job = %key, "this job or its mint cannot be read, or its numbers contradict each other");
                continue;
            };
            for step in due {
                payments.add(ledger, &mint, key, step.name(), step.payment(), |plan| {
                    plan.push(step.instruction(key, job, &network, &mint.token_program));
                })?;
            }
        }
        payments.send(&mut self.steps, ledger, purse, now, done);
        Ok(())
    }
}

/// What a worker does of what is due of its job: it is paid, its node is credited, and bond and slot come free. `None` when the account's
/// numbers contradict each other.
pub fn of_job(job: &Job, network: &Network, now: i64) -> Option<Vec<job::Step>> {
    let mut due = due::job::due(job, network, now)?.steps;
    due.retain(|step| {
        matches!(
            step,
            job::Step::Pay(_) | job::Step::Credit { .. } | job::Step::Release
        )
    });
    Some(due)
}

/// The mint at an address, if it is one.
fn mint(known: &Snapshot, address: &Address) -> Option<Mint> {
    Mint::read(address, known.account(address)?).ok()
}

/// Steps that pay owners, and the accounts that they open for them.
struct Payments {
    payer: Address,
    steps: Vec<Step>,
    /// Of which owner and mint the account was looked at: an empty plan that pays there, or why nothing can be paid there.
    looked_at: BTreeMap<(Address, Address), Result<Plan, String>>,
    undone: Vec<Done>,
}

impl Payments {
    const fn new(payer: Address) -> Self {
        Self {
            payer,
            steps: vec![],
            looked_at: BTreeMap::new(),
            undone: vec![],
        }
    }

    /// Adds a step that pays what `payment` says in `mint`, with what `fill` puts into its plan. The recipient's account is opened before,
    /// by a step of its own, if it is missing.
    fn add(
        &mut self,
        ledger: &impl Ledger,
        mint: &Mint,
        about: &Address,
        name: &'static str,
        payment: Option<Payment>,
        fill: impl FnOnce(&mut Plan),
    ) -> sluice_client::Result<()> {
        let pays = payment.map(|payment| Paid {
            mint: mint.address,
            amount: payment.amount,
        });
        let mut plan = match payment.map(|payment| self.account(ledger, &payment.to, mint)) {
            None => Plan::default(),
            Some(looked) => match looked? {
                Ok(plan) => plan,
                Err(why) => {
                    self.undone.push(Done {
                        name,
                        about: *about,
                        pays,
                        result: Err(why),
                    });
                    return Ok(());
                }
            },
        };
        fill(&mut plan);
        self.steps.push(Step {
            name,
            about: *about,
            pays,
            plan,
        });
        Ok(())
    }

    /// An empty plan that pays into an owner's account.
    fn account(
        &mut self,
        ledger: &impl Ledger,
        owner: &Address,
        mint: &Mint,
    ) -> sluice_client::Result<Result<Plan, String>> {
        let key = (*owner, mint.address);
        if let Some(looked) = self.looked_at.get(&key) {
            return Ok(looked.clone());
        }
        let payer = self.payer;
        let funds = Funds {
            ledger,
            payer: || Ok::<_, send::Error>(payer),
            may_lack: false,
        };
        let looked = match funds.ensure_token_account(Plan::default(), owner, mint) {
            Ok(plan) => {
                // The rest of the plan says where the owner is paid.
                let mut pays = plan.clone();
                pays.instructions.clear();
                pays.creates.clear();
                if plan.creates_accounts() {
                    self.steps.push(Step {
                        name: "open-account",
                        about: address::token_account(owner, &mint.address, &mint.token_program),
                        pays: None,
                        plan,
                    });
                }
                Ok(pays)
            }
            Err(send::Error::Client(error)) => return Err(error),
            Err(error) => Err(error.to_string()),
        };
        self.looked_at.insert(key, looked.clone());
        Ok(looked)
    }

    fn send(
        self,
        steps: &mut Steps,
        ledger: &mut impl Ledger,
        purse: &mut Purse,
        now: i64,
        done: &mut Vec<Done>,
    ) {
        done.extend(self.undone);
        done.extend(steps.send(ledger, purse, Priority::Routine, now, self.steps));
    }
}
