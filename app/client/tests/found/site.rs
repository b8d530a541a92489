//! A chain with mints and keys and nothing else, and the manifest of what is to stand there.

use {
    sluice_client::{
        Ledger, address,
        found::{Manifest, Result, Stage, Step, Survey, Wanted},
        instruction::token::{Mint, create_token_account},
        ledger::Embedded,
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

pub const DAY: i64 = 86_400;

/// Whoever pays, mints, and signs as one of the manifest's roles.
const NAMES: [&str; 9] = [
    "admin", "guild", "funder", "heir", "treasury", "fees", "a1", "a2", "a3",
];

pub struct Site {
    pub chain: Embedded,
    keys: Vec<Keypair>,
    /// Mint of stake, 9 decimals.
    pub stake: Mint,
    /// Mint of payments, rewards and dividends, 6 decimals.
    pub pay: Mint,
    /// The manifest's text, to be changed.
    pub manifest: String,
}

impl Site {
    /// Mints and keys; the guild has 1,000 of stake and the funder 900 to give.
    pub fn new() -> Self {
        let mut chain = Embedded::new(sluice_elf::built()).unwrap();
        let keys: Vec<Keypair> = NAMES.map(|_| Keypair::new()).into();
        let minter = keys[0].pubkey();
        chain.airdrop(&minter, 100_000_000_000).unwrap();
        let mut mint = |decimals| {
            let address = Keypair::new().pubkey();
            chain.create_mint(&address, &minter, decimals).unwrap()
        };
        let (stake, pay) = (mint(9), mint(6));
        let mut site = Self {
            chain,
            keys,
            stake,
            pay,
            manifest: String::new(),
        };
        site.give("guild", &stake, 1_000_000_000_000);
        site.give("funder", &pay, 900_000_000);
        site.manifest = site.written();
        site
    }

    /// The network of the manifest stands.
    pub fn standing() -> Self {
        let mut site = Self::new();
        site.apply();
        site
    }

    pub fn key(&self, name: &str) -> Address {
        let place = NAMES.iter().position(|one| *one == name).unwrap();
        self.keys[place].pubkey()
    }

    /// Replaces `old`, which must be there, in the manifest.
    pub fn change(&mut self, old: &str, new: &str) {
        assert!(self.manifest.contains(old), "{old}");
        self.manifest = self.manifest.replace(old, new);
    }

    /// The manifest without its reward pool.
    pub fn without_pool(&mut self) {
        let before = self.manifest.split("[[reward_pool]]").next().unwrap();
        self.manifest = before.to_owned();
    }

    pub fn wanted(&self) -> Result<Wanted> {
        Wanted::of(&self.chain, &Manifest::parse(&self.manifest)?)
    }

    /// The chain held against the manifest.
    pub fn survey(&self) -> Result<Survey> {
        Survey::of(&self.chain, &self.wanted()?)
    }

    /// What is to do.
    pub fn due(&self) -> Vec<Step> {
        let survey = self.survey().unwrap();
        survey.due().map(|(_, step)| step.clone()).collect()
    }

    /// The one thing that is to do.
    pub fn one_due(&self) -> Step {
        let [step] = <[Step; 1]>::try_from(self.due()).unwrap();
        step
    }

    /// What is said of a stage.
    pub fn said(&self, stage: Stage) -> Vec<String> {
        let items = self.survey().unwrap().items.into_iter();
        items
            .filter(|item| item.stage == stage)
            .map(|item| item.what)
            .collect()
    }

    /// Does what is to do now, and says of which stages it was.
    pub fn apply(&mut self) -> Vec<Stage> {
        let due = self.due();
        for step in &due {
            self.take(step);
        }
        due.iter().map(Step::stage).collect()
    }

    /// Sends one step, signed by those who have to and by the payer.
    pub fn take(&mut self, step: &Step) {
        let payer = self.key("admin");
        let sending = step.build(&self.chain, &payer, &payer).unwrap();
        let signers: Vec<_> = step.signers().iter().map(|(_, key)| *key).collect();
        self.send(&sending.instructions, &signers);
    }

    pub fn send(&mut self, instructions: &[Instruction], signers: &[Address]) {
        let key = |address: &Address| self.keys.iter().find(|key| key.pubkey() == *address);
        let signers = signers.iter().map(|one| key(one).unwrap() as &dyn Signer);
        let signers: Vec<_> = signers.collect();
        self.chain
            .send(instructions, &self.keys[0], &signers)
            .unwrap();
        self.chain.advance_slot(1);
    }

    fn give(&mut self, name: &str, mint: &Mint, base: u64) {
        let (owner, minter) = (self.key(name), self.key("admin"));
        let account = address::token_account(&owner, &mint.address, &mint.token_program);
        let open = create_token_account(&minter, &owner, mint);
        let program = &mint.token_program;
        let fill = spl_token_interface::instruction::mint_to(
            program,
            &mint.address,
            &account,
            &minter,
            &[],
            base,
        );
        self.send(&[open, fill.unwrap()], &[]);
    }

    fn written(&self) -> String {
        let [admin, guild, funder] = ["admin", "guild", "funder"].map(|name| self.key(name));
        let [treasury, fees] = ["treasury", "fees"].map(|name| self.key(name));
        let [a1, a2, a3] = ["a1", "a2", "a3"].map(|name| self.key(name));
        let attester =
            |key| format!("[[attester]]\nkey = '{key}'\nowner = '{guild}'\nstake = '60.5'\n\n");
        let attesters: String = [a1, a2, a3].map(attester).concat();
        let (stake, pay) = (self.stake.address, self.pay.address);
        let meter = "01".repeat(32);
        format!(
            "[network]
name = 'main'
creator = '{admin}'
stake_mint = '{stake}'
dividend_mint = '{pay}'
min_unbonding = '1d'
dividend_period = '2d'

[network.roles]
treasury = '{treasury}'

[network.parameters]
min_stake = '100'
min_bond = '50'
unbonding = '7d'
timelock = '7d'
fee = '1%'

{attesters}[[attester_set]]
name = 'all'
keys = ['{a3}', '{a1}', '{a2}']
threshold = 2
meter = '{meter}'
fee = '0.5%'
fee_owner = '{fees}'
revoker = '{admin}'
quality = {{ mint = '{pay}', price = '0.001', per = 1, bond = '20', challenge_bond = '20', challenge_time = '1h', ruling_time = '1h' }}

[[reward_pool]]
creator = '{funder}'
id = 1
set = 'all'
mint = '{pay}'
rate = '10'
ceiling = '0.01'
node_cap = 10000
epoch = '1h'
start = '2026-01-02T00:00:00Z'
end = '2026-03-01T00:00:00Z'
funds = '500'
"
        )
    }
}
