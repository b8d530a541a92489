//! The provider with its stake and its node, which no manifest names.

use {
    super::Founding,
    crate::{plan, world::World},
    anyhow::Result,
    sluice_client::{Ledger, Node, RewardPool, address, instruction as ix},
    solana_signer::Signer,
};

impl Founding {
    /// Registers the provider, its stake and its node.
    pub(super) fn provider(&mut self, world: &World) -> Result<()> {
        let (owner, worker) = (&world.cast.provider, &world.cast.worker);
        let (key, operator) = (owner.pubkey(), world.cast.operator.pubkey());
        let (network, subject) = (&world.network, &world.provider);
        let register = ix::register_provider(&key, &key, &operator, network);
        self.send("register_provider", &[register], owner, &[])?;
        let pool = address::stake_pool(subject);
        let (mint, program) = (&world.stake.address, &world.stake.token_program);
        let amount = plan::PROVIDER_STAKE;
        let steps = [
            ix::create_stake_pool(&key, network, subject, mint, program),
            ix::stake(&key, &key, network, &pool, mint, program, amount),
        ];
        self.send("stake", &steps, owner, &[])?;
        let worker_key = worker.pubkey();
        let register =
            ix::register_node(&key, &key, &worker_key, network, &world.set, plan::node()?);
        self.send("register_node", &[register], owner, &[worker])
    }

    /// Joins the node to the reward pool.
    pub(super) fn join(&mut self, world: &World) -> Result<()> {
        let pool: RewardPool = self.ledger.get(&world.reward_pool)?;
        let node: Node = self.ledger.get(&world.node)?;
        let operator = &world.cast.operator;
        let (signer, key) = (operator.pubkey(), &world.reward_pool);
        let join = ix::join_reward_pool(&signer, &signer, key, &pool, &world.node, &node);
        self.send("join_reward_pool", &[join], operator, &[])
    }
}
