//! The built program, driven by the steps of a history.

mod state;

use {
    super::step::{Cast, SET, Step},
    sluice_client::{
        Node, RewardPool, address,
        instruction::{self as ix, token::Mint},
    },
    sluice_tests::world::{NodeHandle, ProviderHandle, SetHandle, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

pub struct Chain {
    pub world: World,
    sets: [SetHandle; 2],
    providers: Vec<ProviderHandle>,
    nodes: Vec<NodeHandle>,
    owners: Vec<usize>,
    mints: Vec<Mint>,
    pools: Vec<Address>,
    tickets: u64,
}

impl Chain {
    /// Providers with stake, an open dividend vault and an account of every mint.
    pub fn new(mut world: World, providers: usize, mints: Vec<Mint>) -> Self {
        let sets = [world.set(1, 1), world.set(1, 1)];
        let providers: Vec<_> = (0..providers).map(|_| world.provider()).collect();
        let giver = world.payer.pubkey();
        for mint in &mints {
            world.open_account(&giver, mint);
        }
        for provider in &providers {
            let open = world.dividends_ix(&giver, &provider.pool, 0);
            world.ok(&[open], &[]);
            for mint in &mints {
                world.open_account(&provider.owner.pubkey(), mint);
            }
        }
        Self {
            world,
            sets,
            providers,
            nodes: Vec::new(),
            owners: Vec::new(),
            mints,
            pools: Vec::new(),
            tickets: 0,
        }
    }

    /// Registers the nodes and creates the pools, which are empty.
    pub fn opens(&mut self, cast: &Cast) {
        self.owners = cast.nodes.clone();
        for provider in &cast.nodes {
            let node = self
                .world
                .node(&self.providers[*provider], &self.sets[0].address);
            self.nodes.push(node);
        }
        let creator = self.world.party();
        for (id, (terms, _)) in cast.pools.iter().enumerate() {
            let mut new = self
                .world
                .new_reward_pool(&self.sets[0].address, id as u64, *terms);
            (new.mint, new.token_program) = (self.mints[id].address, self.mints[id].token_program);
            let pool = self.world.reward_pool(&creator, &new);
            self.pools.push(pool);
        }
    }

    /// Does one step if the program does; returns what it moved.
    pub fn apply(&mut self, at: i64, step: Step) -> Option<u64> {
        self.world.chain.set_time(at);
        match step {
            Step::Credit { node, units } => {
                let node = self.nodes[node].address;
                self.world.edit::<Node>(&node, |node| node.credit(units));
                return Some(units);
            }
            Step::Announce { provider, bps } => {
                let owner = self.providers[provider].owner.insecure_clone();
                let announce = ix::set_commission(&owner.pubkey(), &self.world.network, bps);
                return self.does(announce, Some(&owner)).map(|()| u64::from(bps));
            }
            Step::Stake { provider, active } => {
                self.stake(provider, active);
                return Some(active);
            }
            Step::Register { node, set } => {
                self.register(node, set);
                return Some(0);
            }
            _ => {}
        }
        let place = step.pool().expect("only pools are left");
        let before = self.pool(place)?;
        let (held, counted) = (self.held(place, step), self.counted(place, step));
        self.acts(at, place, &before, step)?;
        let arrived = self.held(place, step) - held;
        Some(match step {
            Step::Fund { .. } => self.pool(place)?.funded - before.funded,
            Step::Report { .. } => {
                counted.map_or(0, |seen| self.counted(place, step).unwrap() - seen)
            }
            Step::Fold { .. } => self.pool(place)?.earned - before.earned,
            Step::CloseEpoch { .. } => {
                before.terms.rate - (self.pool(place)?.unallocated - before.unallocated)
            }
            _ => arrived,
        })
    }

    fn does(&mut self, instruction: Instruction, signer: Option<&Keypair>) -> Option<()> {
        let signers: Vec<&Keypair> = signer.into_iter().collect();
        self.world.send(&[instruction], &signers).ok().map(drop)
    }

    /// Sends the instruction of a step at a pool.
    fn acts(&mut self, at: i64, place: usize, pool: &RewardPool, step: Step) -> Option<()> {
        let (key, payer) = (self.pools[place], self.world.payer.pubkey());
        let program = self.mints[place].token_program;
        let node_key = |node: usize| self.nodes[node].address;
        let instruction = match step {
            Step::Fund { amount, .. } => {
                let mint = self.mints[place];
                self.world.mint_to(&payer, &mint, amount);
                ix::fund_reward_pool(&payer, &key, pool, &program, amount)
            }
            Step::Join { node, .. } => {
                let provider = &self.providers[self.owners[node]];
                let join = self.world.join_ix(&key, provider, &self.nodes[node]);
                let operator = provider.operator.insecure_clone();
                return self.does(join, Some(&operator));
            }
            Step::Report { node, .. } => self.report_ix(at, place, pool, node)?,
            Step::Claim { node, .. } => {
                ix::claim(&key, pool, &self.share(place, node)?, at, &program)
            }
            Step::PayDelegators { node, .. } => {
                let share = self.share(place, node)?;
                let stake = self.world.stake_pool(&address::stake_pool(&share.provider));
                ix::pay_delegators(&key, pool, &share, Some(&stake), at, &program)
            }
            Step::Fold { node, epoch, .. } => ix::fold(&key, &node_key(node), epoch),
            Step::CloseEpoch { epoch, .. } => ix::close_epoch(&self.epoch(place, epoch)?),
            Step::Return { .. } => ix::return_unallocated(&key, pool, &program),
            Step::CloseShare { node, by_payee, .. } => {
                let share = self.share(place, node)?;
                let owner = self.providers[self.owners[node]].owner.insecure_clone();
                let payee = Some(owner).filter(|_| by_payee);
                let signer = payee.as_ref().map_or(payer, |owner| owner.pubkey());
                return self.does(ix::close_share(&signer, &share), payee.as_ref());
            }
            Step::ClosePool { .. } => ix::close_reward_pool(&key, pool, &program),
            _ => unreachable!("it touches no pool"),
        };
        self.does(instruction, None)
    }

    fn report_ix(
        &self,
        at: i64,
        place: usize,
        pool: &RewardPool,
        node: usize,
    ) -> Option<Instruction> {
        let (key, payer) = (self.pools[place], self.world.payer.pubkey());
        let provider = self.providers[self.owners[node]].address;
        let index = pool.epoch_at(at).unwrap_or(0);
        let counts = self
            .counted(place, Step::Report { pool: place, node })
            .is_some();
        let node = self.nodes[node].address;
        Some(match (counts, self.epoch(place, index)) {
            (false, _) => ix::report(&key, &node, &provider, None),
            (true, Some(_)) => ix::report(&key, &node, &provider, Some(index)),
            (true, None) => ix::open_epoch(&payer, &key, &node, &provider, index),
        })
    }

    /// The units that a reporting share has seen, if its next report counts.
    fn counted(&self, place: usize, step: Step) -> Option<u64> {
        let Step::Report { node, .. } = step else {
            return None;
        };
        // Before the start every report is a baseline.
        if self.world.now() < self.pool(place)?.terms.start_at {
            return None;
        }
        let (share, node) = (
            self.share(place, node)?,
            self.world.node_state(&self.nodes[node]),
        );
        (share.baseline == 1 && share.registration == node.opened_slot).then_some(share.seen)
    }

    /// The owner, a staker like any other here, leaves or adds to its stake.
    fn stake(&mut self, provider: usize, active: u64) {
        let ProviderHandle { owner, pool, .. } = &self.providers[provider];
        let (owner, pool) = (owner.insecure_clone(), *pool);
        let shares = self.world.position(&pool, &owner.pubkey()).shares;
        if active > 0 {
            self.world.add_stake(&owner, &pool, active);
        } else if shares > 0 {
            self.tickets += 1;
            self.world.thaw(&owner, &pool, shares, self.tickets);
            // An unbonding time would be longer than a history: what thaws is taken as withdrawn.
            self.world.edit::<sluice_client::StakePool>(&pool, |pool| {
                (pool.thawing_shares, pool.tokens) = (0, 0);
            });
        }
    }

    fn register(&mut self, node: usize, set: u8) {
        let (node, provider) = (&self.nodes[node], &self.providers[self.owners[node]]);
        let (state, owner) = (self.world.node_state(node), &provider.owner);
        let close = ix::close_node(&owner.pubkey(), &node.address, &state);
        self.world.ok(&[close], &[owner]);
        let set = self.sets[usize::from(set - SET)].address;
        self.world.register(provider, &node.worker, &set);
    }
}
