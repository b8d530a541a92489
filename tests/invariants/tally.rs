//! What happened in a run, counted: a check that stops checking shows here.

use {
    sluice_client::{Event, event},
    sluice_tests::reference::{Action, Effect, Fail, Holder, Reference, Snapshot},
    std::{collections::BTreeMap, fmt},
};

/// Actions accepted and refused, and refusals by name.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// By the action's name: accepted, refused.
    pub actions: BTreeMap<String, (u64, u64)>,
    pub refusals: BTreeMap<Fail, u64>,
    /// Ends that were moved, by cause.
    pub ends: BTreeMap<u8, u64>,
    /// Rulings: void, void and slashed, upheld, upheld by default.
    pub rulings: BTreeMap<&'static str, u64>,
    /// What happened to rewards beside.
    pub rewards: BTreeMap<&'static str, u64>,
    /// Payees whose account took nothing, by what became of it and by the action that paid them after all.
    pub estranged: BTreeMap<(&'static str, String), u64>,
    /// Dead stake pools that were led out.
    pub dead: u64,
    /// Events read back from logs, by name.
    pub events: BTreeMap<&'static str, u64>,
}

impl Tally {
    /// Counts one step.
    pub fn count(&mut self, action: &Action, outcome: &Result<Effect, Fail>) {
        let (accepted, refused) = self.actions.entry(name(action)).or_default();
        match outcome {
            Ok(_) => *accepted += 1,
            Err(refusal) => {
                *refused += 1;
                *self.refusals.entry(refusal).or_default() += 1;
            }
        }
    }

    /// Counts the jobs whose end was moved between two moments.
    pub fn ends(&mut self, before: &Snapshot, after: &Snapshot) {
        for (id, new) in &after.jobs {
            let moved = before.jobs.get(id).is_some_and(|old| {
                old.incarnation == new.incarnation && old.end_at > new.end_at && new.cause > 0
            });
            if moved {
                *self.ends.entry(new.cause).or_default() += 1;
            }
        }
    }

    /// Counts the challenges that were ruled on between two moments.
    pub fn rulings(&mut self, before: &Snapshot, after: &Snapshot) {
        for (key, new) in &after.challenges {
            let open = before
                .challenges
                .get(key)
                .is_some_and(|old| old.verdict == 0);
            let kind = match new.verdict {
                2 if new.slashed > 0 => "slashed",
                2 => "void",
                1 => "upheld",
                3 => "by default",
                _ => continue,
            };
            if open {
                *self.rulings.entry(kind).or_default() += 1;
            }
        }
    }

    /// Counts what an accepted action of rewards was besides; `model` has not taken it yet.
    pub fn rewards(&mut self, model: &Reference, action: &Action, effect: &Effect) {
        let came_again = match action {
            Action::CreateRewardPool { pool, .. } => {
                let mut closed = model.closed_reward_pools.iter();
                closed.any(|(id, _)| id == pool)
            }
            Action::JoinRewardPool { pool, node, .. } => {
                let left = &model.reward_pools[pool].left;
                left.iter().any(|(id, _)| id == node)
            }
            _ => false,
        };
        let to = effect.moves.first().map(|moved| moved.to);
        let kind = match (action, to) {
            (Action::CreateRewardPool { .. }, _) if came_again => "pool anew",
            (Action::JoinRewardPool { .. }, _) if came_again => "share anew",
            (Action::PayDelegators { stake, .. }, Some(Holder::Wallet(_))) => {
                if model.stake_pools.contains_key(stake) {
                    "to nobody's owner"
                } else {
                    "stake pool gone"
                }
            }
            (Action::PayDelegators { .. }, _) => "to delegators",
            (Action::AddDividends { amount: 0, .. }, _) => "vault for nothing",
            (Action::CloseRewardPool { .. }, Some(_)) => "pool with leftovers",
            _ => return,
        };
        *self.rewards.entry(kind).or_default() += 1;
    }

