//! A network on the embedded engine with the built ELF: parties, tokens, and the steps most tests begin with.

mod batches;
mod disputes;
mod ends;
mod events;
pub mod extensions;
mod forwarder;
pub mod identity;
mod mints;
mod networks;
mod offers;
mod parties;
mod parts;
mod pools;
mod refusal;
mod site;
mod stage;
mod stakes;
mod tamper;
mod tokens;
mod wide;
mod work;

pub use {
    batches::BatchHandle,
    disputes::{EVIDENCE, Objection, REASON, lied, signed_twice, upheld, void},
    events::{line, logged, logged_lines},
    forwarder::{Vault, through_forwarder},
    offers::Stall,
    parties::{AttesterHandle, NODE_ARGS, NodeHandle, ProviderHandle, SetHandle},
    parts::budget,
    refusal::error_name,
    site::Site,
    stage::{Earner, Stage},
    tamper::Tamper,
    wide::Wide,
    work::{JobHandle, MOST_BPS, Pull, sign_all},
};
use {
    sluice_client::{
        Identity, Ledger, Network, NetworkArgs, NetworkParams, NetworkRoles, Receipt, Result,
        address,
        instruction::{self as ix, token::Mint},
        ledger::Embedded,
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

pub const DAY: u32 = 86_400;
pub const SOL: u64 = 1_000_000_000;
/// One token of the world's mints, which have six decimals.
pub const TOKEN: u64 = 1_000_000;

/// The chain, the network on it, its mints and its fee payer.
pub struct World {
    pub chain: Embedded,
    pub payer: Keypair,
    pub network: Address,
    pub treasury: Keypair,
    pub stake_mint: Mint,
    pub pay_mint: Mint,
    pub reward_mint: Mint,
    next_key: u64,
}

/// Parameters of the world's network.
pub const PARAMS: NetworkParams = NetworkParams {
    min_stake: 100 * TOKEN,
    min_bond: 50 * TOKEN,
    unbonding_secs: 7 * DAY,
    timelock_secs: 7 * DAY,
    fee_bps: 250,
    reserve: [0; 6],
    identity: Identity::NONE,
};

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// A chain with the program, three mints and a network.
    pub fn new() -> Self {
        Self::with(PARAMS)
    }

    /// A world whose network has these parameters.
    pub fn with(params: NetworkParams) -> Self {
        let mut world = Self::bare();
        let args = world.network_args(params);
        let payer = world.payer.insecure_clone();
        let create = ix::create_network(
            &payer.pubkey(),
            &payer.pubkey(),
            &world.stake_mint.address,
            &world.reward_mint.address,
            args,
        );
        world.ok(&[create], &[]);
        world
    }

    /// A chain with the program and three mints, but no network yet at `self.network`.
    pub fn bare() -> Self {
        let mut chain = Embedded::new(sluice_elf::built()).unwrap();
        let payer = seeded(0);
        chain.airdrop(&payer.pubkey(), 100_000 * SOL).unwrap();
        let mut mint = |key| {
            chain
                .create_mint(&seeded(key).pubkey(), &payer.pubkey(), 6)
                .unwrap()
        };
        let (stake_mint, pay_mint, reward_mint) = (mint(1), mint(2), mint(3));
        let mut world = Self {
            network: address::network(&payer.pubkey(), &NAME),
            treasury: seeded(4),
            chain,
            payer,
            stake_mint,
            pay_mint,
            reward_mint,
            next_key: 100,
        };
        let treasury = world.treasury.pubkey();
        world.open_account(&treasury, &pay_mint);
        world
    }

    /// Arguments that create the world's network.
    pub fn network_args(&self, params: NetworkParams) -> NetworkArgs {
        let admin = self.payer.pubkey();
        NetworkArgs {
            name: NAME,
            nonce: [7; 32],
            roles: NetworkRoles {
                admin,
                guardian: admin,
                resolver: admin,
                treasury: self.treasury.pubkey(),
            },
            params,
            min_unbonding_secs: 7 * DAY,
            dividend_secs: DAY,
        }
    }

    /// A fresh key that nobody else has; the same in every run.
    pub fn key(&mut self) -> Keypair {
        self.next_key += 1;
        seeded(self.next_key)
    }

    /// A fresh key with lamports.
    pub fn party(&mut self) -> Keypair {
        let key = self.key();
        self.chain.airdrop(&key.pubkey(), 100 * SOL).unwrap();
        key
    }

    /// Every key of this world.
    pub fn keys(&self) -> impl Iterator<Item = Keypair> {
        (0..=4).chain(101..=self.next_key).map(seeded)
    }

    /// The key pair of a party of this world.
    #[track_caller]
    pub fn keypair(&self, address: &Address) -> Keypair {
        let mut keys = self.keys();
        keys.find(|key| key.pubkey() == *address)
            .expect("a key of this world")
    }

    /// Sends what must succeed; the world's payer pays fees and rent.
    pub fn ok(&mut self, instructions: &[Instruction], signers: &[&Keypair]) -> Receipt {
        self.send(instructions, signers)
            .unwrap_or_else(|error| panic!("refused: {error:?}"))
    }

    /// Sends, whatever comes of it.
    pub fn send(&mut self, instructions: &[Instruction], signers: &[&Keypair]) -> Result<Receipt> {
        let payer = self.payer.insecure_clone();
        let signers: Vec<&dyn Signer> = signers.iter().map(|key| *key as &dyn Signer).collect();
        self.chain.send(instructions, &payer, &signers)
    }

    /// Unix time on the chain.
    pub fn now(&self) -> i64 {
        self.chain.now()
    }

    /// Moves the clock `secs` on.
    pub fn advance(&mut self, secs: i64) {
        self.chain.advance(secs);
    }

    /// Creates the associated token account of `owner` unless it exists.
    pub fn open_account(&mut self, owner: &Address, mint: &Mint) {
        let create = ix::token::create_token_account(&self.payer.pubkey(), owner, mint);
        self.ok(&[create], &[]);
    }

    /// Mints `amount` base units to the associated account of `owner`.
    pub fn mint_to(&mut self, owner: &Address, mint: &Mint, amount: u64) {
        self.open_account(owner, mint);
        let account = address::token_account(owner, &mint.address, &mint.token_program);
        self.mint_into(&account, mint, amount);
    }

    /// Mints `amount` base units into a token account.
    pub fn mint_into(&mut self, account: &Address, mint: &Mint, amount: u64) {
        let authority = self.payer.pubkey();
        let mut mint_to = spl_token_interface::instruction::mint_to(
            &spl_token_interface::ID,
            &mint.address,
            account,
            &authority,
            &[],
            amount,
        )
        .unwrap();
        mint_to.program_id = mint.token_program;
        self.ok(&[mint_to], &[]);
    }

    /// Base units in the associated account of `owner`.
    pub fn tokens(&self, owner: &Address, mint: &Mint) -> u64 {
        let account = address::token_account(owner, &mint.address, &mint.token_program);
        self.chain.token_balance(&account).unwrap()
    }

    /// Base units in the vault of a job, stake pool or reward pool.
    pub fn vault(&self, account: &Address) -> u64 {
        self.chain.token_balance(&address::vault(account)).unwrap()
    }

    /// The network account.
    pub fn network_state(&self) -> Network {
        self.chain.get(&self.network).unwrap()
    }
}

const NAME: [u8; 16] = *b"test\0\0\0\0\0\0\0\0\0\0\0\0";

/// The key with this number.
pub fn seeded(number: u64) -> Keypair {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number.to_le_bytes());
    seed[31] = 1;
    Keypair::new_from_array(seed)
}

/// Asserts that two accounts of one type hold the same bytes.
#[track_caller]
pub fn same<T: bytemuck::Pod>(found: &T, expected: &T) {
    let (found, expected) = (bytemuck::bytes_of(found), bytemuck::bytes_of(expected));
    let differs: Vec<_> = (0..found.len())
        .filter(|at| found[*at] != expected[*at])
        .collect();
    assert!(differs.is_empty(), "bytes {differs:?} differ");
}
