//! What a node does beside the chain: it tells its version, gives away SOL, and tells changes.

use {
    crate::{error::Result, foreign::Foreign},
    solana_address::Address,
    solana_hash::Hash,
    solana_signature::Signature,
    std::time::Duration,
};

/// What a node does beside the chain.
pub trait Service {
    /// The version of its software, in its own words.
    ///
    /// # Errors
    ///
    /// When the node does not answer.
    fn version(&self) -> Result<Foreign>;

    /// Has its faucet give `lamports` to the key, and waits until they are there.
    ///
    /// # Errors
    ///
    /// [`NoFaucet`](crate::ClientError::NoFaucet) when it gives none, as on mainnet; another one when the node cannot be reached or
    /// what it gave is not confirmed in time.
    fn airdrop(&mut self, to: &Address, lamports: u64) -> Result<Signature>;

    /// Follows the chain's slots until the first is told, `patience` long at most: how long it took.
    ///
    /// # Errors
    ///
    /// When nothing was told.
    fn subscription(&self, patience: Duration) -> Result<Duration>;
}

/// The public clusters, by the hash of their first block.
const CLUSTERS: [(&str, &str); 3] = [
    (
        "mainnet-beta",
        "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d",
    ),
    ("devnet", "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG"),
    ("testnet", "4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY"),
];

/// The name of the public cluster that began with `genesis`; `None` for another chain, as a local one.
pub fn cluster_name(genesis: &Hash) -> Option<&'static str> {
    let genesis = genesis.to_string();
    let found = CLUSTERS.iter().find(|(_, hash)| *hash == genesis);
    found.map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_cluster_is_known_by_its_first_block() {
        for (name, hash) in CLUSTERS {
            assert_eq!(cluster_name(&hash.parse().unwrap()), Some(name));
        }
        assert_eq!(cluster_name(&Hash::default()), None);
    }
}
