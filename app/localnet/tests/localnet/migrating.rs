//! `sluice migrate` over RPC: the founded network is as its manifest says, and a second one comes from nothing.

use crate::shell::Shell;

const MANIFESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/manifests");

#[test]
fn the_founding_is_a_manifest_and_another_network_comes_from_one() {
    let shell = Shell::new("migrating");
    let check = |name: &str| format!("migrate plan --check --manifest {MANIFESTS}/{name}.toml");
    let plan = shell.ok("admin", &check("localnet"));
    assert_eq!(plan["to_do"], 0);
    assert_eq!(
        plan["network"],
        shell.chain.world().network.to_string(),
        "its address follows from creator and name"
    );

    let ran = shell.run("admin", &check("second"));
    assert_eq!(ran.status.code(), Some(13), "everything is to do");
    let mut apply = format!("migrate apply --manifest {MANIFESTS}/second.toml");
    for name in [
        "attester-owner",
        "attester-1",
        "attester-2",
        "attester-3",
        "funder",
    ] {
        apply.push_str(&format!(" --key {}", shell.key(name)));
    }
    let applied = shell.ok("admin", &apply);
    assert_eq!(applied["complete"], true);
    assert_eq!(applied["done"].as_array().unwrap().len(), 13);
    assert_eq!(shell.ok("admin", &check("second"))["to_do"], 0);
    let again = shell.ok("admin", &apply);
    assert_eq!(again["done"].as_array().unwrap().len(), 0);
}
