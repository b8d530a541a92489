//! Attesters, provider and rewards.

use {
    super::Founding,
    crate::plan,
    anyhow::Result,
    sluice_client::{
        Ledger, Node, RewardPool, address,
        instruction::{self as ix, NewRewardPool},
    },
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

impl Founding<'_> {
    /// Registers, stakes and enters the attesters.
    pub(super) fn attesters(&mut self) -> Result<()> {
        let world = self.world;
        let owner = &world.cast.attester_owner;
        for (key, subject) in world.cast.attesters.iter().zip(&world.attesters) {
            let register = ix::register_attester(
                &owner.pubkey(),
                &owner.pubkey(),
                &key.pubkey(),
                &world.network,
            );
            self.send("register_attester", &[register], owner, &[key])?;
            self.stake(owner, subject, plan::ATTESTER_STAKE)?;
        }
        let admin = &world.cast.admin;
        let create = ix::create_attester_set(&admin.pubkey(), &world.network, world.set_args);
        self.send("create_attester_set", &[create], admin, &[])?;
        for (index, key) in (0..).zip(&world.cast.attesters) {
            let (owner_key, key) = (owner.pubkey(), key.pubkey());
            let enter = ix::enter_attester_set(&owner_key, &world.network, &world.set, &key, index);
            self.send("enter_attester_set", &[enter], owner, &[])?;
        }
        Ok(())
    }

    /// Registers the provider, its stake and its node.
    pub(super) fn provider(&mut self) -> Result<()> {
        let world = self.world;
        let (owner, worker) = (&world.cast.provider, &world.cast.worker);
        let (key, operator) = (owner.pubkey(), world.cast.operator.pubkey());
        let register = ix::register_provider(&key, &key, &operator, &world.network);
        self.send("register_provider", &[register], owner, &[])?;
        self.stake(owner, &world.provider, plan::PROVIDER_STAKE)?;
        let register = ix::register_node(
            &key,
            &key,
            &worker.pubkey(),
            &world.network,
            &world.set,
            plan::node(),
        );
        self.send("register_node", &[register], owner, &[worker])
    }

    /// Creates and funds the reward pool and joins the node.
    pub(super) fn rewards(&mut self) -> Result<()> {
        let world = self.world;
        let (funder, pool_key) = (&world.cast.funder, &world.reward_pool);
        let (key, token_program) = (funder.pubkey(), &world.reward.token_program);
        let new = NewRewardPool {
            network: world.network,
            set: world.set,
            mint: world.reward.address,
            token_program: *token_program,
            id: plan::POOL_ID,
            terms: plan::rewards(self.ledger.clock()?.unix_timestamp),
            refund_owner: key,
        };
        let create = ix::create_reward_pool(&key, &key, &new);
        self.send("create_reward_pool", &[create], funder, &[])?;
        let pool: RewardPool = self.ledger.get(pool_key)?;
        let fund = ix::fund_reward_pool(&key, pool_key, &pool, token_program, plan::POOL_FUNDS);
        self.send("fund_reward_pool", &[fund], funder, &[])?;
        let node: Node = self.ledger.get(&world.node)?;
        let operator = &world.cast.operator;
        let signer = operator.pubkey();
        let join = ix::join_reward_pool(&signer, &signer, pool_key, &pool, &world.node, &node);
        self.send("join_reward_pool", &[join], operator, &[])
    }

    /// Opens the stake pool behind `subject` and stakes.
    fn stake(&mut self, owner: &Keypair, subject: &Address, amount: u64) -> Result<()> {
        let (network, mint) = (&self.world.network, &self.world.stake);
        let (key, pool) = (owner.pubkey(), address::stake_pool(subject));
        let (mint, program) = (&mint.address, &mint.token_program);
        let steps = [
            ix::create_stake_pool(&key, network, subject, mint, program),
            ix::stake(&key, &key, network, &pool, mint, program, amount),
        ];
        self.send("stake", &steps, owner, &[])
    }
}
