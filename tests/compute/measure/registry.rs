//! Networks, attesters, providers, nodes and their stake.

use {
    super::{Bench, first_bump, wallet},
    sluice_client::{Ledger, NodeArgs, StakePool, Unstake, address, instruction as ix},
    sluice_tests::world::{
        AttesterHandle, NODE_ARGS, NodeHandle, PARAMS, ProviderHandle, SetHandle, TOKEN,
    },
    solana_address::Address,
    solana_signer::Signer,
};

impl Bench {
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
        self.measure("create_network", 3_460, &[create], &[]);
    }

    /// True when `subject`, its pool, the pool's vaults and the owner's position have bump 255.
    fn stakeable(subject: &Address, owner: &Address) -> bool {
        let pool = address::stake_pool(subject);
        let program = &sluice_client::ID;
        first_bump(&[b"stake_pool", subject.as_ref()], program)
            && first_bump(&[b"vault", pool.as_ref()], program)
            && first_bump(&[b"dividends", pool.as_ref()], program)
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
        self.measure("register_attester", 2_930, &[register], &[&owner, &key]);
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
        // A price such as one asks for, not the test world's.
        args.quality.per = 1_000_000;
        while !first_bump(
            &[b"attester_set", network.as_ref(), &args.digest()],
            &sluice_client::ID,
        ) {
            args.meter[0] = args.meter[0].wrapping_add(1);
        }
        let create = ix::create_attester_set(&payer, &network, args);
        self.measure("create_attester_set, 5 keys", 3_810, &[create], &[]);
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
                self.measure("enter_attester_set", 1_190, &[enter], &[&owner]);
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
        self.measure("leave_attester_set", 900, &[leave], &[&owner]);
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
        self.measure("register_provider", 2_720, &[register], &[&owner]);
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
            // Its event names three more keys, and the worker's key is tried for the curve.
            3_220,
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
        self.measure("create_stake_pool", 6_060, &[create], &[]);
        let stake = |amount| {
            let (token, program) = (&mint.address, &mint.token_program);
            ix::stake(&payer, &owner, &network, &pool, token, program, amount)
        };
        let first = stake(10_000 * TOKEN);
        self.measure("stake, the first", 6_500, &[first], &[&provider.owner]);
        let more = stake(10_000 * TOKEN);
        self.measure("stake", 2_550, &[more], &[&provider.owner]);
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
        self.measure("unstake", 3_230, &[unstake], &[&provider.owner]);
        self.world.advance(i64::from(PARAMS.unbonding_secs));
        let ticket: Unstake = self
            .world
            .chain
            .get(&address::unstake(&position, nonce))
            .unwrap();
        let state: StakePool = self.world.chain.get(&pool).unwrap();
        let withdraw = ix::withdraw(&state, &ticket, &mint.token_program);
        self.measure("withdraw", 2_930, &[withdraw], &[]);
    }
}
