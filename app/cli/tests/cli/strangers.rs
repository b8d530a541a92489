//! What strangers wrote and what is secret, on every way out: results, errors, questions, in both forms.

use {
    crate::{
        bench::{Bench, Ran, assert_one_line},
        scene::Scene,
    },
    sluice_cli::{Exit, Terminal},
    sluice_client::{
        foreign,
        ledger::{Patience, Rpc},
    },
    solana_keypair::Keypair,
    std::{
        ffi::OsString,
        fs,
        io::{Read, Write},
        net::TcpListener,
        path::Path,
        thread,
        time::{Duration, Instant},
    },
};

/// An escape sequence, a letter that turns the direction of writing, one that nobody sees, C1, DEL and another end of a line.
const HOSTILE: &str = "a\u{1b}[2J\u{202e}\u{200b}\u{9b}\u{7f}\u{2066}\u{feff}z";
const KEY: &str = "SeCret-4242";

/// Asserts that a text prints nothing that deceives.
#[track_caller]
fn is_plain(text: &str) {
    assert_eq!(foreign::lines(text), text);
}

/// Runs the words against the node at `url`, which gets half a second a call.
fn run(words: &[&str]) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = sluice_cli::run(
        ["sluice", "--profile", "/dev/null"]
            .iter()
            .chain(words)
            .map(OsString::from),
        Terminal::default(),
        |cluster, onlooker| {
            Rpc::patient(
                cluster.url.clone(),
                cluster.ws_url.clone(),
                cluster.commitment,
                Patience {
                    call: Duration::from_millis(500),
                    onlooker,
                    ..Patience::default()
                },
            )
        },
        &mut out,
        &mut err,
    );
    Ran {
        exit,
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
    }
}

/// A node that answers every request with `answer`, or never; its host and port.
fn node(answer: Option<&'static str>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        let mut held = vec![];
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            if let Some(answer) = answer {
                let mut asked = vec![];
                let mut part = [0; 4_096];
                while !asked.ends_with(b"}") {
                    let len = stream.read(&mut part).unwrap();
                    asked.extend_from_slice(&part[..len]);
                }
                let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}", answer.len());
                let whole = format!("{head}\r\nConnection: close\r\n\r\n{answer}");
                stream.write_all(whole.as_bytes()).unwrap();
            }
            held.push(stream);
        }
    });
    host
}

#[test]
fn names_and_uris_are_escaped_wherever_they_are_shown() {
    let mut s = Scene::new();
    let (provider, node, network) = (s.provider.clone(), s.node.clone(), s.network.clone());
    let attester = s.attesters[0].clone();
    s.bench
        .ok("operator", &format!("node update {node} --uri {HOSTILE}"));
    s.bench.ok(
        "guild",
        &format!("attester update {attester} --uri {HOSTILE}"),
    );
    // 16 bytes at most.
    let (pay, stake) = (s.bench.pay.address, s.bench.stake.address);
    let name = "a\u{1b}[2J\u{202e}\u{200b}z";
    let named = s.bench.field(
        "admin",
        &format!(
            "network create {name} --stake-mint {stake} --dividend-mint {pay} --treasury {} \
             --min-stake 100 --min-bond 50 --unbonding 7d --fee-bps 100",
            s.treasury
        ),
        "network",
    );
    for (line, field, written) in [
        (format!("node show {node}"), "uri", HOSTILE),
        (format!("attester show {attester}"), "uri", HOSTILE),
        (format!("network show {named}"), "name", name),
    ] {
        let people = s.bench.raw(&line);
        assert!(
            people.out.contains("a\\u{1b}[2J\\u{202e}"),
            "{}",
            people.out
        );
        is_plain(&people.out);
        let json = s.bench.run("buyer", &line);
        assert_eq!(json.text(field), written, "{line}");
        is_plain(&json.out);
        is_plain(&s.bench.raw(&format!("--output json-compact {line}")).out);
    }
    for line in [
        format!("watch provider {provider} --once"),
        format!("watch network {network} --once"),
        format!("watch network {named} --once"),
    ] {
        for form in ["display", "json", "json-compact"] {
            let ran = s.bench.raw(&format!("--output {form} {line}"));
            assert_eq!(ran.exit, Exit::Ok, "{}", ran.err);
            is_plain(&ran.out);
        }
    }
}

