//! A happy transaction on a chain where another one like it could be sent in the same network, and a third in another.

use {
    crate::{bend::holds_tokens, idl::Call, scenes::Played},
    litesvm::LiteSVM,
    sluice_client::{
        ClientError, Ledger, NetworkArgs, NetworkRoles, address,
        instruction::{
            self as ix,
            token::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
        },
    },
    sluice_tests::world::{PARAMS, World, error_name},
    solana_account::Account,
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_message::Message,
    solana_signer::Signer,
    solana_transaction::Transaction,
    std::collections::{BTreeMap, BTreeSet},
};

/// How an instruction comes to succeed.
#[derive(Clone, Copy)]
pub struct Scene {
    pub instruction: &'static str,
    pub name: &'static str,
    /// Leads a world to where a transaction succeeds in which our instruction stands last.
    pub play: fn(World) -> Played,
}

/// Accounts by address; none where there are no lamports.
pub type Accounts = BTreeMap<Address, Option<Account>>;

/// A happy transaction and what could stand in its accounts' places.
pub struct Case {
    pub scene: &'static str,
    pub call: &'static Call,
    pub chain: LiteSVM,
    /// The last one is ours.
    pub happy: Vec<Instruction>,
    /// Our instruction of the same scene, played anew in the same network and in another.
    pub twin: Instruction,
    pub foreign: Instruction,
    /// Accounts of the other network.
    pub theirs: BTreeSet<Address>,
    pub before: Accounts,
    pub after: Accounts,
    fee_payer: Keypair,
    keys: BTreeMap<Address, Keypair>,
    next_key: u64,
}

/// Why a transaction failed, and the fee that it took all the same.
pub struct Refusal {
    pub name: String,
    pub fee: u64,
}

impl Case {
    /// Plays the scene in another network and twice in the home network, each time from the same second on.
    pub fn new(scene: &Scene) -> Self {
        let mut world = World::bare();
        let home = found(&mut world, *b"home\0\0\0\0\0\0\0\0\0\0\0\0");
        let common = addresses(world.chain.svm());
        let other = found(&mut world, *b"other\0\0\0\0\0\0\0\0\0\0\0");
        let start = world.now();
        let play = |mut world: World, network| {
            world.network = network;
            world.chain.set_time(start);
            (scene.play)(world)
        };
        let (mut world, foreign) = play(world, other);
        let known = addresses(world.chain.svm());
        let theirs = known.difference(&common).copied().collect();
        let (world, twin) = play(world, home);
        let (mut world, happy) = play(world, home);

        let ours = |mut instructions: Vec<Instruction>| instructions.pop().unwrap();
        let (foreign, twin) = (ours(foreign), ours(twin));
        let mut case = Self {
            scene: scene.name,
            call: Call::of(happy.last().unwrap()),
            fee_payer: world.party(),
            chain: world.chain.svm().clone(),
            happy,
            twin,
            foreign,
            theirs,
            before: Accounts::new(),
            after: Accounts::new(),
            keys: world.keys().map(|key| (key.pubkey(), key)).collect(),
            next_key: 1 << 40,
        };
        assert_eq!(case.call.name, scene.instruction);
        case.succeed();
        case.enrich();
        case
    }

    /// Gives every token account of others more than anybody asks for: too few tokens would hide that an account was taken.
    fn enrich(&mut self) {
        for (key, mut account) in program_accounts(&self.chain) {
            if holds_tokens(&account) && !self.before.contains_key(&key) {
                account.data[64..72].copy_from_slice(&(1_u64 << 50).to_le_bytes());
                self.chain.set_account(key, account).unwrap();
            }
        }
    }

