//! Registration and sets: what the program asks for before it lets anybody work or attest.

use {
    super::{keys, money::unread, report::Report},
    crate::{
        chain::{self, Chain},
        config,
    },
    sluice_client::{
        Address, Attester, AttesterSet, Ledger, Network, Node, Provider, account::filter, address,
        amount::counted, foreign::Foreign, quorum, view::provider::IdentityView,
    },
};

/// A provider with those of its nodes that work here.
pub struct Rented {
    /// Its address.
    pub key: Address,
    /// The provider.
    pub provider: Provider,
    /// Its nodes with a worker's key of this machine.
    pub nodes: Vec<(Address, Node)>,
}

/// The network, if it is there.
pub fn network(chain: &Chain<impl Ledger>, report: &mut Report) -> Option<Network> {
    let found = match chain.find::<Network>(&chain.network) {
        Ok(found) => found,
        Err(error) => {
            report.fail(
                "network",
                error,
                "Name the network's own address as `network` in [chain].",
            );
            return None;
        }
    };
    let Some(network) = found else {
        report.fail(
            "network",
            format!("there is no network at {}", chain.network),
            "Name the cluster of the network as `url` in [chain], or its address as `network`: `sluice network list` shows them.",
        );
        return None;
    };
    let name = Foreign::padded(&network.name);
    if network.is_paused(chain.clock.now().unwrap_or_default()) {
        report.warn(
            "network",
            format!("{name} is paused: nothing new begins"),
            "Wait until its guardian lifts the pause; work that began goes on.",
        );
    } else {
        report.ok("network", name);
    }
    Some(network)
}

/// The provider that the operator works for, with a node for each key.
pub fn provider(
    chain: &Chain<impl Ledger>,
    network: &Network,
    keys: &keys::Worker,
    report: &mut Report,
) -> Option<Rented> {
    let (operator, its_network) = (&keys.operator, chain.network);
    let filters = [
        filter::provider_operator(operator),
        filter::provider_network(&its_network),
    ];
    let providers = match chain.ledger.list::<Provider>(&filters) {
        Ok(providers) => providers,
        Err(error) => {
            unread("provider", &error, report);
            return None;
        }
    };
    if providers.is_empty() {
        report.fail(
            "provider",
            format!("{operator} operates no provider of the network"),
            format!(
                "Have the owner register: `sluice provider register --network {its_network} --operator {operator}`, or, where it is registered, `sluice provider set-operator PROVIDER {operator}`."
            ),
        );
        return None;
    }
    let mut rented: Vec<_> = providers
        .into_iter()
        .map(|(key, provider)| Rented {
            key,
            provider,
            nodes: Vec::new(),
        })
        .collect();
    let missing = match nodes(chain, keys, &mut rented) {
        Ok(missing) => missing,
        Err(error) => {
            unread("provider", &error, report);
            return None;
        }
    };
    // One process has one operator, and an operator mostly one provider: the one with nodes here is meant.
    let at = rented.iter().position(|one| !one.nodes.is_empty());
    let chosen = rented.swap_remove(at.unwrap_or_default());
    report.ok(
        "provider",
        format!("{}, for {}", chosen.key, chosen.provider.owner),
    );
    for file in missing {
        report.fail(
            "node",
            format!("the key in {file} is no node of the provider"),
            format!(
                "Have the owner register it: `sluice node register --provider {} --worker {file}`.",
                chosen.key
            ),
        );
    }
    for (address, node) in &chosen.nodes {
        let (used, total) = (node.slots_used, node.slots_total);
        report.ok("node", format!("{address}, {used} of {total} slots in use"));
    }
    identity(chain, network, &chosen.provider, report);
    Some(chosen)
}

/// Gives each provider its nodes; the files of keys that no provider has a node of.
fn nodes(
    chain: &Chain<impl Ledger>,
    keys: &keys::Worker,
    rented: &mut [Rented],
) -> chain::Result<Vec<String>> {
    let mut missing = vec![];
    for (worker, file) in &keys.workers {
        let mut is_found = false;
        for one in &mut *rented {
            let address = address::node(&one.key, worker);
            if let Some(node) = chain.find::<Node>(&address)? {
                one.nodes.push((address, node));
                is_found = true;
            }
        }
        if !is_found {
            missing.push(file.display().to_string());
        }
    }
    Ok(missing)
}

