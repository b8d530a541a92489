//! What is typed next, exactly as it must be.

use {
    super::{Attester, Worker, facts::Facts, keys::Key},
    sluice_client::{Address, address, ledger::Endpoint},
    std::{fmt::Write, path::Path},
};

/// What stands for a value that nobody knows yet.
const AMOUNT: &str = "AMOUNT";
const SET: &str = "SET";
const URI: &str = "URI";

/// Lines of a plan.
struct Plan {
    text: String,
    /// ` --url URL`, where the URL may be shown.
    url: String,
    /// ` --config PATH`, where it is not the usual one.
    config: String,
}

impl Plan {
    fn begin(out: &Path, url: &Endpoint, keys: &[&Key]) -> Self {
        let mut text = format!("Wrote {}.\n\n", out.display());
        for key in keys {
            let made = if key.is_new { "made" } else { "there before" };
            let _ = writeln!(
                text,
                "{:<9} {}  {made}: {}",
                key.role,
                key.address,
                key.path.display()
            );
        }
        text.push_str("\nNext:\n");
        let shared = url.shared();
        if shared.is_none() {
            text.push_str(
                "\n# The URL may hold a key and is not repeated here: `sluice config set url URL` makes it that of `sluice`.\n",
            );
        }
        let is_usual = out == Path::new("agent.toml");
        Self {
            text,
            url: shared.map_or_else(String::new, |url| format!(" --url {url}")),
            config: if is_usual {
                String::new()
            } else {
                format!(" --config {}", quoted(out))
            },
        }
    }

    fn why(&mut self, why: &str) {
        let _ = writeln!(self.text, "\n# {why}");
    }

    fn sluice(&mut self, rest: &str) {
        let _ = writeln!(self.text, "sluice {rest}{}", self.url);
    }

    fn agent(&mut self, verb: &str) {
        let _ = writeln!(self.text, "sluice-agent {verb}{}", self.config);
    }

    fn missing(&mut self, facts: &Facts, of: &str) {
        if facts.stake.is_none() {
            self.why(&format!(
                "The chain did not answer: `sluice network show` tells {of} for {AMOUNT}."
            ));
        }
    }
}

/// A word of a shell.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-+:@%".contains(letter);
    if !path.is_empty() && path.chars().all(is_plain) {
        path
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}

/// What a provider does next.
pub fn worker(
    worker: &Worker,
    (network, url): (&Address, &Endpoint),
    (operator, workers): (&Key, &[Key]),
    facts: &Facts,
) -> String {
    let keys: Vec<_> = [operator].into_iter().chain(workers).collect();
    let mut plan = Plan::begin(&worker.chain.out, url, &keys);
    plan.why(
        "The provider's owner signs these: it is who is paid. -k names its key, which need not be on this machine.",
    );
    let operator_key = operator.address;
    plan.sluice(&format!(
        "provider register --network {network} --operator {operator_key}"
    ));
    // Without its address they are about the only provider of whoever signs.
    let provider = worker
        .owner
        .map(|owner| address::provider(network, &owner).to_string());
    let (subject, named) = provider.map_or_else(Default::default, |provider| {
        (format!(" {provider}"), format!(" --provider {provider}"))
    });
    let least = facts.stake.as_deref().unwrap_or(AMOUNT);
    plan.sluice(&format!("stake deposit{subject} {least}"));
    let set = match facts.sets.as_slice() {
        [] => String::new(),
        [set] => format!(" --set {set}"),
        _ => format!(" --set {SET}"),
    };
    for key in workers {
        plan.sluice(&format!(
            "node register{named} --worker {}{set} --slots {}",
            quoted(&key.path),
            worker.slots
        ));
    }
    plan.missing(facts, "the least stake");
    if facts.sets.len() > 1 {
        plan.why(&format!(
            "Several sets have a quorum: `sluice attester-set list` shows them, one of which is {SET}."
        ));
    }
    plan.why("The operator pays the fees of all that this machine sends.");
    if facts.is_mainnet {
        let _ = writeln!(
            plan.text,
            "solana transfer {operator_key} 0.1 --allow-unfunded-recipient"
        );
    } else {
        plan.sluice(&format!("airdrop 1 -k {}", quoted(&operator.path)));
    }
    plan.why("What is still missing, and then the work.");
    plan.agent("check");
    plan.agent("worker");
    if worker.accept.is_empty() && worker.offer.is_none() {
        let _ = writeln!(
            plan.text,
            "\n{} accepts no job yet: give it a price in [[accept.price]], or an [[offer]].",
            worker.chain.out.display()
        );
    }
    plan.text
}

/// What an attester does next.
pub fn attester(
    attester: &Attester,
    (network, url): (&Address, &Endpoint),
    key: &Key,
    facts: &Facts,
) -> String {
    let account = address::attester(network, &key.address);
    let mut plan = Plan::begin(&attester.chain.out, url, &[key]);
    plan.why("The attester's owner signs these: its stake is the bond. -k names its key, which need not be on this machine.");
    plan.sluice(&format!(
        "attester register --network {network} --key {}",
        quoted(&key.path)
    ));
    let least = facts.stake.as_deref().unwrap_or(AMOUNT);
    plan.sluice(&format!("stake deposit {account} {least}"));
    let uri = attester.uri.as_deref().unwrap_or(URI);
    plan.sluice(&format!(
        "attester update {account} --uri {}",
        quoted(Path::new(uri))
    ));
    match facts.sets.as_slice() {
        [] => {
            plan.why(&format!(
                "A set names its members when it is made: give {} to who makes it, and enter it as {SET}.",
                key.address
            ));
            plan.sluice(&format!("attester enter {account} --set {SET}"));
        }
        sets => {
            for set in sets {
                plan.sluice(&format!("attester enter {account} --set {set}"));
            }
        }
    }
    plan.missing(facts, "the bond");
    plan.why("The attester's own key pays nothing and needs no SOL. What is still missing, and then the work.");
    plan.agent("check");
    plan.agent("attester");
    plan.text
}