#[test]
fn an_error_repeats_no_letter_that_deceives() {
    let mut bench = Bench::new();
    for line in [
        format!("job show {HOSTILE}"),
        format!("{HOSTILE} list"),
        format!("-k /nowhere/{HOSTILE} network pause 11111111111111111111111111111112"),
        format!("-C /nowhere/{HOSTILE} job list"),
        format!("migrate plan --manifest /nowhere/{HOSTILE}"),
        format!("job list --state {HOSTILE}"),
    ] {
        for form in ["", "--output json "] {
            let ran = bench.raw(&format!("{form}{line}"));
            assert_ne!(ran.exit, Exit::Ok, "{line}");
            is_plain(&ran.err);
            is_plain(&ran.out);
        }
    }
}

#[test]
fn a_hostile_node_neither_moves_the_cursor_nor_gets_the_key_printed() {
    let host = node(Some(
        r#"{"jsonrpc":"2.0","id":0,"error":{"code":-32000,"message":"\u001b[2J\u202eno such key: SeCret-4242\n\u200bdone"}}"#,
    ));
    let capital = host.replace("127.0.0.1", "LOCALHOST");
    for url in [
        format!("http://{host}/?api-key={KEY}"),
        format!("http://{host}?api-key={KEY}"),
        format!("HTTP://{capital}?api-key={KEY}"),
        format!("http://{host}/?api-key={KEY} x"),
        format!("http://{host}/{KEY}"),
        format!("http://me:{KEY}@{host}"),
        format!("http://127.0.0.1:1?api-key={KEY}"),
        format!("http://a b/?api-key={KEY}"),
        format!("ws://{host}/?api-key={KEY}"),
        format!("127.0.0.1/?api-key={KEY}"),
    ] {
        for form in ["display", "json"] {
            for words in [
                &["job", "list"][..],
                &["--dry-run", "-k", "/nowhere", "crank"],
                &["network", "show", "11111111111111111111111111111112"],
                // Where the shell takes the word for something else.
                &["job", &url],
                &["--max-fee", &url, "job", "list"],
            ] {
                let ran = run(&[&["-u", &url, "--output", form], words].concat());
                assert_ne!(ran.exit, Exit::Ok);
                for told in [&ran.out, &ran.err] {
                    assert!(!told.contains(KEY), "{url}: {told}");
                    is_plain(told);
                }
            }
        }
    }
}

#[test]
fn a_secret_key_given_for_its_file_is_not_repeated() {
    let key = Keypair::new();
    let base58 = key.to_base58_string();
    let json = serde_json::to_string(&key.to_bytes().to_vec()).unwrap();
    let phrase = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
    let parts = [&base58[..20], &json[1..30], "abandon abandon"];
    let prompt = format!("prompt:{phrase}");
    for secret in [base58.as_str(), &base58[..70], &json, phrase, &prompt] {
        for form in ["display", "json"] {
            let host = node(Some(
                r#"{"jsonrpc":"2.0","id":0,"result":{"context":{"slot":1},"value":[{"data":["","base64"],"executable":true,"lamports":1,"owner":"BPFLoaderUpgradeab1e11111111111111111111111","rentEpoch":18446744073709552000,"space":0}]}}"#,
            ));
            let url = format!("http://{host}");
            let sign = [
                "attest", "sign", "--window", "0", "--units", "1", "--path", "quorum",
            ];
            let hash = "ab".repeat(32);
            let given = [
                &["-u", &url, "--output", form, "-k", secret][..],
                &sign,
                &["--digest", &hash, "--context", &hash],
            ]
            .concat();
            let ran = run(&given);
            assert_eq!(ran.exit, Exit::Key, "{}", ran.err);
            assert!(
                ran.err.contains("that is a secret key itself"),
                "{}",
                ran.err
            );
            // Where no key belongs, the words are not known for one by their place.
            let misplaced = run(&["--output", form, "job", "show", secret]);
            assert_eq!(misplaced.exit, Exit::Usage);
            let unknown = run(&["--output", form, secret]);
            assert_eq!(unknown.exit, Exit::Usage);
            let whole = secret == base58 || secret == json || secret == phrase;
            for (told, is_hidden) in [(ran, true), (misplaced, whole), (unknown, whole)] {
                for part in parts.iter().filter(|_| is_hidden) {
                    assert!(!told.err.contains(part), "{}", told.err);
                }
            }
        }
    }
}

