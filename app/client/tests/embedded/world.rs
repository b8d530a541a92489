//! A network in business: a set of three attesters of whom two must sign, a provider with a node, and a buyer.

use {
    crate::recorded::Recorded,
    bytemuck::Zeroable,
    sluice_client::{
        Identity, Job, Ledger, Network, NetworkArgs, NetworkParams, NetworkRoles, NodeArgs, Offer,
        OfferArgs, OpenArgs, Quality, Seen, SetArgs, TakeArgs, Terms, address,
        instruction::{self as ix, token::Mint},
        ledger::Embedded,
        statement::{Path as Signs, Statement},
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

pub const HOUR: u32 = 3_600;
/// Base units of a unit of work, and units that a window may count.
pub const PRICE: u64 = 10_000;
pub const CAP: u64 = 100;
pub const FUNDS: u64 = 5_000_000;

pub struct World {
    pub ledger: Recorded,
    pub stake: Mint,
    pub network: Address,
    pub set: Address,
    pub provider: Address,
    pub node: Address,
    /// Founds the network, rules it, and owns the attesters.
    pub admin: Keypair,
    /// Owns the provider and operates it.
    pub owner: Keypair,
    pub worker: Keypair,
    pub attesters: [Keypair; 3],
    pub buyer: Keypair,
    pub treasury: Address,
    pub fee_owner: Address,
}

impl World {
    pub fn new() -> Self {
        let mut chain = Embedded::new(sluice_elf::built()).unwrap();
        let [admin, owner, buyer, worker] = [1, 2, 3, 4].map(key);
        for rich in [&admin, &owner, &buyer] {
            chain.airdrop(&rich.pubkey(), 10_000_000_000).unwrap();
        }
        let mut mint = |seed| {
            let address = key(seed).pubkey();
            chain.create_mint(&address, &admin.pubkey(), 6).unwrap()
        };
        let (pay, stake) = (mint(5), mint(6));
        let name = address::network_name("main").unwrap();
        let network = address::network(&admin.pubkey(), &name);
        let provider = address::provider(&network, &owner.pubkey());
        let mut attesters = [7, 8, 9].map(key);
        attesters.sort_by_key(|key| key.pubkey());
        let mut world = Self {
            ledger: Recorded {
                chain,
                mint: pay,
                pasts: vec![],
                forgotten: None,
                untold: vec![],
            },
            stake,
            network,
            set: Address::default(),
            provider,
            node: address::node(&provider, &worker.pubkey()),
            admin,
            owner,
            worker,
            attesters,
            buyer,
            treasury: key(10).pubkey(),
            fee_owner: key(11).pubkey(),
        };
        world.found(&stake);
        world.form_set(&stake);
        world.register(&stake);
        world
    }

    /// The network, and everybody's tokens.
    fn found(&mut self, stake: &Mint) {
        let (pay, admin) = (self.ledger.mint, self.admin.pubkey());
        let [buyer, owner] = [&self.buyer, &self.owner].map(Signer::pubkey);
        for (holder, mint, amount) in [
            (buyer, &pay, 4 * FUNDS),
            (owner, &pay, 0),
            (self.treasury, &pay, 0),
            (self.fee_owner, &pay, 0),
            (owner, stake, 1_000),
            (admin, stake, 1_000),
        ] {
            let account = address::token_account(&holder, &mint.address, &mint.token_program);
            let fill = spl_token_interface::instruction::mint_to(
                &mint.token_program,
                &mint.address,
                &account,
                &admin,
                &[],
                amount,
            );
            let open = ix::token::create_token_account(&admin, &holder, mint);
            self.by_admin(&[open, fill.unwrap()]);
        }
        let args = NetworkArgs {
            name: address::network_name("main").unwrap(),
            nonce: [1; 32],
            roles: NetworkRoles {
                admin,
                guardian: admin,
                resolver: admin,
                treasury: self.treasury,
            },
            params: NetworkParams {
                min_stake: 100,
                min_bond: 50,
                unbonding_secs: 7 * 86_400,
                timelock_secs: 7 * 86_400,
                fee_bps: 100,
                reserve: [0; 6],
                identity: Identity::NONE,
            },
            min_unbonding_secs: 86_400,
            dividend_secs: 86_400,
        };
        self.by_admin(&[ix::create_network(
            &admin,
            &admin,
            &stake.address,
            &pay.address,
            args,
        )]);
    }

    fn form_set(&mut self, stake: &Mint) {
        let (network, admin) = (self.network, self.admin.insecure_clone());
        let keys = self.attesters.each_ref().map(Signer::pubkey);
        for attester in self.attesters.each_ref().map(Keypair::insecure_clone) {
            let register = ix::register_attester(
                &admin.pubkey(),
                &admin.pubkey(),
                &attester.pubkey(),
                &network,
            );
            self.send(&[register], &admin, &[&attester]);
            let subject = address::attester(&network, &attester.pubkey());
            self.deposit(&admin, &subject, stake, 60);
        }
        let mut args = SetArgs {
            meter: [2; 32],
            fee_owner: self.fee_owner,
            revoker: admin.pubkey(),
            fee_bps: 50,
            threshold: 2,
            count: 3,
            keys: [Address::default(); 16],
            quality: Quality {
                mint: self.ledger.mint.address,
                price: 1,
                per: 1,
                bond: 20,
                challenge_bond: 0,
                challenge_secs: HOUR,
                ruling_secs: HOUR,
            },
        };
        args.keys[..3].copy_from_slice(&keys);
        self.set = address::attester_set(&network, &args.digest());
        self.by_admin(&[ix::create_attester_set(&admin.pubkey(), &network, args)]);
        for (index, key) in (0..).zip(keys) {
            let enter = ix::enter_attester_set(&admin.pubkey(), &network, &self.set, &key, index);
            self.by_admin(&[enter]);
        }
    }

    fn register(&mut self, stake: &Mint) {
        let (network, owner) = (self.network, self.owner.insecure_clone());
        let worker = self.worker.insecure_clone();
        let key = owner.pubkey();
        let register = ix::register_provider(&key, &key, &key, &network);
        self.send(&[register], &owner, &[]);
        self.deposit(&owner, &self.provider.clone(), stake, 500);
        let args = NodeArgs {
            metadata_hash: [0; 32],
            uri: [0; 64],
            slots_total: 2,
            class: 0,
            region: 0,
        };
        let register = ix::register_node(&key, &key, &worker.pubkey(), &network, &self.set, args);
        self.send(&[register], &owner, &[&worker]);
    }

    pub fn deposit(&mut self, owner: &Keypair, subject: &Address, mint: &Mint, amount: u64) {
        let (key, pool) = (owner.pubkey(), address::stake_pool(subject));
        let (network, program) = (self.network, &mint.token_program);
        let steps = [
            ix::create_stake_pool(&key, &network, subject, &mint.address, program),
            ix::stake(&key, &key, &network, &pool, &mint.address, program, amount),
        ];
        self.send(&steps, owner, &[]);
    }

    /// Opens job `id`, of three windows of an hour, and accepts it onto the node.
    pub fn active(&mut self, id: u64) -> Address {
        let job = self.open(id);
        let (owner, account) = (self.owner.insecure_clone(), self.job(&job));
        let key = owner.pubkey();
        let accept = ix::accept_job(&key, &key, &job, &account, &self.node);
        self.send(&[accept], &owner, &[]);
        job
    }

    /// Terms of every job.
    pub fn terms(&self) -> Terms {
        Terms {
            mint: self.ledger.mint.address,
            set: self.set,
            price: PRICE,
            per: 1,
            cap: CAP,
            bond: 50,
            max_length_secs: 3 * u64::from(HOUR),
            window_secs: HOUR,
            grace_secs: HOUR,
            challenge_secs: HOUR,
            ruling_secs: HOUR,
            notice_secs: HOUR,
            fault_windows: 2,
            ..Terms::zeroed()
        }
    }

    /// Opens job `id`.
    pub fn open(&mut self, id: u64) -> Address {
        let buyer = self.buyer.insecure_clone();
        let open = self.open_ix(id);
        self.send(&[open], &buyer, &[]);
        address::job(&self.network, &buyer.pubkey(), id)
    }

    /// Opens job `id`, with refunds to the buyer.
    pub fn open_ix(&self, id: u64) -> Instruction {
        let args = OpenArgs {
            id,
            terms: self.terms(),
            length_secs: 3 * u64::from(HOUR),
            open_until: self.ledger.chain.now() + i64::from(HOUR),
            funds: FUNDS,
            spec_hash: [3; 32],
            cosigner: Address::default(),
            provider: Address::default(),
            refund_owner: Address::default(),
            resolver: self.admin.pubkey(),
            max_fee_bps: 150,
        };
        let (key, program) = (self.buyer.pubkey(), self.ledger.mint.token_program);
        ix::open_job(&key, &key, &self.network, &program, args)
    }

    /// Offers the node's slots, for many jobs.
    pub fn offer(&mut self) -> Address {
        let owner = self.owner.insecure_clone();
        let args = OfferArgs {
            id: 1,
            terms: self.terms(),
            slots: 50,
            expires_at: self.ledger.chain.now() + 300 * 86_400,
        };
        let (key, node) = (owner.pubkey(), self.ledger.get(&self.node).unwrap());
        let post = ix::post_offer(&key, &key, &self.node, &node, args);
        self.send(&[post], &owner, &[]);
        address::offer(&self.node, 1)
    }

    /// Takes the offer as job `id`.
    pub fn take_ix(&self, offer_key: &Address, id: u64) -> Instruction {
        let offer: Offer = self.ledger.get(offer_key).unwrap();
        let args = TakeArgs {
            id,
            seen: Seen {
                incarnation: offer.incarnation,
                price: PRICE,
                per: 1,
            },
            length_secs: 3 * u64::from(HOUR),
            funds: FUNDS,
            spec_hash: [3; 32],
            cosigner: Address::default(),
            refund_owner: Address::default(),
            resolver: self.admin.pubkey(),
            max_fee_bps: 150,
        };
        let (key, program) = (self.buyer.pubkey(), self.ledger.mint.token_program);
        let owner = self.owner.pubkey();
        ix::take_offer(&key, &key, offer_key, &offer, &owner, &program, args)
    }

    /// Takes the offer as job `id`.
    pub fn take(&mut self, offer: &Address, id: u64) -> Address {
        let buyer = self.buyer.insecure_clone();
        let take = self.take_ix(offer, id);
        self.send(&[take], &buyer, &[]);
        address::job(&self.network, &buyer.pubkey(), id)
    }

    /// The pulls by which a released job is emptied: pay, both fees and the refund.
    pub fn pulls(&self, job: &Address) -> [Instruction; 4] {
        let account = self.job(job);
        let network: Network = self.ledger.get(&self.network).unwrap();
        let program = &self.ledger.mint.token_program;
        [
            ix::pay(job, &account, program),
            ix::sweep_treasury(job, &account, &network, program),
            ix::sweep_attesters(job, &account, program),
            ix::refund(job, &account, program),
        ]
    }

    pub fn close_ix(&self, job: &Address) -> Instruction {
        ix::close_job(job, &self.job(job), &self.ledger.mint.token_program)
    }

    pub fn release_ix(&self, job: &Address) -> Instruction {
        ix::release_job(job, &self.job(job))
    }

    /// Proves a whole first window of an active job and waits until everything can be pulled.
    pub fn work(&mut self, job: &Address) {
        self.ledger.chain.advance(HOUR.into());
        self.prove(job, 0, CAP);
        self.ledger.chain.advance((6 * HOUR).into());
        self.by_admin(&[ix::mature(job)]);
    }

    /// Proves `units` in a window of the job that has ended.
    pub fn prove(&mut self, job: &Address, window: u32, units: u64) {
        let account = self.job(job);
        let set = self.ledger.get(&self.set).unwrap();
        let statement = Statement::of(&account, window, units, [4; 32]);
        let sign = |key: &Keypair| statement.sign(Signs::Quorum, key).unwrap();
        let quorum = [sign(&self.attesters[0]), sign(&self.attesters[2])];
        let worker = sign(&self.worker);
        let proof = ix::attest(job, &account, &set, &statement, worker, &quorum).unwrap();
        self.by_admin(&proof);
    }

    pub fn job(&self, job: &Address) -> Job {
        self.ledger.get(job).unwrap()
    }

    /// Base units of the payment mint that `owner` holds.
    pub fn held(&self, owner: &Address) -> u64 {
        let mint = self.ledger.mint;
        let account = address::token_account(owner, &mint.address, &mint.token_program);
        self.ledger.token_balance(&account).unwrap()
    }

    /// Sends what anybody may send.
    pub fn by_admin(&mut self, instructions: &[Instruction]) {
        let admin = self.admin.insecure_clone();
        self.send(instructions, &admin, &[]);
    }

    pub fn send(&mut self, instructions: &[Instruction], payer: &Keypair, signers: &[&dyn Signer]) {
        self.ledger.send(instructions, payer, signers).unwrap();
    }
}

fn key(seed: u8) -> Keypair {
    Keypair::new_from_array([seed; 32])
}
