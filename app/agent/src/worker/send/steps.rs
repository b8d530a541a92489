//! Steps that are due, in as few transactions as they fit. One that is refused holds up no other, and is not tried over and over.

use {
    super::{NotSent, Priority, Purse, Sent},
    sha2::{Digest, Sha256},
    sluice_client::{
        Account, Address, Ledger, Signature,
        send::{Envelope, Plan},
    },
    std::{
        collections::{BTreeMap, BTreeSet},
        time::{Duration, Instant},
    },
    tracing::{info, warn},
};

/// A step that was refused is tried again after so many seconds though its accounts are the same: time itself may have been the reason.
const AGAIN_SECS: i64 = 6 * 3_600;

/// Tokens that a step moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    /// Of the tokens.
    pub mint: Address,
    /// Base units.
    pub amount: u64,
}

/// A step that is due.
pub struct Step {
    /// Its name.
    pub name: &'static str,
    /// Address of the job, share or offer that it is about.
    pub about: Address,
    /// What it moves.
    pub pays: Option<Paid>,
    /// Its instructions.
    pub plan: Plan,
}

/// What became of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The step's name.
    pub name: &'static str,
    /// Address of the job, share or offer that it is about.
    pub about: Address,
    /// What it moves.
    pub pays: Option<Paid>,
    /// Of the transaction that it is in; or why it is in none, fit to be shown.
    pub result: Result<Signature, String>,
}

/// Steps of one kind, and what is known of those that were not sent.
pub struct Steps {
    withheld: BTreeMap<(Address, &'static str), Withheld>,
    /// No transaction begins later than this after the first: what waits for them may have less time.
    longest: Duration,
    is_unfinished: bool,
}

impl Default for Steps {
    fn default() -> Self {
        Self::within(LONGEST)
    }
}

/// Steps are sent at once for so long.
const LONGEST: Duration = Duration::from_secs(10);

/// A step that was not sent.
struct Withheld {
    why: String,
    /// The kind of refusal, without figures: what is the same is told once.
    told: String,
    /// Of the step's accounts when it was refused; `None` for one that may be tried whenever it is due.
    accounts: Option<[u8; 32]>,
    at: i64,
}

impl Steps {
    /// Steps that are sent at once for no longer than this, and one transaction at least.
    pub const fn within(longest: Duration) -> Self {
        Self {
            withheld: BTreeMap::new(),
            longest,
            is_unfinished: false,
        }
    }

    /// True when the last time was too short for all steps.
    pub const fn is_unfinished(&self) -> bool {
        self.is_unfinished
    }

    /// True when the last try of a step was not sent.
    pub fn is_withheld(&self, about: &Address, name: &'static str) -> bool {
        self.withheld.contains_key(&(*about, name))
    }

    /// What was not sent, and why, fit to be shown.
    pub fn withheld(&self) -> impl Iterator<Item = (&'static str, &Address, &str)> {
        let all = self.withheld.iter();
        all.map(|((about, name), withheld)| (*name, about, withheld.why.as_str()))
    }

    /// Sends `steps`, each whole and in their order, at the chain's time `now`. A step that was refused waits until one of its accounts
    /// changes, or a quarter of a day has passed. What the node's silence holds up is left for the next time.
    pub fn send(
        &mut self,
        ledger: &mut impl Ledger,
        purse: &mut Purse,
        priority: Priority,
        now: i64,
        steps: Vec<Step>,
    ) -> Vec<Done> {
        self.withheld
            .retain(|_, one| now.saturating_sub(one.at) <= AGAIN_SECS.saturating_mul(4));
        let steps = self.worth_a_try(ledger, now, steps);
        let mut done = vec![];
        let begun = Instant::now();
        self.is_unfinished = false;
        for group in groups(&purse.envelope(priority), steps) {
            if !done.is_empty() && begun.elapsed() >= self.longest {
                self.is_unfinished = true;
                break;
            }
            if !self.send_group(ledger, purse, (priority, now), group, &mut done) {
                break;
            }
        }
        done
    }

    /// Sends steps in one transaction; when that is refused, each in one of its own. False when nothing else can be sent either.
    fn send_group(
        &mut self,
        ledger: &mut impl Ledger,
        purse: &mut Purse,
        how: (Priority, i64),
        group: Vec<Step>,
        done: &mut Vec<Done>,
    ) -> bool {
        let (priority, now) = how;
        let plan = joined(&group);
        match purse.send(ledger, &plan, priority, now) {
            Ok(Sent { signature, .. }) => {
                for step in group {
                    self.withheld.remove(&(step.about, step.name));
                    info!(step = step.name, about = %step.about, amount = step.pays.map(|paid| paid.amount), %signature, "sent");
                    done.push(step.done(Ok(signature)));
                }
                true
            }
            Err(error) if group.len() > 1 && !error.stops_all() => group
                .into_iter()
                .all(|step| self.send_group(ledger, purse, how, vec![step], done)),
            Err(error) => {
                for step in group {
                    self.withhold(ledger, &step, &error, now);
                    done.push(step.done(Err(error.to_string())));
                }
                !error.stops_all()
            }
        }
    }

