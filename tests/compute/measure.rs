//! One run through everything, with addresses chosen so that every bump is 255.

#[path = "market.rs"]
mod market;

pub(crate) use crate::table::Row;

use {
    sluice_client::{
        Epoch, Ledger, NodeArgs, RewardPool, RewardTerms, Share, StakePool, Unstake, address,
        instruction::{self as ix, NewRewardPool, token::Mint},
        ledger,
    },
    sluice_tests::world::{
        AttesterHandle, JobHandle, NODE_ARGS, NodeHandle, PARAMS, ProviderHandle, Pull, SetHandle,
        TOKEN, World, seeded,
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
    spl_associated_token_account_interface::program::ID as ATA,
};

/// The world and the rows so far.
pub(crate) struct Bench {
    pub world: World,
    pub rows: Vec<Row>,
    next: u64,
}

/// Measures every instruction, and those that move a job's tokens on a Token-2022 mint too.
pub fn all() -> Vec<Row> {
    let mut bench = Bench::new();
    bench.network();
    let set = bench.attesters();
    let provider = bench.provider();
    let node = bench.node(&provider, &set);
    bench.stake(&provider);
    let pool = bench.reward_pool(&set, &provider, &node);
    let job = bench.job(&set, &provider, &node);
    bench.rewards(&pool, &node);
    bench.exits(&job);
    bench.market(&set, &provider, &node);
    bench.rows.into_iter().chain(token_2022()).collect()
}

fn token_2022() -> impl Iterator<Item = Row> {
    let mut bench = Bench::new();
    bench.world.pay_mint = bench.world.mint_2022(&[]);
    bench.network();
    let set = bench.attesters();
    let provider = bench.provider();
    let node = bench.node(&provider, &set);
    bench.stake(&provider);
    let job = bench.job(&set, &provider, &node);
    bench.world.advance(86_400);
    bench.exits(&job);
    let kept = [("open_job", 12_000), ("pay", 5_000), ("refund", 5_000)];
    bench.rows.into_iter().filter_map(move |row| {
        let (name, ceiling) = kept.iter().find(|(name, _)| *name == row.name)?;
        Some(Row {
            name: format!("{name}, Token-2022"),
            ceiling: *ceiling,
            ..row
        })
    })
}

/// True when the canonical bump of these seeds is 255.
fn first_bump(seeds: &[&[u8]], program: &Address) -> bool {
    Address::find_program_address(seeds, program).1 == 255
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self {
            world: World::bare(),
            rows: vec![],
            next: 1_000_000,
        }
    }

    /// Sends `instructions`, the last of which is measured as `name`.
    fn measure(
        &mut self,
        name: &str,
        ceiling: u64,
        instructions: &[Instruction],
        signers: &[&Keypair],
    ) {
        let payer = self.world.payer.insecure_clone();
        let keys: Vec<&dyn Signer> = signers.iter().map(|key| *key as &dyn Signer).collect();
        let transaction = self.world.chain.sign(instructions, &payer, &keys).unwrap();
        let receipt = self
            .world
            .chain
            .submit(&transaction)
            .unwrap_or_else(|error| panic!("{name}: {error:?}"));
        self.rows.push(Row {
            name: name.to_owned(),
            units: *receipt.program_units().last().unwrap(),
            ceiling,
            bytes: ledger::size(&transaction),
        });
    }

    /// A funded key that `suits`.
    fn key_where(&mut self, suits: impl Fn(&Address) -> bool) -> Keypair {
        loop {
            self.next += 1;
            let key = seeded(self.next);
            if suits(&key.pubkey()) {
                self.world
                    .chain
                    .airdrop(&key.pubkey(), 1_000_000_000)
                    .unwrap();
                return key;
            }
        }
    }

    fn payer(&self) -> Address {
        self.world.payer.pubkey()
    }

    pub(crate) fn network(&mut self) {
        let creator = self.payer();
        let mut args = self.world.network_args(PARAMS);
        let mint = self.world.pay_mint;
        self.world.treasury = self.key_where(|key| wallet(key, &[&mint]));
        args.roles.treasury = self.world.treasury.pubkey();
        while !first_bump(
            &[b"network", creator.as_ref(), &args.name],
            &sluice_client::ID,
        ) {
            args.name[15] += 1;
        }
        self.world.network = address::network(&creator, &args.name);
        let (stake, reward) = (
            self.world.stake_mint.address,
            self.world.reward_mint.address,
        );
        let create = ix::create_network(&creator, &creator, &stake, &reward, args);
        self.measure("create_network", 5_000, &[create], &[]);
    }

    /// True when `subject`, its pool, the pool's vault and the owner's position have bump 255.
    fn stakeable(subject: &Address, owner: &Address) -> bool {
        let pool = address::stake_pool(subject);
        let program = &sluice_client::ID;
        first_bump(&[b"stake_pool", subject.as_ref()], program)
            && first_bump(&[b"vault", pool.as_ref()], program)
            && first_bump(&[b"stake", pool.as_ref(), owner.as_ref()], program)
    }

    pub(crate) fn attesters(&mut self) -> SetHandle {
        let network = self.world.network;
        let payer = self.payer();
        let owner = self.key_where(|_| true);
        let key = self.key_where(|key| {
            first_bump(
                &[b"attester", network.as_ref(), key.as_ref()],
                &sluice_client::ID,
            )
        });
        let register = ix::register_attester(&payer, &owner.pubkey(), &key.pubkey(), &network);
        self.measure("register_attester", 3_000, &[register], &[&owner, &key]);
        let subject = address::attester(&network, &key.pubkey());
        let pool = self.world.stake(&subject, &owner, 1_000 * TOKEN);
        let mut attesters: Vec<_> = (0..4).map(|_| self.world.attester()).collect();
        attesters.push(AttesterHandle {
            owner,
            key,
            address: subject,
            pool,
        });

        let mint = self.world.pay_mint;
        let fee_owner = self.key_where(|key| wallet(key, &[&mint]));
        let mut args = self
            .world
            .set_args(&mut attesters, 3, 100, &fee_owner.pubkey());
        while !first_bump(
            &[b"attester_set", network.as_ref(), &args.digest()],
            &sluice_client::ID,
        ) {
            args.meter[0] = args.meter[0].wrapping_add(1);
        }
        let create = ix::create_attester_set(&payer, &network, args);
        self.measure("create_attester_set, 5 keys", 5_000, &[create], &[]);
        let set = SetHandle {
            address: address::attester_set(&network, &args.digest()),
            args,
            attesters,
            fee_owner,
        };
        for index in 0..5 {
            let member = &set.attesters[usize::from(index)];
            let enter = ix::enter_attester_set(
                &member.owner.pubkey(),
                &network,
                &set.address,
                &member.key.pubkey(),
                index,
            );
            let owner = member.owner.insecure_clone();
            if index == 0 {
                self.measure("enter_attester_set", 2_000, &[enter], &[&owner]);
            } else {
                self.world.ok(&[enter], &[&owner]);
            }
        }
        let last = &set.attesters[4];
        let leave = ix::leave_attester_set(
            &last.owner.pubkey(),
            &network,
            &set.address,
            &last.key.pubkey(),
            4,
        );
        let owner = last.owner.insecure_clone();
        self.measure("leave_attester_set", 2_000, &[leave], &[&owner]);
        set
    }

    pub(crate) fn provider(&mut self) -> ProviderHandle {
        let network = self.world.network;
        let payer = self.payer();
        let mints = [
            self.world.pay_mint,
            self.world.stake_mint,
            self.world.reward_mint,
        ];
        let owner = self.key_where(|owner| {
            let subject = address::provider(&network, owner);
            first_bump(
                &[b"provider", network.as_ref(), owner.as_ref()],
                &sluice_client::ID,
            ) && Self::stakeable(&subject, owner)
                && wallet(owner, &mints.each_ref())
        });
        let operator = self.key_where(|_| true);
        let register = ix::register_provider(&payer, &owner.pubkey(), &operator.pubkey(), &network);
        self.measure("register_provider", 3_000, &[register], &[&owner]);
        for mint in mints {
            self.world.open_account(&owner.pubkey(), &mint);
        }
        let address = address::provider(&network, &owner.pubkey());
        ProviderHandle {
            pool: address::stake_pool(&address),
            address,
            owner,
            operator,
        }
    }

    pub(crate) fn node(&mut self, provider: &ProviderHandle, set: &SetHandle) -> NodeHandle {
        let (payer, network) = (self.payer(), self.world.network);
        let worker = self.key_where(|key| {
            first_bump(
                &[b"node", provider.address.as_ref(), key.as_ref()],
                &sluice_client::ID,
            )
        });
        let args = NodeArgs { ..NODE_ARGS };
        let register = ix::register_node(
            &payer,
            &provider.owner.pubkey(),
            &worker.pubkey(),
            &network,
            &set.address,
            args,
        );
        self.measure(
            "register_node",
            3_000,
            &[register],
            &[&provider.owner, &worker],
        );
        NodeHandle {
            address: address::node(&provider.address, &worker.pubkey()),
            worker,
        }
    }

    pub(crate) fn stake(&mut self, provider: &ProviderHandle) {
        let (payer, network, mint) = (self.payer(), self.world.network, self.world.stake_mint);
        let owner = provider.owner.pubkey();
        let pool = provider.pool;
        self.world.mint_to(&owner, &mint, 20_000 * TOKEN);
        let create = ix::create_stake_pool(
            &payer,
            &network,
            &provider.address,
            &mint.address,
            &mint.token_program,
        );
        self.measure("create_stake_pool", 7_500, &[create], &[]);
        let open = ix::open_position(&payer, &owner, &pool);
        self.measure("open_position", 3_000, &[open], &[&provider.owner]);
        let stake = ix::stake(
            &owner,
            &pool,
            &mint.address,
            &mint.token_program,
            20_000 * TOKEN,
        );
        self.measure("stake", 4_500, &[stake], &[&provider.owner]);
        let position = address::position(&pool, &owner);
        let nonce = (0..)
            .find(|nonce: &u64| {
                first_bump(
                    &[b"unstake", position.as_ref(), &nonce.to_le_bytes()],
                    &sluice_client::ID,
                )
            })
            .unwrap();
        let unstake = ix::unstake(&payer, &owner, &network, &pool, 5_000 * TOKEN, nonce);
        self.measure("unstake", 4_500, &[unstake], &[&provider.owner]);
        self.world.advance(i64::from(PARAMS.unbonding_secs));
        let ticket: Unstake = self
            .world
            .chain
            .get(&address::unstake(&position, nonce))
            .unwrap();
        let state: StakePool = self.world.chain.get(&pool).unwrap();
        let withdraw = ix::withdraw(&state, &ticket, &mint.token_program);
        self.measure("withdraw", 4_500, &[withdraw], &[]);
    }

    fn reward_pool(
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

    pub(crate) fn job(
        &mut self,
        set: &SetHandle,
        provider: &ProviderHandle,
        node: &NodeHandle,
    ) -> JobHandle {
        let (network, mint, payer) = (self.world.network, self.world.pay_mint, self.payer());
        let buyer = self.key_where(|key| wallet(key, &[&mint]));
        self.world.mint_to(&buyer.pubkey(), &mint, 10_000 * TOKEN);
        let cosigner = self.key_where(|_| true);
        let terms = self.world.terms(&set.address);
        let mut args = self.world.open_args(0, terms, &cosigner.pubkey());
        args.id = (0..)
            .find(|id: &u64| {
                let job = address::job(&network, &buyer.pubkey(), *id);
                let buyer = buyer.pubkey();
                first_bump(
                    &[b"job", network.as_ref(), buyer.as_ref(), &id.to_le_bytes()],
                    &sluice_client::ID,
                ) && first_bump(&[b"vault", job.as_ref()], &sluice_client::ID)
            })
            .unwrap();
        let open = ix::open_job(&payer, &buyer.pubkey(), &network, &mint.token_program, args);
        self.measure("open_job", 7_500, &[open], &[&buyer]);
        let job_key = address::job(&network, &buyer.pubkey(), args.id);
        let job = self.world.job(&job_key);
        let accept = ix::accept_job(
            &provider.operator.pubkey(),
            &provider.owner.pubkey(),
            &job_key,
            &job,
            &node.address,
        );
        self.measure("accept_job", 3_000, &[accept], &[&provider.operator]);
        let top_up = ix::top_up_job(&buyer.pubkey(), &job_key, &job, &mint.token_program, TOKEN);
        self.measure("top_up_job", 4_500, &[top_up], &[&buyer]);
        let handle = JobHandle {
            address: job_key,
            buyer,
            cosigner,
            worker: node.worker.insecure_clone(),
            provider_owner: provider.owner.pubkey(),
            node: node.address,
        };

        self.world.advance(4 * 3_600);
        let attest = self.world.attest_ixs(&handle, set, 0, 50);
        self.measure("attest, worker + 3 attesters", 1_800, &attest, &[]);
        for window in 1..3 {
            self.world.attest(&handle, set, window, 50);
        }
        let cosigned = self.world.cosigned_ixs(&handle, 3, 10);
        self.measure("attest_cosigned", 1_800, &cosigned, &[]);
        self.world.advance(11 * 3_600);
        self.measure(
            "mature, 2 of 3 windows",
            2_000,
            &[ix::mature(&job_key)],
            &[],
        );
        self.world.advance(3_600);
        let credit = ix::credit(&job_key, &self.world.job(&job_key));
        self.measure("credit, 1 window maturing", 1_200, &[credit], &[]);
        handle
    }

    fn rewards(&mut self, pool_key: &Address, node: &NodeHandle) {
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

    pub(crate) fn exits(&mut self, job: &JobHandle) {
        let mint = self.world.pay_mint;
        for owner in [
            self.world.treasury.pubkey(),
            self.world.job(&job.address).attestation_owner,
        ] {
            self.world.open_account(&owner, &mint);
        }
        for (name, ceiling, pull) in [
            ("pay", 2_600, Pull::Pay),
            // Loads the network besides, for the treasury of today.
            ("sweep_treasury", 2_700, Pull::Treasury),
            ("sweep_attesters", 2_600, Pull::Attesters),
            ("refund", 2_600, Pull::Refund),
        ] {
            let exit = self.world.pull(&job.address, pull);
            self.measure(name, ceiling, &[exit], &[]);
        }
        let state = self.world.job(&job.address);
        self.measure(
            "release_job",
            3_000,
            &[ix::release_job(&job.address, &state)],
            &[],
        );
        let close = ix::close_job(&job.address, &state, &mint.token_program);
        self.measure("close_job", 4_500, &[close], &[]);
    }
}

/// True when the associated accounts of `owner` for `mints` have bump 255.
fn wallet(owner: &Address, mints: &[&Mint]) -> bool {
    mints.iter().all(|mint| {
        first_bump(
            &[
                owner.as_ref(),
                mint.token_program.as_ref(),
                mint.address.as_ref(),
            ],
            &ATA,
        )
    })
}
