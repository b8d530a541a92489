//! A cluster with mints and keys and nothing else, the manifest of what is to stand there.

use {
    crate::{
        bench::{Bench, Ran},
        counting::Loses,
    },
    sluice_cli::Exit,
    sluice_client::Ledger,
    solana_account::Account,
    solana_address::Address,
};

/// Steps of the whole manifest, each a transaction.
pub const STEPS: usize = 13;
const KEYS: [&str; 5] = ["guild", "a1", "a2", "a3", "funder"];

pub struct Site {
    pub bench: Bench,
    /// The manifest's text, to be changed.
    pub manifest: String,
}

impl Site {
    pub fn new() -> Self {
        let mut bench = Bench::new();
        for name in ["admin", "guild", "funder", "heir"] {
            bench.funded(name);
        }
        let (guild, funder) = (bench.key("guild"), bench.key("funder"));
        let (pay, stake) = (bench.pay, bench.stake);
        bench.give(&guild, &stake, 1_000_000_000_000);
        bench.give(&funder, &pay, 900_000_000);
        let manifest = manifest(&mut bench);
        Self { bench, manifest }
    }

    /// The words of `migrate` with the manifest as it is now.
    pub fn line(&self, verb: &str) -> String {
        let manifest = self.bench.file("manifest.toml", &self.manifest);
        let mut line = format!("migrate {verb} --manifest {manifest}");
        if verb == "apply" {
            for name in KEYS {
                line.push_str(&format!(" --key {}", self.bench.path(name)));
            }
        }
        line
    }

    pub fn plan(&mut self) -> serde_json::Value {
        let line = self.line("plan");
        self.bench.run("admin", &line).json()
    }

    /// What `--check` ends with.
    pub fn check(&mut self) -> Exit {
        let line = self.line("plan") + " --check";
        self.bench.run("nobody", &line).exit
    }

    /// Applies, which must succeed.
    pub fn apply(&mut self) -> serde_json::Value {
        let line = self.line("apply");
        self.bench.run("admin", &line).json()
    }

    /// Applies and loses something with the transaction after `sent` others.
    pub fn apply_interrupted(&mut self, sent: usize, loses: Loses) -> Ran {
        self.bench.ledger.loses = Some((sent, loses));
        let line = self.line("apply");
        self.bench.run("admin", &line)
    }

    /// Replaces `old`, which must be there, in the manifest.
    pub fn change(&mut self, old: &str, new: &str) {
        assert!(self.manifest.contains(old), "{old}");
        self.manifest = self.manifest.replace(old, new);
    }

    /// The planned items of one step: state and what.
    pub fn step(&mut self, name: &str) -> Vec<(String, String)> {
        let plan = self.plan();
        let rows = plan["steps"].as_array().unwrap();
        rows.iter()
            .filter(|row| row["step"] == name)
            .map(|row| {
                let text = |field: &str| row[field].as_str().unwrap().to_owned();
                (text("state"), text("what"))
            })
            .collect()
    }

    /// Every account of the program, with its bytes.
    pub fn bytes(&self) -> Vec<(Address, Account)> {
        let mut all = self.bench.ledger.chain.program_accounts(&[]).unwrap();
        all.sort_by_key(|(address, _)| address.to_bytes());
        all
    }
}

fn manifest(bench: &mut Bench) -> String {
    let mut key = |name: &str| bench.key(name).to_string();
    let (admin, guild, funder) = (key("admin"), key("guild"), key("funder"));
    let (treasury, fees) = (key("treasury"), key("fees"));
    let keys = ["a1", "a2", "a3"].map(&mut key);
    let attesters: String = keys
        .iter()
        .map(|key| format!("[[attester]]\nkey = '{key}'\nowner = '{guild}'\nstake = '60.5'\n\n"))
        .collect();
    let (stake, pay) = (bench.stake.address, bench.pay.address);
    let [a1, a2, a3] = keys;
    let meter = "01".repeat(32);
    format!(
        "[network]
name = 'main'
creator = '{admin}'
stake_mint = '{stake}'
dividend_mint = '{pay}'
min_unbonding = '1d'
dividend_period = '2d'

[network.roles]
treasury = '{treasury}'

[network.parameters]
min_stake = '100'
min_bond = '50'
unbonding = '7d'
timelock = '7d'
fee = '1%'

{attesters}[[attester_set]]
name = 'all'
keys = ['{a3}', '{a1}', '{a2}']
threshold = 2
meter = '{meter}'
fee = '0.5%'
fee_owner = '{fees}'
revoker = '{admin}'
quality = {{ mint = '{pay}', price = '0.001', per = 1, bond = '20', challenge_bond = '20', challenge_time = '1h', ruling_time = '1h' }}

[[reward_pool]]
creator = '{funder}'
id = 1
set = 'all'
mint = '{pay}'
rate = '10'
ceiling = '0.01'
node_cap = 10000
epoch = '1h'
start = '2026-01-02T00:00:00Z'
end = '2026-03-01T00:00:00Z'
funds = '500'
"
    )
}