    /// Counts the shares that came to hold two epochs of different commissions between two moments.
    pub fn commissions(&mut self, before: &Snapshot, after: &Snapshot) {
        let mixed = |state: &Snapshot, key| {
            let slots = state.shares.get(key).map(|share| share.slots);
            slots.is_some_and(|[even, odd]| even.0 > 0 && odd.0 > 0 && even.2 != odd.2)
        };
        let new = after.shares.keys();
        let new = new.filter(|key| mixed(after, key) && !mixed(before, key));
        *self.rewards.entry("two commissions").or_default() += new.count() as u64;
    }

    /// Counts the events in the log of a transaction that was accepted: every line of data in it is one, or all windows of a run.
    pub fn events(&mut self, logs: &[String]) {
        let logged = event::decode(logs);
        let lines = logs
            .iter()
            .filter(|line| line.starts_with("Program data: "));
        // A transaction of these walks proves one run at most.
        let is_of_run = |event: &&Event| matches!(event, Event::BatchProven(_));
        let of_run = logged.events.iter().filter(is_of_run).count();
        let events = logged.events.len() - of_run.saturating_sub(1);
        assert_eq!(events, lines.count(), "events: {logs:?}");
        assert!(!logged.truncated, "the log was cut: {logs:?}");
        for event in &logged.events {
            *self.events.entry(event.name()).or_default() += 1;
        }
    }

    /// Counts a payee whose account took nothing until somebody went around it.
    pub fn estranged(&mut self, fate: &'static str, action: &Action) {
        *self.estranged.entry((fate, name(action))).or_default() += 1;
    }

    /// Adds another run's counts.
    pub fn add(&mut self, other: &Self) {
        for (name, (accepted, refused)) in &other.actions {
            let sum = self.actions.entry(name.clone()).or_default();
            *sum = (sum.0 + accepted, sum.1 + refused);
        }
        for (cause, times) in &other.ends {
            *self.ends.entry(*cause).or_default() += times;
        }
        for (kind, times) in &other.rulings {
            *self.rulings.entry(kind).or_default() += times;
        }
        for (kind, times) in &other.rewards {
            *self.rewards.entry(kind).or_default() += times;
        }
        for (fate, times) in &other.estranged {
            *self.estranged.entry(fate.clone()).or_default() += times;
        }
        self.dead += other.dead;
        for (name, times) in &other.events {
            *self.events.entry(name).or_default() += times;
        }
        for (name, times) in &other.refusals {
            *self.refusals.entry(name).or_default() += times;
        }
    }

    /// Steps in all.
    pub fn steps(&self) -> u64 {
        self.actions.values().map(|(a, r)| a + r).sum()
    }

    /// Steps that were accepted.
    pub fn accepted(&self) -> u64 {
        self.actions.values().map(|(accepted, _)| accepted).sum()
    }
}

/// `OpenJob` of an action that opens one.
fn name(action: &Action) -> String {
    let text = format!("{action:?}");
    let end = text.find([' ', '(']).unwrap_or(text.len());
    text[..end].to_owned()
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} steps, {} accepted;", self.steps(), self.accepted())?;
        for (name, (accepted, refused)) in &self.actions {
            write!(f, " {name} {accepted}+{refused}")?;
        }
        write!(f, "; ends by cause {:?}", self.ends)?;
        write!(f, "; rulings {:?}", self.rulings)?;
        write!(f, "; rewards {:?}", self.rewards)?;
        write!(f, "; estranged {:?}", self.estranged)?;
        write!(f, "; {} dead pools", self.dead)?;
        write!(f, "; events {:?}", self.events)?;
        write!(f, "; {} kinds of refusal:", self.refusals.len())?;
        let mut refusals: Vec<_> = self.refusals.iter().collect();
        refusals.sort_by_key(|(_, times)| std::cmp::Reverse(**times));
        for (name, times) in refusals {
            write!(f, " {name} {times}")?;
        }
        Ok(())
    }
}
