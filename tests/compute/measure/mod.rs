//! One run through everything, with addresses chosen so that every bump is 255.

mod batch;
mod dispute;
mod job;
mod market;
mod network;
mod registry;
mod rewards;
mod stake;

pub(crate) use crate::table::Row;
use {
    crate::{
        cost,
        table::{Ceiling, Gated},
    },
    sluice_client::{Ledger, instruction::token::Mint, ledger},
    sluice_tests::world::{World, seeded},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
    spl_associated_token_account_interface::program::ID as ATA,
};

/// The transactions whose cost is gated, with the most cost units and lamports that each may take.
const GATED: [(&str, u64, u64); 9] = [
    ("open_job", 10_270, 10_000),
    ("attest, worker + 3 attesters", 13_200, 25_000),
    ("attest_cosigned", 8_400, 15_000),
    ("mature, 2 of 3 windows", 2_710, 5_000),
    ("credit, 1 window maturing", 3_120, 5_000),
    ("report", 3_280, 5_000),
    ("claim, one stream", 5_380, 5_000),
    ("pay", 4_660, 5_000),
    ("refund", 4_840, 5_000),
];

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
    bench.delegation(&provider);
    let pool = bench.reward_pool(&set, &provider, &node);
    let job = bench.job(&set, &provider, &node);
    bench.rewards(&pool, &set, &provider, &node);
    bench.exits(&job);
    bench.disputes(&set, &provider, &node);
    bench.market(&set, &provider, &node);
    bench.close_pool(&provider);
    bench.governance();
    let rows = bench.rows.into_iter().chain(batches());
    rows.chain(token_2022()).collect()
}

fn batches() -> impl Iterator<Item = Row> {
    let mut bench = Bench::new();
    bench.network();
    let set = bench.attesters();
    let provider = bench.provider();
    let node = bench.node(&provider, &set);
    bench.stake(&provider);
    bench.batches(&set, &provider, &node);
    let rows = bench.rows.into_iter();
    rows.filter(|row| row.name.contains("_batch"))
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
    let kept = [("open_job", 10_960), ("pay", 3_950), ("refund", 4_130)];
    bench.rows.into_iter().filter_map(move |row| {
        let (name, ceiling) = kept.iter().find(|(name, _)| *name == row.name)?;
        Some(Row {
            name: format!("{name}, Token-2022"),
            ceiling: *ceiling,
            cost: None,
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
        let gate = GATED.iter().find(|(gated, ..)| *gated == name);
        let cost = gate.map(|(_, units, lamports)| Gated {
            cost: cost::of(&self.world, &self.world.payer, instructions, signers),
            ceiling: Ceiling {
                units: *units,
                lamports: *lamports,
            },
        });
        let payer = self.world.payer.insecure_clone();
        let keys: Vec<&dyn Signer> = signers.iter().map(|key| *key as &dyn Signer).collect();
        let lifetime = self.world.chain.latest().unwrap();
        let transaction = ledger::sign(instructions, &payer, &keys, &lifetime).unwrap();
        let receipt = self
            .world
            .chain
            .submit(&transaction, &lifetime)
            .unwrap_or_else(|error| panic!("{name}: {error:?}"));
        self.rows.push(Row {
            name: name.to_owned(),
            units: *receipt.program_units().last().unwrap(),
            ceiling,
            bytes: ledger::size(&transaction),
            cost,
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
