//! Reward pools, and jobs that bring work to them.

use {
    super::{JobHandle, NodeHandle, ProviderHandle, World},
    sluice_client::{
        Ledger, RewardPool, RewardTerms, address,
        instruction::{self as ix, NewRewardPool},
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

impl World {
    /// A job on `node` that is worth one base unit and can prove `units` in its only window.
    pub fn one_window_job(
        &mut self,
        set: &Address,
        provider: &ProviderHandle,
        node: &NodeHandle,
        units: u64,
    ) -> JobHandle {
        let mut terms = self.terms(set);
        (terms.price, terms.per, terms.cap) = (1, units, units);
        terms.max_length_secs = u64::from(terms.window_secs);
        self.active_job_with(provider, node, terms, |args| {
            args.length_secs = args.terms.max_length_secs;
            args.funds = 1;
        })
    }

    /// Ten epochs of 97 seconds from now on, with an awkward rate and nothing else that binds.
    pub fn reward_terms(&self) -> RewardTerms {
        RewardTerms {
            rate: 1_000_003,
            ceiling: u64::MAX,
            node_cap: u64::MAX,
            start_at: self.now(),
            end_at: self.now() + 970,
            epoch_secs: 97,
            reserve: [0; 4],
        }
    }

    /// The pool `id` of the reward mint, to be created by `creator`.
    pub fn new_reward_pool(&self, set: &Address, id: u64, terms: RewardTerms) -> NewRewardPool {
        NewRewardPool {
            network: self.network,
            set: *set,
            mint: self.reward_mint.address,
            token_program: self.reward_mint.token_program,
            id,
            terms,
            refund_owner: self.payer.pubkey(),
        }
    }

    /// Creates an empty reward pool.
    pub fn reward_pool(&mut self, creator: &Keypair, new: &NewRewardPool) -> Address {
        let create = ix::create_reward_pool(&self.payer.pubkey(), &creator.pubkey(), new);
        self.ok(&[create], &[creator]);
        address::reward_pool(&new.network, &creator.pubkey(), new.id)
    }

    /// The instruction that funds a reward pool from the associated account of `funder`.
    pub fn fund_ix(&self, funder: &Address, pool: &Address, amount: u64) -> Instruction {
        let state: RewardPool = self.chain.get(pool).unwrap();
        ix::fund_reward_pool(
            funder,
            pool,
            &state,
            &self.reward_mint.token_program,
            amount,
        )
    }

    /// Mints `amount` reward tokens and puts them into a pool.
    pub fn fund(&mut self, pool: &Address, amount: u64) {
        let (payer, mint) = (self.payer.pubkey(), self.reward_mint);
        self.mint_to(&payer, &mint, amount);
        let fund = self.fund_ix(&payer, pool, amount);
        self.ok(&[fund], &[]);
    }

    /// The instruction that joins a node of `provider` to a pool.
    pub fn join_ix(
        &self,
        pool: &Address,
        provider: &ProviderHandle,
        node: &NodeHandle,
    ) -> Instruction {
        ix::join_reward_pool(
            &self.payer.pubkey(),
            &provider.operator.pubkey(),
            pool,
            &self.chain.get(pool).unwrap(),
            &node.address,
            &self.node_state(node),
        )
    }
}
