//! Offers that a worker keeps in the market: posted, renewed, priced anew, and withdrawn.
//!
//! An agent's offers have numbers from [`OURS_FROM`] on, [`OF_EACH`] for every offer of the configuration, in its order. Others are the
//! operator's own, posted by hand: the agent never touches them.

mod due;
#[cfg(test)]
mod tests;

pub use due::{OF_EACH, OURS_FROM, Place, Step, due, leaving, price, terms};
use {
    super::send::{self, Done, Priority, Purse, Steps},
    crate::config,
    sluice_client::{
        Address, Job, Ledger, Node, Offer,
        account::{self, filter},
        address, instruction,
        send::Plan,
    },
};

/// Between two looks at the offers, seconds.
const EVERY_SECS: i64 = 10;

/// What stands where, once all that is due was sent.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// The nodes that work here; their operator pays.
    pub nodes: &'a [(Address, Node)],
    /// All jobs on them, read before.
    pub jobs: &'a [(Address, Job)],
    /// The offers of the configuration, each on every node.
    pub configured: &'a [config::Offer],
}

/// Keeps offers standing on every node that works here.
#[derive(Default)]
pub struct Offers {
    /// The chain's time of the last turn.
    turned_at: Option<i64>,
    steps: Steps,
}

impl Offers {
    /// What was not sent, and why.
    pub const fn steps(&self) -> &Steps {
        &self.steps
    }

    /// Posts, renews, prices anew, withdraws and clears what is due, every ten seconds at most. `now` is the chain's time, unix
    /// seconds.
    ///
    /// # Errors
    /// When the node does not answer.
    pub fn turn(
        &mut self,
        ledger: &mut impl Ledger,
        purse: &mut Purse,
        now: i64,
        wanted: &Wanted<'_>,
    ) -> sluice_client::Result<Vec<Done>> {
        let is_early = |last: i64| (last..last.saturating_add(EVERY_SECS)).contains(&now);
        if self.turned_at.is_some_and(is_early) {
            return Ok(vec![]);
        }
        self.turned_at = Some(now);
        let mut steps = vec![];
        for (key, node) in wanted.nodes {
            let offers = ledger.list::<Offer>(&[filter::offer_node(key)])?;
            let place = Place {
                key,
                node,
                offers: &offers,
                jobs: wanted.jobs,
            };
            let due = due(&place, wanted.configured, now);
            steps.extend(due.iter().map(|step| built(step, purse, (key, node))));
        }
        Ok(self
            .steps
            .send(ledger, purse, Priority::Routine, now, steps))
    }

    /// Withdraws all offers of the agent on these nodes: for a worker that leaves. It may use the whole of the day's bound, for what
    /// stands brings jobs that nobody works on.
    ///
    /// # Errors
    /// When the node does not answer.
    pub fn withdraw(
        &mut self,
        ledger: &mut impl Ledger,
        purse: &mut Purse,
        now: i64,
        nodes: &[(Address, Node)],
    ) -> sluice_client::Result<Vec<Done>> {
        let mut steps = vec![];
        for (key, node) in nodes {
            let offers = ledger.list::<Offer>(&[filter::offer_node(key)])?;
            let due = leaving(key, &offers, now);
            steps.extend(due.iter().map(|step| built(step, purse, (key, node))));
        }
        Ok(self.steps.send(ledger, purse, Priority::Vital, now, steps))
    }
}

/// The transaction's part of a step.
fn built(step: &Step, purse: &Purse, (node_key, node): (&Address, &Node)) -> send::Step {
    let operator = purse.payer();
    let (about, plan) = match step {
        Step::Post { args, replaces } => {
            let mut plan = Plan::default();
            for (key, offer) in replaces {
                plan.push(instruction::withdraw_offer(&operator, key, offer));
            }
            let post = instruction::post_offer(&operator, &operator, node_key, node, *args);
            plan.push(post);
            // The rent of one that it replaces pays for it.
            let is_paid = replaces
                .iter()
                .any(|(_, offer)| offer.rent_payer == operator);
            if !is_paid {
                plan = plan.creating(account::size::<Offer>());
            }
            (address::offer(node_key, args.id), plan)
        }
        Step::Withdraw(key, offer) => {
            let plan = Plan::of(instruction::withdraw_offer(&operator, key, offer));
            (*key, plan)
        }
        Step::Clear(key, offer) => {
            let plan = Plan::of(instruction::clear_offer(&operator, key, offer));
            (*key, plan)
        }
    };
    send::Step {
        name: step.name(),
        about,
        pays: None,
        plan,
    }
}
