mod here;

use {
    super::{
        report::{Finding, Level},
        *,
    },
    crate::{command::few::Few, config::Config},
    bytemuck::Zeroable,
    sluice_client::{
        Address, Attester, AttesterSet, Job, Network, Node, Position, Provider, StakePool,
        Standing, address,
    },
    std::{
        fs,
        io::{Read, Write},
        net::TcpListener,
        thread,
    },
};

const NETWORK: Address = Address::new_from_array([1; 32]);
const OWNER: Address = Address::new_from_array([2; 32]);
const OPERATOR: Address = Address::new_from_array([3; 32]);
const WORKER: Address = Address::new_from_array([4; 32]);
const SET: Address = Address::new_from_array([5; 32]);
const MEMBERS: [Address; 2] = [
    Address::new_from_array([7; 32]),
    Address::new_from_array([8; 32]),
];

fn chain() -> Chain<Few> {
    let chain = Chain {
        ledger: Few::default(),
        network: NETWORK,
        clock: std::sync::Arc::default(),
    };
    let mut network = Network::zeroed();
    network.params.min_stake = 100;
    network.params.min_bond = 50;
    chain.ledger.put(NETWORK, &network);
    chain
}

/// A pool of one token a share, of `tokens`, of which `locked` are held.
fn stake(chain: &Chain<Few>, subject: &Address, tokens: u64, locked: u64) {
    let pool = address::stake_pool(subject);
    let whole = StakePool {
        tokens,
        active_shares: tokens,
        locked,
        ..StakePool::zeroed()
    };
    chain.ledger.put(pool, &whole);
    let own = Position {
        shares: tokens,
        ..Position::zeroed()
    };
    chain.ledger.put(address::position(&pool, &OWNER), &own);
}

fn set(chain: &Chain<Few>, live: u16) {
    let mut set = AttesterSet {
        network: NETWORK,
        count: 2,
        threshold: 2,
        live,
        entered: live,
        ..AttesterSet::zeroed()
    };
    for (place, key) in set.keys.iter_mut().zip(MEMBERS) {
        *place = key;
    }
    chain.ledger.put(SET, &set);
}

/// Everything of a provider, but for what its members answer.
fn provided() -> Chain<Few> {
    let chain = chain();
    let provider = address::provider(&NETWORK, &OWNER);
    let registered = Provider {
        network: NETWORK,
        owner: OWNER,
        operator: OPERATOR,
        ..Provider::zeroed()
    };
    chain.ledger.put(provider, &registered);
    let node = Node {
        network: NETWORK,
        provider,
        worker: WORKER,
        set: SET,
        slots_total: 4,
        ..Node::zeroed()
    };
    chain.ledger.put(address::node(&provider, &WORKER), &node);
    stake(&chain, &provider, 100, 0);
    set(&chain, 0b11);
    chain.ledger.pay(OPERATOR, 20_000_000);
    chain
}

fn config(role: &str, rest: &str) -> Config {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("agent.toml");
    let serve = if role == "attester" {
        "attester = \"a\"\n[serve]\nlisten = \"127.0.0.1:1\""
    } else {
        "operator = \"o\"\n[[node]]\nkey = \"w\""
    };
    let text = format!(
        "role = \"{role}\"\n[chain]\nnetwork = \"{NETWORK}\"\nurl = \"http://x\"\n[keys]\n{serve}\n{rest}"
    );
    fs::write(&path, text).unwrap();
    Config::read(&path).unwrap()
}

/// What is found about a worker with that configuration.
fn of_worker(chain: &Chain<Few>, rest: &str) -> Vec<Finding> {
    let Config::Worker(config) = config("worker", rest) else {
        panic!();
    };
    let keys = keys::Worker {
        operator: OPERATOR,
        workers: vec![(WORKER, "worker.json".into())],
    };
    let mut report = Report::default();
    worker_on(chain, &config, &keys, &mut report);
    report.findings().to_vec()
}

