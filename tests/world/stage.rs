//! A reward pool with earners in it, epoch by epoch.

use {
    super::{JobHandle, NodeHandle, ProviderHandle, SetHandle, World},
    sluice_client::{Epoch, Ledger, RewardPool, RewardTerms, Share, address, instruction as ix},
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

impl Stage {
    /// One earner for each list of units, with a job for each number in it; `change` bends the pool's terms.
    pub fn new(units: &[&[u64]], change: impl FnOnce(&mut RewardTerms)) -> Self {
        Self::on(World::new(), units, change)
    }

    /// The same in a world that a test prepared.
    pub fn on(mut world: World, units: &[&[u64]], change: impl FnOnce(&mut RewardTerms)) -> Self {
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

    /// A stage 1,000 seconds before epoch 0, which everybody joined.
    pub fn early(units: &[&[u64]], change: impl FnOnce(&mut RewardTerms)) -> Self {
        Self::new(units, |terms| {
            (terms.start_at, terms.end_at) = (terms.start_at + 1_000, terms.end_at + 1_000);
            change(terms);
        })
    }

    /// A stage in the first second of epoch 1, with every baseline set.
    pub fn ready(units: &[&[u64]], change: impl FnOnce(&mut RewardTerms)) -> Self {
        Self::new(units, change).baselined()
    }

    /// Moves to the first second of epoch 1 and sets every baseline.
    #[must_use]
    pub fn baselined(mut self) -> Self {
        self.enter(1);
        for earner in 0..self.earners.len() {
            self.report(earner);
        }
        self
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
        let (node, provider) = (self.earners[earner].node.address, self.provider(earner));
        let Ok(index) = self.pool().epoch_at(self.world.now()) else {
            return ix::report(&self.pool, &node, &provider, None);
        };
        let open = self
            .world
            .chain
            .account(&address::epoch(&self.pool, index))
            .unwrap();
        match open {
            Some(_) => ix::report(&self.pool, &node, &provider, Some(index)),
            None if self.share(earner).baseline == 0 => {
                ix::report(&self.pool, &node, &provider, None)
            }
            None => self.open_ix(earner, index),
        }
    }

    /// The instruction that opens epoch `index` with an earner's work.
    pub fn open_ix(&self, earner: usize, index: u64) -> Instruction {
        let node = self.earners[earner].node.address;
        let provider = self.provider(earner);
        let payer = self.world.payer.pubkey();
        ix::open_epoch(&payer, &self.pool, &node, &provider, index)
    }

    /// The provider account of an earner.
    pub fn provider(&self, earner: usize) -> Address {
        self.earners[earner].provider.address
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
