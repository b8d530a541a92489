//! What a reward pool's instructions cost does not depend on how many nodes, epochs, pools and stakers are already there.

use {
    sluice_client::{Epoch, Ledger, Node, Provider, RewardPool, Share, address, instruction as ix},
    sluice_tests::world::{JobHandle, NodeHandle, ProviderHandle, SetHandle, TOKEN, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::collections::BTreeMap,
};

/// The epoch whose instructions are measured: its address is the same beside any crowd.
const MEASURED: u64 = 1_990;
const EPOCH: u32 = 60;

/// Two nodes of a provider with a staker in one pool, a job that matured, and a crowd of everything around them.
struct Crowd {
    world: World,
    set: SetHandle,
    provider: ProviderHandle,
    nodes: [NodeHandle; 2],
    job: JobHandle,
    creator: Keypair,
    pool: Address,
    others: Vec<Address>,
    rows: BTreeMap<&'static str, u64>,
}

impl Crowd {
    fn new() -> Self {
        let mut world = World::new();
        let set = world.set(1, 1);
        let provider = world.provider();
        let nodes = [(); 2].map(|()| world.node(&provider, &set.address));
        world.delegate(&provider.pool, 77 * TOKEN);
        world.dividends(&provider.pool, TOKEN);
        world.edit::<Provider>(&provider.address, |provider| {
            provider.commission_bps = 4_001
        });
        let job = world.one_window_job(&set.address, &provider, &nodes[0], 500);
        world.advance(3_600);
        world.attest(&job, &set, 0, 500);
        let mut terms = world.reward_terms();
        (terms.rate, terms.epoch_secs) = (1_000 * TOKEN, EPOCH);
        terms.end_at = terms.start_at + 3_000 * i64::from(EPOCH);
        let creator = world.party();
        let new = world.new_reward_pool(&set.address, 0, terms);
        let pool = world.reward_pool(&creator, &new);
        world.fund(&pool, 3_000_000 * TOKEN);
        let mut crowd = Self {
            world,
            set,
            provider,
            nodes,
            job,
            creator,
            pool,
            others: Vec::new(),
            rows: BTreeMap::new(),
        };
        for node in 0..2 {
            let join = crowd
                .world
                .join_ix(&pool, &crowd.provider, &crowd.nodes[node]);
            crowd.world.ok(&[join], &[&crowd.provider.operator]);
        }
        crowd.enter(1);
        for node in crowd.nodes.each_ref().map(|node| node.address) {
            crowd.report(&node, None);
        }
        crowd
    }

    fn state(&self) -> RewardPool {
        self.world.chain.get(&self.pool).unwrap()
    }

    fn enter(&mut self, epoch: u64) {
        let starts = self.state().epoch_start(epoch).unwrap();
        self.world.chain.set_time(starts);
    }

    fn report(&mut self, node: &Address, epoch: Option<u64>) {
        let report = ix::report(&self.pool, node, &self.provider.address, epoch);
        self.world.ok(&[report], &[]);
    }

    fn works(&mut self, node: &Address) {
        self.world.edit::<Node>(node, |node| node.units += 1);
    }

    fn open_ix(&self, epoch: u64) -> Instruction {
        let (payer, node) = (self.world.payer.pubkey(), self.nodes[0].address);
        ix::open_epoch(&payer, &self.pool, &node, &self.provider.address, epoch)
    }

    fn measure(&mut self, name: &'static str, instruction: Instruction) {
        let receipt = self.world.ok(&[instruction], &[]);
        self.rows.insert(name, receipt.program_units()[0]);
    }

    /// `count` more nodes, pools and stakers, and as many open epochs, all by instructions.
    fn gathers(&mut self, count: u64) {
        for id in 0..count {
            let node = self.world.node(&self.provider, &self.set.address);
            let join = self.world.join_ix(&self.pool, &self.provider, &node);
            self.world.ok(&[join], &[&self.provider.operator]);
            self.others.push(node.address);
            self.world.delegate(&self.provider.pool, TOKEN);
            let new = self
                .world
                .new_reward_pool(&self.set.address, 1 + id, self.state().terms);
            let pool = self.world.reward_pool(&self.creator, &new);
            let join = self.world.join_ix(&pool, &self.provider, &self.nodes[0]);
            self.world.ok(&[join], &[&self.provider.operator]);
        }
        for epoch in 2..2 + count {
            self.enter(epoch);
            let node = self.nodes[0].address;
            if epoch >= 4 {
                self.world
                    .ok(&[ix::fold(&self.pool, &node, epoch - 2)], &[]);
            }
            self.works(&node);
            let open = self.open_ix(epoch);
            self.world.ok(&[open], &[]);
        }
        self.enter(MEASURED - 1);
        let late = (2 + count).saturating_sub(2).max(2)..2 + count;
        for epoch in late {
            self.world
                .ok(&[ix::fold(&self.pool, &self.nodes[0].address, epoch)], &[]);
        }
        for node in self.others.clone() {
            self.report(&node, None);
        }
        self.settle();
        assert_eq!(self.state().epochs, count);
        assert_eq!(self.state().shares, count + 2);
    }

    /// Claims what the epochs before brought, so that the measured claim pays one stream.
    fn settle(&mut self) {
        for draw in self.draws() {
            self.world.ok(&[draw], &[]);
        }
    }

    fn draws(&self) -> [Instruction; 2] {
        let share: Share = self
            .world
            .chain
            .get(&address::share(&self.pool, &self.nodes[0].address))
            .unwrap();
        let (pool, now) = (self.state(), self.world.now());
        let program = self.world.reward_mint.token_program;
        let stake = self.world.stake_pool(&self.provider.pool);
        [
            ix::claim(&self.pool, &pool, &share, now, &program),
            ix::pay_delegators(&self.pool, &pool, &share, Some(&stake), now, &program),
        ]
    }

    /// The life of an epoch in which everybody reports.
    fn measured(mut self) -> BTreeMap<&'static str, u64> {
        let [first, second] = self.nodes.each_ref().map(|node| node.address);
        let pool = self.pool;
        self.enter(MEASURED);
        let credit = ix::credit(&self.job.address, &self.world.job(&self.job.address));
        self.measure("credit", credit);
        let open = self.open_ix(MEASURED);
        self.measure("open_epoch", open);
        for node in self.others.clone() {
            self.works(&node);
            self.report(&node, Some(MEASURED));
        }
        for name in ["report, the first", "report"] {
            self.works(&second);
            let report = ix::report(&pool, &second, &self.provider.address, Some(MEASURED));
            self.measure(name, report);
        }
        let streaming = self.state().epoch_start(MEASURED + 1).unwrap() + 37;
        self.world.chain.set_time(streaming);
        let [claim, pay] = self.draws();
        self.measure("claim", claim);
        self.measure("pay_delegators", pay);
        self.enter(MEASURED + 2);
        for node in self.others.clone().iter().chain([&second]) {
            self.world.ok(&[ix::fold(&pool, node, MEASURED)], &[]);
        }
        self.measure("fold", ix::fold(&pool, &first, MEASURED));
        let epoch: Epoch = self
            .world
            .chain
            .get(&address::epoch(&pool, MEASURED))
            .unwrap();
        self.measure("close_epoch", ix::close_epoch(&epoch));
        self.rows
    }
}

#[test]
fn rewards_cost_the_same_beside_one_and_a_thousand_nodes_epochs_pools_and_stakers() {
    let beside = |count| {
        let mut crowd = Crowd::new();
        crowd.gathers(count);
        crowd.measured()
    };
    let alone = beside(1);
    for count in [10, 100, 1_000] {
        assert_eq!(beside(count), alone, "beside {count} others");
    }
}
