//! Which shares a command is about.

use {
    crate::{
        cmd::job::inconsistent,
        failure::{Failure, Result},
        session::Session,
    },
    clap::{ArgGroup, Args},
    sluice_client::{
        Epoch, Ledger, RewardPool, Share, StakePool, account::filter, address,
        due::rewards::ShareAccounts, instruction::token::Mint, view::rewards::ShareView,
    },
    solana_address::Address,
    std::collections::{BTreeMap, BTreeSet},
};

#[derive(Args, Debug)]
#[command(
    group = ArgGroup::new("pools").required(true).multiple(true).args(["pool", "all"])
)]
pub struct Which {
    /// Address of the reward pool; every pool where only --all is given.
    pool: Option<Address>,
    /// Address of a node; may be given many times. By default the nodes whose rewards are the signer's.
    #[arg(long, value_name = "ADDRESS", conflicts_with = "all")]
    node: Vec<Address>,
    /// Every share of the pool, of --owner, or of both; without either, the signer's in every pool.
    #[arg(long)]
    all: bool,
    /// Owner of a provider, with --all.
    #[arg(long, value_name = "KEY", requires = "all")]
    owner: Option<Address>,
}

/// A share with its pool, and what it has coming.
#[derive(Clone)]
pub struct Found {
    pub pool_key: Address,
    pub pool: RewardPool,
    pub mint: Mint,
    pub share: Share,
    pub view: ShareView,
}

impl Found {
    /// What the share's steps are built from, with the stake pool of its provider.
    pub const fn accounts<'a>(&'a self, stake: Option<&'a StakePool>) -> ShareAccounts<'a> {
        ShareAccounts {
            pool_key: &self.pool_key,
            pool: &self.pool,
            share: &self.share,
            stake,
            token_program: &self.mint.token_program,
        }
    }
}

impl Which {
    /// Every share of `pool`.
    pub const fn of_pool(pool: Address) -> Self {
        Self {
            pool: Some(pool),
            node: vec![],
            all: true,
            owner: None,
        }
    }

    /// The shares, in the order given or by pool and node, of which there must be one.
    pub fn find(&self, session: &Session<impl Ledger>) -> Result<Vec<Found>> {
        let found = self.all(session)?;
        if !found.is_empty() {
            return Ok(found);
        }
        Err(match (&self.pool, self.all) {
            (Some(pool), false) => {
                let key = session.own_key()?;
                Failure::input(format!(
                    "the key {key} is paid for no node in the pool {pool}: give nodes with --node, or --all"
                ))
            }
            _ => Failure::input("there is no such share"),
        })
    }

    /// The shares, in the order given or by pool and node.
    pub fn all(&self, session: &Session<impl Ledger>) -> Result<Vec<Found>> {
        let now = session.now()?;
        let mut pools = BTreeMap::new();
        let shares = self.shares(session)?;
        gather(session, &shares)?;
        shares
            .into_iter()
            .map(|(key, share)| {
                let (pool, mint) = match pools.get(&share.pool.to_bytes()) {
                    Some(known) => *known,
                    None => {
                        let pool: RewardPool = session.ledger.get(&share.pool)?;
                        let read = (pool, session.mint(&pool.mint)?);
                        pools.insert(share.pool.to_bytes(), read);
                        read
                    }
                };
                Ok(Found {
                    pool_key: share.pool,
                    view: view(session, &pool, &key, &share, now)?,
                    pool,
                    mint,
                    share,
                })
            })
            .collect()
    }

    fn shares(&self, session: &Session<impl Ledger>) -> Result<Vec<(Address, Share)>> {
        if let (Some(pool), [_, ..]) = (&self.pool, self.node.as_slice()) {
            let keys = self.node.iter().map(|node| address::share(pool, node));
            let mint = session.ledger.get(pool).map(|pool: RewardPool| pool.mint);
            session.ledger.gather(keys.chain(mint.ok()))?;
            let nodes = self.node.iter().map(|node| {
                let key = address::share(pool, node);
                Ok((key, session.ledger.get::<Share>(&key)?))
            });
            return nodes.collect();
        }
        let owner = match (self.owner, self.pool) {
            (None, Some(_)) if self.all => None,
            (None, _) => Some(session.own_key_or("give nodes with --node, or --all")?),
            (owner, _) => owner,
        };
        let filters: Vec<_> = [
            self.pool.as_ref().map(filter::share_pool),
            owner.as_ref().map(filter::share_payee),
        ]
        .into_iter()
        .flatten()
        .collect();
        let mut shares = session.ledger.list::<Share>(&filters)?;
        shares.sort_by_key(|(_, share)| (share.pool.to_bytes(), share.node.to_bytes()));
        Ok(shares)
    }
}

/// Reads in batches what [`Which::all`] looks at for each of these shares.
fn gather(session: &Session<impl Ledger>, shares: &[(Address, Share)]) -> Result<()> {
    let ledger = &session.ledger;
    let pools: BTreeSet<Address> = shares.iter().map(|(_, share)| share.pool).collect();
    let epochs = shares.iter().flat_map(|(_, share)| {
        let open = share.slots.iter().filter_map(|slot| slot.epoch());
        open.map(|index| address::epoch(&share.pool, index))
    });
    ledger.gather(pools.iter().copied().chain(epochs))?;
    let mut mints = vec![];
    for pool in &pools {
        mints.push(ledger.get::<RewardPool>(pool)?.mint);
    }
    Ok(ledger.gather(mints)?)
}

/// What a share has coming at `now`.
pub fn view(
    session: &Session<impl Ledger>,
    pool: &RewardPool,
    key: &Address,
    share: &Share,
    now: i64,
) -> Result<ShareView> {
    let open = share.slots.iter().filter_map(|slot| slot.epoch());
    let keys = open.map(|index| address::epoch(&share.pool, index));
    session.ledger.gather(keys)?;
    let mut epochs = BTreeMap::new();
    for index in share.slots.iter().filter_map(|slot| slot.epoch()) {
        let epoch: Epoch = session.ledger.get(&address::epoch(&share.pool, index))?;
        epochs.insert(index, epoch);
    }
    ShareView::of(pool, share, now, |index| epochs.get(&index).copied())
        .ok_or_else(|| inconsistent(key)(()).into())
}
