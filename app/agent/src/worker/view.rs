//! What a worker reads of the chain each turn.

use {
    crate::{blobs::JobId, chain::Chain, config, member::Member},
    sluice_client::{
        Address, AttesterSet, ClientError, Discriminator, Job, JobState, Ledger, Network, Node,
        Pod, Provider, Result,
        account::{self, filter},
        address, quorum,
    },
    std::collections::HashMap,
};

/// How long what members published is believed, seconds of the chain.
const MEMBERS_SECS: i64 = 60;

/// A node that works here.
#[derive(Clone, Copy)]
pub struct Own {
    /// Its address.
    pub key: Address,
    /// The node.
    pub node: Node,
    /// The address of its provider, which this process operates.
    pub provider_key: Address,
    /// Its provider.
    pub provider: Provider,
}

/// What the chain holds at one moment.
pub struct View {
    /// Unix seconds of the chain. What stands beside it is no older.
    pub now: i64,
    /// The network.
    pub network: Network,
    /// The nodes that work here.
    pub nodes: Vec<Own>,
    /// The jobs on them, whatever their state.
    pub jobs: Vec<(Address, Job)>,
    /// Open jobs that may be accepted.
    pub open: Vec<(Address, Job)>,
    /// The sets that these name.
    pub sets: HashMap<Address, AttesterSet>,
}

impl View {
    /// The node at an address, if it works here.
    pub fn node(&self, key: &Address) -> Option<&Own> {
        self.nodes.iter().find(|own| own.key == *key)
    }

    /// The job of an incarnation on a node that works here, if it is active, with its set.
    pub fn active(&self, id: &JobId) -> Option<(&Job, &AttesterSet)> {
        let (_, job) = self
            .jobs
            .iter()
            .find(|(key, job)| *key == id.job && job.incarnation == id.incarnation)?;
        if job.state != JobState::Active.byte() {
            return None;
        }
        Some((job, self.sets.get(&job.terms.set)?))
    }
}

/// Reads the chain, with what is read seldom.
pub struct Reader {
    /// The keys of the nodes' workers.
    workers: Vec<Address>,
    /// Who operates their provider.
    operator: Address,
    open: config::OpenJobs,
    at: Vec<config::MemberAt>,
    /// The nodes' addresses, each with its provider's.
    nodes: Vec<(Address, Address)>,
    members: HashMap<Address, (i64, Vec<Member>)>,
}

impl Reader {
    /// Reads for nodes of these workers, whose provider `operator` operates.
    pub fn new(workers: Vec<Address>, operator: Address, config: &config::Worker) -> Self {
        Self {
            workers,
            operator,
            open: config.accept.open,
            at: config.members.at.clone(),
            nodes: vec![],
            members: HashMap::new(),
        }
    }

    /// Reads the chain.
    ///
    /// # Errors
    /// The ledger's.
    pub fn read<L: Ledger>(&mut self, chain: &Chain<L>) -> Result<View> {
        let now = chain.now()?;
        if self.nodes.len() < self.workers.len() {
            self.nodes = self.find_nodes(chain)?;
        }
        let network = chain
            .find::<Network>(&chain.network)?
            .ok_or(ClientError::NoAccount(chain.network))?;
        let nodes = self.read_nodes(chain)?;
        let (mut jobs, mut open) = (vec![], vec![]);
        for own in &nodes {
            jobs.extend(chain.jobs_on(&own.key)?);
        }
        for provider in self.open_to(&nodes) {
            let filters = [
                filter::job_network(&chain.network),
                filter::job_provider(&provider),
                filter::job_state(JobState::Open),
            ];
            open.extend(chain.ledger.list::<Job>(&filters)?);
        }
        // Others cannot be accepted here, and anybody opens them: nothing more is asked about them.
        open.retain(|(_, job)| nodes.iter().any(|own| own.node.set == job.terms.set));
        let sets = jobs.iter().chain(&open).map(|(_, job)| job.terms.set);
        let mut sets: Vec<_> = sets.filter(|set| *set != Address::default()).collect();
        sets.sort_unstable_by_key(Address::to_bytes);
        sets.dedup();
        let found = read_all::<AttesterSet, L>(chain, &sets)?;
        let sets = sets.into_iter().zip(found);
        Ok(View {
            now,
            network,
            nodes,
            jobs,
            open,
            sets: sets.filter_map(|(key, set)| Some((key, set?))).collect(),
        })
    }

