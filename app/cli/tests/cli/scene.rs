//! A network in business, built by the command alone.

use {crate::bench::Bench, solana_address::Address};

pub const HOUR: i64 = 3_600;
pub const DAY: i64 = 86_400;

/// A network, a set of three attesters of whom two must sign, and a provider with a node and stake.
pub struct Scene {
    pub bench: Bench,
    pub network: String,
    pub set: String,
    pub attesters: Vec<String>,
    pub provider: String,
    pub node: String,
    pub buyer: Address,
    pub owner: Address,
    pub treasury: Address,
    pub fee_owner: Address,
}

impl Scene {
    pub fn new() -> Self {
        Self::on(Bench::new())
    }

    /// The same on a bench that a test prepared.
    pub fn on(mut bench: Bench) -> Self {
        for name in ["admin", "buyer", "owner", "operator", "guild"] {
            bench.funded(name);
        }
        let (buyer, owner, guild) = (bench.key("buyer"), bench.key("owner"), bench.key("guild"));
        let (pay, stake) = (bench.pay, bench.stake);
        bench.give(&buyer, &pay, 100_000_000);
        bench.give(&owner, &stake, 1_000_000_000_000);
        bench.give(&guild, &stake, 1_000_000_000_000);
        let (treasury, fee_owner) = (bench.key("treasury"), bench.key("fees"));
        let network = bench.field(
            "admin",
            &format!(
                "network create main --stake-mint {} --dividend-mint {} --treasury {treasury} \
                 --min-stake 100 --min-bond 50 --unbonding 7d --fee-bps 100",
                stake.address, pay.address
            ),
            "network",
        );
        let (attesters, set) = form_set(&mut bench, &network, &fee_owner);
        let operator = bench.key("operator");
        let provider = bench.field(
            "owner",
            &format!("provider register --network {network} --operator {operator}"),
            "provider",
        );
        bench.ok("owner", &format!("stake deposit {provider} 500.5"));
        bench.key("worker");
        let worker = bench.path("worker");
        let node = bench.field(
            "owner",
            &format!("node register --provider {provider} --worker {worker} --set {set} --slots 2"),
            "node",
        );
        Self {
            bench,
            network,
            set,
            attesters,
            provider,
            node,
            buyer,
            owner,
            treasury,
            fee_owner,
        }
    }

    /// Opens job `id`: three hours, 100 units an hour at 0.01, and more money than that takes.
    pub fn open(&mut self, id: u64) -> String {
        let line = self.open_line(id);
        self.bench.field("buyer", &line, "job")
    }

    /// The words that open job `id`.
    pub fn open_line(&mut self, id: u64) -> String {
        let cosigner = self.bench.key("cosigner");
        format!(
            "job open --network {} --id {id} --mint {} --set {} --cosigner {cosigner} --price 0.01 --cap 100 \
             --length 3h --window 1h --grace 1h --challenge-time 1h --notice 30m --bond 20 --funds 5",
            self.network, self.bench.pay.address, self.set
        )
    }

    /// Opens job `id` and accepts it onto the node.
    pub fn active(&mut self, id: u64) -> String {
        let job = self.open(id);
        let line = format!("job accept {job} --node {}", self.node);
        self.bench.ok("operator", &line);
        job
    }

    /// A signature file of the key `name` for a statement on `path`, signed offline; returns the file's path.
    pub fn sign(&mut self, name: &str, job: &str, window: u32, units: u64, path: &str) -> String {
        let context = self
            .bench
            .field("buyer", &format!("job show {job}"), "context");
        let digest = "ab".repeat(32);
        let ran = self.bench.ok(
            name,
            &format!(
                "attest sign --context {context} --window {window} --units {units} --digest {digest} --path {path}"
            ),
        );
        self.bench
            .file(&format!("{name}-{window}-{units}-{path}.json"), &ran.out)
    }

    /// Loses what the key `name` wrote down of what it signed, as a copy of the key on another machine would.
    pub fn forget(&mut self, name: &str) {
        let journal = format!("{}.signed", self.bench.key(name));
        for folder in ["", "state/signed/"] {
            let _ = std::fs::remove_file(self.bench.path(&format!("{folder}{journal}")));
        }
    }

    /// Lets time pass.
    pub fn wait(&mut self, secs: i64) {
        self.bench.ledger.chain.advance(secs);
    }
}

/// Registers, bonds and makes live the attesters `a1`, `a2` and `a3` of the guild.
///
/// The jobs of these tests count: their bond is 20 and they can be challenged for an hour.
fn form_set(bench: &mut Bench, network: &str, fee_owner: &Address) -> (Vec<String>, String) {
    let mut attesters = Vec::new();
    let mut keys = String::new();
    for name in ["a1", "a2", "a3"] {
        let key = bench.key(name);
        keys.push_str(&format!(" --key {key}"));
        let path = bench.path(name);
        let attester = bench.field(
            "guild",
            &format!("attester register --network {network} --key {path}"),
            "attester",
        );
        bench.ok("guild", &format!("stake deposit {attester} 60"));
        attesters.push(attester);
    }
    let meter = "01".repeat(32);
    let set = bench.field(
        "admin",
        &format!(
            "attester-set create --network {network}{keys} --threshold 2 --meter {meter} --fee-bps 50 \
             --fee-owner {fee_owner} --pay-mint {} --least-price 0.001 --least-bond 20",
            bench.pay.address
        ),
        "set",
    );
    for attester in &attesters {
        bench.ok("guild", &format!("attester enter {attester} --set {set}"));
    }
    (attesters, set)
}