/// Somebody vouches for the owner, where the network asks for that.
fn identity(
    chain: &Chain<impl Ledger>,
    network: &Network,
    provider: &Provider,
    report: &mut Report,
) {
    let Some(credential) = address::credential(network, &provider.owner) else {
        return;
    };
    let account = match chain.ledger.account(&credential) {
        Ok(account) => account,
        Err(error) => return unread("identity", &error, report),
    };
    let now = chain.clock.now().unwrap_or_default();
    match IdentityView::of(network, &provider.owner, account.as_ref(), now) {
        IdentityView::VouchedFor(_) => report.ok("identity", "the owner is vouched for"),
        view => report.fail(
            "identity",
            format!("the owner's attestation is {}", view.name()),
            "Have the owner vouched for where the network asks: no job is accepted before.",
        ),
    }
}

/// The sets that measure the nodes; each has a quorum.
pub fn node_sets(
    chain: &Chain<impl Ledger>,
    rented: &Rented,
    report: &mut Report,
) -> Vec<(Address, AttesterSet)> {
    let mut keys: Vec<_> = rented.nodes.iter().map(|(_, node)| node.set).collect();
    keys.sort_unstable_by_key(|key| key.to_bytes());
    keys.dedup();
    let mut sets = vec![];
    for key in keys {
        if key == Address::default() {
            report.fail(
                "set",
                "a node is measured by no set: its jobs are proven by cosigners alone, which this worker does not ask",
                "Have the owner register the machine anew under a set: `sluice node close`, then `sluice node register --set SET`.",
            );
            continue;
        }
        match chain.find::<AttesterSet>(&key) {
            Ok(Some(set)) => {
                live(&key, &set, report);
                sets.push((key, set));
            }
            Ok(None) => report.fail(
                "set",
                format!("there is no set at {key}"),
                "Name the cluster of the network as `url` in [chain].",
            ),
            Err(error) => unread("set", &error, report),
        }
    }
    sets
}

fn live(key: &Address, set: &AttesterSet, report: &mut Report) {
    let (live, count, threshold) = (set.live.count_ones(), set.count, set.threshold);
    let said = format!("{key}: {live} of {count} members are live, {threshold} must sign");
    if set.has_quorum() {
        report.ok("set", said);
    } else {
        report.fail(
            "set",
            said,
            "No window of its jobs can be proven: move to another set, which `sluice attester-set list` shows.",
        );
    }
}

/// Something can bring jobs.
pub fn takes_work(config: &config::Worker, report: &mut Report) {
    let (offers, prices) = (config.offer.len(), config.accept.price.len());
    let looks = config.accept.open != config::OpenJobs::None && prices > 0;
    if offers == 0 && !looks {
        report.warn(
            "jobs",
            "nothing brings jobs",
            "Write a price in [[accept.price]] or an [[offer]] into the configuration.",
        );
    } else {
        let offers = counted(offers, "offer");
        let mints = counted(prices, "mint");
        report.ok("jobs", format!("{offers}; open jobs in {mints}"));
    }
}

/// The attester's account, if it is registered.
pub fn attester(
    chain: &Chain<impl Ledger>,
    key: &Address,
    report: &mut Report,
) -> Option<(Address, Attester)> {
    let address = address::attester(&chain.network, key);
    match chain.find::<Attester>(&address) {
        Ok(Some(attester)) => {
            report.ok("attester", format!("{address}, of {}", attester.owner));
            Some((address, attester))
        }
        Ok(None) => {
            report.fail(
                "attester",
                format!("{key} is no attester of the network"),
                format!(
                    "Have its owner register it: `sluice attester register --network {} --key FILE`.",
                    chain.network
                ),
            );
            None
        }
        Err(error) => {
            unread("attester", &error, report);
            None
        }
    }
}

/// The sets that have the attester as a member; it is live in one at least.
pub fn own_sets(
    chain: &Chain<impl Ledger>,
    key: &Address,
    report: &mut Report,
) -> Vec<(Address, AttesterSet)> {
    let filters = [filter::attester_set_network(&chain.network)];
    let sets = match chain.ledger.list::<AttesterSet>(&filters) {
        Ok(sets) => sets,
        Err(error) => {
            unread("set", &error, report);
            return vec![];
        }
    };
    let mut own = vec![];
    for (address, set) in sets.into_iter().filter(|(_, set)| set.has_member(key)) {
        if quorum::members(&set).any(|member| member == key) {
            live(&address, &set, report);
            own.push((address, set));
        } else {
            report.warn(
                "set",
                format!("{address}: this attester is a member and not live"),
                format!("Have its owner enter it, once ever: `sluice attester enter {} --set {address}`; one that left never returns.", address::attester(&chain.network, key)),
            );
        }
    }
    if own.is_empty() {
        report.fail(
            "set",
            "this attester is live in no set",
            "A set names its members when it is made: give the key to who makes it, then have the owner enter it with `sluice attester enter`.",
        );
    }
    own
}