    /// The live members of a set that can be asked: where the configuration says, else where they published.
    ///
    /// # Errors
    /// The ledger's.
    pub fn members<L: Ledger>(
        &mut self,
        chain: &Chain<L>,
        (key, set): (&Address, &AttesterSet),
        now: i64,
    ) -> Result<Vec<Member>> {
        let known = self.members.get(key);
        let fresh = known.filter(|(at, _)| (*at..at.saturating_add(MEMBERS_SECS)).contains(&now));
        let all = if let Some((_, all)) = fresh {
            all.clone()
        } else {
            let read = chain.members(set);
            if let (Err(error), Some((_, all))) = (&read, known) {
                tracing::warn!(set = %key, %error, "the set's members are asked where they were");
                return Ok(live(set, all.clone()));
            }
            let mut urls: HashMap<Address, String> = read?.into_iter().collect();
            urls.extend(self.at.iter().map(|one| (one.key, one.url.clone())));
            let all: Vec<_> = sluice_client::quorum::members(set)
                .filter_map(|key| {
                    let url = urls.remove(key)?;
                    Some(Member { key: *key, url })
                })
                .collect();
            self.members.insert(*key, (now, all.clone()));
            all
        };
        Ok(live(set, all))
    }

    /// The providers that open jobs may name to be looked at; zero for anyone.
    fn open_to(&self, nodes: &[Own]) -> Vec<Address> {
        let mut named: Vec<_> = nodes.iter().map(|own| own.provider_key).collect();
        named.sort_unstable_by_key(Address::to_bytes);
        named.dedup();
        match self.open {
            config::OpenJobs::None => vec![],
            config::OpenJobs::Named => named,
            config::OpenJobs::Any => {
                named.push(Address::default());
                named
            }
        }
    }

    /// The nodes of these workers among those of the operator's providers.
    fn find_nodes<L: Ledger>(&self, chain: &Chain<L>) -> Result<Vec<(Address, Address)>> {
        let filters = [
            filter::provider_network(&chain.network),
            filter::provider_operator(&self.operator),
        ];
        let providers = chain.ledger.list::<Provider>(&filters)?;
        let all: Vec<_> = providers
            .iter()
            .flat_map(|(provider, _)| {
                let of_worker = |worker| (address::node(provider, worker), *provider);
                self.workers.iter().map(of_worker)
            })
            .collect();
        let keys: Vec<_> = all.iter().map(|(node, _)| *node).collect();
        let found = read_all::<Node, L>(chain, &keys)?;
        let found = all.into_iter().zip(found);
        Ok(found.filter_map(|(key, node)| node.map(|_| key)).collect())
    }

    fn read_nodes<L: Ledger>(&self, chain: &Chain<L>) -> Result<Vec<Own>> {
        let keys: Vec<_> = self.nodes.iter().map(|(node, _)| *node).collect();
        let nodes = read_all::<Node, L>(chain, &keys)?;
        let keys: Vec<_> = self.nodes.iter().map(|(_, provider)| *provider).collect();
        let providers = read_all::<Provider, L>(chain, &keys)?;
        let all = self.nodes.iter().zip(nodes.into_iter().zip(providers));
        Ok(all
            .filter_map(|((key, provider_key), (node, provider))| {
                Some(Own {
                    key: *key,
                    node: node?,
                    provider_key: *provider_key,
                    provider: provider?,
                })
            })
            .collect())
    }
}

/// Those that are live members of a set.
fn live(set: &AttesterSet, all: Vec<Member>) -> Vec<Member> {
    let is_live = |member: &Member| quorum::members(set).any(|key| *key == member.key);
    all.into_iter().filter(is_live).collect()
}

/// The accounts at these addresses, decoded; `None` where there is none of this type.
fn read_all<T: Pod + Discriminator, L: Ledger>(
    chain: &Chain<L>,
    keys: &[Address],
) -> Result<Vec<Option<T>>> {
    if keys.is_empty() {
        return Ok(vec![]);
    }
    let found = chain.ledger.accounts(keys)?;
    let decoded = keys.iter().zip(found).map(|(key, found)| {
        let found = found?;
        account::decode(key, &found).ok()
    });
    Ok(decoded.collect())
}
