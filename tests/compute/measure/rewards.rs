//! Reward pools, from their creation to their last claim.

use {
    super::{Bench, first_bump},
    sluice_client::{
        Epoch, Ledger, Node, Provider, RewardPool, RewardTerms, Share, address,
        instruction::{self as ix, NewRewardPool},
    },
    sluice_tests::world::{NodeHandle, ProviderHandle, SetHandle, TOKEN},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
};

impl Bench {
    pub(super) fn reward_pool(
        &mut self,
        set: &SetHandle,
        provider: &ProviderHandle,
        node: &NodeHandle,
    ) -> Address {
        let (payer, network, mint) = (self.payer(), self.world.network, self.world.reward_mint);
        let mut new = NewRewardPool {
            network,
            set: set.address,
            mint: mint.address,
            token_program: mint.token_program,
            id: 0,
            terms: RewardTerms {
                rate: 1_000 * TOKEN,
                ceiling: 1_000 * TOKEN,
                node_cap: u64::MAX,
                start_at: self.world.now(),
                end_at: self.world.now() + 1_000 * 86_400,
                epoch_secs: 86_400,
                reserve: [0; 4],
            },
            refund_owner: payer,
        };
        let suits = |id: u64| {
            let pool = address::reward_pool(&network, &payer, id);
            let program = &sluice_client::ID;
            first_bump(
                &[
                    b"reward_pool",
                    network.as_ref(),
                    payer.as_ref(),
                    &id.to_le_bytes(),
                ],
                program,
            ) && first_bump(&[b"vault", pool.as_ref()], program)
                && first_bump(&[b"share", pool.as_ref(), node.address.as_ref()], program)
                && first_bump(&[b"epoch", pool.as_ref(), &2u64.to_le_bytes()], program)
        };
        new.id = (0..).find(|id| suits(*id)).unwrap();
        let create = ix::create_reward_pool(&payer, &payer, &new);
        self.measure("create_reward_pool", 6_460, &[create], &[]);
        let pool_key = address::reward_pool(&network, &payer, new.id);
        let pool: RewardPool = self.world.chain.get(&pool_key).unwrap();
        self.world.mint_to(&payer, &mint, 100_000 * TOKEN);
        let fund =
            ix::fund_reward_pool(&payer, &pool_key, &pool, &mint.token_program, 5_000 * TOKEN);
        self.measure("fund_reward_pool", 2_190, &[fund], &[]);
        let state = self.world.node_state(node);
        let operator = provider.operator.pubkey();
        let join = ix::join_reward_pool(&payer, &operator, &pool_key, &pool, &node.address, &state);
        self.measure("join_reward_pool", 3_070, &[join], &[&provider.operator]);
        self.world.advance(86_400);
        let baseline = ix::report(&pool_key, &node.address, &provider.address, None);
        self.measure("report, baseline", 890, &[baseline], &[]);
        pool_key
    }

    /// The whole life of two shares, whose provider's delegators have a part in both.
    pub(super) fn rewards(
        &mut self,
        pool_key: &Address,
        set: &SetHandle,
        provider: &ProviderHandle,
        node: &NodeHandle,
    ) {
        let pool: RewardPool = self.world.chain.get(pool_key).unwrap();
        let late = self.latecomer(pool_key, set, provider);
        while pool.epoch_at(self.world.now()).unwrap() < 2 {
            self.world.advance(3_600);
        }
        self.world.edit::<Provider>(&provider.address, |provider| {
            (provider.commission_bps, provider.commission_at) = (4_001, 0);
        });
        let shown = &provider.address;
        let open = ix::open_epoch(&self.payer(), pool_key, &node.address, shown, 2);
        self.measure("open_epoch, with its first report", 2_960, &[open], &[]);
        let report = ix::report(pool_key, &late.address, shown, Some(2));
        self.measure("report, the first of an epoch", 1_080, &[report], &[]);
        self.world
            .edit::<Node>(&late.address, |node| node.units += 7);
        let report = ix::report(pool_key, &late.address, shown, Some(2));
        self.measure("report", 1_000, &[report], &[]);

        let streaming = pool.epoch_start(3).unwrap() + 40_000;
        self.world.chain.set_time(streaming);
        let claim = self.claim(pool_key, node);
        self.measure("claim, the first", 2_800, &[claim], &[]);
        self.world.advance(1_000);
        let claim = self.claim(pool_key, node);
        self.measure("claim, one stream", 2_450, &[claim], &[]);
        let pay = self.pay_delegators(pool_key, node);
        self.measure("pay_delegators, one stream", 3_490, &[pay], &[]);
        self.world.advance(86_400);
        let fold = ix::fold(pool_key, &node.address, 2);
        self.measure("fold", 920, &[fold], &[]);
        self.world.ok(&[ix::fold(pool_key, &late.address, 2)], &[]);
        let epoch: Epoch = self.world.chain.get(&address::epoch(pool_key, 2)).unwrap();
        self.measure("close_epoch", 770, &[ix::close_epoch(&epoch)], &[]);
        self.world.edit::<Provider>(&provider.address, |provider| {
            (provider.commission_bps, provider.commission_at) = (10_000, 0);
        });
        self.end(pool_key, provider, [node, &late]);
    }

