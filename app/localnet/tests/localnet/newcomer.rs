//! The first hour of a key that the chain has never seen.

use {
    crate::shell::Shell,
    serde_json::Value,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::{fs, os::unix::fs::PermissionsExt},
};

/// What the doctor says of one thing.
fn ok(told: &Value, name: &str) -> Value {
    let all = told["checks"].as_array().unwrap();
    let check = all.iter().find(|check| check["check"] == name);
    check.unwrap_or_else(|| panic!("{told} lacks {name}"))["ok"].clone()
}

#[test]
fn a_new_key_is_given_what_a_buyer_needs_and_the_doctor_sees_it() {
    let s = Shell::new("newcomer");
    let key = Keypair::new();
    let file = s.key("my");
    fs::write(
        &file,
        serde_json::to_string(&key.to_bytes().to_vec()).unwrap(),
    )
    .unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();

    let ran = s.run("my", "doctor");
    assert_eq!(ran.status.code(), Some(13));
    let told: Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(
        (ok(&told, "sol"), ok(&told, "websocket")),
        (false.into(), true.into())
    );

    let given = s.ok("my", "airdrop 10");
    assert_eq!(given["balance"]["amount"], "10000000000");
    let usdc = s.chain.world().usdc.address;
    let to = key.pubkey();
    s.ok("admin", &format!("airdrop 100 --mint {usdc} --to {to}"));
    let told = s.ok("my", "doctor");
    assert_eq!(ok(&told, "sol"), true);
    let job = s.ok("my", &s.opening(1));
    assert_eq!(job["funded"]["amount"], "2000000");
    // The chain's own keys are as whoever made them left them.
    s.ok("buyer", "doctor");
}
