//! Where transactions and accounts can be looked at in a browser.

use {
    crate::ledger::{Endpoint, cluster_name},
    solana_address::Address,
    solana_hash::Hash,
    url::{Url, form_urlencoded::byte_serialize},
};

/// Solana's explorer.
const EXPLORER: &str = "https://explorer.solana.com";

/// The public clusters: name, host of the public node, and what the explorer's address ends in.
const CLUSTERS: [(&str, &str, &str); 3] = [
    ("mainnet-beta", "api.mainnet-beta.solana.com", ""),
    ("devnet", "api.devnet.solana.com", "?cluster=devnet"),
    ("testnet", "api.testnet.solana.com", "?cluster=testnet"),
];

/// Solana's explorer on one cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explorer(String);

impl Explorer {
    /// The explorer of the cluster whose genesis block has the hash `genesis`, or else of the one at `url`. A cluster without a name is
    /// looked at through the browser's own connection to `url`; there is no explorer for one whose URL may hold a secret, for the address
    /// in the browser would hold it too.
    pub fn of(url: &Endpoint, genesis: Option<&Hash>) -> Option<Self> {
        let parsed = Url::parse(url.expose()).ok();
        let host = parsed.as_ref().and_then(Url::host_str);
        let named = CLUSTERS.iter().find(|(name, public, _)| match genesis {
            Some(genesis) => cluster_name(genesis) == Some(*name),
            None => host == Some(*public),
        });
        if let Some((_, _, end)) = named {
            return Some(Self((*end).to_owned()));
        }
        let custom: String = byte_serialize(url.shared()?.as_bytes()).collect();
        Some(Self(format!("?cluster=custom&customUrl={custom}")))
    }

    /// Where to look at the transaction with this signature, as base 58.
    pub fn transaction(&self, signature: &str) -> String {
        format!("{EXPLORER}/tx/{signature}{}", self.0)
    }

    /// Where to look at the account.
    pub fn account(&self, address: &Address) -> String {
        format!("{EXPLORER}/address/{address}{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str, genesis: Option<&str>) -> Option<String> {
        let genesis = genesis.map(|hash| hash.parse().unwrap());
        Explorer::of(&url.into(), genesis.as_ref()).map(|found| found.transaction("5S"))
    }

    #[test]
    fn the_genesis_block_tells_the_cluster_and_the_host_does_where_it_is_unknown() {
        let [(_, main_host, _), (_, dev_host, _), _] = CLUSTERS;
        let [main, dev, test] = [
            "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d",
            "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG",
            "4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY",
        ];
        let [main_host, dev_host] = [main_host, dev_host].map(|host| format!("https://{host}"));
        let keyed = "https://mainnet.example/?api-key=SeCret-4242";
        let link = |end: &str| Some(format!("https://explorer.solana.com/tx/5S{end}"));
        assert_eq!(of(&main_host, None), link(""));
        assert_eq!(of(&dev_host, None), link("?cluster=devnet"));
        assert_eq!(of(keyed, Some(main)), link(""));
        assert_eq!(of(keyed, Some(test)), link("?cluster=testnet"));
        assert_eq!(of(&main_host, Some(dev)), link("?cluster=devnet"));
        assert_eq!(
            of("http://localhost:8899", None),
            link("?cluster=custom&customUrl=http%3A%2F%2Flocalhost%3A8899")
        );
    }

    #[test]
    fn no_link_holds_what_may_be_a_secret() {
        for url in [
            "https://rpc.example/?api-key=SeCret-4242",
            "https://rpc.example/v2/SeCret-4242",
            "https://user:SeCret-4242@rpc.example",
            "https://SeCret-4242@rpc.example/",
            "http://127.0.0.1:8899/#SeCret-4242",
            "http://127.0.0.1:8899/SeCret-4242",
            "http://127.0.0.1:8899?",
            "SeCret-4242",
        ] {
            let other = Hash::new_from_array([7; 32]).to_string();
            assert_eq!(of(url, None), None, "{url}");
            assert_eq!(of(url, Some(&other)), None, "{url}");
        }
        let other = Hash::new_from_array([7; 32]).to_string();
        assert!(
            of("https://api.devnet.solana.com", Some(&other))
                .unwrap()
                .contains("custom")
        );
    }
}