    /// A second node with work and a baseline.
    fn latecomer(
        &mut self,
        pool_key: &Address,
        set: &SetHandle,
        provider: &ProviderHandle,
    ) -> NodeHandle {
        let late = self.world.node(provider, &set.address);
        let join = self.world.join_ix(pool_key, provider, &late);
        self.world.ok(&[join], &[&provider.operator]);
        self.world.advance(86_400);
        let baseline = ix::report(pool_key, &late.address, &provider.address, None);
        self.world.ok(&[baseline], &[]);
        self.world
            .edit::<Node>(&late.address, |node| node.units = 5);
        late
    }

    /// Empties and closes the shares, and then the pool.
    fn end(&mut self, pool_key: &Address, provider: &ProviderHandle, nodes: [&NodeHandle; 2]) {
        let pool: RewardPool = self.world.chain.get(pool_key).unwrap();
        let program = self.world.reward_mint.token_program;
        for node in nodes {
            let (claim, pay) = (
                self.claim(pool_key, node),
                self.pay_delegators(pool_key, node),
            );
            self.world.ok(&[claim, pay], &[]);
            let close = ix::close_share(&provider.owner.pubkey(), &self.share(pool_key, node));
            self.measure("close_share", 810, &[close], &[&provider.owner]);
        }
        self.rows.pop();
        let close = ix::close_node(
            &provider.owner.pubkey(),
            &nodes[1].address,
            &self.world.node_state(nodes[1]),
        );
        self.world.ok(&[close], &[&provider.owner]);
        let now = self.world.now();
        self.world.chain.set_time(pool.terms.end_at);
        let back = ix::return_unallocated(pool_key, &pool, &program);
        self.measure("return_unallocated", 2_330, &[back], &[]);
        let gift = self.world.reward_mint;
        self.world.mint_into(&pool.vault, &gift, 5);
        let close = ix::close_reward_pool(pool_key, &pool, &program);
        self.measure("close_reward_pool", 3_660, &[close], &[]);
        self.world.chain.set_time(now);
    }

    fn share(&self, pool_key: &Address, node: &NodeHandle) -> Share {
        let share = address::share(pool_key, &node.address);
        self.world.chain.get(&share).unwrap()
    }

    fn claim(&self, pool_key: &Address, node: &NodeHandle) -> Instruction {
        let pool = self.world.chain.get(pool_key).unwrap();
        let program = self.world.reward_mint.token_program;
        let share = self.share(pool_key, node);
        ix::claim(pool_key, &pool, &share, self.world.now(), &program)
    }

    fn pay_delegators(&self, pool_key: &Address, node: &NodeHandle) -> Instruction {
        let pool = self.world.chain.get(pool_key).unwrap();
        let share = self.share(pool_key, node);
        let stake = address::stake_pool(&share.provider);
        let stake = self.world.chain.get(&stake).ok();
        let program = self.world.reward_mint.token_program;
        ix::pay_delegators(
            pool_key,
            &pool,
            &share,
            stake.as_ref(),
            self.world.now(),
            &program,
        )
    }
}
