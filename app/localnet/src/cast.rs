//! Everybody with a key. Keys come from names, so they are the same in every run, and nothing of value may ever depend on them.

use {
    sha2::{Digest, Sha256},
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// Attesters of the set.
pub const ATTESTERS: usize = 3;

/// A provider's keys.
pub struct Provider {
    /// Owns it, and is paid.
    pub owner: Keypair,
    /// Operates it.
    pub operator: Keypair,
    /// The keys of its nodes.
    pub workers: Vec<Keypair>,
}

impl Provider {
    /// The one of this number, which has `nodes` nodes; the same in every run.
    pub fn new(number: usize, nodes: usize) -> Self {
        let worker = |node| match node {
            1 => key(&format!("worker {number}")),
            node => key(&format!("worker {number}.{node}")),
        };
        Self {
            owner: key(&format!("provider {number}")),
            operator: key(&format!("operator {number}")),
            workers: (1..=nodes).map(worker).collect(),
        }
    }
}

/// The people and machines of the local network.
pub struct Cast {
    /// Admin, guardian and resolver of the network, authority of every mint, revoker of the set.
    pub admin: Keypair,
    /// Opens jobs.
    pub buyer: Keypair,
    /// Owns the provider.
    pub provider: Keypair,
    /// Operates the provider.
    pub operator: Keypair,
    /// The node's key.
    pub worker: Keypair,
    /// Another provider with one node, where agents run.
    pub second: Option<Provider>,
    /// The set's keys, ascending as the set wants them.
    pub attesters: [Keypair; ATTESTERS],
    /// Owns the attesters and their stake.
    pub attester_owner: Keypair,
    /// Receives the attesters' fees.
    pub attester_fees: Keypair,
    /// Receives the network's fees.
    pub treasury: Keypair,
    /// Creates and funds the reward pool.
    pub funder: Keypair,
}

impl Cast {
    /// Everybody, the same in every run.
    pub fn new() -> Self {
        let mut attesters = ["attester 1", "attester 2", "attester 3"].map(key);
        attesters.sort_by_key(|key| key.pubkey().to_bytes());
        Self {
            admin: key("admin"),
            buyer: key("buyer"),
            provider: key("provider"),
            operator: key("operator"),
            worker: key("worker"),
            second: None,
            attesters,
            attester_owner: key("attester owner"),
            attester_fees: key("attester fees"),
            treasury: key("treasury"),
            funder: key("funder"),
        }
    }

    /// Everybody, and another provider. Nobody else's address is another for it.
    pub fn with_second() -> Self {
        Self {
            second: Some(Provider::new(2, 1)),
            ..Self::new()
        }
    }

    /// The key at `address`, if it is somebody's.
    pub fn find(&self, address: &Address) -> Option<&Keypair> {
        let mut keys = self.named().into_iter().map(|(_, key)| key);
        keys.find(|key| key.pubkey() == *address)
    }

    /// Every key under the name of its file.
    pub fn named(&self) -> Vec<(String, &Keypair)> {
        let mut all: Vec<(String, &Keypair)> = [
            ("admin", &self.admin),
            ("buyer", &self.buyer),
            ("provider", &self.provider),
            ("operator", &self.operator),
            ("worker", &self.worker),
            ("attester-owner", &self.attester_owner),
            ("attester-fees", &self.attester_fees),
            ("treasury", &self.treasury),
            ("funder", &self.funder),
        ]
        .map(|(name, key)| (name.to_owned(), key))
        .into();
        let attesters = (1..).zip(&self.attesters);
        all.extend(attesters.map(|(number, key)| (format!("attester-{number}"), key)));
        if let Some(second) = &self.second {
            all.push(("provider-2".to_owned(), &second.owner));
            all.push(("operator-2".to_owned(), &second.operator));
            let workers = second.workers.iter();
            all.extend(workers.map(|key| ("worker-2".to_owned(), key)));
        }
        all
    }
}

impl Default for Cast {
    fn default() -> Self {
        Self::new()
    }
}

/// The key of this name; the same in every run.
pub fn key(name: &str) -> Keypair {
    Keypair::new_from_array(Sha256::digest(format!("sluice localnet: {name}")).into())
}