    /// Those of `steps` that were not refused with their accounts as they are.
    fn worth_a_try(&self, ledger: &impl Ledger, now: i64, steps: Vec<Step>) -> Vec<Step> {
        let is_refused = |step: &Step| {
            let withheld = self.withheld.get(&(step.about, step.name))?;
            let is_fresh = now.saturating_sub(withheld.at) < AGAIN_SECS;
            withheld.accounts.filter(|_| is_fresh)
        };
        let refused = steps.iter().filter(|step| is_refused(step).is_some());
        let wanted: BTreeSet<Address> = refused.flat_map(accounts).collect();
        let Ok(found) = read(ledger, wanted) else {
            return steps
                .into_iter()
                .filter(|step| is_refused(step).is_none())
                .collect();
        };
        steps
            .into_iter()
            .filter(|step| is_refused(step).is_none_or(|then| then != fingerprint(step, &found)))
            .collect()
    }

    /// Keeps why a step was not sent, and tells it unless it was told.
    fn withhold(&mut self, ledger: &impl Ledger, step: &Step, error: &NotSent, now: i64) {
        let is_refused = matches!(error, NotSent::Refused(_));
        let found = is_refused.then(|| read(ledger, accounts(step)).ok());
        let why = error.to_string();
        let told = match error {
            NotSent::OverBudget { .. } => "over budget".to_owned(),
            NotSent::LacksLamports { .. } => "lacks lamports".to_owned(),
            NotSent::Unknown { .. } => "unknown".to_owned(),
            _ => why.clone(),
        };
        let withheld = Withheld {
            accounts: found.flatten().map(|found| fingerprint(step, &found)),
            why: why.clone(),
            told: told.clone(),
            at: now,
        };
        let before = self.withheld.insert((step.about, step.name), withheld);
        if before.is_none_or(|before| before.told != told) {
            warn!(step = step.name, about = %step.about, error = error.program_error(), why, "not sent");
        }
    }
}

impl Step {
    fn done(self, result: Result<Signature, String>) -> Done {
        Done {
            name: self.name,
            about: self.about,
            pays: self.pays,
            result,
        }
    }
}

/// `steps` as they share transactions.
fn groups(envelope: &Envelope, steps: Vec<Step>) -> Vec<Vec<Step>> {
    let plans = steps.iter().map(|step| step.plan.clone());
    let packed = envelope.pack(plans.collect());
    let mut steps = steps.into_iter().peekable();
    let of_one = |plan: &Plan| {
        let (mut left, mut group) = (plan.all().count(), vec![]);
        while let Some(step) = steps.next_if(|step| step.plan.all().count() <= left) {
            left = left.saturating_sub(step.plan.all().count());
            group.push(step);
        }
        group
    };
    packed.iter().map(of_one).collect()
}

/// One plan of steps.
fn joined(group: &[Step]) -> Plan {
    let plans = group.iter().map(|step| step.plan.clone());
    plans.fold(Plan::default(), Plan::join)
}

/// The accounts that a step's success may hang on. Signers are left out: their lamports change with every fee.
fn accounts(step: &Step) -> BTreeSet<Address> {
    let metas = step.plan.all().flat_map(|one| &one.accounts);
    metas
        .filter(|meta| !meta.is_signer)
        .map(|meta| meta.pubkey)
        .collect()
}

type Found = BTreeMap<Address, Option<Account>>;

fn read(
    ledger: &impl Ledger,
    wanted: impl IntoIterator<Item = Address>,
) -> sluice_client::Result<Found> {
    let wanted: Vec<Address> = wanted.into_iter().collect();
    if wanted.is_empty() {
        return Ok(Found::new());
    }
    let found = ledger.accounts(&wanted)?;
    Ok(wanted.into_iter().zip(found).collect())
}

/// What tells whether one of a step's accounts has changed.
fn fingerprint(step: &Step, found: &Found) -> [u8; 32] {
    let mut hash = Sha256::new();
    for address in accounts(step) {
        hash.update(address.as_ref());
        if let Some(account) = found.get(&address).and_then(Option::as_ref) {
            hash.update(account.owner.as_ref());
            hash.update(Sha256::digest(&account.data));
        }
    }
    hash.finalize().into()
}
