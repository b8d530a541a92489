//! A network in business, all of whose roles are vaults of another program.

use {
    crate::check::Call,
    sluice_client::{Ledger, Provider, RewardPool, address, instruction as ix},
    sluice_tests::world::{
        AttesterHandle, DAY, JobHandle, NODE_ARGS, NodeHandle, PARAMS, SOL, SetHandle, TOKEN,
        Vault, World,
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

const NAME: [u8; 16] = *b"owned\0\0\0\0\0\0\0\0\0\0\0";

/// The network and its vaults, each with SOL and tokens. The world's payer pays rent, `fees` the fees.
pub struct House {
    pub world: World,
    pub fees: Keypair,
    /// Creator, admin and guardian of the network, and revoker.
    pub governor: Vault,
    pub resolver: Vault,
    /// Owner of the provider and of attesters.
    pub owner: Vault,
    pub operator: Vault,
    pub buyer: Vault,
    /// Whoever has no part in anything yet.
    pub stranger: Vault,
}

/// The owner's provider, with stake and a node under a set whose members are ordinary keys.
pub struct Shop {
    pub set: SetHandle,
    pub pool: Address,
    pub node: NodeHandle,
}

impl House {
    pub fn new() -> Self {
        let mut world = World::bare();
        world.add_forwarder();
        let fees = world.party();
        let [governor, resolver, owner, operator, buyer, stranger] =
            [0, 1, 2, 3, 4, 5].map(Vault::new);
        let mut house = Self {
            world,
            fees,
            governor,
            resolver,
            owner,
            operator,
            buyer,
            stranger,
        };
        house.endow();
        let create = house.create_network_ix(NAME);
        house.done(&governor, create);
        house.world.network = address::network(&governor.address, &NAME);
        house
    }

    /// The same vaults, in a world that a test prepared.
    pub fn move_to(&mut self, world: World) {
        self.world = world;
        self.world.add_forwarder();
        let fees = self.fees.pubkey();
        self.world.chain.airdrop(&fees, SOL).unwrap();
        self.endow();
    }

    /// Gives every vault SOL and tokens of each mint.
    fn endow(&mut self) {
        let mints = [
            self.world.stake_mint,
            self.world.pay_mint,
            self.world.reward_mint,
        ];
        for vault in self.vaults() {
            let address = vault.address;
            self.world.chain.airdrop(&address, 10 * SOL).unwrap();
            for mint in &mints {
                self.world.mint_to(&address, mint, 1_000_000 * TOKEN);
            }
        }
    }

    const fn vaults(&self) -> [Vault; 6] {
        [
            self.governor,
            self.resolver,
            self.owner,
            self.operator,
            self.buyer,
            self.stranger,
        ]
    }

    /// The governor's creation of a network of this name.
    pub fn create_network_ix(&self, name: [u8; 16]) -> Instruction {
        let (stake, dividend) = (self.world.stake_mint, self.world.reward_mint);
        let mut args = self.world.network_args(PARAMS);
        args.name = name;
        args.roles.admin = self.governor.address;
        args.roles.guardian = self.governor.address;
        args.roles.resolver = self.resolver.address;
        ix::create_network(
            &self.payer(),
            &self.governor.address,
            &stake.address,
            &dividend.address,
            args,
        )
    }

    /// Who pays rent.
    pub fn payer(&self) -> Address {
        self.world.payer.pubkey()
    }

    /// What `vault` does by `instruction`, to be looked at.
    pub fn call(&self, vault: Vault, instruction: Instruction) -> Call {
        Call {
            vault,
            instruction,
            signers: vec![],
        }
    }

    /// The forwarder does this for `vault`, on the way to what is looked at.
    #[track_caller]
    pub fn done(&mut self, vault: &Vault, instruction: Instruction) {
        self.done_with(vault, instruction, &[]);
    }

    #[track_caller]
    pub fn done_with(&mut self, vault: &Vault, instruction: Instruction, signers: &[&Keypair]) {
        self.world.ok(&[vault.call(&instruction)], signers);
    }

    /// Moves to a later slot: nothing closes in the one in which it opened.
    pub fn later(&mut self) {
        self.world.chain.advance_slot(1);
    }

    /// Registers a provider of `owner`; returns its address.
    pub fn provider(&mut self, owner: &Vault) -> Address {
        let (payer, operator, network) = (self.payer(), self.operator.address, self.world.network);
        let register = ix::register_provider(&payer, &owner.address, &operator, &network);
        self.done(owner, register);
        address::provider(&network, &owner.address)
    }

    pub fn provider_state(&self, provider: &Address) -> Provider {
        self.world.chain.get(provider).unwrap()
    }

    /// Opens the stake pool of a provider or attester; returns its address.
    pub fn stake_pool(&mut self, subject: &Address) -> Address {
        let create = self.create_stake_pool_ix(&self.payer(), subject);
        self.world.ok(&[create], &[]);
        address::stake_pool(subject)
    }

    pub fn create_stake_pool_ix(&self, payer: &Address, subject: &Address) -> Instruction {
        let mint = self.world.stake_mint;
        let network = &self.world.network;
        ix::create_stake_pool(payer, network, subject, &mint.address, &mint.token_program)
    }

    /// A position of `vault` in a pool, with `amount` in it.
    pub fn stake(&mut self, vault: &Vault, pool: &Address, amount: u64) {
        let stake = self.world.stake_ix(&vault.address, pool, amount);
        self.done(vault, stake);
    }

    /// Moves all of a vault's stake into a ticket; returns its address.
    pub fn thaw(&mut self, vault: &Vault, pool: &Address) -> Address {
        let shares = self.world.position(pool, &vault.address).shares;
        let unstake = self.world.unstake_ix(&vault.address, pool, shares, 1);
        self.done(vault, unstake);
        address::unstake(&address::position(pool, &vault.address), 1)
    }

    /// Takes all of a vault's stake out of a pool, and leaves its position empty.
    pub fn left(&mut self, vault: &Vault, pool: &Address) {
        self.stake(vault, pool, TOKEN);
        let ticket = self.thaw(vault, pool);
        self.world.advance(i64::from(7 * DAY));
        self.world.withdraw(&ticket);
    }

    /// The owner's provider, with stake and a node.
    pub fn shop(&mut self) -> Shop {
        let owner = self.owner;
        let set = self.world.set(1, 1);
        let provider = self.provider(&owner);
        let pool = self.stake_pool(&provider);
        self.stake(&owner, &pool, 10_000 * TOKEN);
        let worker = self.world.key();
        let register = self.register_node_ix(&worker.pubkey(), &set.address);
        self.done_with(&owner, register, &[&worker]);
        Shop {
            node: NodeHandle {
                address: address::node(&provider, &worker.pubkey()),
                worker,
            },
            set,
            pool,
        }
    }

    /// The registration of a machine of the owner's provider.
    pub fn register_node_ix(&self, worker: &Address, set: &Address) -> Instruction {
        let (owner, network) = (&self.owner.address, &self.world.network);
        ix::register_node(&self.payer(), owner, worker, network, set, NODE_ARGS)
    }

    /// A bonded attester of the owner, in a set of which it is the only member and the governor the revoker.
    pub fn member(&mut self) -> (Keypair, Address) {
        let owner = self.owner;
        let (payer, network, key) = (self.payer(), self.world.network, self.world.key());
        let register = ix::register_attester(&payer, &owner.address, &key.pubkey(), &network);
        self.done_with(&owner, register, &[&key]);
        let attester = address::attester(&network, &key.pubkey());
        let pool = self.stake_pool(&attester);
        self.stake(&owner, &pool, 1_000 * TOKEN);
        let handle = AttesterHandle {
            owner: self.world.key(),
            key: key.insecure_clone(),
            address: attester,
            pool,
        };
        let fee_owner = self.stranger.address;
        let mut args = self.world.set_args(&mut [handle], 1, 100, &fee_owner);
        args.revoker = self.governor.address;
        let create = ix::create_attester_set(&payer, &network, args);
        self.world.ok(&[create], &[]);
        (key, address::attester_set(&network, &args.digest()))
    }

    /// The owner's entry of its member into the set.
    pub fn enter_ix(&self, (key, set): &(Keypair, Address)) -> Instruction {
        let (owner, network) = (&self.owner.address, &self.world.network);
        ix::enter_attester_set(owner, network, set, &key.pubkey(), 0)
    }

    /// The buyer's opening of a job of twenty hours.
    pub fn open_ix(&mut self, shop: &Shop) -> Instruction {
        let cosigner = self.world.key_address();
        let terms = self.world.terms(&shop.set.address);
        let mut args = self.world.open_args(1, terms, &cosigner);
        args.length_secs = 20 * 3_600;
        let program = &self.world.pay_mint.token_program;
        ix::open_job(
            &self.payer(),
            &self.buyer.address,
            &self.world.network,
            program,
            args,
        )
    }

    /// Opens the buyer's job; returns its address.
    pub fn open(&mut self, shop: &Shop) -> Address {
        let (buyer, open) = (self.buyer, self.open_ix(shop));
        self.done(&buyer, open);
        address::job(&self.world.network, &buyer.address, 1)
    }

    /// The operator's acceptance of a job onto the shop's node.
    pub fn accept_ix(&self, shop: &Shop, job: &Address) -> Instruction {
        let (operator, owner) = (&self.operator.address, &self.owner.address);
        ix::accept_job(
            operator,
            owner,
            job,
            &self.world.job(job),
            &shop.node.address,
        )
    }

    /// The buyer's job, at work on the shop's node.
    pub fn active(&mut self, shop: &Shop) -> JobHandle {
        let job = self.open(shop);
        let (operator, accept) = (self.operator, self.accept_ix(shop, &job));
        self.done(&operator, accept);
        JobHandle {
            address: job,
            // The keys that a vault does not have, and nothing here asks for.
            buyer: self.world.key(),
            cosigner: self.world.key(),
            worker: shop.node.worker.insecure_clone(),
            provider_owner: self.owner.address,
            node: shop.node.address,
        }
    }

    /// The same job with its first window proven, at its end.
    pub fn proven(&mut self) -> JobHandle {
        let shop = self.shop();
        let job = self.active(&shop);
        self.world.advance(3_600);
        self.world.attest(&job, &shop.set, 0, 100);
        job
    }

    /// The stranger's reward pool for the shop's set.
    pub fn reward_pool(&mut self, set: &Address) -> Address {
        let (stranger, new) = (
            self.stranger,
            self.world
                .new_reward_pool(set, 1, self.world.reward_terms()),
        );
        let create = ix::create_reward_pool(&self.payer(), &stranger.address, &new);
        self.done(&stranger, create);
        address::reward_pool(&self.world.network, &stranger.address, 1)
    }

    /// The operator's joining of the shop's node.
    pub fn join_ix(&self, shop: &Shop, pool: &Address) -> Instruction {
        let state: RewardPool = self.world.chain.get(pool).unwrap();
        let (payer, operator) = (&self.payer(), &self.operator.address);
        let node = self.world.node_state(&shop.node);
        ix::join_reward_pool(payer, operator, pool, &state, &shop.node.address, &node)
    }
}