#[test]
fn a_node_that_never_answers_ends_the_command_in_time() {
    let url = format!("http://{}", node(None));
    let begun = Instant::now();
    let ran = run(&["-u", &url, "job", "list"]);
    assert_one_line(
        &ran,
        Exit::Unreachable,
        "did not answer getMultipleAccounts",
        "job list",
    );
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn what_is_no_address_is_said_to_be_none() {
    let mut bench = Bench::new();
    for (line, says) in [
        (
            "job show abc",
            "'abc' for '<JOB>': an address is 32 to 44 letters",
        ),
        ("job show 0OIl", "an address is 32 to 44 letters"),
        ("events --before abc", "a signature is 64 to 88"),
        ("--blockhash abc job list", "a blockhash is 32 to 44"),
    ] {
        bench.refused(line, Exit::Usage, says);
    }
}

/// Lines of the sources under `folder`, without their tests, that hold one of `words`, but for the files named.
fn lines_with(folder: &str, words: &[&str], but_in: &[&str]) -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else {
                found.push(path);
            }
        }
    }
    let mut files = vec![];
    walk(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join(folder),
        &mut files,
    );
    assert!(files.len() > 20);
    files.retain(|path| !path.components().any(|part| part.as_os_str() == "tests"));
    let mut found = vec![];
    for path in files {
        let name = path.display().to_string();
        if name.ends_with("tests.rs") || but_in.iter().any(|file| name.ends_with(file)) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let lines = text
            .lines()
            .filter(|line| words.iter().any(|word| line.contains(word)));
        found.extend(lines.map(|line| format!("{name}: {}", line.trim())));
    }
    found
}

#[test]
fn the_command_writes_to_its_streams_in_few_places() {
    let streams = [
        "print!",
        "println!",
        "stdout()",
        "stderr()",
        "write_all(",
        "writeln!(",
    ];
    let doors = [
        "main.rs",
        "lib.rs",
        "screen.rs",
        // It asks how wide the terminal is.
        "output/looks.rs",
        // These ask, and tell progress.
        "session/consent.rs",
        "statement/mod.rs",
        // These write for a shell and for `man`.
        "completion.rs",
        "cmd/shell.rs",
    ];
    let found = lines_with("src", &streams, &doors);
    assert_eq!(found, [""; 0]);
    // What is written as it is was rendered.
    let found = lines_with("src", &[".rendered("], &["lib.rs", "screen.rs"]);
    assert_eq!(found, [""; 0]);
}

#[test]
fn a_strangers_bytes_become_text_in_one_place_and_a_url_is_exposed_to_whoever_connects() {
    let lossy = ["from_utf8_lossy"];
    let found = [
        lines_with("src", &lossy, &["cmd/shell.rs"]),
        lines_with("../client/src", &lossy, &["foreign.rs"]),
        lines_with("src", &[".expose()"], &[]),
        lines_with(
            "../client/src",
            &[".expose()"],
            &[
                "rpc/endpoint.rs",
                "rpc/sender.rs",
                "rpc/socket.rs",
                // It cuts off what may be a key.
                "explorer.rs",
            ],
        ),
    ];
    assert_eq!(found.concat(), [""; 0]);
}
