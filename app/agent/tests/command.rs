//! The command as a shell sees it: exit codes, where results and failures go, and that kernels are shut in on this machine.

use {
    serde_json::Value,
    std::{
        fs,
        io::{Read, Write},
        net::TcpListener,
        path::Path,
        process::{Command, Output, Stdio},
        thread,
    },
};

const NETWORK: &str = "SysvarC1ock11111111111111111111111111111111";

fn run(folder: &Path, line: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sluice-agent"))
        .args(line.split_whitespace())
        .current_dir(folder)
        .env_remove("SLUICE_NETWORK")
        .env_remove("SLUICE_AGENT_CONFIG")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A node that knows no method.
fn node() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/SeCret-4242", listener.local_addr().unwrap());
    thread::spawn(move || {
        let body = r#"{"jsonrpc":"2.0","error":{"code":-32601,"message":"no \u001b[2J"},"id":1}"#;
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4_096]);
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    url
}

#[test]
fn exit_codes_are_those_of_the_documents() {
    let folder = tempfile::tempdir().unwrap();
    for (line, expected) in [
        ("--help", 0),
        ("--version", 0),
        ("worker --help", 0),
        ("", 2),
        ("walk", 2),
        ("check --log [", 2),
        ("init worker", 2),
        ("init worker --network moon", 2),
        ("worker", 1),
        ("attester", 1),
        ("check", 1),
        ("status", 1),
        ("drain", 1),
    ] {
        let output = run(folder.path(), line);
        assert_eq!(code(&output), expected, "{line}: {output:?}");
        if expected != 0 {
            assert!(output.stdout.is_empty(), "{line}");
            let is_told = text(&output.stderr).starts_with("error: ");
            assert!(is_told || line.is_empty(), "{line}: {output:?}");
        }
        if expected == 1 {
            assert_eq!(text(&output.stderr).lines().count(), 1, "{line}");
        }
    }
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none());
}

#[test]
fn a_machine_is_set_up_and_checked_by_what_the_command_prints() {
    let folder = tempfile::tempdir().unwrap();
    let url = node();
    let output = run(
        folder.path(),
        &format!("init worker --network {NETWORK} --url {url}"),
    );
    assert_eq!(code(&output), 0, "{output:?}");
    let printed = text(&output.stdout);
    assert!(
        printed.contains("\nsluice-agent check\n") && printed.contains("AMOUNT"),
        "{printed}"
    );
    assert!(!printed.contains("SeCret"), "{printed}");

    let output = run(folder.path(), "check --json");
    assert_eq!(code(&output), 1, "{output:?}");
    assert_eq!(text(&output.stderr), "error: 1 check failed\n");
    let printed = text(&output.stdout);
    assert!(
        !printed.contains("SeCret") && !printed.contains('\u{1b}'),
        "{printed}"
    );
    let found: Value = serde_json::from_str(&printed).unwrap();
    let checks = found["checks"].as_array().unwrap();
    let level = |name: &str| {
        let check = checks.iter().find(|check| check["check"] == name);
        check.unwrap()["level"].as_str().unwrap().to_owned()
    };
    assert_eq!(level("key"), "ok");
    assert_eq!(level("disk"), "ok");
    assert_eq!(level("node"), "failure");
    assert!(!folder.path().join("state").exists());
    // Linux on a common processor is what this is run on.
    assert_eq!(level("sandbox"), "ok", "{printed}");

    let output = run(folder.path(), "attester");
    assert_eq!(code(&output), 1);
    assert!(text(&output.stderr).contains("is the configuration of a worker"));
    let output = run(folder.path(), "drain");
    assert_eq!(code(&output), 1);
    assert!(text(&output.stderr).contains("has not run"));
}
