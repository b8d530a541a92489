//! What a purse allows, whatever happens in between.

mod purse;
mod steps;

use {
    super::{
        fake::{Fake, Fate, Table, calls, refused},
        *,
    },
    sluice_client::{AccountMeta, Instruction, Keypair, SluiceError},
    std::rc::Rc,
};

const FEE: u64 = 5_000;
const DAY: i64 = 86_400;

struct Site {
    key: Key,
    table: Table,
    ledger: Fake,
}

impl Site {
    fn new() -> Self {
        let key: Key = Rc::new(Keypair::new());
        Self {
            ledger: Fake::new(key.pubkey()),
            table: Table::default(),
            key,
        }
    }

    /// The purse of a process that starts now.
    fn purse(&self, bound: u64) -> Purse {
        let spent = Box::new(self.table.clone());
        Purse::new(Key::clone(&self.key), 0, bound, spent)
    }

    fn spent(&self, day: i64) -> u64 {
        self.table.spent_on(day).unwrap()
    }
}

/// A plan of one call about an account.
fn plan(about: u8) -> Plan {
    Plan::of(Instruction {
        program_id: sluice_client::ID,
        accounts: vec![AccountMeta::new(account(about), false)],
        data: vec![about],
    })
}

fn account(about: u8) -> Address {
    Address::new_from_array([about; 32])
}

fn step(about: u8) -> Step {
    Step {
        name: "pay",
        about: account(about),
        pays: None,
        plan: plan(about),
    }
}

/// A ledger that refuses every call about an account.
fn refusing(ledger: &mut Fake, about: u8) {
    ledger.refuses = Box::new(move |(_, _, data), _| {
        (data[..] == [about]).then(|| refused(SluiceError::Paused))
    });
}

fn told(done: &[Done]) -> Vec<(Address, bool)> {
    let all = done.iter();
    all.map(|one| (one.about, one.result.is_ok())).collect()
}