fn of_attester(chain: &Chain<Few>, rest: &str) -> Vec<Finding> {
    let Config::Attester(config) = config("attester", rest) else {
        panic!();
    };
    let keys = keys::Attester {
        attester: MEMBERS[0],
        challenger: None,
    };
    let mut report = Report::default();
    attester_on(chain, &config, &keys, &mut report);
    report.findings().to_vec()
}

/// The findings that are no ok, as `check level`.
fn faults(findings: &[Finding]) -> Vec<String> {
    let faults = findings.iter().filter(|found| found.level != Level::Ok);
    faults
        .map(|found| {
            assert!(found.remedy.is_some(), "{found:?}");
            format!("{} {:?}", found.check, found.level)
        })
        .collect()
}

/// A server that answers every request with these terms.
fn member(key: Address, network: Address) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let body = format!(
        r#"{{"key":"{key}","network":"{network}","free_bytes":"1","bytes_per_fee_unit":"1"}}"#
    );
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4_096]);
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    url
}

/// Members at these URLs, and a price at which jobs are accepted.
fn asked_at(urls: [&str; 2]) -> String {
    let members = MEMBERS
        .iter()
        .zip(urls)
        .map(|(key, url)| format!("[[members.at]]\nkey = \"{key}\"\nurl = \"{url}\"\n"));
    let members: String = members.collect();
    format!(
        "[[accept.price]]\nmint = \"{SET}\"\nprice = 1\n[members]\nallow_private = true\n{members}"
    )
}

#[test]
fn a_worker_of_which_everything_is_right_has_no_fault() {
    let urls = MEMBERS.map(|key| member(key, NETWORK));
    let rest = asked_at([&urls[0], &urls[1]]);
    let found = of_worker(&provided(), &rest);
    assert_eq!(faults(&found), [""; 0], "{found:?}");
    assert!(found.len() > 6);
}

#[test]
fn members_are_believed_when_they_are_who_they_should_be_and_no_sooner() {
    let right = member(MEMBERS[0], NETWORK);
    for wrong in [
        member(MEMBERS[0], NETWORK),
        member(MEMBERS[1], OWNER),
        "http://127.0.0.1:1".to_owned(),
        "ftp://example.com".to_owned(),
    ] {
        let found = of_worker(&provided(), &asked_at([&right, &wrong]));
        assert_eq!(
            faults(&found),
            ["members Warning", "members Failure"],
            "{wrong}"
        );
    }
    // A private address that a stranger could have published is not asked.
    let rest = asked_at([&right, &right]).replace("allow_private = true\n", "");
    let found = of_worker(&provided(), &rest);
    assert_eq!(
        faults(&found),
        ["members Warning", "members Warning", "members Failure"]
    );
}

#[test]
fn what_a_worker_lacks_on_the_chain_is_named_with_its_remedy() {
    let provider = address::provider(&NETWORK, &OWNER);
    let node = address::node(&provider, &WORKER);
    let without = |address: Address| {
        let chain = provided();
        chain.ledger.accounts.borrow_mut().remove(&address);
        faults(&of_worker(&chain, ""))
    };
    assert_eq!(without(NETWORK), ["network Failure"]);
    assert_eq!(without(OPERATOR)[0], "fees Failure");
    assert_eq!(without(provider), ["provider Failure"]);
    assert_eq!(without(node), ["node Failure", "jobs Warning"]);
    assert_eq!(without(SET), ["set Failure", "jobs Warning"]);

    let chain = provided();
    stake(&chain, &provider, 99, 0);
    let found = of_worker(&chain, "");
    let poor = found.iter().find(|found| found.check == "stake").unwrap();
    assert_eq!(poor.level, Level::Failure);
    assert_eq!(
        poor.remedy.as_deref(),
        Some(&*format!(
            "Have the owner stake what is missing: `sluice stake deposit {provider} 1`."
        ))
    );
    // Bonds that are held leave too little for another one.
    stake(&chain, &provider, 100, 60);
    let offer = "[[offer]]\nmint = \"11111111111111111111111111111111\"\nprice = 1\ncap = 1\nwindow_secs = 1\ngrace_secs = 1\n\
         challenge_secs = 1\nruling_secs = 1\nnotice_secs = 1\nfault_windows = 1\nmax_length_secs = 1\nbond = 41\nchallenge_bond = 0\n\
         slots = 1\nstands_secs = 1\n";
    let found = of_worker(&chain, offer);
    assert!(
        faults(&found).contains(&"stake Warning".to_owned()),
        "{found:?}"
    );
    assert!(
        !faults(&of_worker(&chain, &offer.replace("41", "40")))
            .contains(&"stake Warning".to_owned())
    );
    set(&chain, 0b01);
    assert!(faults(&of_worker(&chain, "")).contains(&"set Failure".to_owned()));
}

