//! What a daemon reads of a chain.

use {
    crate::{blob::JobId, clock::ChainClock},
    sluice_client::{
        Address, Attester, AttesterSet, ClientError, CommitmentConfig, Job, Ledger, Node,
        account::{self, filter},
        address,
        ledger::{Endpoint, Patience, Rpc},
    },
    std::{sync::Arc, time::Duration},
};

/// A daemon has other things to do than to wait for a node.
fn patience() -> Patience {
    Patience {
        call: Duration::from_secs(10),
        total: Duration::from_secs(20),
        ..Patience::default()
    }
}

/// What the client's calls return.
pub type Result<T> = sluice_client::Result<T>;

/// A job at one moment, with everything that a statement about it depends on.
#[derive(Clone, Copy)]
pub struct Site {
    /// Its address.
    pub key: Address,
    /// The job.
    pub job: Job,
    /// The set that proves it.
    pub set: AttesterSet,
}

impl Site {
    /// The job and its incarnation.
    pub const fn id(&self) -> JobId {
        JobId {
            job: self.key,
            incarnation: self.job.incarnation,
        }
    }
}

/// A chain to read from, and its clock. A process may read settled state by one and send by another.
pub struct Chain<L> {
    /// The chain itself.
    pub ledger: L,
    /// The network.
    pub network: Address,
    /// Its clock.
    pub clock: Arc<ChainClock>,
}

impl Chain<Rpc> {
    /// The chain behind a node, as far as it is `commitment`.
    pub fn at(url: &Endpoint, network: Address, commitment: CommitmentConfig) -> Self {
        let ws_url = url.websocket();
        Self {
            ledger: Rpc::patient(url.clone(), ws_url, commitment, patience()),
            network,
            clock: Arc::default(),
        }
    }
}

impl<L: Ledger> Chain<L> {
    /// Unix seconds of the chain, read now, as far as the clock believes it.
    ///
    /// # Errors
    /// The ledger's.
    pub fn now(&self) -> Result<i64> {
        let told = self.ledger.clock()?.unix_timestamp;
        let is_believed = self.clock.read(told);
        let now = self.clock.now().unwrap_or(told);
        if !is_believed {
            tracing::warn!(
                told,
                now,
                "the node's clock is far from the time that passed"
            );
        }
        Ok(now)
    }

    /// The job at an address with its set; `None` where there is no job of this network that a set proves.
    ///
    /// # Errors
    /// The ledger's.
    pub fn site(&self, key: &Address) -> Result<Option<Site>> {
        let Some(job) = self.find::<Job>(key)? else {
            return Ok(None);
        };
        if job.network != self.network || job.terms.set == Address::default() {
            return Ok(None);
        }
        let set = self.find::<AttesterSet>(&job.terms.set)?;
        Ok(set.map(|set| Site {
            key: *key,
            job,
            set,
        }))
    }

    /// See [`members`].
    ///
    /// # Errors
    /// The ledger's.
    pub fn members(&self, set: &AttesterSet) -> Result<Vec<(Address, String)>> {
        members(&self.ledger, &self.network, set)
    }

    /// The jobs on a node.
    ///
    /// # Errors
    /// The ledger's.
    pub fn jobs_on(&self, node: &Address) -> Result<Vec<(Address, Job)>> {
        self.ledger.list::<Job>(&[filter::job_node(node)])
    }

    /// The nodes of a provider.
    ///
    /// # Errors
    /// The ledger's.
    pub fn nodes_of(&self, provider: &Address) -> Result<Vec<(Address, Node)>> {
        self.ledger.list::<Node>(&[filter::node_provider(provider)])
    }

    /// The account at an address, decoded; `None` where there is none.
    ///
    /// # Errors
    /// The ledger's, and for an account of another type.
    pub fn find<T: sluice_client::Pod + sluice_client::Discriminator>(
        &self,
        address: &Address,
    ) -> Result<Option<T>> {
        match self.ledger.get(address) {
            Ok(found) => Ok(Some(found)),
            Err(ClientError::NoAccount(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Where the live members of a set are asked, by the URIs that their owners published; a member without a URI is left out. A URI is a
/// stranger's text.
///
/// # Errors
/// The ledger's.
pub fn members(
    ledger: &impl Ledger,
    network: &Address,
    set: &AttesterSet,
) -> Result<Vec<(Address, String)>> {
    let keys: Vec<_> = sluice_client::quorum::members(set).copied().collect();
    let addresses: Vec<_> = keys
        .iter()
        .map(|key| address::attester(network, key))
        .collect();
    let found = ledger.accounts(&addresses)?;
    let members = keys.iter().zip(&addresses).zip(found);
    let published = members.filter_map(|((key, address), found)| {
        let attester: Attester = account::decode(address, &found?).ok()?;
        let uri = attester.uri.split(|byte| *byte == 0).next()?;
        let uri = std::str::from_utf8(uri)
            .ok()
            .filter(|uri| !uri.is_empty())?;
        Some((*key, uri.to_owned()))
    });
    Ok(published.collect())
}
