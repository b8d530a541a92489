//! Bills, held against what an embedded chain moved and against the buyer's statement.

#[path = "../../../client/tests/embedded/recorded.rs"]
#[allow(dead_code, reason = "the client's own tests need more of it")]
mod recorded;
#[path = "../../../client/tests/embedded/world.rs"]
#[allow(dead_code, reason = "the client's own tests need more of it")]
mod world;

mod challenges;
mod lives;

use {
    crate::world::{PRICE, World},
    sluice_client::{
        Address, Keypair, Signature, Signer,
        books::{Books, Line},
        instruction as ix,
    },
    sluice_run::{
        bill::{Bill, Part},
        order::Price,
    },
};

/// The part of a job that the run knows by its signatures.
pub fn part(world: &World, job: &Address, chunks_done: u32) -> Part {
    Part {
        job: *job,
        incarnation: None,
        node: world.node,
        provider: world.provider,
        price: Price {
            price: PRICE,
            per: 1,
        },
        chunks_done,
    }
}

/// What the buyer sent.
pub fn sent(world: &World) -> Vec<Signature> {
    let buyer = world.buyer.pubkey();
    let pasts = world.ledger.pasts.iter();
    let own = pasts.filter(|past| past.accounts[0] == buyer);
    own.map(|past| past.signature).collect()
}

/// The bill of all that the buyer sent.
pub fn read(world: &World, parts: &[Part]) -> Bill {
    Bill::read(&world.ledger, &world.buyer.pubkey(), parts, &sent(world)).unwrap()
}

/// Every line of the buyer's statement.
pub fn statement(world: &World) -> Vec<Line> {
    let books = Books::of(&world.ledger).unwrap();
    let book = books.buyer(&world.buyer.pubkey()).unwrap();
    book.period(None, None).unwrap().lines
}

/// As a statement writes them.
pub fn cells<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Vec<[String; 10]> {
    lines.into_iter().map(Line::cells).collect()
}

/// Adds to a job's deposit.
pub fn top_up(world: &mut World, job: &Address, amount: u64) {
    let buyer = world.buyer.insecure_clone();
    let program = world.ledger.mint.token_program;
    let step = ix::top_up_job(&buyer.pubkey(), job, &world.job(job), &program, amount);
    world.send(&[step], &buyer, &[]);
}

/// Pulls all that a released job owes, and closes it.
pub fn empty(world: &mut World, job: &Address) {
    let [pay, treasury, attesters, refund] = world.pulls(job);
    let (release, close) = (world.release_ix(job), world.close_ix(job));
    for step in [pay, treasury, attesters, release, refund, close] {
        world.by_admin(&[step]);
    }
}

/// What the key holds, lamports.
pub fn lamports(world: &World, key: &Keypair) -> u64 {
    use sluice_client::Ledger;
    let account = world.ledger.account(&key.pubkey()).unwrap();
    account.unwrap().lamports
}