/// Everything of the first member as an attester.
fn attesting(uri: &str, standing: Standing) -> Chain<Few> {
    let chain = chain();
    let account = address::attester(&NETWORK, &MEMBERS[0]);
    let mut attester = Attester {
        network: NETWORK,
        owner: OWNER,
        key: MEMBERS[0],
        bond: 50,
        live_bits: 1,
        standing: standing.byte(),
        ..Attester::zeroed()
    };
    attester.uri[..uri.len()].copy_from_slice(uri.as_bytes());
    chain.ledger.put(account, &attester);
    stake(&chain, &account, 50, 50);
    set(&chain, 0b11);
    chain
}

#[test]
fn an_attester_is_checked_by_its_own_url_bond_and_bit() {
    let [own, other] = MEMBERS.map(|key| member(key, NETWORK));
    let rest = format!(
        "[members]\nallow_private = true\n[[members.at]]\nkey = \"{}\"\nurl = \"{other}\"\n",
        MEMBERS[1]
    );
    let of = |uri: &str, standing| of_attester(&attesting(uri, standing), &rest);
    let found = of(&own, Standing::Good);
    assert_eq!(faults(&found), [""; 0], "{found:?}");
    assert_eq!(faults(&of("", Standing::Good)), ["uri Failure"]);
    assert_eq!(faults(&of(&other, Standing::Good)), ["uri Warning"]);
    assert_eq!(faults(&of(&own, Standing::Slashed)), ["bond Failure"]);
    assert_eq!(faults(&of(&own, Standing::Tombstoned)), ["bond Failure"]);

    let chain = attesting(&own, Standing::Good);
    set(&chain, 0b10);
    let left = of_attester(&chain, &rest);
    assert_eq!(faults(&left), ["set Warning", "set Failure"]);
    set(&chain, 0b01);
    assert_eq!(
        faults(&of_attester(&chain, &rest)),
        ["set Failure", "members Failure"]
    );
    stake(&chain, &address::attester(&NETWORK, &MEMBERS[0]), 49, 49);
    assert!(faults(&of_attester(&chain, &rest)).contains(&"bond Failure".to_owned()));
}

#[test]
fn a_strangers_url_moves_no_cursor() {
    let uri = "http://\u{1b}[2J\u{202e}";
    let found = of_attester(&attesting(uri, Standing::Good), "");
    let mut report = Report::default();
    for one in found {
        report.warn(one.check, &one.said, one.remedy.unwrap_or_default());
    }
    for text in [report.text(), report.json()] {
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
        assert!(text.contains("u{1b}") || text.contains("u001b"), "{text}");
    }
}

#[test]
fn a_job_is_no_part_of_a_check() {
    // What is listed is of the right type: other accounts of the program are passed over.
    let chain = provided();
    chain.ledger.put(OWNER, &Job::zeroed());
    assert!(!faults(&of_worker(&chain, "")).contains(&"provider Failure".to_owned()));
}
