use {
    super::*,
    crate::{command::few::Few, config::Config},
    bytemuck::Zeroable,
    clap::Parser,
    sluice_client::{Account, AttesterSet, Network},
    std::{collections::BTreeSet, fs},
};

#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    init: Init,
}

fn parsed(line: &str) -> Init {
    Line::try_parse_from(line.split_whitespace()).unwrap().init
}

const NETWORK: &str = "SysvarC1ock11111111111111111111111111111111";
const MINT: &str = "So11111111111111111111111111111111111111112";

/// The configuration that a command line leads to, without a chain.
fn written(line: &str) -> String {
    let url = Endpoint::from("https://rpc.example/?key=\"S\\");
    let network = NETWORK.parse().unwrap();
    match parsed(line) {
        Init::Worker(worker) => template::worker(&worker, &network, &url),
        Init::Attester(attester) => template::attester(&attester, &network, &url),
    }
}

fn read(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("agent.toml");
    fs::write(&path, text).unwrap();
    let config = Config::read(&path).unwrap_or_else(|error| panic!("{error}:\n{text}"));
    // Each reading has a folder of its own.
    format!("{config:#?}").replace(&*folder.path().to_string_lossy(), "")
}

/// `#name = value` as if it were written; with `all`, what is absent by default, too.
fn uncommented(text: &str, all: bool) -> String {
    let lines = text.lines().map(|line| {
        let option = line
            .strip_prefix("# ")
            .filter(|rest| all && (rest.starts_with("[[") || is_option(rest)))
            .or_else(|| line.strip_prefix('#').filter(|rest| is_option(rest)));
        option.unwrap_or(line)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn is_option(text: &str) -> bool {
    text.split_once(" = ").is_some_and(|(name, _)| {
        !name.is_empty()
            && name
                .chars()
                .all(|letter| letter.is_ascii_lowercase() || letter == '_')
    })
}

const LINES: [&str; 4] = [
    "init worker",
    "init attester",
    "init worker --operator o'\"p.json --key a.json --key b.json --accept So11111111111111111111111111111111111111112=5/60 \
     --open any --offer So11111111111111111111111111111111111111112=7 --cap 10 --bond 3 --slots 4 --state /var/s --watch 127.0.0.1:1",
    "init attester --serve 0.0.0.0:1 --behind-proxy --sample 9 --key k.json --allow-private --watch [::1]:9",
];

#[test]
fn what_is_written_is_a_configuration_and_shows_true_defaults() {
    for line in LINES {
        let text = written(line);
        assert_eq!(read(&text), read(&uncommented(&text, false)), "{line}");
    }
}

#[test]
fn every_option_is_written_and_every_example_can_be_used() {
    for line in LINES {
        let text = written(line);
        let whole = read(&uncommented(&text, true));
        let known: BTreeSet<_> = whole
            .lines()
            .filter_map(|line| line.trim().split_once(": "))
            .map(|(name, _)| name)
            .collect();
        assert!(known.len() > 20, "{known:?}");
        for name in known {
            let is_there = [
                format!("{name} = "),
                format!("[{name}]"),
                format!(".{name}]"),
            ]
            .iter()
            .any(|form| text.contains(form));
            assert!(is_there, "{line}: {name}\n{whole}");
        }
    }
}

#[test]
fn flags_reach_the_configuration() {
    let read = |line| -> String {
        let text = read(&written(line));
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let text = read(LINES[2]);
    for part in [
        "\"/o'\\\"p.json\"",
        "\"/a.json\"",
        "\"/b.json\"",
        "\"/var/s\"",
        "open: Any",
        "price: 5, per: 60",
        "cap: 10",
        "bond: 3",
        "slots: 4",
        "127.0.0.1:1",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let text = read(LINES[3]);
    for part in [
        "listen: 0.0.0.0:1",
        "is_behind_proxy: true",
        "sample: Some( 9",
        "allow_private: true",
        "[::1]:9",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

/// A run of `init` in a folder of its own, where no chain answers.
fn run(folder: &Path, line: &str, mut ask: Ask) -> Result<()> {
    let out = folder.join("agent.toml");
    match parsed(&format!("{line} --out {}", out.display())) {
        Init::Worker(worker) => worker.run(&mut ask, |_, _, _| Facts::default()),
        Init::Attester(attester) => attester.run(&mut ask, |_, _, _| Facts::default()),
    }
}

#[test]
fn keys_and_configuration_are_made_once_and_never_overwritten() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let line = format!("init worker --network {NETWORK} --url http://127.0.0.1:1");
    run(folder.path(), &line, Ask::nobody()).unwrap();
    let files = ["agent.toml", "operator.json", "worker.json"];
    let read = || files.map(|name| fs::read(folder.path().join(name)).unwrap());
    let before = read();
    for name in files {
        let mode = fs::metadata(folder.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let again = run(folder.path(), &line, Ask::nobody()).unwrap_err();
    assert!(again.to_string().contains("is there already"), "{again}");
    fs::remove_file(folder.path().join("agent.toml")).unwrap();
    run(folder.path(), &line, Ask::nobody()).unwrap();
    assert_eq!(before, read());
    let operator = crate::config::key(&folder.path().join("operator.json")).unwrap();
    assert_eq!(
        made("", &folder.path().join("operator.json"))
            .unwrap()
            .address,
        {
            use sluice_client::Signer;
            operator.pubkey()
        }
    );
}

#[test]
fn what_is_missing_is_asked_for_only_where_somebody_can_answer() {
    let folder = tempfile::tempdir().unwrap();
    let line = "init attester --key mine.json";
    let error = run(folder.path(), line, Ask::nobody()).unwrap_err();
    assert!(error.is::<crate::command::Usage>(), "{error}");
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none());
    let answers = format!("moon\nhttp://127.0.0.1:1\nnonsense\n{NETWORK}\n");
    run(folder.path(), line, Ask::lines(answers.as_bytes())).unwrap();
    assert!(folder.path().join("mine.json").exists());
    // The answers may end before the questions do.
    let other = tempfile::tempdir().unwrap();
    let error = run(other.path(), line, Ask::lines(b"moon\n")).unwrap_err();
    assert!(error.is::<crate::command::Usage>(), "{error}");
}

#[test]
fn a_url_that_may_hold_a_key_is_in_no_message() {
    for url in ["moon?key=SeCret-4242", "http://a b/?key=SeCret-4242"] {
        let line = ["x", "worker", "--url", url];
        let error = Line::try_parse_from(line).err().unwrap();
        // The parser repeats what was typed to whoever typed it; ours does not.
        assert!(!super::url(url).unwrap_err().contains("SeCret"));
        assert_eq!(error.exit_code(), 2);
    }
    let key = |role| Key {
        role,
        address: NETWORK.parse().unwrap(),
        path: "a b.json".into(),
        is_new: true,
    };
    let Init::Worker(worker) = parsed("init worker --out x/agent.toml") else {
        panic!();
    };
    let url = Endpoint::from("https://rpc.example/SeCret-4242");
    let facts = Facts::default();
    let keys = (&key("operator"), [key("worker")]);
    let network = NETWORK.parse().unwrap();
    let text = next::worker(&worker, (&network, &url), (keys.0, &keys.1), &facts);
    assert!(!text.contains("SeCret"), "{text}");
    assert!(text.contains("--worker 'a b.json'"), "{text}");
    assert!(
        text.contains("sluice-agent worker --config x/agent.toml"),
        "{text}"
    );
}

#[test]
fn prices_are_read_as_they_are_written() {
    let price: Price = format!("{MINT}=5/60").parse().unwrap();
    assert_eq!((price.price, price.per), (5, 60));
    let price: Price = format!("{MINT}=5").parse().unwrap();
    assert_eq!((price.price, price.per), (5, 1));
    for wrong in [
        "",
        "=",
        "5",
        "x=5",
        &format!("{MINT}=5/0"),
        &format!("{MINT}=-5"),
    ] {
        assert!(wrong.parse::<Price>().is_err(), "{wrong}");
    }
}

/// A network with a stake mint of two decimals, and sets of which the first member and the second have entered.
fn founded(entered: &[u16]) -> (Few, Address) {
    let (few, address) = (Few::default(), Address::new_from_array([1; 32]));
    let mint = Address::new_from_array([2; 32]);
    let mut network = Network {
        stake_mint: mint,
        ..Network::zeroed()
    };
    network.params.min_stake = 12_345;
    network.params.min_bond = 100;
    few.put(address, &network);
    // Bytes of a mint: no authority, a supply, its decimals, and that it is initialized.
    let mut data = vec![0; 82];
    data[44..46].copy_from_slice(&[2, 1]);
    let account = Account {
        data,
        owner: sluice_client::instruction::token::TOKEN_PROGRAM,
        ..Account::default()
    };
    few.accounts.borrow_mut().insert(mint, account);
    for (number, entered) in (10..).zip(entered) {
        let mut set = AttesterSet {
            network: address,
            count: 2,
            threshold: 2,
            live: *entered,
            entered: *entered,
            ..AttesterSet::zeroed()
        };
        set.keys[..2].copy_from_slice(&[[7; 32], [8; 32]].map(Address::new_from_array));
        few.put(Address::new_from_array([number; 32]), &set);
    }
    (few, address)
}

#[test]
fn the_chain_makes_the_next_commands_complete() {
    let (few, network) = founded(&[0b11, 0b01]);
    let set = |number| Address::new_from_array([number; 32]);
    let facts = Facts::of(&few, &network, None).unwrap();
    assert_eq!(facts.stake.as_deref(), Some("123.45"));
    assert_eq!(facts.sets, [set(10)]);
    let second = Address::new_from_array([8; 32]);
    let facts = Facts::of(&few, &network, Some(&second)).unwrap();
    assert_eq!(facts.stake.as_deref(), Some("1"));
    assert_eq!(facts.sets, [set(11)]);
    let stranger = Address::new_from_array([9; 32]);
    assert!(
        Facts::of(&few, &network, Some(&stranger))
            .unwrap()
            .sets
            .is_empty()
    );
    assert!(Facts::of(&few, &second, None).is_err());
}

#[test]
fn with_its_owner_the_next_commands_name_the_provider() {
    let key = |role| Key {
        role,
        address: NETWORK.parse().unwrap(),
        path: format!("{role}.json").into(),
        is_new: true,
    };
    let Init::Worker(worker) = parsed(&format!("init worker --owner {MINT} --slots 4")) else {
        panic!();
    };
    let (few, network) = founded(&[0b11]);
    let facts = Facts::of(&few, &network, None).unwrap();
    let url = Endpoint::from("http://node.example");
    let at = (&network, &url);
    let text = next::worker(&worker, at, (&key("operator"), &[key("worker")]), &facts);
    let provider = sluice_client::address::provider(&network, &MINT.parse().unwrap());
    let set = Address::new_from_array([10; 32]);
    for line in [
        format!(
            "sluice provider register --network {network} --operator {NETWORK} --url http://node.example"
        ),
        format!("sluice stake deposit {provider} 123.45 --url http://node.example"),
        format!(
            "sluice node register --provider {provider} --worker worker.json --set {set} --slots 4 --url http://node.example"
        ),
        "sluice airdrop 1 -k operator.json --url http://node.example".to_owned(),
        "sluice-agent check".to_owned(),
        "sluice-agent worker".to_owned(),
    ] {
        assert!(text.lines().any(|one| one == line), "{line}: {text}");
    }
}
