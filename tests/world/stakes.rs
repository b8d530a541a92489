//! Stakers, dividends and slashes.

use {
    super::{DAY, ProviderHandle, Site, TOKEN, World},
    sluice::state::{Challenge, Ruling},
    sluice_client::{
        Ledger, Position, StakePool, Unstake, address,
        instruction::{self as ix, token::Mint},
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

impl World {
    /// A stranger with a stake of `amount` base units in `pool` and an account for its dividends.
    pub fn delegate(&mut self, pool: &Address, amount: u64) -> Keypair {
        let (staker, dividends) = (self.party(), self.reward_mint);
        self.open_account(&staker.pubkey(), &dividends);
        self.add_stake(&staker, pool, amount);
        staker
    }

    /// Mints `amount` base units of stake and adds them to a position.
    pub fn add_stake(&mut self, staker: &Keypair, pool: &Address, amount: u64) {
        let mint = self.stake_mint;
        self.mint_to(&staker.pubkey(), &mint, amount);
        let stake = self.stake_ix(&staker.pubkey(), pool, amount);
        self.ok(&[stake], &[staker]);
    }

    /// The instruction by which `staker` stakes `amount` in `pool`.
    pub fn stake_ix(&self, staker: &Address, pool: &Address, amount: u64) -> Instruction {
        let Mint {
            address,
            token_program,
            ..
        } = self.stake_mint;
        ix::stake(
            &self.payer.pubkey(),
            staker,
            &self.network,
            pool,
            &address,
            &token_program,
            amount,
        )
    }

    /// The instruction by which `staker` moves `shares` into ticket `nonce`.
    pub fn unstake_ix(
        &self,
        staker: &Address,
        pool: &Address,
        shares: u64,
        nonce: u64,
    ) -> Instruction {
        ix::unstake(
            &self.payer.pubkey(),
            staker,
            &self.network,
            pool,
            shares,
            nonce,
        )
    }

    /// Moves `shares` into ticket `nonce` and returns its address.
    #[track_caller]
    pub fn thaw(&mut self, staker: &Keypair, pool: &Address, shares: u64, nonce: u64) -> Address {
        let unstake = self.unstake_ix(&staker.pubkey(), pool, shares, nonce);
        self.ok(&[unstake], &[staker]);
        address::unstake(&address::position(pool, &staker.pubkey()), nonce)
    }

    /// The instruction that pays a ticket.
    pub fn withdraw_ix(&self, ticket: &Address) -> Instruction {
        let ticket: Unstake = self.chain.get(ticket).unwrap();
        let pool = self.stake_pool(&ticket.pool);
        ix::withdraw(&pool, &ticket, &self.stake_mint.token_program)
    }

    /// Pays a ticket and returns what arrived.
    #[track_caller]
    pub fn withdraw(&mut self, ticket: &Address) -> u64 {
        let Unstake { staker, .. } = self.chain.get(ticket).unwrap();
        let before = self.tokens(&staker, &self.stake_mint);
        let withdraw = self.withdraw_ix(ticket);
        self.ok(&[withdraw], &[]);
        self.tokens(&staker, &self.stake_mint) - before
    }

    /// The instruction that makes a ticket's shares active again.
    pub fn cancel_unstake_ix(&self, ticket: &Address) -> Instruction {
        ix::cancel_unstake(&self.chain.get(ticket).unwrap())
    }

    /// The instruction that closes a position.
    pub fn close_position_ix(&self, pool: &Address, staker: &Address) -> Instruction {
        ix::close_position(&self.position(pool, staker))
    }

    /// Takes everything a staker has out of a pool, waits for it, and closes the position.
    #[track_caller]
    pub fn leave_pool(&mut self, staker: &Keypair, pool: &Address) {
        let owner = staker.pubkey();
        let shares = self.position(pool, &owner).shares;
        if shares > 0 {
            let ticket = self.thaw(staker, pool, shares, u64::MAX);
            self.advance(i64::from(7 * DAY));
            self.withdraw(&ticket);
        }
        if self.position(pool, &owner).dividend_due > 0 {
            self.claim_dividends(pool, &owner);
        }
        self.chain.advance_slot(1);
        let close = self.close_position_ix(pool, &owner);
        self.ok(&[close], &[staker]);
    }

    /// A provider whose owner has left its stake pool: nothing hangs on it any more.
    pub fn left_provider(&mut self) -> ProviderHandle {
        let provider = self.provider();
        self.leave_pool(&provider.owner, &provider.pool);
        provider
    }

    /// The instruction by which `giver` adds dividends.
    pub fn dividends_ix(&self, giver: &Address, pool: &Address, amount: u64) -> Instruction {
        let (network, mint) = (&self.network, self.reward_mint);
        ix::add_dividends(
            &self.payer.pubkey(),
            giver,
            pool,
            network,
            &mint.address,
            &mint.token_program,
            amount,
        )
    }

    /// Mints `amount` of the dividend mint, gives it to a pool and waits until all of it has streamed.
    #[track_caller]
    pub fn dividends(&mut self, pool: &Address, amount: u64) {
        self.give_dividends(pool, amount);
        self.advance(i64::from(2 * DAY));
    }

    /// Mints `amount` of the dividend mint and gives it to a pool, where it waits for the next period.
    #[track_caller]
    pub fn give_dividends(&mut self, pool: &Address, amount: u64) {
        let (giver, mint) = (self.payer.pubkey(), self.reward_mint);
        self.mint_to(&giver, &mint, amount);
        let add = self.dividends_ix(&giver, pool, amount);
        self.ok(&[add], &[]);
    }

    /// Waits for the second `into` of the next period of dividends.
    pub fn next_period(&mut self, into: i64) {
        let period = i64::from(DAY);
        let starts = (self.now() / period + 1) * period;
        self.chain.set_time(starts + into);
    }

    /// A pool as whoever touches it next leaves it: what has streamed is divided.
    pub fn settled_pool(&self, pool: &Address) -> StakePool {
        let mut pool = self.stake_pool(pool);
        pool.settle_dividends(self.now()).unwrap();
        pool
    }

    /// The instruction that pays a staker's dividends.
    pub fn claim_dividends_ix(&self, pool: &Address, staker: &Address) -> Instruction {
        let mint = self.reward_mint;
        ix::claim_dividends(
            &self.position(pool, staker),
            &mint.address,
            &mint.token_program,
        )
    }

    /// Pays a staker's dividends and returns what arrived.
    #[track_caller]
    pub fn claim_dividends(&mut self, pool: &Address, staker: &Address) -> u64 {
        let before = self.tokens(staker, &self.reward_mint);
        let claim = self.claim_dividends_ix(pool, staker);
        self.ok(&[claim], &[]);
        self.tokens(staker, &self.reward_mint) - before
    }

    /// Slashes a pool as a ruling does, without the ruling.
    pub fn slash(&mut self, pool: &Address, amount: u64) {
        self.edit(pool, |pool: &mut StakePool| {
            pool.tokens -= amount;
            pool.to_burn += amount;
            pool.slashed += amount;
        });
    }

    /// The instruction that burns what was slashed.
    pub fn burn_ix(&self, pool: &Address) -> Instruction {
        ix::burn_slashed(pool, &self.stake_pool(pool), &self.stake_mint.token_program)
    }

    /// The instruction by which a pool's owner closes its dividend vault, or else the pool.
    pub fn close_pool_ix(&self, pool: &Address) -> Instruction {
        let (state, stakes, dividends) = (self.stake_pool(pool), self.stake_mint, self.reward_mint);
        let mint = match state.dividend_vault == Address::default() {
            true => stakes,
            false => dividends,
        };
        ix::close_stake_pool(&state, &mint.address, &mint.token_program)
    }

    /// The stake pool account.
    pub fn stake_pool(&self, pool: &Address) -> StakePool {
        self.chain.get(pool).unwrap()
    }

    /// The position of `staker`.
    pub fn position(&self, pool: &Address, staker: &Address) -> Position {
        self.chain.get(&address::position(pool, staker)).unwrap()
    }

    /// Base units in a pool's dividend vault.
    pub fn dividend_vault(&self, pool: &Address) -> u64 {
        self.chain.token_balance(&address::dividends(pool)).unwrap()
    }

    /// Base units of a mint that exist.
    pub fn supply(&self, mint: &Mint) -> u64 {
        let data = self.chain.account(&mint.address).unwrap().unwrap().data;
        u64::from_le_bytes(data[36..44].try_into().unwrap())
    }

    /// True when there is no account at `address`.
    pub fn is_gone(&self, address: &Address) -> bool {
        self.chain.account(address).unwrap().is_none()
    }
}

impl Site {
    /// Challenges a proven window of the job as a stranger; returns the challenge.
    #[track_caller]
    pub fn object(&mut self, window: u32) -> Address {
        let (challenger, mint) = (self.world.party(), self.world.stake_mint);
        let state = self.state();
        self.world.mint_to(
            &challenger.pubkey(),
            &mint,
            state.terms.challenge_bond.max(TOKEN),
        );
        let open = ix::challenge(
            &self.world.payer.pubkey(),
            &challenger.pubkey(),
            &self.job.address,
            &state,
            &mint.address,
            &mint.token_program,
            window,
            (1, [1; 32]),
        );
        self.world.ok(&[open], &[&challenger]);
        address::challenge(&self.job.address, state.incarnation, window)
    }

    /// Rules a challenge void, as early as that can be, and slashes `amount` of the job's bond.
    #[track_caller]
    pub fn rule_void(&mut self, challenge: &Address, amount: u64) {
        let state: Challenge = self.world.chain.get(challenge).unwrap();
        self.world.chain.set_time(state.rule_from);
        let ruling = Ruling {
            void: 1,
            signers_lied: 0,
            reason: 1,
            slash: amount,
            evidence: [2; 32],
        };
        let rule = ix::rule_challenge(&self.world.payer.pubkey(), &state, ruling);
        self.world.ok(&[rule], &[]);
    }

    /// Proves window 0, challenges it, and slashes `amount` of the provider's stake for it.
    #[track_caller]
    pub fn slash(&mut self, amount: u64) {
        self.at(i64::from(self.state().terms.window_secs));
        self.prove(0, 10);
        let challenge = self.object(0);
        self.rule_void(&challenge, amount);
    }
}
