//! The one way a worker's process sends transactions: within a bound of lamports a day, and written down before anything goes out.
//!
//! Nothing is sent that a simulation refuses. What a transaction costs counts against the day before it goes out, and is not given back
//! when it expires: a process that dies in between counts too much and never too little. Nothing else is noted, for every step of a
//! worker follows from what the chain holds: who reads it again finds out whether the step is still due.

#[cfg(test)]
pub mod fake;
mod steps;
#[cfg(test)]
mod tests;

pub use steps::{Done, Paid, Step, Steps};
use {
    metrics::counter,
    sluice_client::{
        Address, ClientError, Ledger, Signature, TransactionError,
        constants::DAY_SECS,
        foreign::Foreign,
        send::{self, Cost, Envelope, Key, Plan, fee, require_signatures},
    },
    std::time::Duration,
    thiserror::Error,
};

/// What was spent on which day, kept where it outlives the process.
pub trait Spent {
    /// Lamports spent on a day, counted in days of unix time.
    ///
    /// # Errors
    /// When the table cannot be read.
    fn spent_on(&self, day: i64) -> anyhow::Result<u64>;

    /// Adds to what was spent on a day. Once it returns, the sum outlives a crash.
    ///
    /// # Errors
    /// When the table cannot be written: then nothing is sent.
    fn spend(&mut self, day: i64, lamports: u64) -> anyhow::Result<()>;
}

/// How much of a day's bound a transaction may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// All of it: proofs, and what saves a job or ends it. It offers the unit price.
    Vital,
    /// Three quarters of it: what can wait until tomorrow.
    Routine,
}

/// A transaction that landed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Of the transaction.
    pub signature: Signature,
    /// What it counts against the day's bound, lamports.
    pub lamports: u64,
}

/// Why a plan was not sent, or what is not known of it.
#[derive(Debug, Error)]
pub enum NotSent {
    /// The day's bound does not allow it. Lamports.
    #[error(
        "the day's bound does not allow it: {spent} of {most} lamports are spent, and it needs {needed}"
    )]
    OverBudget {
        /// Spent on this day.
        spent: u64,
        /// What fee and rent come to.
        needed: u64,
        /// What plans of its priority may come to on one day.
        most: u64,
    },
    /// The payer holds too little. Lamports.
    #[error("the payer holds {held} lamports, and it needs {needed}")]
    LacksLamports {
        /// What the payer holds.
        held: u64,
        /// What fee and rent come to.
        needed: u64,
    },
    /// The plan itself is at fault: a simulation or the chain refused it. Nothing changed.
    #[error("{}", named(.0))]
    Refused(send::Error),
    /// It may have landed or may still land. Read the chain again before anything else is decided.
    #[error("whether {signature} landed is not known: {why}")]
    Unknown {
        /// Of the transaction.
        signature: Signature,
        /// Why the node could not tell.
        why: Foreign,
    },
    /// The node does not answer, or no transaction lands. Nothing changed.
    #[error("{0}")]
    Failed(send::Error),
    /// What was spent cannot be read or written. Nothing was sent.
    #[error("the table of what was spent: {0}")]
    Books(anyhow::Error),
}

impl NotSent {
    /// The name of the program's error, if it is one.
    pub fn program_error(&self) -> Option<&'static str> {
        match self {
            Self::Refused(send::Error::Client(error)) => error.program_error(),
            _ => None,
        }
    }

    /// True for what stops every other plan, too.
    pub const fn stops_all(&self) -> bool {
        matches!(
            self,
            Self::Unknown { .. } | Self::Failed(_) | Self::Books(_)
        )
    }
}

/// What a refusal says, with the name that the program which refused gives it.
fn named(error: &send::Error) -> Foreign {
    let called = match error {
        send::Error::Client(error) => error.called(),
        _ => None,
    };
    called
        .map_or_else(|| error.to_string(), |refusal| refusal.to_string())
        .into()
}

impl From<send::Error> for NotSent {
    fn from(error: send::Error) -> Self {
        match error {
            send::Error::LacksLamports { held, needed, .. } => Self::LacksLamports { held, needed },
            send::Error::Client(ClientError::Unknown { signature, why }) => Self::Unknown {
                signature,
                why: why.into(),
            },
            send::Error::Client(ref client) if is_of_the_node(client) => Self::Failed(error),
            error => Self::Refused(error),
        }
    }
}

