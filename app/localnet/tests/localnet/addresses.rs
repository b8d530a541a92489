//! Every local chain has the same keys and addresses.

use {
    crate::of_workspace,
    sluice_localnet::{Cast, Localnet, Options, files},
    std::{fs, path::Path},
};

/// Addresses that a note or a script written yesterday may name.
const NETWORK: &str = "6RfAprUrooRTS6pdPKVE6kgkcXW5A5DE9v1zHbDs1F8j";
const BUYER: &str = "8puMzYGhXdkwBGCc4zPyMzXcMJv8erBKEeERnXCjffk";

#[test]
fn every_start_has_the_same_addresses() {
    let [first, second] = ["first", "second"].map(|name| {
        let chain = Localnet::start(&of_workspace()).unwrap();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        files::write(&chain, &folder).unwrap();
        let key = fs::read_to_string(folder.join("attester-2.json")).unwrap();
        let told = fs::read_to_string(folder.join("addresses.json")).unwrap();
        let mut told: serde_json::Value = serde_json::from_str(&told).unwrap();
        let urls = ["rpc_url", "ws_url"].map(|url| told.as_object_mut().unwrap().remove(url));
        assert_eq!(urls[0], Some(chain.rpc_url().into()));
        assert_eq!(urls[1], Some(chain.ws_url().into()));
        chain.stop().unwrap();
        (key, told)
    });
    assert_eq!(first, second);
    assert_eq!(first.1["accounts"]["network"], NETWORK);
    assert_eq!(first.1["keys"]["buyer"], BUYER);
}

#[test]
fn a_second_provider_changes_nobody_s_address() {
    let [plain, more] = [Cast::new(), Cast::with_second()].map(|cast| {
        let chain = Localnet::with(&of_workspace(), cast).unwrap();
        chain.world().names()
    });
    assert!(
        plain
            .iter()
            .all(|(name, address)| more.get(name) == Some(address))
    );
    let added = more.keys().filter(|name| !plain.contains_key(*name));
    assert_eq!(
        added.collect::<Vec<_>>(),
        ["node-2", "operator-2", "provider-2", "worker-2"]
    );
}

#[test]
fn a_taken_port_is_refused() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let options = Options {
        port,
        ..of_workspace()
    };
    let error = Localnet::start(&options).err().unwrap();
    assert_eq!(error.to_string(), format!("port {port} is taken"));
}

#[test]
fn a_stopped_chain_leaves_its_ports() {
    let options = of_workspace();
    let chain = Localnet::start(&options).unwrap();
    let port = |url: &str| url.rsplit(':').next().unwrap().parse().unwrap();
    let options = Options {
        port: port(chain.rpc_url()),
        ws_port: port(chain.ws_url()),
        ..options
    };
    chain.stop().unwrap();
    Localnet::start(&options).unwrap().stop().unwrap();
}
