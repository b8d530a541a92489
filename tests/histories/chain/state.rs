//! What the chain holds.

use {
    super::Chain,
    crate::{
        books::Books,
        step::{Cast, Step},
    },
    sluice_client::{Epoch, Ledger, RewardPool, Share, address},
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

impl Chain {
    /// Base units in the accounts that a step pays.
    pub(super) fn held(&self, place: usize, step: Step) -> u64 {
        let mint = &self.mints[place];
        let owner = |node: usize| &self.providers[self.owners[node]];
        match step {
            Step::Claim { node, .. } => self.world.tokens(&owner(node).owner.pubkey(), mint),
            Step::PayDelegators { node, .. } => {
                let dividends = self.world.dividend_vault(&owner(node).pool);
                dividends + self.world.tokens(&owner(node).owner.pubkey(), mint)
            }
            Step::Return { .. } | Step::ClosePool { .. } => {
                self.world.tokens(&self.world.payer.pubkey(), mint)
            }
            _ => 0,
        }
    }

    /// The owner of a provider.
    pub fn owner_of(&self, provider: usize) -> Keypair {
        self.providers[provider].owner.insecure_clone()
    }

    /// The stake pool of a provider.
    pub fn stake_pool_of(&self, provider: usize) -> Address {
        self.providers[provider].pool
    }

    pub(super) fn pool(&self, place: usize) -> Option<RewardPool> {
        self.world.chain.get(&self.pools[place]).ok()
    }

    pub(super) fn share(&self, place: usize, node: usize) -> Option<Share> {
        let share = address::share(&self.pools[place], &self.nodes[node].address);
        self.world.chain.get(&share).ok()
    }

    pub(super) fn epoch(&self, place: usize, index: u64) -> Option<Epoch> {
        self.world
            .chain
            .get(&address::epoch(&self.pools[place], index))
            .ok()
    }

    /// The accounts as they are, as books.
    pub fn books(&self, cast: &Cast) -> Books {
        let mut books = Books::new(cast);
        for (place, book) in books.pools.iter_mut().enumerate() {
            let Some(pool) = self.pool(place) else {
                book.gone = true;
                continue;
            };
            let vault = self.world.vault(&self.pools[place]);
            assert_eq!(vault, pool.funded - pool.claimed - pool.returned);
            book.pool = pool;
            let nodes = 0..self.nodes.len();
            book.shares = nodes
                .filter_map(|node| Some((node, self.share(place, node)?)))
                .collect();
            let epochs = 0..=pool.epoch_at(self.world.now()).unwrap_or(0);
            book.epochs = epochs
                .filter_map(|index| Some((index, self.epoch(place, index)?)))
                .collect();
        }
        let mut mints = self.mints.clone();
        mints.dedup_by_key(|mint| mint.address);
        for (place, provider) in self.providers.iter().enumerate() {
            let owner = provider.owner.pubkey();
            let held = mints
                .iter()
                .map(|mint| u128::from(self.world.tokens(&owner, mint)));
            books.purses[place] = held.sum();
            books.stakes[place] = self.world.stake_pool(&provider.pool);
            let dividends = self.world.dividend_vault(&provider.pool);
            assert_eq!(dividends, books.stakes[place].dividend_total_in);
        }
        books
    }

    /// Nothing of any pool is left.
    pub fn is_empty(&self) {
        for (place, pool) in self.pools.iter().enumerate() {
            assert!(self.world.is_gone(pool));
            assert!(self.world.is_gone(&address::vault(pool)));
            assert!((0..self.nodes.len()).all(|node| self.share(place, node).is_none()));
            assert!((0..100).all(|index| self.epoch(place, index).is_none()));
        }
    }
}
