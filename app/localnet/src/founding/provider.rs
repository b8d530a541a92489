//! Providers with their stake and their nodes, which no manifest names.

use {
    super::Founding,
    crate::{plan, world::World},
    anyhow::Result,
    sluice_client::{
        Ledger, Node, RewardPool, address,
        instruction::{self as ix, token::Mint},
    },
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// A provider to be registered.
pub(crate) struct Registration<'a> {
    /// The network.
    pub network: &'a Address,
    /// The set of its nodes.
    pub set: &'a Address,
    /// What is staked.
    pub stake: Mint,
    /// Owns it, and holds the stake.
    pub owner: &'a Keypair,
    /// Operates it.
    pub operator: Address,
    /// The keys of its nodes.
    pub workers: &'a [&'a Keypair],
    /// Slots of each.
    pub slots: u16,
}

impl Founding {
    /// Registers the providers, their stake and their nodes.
    pub(super) fn providers(&mut self, world: &World) -> Result<()> {
        let cast = &world.cast;
        let first = Registration {
            network: &world.network,
            set: &world.set,
            stake: world.stake,
            owner: &cast.provider,
            operator: cast.operator.pubkey(),
            workers: &[&cast.worker],
            slots: plan::SLOTS,
        };
        self.provider(&first)?;
        let Some(second) = &cast.second else {
            return Ok(());
        };
        self.provider(&Registration {
            owner: &second.owner,
            operator: second.operator.pubkey(),
            workers: &second.workers.iter().collect::<Vec<_>>(),
            ..first
        })
    }

    /// Registers a provider, its stake and its nodes.
    pub(crate) fn provider(&mut self, wanted: &Registration) -> Result<()> {
        let Registration { network, owner, .. } = *wanted;
        let key = owner.pubkey();
        let register = ix::register_provider(&key, &key, &wanted.operator, network);
        self.send("register_provider", &[register], owner, &[])?;
        let subject = address::provider(network, &key);
        let pool = address::stake_pool(&subject);
        let (mint, program) = (&wanted.stake.address, &wanted.stake.token_program);
        let amount = plan::PROVIDER_STAKE;
        let steps = [
            ix::create_stake_pool(&key, network, &subject, mint, program),
            ix::stake(&key, &key, network, &pool, mint, program, amount),
        ];
        self.send("stake", &steps, owner, &[])?;
        for worker in wanted.workers {
            let worker_key = worker.pubkey();
            let node = plan::node(wanted.slots)?;
            let register = ix::register_node(&key, &key, &worker_key, network, wanted.set, node);
            self.send("register_node", &[register], owner, &[worker])?;
        }
        Ok(())
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
