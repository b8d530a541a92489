//! Reward pools and nodes with proven work to bring to them.

use {
    super::{JobHandle, NodeHandle, ProviderHandle, SetHandle, World},
    sluice_client::{
        Epoch, Ledger, RewardPool, RewardTerms, Share, address,
        instruction::{self as ix, NewRewardPool},
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// A provider with one node whose jobs are proven and mature, but not credited.
pub struct Earner {
    pub provider: ProviderHandle,
    pub node: NodeHandle,
    pub jobs: Vec<JobHandle>,
}

/// A pool with ten epochs' rate in it, in the first second of epoch 0, and earners under its set that joined it.
pub struct Stage {
    pub world: World,
    pub set: SetHandle,
    pub earners: Vec<Earner>,
    pub creator: Keypair,
    pub pool: Address,
    pub terms: RewardTerms,
}

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

impl Stage {
    /// One earner for each list of units, with a job for each number in it; `change` bends the pool's terms.
    pub fn new(units: &[&[u64]], change: impl FnOnce(&mut RewardTerms)) -> Self {
        let mut world = World::new();
        let set = world.set(1, 1);
        let mut earners: Vec<_> = units
            .iter()
            .map(|units| {
                let provider = world.provider();
                let node = world.node(&provider, &set.address);
                let jobs = units
                    .iter()
                    .map(|units| world.one_window_job(&set.address, &provider, &node, *units))
                    .collect();
                Earner {
                    provider,
                    node,
                    jobs,
                }
            })
            .collect();
        world.advance(3_600);
        for (earner, units) in earners.iter().zip(units) {
            for (job, units) in earner.jobs.iter().zip(*units) {
                world.attest(job, &set, 0, *units);
            }
        }
        world.advance(13 * 3_600);

        let mut terms = world.reward_terms();
        change(&mut terms);
        let creator = world.party();
        let new = world.new_reward_pool(&set.address, 1, terms);
        let pool = world.reward_pool(&creator, &new);
        world.fund(&pool, terms.rate.saturating_mul(10));
        for earner in &mut earners {
            let join = world.join_ix(&pool, &earner.provider, &earner.node);
            world.ok(&[join], &[&earner.provider.operator]);
        }
        Self {
            world,
            set,
            earners,
            creator,
            pool,
            terms,
        }
    }

    /// A stage in the first second of epoch 1, with every baseline set.
    pub fn ready(units: &[&[u64]], change: impl FnOnce(&mut RewardTerms)) -> Self {
        let mut stage = Self::new(units, change);
        stage.enter(1);
        for earner in 0..stage.earners.len() {
            stage.report(earner);
        }
        stage
    }

    /// A stage at the end of epoch 1, in which the first job of every earner was credited and reported: its stream begins.
    pub fn streaming(units: &[u64], change: impl FnOnce(&mut RewardTerms)) -> Self {
        let lists: Vec<_> = units.iter().map(std::slice::from_ref).collect();
        let mut stage = Self::ready(&lists, change);
        for earner in 0..units.len() {
            stage.work(earner, 0);
        }
        stage.enter(2);
        stage
    }

    /// Creates a second pool of the same terms, which every earner joins too.
    pub fn twin(&mut self) -> Address {
        let new = self.world.new_reward_pool(&self.set.address, 2, self.terms);
        let twin = self.world.reward_pool(&self.creator, &new);
        self.world.fund(&twin, self.terms.rate);
        for earner in &self.earners {
            let join = self.world.join_ix(&twin, &earner.provider, &earner.node);
            self.world.ok(&[join], &[&earner.provider.operator]);
        }
        twin
    }

    /// Two pools in which earner 0 and earner 1 reported their first job in epoch 1; returns the second one.
    pub fn with_twin(units: [u64; 2]) -> (Self, Address) {
        let mut stage = Self::new(&[&units[..1], &units[1..]], |_| ());
        let twin = stage.twin();
        stage.enter(1);
        for pool in [stage.pool, twin] {
            stage.at(&pool, |stage| {
                (0..2).for_each(|earner| stage.report(earner))
            });
        }
        stage.credit(0, 0);
        stage.credit(1, 0);
        for pool in [stage.pool, twin] {
            stage.at(&pool, |stage| {
                (0..2).for_each(|earner| stage.report(earner))
            });
        }
        (stage, twin)
    }

    /// Runs `steps` at another pool.
    pub fn at<T>(&mut self, pool: &Address, steps: impl FnOnce(&mut Self) -> T) -> T {
        let home = std::mem::replace(&mut self.pool, *pool);
        let result = steps(self);
        self.pool = home;
        result
    }

    /// Asserts that an instruction without signers is refused with `name`.
    #[track_caller]
    pub fn refused(&mut self, instruction: &Instruction, name: &str) {
        self.world
            .refused(std::slice::from_ref(instruction), &[], name);
    }

    /// Moves to the first second of epoch `index`.
    pub fn enter(&mut self, index: u64) {
        self.world.chain.set_time(self.starts(index));
    }

    /// When epoch `index` starts.
    pub fn starts(&self, index: u64) -> i64 {
        self.terms.start_at + index as i64 * i64::from(self.terms.epoch_secs)
    }

    /// Credits a job of an earner to its node.
    pub fn credit(&mut self, earner: usize, job: usize) {
        let job = &self.earners[earner].jobs[job];
        let credit = ix::credit(&job.address, &self.world.job(&job.address));
        self.world.ok(&[credit], &[]);
    }

    /// Reports in the current epoch: its first work opens it.
    pub fn report(&mut self, earner: usize) {
        let report = self.report_ix(earner);
        self.world.ok(&[report], &[]);
    }

    /// Credits a job and reports it.
    pub fn work(&mut self, earner: usize, job: usize) {
        self.credit(earner, job);
        self.report(earner);
    }

    /// The instruction of [`Self::report`].
    pub fn report_ix(&self, earner: usize) -> Instruction {
        let node = self.earners[earner].node.address;
        let index = self.pool().epoch_at(self.world.now()).unwrap();
        let open = self
            .world
            .chain
            .account(&address::epoch(&self.pool, index))
            .unwrap();
        match open {
            Some(_) => ix::report(&self.pool, &node, Some(index)),
            None if self.share(earner).baseline == 0 => ix::report(&self.pool, &node, None),
            None => self.open_ix(earner, index),
        }
    }

    /// The instruction that opens epoch `index` with an earner's work.
    pub fn open_ix(&self, earner: usize, index: u64) -> Instruction {
        let node = self.earners[earner].node.address;
        ix::open_epoch(&self.world.payer.pubkey(), &self.pool, &node, index)
    }

    /// The instruction that pays an earner what has streamed by now.
    pub fn claim_ix(&self, earner: usize) -> Instruction {
        let token_program = &self.world.reward_mint.token_program;
        let (pool, share, now) = (self.pool(), self.share(earner), self.world.now());
        ix::claim(&self.pool, &pool, &share, now, token_program)
    }

    /// Claims for an earner and returns what its owner holds by then.
    pub fn claim(&mut self, earner: usize) -> u64 {
        let claim = self.claim_ix(earner);
        self.world.ok(&[claim], &[]);
        self.held(earner)
    }

    /// Reward tokens of an earner's owner.
    pub fn held(&self, earner: usize) -> u64 {
        let owner = self.earners[earner].provider.owner.pubkey();
        self.world.tokens(&owner, &self.world.reward_mint)
    }

    /// The instruction that folds an earner's work of epoch `index`.
    pub fn fold_ix(&self, earner: usize, index: u64) -> Instruction {
        ix::fold(&self.pool, &self.earners[earner].node.address, index)
    }

    /// Folds an earner's work of epoch `index`.
    pub fn fold(&mut self, earner: usize, index: u64) {
        let fold = self.fold_ix(earner, index);
        self.world.ok(&[fold], &[]);
    }

    /// The pool account.
    pub fn pool(&self) -> RewardPool {
        self.world.chain.get(&self.pool).unwrap()
    }

    /// The share account of an earner.
    pub fn share(&self, earner: usize) -> Share {
        self.world.chain.get(&self.share_key(earner)).unwrap()
    }

    /// The address of an earner's share.
    pub fn share_key(&self, earner: usize) -> Address {
        address::share(&self.pool, &self.earners[earner].node.address)
    }

    /// The epoch account `index`.
    pub fn epoch(&self, index: u64) -> Epoch {
        self.world
            .chain
            .get(&address::epoch(&self.pool, index))
            .unwrap()
    }
}
