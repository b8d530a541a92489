//! Reward pools, from their creation to their last claim.

use {
    super::{Bench, first_bump},
    sluice_client::{
        Epoch, Ledger, RewardPool, RewardTerms, Share, address,
        instruction::{self as ix, NewRewardPool},
    },
    sluice_tests::world::{NodeHandle, ProviderHandle, SetHandle, TOKEN},
    solana_address::Address,
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
        self.measure("create_reward_pool", 7_500, &[create], &[]);
        let pool_key = address::reward_pool(&network, &payer, new.id);
        let pool: RewardPool = self.world.chain.get(&pool_key).unwrap();
        self.world.mint_to(&payer, &mint, 100_000 * TOKEN);
        let fund =
            ix::fund_reward_pool(&payer, &pool_key, &pool, &mint.token_program, 5_000 * TOKEN);
        self.measure("fund_reward_pool", 4_500, &[fund], &[]);
        let state = self.world.node_state(node);
        let operator = provider.operator.pubkey();
        let join = ix::join_reward_pool(&payer, &operator, &pool_key, &pool, &node.address, &state);
        self.measure("join_reward_pool", 3_500, &[join], &[&provider.operator]);
        self.world.advance(86_400);
        let baseline = ix::report(&pool_key, &node.address, None);
        self.measure("report, baseline", 1_200, &[baseline], &[]);
        pool_key
    }

    pub(super) fn rewards(&mut self, pool_key: &Address, node: &NodeHandle) {
        let mint = self.world.reward_mint;
        let payer = self.payer();
        let pool: RewardPool = self.world.chain.get(pool_key).unwrap();
        while pool.epoch_at(self.world.now()).unwrap() < 2 {
            self.world.advance(3_600);
        }
        let open = ix::open_epoch(&payer, pool_key, &node.address, 2);
        self.measure("open_epoch, with its first report", 4_500, &[open], &[]);
        self.world.advance(86_400 + 40_000);
        let share: Share = self
            .world
            .chain
            .get(&address::share(pool_key, &node.address))
            .unwrap();
        let now = self.world.now();
        let claim = ix::claim(pool_key, &pool, &share, now, &mint.token_program);
        self.measure("claim, one stream", 2_800, &[claim], &[]);
        self.world.advance(86_400);
        let fold = ix::fold(pool_key, &node.address, 2);
        self.measure("fold", 3_000, &[fold], &[]);
        let epoch: Epoch = self.world.chain.get(&address::epoch(pool_key, 2)).unwrap();
        self.measure("close_epoch", 2_000, &[ix::close_epoch(&epoch)], &[]);
    }
}
