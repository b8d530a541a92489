use super::*;

const WORKER: &str = r#"
role = "worker"
[chain]
network = "11111111111111111111111111111112"
url = "http://127.0.0.1:8899/a-secret"
[keys]
operator = "operator.json"
[[node]]
key = "/keys/worker.json"
"#;

const ATTESTER: &str = r#"
role = "attester"
[chain]
network = "11111111111111111111111111111112"
url = "https://rpc.example"
[keys]
attester = "attester.json"
[serve]
listen = "127.0.0.1:7300"
"#;

fn parse(text: &str) -> Result<Config, String> {
    Config::parse(text, Path::new("/etc/sluice"))
}

#[test]
fn the_least_configuration_has_defaults_and_whole_paths() {
    let Ok(Config::Worker(worker)) = parse(WORKER) else {
        panic!("a worker");
    };
    assert_eq!(worker.keys.operator, Path::new("/etc/sluice/operator.json"));
    assert_eq!(worker.node[0].key, Path::new("/keys/worker.json"));
    assert_eq!(worker.work.state, Path::new("/etc/sluice/state"));
    assert_eq!(worker.accept.open, OpenJobs::Named);
    assert_eq!(worker.work.least_answer_secs, 21_600);
    let Ok(Config::Attester(attester)) = parse(ATTESTER) else {
        panic!("an attester");
    };
    assert_eq!(attester.store.state, Path::new("/etc/sluice/state"));
    assert_eq!(
        (attester.check.sample, attester.guard.challenger),
        (None, None)
    );
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_without_its_text() {
    let wrong = [
        ("no role", WORKER.replace("role = \"worker\"", ""), "role"),
        (
            "a role of nobody",
            WORKER.replace("worker\"\n[ch", "boss\"\n[ch"),
            "line 2",
        ),
        (
            "an unknown field",
            WORKER.replace("operator =", "operater ="),
            "line 7",
        ),
        (
            "a URL that is none",
            WORKER.replace("http:", "a-secret:"),
            "line 5",
        ),
        (
            "no node",
            WORKER.replace("[[node]]", "[other]"),
            "unknown field",
        ),
        (
            "an address that is none",
            ATTESTER.replace("1112", "111O"),
            "line 4",
        ),
        (
            "a sample of nothing, which signs whatever it is given",
            format!("{ATTESTER}\n[check]\nsample = 0\n"),
            "nonzero",
        ),
        ("no TOML", ATTESTER.replace("[serve]", "[serve"), "line 8"),
    ];
    for (case, text, told) in wrong {
        let error = parse(&text).unwrap_err();
        assert!(error.contains(told), "{case}: {error}");
        assert!(!error.contains("a-secret"), "{case}: {error}");
        assert!(!error.contains('\n'), "{case}: {error}");
    }
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.json");
    let own = Keypair::new();
    let bytes = serde_json::to_string(own.to_bytes().as_slice()).unwrap();
    fs::write(&path, bytes).unwrap();
    let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    mode(0o640);
    assert!(matches!(key(&path), Err(BadConfig::Exposed(_))));
    mode(0o600);
    assert_eq!(key(&path).unwrap().pubkey(), own.pubkey());
    fs::write(&path, "a secret").unwrap();
    assert!(!key(&path).unwrap_err().to_string().contains("a secret"));
    fs::remove_file(&path).unwrap();
    assert!(matches!(key(&path), Err(BadConfig::Key { .. })));
}
