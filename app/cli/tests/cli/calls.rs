//! How many calls a verb makes before it sends: over a network each of them is a wait.

use crate::{
    bench::Ran,
    rewarding::{pool, prove},
    scene::{DAY, HOUR, Scene},
};

/// Of each command its name, its reads, and all its calls: the reads, the simulation with the blockhash, and the genesis hash that the
/// note of a transaction is filed under.
#[derive(Default)]
struct Table(Vec<(&'static str, usize, usize)>);

impl Table {
    /// Asserts that no command made more calls than stand here. Each number is one that was counted: what is more is a loss.
    fn is_within(&self, most: &[(&str, usize, usize)]) {
        assert_eq!(self.0.len(), most.len(), "{:?}", self.0);
        for (made, most) in self.0.iter().zip(most) {
            assert_eq!(made.0, most.0);
            assert!(made.1 <= most.1 && made.2 <= most.2, "{made:?} {most:?}");
        }
    }

    /// Runs a command, which must succeed, and notes its reads and all its calls, but those that send.
    fn note(&mut self, s: &mut Scene, name: &'static str, key: &str, line: &str) {
        self.noted(s, name, key, line);
    }

    /// The same; the named field of the result.
    fn field(
        &mut self,
        s: &mut Scene,
        name: &'static str,
        (key, line): (&str, &str),
        field: &str,
    ) -> String {
        self.noted(s, name, key, line).text(field)
    }

    fn noted(&mut self, s: &mut Scene, name: &'static str, key: &str, line: &str) -> Ran {
        let before = (s.bench.ledger.reads(), s.bench.ledger.all_calls());
        let ran = s.bench.ok(key, line);
        let reads = s.bench.ledger.reads() - before.0;
        self.0
            .push((name, reads, s.bench.ledger.all_calls() - before.1));
        ran
    }
}

#[test]
fn a_verb_that_sends_makes_few_calls_before() {
    let mut s = Scene::new();
    let mut t = Table::default();
    let (network, node, provider) = (s.network.clone(), s.node.clone(), s.provider.clone());
    let mint = s.bench.pay.address;

    let line = s.open_line(1);
    let job = t.field(&mut s, "job open", ("buyer", &line), "job");
    let line = format!("job accept {job} --node {node}");
    t.note(&mut s, "job accept", "operator", &line);
    t.note(
        &mut s,
        "job top-up",
        "buyer",
        &format!("job top-up {job} 0.5"),
    );
    s.wait(HOUR);
    let files: Vec<String> = ["worker", "a1", "a2"]
        .iter()
        .map(|name| s.sign(name, &job, 0, 100, "quorum"))
        .collect();
    let line = format!("attest submit {job} {}", files.join(" "));
    t.note(&mut s, "attest submit", "buyer", &line);
    s.wait(2 * HOUR);
    for (name, verb) in [
        ("job pay", "pay"),
        ("job sweep", "sweep"),
        ("job refund", "refund"),
        ("job credit", "credit"),
    ] {
        t.note(&mut s, name, "guild", &format!("job {verb} {job}"));
    }

    let line = format!(
        "offer post --node {node} --id 1 --mint {mint} --price 0.01 --cap 100 --window 1h --grace 1h \
         --challenge-time 1h --notice 1h --bond 20 --slots 2 --expires +1d"
    );
    let offer = t.field(&mut s, "offer post", ("operator", &line), "offer");
    let line = format!("job take {offer} --id 2 --length 3h");
    let taken = t.field(&mut s, "job take", ("buyer", &line), "job");
    t.note(
        &mut s,
        "job cancel",
        "buyer",
        &format!("job cancel {taken}"),
    );
    s.wait(DAY / 2);
    t.note(
        &mut s,
        "job release",
        "guild",
        &format!("job release {job}"),
    );
    let line = format!("job place --network {network} --id 3 --length 3h --yes");
    t.note(&mut s, "job place", "buyer", &line);

    let line = format!("stake deposit {provider} 10");
    t.note(&mut s, "stake deposit", "owner", &line);
    t.note(
        &mut s,
        "stake unstake",
        "owner",
        &format!("stake unstake {provider} 1"),
    );
    t.note(
        &mut s,
        "dividends add",
        "buyer",
        &format!("dividends add {provider} 1"),
    );
    t.is_within(&[
        ("job open", 2, 4),
        ("job accept", 3, 5),
        ("job top-up", 2, 4),
        ("attest submit", 2, 4),
        ("job pay", 2, 4),
        ("job sweep", 3, 5),
        ("job refund", 2, 4),
        ("job credit", 2, 4),
        ("offer post", 3, 5),
        ("job take", 2, 4),
        ("job cancel", 2, 4),
        ("job release", 2, 4),
        ("job place", 5, 7),
        ("stake deposit", 3, 5),
        ("stake unstake", 3, 5),
        ("dividends add", 4, 6),
    ]);
}

#[test]
fn rewards_are_moved_after_few_calls() {
    let mut s = Scene::new();
    let mut t = Table::default();
    let (node, owner, pool) = (s.node.clone(), s.owner, pool(&mut s, 1));
    let line = format!("rewards join {pool} --node {node}");
    t.note(&mut s, "rewards join", "operator", &line);
    s.wait(DAY);
    let line = format!("rewards report {pool} --node {node}");
    t.note(&mut s, "rewards report", "guild", &line);
    prove(&mut s, &node, 5);
    s.bench.ok("guild", &line);
    s.wait(DAY + DAY / 2);
    let line = format!("rewards claim {pool} --node {node}");
    t.note(&mut s, "rewards claim", "guild", &line);
    s.wait(HOUR);
    let line = format!("rewards claim --all --owner {owner}");
    t.note(&mut s, "rewards claim --all", "guild", &line);
    t.is_within(&[
        ("rewards join", 2, 4),
        ("rewards report", 3, 5),
        ("rewards claim", 4, 6),
        ("rewards claim --all", 5, 7),
    ]);
}

#[test]
fn what_is_shown_takes_few_calls() {
    let mut s = Scene::new();
    let mut t = Table::default();
    let job = s.active(1);
    let offer = s.post(1, "0.01");
    let pool = pool(&mut s, 1);
    let join = format!("rewards join {pool} --node {}", s.node);
    s.bench.ok("operator", &join);
    let (network, set, node, provider) = (
        s.network.clone(),
        s.set.clone(),
        s.node.clone(),
        s.provider.clone(),
    );
    let attester = s.attesters[0].clone();
    for (name, line) in [
        ("job show", format!("job show {job}")),
        ("job list", format!("job list --network {network}")),
        ("offer show", format!("offer show {offer}")),
        ("market", format!("market --network {network}")),
        ("network show", format!("network show {network}")),
        ("provider show", format!("provider show {provider}")),
        ("node show", format!("node show {node}")),
        ("attester show", format!("attester show {attester}")),
        ("attester-set show", format!("attester-set show {set}")),
        ("stake show", format!("stake show {provider}")),
        ("stake pool show", format!("stake pool show {provider}")),
        ("rewards show", format!("rewards show {pool} --node {node}")),
        ("crank", format!("crank --network {network}")),
    ] {
        t.note(&mut s, name, "guild", &line);
    }
    t.is_within(&[
        ("job show", 1, 1),
        ("job list", 2, 2),
        ("offer show", 2, 2),
        ("market", 5, 5),
        ("network show", 2, 2),
        ("provider show", 2, 2),
        ("node show", 1, 1),
        ("attester show", 4, 4),
        ("attester-set show", 3, 3),
        ("stake show", 5, 5),
        ("stake pool show", 4, 4),
        ("rewards show", 2, 2),
        ("crank", 20, 22),
    ]);
}

#[test]
fn a_list_takes_one_call_and_at_most_one_batch() {
    let mut s = Scene::new();
    let mut t = Table::default();
    s.active(1);
    s.post(1, "0.01");
    pool(&mut s, 1);
    for name in [
        "network list",
        "provider list",
        "node list",
        "attester list",
        "attester-set list",
        "offer list",
        "stake list",
        "stake pool list",
        "rewards list",
        "challenge list",
    ] {
        t.note(&mut s, name, "guild", name);
    }
    // The first call is the one that every command begins with.
    t.is_within(&[
        ("network list", 3, 3),
        ("provider list", 2, 2),
        ("node list", 2, 2),
        ("attester list", 3, 3),
        ("attester-set list", 3, 3),
        ("offer list", 3, 3),
        ("stake list", 3, 3),
        ("stake pool list", 3, 3),
        ("rewards list", 2, 2),
        ("challenge list", 2, 2),
    ]);
}

#[test]
fn what_is_not_told_costs_a_call_at_most() {
    let mut s = Scene::new();
    let mut t = Table::default();
    let (network, provider, job) = (s.network.clone(), s.provider.clone(), s.open(1));
    let pool = pool(&mut s, 1);
    let post = "offer post --price 0.01 --cap 100 --window 1h --grace 1h --challenge-time 1h --notice 1h --expires +1d";
    let mint = s.bench.pay.address;
    // Whoever owns the provider operates it; the network is in no word and no profile.
    let line = format!("provider set-operator {} {}", s.provider, s.owner);
    s.bench.ok("owner", &line);
    t.note(&mut s, "stake deposit", "owner", "stake deposit 10");
    t.note(&mut s, "stake unstake", "owner", "stake unstake 1");
    t.note(&mut s, "stake show", "owner", "stake show");
    t.note(
        &mut s,
        "dividends add",
        "buyer",
        &format!("dividends add {provider} 1"),
    );
    t.note(&mut s, "job accept", "owner", &format!("job accept {job}"));
    t.note(
        &mut s,
        "rewards join",
        "owner",
        &format!("rewards join {pool}"),
    );
    let line = format!("{post} --mint {mint}");
    t.note(&mut s, "offer post", "owner", &line);
    t.note(&mut s, "provider show", "owner", "provider show");
    let line = format!("job place --network {network} --length 3h --yes");
    t.note(&mut s, "job place", "buyer", &line);
    t.is_within(&[
        ("stake deposit", 4, 6),
        ("stake unstake", 4, 6),
        ("stake show", 6, 6),
        ("dividends add", 4, 6),
        ("job accept", 4, 6),
        ("rewards join", 3, 5),
        ("offer post", 4, 6),
        ("provider show", 3, 3),
        ("job place", 5, 7),
    ]);
    // An operator that owns no provider is looked for: a profile saves it three calls.
    let (mut s, mut t) = (Scene::new(), Table::default());
    let line = format!("job accept {}", s.open(1));
    t.note(&mut s, "job accept", "operator", &line);
    t.is_within(&[("job accept", 6, 8)]);
    let mut t = Table::default();
    s.bench.key("second");
    let line = format!(
        "node register --worker {} --set {}",
        s.bench.path("second"),
        s.set
    );
    t.note(&mut s, "node register", "owner", &line);
    t.is_within(&[("node register", 3, 5)]);
}
