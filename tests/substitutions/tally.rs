//! Sends every bent instruction, judges what comes of it, and counts.

use {
    crate::{
        bend::{Bend, Kind, reached},
        case::{Accounts, Case, Refusal},
        harmless,
        outcome::Success,
    },
    solana_address::Address,
    std::{
        collections::{BTreeMap, BTreeSet},
        fmt::Write,
    },
};

/// What came of the bends so far.
#[derive(Default)]
pub struct Tally {
    instructions: BTreeSet<&'static str>,
    scenes: BTreeSet<&'static str>,
    refused: BTreeMap<String, u64>,
    /// Uses of each entry of the list of what is harmless, by scene.
    harmless: BTreeMap<(usize, &'static str, Kind), u64>,
    /// Optional accounts by whether a scene gave them.
    given: BTreeMap<(&'static str, &'static str), bool>,
    wrong: Vec<String>,
}

impl Tally {
    /// Bends one case in every way.
    pub fn add(&mut self, mut case: Case) {
        self.instructions.insert(case.call.name);
        self.scenes.insert(case.scene);
        for (slot, meta) in case.call.slots.iter().zip(&case.instruction().accounts) {
            if slot.optional {
                let given = self.given.entry((case.call.name, slot.name)).or_default();
                *given |= meta.pubkey != sluice_client::ID;
            }
        }
        let bends = case.bends();
        let mut fork = case.chain.clone();
        for bend in &bends {
            let bent = case.bent(bend);
            let given = bent.accounts.iter().map(|meta| meta.pubkey).collect();
            let before = reached(&case, &fork, &bent);
            let sent = case.send(&mut fork, &case.with(bent.clone()));
            let after = reached(&case, &fork, &bent);
            match sent {
                Err(refusal) => self.refuse(&case, bend, refusal, (before, after)),
                Ok(fee) => {
                    let success = Success {
                        case: &case,
                        bend,
                        given,
                        before,
                        after,
                    };
                    self.accept(&success, fee);
                    fork = case.chain.clone();
                }
            }
        }
    }

    fn refuse(&mut self, case: &Case, bend: &Bend, refusal: Refusal, seen: (Accounts, Accounts)) {
        let Refusal { name, fee } = refusal;
        let (before, after) = seen;
        if charged(before, &case.fee_payer(), fee) != after {
            self.fault(case, bend, &format!("{name}, but something moved"));
        }
        if !bend.kind.is_refused_by(&name) {
            self.fault(case, bend, &name);
        }
        *self.refused.entry(name).or_default() += 1;
    }

    fn accept(&mut self, success: &Success, fee: u64) {
        let (case, bend) = (success.case, success.bend);
        let payer = case.fee_payer();
        let paid = charged(success.before.clone(), &payer, fee);
        if paid[&payer] != success.after[&payer] {
            self.fault(case, bend, "the fee payer paid more than the fee");
        }
        let (scene, account) = (case.scene, case.call.slots[bend.place].name);
        match harmless::entry(scene, account, bend.kind) {
            None => {
                let changed = success.changed();
                self.fault(case, bend, &format!("succeeds and changes {changed:?}"));
            }
            Some((index, entry)) => {
                if let Some(why) = success.contradicts(entry.outcome) {
                    self.fault(case, bend, &format!("{}, but {why}", entry.reason));
                }
                let use_of = (index, scene, bend.kind);
                *self.harmless.entry(use_of).or_default() += 1;
            }
        }
    }

    fn fault(&mut self, case: &Case, bend: &Bend, what: &str) {
        self.wrong.push(format!("{}: {what}", case.tell(bend)));
    }

    /// Prints the counts; fails if anything was wrong, or if the list says more than was found.
    pub fn close(mut self, noun: &str) {
        for (index, entry) in harmless::all().enumerate() {
            for (scene, kind) in entry.uses() {
                let used = self.harmless.contains_key(&(index, scene, kind));
                if self.scenes.contains(scene) && !used {
                    let account = entry.account;
                    self.wrong.push(format!(
                        "{scene}: {account}: {kind:?} is not harmless any more"
                    ));
                }
            }
        }
        for ((instruction, account), given) in &self.given {
            if !given {
                self.wrong.push(format!(
                    "{instruction}: no scene gives the optional {account}"
                ));
            }
        }
        println!("{}", self.summary(noun));
        let count = self.wrong.len();
        assert!(count == 0, "{count} wrong:\n{}", self.wrong.join("\n"));
    }

    fn summary(&self, noun: &str) -> String {
        let refused: u64 = self.refused.values().sum();
        let harmless: u64 = self.harmless.values().sum();
        let mut names: Vec<_> = self.refused.iter().collect();
        names.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let mut text = format!(
            "{noun}: {} instructions, {} scenes, {} substitutions, {refused} refused, {harmless} harmless",
            self.instructions.len(),
            self.scenes.len(),
            refused + harmless,
        );
        for (name, count) in names {
            write!(text, "\n  {count:6} {name}").unwrap();
        }
        text
    }
}

/// The accounts with the fee taken.
fn charged(mut accounts: Accounts, payer: &Address, fee: u64) -> Accounts {
    if let Some(Some(account)) = accounts.get_mut(payer) {
        account.lamports -= fee;
    }
    accounts
}
