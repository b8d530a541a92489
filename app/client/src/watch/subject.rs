//! What is watched: accounts by their address, and all accounts of a type that belong to one of them.

use {
    crate::{
        Ledger,
        account::{
            decode,
            filter::{self, Filter},
        },
        address,
        error::{ClientError, Result},
    },
    anchor_lang::Discriminator,
    sluice::state::{Job, Network, Node, Position, Provider, RewardPool, Share, StakePool},
    solana_account::Account,
    solana_address::Address,
};

/// What is named to be watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One job.
    Job,
    /// A provider, its stake pool, its nodes and the jobs that they took or that name it.
    Provider,
    /// A reward pool and its shares, or a stake pool and its positions.
    Pool,
    /// A network, its providers, jobs and reward pools.
    Network,
}

/// Everything that is watched.
pub struct Subject {
    /// The account that is named comes first; some of the others may not exist.
    pub accounts: Vec<Address>,
    /// What finds the accounts that belong to it.
    pub members: Vec<Vec<Filter>>,
    /// Decimals of what the members of a pool count in.
    pub decimals: u8,
}

impl Subject {
    /// What belongs to the account at `root`, which must be of the kind.
    pub fn of(ledger: &impl Ledger, kind: Kind, root: Address) -> Result<Self> {
        let mut subject = Self {
            accounts: vec![root],
            members: vec![],
            decimals: 0,
        };
        match kind {
            Kind::Job => {
                ledger.get::<Job>(&root)?;
            }
            Kind::Provider => {
                ledger.get::<Provider>(&root)?;
                subject.accounts.push(address::stake_pool(&root));
                subject.add::<Node>(filter::node_provider);
                subject.add::<Job>(filter::job_provider);
            }
            Kind::Network => {
                ledger.get::<Network>(&root)?;
                subject.add::<Provider>(filter::provider_network);
                subject.add::<Job>(filter::job_network);
                subject.add::<RewardPool>(filter::reward_pool_network);
            }
            Kind::Pool => subject.pool(ledger)?,
        }
        Ok(subject)
    }

    /// A reward pool's shares, or a stake pool's positions.
    fn pool(&mut self, ledger: &impl Ledger) -> Result<()> {
        let root = self.root();
        let found = ledger.account(&root)?;
        let found = found.ok_or(ClientError::NoAccount(root))?;
        if found.data.starts_with(StakePool::DISCRIMINATOR) {
            self.decimals = decode::<StakePool>(&root, &found)?.decimals;
            self.add::<Position>(filter::position_pool);
        } else {
            self.decimals = decode::<RewardPool>(&root, &found)?.decimals;
            self.add::<Share>(filter::share_pool);
        }
        Ok(())
    }

    /// Adds the accounts of a type that name the root.
    fn add<T: Discriminator>(&mut self, names: fn(&Address) -> Filter) {
        let of_type = (0, T::DISCRIMINATOR.to_vec());
        self.members.push(vec![of_type, names(&self.root())]);
    }

    /// The account that is named.
    pub fn root(&self) -> Address {
        self.accounts.first().copied().unwrap_or_default()
    }

    /// All of it as it is now; [`Member::read`](super::Member::read) decodes each.
    pub fn read(&self, ledger: &impl Ledger) -> Result<Vec<(Address, Account)>> {
        let mut all = vec![];
        let found = ledger.accounts(&self.accounts)?;
        for (address, account) in self.accounts.iter().zip(found) {
            all.extend(account.map(|account| (*address, account)));
        }
        for filters in &self.members {
            all.extend(ledger.program_accounts(filters)?);
        }
        Ok(all)
    }
}