    /// Sends the happy transaction on a copy of the chain and keeps what it changed.
    fn succeed(&mut self) {
        let metas = &self.happy.last().unwrap().accounts;
        let given: Vec<_> = metas.iter().map(|meta| meta.pubkey).collect();
        for (place, key) in given.iter().enumerate() {
            let absent = *key == sluice_client::ID && self.call.slots[place].optional;
            assert!(
                absent || !given[..place].contains(key),
                "{}: {} is given twice, so that one place hides the other",
                self.scene,
                self.call.slots[place].name
            );
        }
        let mut chain = self.chain.clone();
        self.before = read(&chain, &given);
        if let Err(refusal) = self.send(&mut chain, &self.happy) {
            panic!("{} is refused: {}", self.scene, refusal.name);
        }
        self.after = read(&chain, &given);
    }

    /// Our instruction.
    pub fn instruction(&self) -> &Instruction {
        self.happy.last().unwrap()
    }

    /// The happy transaction with `bent` in the place of our instruction.
    pub fn with(&self, bent: Instruction) -> Vec<Instruction> {
        let mut instructions = self.happy.clone();
        *instructions.last_mut().unwrap() = bent;
        instructions
    }

    /// True when somebody in this chain can sign for `key`.
    pub fn can_sign(&self, key: &Address) -> bool {
        self.keys.contains_key(key)
    }

    /// An address whose key an attacker holds.
    pub fn key(&mut self) -> Address {
        self.next_key += 1;
        let key = sluice_tests::world::seeded(self.next_key);
        let address = key.pubkey();
        self.keys.insert(address, key);
        address
    }

    /// Whoever pays the fee: nobody who is in the instruction.
    pub fn fee_payer(&self) -> Address {
        self.fee_payer.pubkey()
    }

    /// Sends instructions with the signatures of everybody who has to sign.
    pub fn send(&self, chain: &mut LiteSVM, instructions: &[Instruction]) -> Result<u64, Refusal> {
        let message = Message::new(instructions, Some(&self.fee_payer()));
        let signing = usize::from(message.header.num_required_signatures);
        let keys: Vec<_> = message.account_keys[..signing]
            .iter()
            .map(|key| &self.keys[key])
            .collect();
        let transaction = Transaction::new(&keys, message, chain.latest_blockhash());
        match chain.send_transaction(transaction) {
            Ok(meta) => Ok(meta.fee),
            Err(failed) => Err(Refusal {
                fee: failed.meta.fee,
                name: error_name(&ClientError::of_transaction(failed.err, failed.meta.logs)),
            }),
        }
    }
}

/// The accounts at these addresses.
pub fn read(chain: &LiteSVM, keys: &[Address]) -> Accounts {
    keys.iter()
        .map(|key| {
            let account = chain.get_account(key);
            (*key, account.filter(|account| account.lamports > 0))
        })
        .collect()
}

/// Every account of our program and of the token programs.
pub fn program_accounts(chain: &LiteSVM) -> BTreeMap<Address, Account> {
    [sluice_client::ID, TOKEN_PROGRAM, TOKEN_2022_PROGRAM]
        .iter()
        .flat_map(|program| chain.get_program_accounts(program))
        .filter(|(_, account)| account.lamports > 0)
        .collect()
}

fn addresses(chain: &LiteSVM) -> BTreeSet<Address> {
    program_accounts(chain).into_keys().collect()
}

/// Creates a network in which every role is another key's.
fn found(world: &mut World, name: [u8; 16]) -> Address {
    let [creator, admin, guardian, resolver, treasury] = [(); 5].map(|()| world.party().pubkey());
    let pay = world.pay_mint;
    world.open_account(&treasury, &pay);
    let args = NetworkArgs {
        name,
        roles: NetworkRoles {
            admin,
            guardian,
            resolver,
            treasury,
        },
        ..world.network_args(PARAMS)
    };
    let create = ix::create_network(
        &world.payer.pubkey(),
        &creator,
        &world.stake_mint.address,
        &world.reward_mint.address,
        args,
    );
    let creator_key = world.keypair(&creator);
    world.ok(&[create], &[&creator_key]);
    let network = address::network(&creator, &name);
    assert!(world.chain.account(&network).unwrap().is_some());
    network
}
