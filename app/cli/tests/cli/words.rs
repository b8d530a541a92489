//! What people type, paste and leave out: it is read as it is meant, or one line says what was meant.

use {
    crate::{
        bench::assert_one_line,
        scene::{DAY, HOUR, Scene},
    },
    sluice_cli::Exit,
    std::fs,
};

const MARK: &str = "\u{feff}";

#[test]
fn files_that_an_editor_or_a_mail_touched_are_read() {
    let mut s = Scene::new();
    let job = s.active(1);
    let message = s.bench.run(
        "buyer",
        &format!("--sign-only --dump-transaction-message job top-up {job} 0.5"),
    );
    let message = message.text("message");
    let lines: Vec<&str> = message
        .as_bytes()
        .chunks(76)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    assert!(lines.len() > 3);
    for (name, text) in [
        ("folded", lines.join("\n")),
        ("marked", format!("{MARK}{}\r\n", lines.join("\r\n"))),
    ] {
        let file = s.bench.file(name, &text);
        let shown = s.bench.run("nobody", &format!("transaction show {file}"));
        assert_eq!(shown.json()["fee_payer"], s.buyer.to_string());
    }

    let key = fs::read_to_string(s.bench.path("buyer")).unwrap();
    let key = s.bench.file("marked-key", &format!("{MARK}{key}\r\n"));
    let ran = s.bench.raw(&format!("-k {key} job top-up {job} 0.5"));
    assert_eq!(ran.exit, Exit::Ok, "{}", ran.err);

    s.wait(HOUR);
    let mut files = String::new();
    for name in ["worker", "a1", "a2"] {
        let file = s.sign(name, &job, 0, 100, "quorum");
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, format!("{MARK}{}\r\n", text.trim())).unwrap();
        files.push_str(&file);
        files.push(' ');
    }
    s.bench.ok("buyer", &format!("attest submit {job} {files}"));
}

#[test]
fn another_cluster_is_never_taken_for_the_one_in_the_file() {
    let mut s = Scene::new();
    let show = format!("network show {}", s.network);
    for (name, text) in [
        ("other-key", "json_rpc_urll: http://127.0.0.1:7001\n"),
        ("empty", ""),
        ("blank", "json_rpc_url: ''\n"),
        ("no-yaml", "json_rpc_url = http://127.0.0.1:7001\n"),
    ] {
        let file = s.bench.file(name, text);
        s.bench.refused(
            &format!("-C {file} {show}"),
            Exit::BadInput,
            "configuration file",
        );
        if name == "other-key" {
            let ran = s.bench.raw(&format!("-C {file} -u l {show}"));
            assert_eq!(ran.exit, Exit::Ok, "{}", ran.err);
        }
    }
}

#[test]
fn the_only_ripe_ticket_is_found() {
    let mut s = Scene::new();
    let provider = s.provider.clone();
    s.bench
        .refused_as("owner", "stake withdraw", Exit::BadInput, "has no ticket");
    let unstake = |amount: &str| format!("stake unstake {provider} {amount}");
    let first = s.bench.field("owner", &unstake("100"), "ticket");
    s.bench
        .refused_as("owner", "stake withdraw", Exit::BadInput, &first);
    s.wait(7 * DAY);
    let second = s.bench.field("owner", &unstake("ALL"), "ticket");
    let withdrawn = s.bench.run("owner", "stake withdraw");
    assert_eq!(withdrawn.base("withdrawn"), 100_000_000_000);
    let third = {
        let owner = s.bench.ok("owner", &format!("stake deposit {provider} 1"));
        assert_eq!(owner.exit, Exit::Ok);
        s.bench.field("owner", &unstake("all"), "ticket")
    };
    s.wait(7 * DAY);
    for ticket in [&second, &third] {
        s.bench
            .refused_as("owner", "stake withdraw", Exit::BadInput, ticket);
    }
    s.bench.ok("owner", &format!("stake withdraw {second}"));
    s.bench.ok("owner", "stake withdraw");
}

#[test]
fn what_changes_nothing_is_refused() {
    let mut s = Scene::new();
    let (network, node) = (s.network.clone(), s.node.clone());
    for (key, line) in [
        ("admin", format!("network propose {network}")),
        ("operator", format!("node update {node}")),
    ] {
        s.bench
            .refused_as(key, &line, Exit::Usage, "were not provided");
    }
}

#[test]
fn a_pool_that_never_had_a_dividend_says_so() {
    let mut s = Scene::new();
    let line = format!("dividends claim {}", s.provider);
    s.bench
        .refused_as("owner", &line, Exit::BadInput, "no dividends yet");
}

#[test]
fn what_is_claimed_is_said_by_pool_or_by_all() {
    let mut s = Scene::new();
    let pool = s.network.clone();
    for (line, says) in [
        ("rewards claim".to_owned(), "<POOL|--all>"),
        (format!("rewards fold --node {pool}"), "<POOL|--all>"),
    ] {
        s.bench.refused_as("owner", &line, Exit::Usage, says);
    }
    let ran = s
        .bench
        .raw(&format!("-k {} rewards claim --all", s.bench.path("owner")));
    assert_one_line(&ran, Exit::BadInput, "there is no such share", "--all");
}

#[test]
fn the_end_of_an_ended_job_is_moved_no_more() {
    let mut s = Scene::new();
    let job = s.active(1);
    s.wait(8 * HOUR);
    for (key, verb) in [
        ("buyer", "cancel"),
        ("operator", "resign"),
        ("buyer", "fault"),
    ] {
        let line = format!("job {verb} {job}");
        s.bench
            .refused_as(key, &line, Exit::BadInput, "the job has ended, since 2");
    }
}

#[test]
fn a_limit_that_is_too_low_is_named() {
    let mut s = Scene::new();
    let job = s.active(1);
    let key = s.bench.path("buyer");
    for limit in [1_000, 100] {
        let line = format!("-k {key} --with-compute-unit-limit {limit} job top-up {job} 1");
        let ran = s.bench.raw(&line);
        assert_one_line(
            &ran,
            Exit::Refused,
            "give --with-compute-unit-limit more",
            &line,
        );
    }
}

#[test]
fn a_malformed_value_is_told_what_it_should_be() {
    let mut s = Scene::new();
    let job = s.open(1);
    let line = s.open_line(2);
    for (line, says) in [
        ("job show abc".to_owned(), "an address is 32 to 44 letters"),
        ("job show 0OIl".to_owned(), "an address is 32 to 44 letters"),
        ("--blockhash x job list".to_owned(), "a blockhash is"),
        (
            format!("job top-up {job} -1"),
            "a negative number was given",
        ),
        (
            line.replace("--funds 5", "--funds -.5"),
            "a negative number was given",
        ),
        (
            line.replace("--cap 100", "--cap -12"),
            "a negative number was given",
        ),
        (
            line.replace("--cap 100", "--cap ten"),
            "a whole number, 0 or more",
        ),
        (
            line.replace("--length 3h", "--length 30M"),
            "write 30m for minutes",
        ),
        ("job opne".to_owned(), "exists: 'open'"),
        ("jobs".to_owned(), "exists: 'job'"),
        (line.replace("--funds", "--fund"), "exists: '--funds'"),
        (
            line.replace("--funds 5", "--funds=5 --output=xml"),
            "invalid value 'xml'",
        ),
    ] {
        s.bench.refused_as("buyer", &line, Exit::Usage, says);
    }
}
