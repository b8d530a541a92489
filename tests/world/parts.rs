//! The parts of a stage's rewards: what delegators get of them, and what is left when the pool has ended.

use {
    super::{Earner, Stage, World},
    sluice_client::{Epoch, Ledger, Provider, StakePool, instruction as ix},
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
    solana_keypair::Keypair,
    solana_sdk_ids::compute_budget,
    solana_signer::Signer,
};

impl Stage {
    /// Puts a commission in force at once, without its announcement.
    pub fn commission(&mut self, earner: usize, bps: u16) {
        let provider = self.provider(earner);
        self.world.edit(&provider, |provider: &mut Provider| {
            (provider.commission_bps, provider.commission_at) = (bps, 0);
        });
    }

    /// One earner with these units at this commission whose stream begins, and whose stake pool takes dividends.
    pub fn sharing(units: u64, bps: u16) -> Self {
        let mut stage = Self::ready(&[&[units]], |_| ());
        stage.commission(0, bps);
        stage.open_dividends(0);
        stage.work(0, 0);
        stage.enter(2);
        stage
    }

    /// The stake pool behind an earner's provider.
    pub fn stake_pool(&self, earner: usize) -> Address {
        self.earners[earner].provider.pool
    }

    /// Opens the dividend vault of an earner's stake pool.
    pub fn open_dividends(&mut self, earner: usize) {
        let (payer, pool) = (self.world.payer.pubkey(), self.stake_pool(earner));
        let open = self.world.dividends_ix(&payer, &pool, 0);
        self.world.ok(&[open], &[]);
    }

    /// Dividends in the stake pool of an earner's provider, base units.
    pub fn dividends(&self, earner: usize) -> u64 {
        self.world.dividend_vault(&self.stake_pool(earner))
    }

    /// The instruction that gives an earner's delegators what has streamed to them by now.
    pub fn pay_ix(&self, earner: usize) -> Instruction {
        let stake = self.world.chain.get(&self.stake_pool(earner)).ok();
        let (pool, share, now) = (self.pool(), self.share(earner), self.world.now());
        let program = &self.world.reward_mint.token_program;
        ix::pay_delegators(&self.pool, &pool, &share, stake.as_ref(), now, program)
    }

    /// Pays an earner's delegators and returns what their vault holds by then.
    #[track_caller]
    pub fn pay(&mut self, earner: usize) -> u64 {
        let pay = self.pay_ix(earner);
        self.world.ok(&[pay], &[]);
        self.dividends(earner)
    }

    /// Releases an earner's jobs and begins to take its owner's stake out; returns the ticket's address.
    pub fn thaw_stake(&mut self, earner: usize) -> Address {
        let pool = self.stake_pool(earner);
        let owner = self.release_jobs(earner);
        let shares = self.world.position(&pool, &owner.pubkey()).shares;
        self.world.thaw(&owner, &pool, shares, 1)
    }

    /// The same when the unbonding time has passed, but now: it would outlast the stage.
    pub fn withdraw_stake(&mut self, earner: usize) {
        self.thaw_stake(earner);
        let pool = self.stake_pool(earner);
        self.world.edit(&pool, |pool: &mut StakePool| {
            (pool.thawing_shares, pool.tokens) = (0, 0);
        });
    }

    /// Releases an earner's jobs; returns the provider's owner.
    pub fn release_jobs(&mut self, earner: usize) -> Keypair {
        let Earner { provider, jobs, .. } = &self.earners[earner];
        for job in jobs {
            let release = ix::release_job(&job.address, &self.world.job(&job.address));
            self.world.ok(&[release], &[]);
        }
        provider.owner.insecure_clone()
    }

    /// Releases an earner's jobs and closes its node; returns the provider's owner.
    pub fn close_node(&mut self, earner: usize) -> Keypair {
        let owner = self.release_jobs(earner);
        let node = &self.earners[earner].node;
        let state = self.world.node_state(node);
        let close = ix::close_node(&owner.pubkey(), &node.address, &state);
        self.world.ok(&[close], &[&owner]);
        owner
    }

    /// When the last epoch that counts work is over.
    pub fn ends(&self) -> i64 {
        let epoch = i64::from(self.terms.epoch_secs);
        let length = self.terms.end_at - self.terms.start_at;
        self.terms.start_at + (length + epoch - 1) / epoch * epoch
    }

    /// Moves to the first second in which the pool has ended.
    pub fn end(&mut self) {
        self.world.chain.set_time(self.ends());
    }

    /// The instruction that returns what is unallocated.
    pub fn return_ix(&self) -> Instruction {
        let program = &self.world.reward_mint.token_program;
        ix::return_unallocated(&self.pool, &self.pool(), program)
    }

    /// The instruction by which `signer` closes an earner's share.
    pub fn close_share_ix(&self, earner: usize, signer: &Address) -> Instruction {
        ix::close_share(signer, &self.share(earner))
    }

    /// Closes an earner's share after the end, as anybody may.
    #[track_caller]
    pub fn close_share(&mut self, earner: usize) {
        let close = self.close_share_ix(earner, &self.world.payer.pubkey());
        self.world.ok(&[close], &[]);
    }

    /// The instruction that closes the pool.
    pub fn close_pool_ix(&self) -> Instruction {
        let program = &self.world.reward_mint.token_program;
        ix::close_reward_pool(&self.pool, &self.pool(), program)
    }

    /// Closes an epoch.
    #[track_caller]
    pub fn close_epoch(&mut self, index: u64) {
        let close = ix::close_epoch(&self.epoch(index));
        self.world.ok(&[close], &[]);
    }

    /// Lamports at an address.
    pub fn lamports(&self, address: &Address) -> u64 {
        let account = self.world.chain.account(address).unwrap();
        account.map_or(0, |account| account.lamports)
    }

    /// Asserts that every base unit ever funded is claimed, claimable, unallocated, reserved or returned, and in the vault if it
    /// has not left.
    #[track_caller]
    pub fn balanced(&self) {
        let pool = self.pool();
        let own = (8, self.pool.to_bytes().to_vec());
        let epochs = self.world.chain.list::<Epoch>(&[own]).unwrap();
        assert_eq!(epochs.len() as u64, pool.epochs);
        let reserved: u64 = epochs
            .iter()
            .map(|(_, epoch)| pool.terms.rate - epoch.allocated)
            .sum();
        // Claims ahead of folds draw on what open epochs reserve.
        let held = u128::from(pool.earned) + u128::from(reserved) + u128::from(pool.unallocated);
        assert_eq!(held + u128::from(pool.returned), u128::from(pool.funded));
        let left = pool.funded - pool.claimed - pool.returned;
        assert_eq!(self.world.vault(&self.pool), left);
    }
}

/// The three compute-budget instructions that a wallet may add: limit, price and loaded data.
pub fn budget() -> [Instruction; 3] {
    let data = [
        [&[2][..], &1_400_000_u32.to_le_bytes()].concat(),
        [&[3][..], &1_u64.to_le_bytes()].concat(),
        [&[4][..], &1_000_000_u32.to_le_bytes()].concat(),
    ];
    data.map(|data| Instruction {
        program_id: compute_budget::ID,
        accounts: Vec::<AccountMeta>::new(),
        data,
    })
}

impl World {
    /// Bytes of the transaction that the world's payer signs alone, with the three compute-budget instructions.
    pub fn bytes_with_budget(&self, instructions: &[Instruction]) -> usize {
        let all = [&budget()[..], instructions].concat();
        let message = solana_message::Message::new(&all, Some(&self.payer.pubkey()));
        1 + 64 * usize::from(message.header.num_required_signatures) + message.serialize().len()
    }
}
