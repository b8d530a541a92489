//! What a substitution changed, held against what the happy transaction changes.

use {
    crate::{
        bend::Bend,
        case::{Accounts, Case},
    },
    solana_account::Account,
    solana_address::Address,
    std::collections::BTreeSet,
};

/// All that a harmless substitution changes.
#[derive(Clone, Copy, Debug)]
pub enum Outcome {
    /// What the happy transaction changes; the account in the place stays as it is.
    Same,
    /// What the happy transaction changes, with the account in the place for the right one: it gives or gets what that one
    /// would, and records name it.
    InPlace,
    /// These accounts and no other.
    Changes(&'static [&'static str]),
}

/// A transaction that succeeded.
pub struct Success<'a> {
    pub case: &'a Case,
    pub bend: &'a Bend,
    /// Our instruction's accounts as given.
    pub given: Vec<Address>,
    pub before: Accounts,
    pub after: Accounts,
}

impl Success<'_> {
    /// Why this is not the outcome.
    pub fn contradicts(&self, outcome: Outcome) -> Option<String> {
        match outcome {
            Outcome::Same => self.differs(false),
            Outcome::InPlace => self.differs(true),
            Outcome::Changes(names) => {
                let expected: BTreeSet<_> = names.iter().copied().collect();
                let changed = self.changed();
                (changed != expected).then(|| format!("changes {changed:?}"))
            }
        }
    }

    /// Names of the accounts that changed.
    pub fn changed(&self) -> BTreeSet<&'static str> {
        let slots = self.case.call.slots.iter().zip(&self.given);
        let changed = slots.filter(|(_, key)| self.before[*key] != self.after[*key]);
        changed.map(|(slot, _)| slot.name).collect()
    }

    fn differs(&self, renamed: bool) -> Option<String> {
        let right = self.case.instruction().accounts[self.bend.place].pubkey;
        let wrong = self.bend.key;
        let expected = |key: &Address| match renamed {
            true => self.renamed(key, &right),
            false => self.case.after[key].clone(),
        };
        let slots = self.case.call.slots.iter().zip(&self.given);
        let mut others = slots.filter(|(_, key)| **key != wrong);
        if let Some((slot, _)) = others.find(|(_, key)| self.after[key] != expected(key)) {
            return Some(format!("{} is not as expected", slot.name));
        }
        let (before, after) = (&self.before[&wrong], &self.after[&wrong]);
        let elsewhere = self.case.after.contains_key(&wrong);
        let fits = match (renamed, elsewhere) {
            (false, false) => before == after,
            (false, true) => *after == self.case.after[&wrong],
            (true, elsewhere) => {
                let moved = self.moved(&right) + if elsewhere { self.moved(&wrong) } else { 0 };
                lamports(after) - lamports(before) == moved && self.data_fits(elsewhere)
            }
        };
        (!fits).then(|| "the account in the place is not as expected".to_owned())
    }

    /// Lamports that the happy transaction brings an account.
    fn moved(&self, key: &Address) -> i128 {
        lamports(&self.case.after[key]) - lamports(&self.case.before[key])
    }

    /// What the happy transaction makes of an account, with the wrong account for the right one wherever it wrote that one.
    fn renamed(&self, key: &Address, right: &Address) -> Option<Account> {
        let mut account = self.case.after[key].clone()?;
        let before = data(&self.case.before[key]);
        let wrote = |at: usize| before.get(at..at + 32) != Some(right.as_ref());
        let mentions: Vec<_> = account
            .data
            .windows(32)
            .enumerate()
            .filter(|(at, bytes)| *bytes == right.as_ref() && wrote(*at))
            .map(|(at, _)| at)
            .collect();
        for at in mentions {
            account.data[at..at + 32].copy_from_slice(self.bend.key.as_ref());
        }
        Some(account)
    }

    fn data_fits(&self, elsewhere: bool) -> bool {
        let right = self.case.instruction().accounts[self.bend.place].pubkey;
        let wrong = &self.bend.key;
        let (before, after) = (data(&self.before[wrong]), data(&self.after[wrong]));
        if elsewhere {
            let expected = self.renamed(wrong, &right);
            after == data(&expected)
        } else if before == data(&self.case.before[&right]) {
            after == data(&self.case.after[&right])
        } else {
            after == before
        }
    }
}

fn lamports(account: &Option<Account>) -> i128 {
    account
        .as_ref()
        .map_or(0, |account| i128::from(account.lamports))
}

fn data(account: &Option<Account>) -> &[u8] {
    account
        .as_ref()
        .map_or(&[][..], |account| &account.data[..])
}
