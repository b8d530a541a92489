//! What is watched: accounts by their address, and all accounts of a kind that belong to one of them.

use {
    crate::{
        cmd::{job, network, node, provider, rewards, stake},
        failure::Result,
        output::Fields,
        session::Session,
    },
    anchor_lang::Discriminator,
    sluice_client::{
        ClientError, Job, Ledger, Network, Node, Position, Provider, RewardPool, Share, StakePool,
        account::{
            self,
            filter::{self, Filter},
        },
        address,
        view::stake::PoolView,
    },
    solana_account::Account,
    solana_address::Address,
};

/// What the command names.
#[derive(Clone, Copy)]
pub enum Kind {
    Job,
    Provider,
    Pool,
    Network,
}

/// Everything that is watched.
pub struct Subject {
    /// The account that is named comes first; some of the others may not exist.
    pub accounts: Vec<Address>,
    pub members: Vec<Vec<Filter>>,
    /// Decimals of what the members of a pool count in.
    decimals: u8,
}

impl Subject {
    /// What belongs to the account at `root`, which must be of the kind.
    pub fn of(session: &Session<impl Ledger>, kind: Kind, root: Address) -> Result<Self> {
        let mut subject = Self {
            accounts: vec![root],
            members: vec![],
            decimals: 0,
        };
        match kind {
            Kind::Job => {
                session.ledger.get::<Job>(&root)?;
            }
            Kind::Provider => {
                session.ledger.get::<Provider>(&root)?;
                subject.accounts.push(address::stake_pool(&root));
                subject.add::<Node>(filter::node_provider(&root));
                subject.add::<Job>(filter::job_provider(&root));
            }
            Kind::Network => {
                session.ledger.get::<Network>(&root)?;
                subject.add::<Provider>(filter::provider_network(&root));
                subject.add::<Job>(filter::job_network(&root));
                subject.add::<RewardPool>(filter::reward_pool_network(&root));
            }
            Kind::Pool => subject.pool(session)?,
        }
        Ok(subject)
    }

    /// A reward pool's shares, or a stake pool's positions.
    fn pool(&mut self, session: &Session<impl Ledger>) -> Result<()> {
        let root = self.root();
        let found = session.ledger.account(&root)?;
        let found = found.ok_or(ClientError::NoAccount(root))?;
        if found.data.starts_with(StakePool::DISCRIMINATOR) {
            self.decimals = account::decode::<StakePool>(&root, &found)?.decimals;
            self.add::<Position>(filter::position_pool(&root));
        } else {
            self.decimals = account::decode::<RewardPool>(&root, &found)?.decimals;
            self.add::<Share>(filter::share_pool(&root));
        }
        Ok(())
    }

    /// Adds the accounts of a type that match.
    fn add<T: Discriminator>(&mut self, filter: Filter) {
        self.members
            .push(vec![(0, T::DISCRIMINATOR.to_vec()), filter]);
    }

    /// The account that the command names.
    pub fn root(&self) -> Address {
        self.accounts.first().copied().unwrap_or_default()
    }

    /// All of it as it is now.
    pub fn read(&self, session: &Session<impl Ledger>) -> Result<Vec<(Address, Account)>> {
        let mut all = vec![];
        for address in &self.accounts {
            let found = session.ledger.account(address)?;
            all.extend(found.map(|account| (*address, account)));
        }
        for filters in &self.members {
            all.extend(session.ledger.program_accounts(filters)?);
        }
        Ok(all)
    }

    /// The name of an account's kind and its figures at `now`; `None` for a kind that is not watched.
    pub fn figures(
        &self,
        session: &Session<impl Ledger>,
        address: &Address,
        found: &Account,
        now: i64,
    ) -> Result<Option<(&'static str, Fields)>> {
        let is = |discriminator: &[u8]| found.data.starts_with(discriminator);
        Ok(Some(if is(Job::DISCRIMINATOR) {
            let job = account::decode(address, found)?;
            ("job", job::show::figures(session, address, job, now)?)
        } else if is(Provider::DISCRIMINATOR) {
            let provider = account::decode(address, found)?;
            ("provider", provider::figures(address, &provider, now))
        } else if is(Node::DISCRIMINATOR) {
            let node = account::decode(address, found)?;
            ("node", node::figures(address, &node))
        } else if is(Network::DISCRIMINATOR) {
            let network = account::decode(address, found)?;
            let figures = network::show::figures(session, address, &network, now)?;
            ("network", figures)
        } else if is(RewardPool::DISCRIMINATOR) {
            let pool = account::decode(address, found)?;
            ("reward pool", rewards::show::figures(address, &pool, now))
        } else if is(Share::DISCRIMINATOR) {
            (
                "share",
                share(&account::decode(address, found)?, self.decimals),
            )
        } else if is(StakePool::DISCRIMINATOR) {
            let pool = account::decode(address, found)?;
            let view = PoolView::of(&pool, now).ok_or_else(|| job::inconsistent(address)(()))?;
            ("stake pool", stake::pool::summary(address, &pool, &view))
        } else if is(Position::DISCRIMINATOR) {
            ("position", position(&account::decode(address, found)?))
        } else {
            return Ok(None);
        }))
    }
}

/// What a share has reported, folded and been paid.
fn share(share: &Share, decimals: u8) -> Fields {
    Fields::new()
        .with("node", share.node)
        .with("payee", share.payee)
        .with("units_seen", share.seen)
        .tokens("folded", share.earned, decimals)
        .tokens("claimed", share.claimed, decimals)
        .tokens("delegators_folded", share.delegators_earned, decimals)
        .tokens("delegators_paid", share.delegators_claimed, decimals)
}

/// A position's shares.
fn position(position: &Position) -> Fields {
    Fields::new()
        .with("staker", position.staker)
        .with("shares", position.shares)
        .with("thawing_shares", position.thawing)
        .with("tickets", position.tickets)
}