/// True for what says nothing of the plan.
const fn is_of_the_node(error: &ClientError) -> bool {
    matches!(
        error,
        ClientError::Rpc(_)
            | ClientError::Engine(_)
            | ClientError::Expired(_)
            | ClientError::Transaction {
                error: TransactionError::BlockhashNotFound
                    | TransactionError::AccountNotFound
                    | TransactionError::InsufficientFundsForFee
                    | TransactionError::InvalidAccountForFee
                    | TransactionError::ClusterMaintenance,
                ..
            }
    )
}

/// How long a transaction is waited for. Other windows have to be sealed and proven meanwhile; what became of it the chain says in a later
/// turn.
const PATIENCE: Duration = Duration::from_secs(8);

/// Who pays for the transactions of a process, and how much on one day. There is one in a process, on one thread.
pub struct Purse {
    payer: Key,
    unit_price: u64,
    bound: u64,
    spent: Box<dyn Spent>,
}

impl Purse {
    /// Of `payer`, who signs as the operator, too. `unit_price` is in micro-lamports, `bound` in lamports of fees and rent a day.
    pub fn new(payer: Key, unit_price: u64, bound: u64, spent: Box<dyn Spent>) -> Self {
        Self {
            payer,
            unit_price,
            bound,
            spent,
        }
    }

    /// The payer's key.
    pub fn payer(&self) -> Address {
        self.payer.pubkey()
    }

    /// The payer, as a signer.
    pub const fn key(&self) -> &Key {
        &self.payer
    }

    /// What plans of a priority may still come to on the day of `now`, lamports. `now` is the chain's time, unix seconds.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub fn left(&self, priority: Priority, now: i64) -> anyhow::Result<u64> {
        let spent = self.spent.spent_on(day(now))?;
        Ok(self.most(priority).saturating_sub(spent))
    }

    /// Simulates a plan, counts what it costs, and sends it until it is settled, for a few seconds at most. `now` is the chain's time, unix seconds: it says which
    /// day pays. What goes first in the plan goes in the same transaction.
    ///
    /// # Errors
    /// See [`NotSent`]. Nothing was sent unless it is [`NotSent::Unknown`].
    pub fn send(
        &mut self,
        ledger: &mut impl Ledger,
        plan: &Plan,
        priority: Priority,
        now: i64,
    ) -> Result<Sent, NotSent> {
        // What the bound cannot allow whatever it uses is not worth a call.
        self.require(fee(plan, &[self.payer()], 0, 0), priority, now)?;
        let envelope = self.envelope(priority);
        let prepared = envelope.prepare(ledger, plan)?;
        let (fee, rent, wraps) = (prepared.fee, prepared.rent, plan.wraps);
        let lamports = Cost { fee, rent, wraps }.total();
        self.require(lamports, priority, now)?;
        let signed = prepared.sign()?;
        require_signatures(&signed.transaction)?;
        let counted = self.spent.spend(day(now), lamports);
        counted.map_err(NotSent::Books)?;
        counter!("sluice_worker_lamports_total").increment(lamports);
        let signature = signed.submit(ledger, PATIENCE)?.signature;
        Ok(Sent {
            signature,
            lamports,
        })
    }

    /// What stands around the instructions of plans of this priority.
    pub fn envelope(&self, priority: Priority) -> Envelope {
        let is_offered = priority == Priority::Vital && self.unit_price > 0;
        Envelope {
            unit_price: is_offered.then_some(self.unit_price),
            ..Envelope::new(Key::clone(&self.payer))
        }
    }

    /// Refuses what the day's bound does not allow.
    fn require(&self, needed: u64, priority: Priority, now: i64) -> Result<(), NotSent> {
        let (spent, most) = (
            self.spent.spent_on(day(now)).map_err(NotSent::Books)?,
            self.most(priority),
        );
        if spent.saturating_add(needed) <= most {
            return Ok(());
        }
        Err(NotSent::OverBudget {
            spent,
            needed,
            most,
        })
    }

    /// What plans of a priority may come to on one day, lamports.
    const fn most(&self, priority: Priority) -> u64 {
        match priority {
            Priority::Vital => self.bound,
            Priority::Routine => self.bound.saturating_sub(self.bound.div_ceil(4)),
        }
    }
}

/// The day of a unix time.
fn day(now: i64) -> i64 {
    now.div_euclid(DAY_SECS.into())
}
