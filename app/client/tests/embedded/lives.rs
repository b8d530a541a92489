//! Random lives of jobs at two addresses, one after another, with a second provider, strangers' top-ups and gifts, and many doors in
//! one transaction.

use {
    crate::world::{CAP, FUNDS, HOUR, World},
    bytemuck::Zeroable,
    sluice_client::{
        Challenge, Job, JobState, Ledger, NodeArgs, Ruling, address, instruction as ix,
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_message::Message,
    solana_signature::Signature,
    solana_signer::Signer,
    solana_transaction::Transaction,
};

/// A generator of numbers, SplitMix64.
pub struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub fn happens(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// A history, and what only whoever played it knows.
pub struct Play {
    pub world: World,
    pub dice: Dice,
    offer: Address,
    /// Owns another provider.
    pub rival: Keypair,
    rivals_node: Address,
    /// What was deposited in all, base units.
    pub came: u64,
    /// How many transactions there are since everything was set up.
    pub played: usize,
    /// The transactions that opened a job, and those that started one on a node.
    pub openings: Vec<Signature>,
    pub starts: Vec<Signature>,
}

impl Play {
    /// Plays some lives.
    pub fn of(seed: u64) -> Self {
        let mut play = Self::new(seed);
        let mut before = vec![];
        let mut id = 1;
        for _ in 0..1 + play.dice.below(4) {
            if before.is_empty() {
                id = 1 + play.dice.below(2);
            }
            before = play.lives(id, before);
        }
        play.in_groups(before);
        play.played = play.world.ledger.pasts.len() - play.played;
        play
    }

    fn new(seed: u64) -> Self {
        let mut world = World::new();
        let offer = world.offer();
        let rival = Keypair::new_from_array([20; 32]);
        let rivals_node = register(&mut world, &rival);
        let (mint, admin) = (world.ledger.mint, world.admin.pubkey());
        for holder in [world.buyer.pubkey(), admin] {
            let purse = address::token_account(&holder, &mint.address, &mint.token_program);
            let open = ix::token::create_token_account(&admin, &holder, &mint);
            let fill = give(&world, &purse, 100 * FUNDS);
            world.by_admin(&[open, fill]);
        }
        Self {
            played: world.ledger.pasts.len(),
            world,
            dice: Dice(seed),
            offer,
            rival,
            rivals_node,
            came: 0,
            openings: vec![],
            starts: vec![],
        }
    }

    /// What is left in escrow now, by the jobs' accounts.
    pub fn left(&self) -> u64 {
        let jobs = [1, 2].map(|id| self.find(&self.key(id)));
        let left = jobs.iter().flatten().map(|job| {
            job.funded - job.paid - job.swept_treasury - job.swept_attesters - job.refunded
        });
        left.sum()
    }

    fn key(&self, id: u64) -> Address {
        address::job(&self.world.network, &self.world.buyer.pubkey(), id)
    }

    fn find(&self, job: &Address) -> Option<Job> {
        self.world.ledger.get(job).ok()
    }

    fn last(&self) -> Signature {
        self.world.ledger.pasts.last().unwrap().signature
    }

    /// Sends what may be refused; true if it was not.
    fn sends(&mut self, instructions: &[Instruction]) -> bool {
        let world = &self.world;
        let keys = [&world.admin, &world.buyer, &world.owner, &self.rival];
        let [admin, buyer, owner, rival] = keys.map(Keypair::insecure_clone);
        let signs = |key: &Keypair| {
            let mut metas = instructions.iter().flat_map(|one| &one.accounts);
            metas.any(|meta| meta.is_signer && meta.pubkey == key.pubkey())
        };
        let others: Vec<&dyn Signer> = [&buyer, &owner, &rival]
            .into_iter()
            .filter(|key| signs(key))
            .map(|key| key as &dyn Signer)
            .collect();
        self.world
            .ledger
            .send(instructions, &admin, &others)
            .is_ok()
    }

    /// A stranger's addition that names the owner's token account, or nothing.
    fn noise(&mut self) -> Vec<Instruction> {
        if !self.dice.happens(15) {
            return vec![];
        }
        let (owner, mint) = (self.world.owner.pubkey(), self.world.ledger.mint);
        let purse = address::token_account(&owner, &mint.address, &mint.token_program);
        vec![give(&self.world, &purse, 0)]
    }

    /// Opens a job, takes it or lets it be accepted, often in one transaction with a top-up. `before` goes in front.
    fn opens(&mut self, id: u64, before: Vec<Instruction>) -> bool {
        let job = self.key(id);
        let taken = self.dice.happens(50);
        let open = if taken {
            self.world.take_ix(&self.offer, id)
        } else {
            self.world.open_ix(id)
        };
        let mut steps = [before, vec![open]].concat();
        // As the account will be.
        let slot = self.world.ledger.clock().unwrap().slot;
        let terms = self.world.terms();
        let mut account = Job::zeroed();
        (account.network, account.terms, account.incarnation) = (self.world.network, terms, slot);
        account.vault = address::vault(&job);
        let more = self.dice.happens(30).then(|| 1 + self.dice.below(FUNDS));
        if let Some(more) = more {
            steps.push(self.top_up_ix(&job, &account, more));
        }
        let started = !taken && self.dice.happens(30);
        if started {
            steps.push(self.accept_ix(&job, &account));
        }
        if !self.sends(&steps) {
            return false;
        }
        self.came += FUNDS + more.unwrap_or_default();
        self.openings.push(self.last());
        if taken || started {
            self.starts.push(self.last());
        } else if self.dice.happens(85) {
            let account = self.find(&job).unwrap();
            let accept = self.accept_ix(&job, &account);
            if self.sends(&[accept]) {
                self.starts.push(self.last());
            }
        }
        true
    }

    fn accept_ix(&mut self, job: &Address, account: &Job) -> Instruction {
        let (owner, rival) = (self.world.owner.pubkey(), self.rival.pubkey());
        if self.dice.happens(75) {
            ix::accept_job(&owner, &owner, job, account, &self.world.node)
        } else {
            ix::accept_job(&rival, &rival, job, account, &self.rivals_node)
        }
    }

    fn top_up_ix(&mut self, job: &Address, account: &Job, amount: u64) -> Instruction {
        let funders = [self.world.buyer.pubkey(), self.world.admin.pubkey()];
        let funder = funders[self.dice.below(2) as usize];
        let program = self.world.ledger.mint.token_program;
        ix::top_up_job(&funder, job, account, &program, amount)
    }

    fn tops_up(&mut self, job: &Address) {
        let Some(account) = self.find(job) else {
            return;
        };
        let amount = 1 + self.dice.below(100_000);
        let mut steps = vec![self.top_up_ix(job, &account, amount)];
        steps.extend(self.noise());
        if self.sends(&steps) {
            self.came += amount;
        }
    }

    fn gives(&mut self, job: &Address) {
        if let Some(account) = self.find(job) {
            let amount = 1 + self.dice.below(9);
            let give = give(&self.world, &account.vault, amount);
            assert!(self.sends(&[give]));
        }
    }

    /// Challenges a window and has it ruled.
    fn disputes(&mut self, job: &Address, window: u32) {
        let (Some(account), admin) = (self.find(job), self.world.admin.pubkey()) else {
            return;
        };
        let key = address::challenge(job, account.incarnation, window);
        let stake = self.world.stake;
        let open = ix::challenge(
            &admin,
            &admin,
            job,
            &account,
            &stake.address,
            &stake.token_program,
            window,
            (1, [5; 32]),
        );
        if !self.sends(&[open]) {
            return;
        }
        let challenge: Challenge = self.world.ledger.get(&key).unwrap();
        let ruling = Ruling {
            void: u8::from(self.dice.happens(50)),
            signers_lied: 0,
            reason: 1,
            slash: 0,
            evidence: [6; 32],
        };
        self.world.ledger.chain.advance(60);
        self.sends(&[ix::rule_challenge(&admin, &challenge, ruling)]);
    }

    /// Pulls by random doors, several in a transaction.
    fn pulls(&mut self, job: &Address) {
        let mut due = self.due(job);
        due.retain(|_| self.dice.happens(50));
        self.in_groups(due);
    }

    /// The pulls by which anything is due, in a random order.
    fn due(&mut self, job: &Address) -> Vec<Instruction> {
        if self.find(job).is_none() {
            return vec![];
        }
        let mut pulls = self.world.pulls(job).to_vec();
        pulls.rotate_left(self.dice.below(4) as usize);
        let admin = self.world.admin.pubkey();
        pulls.retain(|pull| {
            let message = Message::new(std::slice::from_ref(pull), Some(&admin));
            let unsigned = Transaction::new_unsigned(message);
            self.world.ledger.simulate_with_latest(&unsigned).is_ok()
        });
        pulls
    }

    /// Sends the steps in their order, in transactions of random length; those that fail together go alone.
    fn in_groups(&mut self, steps: Vec<Instruction>) {
        let mut steps = steps.into_iter().peekable();
        while steps.peek().is_some() {
            let len = 1 + self.dice.below(6) as usize;
            let group: Vec<_> = steps.by_ref().take(len).collect();
            let noise = self.noise();
            if !self.sends(&[group.clone(), noise].concat()) {
                for step in group {
                    self.sends(&[step]);
                }
            }
        }
    }

    /// Plays one life at an address to its end, or nearly; returns what is left to send when another opens there.
    fn lives(&mut self, id: u64, before: Vec<Instruction>) -> Vec<Instruction> {
        let job = self.key(id);
        if !self.opens(id, before.clone()) {
            self.in_groups(before);
            if !self.opens(id, vec![]) {
                return vec![];
            }
        }
        for window in 0..3 {
            self.world.ledger.chain.advance(HOUR.into());
            let active = |account: Job| account.state == JobState::Active.byte();
            let is_ours = |account: &Job| account.node == self.world.node;
            let account = self.find(&job);
            if account.is_some_and(|one| active(one) && is_ours(&one)) && self.dice.happens(60) {
                let units = 1 + self.dice.below(CAP);
                self.world.prove(&job, window, units);
                if self.dice.happens(15) {
                    self.disputes(&job, window);
                }
            }
            for _ in 0..self.dice.below(3) {
                match self.dice.below(5) {
                    0 => self.tops_up(&job),
                    1 => self.gives(&job),
                    _ => self.pulls(&job),
                }
            }
        }
        self.world.ledger.chain.advance(i64::from(8 * HOUR));
        let Some(account) = self.find(&job) else {
            return vec![];
        };
        if account.state == JobState::Active.byte() {
            let release = self.world.release_ix(&job);
            self.sends(&[ix::mature(&job)]);
            self.sends(&[release]);
        }
        let (mut steps, close) = (self.due(&job), self.world.close_ix(&job));
        if self.dice.happens(20) {
            // The next one opens in the transaction that closes this one.
            self.in_groups(steps);
            return vec![close];
        }
        if self.dice.happens(90) {
            steps.push(close);
        }
        self.in_groups(steps);
        vec![]
    }
}

fn give(world: &World, to: &Address, amount: u64) -> Instruction {
    let (mint, admin) = (world.ledger.mint, world.admin.pubkey());
    let (program, mint) = (&mint.token_program, &mint.address);
    spl_token_interface::instruction::mint_to(program, mint, to, &admin, &[], amount).unwrap()
}

/// Registers another provider with stake, and a node of it.
fn register(world: &mut World, owner: &Keypair) -> Address {
    let (key, admin) = (owner.pubkey(), world.admin.pubkey());
    let worker = Keypair::new_from_array([21; 32]);
    let (network, stake, pay) = (world.network, world.stake, world.ledger.mint);
    world.ledger.chain.airdrop(&key, 10_000_000_000).unwrap();
    let purse = address::token_account(&key, &stake.address, &stake.token_program);
    let program = &stake.token_program;
    let fill = spl_token_interface::instruction::mint_to(
        program,
        &stake.address,
        &purse,
        &admin,
        &[],
        500,
    );
    let purses = [stake, pay].map(|mint| ix::token::create_token_account(&admin, &key, &mint));
    world.by_admin(&[purses.to_vec(), vec![fill.unwrap()]].concat());
    let register = ix::register_provider(&key, &key, &key, &network);
    world.send(&[register], owner, &[]);
    let provider = address::provider(&network, &key);
    world.deposit(owner, &provider, &stake, 500);
    let args = NodeArgs {
        metadata_hash: [0; 32],
        uri: [0; 64],
        slots_total: 2,
        class: 0,
        region: 0,
    };
    let set = world.set;
    let register = ix::register_node(&key, &key, &worker.pubkey(), &network, &set, args);
    world.send(&[register], owner, &[&worker]);
    address::node(&provider, &worker.pubkey())
}
