use super::*;

#[test]
fn clocks_that_differ_and_finality_that_lags_only_warn() {
    let (mut chain, mut finalized) = (chain(), Few::default());
    chain.ledger.clock.slot = 1_000;
    finalized.clock.slot = 100;
    let mut report = Report::default();
    assert!(node::answers(&chain, &finalized, "http://x", &mut report));
    assert_eq!(
        faults(report.findings()),
        ["finality Warning", "clock Warning"]
    );
    assert_eq!(chain.clock.now(), Some(0));
}

#[test]
fn keys_that_others_read_or_that_are_one_fail() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("agent.toml");
    let text = format!(
        "role = \"worker\"\n[chain]\nnetwork = \"{NETWORK}\"\nurl = \"http://x\"\n[keys]\noperator = \"o\"\n\
         [[node]]\nkey = \"w\"\n[[node]]\nkey = \"v\"\n"
    );
    fs::write(&path, text).unwrap();
    let key = serde_json::to_string(&solana_keypair::Keypair::new().to_bytes().as_slice()).unwrap();
    for name in ["o", "w", "v"] {
        let file = folder.path().join(name);
        fs::write(&file, &key).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let check = || {
        let Ok(Config::Worker(config)) = Config::read(&path) else {
            panic!();
        };
        let mut report = Report::default();
        let keys = keys::worker(&config, &mut report);
        (keys.is_some(), faults(report.findings()), report.json())
    };
    // Two nodes with one key are one; an operator may be a worker, too.
    let (is_read, found, _) = check();
    assert_eq!((is_read, found), (true, vec!["key Failure".to_owned()]));
    let exposed = folder.path().join("w");
    fs::set_permissions(&exposed, fs::Permissions::from_mode(0o640)).unwrap();
    let (is_read, found, json) = check();
    assert_eq!((is_read, found), (false, vec!["key Failure".to_owned()]));
    assert!(
        json.contains("chmod 600") && !json.contains(&key[1..20]),
        "{json}"
    );
}

#[test]
fn room_is_a_warning_until_journals_cannot_be_written() {
    let level = |free, wanted| {
        let mut report = Report::default();
        machine::room(free, wanted, Path::new("state"), &mut report);
        report.findings()[0].level
    };
    assert_eq!(level(4 << 30, 4 << 30), Level::Ok);
    assert_eq!(level((4 << 30) - 1, 4 << 30), Level::Warning);
    assert_eq!(level((256 << 20) - 1, 0), Level::Failure);
    // The folder need not be there yet; the probe leaves nothing behind.
    let folder = tempfile::tempdir().unwrap();
    let mut report = Report::default();
    machine::disk(&folder.path().join("a/b"), 0, &mut report);
    assert_eq!(faults(report.findings()), [""; 0]);
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none());
}
